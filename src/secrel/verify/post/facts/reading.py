"""A post's text into facts: tolerant of every age of published posts, and of what people do to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from secrel.reading.documents import Malformed
from secrel.reading.yaml import read_yaml
from secrel.verify.post.facts.blocks import Heading, PageLine, page_headings, page_lines, sections
from secrel.verify.post.facts.sections import bug_fix_facts, entry_facts, is_entry, links_in, table_rows, update_facts
from secrel.verify.post.facts.showing import hidden_parts, shown_text
from secrel.verify.post.facts.values import MONTHS, Announced, EntryFacts, FrontMatter, PostFacts, TableRow, UpdateFacts
from secrel.words.errors import Misused
from secrel.words.facts.phrases import VERSION
from secrel.words.patterns import pattern

LONGEST_POST = 1_000_000
"""Characters; the longest published post has 20,000."""

_VERSION = pattern(VERSION, re.ASCII | re.IGNORECASE)
_ANNOUNCED = pattern(r"\breleas(?:ing|ed) versions? (.{1,600}?) (?:for|of) (.{1,200}?)\.(?:\s|$)")
_ON = pattern(r"^On ([A-Z][a-z]+) (\d{1,2}), (\d{4})\b")


def read_post(text: str, path: str) -> PostFacts:
    """Read a post's facts; `path` is its file in the site's repository.

    Whatever is not there, or cannot be read, is empty in the facts. Raises `Misused` only for a text so long that it
    cannot be a post.
    """
    if len(text) > LONGEST_POST:
        raise Misused("that is too long for a post", where=path, remedy="check that it is the file you mean")
    front, body, first = split_front(text)
    hidden = tuple(hidden_parts(body))
    lines = page_lines(shown_text(body, hidden), first)
    headings = page_headings(lines)
    rows, has_table = table_rows(lines)
    parts = list(sections(lines, headings))
    entries, updates = _read_sections(parts, rows)
    title, title_line = _title(front.values.get("title", "") if front else "", front.lines if front else {}, headings)
    start = [line for line in lines if not headings or line.number < _first_section(headings)]
    return PostFacts(
        path=path,
        front=front,
        title=title,
        title_line=title_line,
        versions=tuple(_VERSION.findall(title.rpartition(":")[2])),
        announced=tuple(_announced(start)),
        intro_date=_intro_date(start),
        rows=tuple(rows),
        has_table=has_table,
        entries=tuple(entries),
        updates=tuple(updates),
        bug_fixes=tuple(bug_fix_facts(parts)),
        headings=tuple(headings),
        links=tuple(links_in(lines)),
        lines=tuple(page_lines(body, first)),
        hidden=tuple(first + body.count("\n", 0, begins) for begins, _ in hidden),
    )


def _title(told: str, places: object, headings: Sequence[Heading]) -> tuple[str, int]:
    if told:
        return told, places.get("title", 1) if isinstance(places, dict) else 1
    heading = next((heading for heading in headings if heading.level == 1), None)
    return (heading.words, heading.line) if heading else ("", 1)


def _first_section(headings: Sequence[Heading]) -> int:
    """The line of the first second-level heading: an update's notice may put others above the introduction."""
    return next((heading.line for heading in headings if heading.level == 2), headings[-1].line)  # noqa: PLR2004 - sections


def _announced(lines: Sequence[PageLine]) -> list[Announced]:
    return [
        Announced(tuple(_VERSION.findall(match[1])), match[2], line.number)
        for line in lines
        for match in _ANNOUNCED.finditer(line.text)
        if _VERSION.search(match[1])
    ]


def _intro_date(lines: Sequence[PageLine]) -> date | None:
    for line in lines:
        match = _ON.match(line.text)
        if match and match[1] in MONTHS:
            try:
                return date(int(match[3]), MONTHS.index(match[1]) + 1, int(match[2]))
            except ValueError:
                return None
    return None


def _read_sections(
    parts: Sequence[tuple[Heading, Sequence[PageLine]]], rows: Sequence[TableRow]
) -> tuple[list[EntryFacts], list[UpdateFacts]]:
    entries: list[EntryFacts] = []
    updates: list[UpdateFacts] = []
    ids = {heading.id for heading, _ in parts}
    place = 0
    while place < len(parts):
        heading, lines = parts[place]
        place += 1
        text = "\n".join(line.text for line in lines)
        if heading.level > 1 and is_entry(heading, text, rows, ids):
            sub: list[PageLine] = []
            while place < len(parts) and parts[place][0].level > heading.level:
                sub += parts[place][1]
                place += 1
            entries.append(entry_facts(heading, lines, sub))
        elif update := update_facts(heading, lines):
            updates.append(update)
    return entries, updates


_KEY = pattern(r"([^\s:#'\"][^:]*):(?:\s|$)")
_LONGEST = 20_000


def split_front(text: str) -> tuple[FrontMatter | None, str, int]:
    """Part a file into its front matter, its body, and the number of the body's first line.

    A file that does not begin with `---` has none. One that never ends is a fault, and all of it is body.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 1
    end = next((place for place, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if end is None:
        return FrontMatter({}, {}, fault="it has no end"), text, 1
    front = lines[1:end]
    found = {match[1]: place for place, line in enumerate(front, start=2) if (match := _KEY.match(line))}
    loose = tuple(place for place, line in enumerate(front, start=2) if line.rstrip("\r") != line.rstrip("\r").rstrip())
    values, fault = _values("\n".join(front))
    return FrontMatter(values, found, loose, fault), "\n".join(lines[end + 1 :]), end + 2


def _values(text: str) -> tuple[dict[str, str], str]:
    try:
        found = read_yaml(text, "front matter", most=_LONGEST, remedy="").data
    except Malformed:
        return {}, f"it is longer than {_LONGEST} characters" if len(text) > _LONGEST else "it is not YAML"
    if not isinstance(found, dict):
        return {}, "it is not a list of keys and values"
    return {key: value for key, value in found.items() if isinstance(value, str)}, ""

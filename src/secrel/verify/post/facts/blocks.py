"""A Markdown page as lines: its headings, and which lines are code or comments and mean nothing."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from secrel.verify.post.facts.anchors import heading_words, page_ids
from secrel.words.patterns import pattern

_FENCE = pattern(r" {0,3}(`{3,}|~{3,})(.*)")
_HEADING = pattern(r"(#{1,6})[ \t]*(?=[^# \t])(.*)")
_ID = pattern(r"[ \t]\{(?:#|: #)([A-Za-z][\w:.-]*)\}[ \t]*$")
_CLOSING = pattern(r"[ \t]+#+[ \t]*$")


class PageLine(Struct, frozen=True):
    """One line of a page, numbered from 1; `code` lines stand inside a fence."""

    number: int
    text: str
    code: bool = False


class Heading(Struct, frozen=True):
    """A heading: its depth, 1 to 6, its Markdown source, its words and its id on the page.

    `explicit` is the id that it carries itself, empty when the renderer makes one.
    """

    level: int
    source: str
    words: str
    id: str
    line: int
    explicit: str = ""


def page_lines(text: str, first: int = 1) -> list[PageLine]:
    """Split a page into lines and tell those inside fences, the fences included; `first` is the first one's number."""
    found: list[PageLine] = []
    fence = ""
    for number, line in enumerate(text.split("\n"), start=first):
        match = _FENCE.match(line)
        if fence:
            found.append(PageLine(number, line, code=True))
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
            continue
        if match:
            fence = match[1]
        found.append(PageLine(number, line.rstrip("\r"), code=bool(match)))
    return found


def page_headings(lines: list[PageLine]) -> list[Heading]:
    """Find the headings of a page, with the ids that the site gives them."""
    raw = [(line, match) for line in lines if not line.code and (match := _HEADING.match(line.text))]
    parts = [_parts(match[2]) for _, match in raw]
    ids = page_ids((words, explicit) for _, words, explicit in parts)
    return [
        Heading(len(match[1]), source, words, found, line.number, explicit)
        for (line, match), (source, words, explicit), found in zip(raw, parts, ids, strict=True)
    ]


def _parts(source: str) -> tuple[str, str, str]:
    explicit = _ID.search(source)
    bare = source[: explicit.start()] if explicit else source
    bare = _CLOSING.sub("", bare).strip()
    return bare, heading_words(bare), explicit[1] if explicit else ""


def sections(lines: list[PageLine], headings: list[Heading]) -> Iterator[tuple[Heading, list[PageLine]]]:
    """Give each heading with the lines up to the next heading of any depth."""
    starts = [heading.line - lines[0].number for heading in headings] + [len(lines)]
    for place, heading in enumerate(headings):
        yield heading, lines[starts[place] + 1 : starts[place + 1]]

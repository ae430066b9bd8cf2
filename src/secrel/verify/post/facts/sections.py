"""Sections of a post, read: what one about a vulnerability, a third party's fix or a version's bug fixes says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from secrel.verify.post.facts.anchors import heading_words
from secrel.verify.post.facts.blocks import Heading, PageLine
from secrel.verify.post.facts.values import BugFixFacts, EntryFacts, PageLink, Ranges, TableRow, UpdateFacts
from secrel.words.errors import Misused
from secrel.words.facts.phrases import phrases
from secrel.words.ids import CVE
from secrel.words.patterns import pattern
from secrel.words.spans import Span

_LINK = pattern(r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_SEVERITY = pattern(r"\bThis is an? (?:(\w+) severity issue|issue of no severity)", re.IGNORECASE)
_VECTOR = pattern(r"`((?:CVSS:[\d.]+/)?AV:[A-Za-z:/]+)`")
_SCORE = pattern(r"`(?:CVSS:[\d.]+/)?AV:[A-Za-z:/]+`\s*,?\s*(\d{1,2}(?:\.\d)?)\s*\)")
_BOLD_SCORE = pattern(r"\*\*CVSS\*\*:?\s*(\d{1,2}(?:\.\d)?)(?!\d)")
_ASSIGNED = pattern(r"\bassigned\s+\[?(CVE-\d{4}-\d{4,19})", re.IGNORECASE | re.ASCII)
_IMPACTED = pattern(r"\*\*(?:Impacted|Affected) Versions:?\*\*:?(.*)", re.IGNORECASE)
_THANKS = pattern(
    r"^(?:Thanks\b.*|This (?:vulnerability|issue)?\s*(?:was|has been) (?:internally )?(?:discovered|found|reported|"
    r"analysed)\b.*)$",
    re.MULTILINE,
)
_COMPUTED = pattern(
    r"\bThis is an? (?:\w+ severity issue|issue of no severity).*|\bIt is (?:now mitigated|fixed|assigned)\b.*"
    r"|\bThis affects .*|\bWe have requested a CVE ID.*|\bA CVE ID has been requested.*|\bSee also \[CVE-.*"
    r"|\*\*\w[\w ]*:?\*\*.*"
)
_ROW = pattern(r"\s*\|?(.*?)\|\s*((?:[^|\\]|\\.)*?)\s*\|?\s*$")
_RULE = pattern(r"[\s|:-]+$")


def links_in(lines: Iterable[PageLine]) -> list[PageLink]:
    """Find the links in lines that are not code."""
    return [
        PageLink(heading_words(match[1]), match[2].strip(), line.number)
        for line in lines
        if not line.code
        for match in _LINK.finditer(line.text)
    ]


def table_rows(lines: Sequence[PageLine]) -> tuple[list[TableRow], bool]:
    """Read the rows of every table whose last column is Severity, and whether there is one."""
    found: list[TableRow] = []
    inside = seen = False
    for line in lines:
        match = _ROW.match(line.text) if "|" in line.text and not line.code else None
        if match is None:
            inside = False
        elif match[2].lower() == "severity":
            inside = seen = True
        elif inside and not _RULE.match(line.text):
            link = _LINK.search(match[1])
            title = heading_words(link[1] if link else match[1])
            found.append(TableRow(title, link[2].strip() if link else "", heading_words(match[2]), line.number))
    return found, seen


def is_entry(heading: Heading, text: str, rows: Sequence[TableRow], ids: Collection[str]) -> bool:
    """Whether a section is about a vulnerability: it has a rating, a row, or a CVE id at the head of its title.

    A row belongs to a section by its anchor; by its title only when its anchor is none of the page's `ids`.
    """
    if any(row.anchor == heading.id or (row.anchor not in ids and row.title == heading.words) for row in rows):
        return True
    rated = _SEVERITY.search(text) or _VECTOR.search(text) or _BOLD_SCORE.search(text) or _IMPACTED.search(text)
    return bool(rated or CVE.match(heading.words))


def entry_facts(heading: Heading, lines: Sequence[PageLine], sub: Sequence[PageLine]) -> EntryFacts:
    """Read a section about a vulnerability; `sub` are the lines of its sub-sections, such as workarounds."""
    text = "\n".join(line.text for line in lines).strip()
    whole = "\n".join([text, *(line.text for line in sub if not line.code)])
    impacted = _IMPACTED.search(text)
    severity, vector = _SEVERITY.search(text), _VECTOR.search(text)
    score = _SCORE.search(text) or _BOLD_SCORE.search(text)
    thanks = [match[0] for match in _THANKS.finditer(text)]
    return EntryFacts(
        title=re.sub(rf"^{CVE.pattern}\s*[-:\u2013\u2014]\s*", "", heading.words),
        heading=heading,
        description=_description(text),
        ranges=read_ranges(impacted[1] if impacted else _before_rating(text)),
        severity=(severity[1] or "none").lower() if severity else "",
        vector=vector[1] if vector else "",
        score=score[1] if score else "",
        cve_id=_cve_of(heading, text),
        asked=bool(re.search(r"requested a CVE|CVE ID has been requested", text)),
        thanks=_words(thanks),
        profiles=tuple(links_in(PageLine(line.number, line.text) for line in lines if _THANKS.match(line.text))),
        text=_words(whole.split("\n")),
    )


def update_facts(heading: Heading, lines: Sequence[PageLine]) -> UpdateFacts | None:
    """Read a section about a third party's fix, or None when it is about something else."""
    text = "\n".join(line.text for line in lines).strip()
    named = re.match(r"(?:updates?|upgrade)\s+\S", heading.words, re.IGNORECASE)
    told = re.search(r"\b(?:has|have) been (?:updated|upgraded|patched)\b", text)
    return UpdateFacts(heading.words, _words(text.split("\n")), heading.line) if named or told else None


def bug_fix_facts(parts: Iterable[tuple[Heading, Sequence[PageLine]]]) -> list[BugFixFacts]:
    """Read the lists of changes, one for each version that has a heading inside the section on bug fixes."""
    found: list[BugFixFacts] = []
    level = 0
    for heading, lines in parts:
        if level and heading.level > level:
            found.append(BugFixFacts(heading.words, tuple(_items(lines)), heading.line))
            continue
        is_one = re.fullmatch(
            r"(?:non[ -]security (?:patches|fixes)|bug fixes|other fixes)", heading.words, re.IGNORECASE
        )
        level = heading.level if is_one else 0
    return found


def _words(lines: Iterable[str]) -> str:
    return "\n".join(map(heading_words, lines))


def _items(lines: Iterable[PageLine]) -> list[PageLink]:
    """Read the items of a list: the first link of each, otherwise its words."""
    found = []
    for line in lines:
        item = re.match(r"\s*[*+-]\s+(.*)", line.text)
        if item and not line.code:
            found.append(next(iter(links_in([line])), None) or PageLink(heading_words(item[1]), "", line.number))
    return found


def _cve_of(heading: Heading, text: str) -> str:
    at_head, assigned = CVE.match(heading.words), _ASSIGNED.search(text)
    if at_head and (assigned is None or heading.source.startswith("[")):
        return at_head[0]
    return assigned[1] if assigned else ""


def _before_rating(text: str) -> str:
    rating = _SEVERITY.search(text)
    return text[: rating.start()] if rating else _THANKS.sub("", text)


def _description(text: str) -> str:
    prose = _COMPUTED.sub("", _THANKS.sub("", text))
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", prose) if part.strip())


def read_ranges(text: str) -> Ranges:
    """Read every affected range that `text` tells, in its order.

    `A before B`, `A prior to B`, `A and later` and `all versions` are exact. After `to`, `up to` and `between`, nobody
    can tell whether the end is affected or has the fix, and it is read as if it had the fix; a single version, and a
    phrase that makes no sense, make no span and the whole inexact.
    """
    found = list(phrases(" ".join(text.split())))
    told = [phrase for phrase in found if phrase.kind != "all"]
    spans: list[Span] = []
    exact = all(phrase.is_exact for phrase in told)
    for phrase in told:
        try:
            spans.append(phrase.span())
        except Misused:
            exact = False
    if not spans and len(told) < len(found):
        spans = [Span(None, None)]
    ends = tuple(phrase.fixed for phrase in told if phrase.fixed is not None)
    return Ranges(tuple(spans), ends, is_exact=exact and bool(spans))

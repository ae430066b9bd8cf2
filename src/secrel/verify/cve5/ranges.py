"""The affected ranges that a record tells, in every form the CNA's records have had (gitlab-process.md 4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from secrel.verify.cve5.reading import Entry, Found
from secrel.words.errors import Misused
from secrel.words.spans import Span
from secrel.words.versions import Version

_OLD_FORM = re.compile(r"(?:>=\s*(?P<since>[^\s,<>=]+))?\s*,?\s*(?:<\s*(?P<fixed>[^\s,<>=]+))?")
EARLIEST = Version.parse("0")
"""What a record writes for a range that has no lower bound."""


def start_of(text: str) -> Version | None:
    """Read where a range starts; None for `0` in any spelling: both mean that there is no lower bound."""
    version = Version.parse(text or "0")
    return None if version == EARLIEST else version


def end_of(text: str) -> Version | None:
    """Read where a range ends; None for an open end, `*`."""
    return None if text in {"", "*"} else Version.parse(text)


def plain(spans: Iterable[Span]) -> list[Span]:
    """Bring spans into one order and one spelling, so that two tellings of one range are equal."""
    same = {Span(None if s.since == EARLIEST else s.since, s.fixed) for s in spans}
    return sorted(same, key=lambda s: (s.since is not None, s.since or EARLIEST, s.fixed is None, s.fixed or EARLIEST))


def _span(entry: Entry) -> Span:
    """Read one entry; raises `Misused` for what is no half-open range."""
    first = entry["version"]
    if "lessThan" in entry.fields:
        return Span(start_of(first), end_of(entry["lessThan"]))
    match = _OLD_FORM.fullmatch(first)
    if match is None or match["since"] is match["fixed"] is None or "lessThanOrEqual" in entry.fields:
        raise Misused("this is not a half-open range")
    return Span(start_of(match["since"] or ""), end_of(match["fixed"] or ""))


def affected_entries(found: Found, vendor: str, product: str) -> Iterator[Entry]:
    """The record's entries for one product; names are compared without case."""
    for entry in found.cna.entries("affected"):
        if (entry["vendor"].lower(), entry["product"].lower()) == (vendor.lower(), product.lower()):
            yield entry


def spans_of(products: Iterable[Entry]) -> tuple[list[Span], list[str]]:
    """The ranges that entries of a product tell, and the places that tell none that could be read."""
    spans: list[Span] = []
    unread: list[str] = []
    for product in products:
        for entry in product.entries("versions"):
            if entry["status"] != "affected":
                continue
            try:
                spans.append(_span(entry))
            except Misused:
                unread.append(entry.path)
    return plain(spans), unread

"""The affected ranges that a record tells, in every form the CNA's records have had (gitlab-process.md 4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from secrel.verify.cve5.reading import FoundRecord, JsonObject
from secrel.words.errors import Misused
from secrel.words.facts.phrases import read_range
from secrel.words.spans import EARLIEST, Span, lower
from secrel.words.versions import Version


def plain(spans: Iterable[Span]) -> list[Span]:
    """Bring spans into one order and one spelling, so that two tellings of one range are equal."""
    same = {Span(lower(span.since), span.fixed) for span in spans}
    return sorted(same, key=lambda s: (s.since is not None, s.since or EARLIEST, s.fixed is None, s.fixed or EARLIEST))


def _span(entry: JsonObject) -> Span:
    """Read one entry; raises `Misused` for what is no half-open range."""
    first = entry["version"]
    if "lessThan" in entry.fields:
        end = entry["lessThan"]
        return Span(lower(Version.parse(first or "0")), None if end in {"", "*"} else Version.parse(end))
    spans = read_range(first)
    if len(spans) != 1 or "lessThanOrEqual" in entry.fields:
        raise Misused("this is not one half-open range")
    return spans[0]


def affected_entries(found: FoundRecord, vendor: str, product: str) -> Iterator[JsonObject]:
    """The record's entries for one product; names are compared without case."""
    for entry in found.cna.entries("affected"):
        if (entry["vendor"].lower(), entry["product"].lower()) == (vendor.lower(), product.lower()):
            yield entry


def spans_of(products: Iterable[JsonObject]) -> tuple[list[Span], list[str]]:
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

"""A record as published against the advisory it came from: do they tell the same story? (mission M10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from secrel.verify.cve5.addresses import same_place
from secrel.verify.cve5.reading import CNA, PUBLISHED, FoundRecord, JsonObject, is_english, number
from secrel.verify.cve5.rules_scores import scores
from secrel.words.advisories import Advisory, Contents
from secrel.words.errors import Misused
from secrel.words.facts.phrases import phrases, read_range
from secrel.words.patterns import pattern
from secrel.words.releases import Product
from secrel.words.spans import EARLIEST, Span, lower, sentence
from secrel.words.vectors import Vector
from secrel.words.versions import Version

NOTHING = "nothing"
"""What a side says that does not speak of a subject."""
_SHOWN = 300
_INTERNAL = pattern(r"\binternal|\bteam\b", re.IGNORECASE)


class RecordDisagreement(Struct, frozen=True):
    """One subject of which record and advisory say different things.

    `subject` is `id`, `state`, `product`, `affected`, `description`, `vector`, `score`, `severity`, `weakness`,
    `credits` or `references`; `path` the JSON path; `found` what the record says, `expected` what the advisory does.
    Both are facts of a vulnerability: for people who may read the advisory, and for no error message.
    """

    subject: str
    path: str
    found: str
    expected: str


def compare_record(
    record: object, advisory: Advisory, contents: Contents, *, post_url: str = ""
) -> tuple[RecordDisagreement, ...]:
    """Where a CVE record disagrees with the advisory of a release; empty when they tell the same story.

    `record` is any JSON value. With `post_url` the record has to cite that announcement; without, some announcement
    (a reference with the tag `vendor-advisory`). A fact that the advisory does not have is not compared.
    """
    found = FoundRecord.of(record)
    shipment = contents.release.shipment(advisory.product)
    told: list[RecordDisagreement] = [*_identity(found, advisory)]
    told += _affected(found, advisory, shipment.product if shipment else None)
    told += _vector(found, advisory)
    told += _weakness(found, advisory)
    told += _credits(found, advisory)
    told += _references(found, advisory, post_url)
    return tuple(told)


def _shown(text: str) -> str:
    return text[:_SHOWN] or NOTHING


def _identity(found: FoundRecord, advisory: Advisory) -> Iterator[RecordDisagreement]:
    if advisory.cve_id is not None and found.cve_id != advisory.cve_id.text:
        yield RecordDisagreement("id", found.metadata.at("cveId"), _shown(found.cve_id), advisory.cve_id.text)
    if found.state != PUBLISHED:
        yield RecordDisagreement("state", found.metadata.at("state"), _shown(found.state), PUBLISHED)


def _affected(found: FoundRecord, advisory: Advisory, product: Product | None) -> Iterator[RecordDisagreement]:
    entries = list(affected_entries(found, product.vendor, product.cve_product)) if product else []
    if not entries:
        names = sorted({f"{e['vendor']} {e['product']}" for e in found.cna.entries("affected")})
        expected = f"{product.vendor} {product.cve_product}" if product else "a product of this release"
        yield RecordDisagreement("product", f"{CNA}.affected", _shown(", ".join(names)), expected)
        return
    if advisory.affected is None:
        return
    expected_spans = plain(advisory.affected)
    spans, unread = spans_of(entries)
    for path in unread:
        yield RecordDisagreement("affected", path, "a version or range that cannot be compared", _told(expected_spans))
    if spans != expected_spans:
        yield RecordDisagreement("affected", f"{entries[0].path}.versions", _told(spans), _told(expected_spans))
    yield from _description(found, expected_spans)


def _told(spans: Sequence[Span]) -> str:
    return sentence(spans) if spans else NOTHING


def _description(found: FoundRecord, spans: Sequence[Span]) -> Iterator[RecordDisagreement]:
    """Ends of ranges that the description names and the range has not."""
    known = {EARLIEST, None, *(end for span in spans for end in (span.since, span.fixed))}
    for entry in found.cna.entries("descriptions"):
        told = phrases(" ".join(entry["value"].split()))
        strangers = [str(end) for phrase in told for end in (phrase.since, phrase.fixed) if end not in known]
        if strangers and is_english(entry["lang"]):
            yield RecordDisagreement("description", entry.at("value"), _shown(", ".join(strangers)), _told(spans))


def _metrics_of(text: str) -> frozenset[str]:
    """A vector's metrics without order, and without those that are not defined."""
    return frozenset(part for part in text.split("/") if not part.endswith(":X"))


def _vector(found: FoundRecord, advisory: Advisory) -> Iterator[RecordDisagreement]:
    if advisory.vector is None:
        return
    expected = advisory.vector
    told = [(entry, version) for entry, version in scores(found)]
    same = [entry for entry, _ in told if _metrics_of(entry["vectorString"]) == _metrics_of(expected.text)]
    if not same:
        texts = ", ".join(entry["vectorString"] for entry, _ in told)
        path = told[0][0].at("vectorString") if told else f"{CNA}.metrics"
        yield RecordDisagreement("vector", path, _shown(texts), expected.text)
    for entry in same or [entry for entry, version in told if version == expected.version]:
        yield from _score(entry, expected)


def _score(entry: JsonObject, expected: Vector) -> Iterator[RecordDisagreement]:
    score, word = number(entry.fields.get("baseScore")), entry["baseSeverity"]
    if score != expected.score:
        yield RecordDisagreement(
            "score", entry.at("baseScore"), NOTHING if score is None else str(score), str(expected.score)
        )
    if word.lower() != expected.severity:
        yield RecordDisagreement("severity", entry.at("baseSeverity"), _shown(word), expected.severity.upper())


def _weakness(found: FoundRecord, advisory: Advisory) -> Iterator[RecordDisagreement]:
    if advisory.weakness is None:
        return
    told = [d for problem in found.cna.entries("problemTypes") for d in problem.entries("descriptions")]
    ids = [entry["cweId"] for entry in told if entry["cweId"]]
    name = advisory.weakness.name.lower()
    in_words = not ids and name and any(name in entry["description"].lower() for entry in told)
    if ids != [advisory.weakness.id] and not in_words:
        texts = ", ".join(ids or [entry["description"] for entry in told])
        yield RecordDisagreement("weakness", f"{CNA}.problemTypes", _shown(texts), str(advisory.weakness))


def _letters(name: str) -> str:
    """A name by its letters and digits alone: blanks, case, and what a document may not carry make no difference."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _credits(found: FoundRecord, advisory: Advisory) -> Iterator[RecordDisagreement]:
    names = [credit.name for credit in advisory.credits if _letters(credit.name)]
    told = [entry for entry in found.cna.entries("credits") if _letters(entry["value"])]
    for name in names:
        if not any(_letters(name) in _letters(entry["value"]) for entry in told):
            values = "; ".join(entry["value"] for entry in told)
            yield RecordDisagreement("credits", f"{CNA}.credits", _shown(values), _shown(name))
    for entry in told:
        value = entry["value"]
        if not _INTERNAL.search(value) and not any(_letters(name) in _letters(value) for name in names):
            yield RecordDisagreement("credits", entry.at("value"), _shown(value), _shown("; ".join(names)))


def _references(found: FoundRecord, advisory: Advisory, post_url: str) -> Iterator[RecordDisagreement]:
    told = list(found.cna.entries("references"))
    places = {same_place(entry["url"]) for entry in told}
    pages = {same_place(entry["url"].partition("#")[0]) for entry in told}  # a section of the post is the post's
    if post_url and same_place(post_url) not in pages:
        posts = ", ".join(e["url"] for e in told if _is_post(e))
        yield RecordDisagreement("references", f"{CNA}.references", _shown(posts), post_url)
    if not post_url and not any(_is_post(entry) for entry in told):
        yield RecordDisagreement("references", f"{CNA}.references", NOTHING, "the announcement")
    if advisory.issue_url and same_place(advisory.issue_url) not in places:
        yield RecordDisagreement("references", f"{CNA}.references", NOTHING, advisory.issue_url)


def _is_post(entry: JsonObject) -> bool:
    tags = entry.fields.get("tags")
    return isinstance(tags, list) and "vendor-advisory" in tags


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

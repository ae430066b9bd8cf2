"""Whether every document says what is so: ranges, ratings, thanks, titles and days, derived from the story alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from functools import cached_property
from typing import Any

from msgspec import Struct

from secrel.rehearsal.judging.sight import EndedWrong, Sight, as_read, unescaped
from secrel.rehearsal.story import StoryFix
from secrel.words.patterns import pattern
from secrel.words.releases import Shipment
from secrel.words.spans import Affected
from secrel.words.vectors import Vector
from secrel.words.versions import Version

_VERSION = r"\d[\w.-]*\w"
_SPAN = pattern(rf"(?:({_VERSION}) )?before ({_VERSION})")
_HEADING = pattern(r"#{1,3} ")
_WORD = pattern(r"\b(low|medium|high|critical) severity\b", re.IGNORECASE)
_MAIL = pattern(r"rated\s+(\w+)\s+\(CVSS\s+(\d+\.\d)\)")
Pair = tuple[Version | None, Version | None]


def spans(
    affected: Affected, shipment: Shipment, planned: Sequence[Version] = (), already: Sequence[Version] = ()
) -> set[Pair]:
    """Derive what is affected: as it was given, or from its first version on up to the next fix that ships.

    An end that was given as one of the `planned` versions is what its series ships in the end. The first of those that
    had it `already` ends its series.
    """
    if not affected.follows:
        series_of = shipment.product.series_of
        ships = {series_of(version): version for version in shipment.versions}
        became = {version: ships.get(series_of(version), version) for version in planned}
        return {
            (_bound(str(span.since or "")), became.get(span.fixed, span.fixed) if span.fixed else None)
            for span in affected.spans
        }
    first = affected.spans[0].since
    found: set[Pair] = set()
    below: Sequence[int] = ()
    ends = {shipment.product.series_of(one): one for one in (*shipment.versions, *sorted(already, reverse=True))}
    for version in sorted(version for version in ends.values() if first is None or first < version):
        series = shipment.product.series_of(version).numbers
        goes_on = Version.parse(".".join(map(str, _after(below, series)))) if below else None
        if goes_on is not None and goes_on > version:  # a candidate: the first one of its kind
            goes_on = Version.parse(re.sub(r"\d+$", "1", str(version)))
        begins = first if goes_on is None or (first is not None and first > goes_on) else goes_on
        if begins is None or begins < version:
            found.add((_bound(str(begins or "")), version))
        below = series
    return found


def _after(below: Sequence[int], series: Sequence[int]) -> Sequence[int]:
    """Give where the numbers go on behind one series, towards a later one: 1.28 behind 1.27, and 2 behind 1.27."""
    at = next((place for place, (one, other) in enumerate(zip(below, series, strict=True)) if one != other), 0)
    return (*below[:at], below[at] + 1)


def _bound(text: str) -> Version | None:
    version = Version.parse(text) if text else None
    return None if version == Version.parse("0") else version


class ToldFix(Struct, dict=True):
    """One announced fix, with what documents say of it."""

    fix: StoryFix
    sight: Sight

    @cached_property
    def section(self) -> str:
        """Its section of the post, from the heading to the next; empty where none can be told to be its own."""
        title, lines = self.sight.facts(self.fix).title, self.sight.source.split("\n")
        headings = [number for number, line in enumerate(lines) if _HEADING.match(line)]
        found = [
            as_read("\n".join(lines[number : next((end for end in headings if end > number), None)]))
            for number in headings
            if title in as_read(lines[number])
        ]
        own = [text for text in found if self.fix.cve and self.fix.cve in text] if len(found) > 1 else found
        return own[0] if own else ""

    @cached_property
    def record(self) -> dict[str, Any]:
        """The published part of its CVE record; empty where there is none."""
        cna: dict[str, Any] = self._whole.get("containers", {}).get("cna", {})
        return cna

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """What its CVE record says of itself; empty where there is none."""
        found: dict[str, Any] = self._whole.get("cveMetadata", {})
        return found

    @cached_property
    def _whole(self) -> dict[str, Any]:
        files = [file for file in self.sight.sent("cve", ".json") if file.stem == self.fix.cve]
        told: dict[str, Any] = json.loads(files[0].read_text("utf-8")) if files else {}
        return told

    @property
    def is_fixed_now(self) -> bool:
        """Whether a version of this release fixes it: it is not of a hosted service alone, nor fixed already."""
        facts = self.sight.facts(self.fix)
        ends = {end for _, end in self.wanted(facts.affected)} if facts.affected else set()
        return not facts.hosted_only and not (ends and ends <= set(facts.fixed_already))

    def wanted(self, affected: Affected) -> set[Pair]:
        """Derive its affected range, as it is in the end."""
        shipment = self.sight.shipment(self.fix)
        began = self.sight.story.release.shipment(shipment.product.key)
        already = self.sight.facts(self.fix).fixed_already
        return spans(affected, shipment, began.versions if began else (), already)

    def notices(self) -> Iterator[str]:
        """The notices to those who reported it."""
        wanted = {f"To: {credit.report}" for credit in self.sight.facts(self.fix).credits if credit.report}
        for file in self.sight.sent("reporters", ".md"):
            text = file.read_text("utf-8")
            if text.partition("\n")[0] in wanted and unescaped(self.sight.facts(self.fix).title) in unescaped(text):
                yield text


def announced_by(sight: Sight) -> Iterator[ToldFix]:
    """Give every fix that the post tells of, with what documents say of it."""
    return (ToldFix(fix, sight) for fix in sight.story.fixes if sight.announces(fix))


def ranges(sight: Sight) -> Iterator[EndedWrong]:
    """Post and record tell the affected range of every fix, and no other."""
    for told in announced_by(sight):
        affected = sight.facts(told.fix).affected
        if affected is None:
            continue
        wanted = told.wanted(affected)
        if told.section:
            said = {(_bound(since), Version.parse(end)) for since, end in _SPAN.findall(told.section)}
            if said != {pair for pair in wanted if pair[1] is not None}:
                yield EndedWrong("ranges", f"the post tells another range of {told.fix.name}")
        recorded = {
            (_bound(row["version"]), _bound(row.get("lessThan", "")))
            for product in told.record.get("affected", ())
            for row in product.get("versions", ())
            if row["status"] == "affected"
        }
        if told.record and recorded != wanted:
            yield EndedWrong("ranges", f"the record tells another range of {told.fix.name}")


def hosted(sight: Sight) -> Iterator[EndedWrong]:
    """The post says of what only a hosted service had that it was there, and of no version that people run."""
    for told in announced_by(sight):
        service = sight.facts(told.fix).hosted_only
        if service and (service not in told.section or _SPAN.search(told.section)):
            yield EndedWrong("hosted", f"the post does not say that {told.fix.name} concerned {service} alone")


def products(sight: Sight) -> Iterator[EndedWrong]:
    """Post and record name the product of every fix, and no other product of the release."""
    for told in announced_by(sight):
        own = sight.shipment(told.fix).product
        facts = sight.facts(told.fix)
        if told.section and not facts.hosted_only and as_read(facts.edition or own.short) not in told.section:
            yield EndedWrong("products", f"the post does not say that {told.fix.name} is of {own.key}")
        named = {product.get("product", "") for product in told.record.get("affected", ())}
        if told.record and named != {own.cve_product}:
            yield EndedWrong("products", f"the record has {told.fix.name} of another product than {own.key}")


def ratings(sight: Sight) -> Iterator[EndedWrong]:
    """Post, record, notices and mail give the score and the severity that follow from the vector."""
    scores = [0.0]
    for told in announced_by(sight):
        vector = sight.facts(told.fix).vector
        if vector is not None:
            scores += [vector.score] if told.is_fixed_now else []
            wrong = {place for place, is_right in _rated(told, vector) if not is_right}
            yield from (EndedWrong("ratings", f"{place} rates {told.fix.name} otherwise") for place in sorted(wrong))
    for file in sight.sent("mail", ".eml"):
        for _, score in _MAIL.findall(file.read_text("utf-8")):
            if float(score) != max(scores):
                yield EndedWrong("ratings", f"the mail calls {score} the highest score, and {max(scores):.1f} is")


def _rated(told: ToldFix, vector: Vector) -> Iterator[tuple[str, bool]]:
    """Say of each place that gives a rating whether it is that of the vector."""
    score, word = f"{vector.score:.1f}", vector.severity.value
    words = {found.lower() for found in _WORD.findall(told.section)}
    yield "the post", not told.section or (score in told.section and words <= {word})
    for metric in told.record.get("metrics", ()):
        for one in (value for name, value in metric.items() if name.startswith("cvss")):
            yield "the record", (one["baseScore"], one["baseSeverity"].lower()) == (vector.score, word)
    for notice in told.notices():
        yield "a notice", f"{word} (CVSS {score}" in notice


def thanked(sight: Sight) -> Iterator[EndedWrong]:
    """Post and record thank whoever found a fix, and the record nobody else."""
    for told in announced_by(sight):
        given = sight.facts(told.fix).credits
        names = {credit.name for credit in given if credit.name}
        if told.section and not all(name in told.section for name in names):
            yield EndedWrong("thanks", f"the post does not thank all who found {told.fix.name}")
        thanks = {one["value"] for one in told.record.get("credits", ())}
        nameless = sum(not credit.name for credit in given)  # these are thanked by what they are
        if told.record and not (names <= thanks and len(thanks - names) <= nameless):
            yield EndedWrong("thanks", f"the record does not thank those who found {told.fix.name}")


def titles(sight: Sight) -> Iterator[EndedWrong]:
    """Records have the title of their fix."""
    for told in announced_by(sight):
        if told.record and told.record.get("title") != sight.facts(told.fix).title:
            yield EndedWrong("titles", f"the record has another title than {told.fix.name}")


def days(sight: Sight) -> Iterator[EndedWrong]:
    """Records and notices have the day on which it became public."""
    live = sight.post.merged_at if sight.post else None
    if live is None:
        return
    for told in announced_by(sight):
        if told.record and not told.record.get("datePublic", "").startswith(f"{live:%Y-%m-%d}"):
            yield EndedWrong("days", f"the record of {told.fix.name} became public on another day")
        if any(f"{live:%B} {live.day}, {live.year}" not in notice for notice in told.notices()):
            yield EndedWrong("days", f"a notice says another day of {told.fix.name}")


def issues(sight: Sight) -> Iterator[EndedWrong]:
    """Tracking issue and communications issue have the versions and the day of the release as it became."""
    if not sight.text:
        return
    comms, due = sight.comms, sight.release.due
    zones = (due.tzinfo, UTC, sight.story.release.due.tzinfo)  # a day is told in the zone of whoever set it
    possible = {f"{due.astimezone(zone):%Y-%m-%d}" for zone in zones}
    versions = [str(version) for version in sight.release.main.versions]
    for name, text in (
        ("tracking issue", sight.tracking.body if sight.tracking else ""),
        ("communications issue", f"{comms.title}\n{comms.body}" if comms else ""),
    ):
        if text and any(version not in text for version in versions):
            yield EndedWrong("issues", f"the {name} does not name every version")
        if text and not any(day in text for day in possible):
            yield EndedWrong("issues", f"the {name} has another day")


TELLING = (ranges, hosted, products, ratings, thanked, titles, days, issues)
"""The rules of this file."""

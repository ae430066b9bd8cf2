"""What a range says is fixed in a series of this release is the version that this release ships in it.

Rule: docs/process/gitlab/ranges-follow-versions.md
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secrel.evaluate.looking import each_advisory
from secrel.evaluate.params import ToldHours
from secrel.evaluate.remedies import quoted
from secrel.evaluate.taking_out import TakingOut
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.errors import Misused
from secrel.words.releases import Shipment
from secrel.words.spans import Span, planned_spans

Params = ToldHours


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Compare the fixed versions of every explicit range with the versions of its product's shipment."""

    def say(advisory: Advisory) -> Iterator[Said]:
        shipment = snapshot.release.shipment(advisory.product)
        late = TakingOut(snapshot, question.now, question.params.hours)
        faults = [] if shipment is None else list(_faults(advisory, shipment, late))
        yield from faults
        if not faults:
            yield Evidence(advisory.fix, "its range ends where this release says")

    yield from each_advisory(snapshot, say)


def _faults(advisory: Advisory, shipment: Shipment, late: TakingOut) -> Iterator[Finding]:
    shipped = dict(zip(shipment.series, shipment.versions, strict=True))
    spans = advisory.affected or ()
    ends = [(span.fixed, shipped.get(shipment.product.series_of(span.fixed))) for span in spans if span.fixed]
    wrong = [(said, version) for said, version in ends if version is not None and version != said]
    if not wrong:
        return
    remedy = _remedy(advisory.fix, spans, shipment, late.snapshot.release.name)
    remedy = remedy or late.command(advisory.fix, "its range does not fit the release")
    for said, version in wrong:
        yield Finding(advisory.fix, f"its range says fixed in {said}, and this release ships {version}", remedy)


def _remedy(fix: str, spans: Sequence[Span], shipment: Shipment, release: str) -> str:
    """Give the command that lets the range end wherever the release says; only where that changes nothing else."""
    shipped = dict(zip(shipment.series, shipment.versions, strict=True))
    since = spans[0].since
    closed = [(s.since, shipped.get(shipment.product.series_of(s.fixed), s.fixed) if s.fixed else None) for s in spans]
    try:
        planned = [(span.since, span.fixed) for span in planned_spans(since, shipment)]
    except Misused:
        return ""
    command = f"secrel fix add {quoted(release)} --ref {quoted(fix)} --since {since or 'all'}"
    return command if planned == closed else ""

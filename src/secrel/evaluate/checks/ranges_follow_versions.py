"""What a range says is fixed in a series of this release is the version that this release ships in it.

Rule: docs/process/gitlab/ranges-follow-versions.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import linked_fixes
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.releases import Shipment

PARAMS = ()


def check(snapshot: Snapshot, _question: Question) -> Iterator[Said]:
    """Compare the fixed versions of every explicit range with the versions of its product's shipment."""
    fixes = linked_fixes(snapshot)
    if isinstance(fixes, Hidden):
        yield fixes
        return
    for advisory in snapshot.contents.advisories:
        shipment = snapshot.release.shipment(advisory.product)
        faults = [] if shipment is None else list(_faults(advisory, shipment, snapshot.release.name))
        yield from faults
        if not faults:
            yield Evidence(advisory.fix, "its range ends where this release says")


def _faults(advisory: Advisory, shipment: Shipment, release: str) -> Iterator[Finding]:
    shipped = dict(zip(shipment.series, shipment.versions, strict=True))
    remedy = _remedy(advisory, shipment, release)
    for span in advisory.affected or ():
        if span.fixed is None:
            continue
        version = shipped.get(shipment.product.series_of(span.fixed))
        if version is not None and version != span.fixed:
            said = f"its range says fixed in {span.fixed}, and this release ships {version}"
            yield Finding(advisory.fix, said, remedy)


def _remedy(advisory: Advisory, shipment: Shipment, release: str) -> str:
    """Give the command that lets the range end wherever the release says; only where it ends in every series."""
    spans = advisory.affected or ()
    ends = {shipment.product.series_of(span.fixed) for span in spans if span.fixed is not None}
    if not ends.issuperset(shipment.series):
        return ""
    return f"secrel fix add {quoted(release)} --ref {quoted(advisory.fix)} --since {spans[0].since or 'all'}"

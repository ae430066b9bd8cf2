"""Every fix is really in the tag of every version it is announced for.

Rule: docs/process/gitlab/fixes-in-tags.md
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secrel.evaluate.looking import advisory_of, each_fix
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.fixes import Fix
from secrel.words.parts import need, settled
from secrel.words.releases import Shipment
from secrel.words.versions import Version

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Compare the tags that hold each fix with the versions that its range says are fixed."""
    return each_fix(snapshot, lambda fix: _held(fix, snapshot))


def _held(fix: Fix, snapshot: Snapshot) -> Iterator[Said]:
    shipment = snapshot.release.shipment(settled(fix.product, f"the product of {fix.ref}"))
    if shipment is None:
        return
    there = need(snapshot.tags_of(shipment.product), f"the tags of {shipment.product.repository}")
    for version in announced_for(advisory_of(snapshot, fix.ref), shipment):
        tag = shipment.product.tag_of(version)
        if tag not in there:
            yield Pending(fix.ref, f"{tag} does not exist yet")
        elif tag in need(fix.tags, f"what holds {fix.ref}"):
            yield Evidence(fix.ref, f"is in {tag}")
        else:
            yield Finding(fix.ref, f"is announced for {version}, and {tag} does not hold all of its commits")


def announced_for(advisory: Advisory | None, shipment: Shipment) -> Sequence[Version]:
    """Give the versions of a shipment that an advisory calls fixed; all of them when its range names none."""
    ends = {span.fixed for span in (advisory.affected or () if advisory else ())}
    return [version for version in shipment.versions if version in ends] or shipment.versions

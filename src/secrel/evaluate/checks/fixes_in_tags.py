"""Every fix is really in the tag of every version it is announced for.

Rule: docs/process/gitlab/fixes-in-tags.md
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secrel.evaluate.looking import linked_fixes, told_of
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Pending, Question, Said
from secrel.snapshot.seen import Snapshot, Unseen
from secrel.words.advisories import Advisory
from secrel.words.releases import Shipment
from secrel.words.versions import Version

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Compare the tags that hold each fix with the versions that its range says are fixed."""
    fixes, told = linked_fixes(snapshot), told_of(snapshot)
    if isinstance(fixes, Hidden):
        yield fixes
        return
    if isinstance(snapshot.tags, Unseen):
        yield Hidden(f"the tags could not be seen: {snapshot.tags.reason}")
        return
    for fix in fixes:
        shipment = snapshot.release.shipment(fix.product)
        for version in announced_for(told.get(fix.ref), shipment):
            tag = shipment.product.tag_of(version) if shipment else ""
            if tag not in snapshot.tags.value:
                yield Pending(fix.ref, f"{tag} does not exist yet")
            elif tag in fix.tags:
                yield Evidence(fix.ref, f"is in {tag}")
            else:
                yield Finding(fix.ref, f"is announced for {version}, and {tag} does not hold all of its commits")


def announced_for(advisory: Advisory | None, shipment: Shipment | None) -> Sequence[Version]:
    """Give the versions of a shipment that an advisory calls fixed; all of them when its range names none."""
    if shipment is None:
        return ()
    ends = {span.fixed for span in (advisory.affected or () if advisory else ())}
    return [version for version in shipment.versions if version in ends] or shipment.versions

"""Every fix is really in the tag of every version it is announced for.

Rule: docs/process/gitlab/fixes-in-tags.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import advisory_of, before_this_release, each_fix, seeing
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.snapshot.seen import RangeProof, Snapshot
from secrel.words.fixes import Fix, RemovedFix
from secrel.words.parts import need, settled
from secrel.words.releases import joined

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Compare the tags that hold each fix with the versions that its range says are fixed.

    A tag that holds them does not have the fix where git proves that it was reverted before the tag.
    A fix that was taken out and is in a tag all the same ships, and nothing announces it.
    """
    yield from each_fix(snapshot, lambda fix: _held(fix, snapshot))
    for removed in need(snapshot.removed, "the fixes that were taken out"):
        yield from seeing(_unannounced(removed, snapshot))


def _unannounced(removed: RemovedFix, snapshot: Snapshot) -> Iterator[Said]:
    tags = sorted(need(removed.tags, f"what holds {removed.ref}, which was taken out"))
    if tags:
        when = f"{removed.removed_at.astimezone(snapshot.release.due.tzinfo):%Y-%m-%d %H:%M %Z}"
        yield Finding(
            removed.ref,
            f"was taken out of the release at {when}, and {joined(tags)} hold its merge: it ships unannounced",
            f"secrel fix add {quoted(snapshot.release.name)} --ref {quoted(removed.ref)}",
        )


def _held(fix: Fix, snapshot: Snapshot) -> Iterator[Said]:
    shipment = snapshot.release.shipment(settled(fix.product, f"the product of {fix.ref}"))
    if shipment is None:
        return
    advisory = advisory_of(snapshot, fix.ref)
    if advisory is not None and (before := before_this_release(advisory)):
        yield Evidence(fix.ref, before)
        return
    there = need(snapshot.tags_of(shipment.product), f"the tags of {shipment.product.repository}")
    proof = snapshot.proved.get(fix.ref)
    lacking = proof.lacking if isinstance(proof, RangeProof) else ()
    for version in advisory.ships_in(shipment) if advisory else shipment.versions:
        tag = shipment.product.tag_of(version)
        if tag not in there:
            yield Pending(fix.ref, f"{tag} does not exist yet")
        elif tag not in need(fix.tags, f"what holds {fix.ref}"):
            yield Finding(fix.ref, f"is announced for {version}, and {tag} does not hold all of its commits")
        elif version in lacking:
            yield Finding(fix.ref, f"is announced for {version}, and was taken back before {tag}")
        else:
            yield Evidence(fix.ref, f"is in {tag}")

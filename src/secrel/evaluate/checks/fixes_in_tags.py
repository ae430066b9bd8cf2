"""Every fix is really in the tag of every version it is announced for.

Rule: docs/process/gitlab/fixes-in-tags.md
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secrel.evaluate.looking import advisory_of, before_this_release, each_fix, seeing
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.snapshot.seen import RangeProof, Snapshot
from secrel.words.fixes import Fix, RemovedFix
from secrel.words.parts import known, need, settled
from secrel.words.releases import joined

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Compare the tags that hold each fix with the versions that its range says are fixed.

    A tag that holds them does not have the fix where git proves that it was reverted before the tag.
    A fix that was taken out and is in a tag all the same ships, and nothing announces it: its merge, or what it changes
    by other commits, as a pick by hand has them.
    """
    yield from each_fix(snapshot, lambda fix: _held(fix, snapshot))
    for removed in need(snapshot.removed, "the fixes that were taken out"):
        yield from seeing(_unannounced(removed, snapshot))


def _unannounced(removed: RemovedFix, snapshot: Snapshot) -> Iterator[Said]:
    tags = need(removed.tags, f"what holds {removed.ref}, which was taken out")
    need(removed.merge_requests, f"the merge requests of {removed.ref}, which was taken out")
    told, proved = known(removed.advisory, None), snapshot.proved.get(removed.ref)
    shipment = snapshot.release.shipment(told.product) if told is not None else None
    if shipment is not None and proved is not None:
        proof = settled(proved, f"what ships of {removed.ref}, which was taken out,")
        lacking, shipped = ({shipment.product.tag_of(one) for one in which} for which in (proof.lacking, proof.shipped))
        tags = (tags - lacking) | shipped
    if tags:
        when = f"{removed.removed_at.astimezone(snapshot.release.due.tzinfo):%Y-%m-%d %H:%M %Z}"
        yield Finding(
            removed.ref,
            f"was taken out of the release at {when}, and {_have(sorted(tags))} what it changes: it ships unannounced",
            f"secrel fix add {quoted(snapshot.release.name)} --ref {quoted(removed.ref)}",
        )


def _have(tags: Sequence[str]) -> str:
    return f"{joined(tags)} {'have' if len(tags) > 1 else 'has'}"


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

"""What git is asked of the ranges of a release, and what it said when it was asked the same: graphs wait for the rest.

What git proves follows from the names in the repository, and from what is asked: the shipment, and of each fix the
range that somebody gave, its merged commits, and the commits that brought it in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from secrel.answers import answered
from secrel.desk import proving
from secrel.desk.proofs import MergedFix, Proofs
from secrel.snapshot.seen import RangeProof, Snapshot
from secrel.words.advisories import Advisory
from secrel.words.errors import SecrelError
from secrel.words.forge import MergeRequest, State
from secrel.words.parts import Seen, Unseen, known
from secrel.words.releases import Shipment

if TYPE_CHECKING:
    from secrel.desk.desk import Desk
    from secrel.ports.history import History


def proved_ranges(desk: Desk, snapshot: Snapshot) -> Mapping[str, RangeProof | Unseen]:
    """Prove the range of every fix that is merged everywhere; without a named origin, the side of the fix.

    For one that was taken out it proves which versions have it all the same, by whatever commits.

    A history that cannot be read, or does not know a commit, leaves the range unseen: that is never "not affected".
    """
    found: dict[str, RangeProof | Unseen] = {}
    for shipment in snapshot.release.shipments:
        given = (_merged(one, shipment, snapshot) for one in _provable(shipment, snapshot))
        fixes = (*given, *_out(shipment, snapshot))
        history = desk.histories(shipment.product.repository) if fixes else None
        if history is None:
            continue
        proofs = _proofs(desk, history, shipment, fixes)
        found |= {**proofs.ranges, **proofs.unseen}
    return found


def _provable(shipment: Shipment, snapshot: Snapshot) -> Sequence[Advisory]:
    """Give the fixes of which somebody gave a range of this shipment's product, and that are merged everywhere."""
    product = shipment.product.key
    given = [one for one in snapshot.contents.advisories if one.affected is not None and one.product == product]
    theirs = [(one, requests_of(one, snapshot)) for one in given]
    return [one for one, requests in theirs if requests and all(each.state is State.MERGED for each in requests)]


def _out(shipment: Shipment, snapshot: Snapshot) -> Iterator[MergedFix]:
    """Give the fixes that were taken out, once a version of the release is tagged."""
    if not known(snapshot.tags_of(shipment.product), {}):
        return
    for removed in known(snapshot.removed, ()):
        told = known(removed.advisory, None)
        commits = tuple(request.commit for request in known(removed.merge_requests, ()) if request.commit)
        if commits and told is not None and told.product == shipment.product.key:
            yield MergedFix(removed.ref, (), commits, (), (), is_out=True)


def requests_of(advisory: Advisory, snapshot: Snapshot) -> list[MergeRequest]:
    """Give the merge requests that count; none when they could not be seen: the gate says so."""
    fixes = [fix for fix in snapshot.tracked_fixes if fix.ref == advisory.fix]
    return [
        request
        for fix in fixes
        if isinstance(fix.merge_requests, Seen) and not fix.merge_requests.shortfall
        for request in fix.merge_requests.value
        if request.state is not State.CLOSED
    ]


def _merged(advisory: Advisory, shipment: Shipment, snapshot: Snapshot) -> MergedFix:
    product, requests = shipment.product, requests_of(advisory, snapshot)
    tracking, tags = known(snapshot.tracking, None), known(snapshot.tags_of(product), {})
    began = tracking.created_at if tracking else None
    is_new = began is not None and all(one.merged_at is not None and one.merged_at > began for one in requests)
    ships = zip(shipment.series, shipment.versions, strict=True)
    return MergedFix(
        advisory.fix,
        advisory.spans,
        tuple(request.commit for request in requests),
        advisory.origins,
        tuple((series, version) for series, version in ships if is_new and product.tag_of(version) in tags),
    )


def _proofs(desk: Desk, history: History, shipment: Shipment, fixes: tuple[MergedFix, ...]) -> Proofs:
    """Prove all fixes of a repository together; what was proved of the same names, and asked the same, is kept.

    Nothing is kept of a copy that lacks contents: they may be there at the next look.
    """
    where = shipment.product.repository
    try:
        names = history.names()
        asked = (names, shipment, fixes)
        if desk.proofs.get(where, (None, None))[0] == asked:
            return desk.proofs[where][1]
        made = answered(
            "proofs",
            asked,
            Proofs,
            lambda: proving.prove_fixes(history, shipment, fixes),
            lasts=lambda one: one.is_whole and history.names() == names,
        )
    except SecrelError as fault:
        return Proofs({}, {one.fix: Unseen(fault.what, where) for one in fixes})
    if made.is_whole:
        desk.proofs[where] = asked, made
    return made

"""Which ranges git can say something of: asked at every look, so that graphs are loaded only where one can."""

from __future__ import annotations

from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.forge import MergeRequest, State
from secrel.words.parts import Seen
from secrel.words.releases import Shipment


def can_be_proved(advisory: Advisory, shipment: Shipment, snapshot: Snapshot) -> bool:
    """Whether somebody gave a range of this shipment's product, and its fix is merged everywhere."""
    if advisory.affected is None or advisory.product != shipment.product.key:
        return False
    requests = requests_of(advisory, snapshot)
    return bool(requests) and all(request.state is State.MERGED for request in requests)


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

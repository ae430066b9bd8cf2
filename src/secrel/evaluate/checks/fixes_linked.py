"""At least one fix is linked to the tracking issue, and every one is of a product that the release ships.

Rule: docs/process/gitlab/fixes-linked.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import linked_fixes
from secrel.evaluate.params import ToldHours
from secrel.evaluate.remedies import quoted
from secrel.evaluate.taking_out import TakingOut
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Question, Said
from secrel.snapshot.seen import Snapshot

Params = ToldHours


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at what is linked."""
    fixes = linked_fixes(snapshot)
    if isinstance(fixes, Hidden):
        yield fixes
        return
    late = TakingOut(snapshot, question.now, question.params.hours)
    if not fixes:
        yield Finding(
            snapshot.release.name,
            "no security fix is linked: there is nothing to announce, and no email may go out",
            _signed(snapshot, question) if late.is_past else "",
        )
    for fix in fixes:
        if snapshot.release.shipment(fix.product) is None:
            yield Finding(fix.ref, f"is a fix of {fix.product!r}, of which this release ships no version")
        else:
            yield Evidence(fix.ref, f"linked since {fix.linked_at:%Y-%m-%d %H:%M %Z}")


def _signed(snapshot: Snapshot, question: Question[Params]) -> str:
    """Give the command that says, under somebody's name, that this release announces nothing."""
    name, gate = quoted(snapshot.release.name), quoted(question.gate.name)
    return f'secrel claim {name} {gate} --waive --words "no security fix in this release"'

"""At least one fix is linked to the tracking issue, or a dependency is updated; each is of a product that it ships.

Rule: docs/process/gitlab/fixes-linked.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import each_fix
from secrel.evaluate.params import ToldHours
from secrel.evaluate.remedies import quoted
from secrel.evaluate.taking_out import TakingOut
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import Fix
from secrel.words.parts import Seen, settled

Params = ToldHours


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at what is linked."""
    late = TakingOut(snapshot, question.now, question.params.hours)
    if snapshot.fixes == Seen((), where=snapshot.fixes.where) and not snapshot.is_of_updates_alone:
        yield Finding(
            snapshot.release.name,
            "no security fix is linked: there is nothing to announce, and no email may go out",
            _ended(snapshot) or (_signed(snapshot, question) if late.is_past else ""),
        )

    def say(fix: Fix) -> Iterator[Said]:
        product = settled(fix.product, f"the product of {fix.ref}")
        if snapshot.release.shipment(product) is None:
            yield Finding(fix.ref, f"is a fix of {product!r}, of which this release ships no version")
        else:
            yield Evidence(fix.ref, f"linked since {fix.linked_at:%Y-%m-%d %H:%M %Z}")

    yield from each_fix(snapshot, say)


def _ended(snapshot: Snapshot) -> str:
    """Give the command that ends a release of which every fix was taken out; nothing where there never was one."""
    name = quoted(snapshot.release.name)
    return f'secrel cancel {name} --reason "no fix of it is left"' if snapshot.removed_fixes else ""


def _signed(snapshot: Snapshot, question: Question[Params]) -> str:
    """Give the command that says, under somebody's name, that this release announces nothing."""
    name, gate = quoted(snapshot.release.name), quoted(question.gate.name)
    return f'secrel claim {name} {gate} --waive --words "no security fix in this release"'

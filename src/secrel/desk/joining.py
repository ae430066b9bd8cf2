"""Releases joined and split: fixes go from one to another that is there, with their CVE requests (mission M1, M4)."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.apply.applying import Outcome, between
from secrel.desk.cancelling import cancel_release
from secrel.desk.carrying_out import carry_out_free
from secrel.desk.desk import Desk
from secrel.desk.fixing import link_fix, remove_fix
from secrel.desk.looking import look
from secrel.desk.ordering import enter
from secrel.papers.scene import Scene
from secrel.process.roles import Act
from secrel.words.errors import Misused
from secrel.words.parts import need, settled


def join_releases(desk: Desk, name: str, into: str, reason: str) -> list[Outcome]:
    """Cancel the release `name`, and bring its fixes into the release `into`; run again, it goes on where it stopped.

    Raises `Misused` without a reason, where the two are one, and where `into` does not ship the product of a fix or is
    announced; besides what cancelling raises. Nothing is changed then.
    """
    there = _open(desk, name, into, reason)
    here = look(desk, name)
    fixes = [fix.ref for fix in need(here.snapshot.fixes, "the fixes")]
    begun = here.key("cancel", "fix", "")
    gone = [key.removeprefix(begun) for key in here.snapshot.receipts if key.startswith(begun)]
    refs = list(dict.fromkeys([*fixes, *gone]))
    _shipped(here, there, refs)
    outcomes = cancel_release(desk, name, f"joined with {into}: {reason.strip()}")
    _link(desk, there, refs, outcomes)
    return outcomes


def split_release(desk: Desk, name: str, into: str, refs: Sequence[str], reason: str) -> list[Outcome]:
    """Take fixes out of the release `name`, and bring them into the release `into`.

    Raises `Misused` as `join_releases` does, and for what is no fix of either release. Nothing is changed then.
    """
    there = _open(desk, name, into, reason)
    here = enter(desk, name, Act.REMOVE).scene
    ours = {fix.ref for fix in need(here.snapshot.fixes, "the fixes")}
    gone = {fix.ref for fix in need(here.snapshot.removed, "the fixes that were taken out")}
    strange = next((ref for ref in refs if ref not in ours | gone), None)
    if strange is not None:
        raise Misused(f"{strange[:80]!r} is no fix of this release", where=name, remedy=f"secrel fix show {name}")
    _shipped(here, there, refs)
    outcomes: list[Outcome] = []
    with between(outcomes):
        for ref in refs:
            outcomes += remove_fix(desk, name, ref, f"split off into {into}: {reason.strip()}") if ref in ours else []
        outcomes += carry_out_free(desk, name, ("comments_on_removed",)).outcomes
    _link(desk, there, refs, outcomes)
    return outcomes


def _open(desk: Desk, name: str, into: str, reason: str) -> Scene:
    """Look at the release that fixes go into, before anything is changed."""
    if not reason.strip():
        raise Misused("no reason is given", where=name, remedy='say why: --reason "one release is enough"')
    if name == into:
        raise Misused("a release goes into another one", where=name, remedy="name the other release")
    there = enter(desk, into, Act.ADD).scene
    if there.snapshot.announced_at is not None:
        raise Misused("the release is announced", where=into, remedy="name one that is not, or start it")
    return there


def _shipped(here: Scene, there: Scene, refs: Sequence[str]) -> None:
    for fix in (fix for fix in here.snapshot.tracked_fixes if fix.ref in refs):
        if there.snapshot.release.shipment(settled(fix.product, f"the product of {fix.ref}")) is None:
            raise Misused(f"it does not ship the product of {fix.ref}", where=there.name, remedy="secrel start --from")


def _link(desk: Desk, there: Scene, refs: Sequence[str], outcomes: list[Outcome]) -> None:
    """Bring fixes into the other release, after what `outcomes` says; they grow."""
    known = {fix.ref for fix in need(there.snapshot.fixes, "the fixes")}
    with between(outcomes):
        for ref in refs:
            outcomes += link_fix(desk, there.name, ref) if ref not in known else []

"""Orders: every change that a person makes to a release is permitted here, carried out, and remembered.

The process's `[roles]` say whose each act is; whoever is not in the team may do nothing (design.md, Actors).
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from secrel.apply.applying import Done, Outcome, apply
from secrel.apply.unfinished import Unfinished, settle_unfinished
from secrel.desk import proposing
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.desk.remembering import lost, refuse_lost, refuse_vanished
from secrel.evaluate.people import barred_from, roles_in
from secrel.evaluate.verdicts import Blocked, Passed, Waived
from secrel.journal.entries import Entry
from secrel.papers.checklist import held_words
from secrel.papers.scene import Scene
from secrel.papers.text import unmarked
from secrel.plan import embargo
from secrel.plan.audience import as_read
from secrel.plan.plan import Plan, approve, refuse_to_go_on
from secrel.process.roles import Act
from secrel.process.table import Gate
from secrel.words.effects import Effect
from secrel.words.errors import Misused, Refused
from secrel.words.forge import Issue
from secrel.words.outcomes import CannotTell, Receipt
from secrel.words.parts import known
from secrel.words.people import NAMED, Approval, Claim, handle_of
from secrel.words.readers import places_written
from secrel.words.releases import joined

_MOST_TRIES = 5


class Ordered(Struct, frozen=True):
    """What an order comes to: effects, carried out in this order, and what is remembered with the last receipt."""

    effects: tuple[Effect, ...] = ()
    entries: tuple[Entry, ...] = ()


def permit(desk: Desk, act: Act, scene: Scene | None = None, gate: Gate | None = None) -> None:
    """Raise `Refused` unless whoever sits at the desk may do an act: of a release as it was seen, or of a new one."""
    actor = desk.actor
    if scene and act not in (Act.CANCEL, Act.SETTLE):
        _refuse_cancelled(scene.snapshot.cancelled)
    roles = roles_in(scene.snapshot, actor.username, actor.roles) if scene else actor.roles
    where = ", ".join(filter(None, (scene.name if scene else "", gate.name if gate else "")))
    if not roles:
        raise Refused(
            f"{actor.username[:60]!r} is not in the team",
            where=where,
            remedy="say who of the team you are: --by USERNAME",
        )
    may = desk.process.roles_for(act, gate)
    if not roles & may:
        theirs = f"{actor.username} is {', '.join(sorted(roles))}"
        raise Refused(
            f"{actor.username} may not {act.said}: {theirs}",
            where=where,
            remedy=f"ask somebody who is {' or '.join(sorted(may))}, or change [roles] of the process",
        )
    barred = _barred(desk, act, scene, gate) if scene and gate else frozenset()
    if barred:
        raise Refused(
            f"{actor.username} may not {act.said}: nobody frees themselves, and {actor.username} is "
            f"{' and '.join(sorted(barred))}",
            where=where,
            remedy=f"ask another member of the team who is {' or '.join(sorted(may))}",
        )


def _barred(desk: Desk, act: Act, scene: Scene, gate: Gate) -> frozenset[str]:
    """Give the roles for which whoever sits at the desk would free themselves by a claim or an exception."""
    if act not in (Act.CLAIM, Act.WAIVE):
        return frozenset()
    barred = barred_from(scene.snapshot, gate, desk.by)
    judged = scene.assessment.by_name.get(gate.name)
    named = judged.verdict.findings if judged and isinstance(judged.verdict, Blocked) else ()
    own = [handle_of(finding.about) == handle_of(desk.by) for finding in named]
    return barred | {NAMED} if NAMED in gate.not_by and own and all(own) else barred


def _refuse_cancelled(said: Claim | None) -> None:
    if said is not None:
        raise Refused(
            f"it was cancelled by {said.by} at {said.at:%Y-%m-%d %H:%M %Z}",
            where=said.release,
            remedy="start another release under another name: secrel start --from release.yaml",
        )


class Entered(Struct, frozen=True):
    """A release as it is seen by somebody who may act on it, and what an earlier attempt had left unfinished."""

    scene: Scene
    unfinished: tuple[Unfinished, ...]


def enter(desk: Desk, name: str, act: Act, gate: Gate | None = None) -> Entered:
    """Look at a release to do something with it: whoever may not is refused, and what was begun is settled first.

    A crash between the world and its receipt is over then, whichever command comes next: what is found in the world
    has its receipt, what is not is free to be done again, and only what nobody can look for stays in doubt.
    Raises `Broken` when the journal knows nothing of what was made on the forge.
    """
    seen = look(desk, name)
    permit(desk, act, seen, gate)
    refuse_lost(desk, name)
    unfinished = tuple(settle_unfinished(name, desk.world))
    is_news = any(not isinstance(one.became, CannotTell) for one in unfinished)
    return Entered(look(desk, name) if is_news else seen, unfinished)


class Unapproved(Refused):
    """An order would write where everybody reads by now: `plan` has every byte of it, for a person to read first.

    Commands that write on the issues of fixes, which become public, show it and give its digest: `fix set`, `fix add`
    and `fix remove`. What all others write on is the team's for good, and the remedy is for those.
    """

    def __init__(self, plan: Plan, read: str) -> None:
        """Refuse what was not read; `read` is the digest of what was, of another plan than this."""
        was = f"you read the plan {read[:32]}, and it is another now" if read else "everybody can read it at once"
        refs = dict.fromkeys(str(place) for effect in plan.effects for place in places_written(effect.action))
        remedy = f"make {joined(refs)} confidential, which the team alone is to read; nothing was changed"
        super().__init__(was, where=plan.release, remedy=remedy)
        self.plan = plan


def order(
    desk: Desk, name: str, act: Act, ordered: Callable[[Scene], Ordered], gate: Gate | None = None
) -> list[Outcome]:
    """Carry out what `ordered` makes of the release as it is seen, when whoever sits at the desk may do this act.

    A claim or a waiver is of a `gate`, which may say whose it is. Another desk can take the number of an effect
    meanwhile, or an earlier attempt have had it and been cut off: then nothing of this order was done, and it is made
    again of what is seen by then. What writes where everybody reads is guarded as every plan is, and is carried out
    when the desk's `read` is its digest. Raises `Unapproved` when it is not, and `Refused` when that goes on and on,
    when it would say what may not be said, and for somebody who may not.
    """
    for _ in range(_MOST_TRIES):
        seen = enter(desk, name, act, gate).scene
        wanted = ordered(seen)
        plan = _planned(desk, seen, wanted.effects)
        outcomes = list(apply(plan, _approved(desk, seen, plan), desk.world, wanted.entries))
        if not outcomes:
            for entry in wanted.entries:
                desk.journal.add(entry)
        if not outcomes or any(outcome.done is Done.DONE for outcome in outcomes):
            return outcomes
    raise Refused("other desks change this release all the time", where=name, remedy="run it again in a moment")


def _planned(desk: Desk, scene: Scene, effects: tuple[Effect, ...]) -> Plan:
    """Plan an order: once a release is announced, what it writes on an issue that is public by now reveals.

    Before that nothing of it should be public, and writers refuse to write where it is.
    """
    if scene.snapshot.announced_at is not None:
        effects = tuple(as_read(effect, scene) for effect in effects)
    plan = Plan(scene.name, effects, targets=desk.targets)
    if not plan.needs_approval:
        return plan
    kept = embargo.guarded(effects, replace(scene, beyond=proposing.look_beyond(desk, scene)))
    return replace(plan, refusals=kept.refusals, notices=kept.notices)


def _approved(desk: Desk, scene: Scene, plan: Plan) -> Approval | None:
    if not plan.needs_approval:
        return None
    permit(desk, Act.APPROVE, scene)
    refuse_to_go_on(plan)
    if desk.read != plan.digest:
        raise Unapproved(plan, desk.read)
    return approve(plan, read=desk.read, by=desk.by, at=desk.now())


def order_new(desk: Desk, plan: Plan, read: str = "") -> list[Outcome]:
    """Carry out the plan with which a release begins; what is there already is left as it is.

    `read` is the digest of what was read, where it takes over what people opened. What an earlier attempt had begun
    with is settled first. Raises `Refused` for somebody who may not start one or approve that, for another digest, and
    for a release that was cancelled; `Broken` when the journal knows nothing of what was made for it, or the forge has
    none of what the journal knows.
    """
    name = plan.release
    permit(desk, Act.START)
    if plan.needs_approval:
        permit(desk, Act.APPROVE)
    refuse_vanished(desk, name, refuse_lost(desk, name))
    _refuse_cancelled(desk.cancelled(name))
    tuple(settle_unfinished(name, desk.world))
    approval = approve(plan, read=read, by=desk.by, at=desk.now()) if plan.needs_approval else None
    return list(apply(plan, approval, desk.world))


def adopt(desk: Desk, name: str) -> list[Receipt]:
    """Give the journal a receipt of everything that the forge has of the release `name` and it knows nothing of.

    What was sent, said and approved is not on the forge, and stays lost: the desk does not say that it wrote what it
    has only found. Raises `Refused` for somebody who may not settle.
    """
    permit(desk, Act.SETTLE, _if_readable(desk, name))
    found = [Receipt(key, address, desk.now(), found=True) for key, address in lost(desk, name).items()]
    for receipt in found:
        desk.journal.settle(name, receipt, by=desk.by)
    return found


def held_before(desk: Desk, name: str) -> dict[str, str]:
    """Give the gates that held by what the checklist says, and do not hold by what the desk knows now.

    What people said of them was in a journal that is lost, and stands in words on the checklist until the desk writes
    it again. It is shown to be said again, and never taken for said.
    """
    seen = _if_readable(desk, name)
    checklist = known(seen.snapshot.document("checklist"), None) if seen else None
    if seen is None or not isinstance(checklist, Issue):
        return {}
    held = held_words(checklist.body)
    return {
        judged.gate.name: unmarked(held[f"gate/{judged.gate.name}"]).replace("**", "")
        for judged in seen.assessment.gates
        if f"gate/{judged.gate.name}" in held and not isinstance(judged.verdict, Passed | Waived)
    }


def _if_readable(desk: Desk, name: str) -> Scene | None:
    """Look at a release, which may have no more than a tracking issue without details."""
    try:
        return look(desk, name)
    except Misused:
        return None

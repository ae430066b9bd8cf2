"""Carry out plans: what is free at once, the rest with a person's approval of exactly what they read."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from secrel.apply.applying import Done, Outcome, apply, between, ended, settle_by_word
from secrel.apply.unfinished import Unfinished
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.desk.ordering import enter, permit
from secrel.desk.proposing import changed_since, compared, propose, show
from secrel.desk.remembering import refuse_lost
from secrel.journal.entries import Entry, in_doubt
from secrel.papers.scene import Scene
from secrel.plan.pacing import in_turn
from secrel.plan.plan import Plan, approve
from secrel.plan.planning import plan_release
from secrel.process.roles import Act
from secrel.snapshot.seen import Snapshot
from secrel.words.errors import Refused

_MOST_ROUNDS = 12


class Carried(Struct, frozen=True):
    """What was carried out, and the plan of what is left for a person to approve (perhaps of nothing).

    `unfinished` is what an earlier attempt had begun, and what became of it; `doubts` the intents of what nobody knows
    whether it happened.
    """

    outcomes: tuple[Outcome, ...]
    left: Plan
    look: Scene
    unfinished: tuple[Unfinished, ...] = ()
    doubts: tuple[Entry, ...] = ()


class Memory(Struct):
    """What a desk that goes on looking saw last, when it found nothing to do: it does not plan the same again."""

    seen: Snapshot | None = None
    verdicts: tuple[object, ...] = ()
    left: Plan | None = None

    def recall(self, look: Scene) -> Plan | None:
        """Give what was left for a person, when nothing but the time has changed; None otherwise."""
        same = self.seen is not None and replace(look.snapshot, at=self.seen.at) == self.seen
        return self.left if same and _verdicts(look) == self.verdicts else None

    def keep(self, look: Scene, left: Plan) -> None:
        """Remember a look after which nothing free was left to do."""
        self.seen, self.verdicts, self.left = look.snapshot, _verdicts(look), left


def settle(desk: Desk, name: str, key: str, *, happened: bool) -> None:
    """Record the word of the person at the desk about an effect in doubt: it happened, or it did not.

    Raises `Refused` when it is not in doubt, and for somebody who may not say so.
    """
    permit(desk, Act.SETTLE, look(desk, name))
    refuse_lost(desk, name)
    settle_by_word(desk.world, name, key, happened=happened)


def _verdicts(look: Scene) -> tuple[object, ...]:
    return tuple(judged.verdict for judged in look.assessment.gates)


def carry_out_free(desk: Desk, name: str, only: Collection[str] | None = None, memory: Memory | None = None) -> Carried:
    """Carry out everything that neither reveals nor is blind, round by round, until nothing new is open.

    What one round makes can open the gate of the next, and so can what another desk has made since the look: that is
    looked at as well, and nobody is asked for what was planned before it. The checklist is rewritten when nothing else
    is left to do: once for all that was. Raises `Refused` when the plan refuses itself in what is free, and for a
    release that was cancelled, of which no more is done than to look for what was begun.
    With `memory`, a release in which nothing has changed since the last look is not planned again.
    """
    if desk.cancelled(name) and in_doubt(desk.journal.entries(name)):
        entered = enter(desk, name, Act.SETTLE)
        left, doubts = Plan(name, (), targets=desk.targets), tuple(in_doubt(desk.journal.entries(name)))
        return Carried((), left, entered.scene, entered.unfinished, doubts)
    entered = enter(desk, name, Act.APPLY)
    outcomes: list[Outcome] = []
    with between(outcomes):
        seen, left = _rounds(desk, entered.scene, only, memory, outcomes)
    doubts = tuple(in_doubt(desk.journal.entries(name)))
    return Carried(ended(outcomes), left, seen, entered.unfinished, doubts)


def _rounds(
    desk: Desk, scene: Scene, only: Collection[str] | None, memory: Memory | None, outcomes: list[Outcome]
) -> tuple[Scene, Plan]:
    """Go round by round, and give the last look and what is left for a person; `outcomes` grows with what is done."""
    seen = scene
    for number in range(_MOST_ROUNDS):
        seen = look(desk, scene.name) if number else seen
        known = memory.recall(seen) if memory and only is None else None
        if known is not None and not any(effect.not_before for effect in known.effects):
            left = known
            break
        plan = plan_release(seen, only)
        if not plan.free.effects:
            left = compared(desk, seen, plan, only).left  # what it says beyond the release is asked for once
            if memory and only is None:
                memory.keep(seen, left)
            break
        left = plan.left
        if not _carried(desk, plan.free, outcomes):
            break
    show(desk, seen, left)
    return seen, left


def _carried(desk: Desk, free: Plan, outcomes: list[Outcome]) -> bool:
    """Carry out some of it; whether the world is another than it was seen: by this desk's doing, or by another's."""
    parts = [part for part in in_turn(free) if part.effects]
    for number, part in enumerate(parts, start=1):
        known, count = {outcome.effect.key for outcome in outcomes}, len(outcomes)
        with between((), [effect for later in parts[number:] for effect in later.effects]):
            outcomes.extend(apply(part, None, desk.world))
        for outcome in outcomes[count:]:
            is_news = outcome.done is Done.ALREADY and outcome.effect.key not in known
            if is_news or outcome.done in (Done.DONE, Done.FOUND):
                return True
    return False


def carry_out_approved(desk: Desk, name: str, *, read: str, only: Collection[str] | None = None) -> list[Outcome]:
    """Carry out what a person approved: the plan as it is now, if its digest is the one they read.

    Raises `Refused` when it is another, when it refuses itself, when an effect would be early, for somebody who is
    not in the team, and while the process has values that are only examples.
    """
    _refuse_examples(desk, name)
    seen = enter(desk, name, Act.APPROVE).scene
    plan = propose(desk, seen, only).to_approve
    changed = changed_since(desk, seen, plan, read)
    approval = approve(plan, read=read, by=desk.by, at=desk.now(), changed=changed)
    return list(apply(plan, approval, desk.world))


def _refuse_examples(desk: Desk, name: str) -> None:
    if examples := desk.examples():
        first, *others = examples
        more = f", and {len(others)} more" if others else ""
        what = f"the process file still has examples, which must not become public: {first}{more}"
        raise Refused(what, where=name, remedy="put your own in their place; to see each of them: secrel doctor")

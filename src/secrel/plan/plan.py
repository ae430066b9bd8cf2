"""A plan: ordered effects with a digest, and the reasons for which it refuses itself (style 4.2, 4.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from secrel.words.effects import Effect, values_of
from secrel.words.errors import Refused
from secrel.words.people import Approval, handle_of


class Refusal(Struct, frozen=True):
    """Why a plan refuses itself: the rule, what is so, the effects it is about, and what would change the answer."""

    rule: str
    what: str
    keys: tuple[str, ...] = ()
    remedy: str = ""


class Notice(Struct, frozen=True):
    """What a person has to look at before they approve, since no program can tell, and the effects it is about."""

    what: str
    keys: tuple[str, ...]


class Prepared(Struct, frozen=True):
    """What is somebody else's to do, under their own name: whose it is, what, and the command they run."""

    whose: str
    what: str
    command: str


class Later(Struct, frozen=True):
    """What the desk does by itself, and not yet: what, from when on, and the command that does it at once."""

    what: str
    at: datetime
    command: str


class Plan(Struct, frozen=True):
    """What would be done to the world, in order; `targets` name the forge and the services it would be done to.

    `authors` are the handles, as they are compared, of those whose document in it nobody else has reviewed: they cannot
    approve it. `prepared` is what is ready for others to do, `later` what the desk does by itself at another
    time, `held` why something is not in the whole plan of which this is a part: none of them is a part of it.
    """

    release: str
    effects: tuple[Effect, ...]
    refusals: tuple[Refusal, ...] = ()
    targets: tuple[str, ...] = ()
    authors: frozenset[str] = frozenset()
    notices: tuple[Notice, ...] = ()
    prepared: tuple[Prepared, ...] = ()
    later: tuple[Later, ...] = ()
    held: tuple[Refusal, ...] = ()

    @property
    def digest(self) -> str:
        """The fingerprint of everything it would do, to the byte, and of what was to look at: 32 hexadecimal digits."""
        told = [self.release, list(self.targets), [[effect.kind, values_of(effect)] for effect in self.effects]]
        told += [[notice.what for notice in self.notices]] if self.notices else []
        return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()[:32]

    @property
    def needs_approval(self) -> bool:
        """Whether any of its effects does."""
        return any(effect.needs_approval for effect in self.effects)

    @property
    def free(self) -> Plan:
        """The part of it that a command may carry out by itself: what neither reveals nor is blind."""
        return self.part(tuple(effect for effect in self.effects if not effect.needs_approval))

    @property
    def to_approve(self) -> Plan:
        """The part of it that a person has to approve."""
        return self.part(tuple(effect for effect in self.effects if effect.needs_approval))

    @property
    def left(self) -> Plan:
        """What is left once the free part is done: what a person has to approve, or else why there is nothing."""
        rest = self.to_approve
        if rest.effects:
            return rest
        free = {effect.key for effect in self.free.effects}
        held = tuple(r for r in self.refusals if not free.intersection(r.keys))
        return Plan(self.release, (), held, self.targets, self.authors, prepared=self.prepared, later=self.later)

    def part(self, effects: tuple[Effect, ...]) -> Plan:
        """Give the plan of some of its effects, with what is said of those."""
        keys = {effect.key for effect in effects}
        theirs = tuple(r for r in self.refusals if not r.keys or keys.intersection(r.keys))
        noted = tuple(n for n in self.notices if keys.intersection(n.keys))
        there = {effect.key for effect in self.effects}
        held = self.held or tuple(r for r in self.refusals if r.keys and there.isdisjoint(r.keys))
        return Plan(self.release, effects, theirs, self.targets, self.authors, noted, self.prepared, self.later, held)


def refuse_to_go_on(plan: Plan) -> None:
    """Raise `Refused` when the plan refuses itself."""
    if plan.refusals:
        first = plan.refusals[0]
        more = f" (and {len(plan.refusals) - 1} more)" if len(plan.refusals) > 1 else ""
        raise Refused(f"{first.rule}: {first.what}{more}", where=plan.release, remedy=first.remedy)


def approve(plan: Plan, *, read: str, by: str, at: datetime, changed: str = "") -> Approval:
    """Approve exactly the plan that was read; only this function makes an `Approval`.

    `changed` says what changed since it was read, for whoever is refused.

    Raises `Refused` when the plan is another by now, when it refuses itself, and when an author of a document in it
    that nobody else has reviewed would be its approver.
    """
    if read != plan.digest:
        raise Refused(
            f"you read the plan {read[:32]}, and it is now {plan.digest}{changed and f': {changed}'}",
            where=plan.release,
            remedy=f"read it again: secrel plan {plan.release}",
        )
    refuse_to_go_on(plan)
    if not by or handle_of(by) in plan.authors:
        raise Refused(
            f"{by or 'nobody'} cannot approve this plan alone: nobody else has reviewed the post they wrote",
            where=plan.release,
            remedy="let another member of the team approve the draft, or the plan",
        )
    return Approval(plan.release, plan.digest, by, at)


def in_order(effects: Sequence[Effect], done: frozenset[str]) -> tuple[Effect, ...]:
    """Leave out what is done and what stands twice, keeping the order."""
    seen: dict[str, Effect] = {}
    for effect in effects:
        if effect.key not in done:
            seen.setdefault(effect.key, effect)
    return tuple(seen.values())

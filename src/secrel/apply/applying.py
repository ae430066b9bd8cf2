"""Carry out a plan: look for the mark, intent, do, receipt; each effect once, whatever crashes (style 4.8).

An effect that is there already gets its receipt without an intent, unless this desk had begun it: the desk does not
say that it wrote what it has only found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from secrel.journal.entries import Entry, Remembered, in_doubt, receipts
from secrel.journal.journal import Journal
from secrel.plan.plan import Plan, refuse_to_go_on
from secrel.ports.forge import Writer
from secrel.words.effects import Action, Approval, Effect, Receipt, fill, references, values_of
from secrel.words.errors import InDoubt, Misused, Refused
from secrel.words.outcomes import CannotTell, Made
from secrel.words.people import Actor


class Done(StrEnum):
    """How an effect ended."""

    DONE = "done"
    FOUND = "found"
    ALREADY = "already"
    DOUBT = "in doubt"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One effect and how it ended; `address` of what it made, empty when in doubt."""

    effect: Effect
    done: Done
    address: str


@dataclass(frozen=True, slots=True)
class World:
    """What applying needs: who writes which kind of action, the journal, the clock, and whoever acts."""

    writers: Mapping[type[Action], Writer]
    journal: Journal
    now: Callable[[], datetime]
    actor: Actor

    @property
    def by(self) -> str:
        """The handle of whoever acts."""
        return self.actor.username


def _check(plan: Plan, approval: Approval | None) -> None:
    refuse_to_go_on(plan)
    if not plan.needs_approval:
        return
    if approval is None or approval.digest != plan.digest or approval.release != plan.release:
        raise Refused(
            f"this plan of {plan.release} needs an approval of exactly {plan.digest}",
            where=plan.release,
            remedy=f"secrel apply {plan.release} --approve {plan.digest} --by YOU",
        )


def apply(plan: Plan, approval: Approval | None, world: World) -> Iterator[Outcome]:
    """Carry out every effect of `plan` in order; stops at one that is in doubt.

    Raises `Refused` when the plan refuses itself, when its approval is missing or of another digest, and when an
    effect that reveals would be early by the clock at this very moment.
    """
    _check(plan, approval)
    with world.journal.exclusive():
        if approval is not None:
            world.journal.approved(approval)
        for effect in plan.effects:
            outcome = _perform(plan.release, effect, world)
            yield outcome
            if outcome.done is Done.DOUBT:
                return


def _perform(release: str, effect: Effect, world: World) -> Outcome:
    told = world.journal.entries()
    known = receipts(told)
    if effect.key in known:
        return Outcome(effect, Done.ALREADY, known[effect.key].address)
    ready = _ready(release, effect, known, world.now())
    begun = next((entry for entry in in_doubt(told) if entry.key == effect.key), None)
    found = world.writers[type(effect.action)].find(ready, begun=begun.at if begun else None)
    if isinstance(found, CannotTell):
        return Outcome(ready, Done.DOUBT, "")
    there = found.address if isinstance(found, Made) else None
    if there is None and (begun is None or begun.body["action"] != _as_remembered(ready)):
        # what was begun and is not there may have said something else: the journal has to hold what will be sent
        world.journal.intend(release, ready, by=world.by, at=world.now())
    try:
        address = there if there is not None else _do(release, ready, world)
    except InDoubt:
        return Outcome(ready, Done.DOUBT, "")
    world.journal.settle(release, Receipt(effect.key, address, world.now(), found=there is not None), by=world.by)
    return Outcome(ready, Done.DONE if there is None else Done.FOUND, address)


def _ready(release: str, effect: Effect, known: Mapping[str, Receipt], now: datetime) -> Effect:
    """Fill in addresses; raises `Refused` for an effect that is early, or waits for something that is not made."""
    if effect.not_before is not None and now < effect.not_before:
        raise Refused(
            f"{effect.key} would be public {effect.not_before - now} early",
            where=release,
            remedy=f"wait until {effect.not_before:%Y-%m-%d %H:%M %Z}",
        )
    wanted = references(effect.action)
    missing = sorted(wanted - known.keys())
    if missing:
        raise Refused(
            f"{effect.key} needs the address of {missing[0][:80]}, which is not made yet",
            where=release,
            remedy=f"plan again: secrel plan {release}",
        )
    return replace(effect, action=fill(effect.action, {key: known[key].address for key in wanted}))


def _as_remembered(effect: Effect) -> Any:
    """Give the action as the journal gives it back."""
    return msgspec.json.decode(msgspec.json.encode(values_of(effect.action)))


def _do(release: str, ready: Effect, world: World) -> str:
    """Do it; what a writer refuses did not happen, and is not in doubt."""
    try:
        return world.writers[type(ready.action)].do(ready, actor=world.actor).address
    except (Misused, Refused):
        world.journal.add(Entry(world.now(), release, Remembered.WITHDRAWN, ready.key, world.by, {}))
        raise


def settle_by_word(world: World, release: str, key: str, *, happened: bool) -> None:
    """Record a person's word about an effect in doubt: it happened, or it did not and may be done again.

    Waits for a desk that is at work: what is being sent is not in doubt. Raises `Refused` when `key` is not.
    """
    with world.journal.exclusive():
        if key not in [entry.key for entry in in_doubt(world.journal.entries(release))]:
            raise Refused(f"{key} is not in doubt", where=release, remedy=f"look: secrel journal {release}")
        if happened:
            world.journal.settle(release, Receipt(key, "said by a person", world.now(), found=True), by=world.by)
        else:
            world.journal.add(Entry(world.now(), release, Remembered.WITHDRAWN, key, world.by, {}))

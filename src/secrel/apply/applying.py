"""Carry out a plan: look for the mark, intent, do, receipt; each effect once, whatever crashes (style 4.8).

An effect that is there already gets its receipt without an intent, unless this desk had begun it: the desk does not
say that it wrote what it has only found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from secrel.journal.entries import Entry, Remembered, in_doubt
from secrel.journal.intents import then_of
from secrel.journal.journal import Journal
from secrel.plan.plan import Plan, refuse_to_go_on
from secrel.ports.forge import Writer
from secrel.words.effects import SENT_KINDS, Action, Effect
from secrel.words.errors import InDoubt, Misused, NothingDone, Refused, SecrelError, said_with_remedy
from secrel.words.filling import fill, references
from secrel.words.outcomes import CannotTell, Made, NotMade, Receipt
from secrel.words.people import Actor, Approval


class Done(StrEnum):
    """How an effect ended."""

    DONE = "done"
    FOUND = "found"
    ALREADY = "already"
    DOUBT = "in doubt"
    NOT_DONE = "not done"
    UNBEGUN = "unbegun"
    LEFT = "left out"


class Outcome(Struct, frozen=True):
    """One effect and how it ended; `address` of what it made, empty where it is not known to be there.

    `prepared` when what it made is still to be sent by a person; `why` says why one is in doubt, or was left out, and
    what to do. When one was not done, nothing happened; one that was not begun comes after the one at which its plan
    stopped.
    """

    effect: Effect
    done: Done
    address: str
    prepared: bool = False
    why: str = ""


class Halted(SecrelError):
    """An error that stopped a plan of several effects, or left one in doubt, with how each of them ended.

    It says what `fault` says, and has its exit word: a command that ends with it tells what was done all the same.
    """

    def __init__(self, fault: SecrelError, outcomes: Iterable[Outcome]) -> None:
        """Keep the outcomes beside what the fault says."""
        super().__init__(fault.what, where=fault.where, remedy=fault.remedy)
        self.exit_word = fault.exit_word
        self.fault = fault
        self.outcomes = ended(outcomes)


def ended(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Give how each effect ended: a later attempt may find what an earlier one made, or do what it did not come to."""
    last: dict[str, Outcome] = {}
    for one in outcomes:
        if one.done is not Done.ALREADY or last.get(one.effect.key, one).done in (Done.ALREADY, Done.UNBEGUN):
            last[one.effect.key] = one
    return tuple(last.values())


@contextmanager
def between(before: Sequence[Outcome], after: Iterable[Effect] = ()) -> Iterator[None]:
    """Let an error say what was carried out `before` it, as much as there is by then, and what was to come `after`."""
    try:
        yield
    except SecrelError as fault:
        own = fault.outcomes if isinstance(fault, Halted) else ()
        told = [*before, *own, *_unbegun(after)]
        if not told:
            raise
        raise Halted(fault.fault if isinstance(fault, Halted) else fault, told) from fault


class Applying(Struct, frozen=True):
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


def apply(plan: Plan, approval: Approval | None, world: Applying, then: Sequence[Entry] = ()) -> Iterator[Outcome]:
    """Carry out every effect of `plan` in order; stops at one that is in doubt, and says of the rest that they wait.

    `then` is committed with the receipt of the last one, whoever settles that: after a crash as well.

    Each effect is held by itself: desks that apply other plans wait for nothing, and those that apply the same one
    wait for the effect that the other is at. Raises `Refused` when the plan refuses itself, when its approval is
    missing or of another digest, and when an effect that reveals would be early by the clock at this very moment; as
    `Halted` where there is more to tell than that: what was done before, what is in doubt, what was not begun.
    """
    _check(plan, approval)
    if approval is not None:
        world.journal.approved(approval)
    outcomes: list[Outcome] = []
    for number, effect in enumerate(plan.effects, start=1):
        try:
            outcome = _perform(plan.release, effect, world, then if number == len(plan.effects) else ())
        except SecrelError as fault:
            failed = Outcome(effect, Done.DOUBT if _is_in_doubt(plan.release, effect, world) else Done.NOT_DONE, "")
            if len(plan.effects) == 1 and failed.done is Done.NOT_DONE:
                raise
            raise Halted(fault, (*outcomes, failed, *_unbegun(plan.effects[number:]))) from fault
        outcomes.append(outcome)
        yield outcome
        if outcome.done is Done.DOUBT:
            yield from _unbegun(plan.effects[number:])
            return


def _unbegun(effects: Iterable[Effect]) -> Iterator[Outcome]:
    return (Outcome(effect, Done.UNBEGUN, "") for effect in effects)


def _is_in_doubt(release: str, effect: Effect, world: Applying) -> bool:
    """Whether the journal has it begun and not finished; one that cannot be read tells nothing."""
    try:
        return any(intent.key == effect.key for intent in in_doubt(world.journal.entries(release)))
    except SecrelError:
        return True


def _perform(release: str, effect: Effect, world: Applying, then: Sequence[Entry]) -> Outcome:
    with world.journal.holding(release, effect.key, by=world.by) as so_far:
        if so_far.receipt is not None:
            return Outcome(effect, Done.ALREADY, so_far.receipt.address, so_far.receipt.prepared)
        ready = _ready(release, effect, world)
        if so_far.begun is not None and not effect.findable:
            return Outcome(ready, Done.DOUBT, "")  # whatever its writer would say: nobody can look for it
        found = world.writers[type(effect.action)].find(ready, begun=so_far.begun)
        if isinstance(found, CannotTell):
            return Outcome(ready, Done.DOUBT, "", why=found.reason)
        if isinstance(found, NotMade):
            # also when it was begun before: the journal has to hold what will be sent, and who will send it
            world.journal.begin(ready, so_far, by=world.by, at=world.now(), then=then)
        try:
            made = found if isinstance(found, Made) else _do(so_far.release, ready, world)
        except InDoubt as doubt:
            return Outcome(ready, Done.DOUBT, "", why=said_with_remedy(doubt))
        is_found = made.earlier or isinstance(found, Made)
        receipt = Receipt(effect.key, made.address, world.now(), found=is_found, prepared=made.prepared)
        world.journal.settle(so_far.release, receipt, by=world.by, then=() if is_found else then)
        return Outcome(ready, Done.FOUND if is_found else Done.DONE, made.address, made.prepared)


def _ready(release: str, effect: Effect, world: Applying) -> Effect:
    """Fill in addresses; raises `Refused` for an effect that is early, or waits for something that is not made."""
    now = world.now()
    if effect.not_before is not None and now < effect.not_before:
        raise Refused(
            f"{effect.key} would be public {effect.not_before - now} early",
            where=release,
            remedy=f"wait until {effect.not_before:%Y-%m-%d %H:%M %Z}",
        )
    addresses: dict[str, str] = {}
    for key in sorted(references(effect.action)):
        receipt = world.journal.receipt(key)
        if receipt is None:
            raise Refused(
                f"{effect.key} needs the address of {key[:80]}, which is not made yet",
                where=release,
                remedy=f"plan again: secrel plan {release}",
            )
        addresses[key] = receipt.address
    return replace(effect, action=fill(effect.action, addresses))


def _do(release: str, ready: Effect, world: Applying) -> Made:
    """Do it; what a writer refuses, or fails before, did not happen, and what it found made was not sent now.

    None of that was intended.
    """
    try:
        made = world.writers[type(ready.action)].do(ready, actor=world.actor)
    except (Misused, NothingDone, Refused):
        _withdraw(release, ready.key, world)
        raise
    if made.earlier:
        _withdraw(release, ready.key, world)
    return made


def _withdraw(release: str, key: str, world: Applying) -> None:
    world.journal.add(Entry(world.now(), release, Remembered.WITHDRAWN, key, world.by, {}))


def settle_by_word(world: Applying, release: str, key: str, *, happened: bool) -> None:
    """Record a person's word about an effect in doubt: it happened, or it did not and may be done again.

    Something to send was prepared then: that it was sent is said later, as for anything else that is prepared.
    Waits for a desk that is at work on it: what is being sent is not in doubt. Raises `Refused` when `key` is not.
    """
    with world.journal.holding(release, key, by=world.by) as so_far:
        if so_far.begun is None or so_far.release != release:
            raise Refused(f"{key} is not in doubt", where=release, remedy=f"look: secrel journal {release}")
        if happened:
            intents = [entry for entry in in_doubt(world.journal.entries(release)) if entry.key == key]
            then = [one for intent in intents for one in then_of(intent)]
            is_prepared = any(intent.body.get("kind") in SENT_KINDS for intent in intents)
            receipt = Receipt(key, "said by a person", world.now(), found=True, prepared=is_prepared)
            world.journal.settle(release, receipt, by=world.by, then=then)
        else:
            _withdraw(release, key, world)

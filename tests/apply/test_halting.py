"""A plan that an error stops says what was done before it, what is in doubt, and what was not begun."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.apply.applying import Done, Halted, Outcome, apply, between
from secrel.journal.entries import in_doubt, receipts
from secrel.journal.journal import Journal
from secrel.plan.plan import Plan
from secrel.words.effects import Comment, Effect
from secrel.words.errors import Broken, Exit, InDoubt, Misused, NothingDone, NotSeen, Refused, SecrelError
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.people import Actor
from tests.apply.world import MemoryWriter, Things, a_world

FAULTS = (Broken, InDoubt, Misused, NothingDone, NotSeen, Refused)
PLAN = tuple(Effect(f"r/note/{number}", Comment("p#1", str(number)), f"say {number}") for number in range(5))
_NOTHING_HAPPENED = (Misused, NothingDone, Refused)


class Failing(MemoryWriter):
    """Fails at one effect: while it looks for it, before it does it, or after."""

    key, moment = "", "do"
    kind: Callable[[str], SecrelError] = Broken

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        if (effect.key, "find") == (self.key, self.moment):
            raise self.kind("it does not answer")
        return super().find(effect, begun=begun)

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        if (effect.key, "do") == (self.key, self.moment):
            raise self.kind("it does not answer")
        made = super().do(effect, actor=actor)
        if (effect.key, "after") == (self.key, self.moment):
            raise self.kind("it does not answer any more")
        return made


def told(plan: Plan, journal: Journal, writer: MemoryWriter) -> tuple[list[Outcome], SecrelError | None]:
    """Carry out, and give what is said of each effect, by the outcomes or by the error."""
    outcomes: list[Outcome] = []
    try:
        outcomes.extend(apply(plan, None, a_world(journal, writer)))
    except Halted as halted:
        return list(halted.outcomes), halted
    except SecrelError as fault:
        return outcomes, fault
    return outcomes, None


@given(st.integers(1, 5), st.data(), st.sampled_from(FAULTS), st.sampled_from(["find", "do", "after"]))
def test_every_effect_of_a_stopped_plan_is_told_as_the_journal_has_it(
    size: int, data: st.DataObject, kind: type[SecrelError], moment: str
) -> None:
    if moment == "after" and kind in _NOTHING_HAPPENED:
        return  # a writer that has done something does not say that nothing happened
    plan, at = Plan("r", PLAN[:size]), data.draw(st.integers(0, size - 1))
    with TemporaryDirectory() as folder, closing(Journal(f"{folder}/journal.db")) as journal:
        things = Things()
        writer = Failing(things)
        writer.key, writer.moment, writer.kind = plan.effects[at].key, moment, kind
        outcomes, fault = told(plan, journal, writer)
        doubts = {entry.key for entry in in_doubt(journal.entries("r"))}
        if size == 1 and fault is not None and not doubts:
            assert type(fault) is kind
            assert outcomes == []
        else:
            ended = {one.effect.key: one.done for one in outcomes}
            assert list(ended) == [effect.key for effect in plan.effects]
            assert {key for key, done in ended.items() if done is Done.DONE} == set(receipts(journal.entries("r")))
            assert {key for key, done in ended.items() if done is Done.DOUBT} == doubts
            assert [ended[effect.key] for effect in plan.effects[at + 1 :]] == [Done.UNBEGUN] * (size - at - 1)
        again, fault = told(plan, journal, MemoryWriter(things))
        assert fault is None
        assert not {one.done for one in again} & {Done.UNBEGUN, Done.NOT_DONE, Done.DOUBT}
        assert sorted(things.made) == [effect.key for effect in plan.effects], "each of them once"


@pytest.mark.parametrize("kind", FAULTS)
def test_it_says_what_its_fault_says_and_ends_with_its_word(kind: type[SecrelError]) -> None:
    fault = kind("it does not answer", where="p#1", remedy="wait")
    halted = Halted(fault, ())
    assert (halted.what, halted.where, halted.remedy, halted.exit_word) == (
        fault.what,
        fault.where,
        fault.remedy,
        fault.exit_word,
    )


def test_what_later_steps_add_is_told_once_and_last() -> None:
    def outcome(number: int, done: Done) -> Outcome:
        return Outcome(PLAN[number], done, "")

    before = [outcome(0, Done.DONE), outcome(1, Done.UNBEGUN)]

    def later() -> None:
        with between(before, PLAN[2:3]):
            before.append(outcome(1, Done.DONE))
            raise Halted(Refused("no"), [outcome(0, Done.ALREADY), outcome(1, Done.ALREADY)])

    with pytest.raises(Halted) as caught:
        later()
    assert [(one.effect.key, one.done) for one in caught.value.outcomes] == [
        ("r/note/0", Done.DONE),
        ("r/note/1", Done.DONE),
        ("r/note/2", Done.UNBEGUN),
    ]
    assert caught.value.exit_word is Exit.REFUSED
    with pytest.raises(Refused), between(()):
        raise Refused("nothing was done, and nothing waits")


def test_a_journal_that_cannot_be_read_any_more_leaves_a_doubt(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "journal.db"))

    class Losing(MemoryWriter):
        def do(self, effect: Effect, *, actor: Actor) -> Made:
            (tmp_path / "journal.db").write_bytes(b"no database" * 1000)
            raise Broken("it does not answer")

    outcomes, fault = told(Plan("r", PLAN[:2]), journal, Losing(Things()))
    assert isinstance(fault, Halted)
    assert [one.done for one in outcomes] == [Done.DOUBT, Done.UNBEGUN]

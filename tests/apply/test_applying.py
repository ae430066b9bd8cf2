"""Every effect once: whatever crashes, whoever else applies, whatever the order of commands (design.md, Apply)."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import ClassVar, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.apply.applying import Applying, Done, Halted, Outcome, apply, settle_by_word
from secrel.journal.entries import Remembered, in_doubt, receipts, written
from secrel.journal.journal import Journal
from secrel.plan.plan import Plan, Refusal, approve
from secrel.words.effects import Action, Comment, Effect, OpenIssue, RewriteIssue, address_of
from secrel.words.errors import InDoubt, Refused
from secrel.words.outcomes import CannotTell, Made, NotMade, Receipt
from secrel.words.people import Actor, Approval
from tests.apply.world import AFTER, EFFECTS, LIFTS, MemoryWriter, Things, Unplugged, a_world, pull_the_plug


def a_journal(folder: Path) -> Journal:
    return Journal(str(folder / "journal.db"))


def run(plan: Plan, world: Applying) -> list[Outcome]:
    approval = approve(plan, read=plan.digest, by="bjorn", at=world.now()) if plan.needs_approval else None
    return list(apply(plan, approval, world))


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda e: e.kind)
def test_an_effect_is_done_and_receipted(effect: Effect, tmp_path: Path) -> None:
    things, journal = Things(), a_journal(tmp_path)
    [outcome] = run(Plan("r", (effect,)), a_world(journal, MemoryWriter(things)))
    assert (outcome.done, outcome.address) == (Done.DONE, f"at:{effect.key}")
    assert receipts(journal.entries("r"))[effect.key] == Receipt(effect.key, f"at:{effect.key}", AFTER)
    [again] = run(Plan("r", (effect,)), a_world(journal, MemoryWriter(things)))
    assert again.done is Done.ALREADY
    assert things.made == [effect.key]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda e: e.kind)
@pytest.mark.parametrize("moment", ["before the effect", "after the effect", "after the receipt"])
def test_a_crash_at_any_moment_gives_one_effect(effect: Effect, moment: str, tmp_path: Path) -> None:
    things, plan = Things(), Plan("r", (effect,))
    faulty = MemoryWriter(
        things,
        before=pull_the_plug if moment == "before the effect" else lambda: None,
        after=pull_the_plug if moment == "after the effect" else lambda: None,
    )
    if moment == "after the receipt":
        run(plan, a_world(a_journal(tmp_path), faulty))
    else:
        with pytest.raises(Unplugged):
            run(plan, a_world(a_journal(tmp_path), faulty))
    journal = a_journal(tmp_path)
    [outcome] = run(plan, a_world(journal, MemoryWriter(things)))
    if effect.findable or moment == "after the receipt":
        assert things.made == [effect.key]
        assert outcome.done is not Done.DOUBT
        return
    assert outcome.done is Done.DOUBT, "a blind effect in doubt waits for a person"
    assert len(things.made) == (moment == "after the effect")
    settle_by_word(a_world(journal, MemoryWriter(things)), "r", effect.key, happened=bool(things.made))
    [settled] = run(plan, a_world(journal, MemoryWriter(things)))
    assert settled.done in (Done.DONE, Done.ALREADY)
    assert things.made == [effect.key]


def test_an_effect_in_doubt_stops_what_comes_after_it(tmp_path: Path) -> None:
    mail = next(e for e in EFFECTS if e.kind == "SendMail")
    plan, things = Plan("r", (mail, EFFECTS[0])), Things()
    with pytest.raises(Unplugged):
        run(plan, a_world(a_journal(tmp_path), MemoryWriter(things, before=pull_the_plug)))
    outcomes = run(plan, a_world(a_journal(tmp_path), MemoryWriter(things)))
    assert [outcome.done for outcome in outcomes] == [Done.DOUBT, Done.UNBEGUN]
    assert things.made == []


def test_only_what_is_in_doubt_can_be_settled_by_word(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is not in doubt"):
        settle_by_word(a_world(a_journal(tmp_path), MemoryWriter(Things())), "r", "r/email", happened=True)


def test_a_plan_that_needs_an_approval_is_not_applied_without_exactly_it(tmp_path: Path) -> None:
    plan, things = Plan("r", EFFECTS), Things()
    world = a_world(a_journal(tmp_path), MemoryWriter(things))
    for approval in (
        None,
        Approval("r", "0" * 32, "bjorn", AFTER),
        Approval("other", plan.digest, "bjorn", AFTER),
    ):
        with pytest.raises(Refused, match=plan.digest):
            list(apply(plan, approval, world))
    assert things.made == []


def test_a_plan_that_refuses_itself_is_not_applied(tmp_path: Path) -> None:
    plan = Plan("r", EFFECTS[:1], (Refusal("embargo", "too early"),))
    with pytest.raises(Refused, match="too early"):
        list(apply(plan, None, a_world(a_journal(tmp_path), MemoryWriter(Things()))))


def test_addresses_of_earlier_effects_are_filled_in_and_remembered_as_sent(tmp_path: Path) -> None:
    opened = Effect("r/tracking", OpenIssue("p", "t", "b"), "s")
    comment = Effect("r/comment", Comment(address_of("r/tracking"), f"see {address_of('r/tracking')}"), "s")
    journal = a_journal(tmp_path)
    outcomes = run(Plan("r", (opened, comment)), a_world(journal, MemoryWriter(Things())))
    assert outcomes[1].effect.action == Comment("at:r/tracking", "see at:r/tracking")
    sent = [e.body["action"] for e in journal.entries("r") if e.kind is Remembered.INTENT]
    assert sent[1]["body"] == "see at:r/tracking"


def test_what_waits_for_an_address_that_is_not_there_is_refused_and_not_begun(tmp_path: Path) -> None:
    journal, things = a_journal(tmp_path), Things()
    comment = Effect("r/comment", Comment(address_of("r/tracking"), "see it"), "s")
    with pytest.raises(Refused, match="needs the address of r/tracking, which is not made yet") as told:
        run(Plan("r", (comment,)), a_world(journal, MemoryWriter(things)))
    assert told.value.remedy == "plan again: secrel plan r"
    assert things.made == []
    assert journal.entries() == []


@cache
def empty_journal() -> Path:
    """A journal that was made once: to migrate one for each example would be most of the time."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    a_journal(folder).close()
    return folder / "journal.db"


instants = st.integers(-100, 100).map(lambda hours: LIFTS + timedelta(hours=hours))


@given(st.lists(st.tuples(st.permutations(EFFECTS), instants), min_size=1, max_size=4))
def test_nothing_is_revealed_before_its_embargo_lifts(commands: list[tuple[list[Effect], datetime]]) -> None:
    with TemporaryDirectory() as folder:
        shutil.copy(empty_journal(), Path(folder) / "journal.db")
        journal, things = Journal(str(Path(folder) / "journal.db"), durable=False), Things()
        revealed: dict[str, datetime] = {}
        for order, now in commands:
            known = len(things.made)
            is_early = now < LIFTS and any(one.reveals and one.key not in things.made for one in EFFECTS)
            with pytest.raises(Halted, match="early") if is_early else nullcontext():
                run(Plan("r", tuple(order)), a_world(journal, MemoryWriter(things), now))
            for key in things.made[known:]:
                revealed[key] = now
        journal.close()
    for effect in EFFECTS:
        if effect.reveals and effect.key in revealed:
            assert revealed[effect.key] >= LIFTS
    assert len(things.made) == len(set(things.made))


class FileWriter:
    """Makes a line in a file: a world that several processes share."""

    kinds: ClassVar[frozenset[type[Action]]] = frozenset(get_args(Action))

    def __init__(self, file: Path, die_at: Callable[[str], None] = lambda moment: None) -> None:
        self.file = file
        self.die_at = die_at

    def _lines(self) -> list[str]:
        return self.file.read_text().split() if self.file.exists() else []

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        if not effect.findable:
            return NotMade() if begun is None else CannotTell("it is blind")
        return Made(effect.key) if effect.key in self._lines() else NotMade()

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        assert actor.username
        self.die_at("before")
        with self.file.open("a") as out:
            out.write(f"{effect.key}\n")
        self.die_at("after")
        return Made(effect.key)


def file_world(writer: FileWriter, journal: Journal) -> Applying:
    return Applying(dict.fromkeys(writer.kinds, writer), journal, lambda: AFTER, Actor("amara"))


def apply_in_a_process(folder: Path, deadly: str) -> None:
    def die_at(moment: str) -> None:
        if moment == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    world = file_world(FileWriter(folder / "world", die_at), Journal(str(folder / "journal.db")))
    plan = Plan("r", EFFECTS)
    list(apply(plan, approve(plan, read=plan.digest, by="bjorn", at=AFTER), world))


def test_two_desks_that_apply_the_same_plan_at_once_make_everything_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    desks = [spawn.Process(target=apply_in_a_process, args=(tmp_path, "never")) for _ in range(2)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert [desk.exitcode for desk in desks] == [0, 0]
    assert sorted((tmp_path / "world").read_text().split()) == sorted(effect.key for effect in EFFECTS)


@pytest.mark.parametrize("deadly", ["before", "after"])
def test_a_killed_process_leaves_a_journal_that_knows_where_it_was(deadly: str, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    desk = spawn.Process(target=apply_in_a_process, args=(tmp_path, deadly))
    desk.start()
    desk.join()
    assert desk.exitcode == -signal.SIGKILL
    journal = a_journal(tmp_path)
    assert [entry.key for entry in in_doubt(journal.entries("r"))] == [EFFECTS[0].key]
    outcomes = run(
        Plan("r", EFFECTS),
        file_world(FileWriter(tmp_path / "world"), journal),
    )
    assert outcomes[0].done is (Done.FOUND if deadly == "after" else Done.DONE)
    assert sorted((tmp_path / "world").read_text().split()) == sorted(effect.key for effect in EFFECTS)


def test_what_is_sent_after_a_crash_is_what_is_remembered(tmp_path: Path) -> None:
    """The world moved on between the crash and the next try: other bytes are sent, and those are the base kept."""
    things = Things()
    first = Effect("r/checklist/edit/1", RewriteIssue("p#1", "one", "zero", "desk one"), "s")
    second = Effect("r/checklist/edit/1", RewriteIssue("p#1", "two", "zero", "desk two"), "s")
    with pytest.raises(Unplugged):
        run(Plan("r", (first,)), a_world(a_journal(tmp_path), MemoryWriter(things, before=pull_the_plug)))
    journal = a_journal(tmp_path)
    [outcome] = run(Plan("r", (second,)), a_world(journal, MemoryWriter(things)))
    assert outcome.done is Done.DONE
    assert written(journal.entries())["checklist"].text == "desk two"


def test_what_was_done_before_a_crash_is_remembered_as_it_was_sent(tmp_path: Path) -> None:
    things = Things()
    first = Effect("r/checklist/edit/1", RewriteIssue("p#1", "one", "zero", "desk one"), "s")
    second = Effect("r/checklist/edit/1", RewriteIssue("p#1", "two", "zero", "desk two"), "s")
    with pytest.raises(Unplugged):
        run(Plan("r", (first,)), a_world(a_journal(tmp_path), MemoryWriter(things, after=pull_the_plug)))
    journal = a_journal(tmp_path)
    [outcome] = run(Plan("r", (second,)), a_world(journal, MemoryWriter(things)))
    assert outcome.done is Done.FOUND
    assert written(journal.entries())["checklist"].text == "desk one"


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.kind)
def test_what_was_sent_without_an_answer_is_in_doubt_and_not_sent_by_the_next_one(
    effect: Effect, tmp_path: Path
) -> None:
    things, journal = Things(), a_journal(tmp_path)

    def no_answer() -> None:
        raise InDoubt("it was sent, and no answer came")

    plan = Plan("r", (effect, Effect("r/after", Comment("p#1", "b"), "s")))
    outcome, waits = run(plan, a_world(journal, MemoryWriter(things, after=no_answer)))
    assert (outcome.effect.key, outcome.done, outcome.address) == (effect.key, Done.DOUBT, "")
    assert (waits.effect.key, waits.done) == ("r/after", Done.UNBEGUN)
    assert [entry.key for entry in in_doubt(journal.entries("r"))] == [effect.key]
    again = run(plan, a_world(journal, MemoryWriter(things)))
    assert again[0].done is (Done.FOUND if effect.findable else Done.DOUBT)
    assert things.made.count(effect.key) == 1


def test_of_what_nobody_can_tell_nothing_is_sent(tmp_path: Path) -> None:
    class Blinded(MemoryWriter):
        def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
            return CannotTell(f"the list of {effect.key} cannot be read, begun or not: {begun}")

    things = Things()
    outcome, *waits = run(Plan("r", EFFECTS), a_world(a_journal(tmp_path), Blinded(things)))
    assert outcome.done is Done.DOUBT
    assert {one.done for one in waits} == {Done.UNBEGUN}
    assert things.made == []


class Forgetful(MemoryWriter):
    """A writer that never knows of anything that it made."""

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        return NotMade()


class Unsure(MemoryWriter):
    """A writer that can never tell."""

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        return CannotTell("nobody answers")


def test_a_blind_effect_that_was_begun_is_not_sent_again_whatever_its_writer_says(tmp_path: Path) -> None:
    things, blind = Things(), next(effect for effect in EFFECTS if not effect.findable)
    with pytest.raises(Unplugged):
        run(Plan("r", (blind,)), a_world(a_journal(tmp_path), Forgetful(things, after=pull_the_plug)))
    [outcome] = run(Plan("r", (blind,)), a_world(a_journal(tmp_path), Forgetful(things)))
    assert outcome.done is Done.DOUBT
    assert things.made == [blind.key]


def test_an_effect_of_which_its_writer_cannot_tell_is_in_doubt_and_not_made(tmp_path: Path) -> None:
    things = Things()
    [outcome] = run(Plan("r", EFFECTS[:1]), a_world(a_journal(tmp_path), Unsure(things)))
    assert (outcome.done, things.made) == (Done.DOUBT, [])


class Faster(MemoryWriter):
    """A writer that finds, while it makes something, that another desk was faster."""

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        return replace(super().do(effect, actor=actor), earlier=True)


def test_what_another_desk_made_in_between_is_found_and_not_remembered_as_sent(tmp_path: Path) -> None:
    journal = a_journal(tmp_path)
    effect = Effect("r/checklist/edit/1", RewriteIssue("p#1", "one", "zero", "desk one"), "s")
    [outcome] = run(Plan("r", (effect,)), a_world(journal, Faster(Things())))
    assert outcome.done is Done.FOUND
    assert receipts(journal.entries())[effect.key].found
    assert in_doubt(journal.entries()) == []
    assert written(journal.entries()) == {}

"""The crash test on the embedded forge and the outbox: processes that are really killed, things that are counted."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from secrel.apply.applying import Done, settle_by_word
from secrel.journal.entries import Remembered, in_doubt, receipts
from secrel.words.effects import Effect, SendMail
from tests.apply.real_world import COUNTS, EFFECTS, DeadlyClock, DeadlyWriter, Place, build, die

FORK = multiprocessing.get_context("fork")
_MOST_READINGS = 40


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "built"
    folder.mkdir()
    build(folder)
    return folder


@pytest.fixture
def fresh(built: Path, tmp_path: Path) -> Callable[[], Path]:
    """Give copies of the world, none of them opened yet."""
    count = iter(range(1000))

    def copy() -> Path:
        folder = tmp_path / f"world-{next(count)}"
        shutil.copytree(built, folder)
        return folder

    return copy


def in_a_process(run: Callable[[], object]) -> int:
    """Run something in a process of its own, and give how it ended."""
    process = FORK.Process(target=run)
    process.start()
    process.join()
    return process.exitcode or 0


def settled_by(place: Place, effect: Effect) -> None:
    """Look at the world as a person does, and say what is so of a mail in doubt."""
    settle_by_word(place.world, "r", effect.key, happened=COUNTS[effect.kind](place) > 0)


def assert_it_happens_once(folder: Path, effect: Effect) -> None:
    place = Place(folder)
    [outcome] = place.run(effect)
    if outcome.done is Done.DOUBT:
        assert not effect.findable
        settled_by(place, effect)
        [outcome] = place.run(effect)
    assert outcome.done is not Done.DOUBT
    assert COUNTS[effect.kind](place) == 1
    told = place.journal.entries("r")
    assert [entry.key for entry in told if entry.kind is Remembered.RECEIPT] == [effect.key]
    assert in_doubt(told) == []
    [again] = place.run(effect)
    assert again.done is Done.ALREADY
    assert again.address == receipts(told)[effect.key].address
    assert COUNTS[effect.kind](place) == 1
    place.close()


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.kind)
def test_nothing_of_it_is_there_before(effect: Effect, fresh: Callable[[], Path]) -> None:
    place = Place(fresh())
    assert COUNTS[effect.kind](place) == 0
    place.close()


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.kind)
@pytest.mark.parametrize("moment", ["before the effect", "after the effect", "after the receipt"])
def test_a_killed_desk_and_the_next_one_make_it_once(effect: Effect, moment: str, fresh: Callable[[], Path]) -> None:
    folder = fresh()

    def deadly() -> None:
        if moment != "after the receipt":
            Place(folder, wrapped=lambda writer: DeadlyWriter(writer, before=moment == "before the effect")).run(effect)
        Place(folder).run(effect)
        die()

    assert in_a_process(deadly) == -signal.SIGKILL
    place = Place(folder)
    assert COUNTS[effect.kind](place) == (0 if moment == "before the effect" else 1)
    doubts = [entry.key for entry in in_doubt(place.journal.entries("r"))]
    assert doubts == ([] if moment == "after the receipt" else [effect.key])
    place.close()
    assert_it_happens_once(folder, effect)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.kind)
def test_a_desk_that_is_killed_at_any_reading_of_the_clock(effect: Effect, fresh: Callable[[], Path]) -> None:
    """Within a hand the clock is read, too: for a commit before its row is written, for a note, for a mark."""
    ends: list[int] = []
    for readings in range(1, _MOST_READINGS):
        folder = fresh()
        ended = in_a_process(lambda: Place(folder, DeadlyClock(readings)).run(effect))  # noqa: B023 - it is run at once
        ends.append(ended)
        assert_it_happens_once(folder, effect)
        if ended == 0:
            break
    assert ends[0] == -signal.SIGKILL
    assert ends[-1] == 0
    assert len(ends) > 3, "before the intent, within the hand, before the receipt"


def test_a_mail_in_doubt_stops_what_comes_after_it_and_is_sent_once(fresh: Callable[[], Path]) -> None:
    folder = fresh()
    mail = next(effect for effect in EFFECTS if isinstance(effect.action, SendMail))
    message = next(effect for effect in EFFECTS if effect.kind == "PostMessage")
    wrapped = lambda writer: DeadlyWriter(writer, before=False)  # noqa: E731 - the shortest way to say it
    assert in_a_process(lambda: Place(folder, wrapped=wrapped).run(mail, message)) == -signal.SIGKILL
    place = Place(folder)
    for _ in range(3):
        assert [outcome.done for outcome in place.run(mail, message)] == [Done.DOUBT, Done.UNBEGUN]
    assert (place.files("mail"), place.files("messages")) == (1, 0)
    settle_by_word(place.world, "r", mail.key, happened=True)
    assert [outcome.done for outcome in place.run(mail, message)] == [Done.ALREADY, Done.DONE]
    assert (place.files("mail"), place.files("messages")) == (1, 1)
    place.close()


def test_two_desks_at_once_make_everything_once(fresh: Callable[[], Path]) -> None:
    folder = fresh()
    # what is done to an issue that another effect rewrites, closes or unlinks is in the order of the plan
    desks = [FORK.Process(target=lambda: Place(folder).run(*EFFECTS)) for _ in range(3)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert [desk.exitcode for desk in desks] == [0, 0, 0]
    place = Place(folder)
    assert {effect.kind: COUNTS[effect.kind](place) for effect in EFFECTS} == {effect.kind: 1 for effect in EFFECTS}
    made = [entry.key for entry in place.journal.entries("r") if entry.kind is Remembered.RECEIPT]
    assert sorted(made) == sorted(effect.key for effect in EFFECTS)
    intended = [entry.key for entry in place.journal.entries("r") if entry.kind is Remembered.INTENT]
    assert sorted(intended) == sorted(made), "the others found it done before they began"
    place.close()


def test_desks_that_are_killed_again_and_again_make_everything_once(fresh: Callable[[], Path]) -> None:
    folder = fresh()
    plan = [effect for effect in EFFECTS if effect.findable]
    for readings in range(2, 60, 3):
        if in_a_process(lambda: Place(folder, DeadlyClock(readings)).run(*plan)) == 0:  # noqa: B023 - it is run at once
            break
    else:
        pytest.fail("they never came to an end")
    place = Place(folder)
    assert {effect.kind: COUNTS[effect.kind](place) for effect in plan} == {effect.kind: 1 for effect in plan}
    place.close()

"""Several threads, processes and machines at one journal: a key is held by one, and everybody reads the same.

The same tests for a file and for a PostgreSQL server.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from secrel.journal.entries import Entry, Remembered, builtins_of, entry_of
from secrel.journal.journal import Journal
from secrel.words.effects import Comment, Effect
from secrel.words.errors import Refused
from secrel.words.outcomes import Receipt
from secrel.words.people import Claim
from tests.journal.journals import AT, NAME, an_effect, begin, in_threads


def test_how_an_effect_stands_is_read_by_its_key_whichever_release_it_is_of(opened: Callable[[], Journal]) -> None:
    journal, key, later = opened(), "another/note", AT + timedelta(hours=1)
    effect = Effect(key, Comment("p#1", "text"), "s")
    with journal.holding("another", key) as so_far:
        assert (so_far.release, so_far.begun, so_far.receipt) == ("another", None, None)
    begin(journal, effect)
    begin(journal, effect, later)
    with journal.holding("another", key) as so_far:
        assert (so_far.release, so_far.begun) == (NAME, AT), "it may have been made since it was begun first"
    journal.add(Entry(AT, NAME, Remembered.WITHDRAWN, key, "bjorn", {}))
    with journal.holding("another", key) as so_far:
        assert (so_far.release, so_far.begun) == ("another", None)
    begin(journal, effect, later)
    with journal.holding("another", key) as so_far:
        assert (so_far.release, so_far.begun) == (NAME, later)
    assert journal.receipt(key) is None
    journal.settle(NAME, Receipt(key, "p#1#note_1", later), by="amara")
    with journal.holding("another", key) as so_far:
        assert so_far.receipt == journal.receipt(key) == Receipt(key, "p#1#note_1", later)


def test_of_two_desks_one_begins_whatever_became_of_locks(opened: Callable[[], Journal]) -> None:
    one, other = opened(), opened()
    for times in (1, 2):  # of what is free, and of what was begun and not settled
        with one.holding(NAME, an_effect().key) as first:
            pass
        with other.holding(NAME, an_effect().key) as second:
            pass
        one.begin(an_effect(), first, by="amara", at=AT)
        with pytest.raises(Refused, match="another desk has 2026-11/note/1 in hand"):
            other.begin(an_effect(), second, by="bjorn", at=AT)
        assert [entry.who for entry in other.entries()] == ["amara"] * times


_HOLDER = """
import sys
from secrel.journal.journal import Journal
with Journal(sys.argv[1]).holding("2026-11", "2026-11/held"):
    print("held", flush=True)
    sys.stdin.readline()
"""
HELD, FREE = f"{NAME}/held", f"{NAME}/free"


@pytest.fixture
def holder(where: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a key until it is told to let go, or killed."""
    Journal(where).close()
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_whoever_wants_a_key_waits_for_its_holder_and_for_nobody_else(
    holder: subprocess.Popen[str], opened: Callable[[], Journal]
) -> None:
    order: list[str] = []
    tries = threading.Event()
    journal = opened()

    def second() -> None:
        tries.set()
        with journal.holding(NAME, HELD):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    tries.wait()
    with opened().holding(NAME, FREE) as so_far:
        opened().begin(Effect(FREE, Comment("p#1", "text"), "s"), so_far, by="bjorn", at=AT)
    assert len(opened().entries()) == 1, "neither another key nor a reader waits"
    order.append("first lets go")
    assert holder.stdin is not None
    holder.stdin.write("\n")
    holder.stdin.flush()
    thread.join()
    assert order == ["first lets go", "second"]


def test_the_key_of_a_desk_that_was_killed_is_free(
    holder: subprocess.Popen[str], opened: Callable[[], Journal]
) -> None:
    holder.kill()
    holder.wait()
    for _ in range(2):
        with opened().holding(NAME, HELD) as so_far:
            assert so_far.begun is None


def test_threads_hold_a_key_one_after_the_other(opened: Callable[[], Journal]) -> None:
    journal, barrier = opened(), threading.Barrier(4)
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        barrier.wait()
        for _ in range(10):
            with journal.holding(NAME, HELD):
                inside.append(number)
                most.append(len(inside))
                for _ in range(20):
                    journal.receipt(HELD)  # the others have time to come in, if anything lets them
                most.append(len(inside))
                inside.remove(number)

    in_threads(4, work)
    assert most == [1] * 80


def test_a_key_is_let_go_when_what_it_was_held_for_fails(opened: Callable[[], Journal]) -> None:
    with pytest.raises(Refused, match="no"), opened().holding(NAME, HELD):
        raise Refused("no")
    with opened().holding(NAME, HELD):
        pass


def test_several_threads_read_the_same_and_everything_once(opened: Callable[[], Journal]) -> None:
    journal, barrier = opened(), threading.Barrier(4)
    for number in range(50):
        begin(journal, an_effect(number))
    read: list[list[dict[str, object]]] = []

    def look(_number: int) -> None:
        barrier.wait()
        read.extend([builtins_of(entry) for entry in journal.entries(NAME)] for _ in range(3))

    in_threads(4, look)
    alone = [builtins_of(entry) for entry in opened().entries()]
    assert [entry["key"] for entry in alone] == [f"{NAME}/note/{number}" for number in range(50)]
    assert read == [alone] * 12


def test_a_reader_misses_nothing_whoever_writes_at_once(opened: Callable[[], Journal]) -> None:
    reader, done = opened(), threading.Event()
    writers = [opened() for _ in range(4)]

    def write(number: int) -> None:
        for one in range(25):
            writers[number].add(entry_of(Claim(NAME, f"{number}-{one}", "amara", AT, "x")))

    def read() -> None:
        while not done.is_set():
            reader.entries(NAME)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    looking = threading.Thread(target=read)
    looking.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    looking.join()
    assert {entry.key for entry in reader.entries(NAME)} == {f"{n}-{one}" for n in range(4) for one in range(25)}
    assert len(reader.entries(NAME)) == 100

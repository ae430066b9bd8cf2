"""What a journal keeps to wherever it lies: the same tests for a file and for a PostgreSQL server."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from secrel.journal.entries import Entry, Remembered, claims, in_doubt, receipts, written
from secrel.journal.journal import Journal
from secrel.words.effects import Approval, Claim, Comment, Effect, OpenIssue, Receipt
from secrel.words.errors import Refused

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
NAME = "2026-11"


@pytest.fixture
def opened(where: str) -> Iterator[Callable[[], Journal]]:
    """Open the same journal as often as asked, and close all."""
    journals: list[Journal] = []

    def another() -> Journal:
        journals.append(Journal(where))
        return journals[-1]

    yield another
    for journal in journals:
        journal.close()


def an_effect(number: int = 1) -> Effect:
    return Effect(f"{NAME}/note/{number}", Comment("p#1", "the body ☃"), "s")


def test_what_one_writes_another_reads_on_from_where_it_was(opened: Callable[[], Journal]) -> None:
    one, other = opened(), opened()
    assert other.entries() == []
    one.intend(NAME, an_effect(), by="amara", at=AT)
    assert [entry.kind for entry in other.entries(NAME)] == ["intent"]
    one.settle(NAME, Receipt(f"{NAME}/note/1", "p#1#note_1", AT), by="amara")
    one.claimed(Claim(NAME, "timing-agreed", "bjorn", AT, "agreed ☃", waives=True))
    one.approved(Approval(NAME, "abc", "bjorn", AT))
    told = other.entries(NAME)
    assert [entry.kind for entry in told] == ["intent", "receipt", "claim", "approval"]
    assert told[0].body == {"kind": "Comment", "action": {"ref": "p#1", "body": "the body ☃"}}
    assert told[0].at == AT
    assert receipts(told) == {f"{NAME}/note/1": Receipt(f"{NAME}/note/1", "p#1#note_1", AT)}
    assert claims(told) == (Claim(NAME, "timing-agreed", "bjorn", AT, "agreed ☃", waives=True),)
    assert other.entries("another") == []
    assert opened().entries() == told


def test_a_second_receipt_of_an_effect_is_impossible(opened: Callable[[], Journal]) -> None:
    one, other = opened(), opened()
    one.settle(NAME, Receipt(f"{NAME}/note/1", "a", AT), by="amara")
    with pytest.raises(IntegrityError) as told:
        other.settle(NAME, Receipt(f"{NAME}/note/1", "the secret address", AT), by="bjorn")
    assert "the secret address" not in str(told.value), "what was to be written is in no message"
    other.settle(NAME, Receipt(f"{NAME}/note/2", "b", AT), by="bjorn")
    assert [receipt.address for receipt in receipts(one.entries()).values()] == ["a", "b"]


def test_what_was_begun_is_in_doubt_until_it_is_settled_or_withdrawn(opened: Callable[[], Journal]) -> None:
    journal = opened()
    for number in (1, 2, 3):
        journal.intend(NAME, an_effect(number), by="amara", at=AT)
    journal.settle(NAME, Receipt(f"{NAME}/note/1", "a", AT), by="amara")
    journal.add(Entry(AT, NAME, Remembered.WITHDRAWN, f"{NAME}/note/2", "bjorn", {}))
    assert [entry.key for entry in in_doubt(opened().entries())] == [f"{NAME}/note/3"]
    journal.intend(NAME, an_effect(2), by="amara", at=AT)
    assert [entry.key for entry in in_doubt(opened().entries())] == [f"{NAME}/note/3", f"{NAME}/note/2"]


def test_the_text_that_counts_is_the_one_that_was_sent(opened: Callable[[], Journal]) -> None:
    journal = opened()
    for body in ("meant first", "sent"):
        journal.intend(NAME, Effect(f"{NAME}/checklist", OpenIssue("p", "t", body), "s"), by="amara", at=AT)
    assert written(journal.entries()) == {}
    journal.settle(NAME, Receipt(f"{NAME}/checklist", "p#1", AT), by="amara")
    assert written(journal.entries())["checklist"].text == "sent"


def test_long_and_strange_texts_come_back_as_they_were(opened: Callable[[], Journal]) -> None:
    body = "☃ \U0001f600 \t 'quotes' \"and\" \\ %s :name ; -- \n" * 5000
    opened().intend(NAME, Effect(f"{NAME}/note/1", Comment("p#1", body), "s"), by="amara", at=AT)
    assert opened().entries()[0].body["action"]["body"] == body


_HOLDER = """
import sys
from secrel.journal.journal import Journal
with Journal(sys.argv[1]).exclusive():
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(where: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the pen until it is told to let go, or killed."""
    Journal(where).close()
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_there_is_one_pen_for_all_processes(holder: subprocess.Popen[str], opened: Callable[[], Journal]) -> None:
    order: list[str] = []
    tries = threading.Event()
    journal = opened()

    def second() -> None:
        tries.set()
        with journal.exclusive():
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    tries.wait()
    assert opened().entries() == [], "reading waits for nobody"
    order.append("first lets go")
    assert holder.stdin is not None
    holder.stdin.write("\n")
    holder.stdin.flush()
    thread.join()
    assert order == ["first lets go", "second"]


def test_the_pen_of_a_desk_that_was_killed_is_free(
    holder: subprocess.Popen[str], opened: Callable[[], Journal]
) -> None:
    holder.kill()
    holder.wait()
    journal = opened()
    with journal.exclusive():
        journal.claimed(Claim(NAME, "g", "amara", AT, "x"))
    with journal.exclusive():
        assert len(journal.entries()) == 1


def test_the_pen_is_let_go_when_what_it_was_held_for_fails(opened: Callable[[], Journal]) -> None:
    with pytest.raises(Refused, match="no"), opened().exclusive():
        raise Refused("no")
    with opened().exclusive():
        pass


def test_a_reader_misses_nothing_whoever_writes_at_once(opened: Callable[[], Journal]) -> None:
    reader, done = opened(), threading.Event()
    writers = [opened() for _ in range(4)]

    def write(number: int) -> None:
        for one in range(25):
            writers[number].claimed(Claim(NAME, f"{number}-{one}", "amara", AT, "x"))

    def read() -> None:
        while not done.is_set():
            reader.entries()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    looking = threading.Thread(target=read)
    looking.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    looking.join()
    assert {entry.key for entry in reader.entries()} == {f"{n}-{one}" for n in range(4) for one in range(25)}
    assert len(reader.entries()) == 100


def test_a_journal_of_a_newer_version_is_refused_and_unchanged(where: str, opened: Callable[[], Journal]) -> None:
    opened().claimed(Claim(NAME, "g", "amara", AT, "x"))
    engine = create_engine(where.replace("://", "+psycopg://", 1) if "://" in where else f"sqlite:///{where}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="9999") as told:
        Journal(where)
    assert "newer version" in told.value.remedy
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    assert len(opened().entries()) == 1

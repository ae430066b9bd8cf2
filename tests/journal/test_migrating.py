"""Journals of the versions before come along: in one step, whole or not at all, however many desks take it at once."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from secrel.journal.entries import builtins_of, in_doubt, receipts, written
from secrel.journal.journal import HEAD, Journal
from secrel.words.errors import Broken
from tests.cli.desks import clean_environment
from tests.journal.journals import NAME, raw

NUMBER = {True: "SERIAL", False: "INTEGER NOT NULL"}
FIRST_SCHEMA = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE entries (
    id {number}, "at" VARCHAR(40) NOT NULL, "release" VARCHAR(200) NOT NULL, kind VARCHAR(20) NOT NULL,
    "key" VARCHAR(400) NOT NULL, who VARCHAR(200) NOT NULL, body TEXT NOT NULL, PRIMARY KEY (id)
);
CREATE UNIQUE INDEX one_receipt ON entries ("key") WHERE kind = 'receipt';
CREATE INDEX of_release ON entries ("release", id);
"""
"""What version 0001 made, to the letter but for line breaks."""

ADD = 'INSERT INTO entries ("at", "release", kind, "key", who, body) VALUES (:at, :of, :kind, :key, :who, :body)'
OF_THE_OLD = 'SELECT id, "at", "release", kind, "key", who, body FROM entries'
LOOKS_LIKE_ONE = "sha256:" + "0" * 64
AT, AT_TOLD = "2026-11-20T09:00:00+00:00", "2026-11-20T09:00:00Z"


def checklist(number: int) -> str:
    return f"# Checklist {number} ☃\n" + f"- [ ] line {number} 'and' \"so\" on\n" * 200


def rows() -> list[tuple[str, str, str, dict[str, object]]]:
    """Release, kind, key and body of what a desk of the version before had written: 40 rewrites, one of them open."""
    told: list[tuple[str, str, str, dict[str, object]]] = [
        (NAME, "approval", "4f2a9c81d0e76b13c5e08d7a96f1b324", {}),
        (NAME, "claim", "timing-agreed", {"waives": True, "words": "agreed ☃ " * 60}),
        (NAME, "mail", "d1", {"contents_digest": "c", "disagreements": ["x"]}),
        ("other", "intent", "other/note", {"action": {"body": LOOKS_LIKE_ONE, "ref": "p#1"}, "kind": "Comment"}),
        ("other", "withdrawn", "other/note", {}),
    ]
    for number in range(1, 41):
        action = {
            "ref": "p#1",
            "body": checklist(number),
            "expects": checklist(number - 1),
            "desk_text": checklist(number),
        }
        key = f"{NAME}/checklist/edit/{number}"
        told.append((NAME, "intent", key, {"action": action, "kind": "RewriteIssue"}))
        if number < 40:
            told.append((NAME, "receipt", key, {"address": "p#1", "found": False}))
    return told


def as_told() -> list[dict[str, object]]:
    """The entries as `secrel journal --format json` has shown them before, and shows them after."""
    return [
        {"at": AT_TOLD, "release": of, "kind": kind, "key": key, "who": "amara", "body": body}
        for of, kind, key, body in rows()
    ]


@pytest.fixture
def old(where: str) -> str:
    """A journal of version 0001."""
    with raw(where) as connection:
        for statement in FIRST_SCHEMA.format(number=NUMBER["://" in where]).split(";\n")[:-1]:
            connection.execute(text(statement))
        for of, kind, key, body in rows():
            told = {"at": AT, "of": of, "kind": kind, "key": key, "who": "amara"}
            connection.execute(text(ADD), {**told, "body": json.dumps(body, ensure_ascii=False)})
    return where


def assert_it_came_along(where: str) -> None:
    journal = Journal(where)
    assert [builtins_of(entry) for entry in journal.entries()] == as_told()
    entries = journal.entries(NAME)
    assert written(entries)["checklist"].text == checklist(39)
    assert len(receipts(entries)) == 39
    assert [entry.key for entry in in_doubt(entries)] == [f"{NAME}/checklist/edit/40"]
    with journal.holding(NAME, f"{NAME}/checklist/edit/40") as so_far:
        assert so_far.begun is not None
    journal.close()
    with raw(where) as connection:
        texts = set(connection.execute(text("SELECT text FROM texts")).scalars())
        assert texts == {checklist(number) for number in range(41)} | {LOOKS_LIKE_ONE}
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]


def assert_it_is_as_it_was(where: str) -> None:
    with raw(where) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["0001"]
        found = [(row[2], row[3], row[4], json.loads(row[6])) for row in connection.execute(text(OF_THE_OLD))]
    assert sorted(found, key=str) == sorted(rows(), key=str)


def test_a_journal_of_the_version_before_comes_along_with_every_byte(old: str) -> None:
    assert_it_came_along(old)
    assert_it_came_along(old)


def test_a_desk_of_the_version_before_fails_at_its_next_look(old: str) -> None:
    """It heeds another lock, and would take a digest for a text."""
    Journal(old).close()
    for statement, told in ((OF_THE_OLD, {}), (ADD, dict.fromkeys(("at", "of", "kind", "key", "who", "body"), "x"))):
        with pytest.raises(DBAPIError, match="body"), raw(old) as connection:
            connection.execute(text(statement), told)


def test_what_fails_in_the_middle_leaves_it_as_it_was(old: str) -> None:
    last = 'WHERE "key" = :key'
    mended = json.dumps(rows()[-1][3], ensure_ascii=False)
    for body in ("{", mended):
        with raw(old) as connection:
            connection.execute(text(f"UPDATE entries SET body = :body {last}"), {"body": body, "key": rows()[-1][2]})
        if body == "{":
            with pytest.raises(Broken, match="an entry cannot be read"):
                Journal(old)
    assert_it_is_as_it_was(old)
    assert_it_came_along(old)


def open_when_all_are_there(where: str, barrier: threading.Barrier) -> None:
    barrier.wait()
    Journal(where).close()


def test_two_desks_that_bring_it_along_at_once_do_it_once(old: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(3)
    desks = [spawn.Process(target=open_when_all_are_there, args=(old, barrier)) for _ in range(3)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert [desk.exitcode for desk in desks] == [0, 0, 0]
    assert_it_came_along(old)


_CUT_OFF = """
import resource, signal, sys
from secrel.journal.journal import Journal
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # die at the first byte too many
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
Journal(sys.argv[1])
"""


@pytest.mark.parametrize("where", ["file"], indirect=True)
def test_a_desk_that_is_killed_in_the_middle_of_it_leaves_it_as_it_was_in_a_file(old: str) -> None:
    killed = 0
    for most in range(50_000, 5_000_000, 400_000):
        ended = subprocess.run(  # whatever counts coverage would be cut off, too
            [sys.executable, "-c", _CUT_OFF, old, str(most)], env=clean_environment(), capture_output=True, check=False
        )
        if ended.returncode != -signal.SIGXFSZ:
            break
        killed += 1
        assert_it_is_as_it_was(old)
    assert killed > 1
    assert ended.returncode == 0, ended.stderr
    assert_it_came_along(old)


@pytest.mark.parametrize("where", ["postgresql"], indirect=True)
def test_a_desk_that_is_killed_in_the_middle_of_it_leaves_it_as_it_was_on_a_server(old: str) -> None:
    program = "import sys\nfrom secrel.journal.journal import Journal\nJournal(sys.argv[1])"
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with raw(old) as reader:
        reader.execute(text(OF_THE_OLD))  # until this one ends, the table cannot be changed
        with subprocess.Popen([sys.executable, "-c", program, old]) as desk:
            while True:
                with raw(old) as other:
                    if other.execute(text(waiting)).scalar():
                        break
            desk.kill()
    assert_it_is_as_it_was(old)
    assert_it_came_along(old)


@pytest.mark.parametrize("where", ["file"], indirect=True)
def test_a_desk_of_the_version_before_that_is_at_work_is_waited_for(old: str) -> None:
    order: list[str] = []
    tries = threading.Event()

    def bring_along() -> None:
        tries.set()
        Journal(old).close()
        order.append("brought along")

    with Path(f"{old}.lock").open("w") as pen:
        fcntl.flock(pen, fcntl.LOCK_EX)
        thread = threading.Thread(target=bring_along)
        thread.start()
        tries.wait()
        assert_it_is_as_it_was(old)
        order.append("has ended")
    thread.join()
    assert order == ["has ended", "brought along"]
    assert not Path(f"{old}.lock").exists()

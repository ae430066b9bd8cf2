"""Whoever waits for another desk says for whom and since when, and gives up in words; real locks of real processes."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from secrel.journal.entries import Entry, Remembered
from secrel.journal.journal import Journal
from secrel.journal.waiting import Patience
from secrel.wiring import now
from secrel.words.errors import Broken, Refused
from tests.journal.journals import AT, NAME, raw

HELD = f"{NAME}/held"
AT_ONCE = Patience(seconds=0)
_HOLDER = """
import sys
from secrel.journal.journal import Journal
with Journal(sys.argv[1]).holding("2026-11", "2026-11/held", by="bjorn"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def opened(where: str, patience: Patience) -> Iterator[Journal]:
    journal = Journal(where, patience)
    try:
        yield journal
    finally:
        journal.close()


@pytest.fixture
def holder(where: str) -> Iterator[subprocess.Popen[str]]:
    """Bjorn's desk, a process that holds a key until it is told to let go."""
    Journal(where).close()
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def expected(said: str, process: subprocess.Popen[str]) -> None:
    found = re.search(r"^bjorn \(process (\d+) on (\S+)\) holds 2026-11/held since (\S+ \S+) UTC", said)
    assert found, said
    assert int(found[1]) == process.pid
    assert found[2] == platform.node()
    since = datetime.fromisoformat(found[3]).replace(tzinfo=UTC)
    assert abs(now() - since) < timedelta(minutes=10)


def test_who_does_not_let_go_is_given_up_and_named(where: str, holder: subprocess.Popen[str]) -> None:
    told: list[str] = []
    with opened(where, Patience(seconds=0, tell=told.append)) as journal:
        with pytest.raises(Refused) as refused, journal.holding(NAME, HELD):
            raise AssertionError("it is held")
        expected(refused.value.what, holder)
        expected(told[0], holder)
        assert "did not let go for 0 seconds" in refused.value.what
        assert "end that process" in refused.value.remedy
        assert journal.entries() == [], "a reader waits for nobody"
        with journal.holding(NAME, f"{NAME}/free"):
            pass


def test_who_lets_go_meanwhile_is_waited_for_and_was_named(where: str, holder: subprocess.Popen[str]) -> None:
    told: list[str] = []

    def tell(said: str) -> None:
        told.append(said)
        assert holder.stdin is not None
        holder.stdin.write("\n")
        holder.stdin.flush()

    with opened(where, Patience(quiet=0, tell=tell)) as journal, journal.holding(NAME, HELD, by="amara"):
        holder.wait()
    expected(told[0], holder)
    assert len(told) == 1


def test_nobody_is_named_when_nobody_holds_it_or_when_nobody_sits_at_the_desk(tmp_path: Path) -> None:
    told: list[str] = []
    where = str(tmp_path / "journal.db")
    with opened(where, AT_ONCE) as one, opened(where, Patience(seconds=0, tell=told.append)) as other:
        with other.holding(NAME, HELD):
            pass
        assert told == []
        nobody = pytest.raises(Refused, match=r"a desk at which nobody sits \(process \d+ on ")
        with one.holding(NAME, HELD), nobody, other.holding(NAME, HELD):
            raise AssertionError("it is held")
        with one.holding(NAME, HELD):
            for file in tmp_path.glob("*.lock.*"):
                file.write_text("", "utf-8")  # as it is between taking the key and saying so
            with pytest.raises(Refused, match="another desk holds 2026-11/held, and did"), other.holding(NAME, HELD):
                raise AssertionError("it is held")


def test_somebody_who_writes_and_does_not_end_is_given_up_in_words(where: str) -> None:
    begin = "SELECT pg_advisory_xact_lock(73170654)" if "://" in where else "BEGIN IMMEDIATE"
    with opened(where, AT_ONCE) as journal, raw(where) as other:
        if "://" not in where:
            other.exec_driver_sql("DELETE FROM entries")  # whoever writes to a file holds all of it
        else:
            other.execute(text(begin))
        with pytest.raises(Broken, match="another program writes into the journal, and did not end") as broken:
            journal.add(Entry(AT, NAME, Remembered.NOTE, "a note", "amara", {}))
        assert "run this again" in broken.value.remedy
        assert journal.entries() == []

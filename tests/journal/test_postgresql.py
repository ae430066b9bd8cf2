"""The journal in PostgreSQL, which several machines can share: with a server of the tests' own, on a socket."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from secrel.journal.entries import Entry, Remembered, receipts
from secrel.journal.journal import Journal
from secrel.words.effects import Claim, Comment, Effect, Receipt
from secrel.words.errors import Broken, Refused

pytest.importorskip("psycopg", reason="psycopg absent: the journal was not proved in PostgreSQL")

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
_USER = "desk"


def _programs() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


def _owner() -> str | None:
    """Whom the server runs as: it refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    return next((one.pw_name for one in pwd.getpwall() if one.pw_name in ("postgres", "nobody")), None)


def _run(folder: Path, *words: str | Path) -> None:
    # the server that is started keeps what it inherits: a pipe would never end
    with (folder / "told.txt").open("ab") as told:
        ended = subprocess.run(
            words, user=_owner(), cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=told, check=False
        )
    assert ended.returncode == 0, (folder / "told.txt").read_text("utf-8", "replace")


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """Run a server on a socket in a folder, and give the folder."""
    programs = _programs()
    if programs is None:
        pytest.skip("postgresql absent: the journal was not proved in PostgreSQL (Debian package postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="secrel-pg-", dir="/tmp"))  # a socket's path has to be short
    try:
        if (owner := _owner()) is not None:
            shutil.chown(folder, owner)
        data = folder / "data"
        _run(folder, programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        _run(folder, programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log.txt", "start")
        try:
            yield folder
        finally:
            _run(folder, programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def where(server: Path, request: pytest.FixtureRequest) -> str:
    """Make a database for one test, and give its address."""
    address = f"postgresql+psycopg://{_USER}@/{{}}?host={quote(str(server))}"
    name = f"journal{abs(hash(request.node.name))}"
    engine = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.format(name)


def _effect(number: int = 1) -> Effect:
    return Effect(f"2026-11/note/{number}", Comment("p#1", "the body ☃"), "s")


def test_what_one_machine_writes_another_reads(where: str) -> None:
    one, other = Journal(where), Journal(where)
    one.intend("2026-11", _effect(), by="amara", at=AT)
    one.settle("2026-11", Receipt("2026-11/note/1", "p#1#note_1", AT), by="amara")
    one.claimed(Claim("2026-11", "timing-agreed", "bjorn", AT, "agreed ☃"))
    told = other.entries("2026-11")
    assert [entry.kind for entry in told] == ["intent", "receipt", "claim"]
    assert told[2].body["words"] == "agreed ☃"
    assert receipts(told)["2026-11/note/1"].address == "p#1#note_1"
    one.close()
    other.close()


def test_a_second_receipt_of_an_effect_is_impossible(where: str) -> None:
    one, other = Journal(where), Journal(where)
    one.settle("2026-11", Receipt("2026-11/note/1", "a", AT), by="amara")
    with pytest.raises(IntegrityError):
        other.settle("2026-11", Receipt("2026-11/note/1", "b", AT), by="bjorn")
    one.close()
    other.close()


def test_there_is_one_pen(where: str) -> None:
    one, other = Journal(where), Journal(where)
    order: list[str] = []
    waits = threading.Event()

    def second() -> None:
        waits.set()
        with other.exclusive():
            order.append("second")

    with one.exclusive():
        thread = threading.Thread(target=second)
        thread.start()
        waits.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    one.close()
    other.close()


def test_the_pen_of_a_desk_that_was_killed_is_free(where: str) -> None:
    Journal(where).close()
    script = (
        "import os, signal, sys\n"
        "from secrel.journal.journal import Journal\n"
        "with Journal(sys.argv[1]).exclusive():\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, where], check=False, capture_output=True)
    assert ended.returncode < 0, ended.stderr
    journal = Journal(where)
    with journal.exclusive():
        journal.add(Entry(AT, "2026-11", Remembered.CLAIM, "timing-agreed", "amara", {"words": "x", "waives": False}))
    assert len(journal.entries()) == 1
    journal.close()


def test_a_journal_of_a_newer_version_is_refused(where: str) -> None:
    Journal(where).close()
    engine = create_engine(where)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Refused, match="9999"):
        Journal(where)


def test_a_server_that_is_not_there_is_told_without_user_or_password(tmp_path: Path) -> None:
    with pytest.raises(Broken) as told:
        Journal(f"postgresql+psycopg://{_USER}:hunter2@/none?host={quote(str(tmp_path))}")
    assert "hunter2" not in f"{told.value} {told.value.remedy} {told.value.where}"

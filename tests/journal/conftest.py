"""Journals to test: in a file, and on a PostgreSQL server of the tests' own, on a socket in a folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text

from secrel.journal.journal import Journal

_USER = "desk"
_NUMBERS = count(1)


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


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """Run a server on a socket in a folder, and give the folder."""
    pytest.importorskip("psycopg", reason="psycopg absent: the journal was not proved in PostgreSQL")
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
def database(server: Path) -> str:
    """Make a database for one test, and give its address as a user would write it."""
    address = f"postgresql://{_USER}@/{{}}?host={quote(str(server))}"
    name = f"journal{next(_NUMBERS)}"
    engine = create_engine(address.format("postgres").replace("://", "+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.format(name)


@pytest.fixture(params=["file", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a journal is kept: a file, and a database."""
    if request.param == "file":
        return str(tmp_path / "journal.db")
    return str(request.getfixturevalue("database"))


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

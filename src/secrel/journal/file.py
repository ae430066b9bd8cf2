"""A journal in a SQLite file, read and written with the driver alone; SQLAlchemy is loaded to change its schema."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from weakref import finalize

import sqlalchemy
from msgspec import Struct

from secrel.journal.address import cannot
from secrel.journal.migrations import stepping
from secrel.journal.waiting import Holder, Patience, gives_up, myself
from secrel.words.errors import Broken, Misused

PATIENCE = 10.0
"""How many seconds to wait for somebody who writes: each does so for an instant."""


def _ask(connection: sqlite3.Connection, query: str, told: Mapping[str, object]) -> Sequence[Any]:
    return connection.execute(query, told).fetchall()


_STEP = 0.02
"""How many seconds lie between two tries to hold what somebody else holds."""
_LONGEST = 500
_ANOTHER = "name another file for the journal in secrel.toml"


def _is_there(lock: Path, number: int) -> bool:
    """Whether the opened file `number` is the one that has the name now."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(number), lock.stat())
    return False


def _holder(number: int) -> Holder:
    """Read who holds a lock from its file: its holder wrote it there, and then."""
    told = os.pread(number, _LONGEST, 0).decode("utf-8", "replace")
    return Holder(told, datetime.fromtimestamp(os.fstat(number).st_mtime, UTC) if told else None)


def _took(number: int, seconds: float) -> bool:
    """Try to hold an opened file for so many seconds, and once at least; a tick of its own, and no clock."""
    tick = Event()
    for _ in range(int(seconds / _STEP)):
        if _took(number, 0):
            return True
        tick.wait(_STEP)
    with suppress(BlockingIOError):
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


class _Lock(Struct, frozen=True):
    """A lock that the system takes back when its holder dies: a file, held for one key."""

    file: Path
    key: str
    patience: Patience

    @contextmanager
    def held(self, by: str) -> Iterator[None]:
        """Hold it and say so in its file; waits for another holder, and takes the file away in the end.

        Raises `Broken` when the folder cannot be written, `Refused` when another holder does not let go.
        """
        while True:
            number = self._opened()
            try:
                self._wait(number)
                if not _is_there(self.file, number):
                    continue  # whoever held it before took it away: the lock is on a file that is no more
                os.truncate(number, 0)
                os.pwrite(number, myself(by).encode()[:_LONGEST], 0)
                try:
                    yield
                finally:
                    self.file.unlink(missing_ok=True)
                return
            finally:
                os.close(number)

    def _opened(self) -> int:
        try:
            return os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as fault:
            raise Broken(
                f"cannot write beside the journal ({fault.strerror})",
                where=str(self.file.parent),
                remedy="make the folder writable, or name another journal in secrel.toml",
            ) from fault

    def _wait(self, number: int) -> None:
        before, after = self.patience.steps
        if _took(number, before):
            return
        self.patience.tell(_holder(number).told(self.key))
        if not _took(number, after):
            raise gives_up(_holder(number), self.key, self.patience.seconds, str(self.file.parent))


class FileStore:
    """One file, for several threads and processes; readers wait for nobody.

    Raises `Broken` when it cannot be read or written, `Misused` for a database of something else.
    """

    def __init__(self, file: Path, patience: Patience, *, most_pages: int = 0, durable: bool = True) -> None:
        """Take the file; nothing is opened yet."""
        self._file, self._patience = file, patience
        self._most_pages, self._durable = most_pages, durable
        self._idle: list[sqlite3.Connection] = []
        finalize(self, _close, self._idle).atexit = False

    @contextmanager
    def _saying(self, verb: str, *wrapped: type[Exception]) -> Iterator[None]:
        faults: tuple[type[Exception], ...] = (sqlite3.Error, OSError, *wrapped)
        try:
            yield
        except faults as fault:
            raise cannot(verb, getattr(fault, "orig", None) or fault, str(self._file)) from fault

    def _open(self, *more: str) -> sqlite3.Connection:
        # transactions are begun below and not by the driver's guess, and hold changes of the schema as well
        made = sqlite3.connect(
            self._file, timeout=min(PATIENCE, self._patience.seconds), isolation_level=None, check_same_thread=False
        )
        try:
            made.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'OFF'}")
            if self._most_pages:
                made.execute(f"PRAGMA max_page_count = {self._most_pages:d}")
            for pragma in more:
                made.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            made.close()
            raise
        return made

    @contextmanager
    def _connected(self, verb: str) -> Iterator[sqlite3.Connection]:
        """Give a connection that is one thread's at a time; one that failed is not used again."""
        with self._saying(verb):
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._open()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)

    def version(self) -> str | None:
        """Give the schema that the file has; None when there is none yet."""
        if not self._file.exists():
            return None
        if not self._file.is_file():
            raise Misused("a journal is a file, and this is none", where=str(self._file), remedy=_ANOTHER)
        with self._connected("open") as connection:
            tables = [name for (name,) in _ask(connection, "SELECT name FROM sqlite_master WHERE type = 'table'", {})]
            if tables and "alembic_version" not in tables:
                raise Misused(
                    "this database is not a journal",
                    where=str(self._file),
                    remedy=_ANOTHER,
                )
            rows = _ask(connection, "SELECT version_num FROM alembic_version", {}) if tables else []
            return str(rows[0][0]) if rows else None

    def upgrade(self) -> None:
        """Bring the schema up to date: all of it, or nothing."""
        with self._saying("prepare", sqlalchemy.exc.SQLAlchemyError):
            self._file.touch(mode=0o600)  # nobody else may read it, not even while it is made
            self._file.chmod(0o600)
            # write-ahead is kept by the file: nobody who reads waits for somebody who writes
            to_upgrade = partial(self._open, "journal_mode = WAL")
            engine = sqlalchemy.create_engine(
                "sqlite://", creator=to_upgrade, poolclass=sqlalchemy.pool.NullPool, hide_parameters=True
            )
            with engine.connect() as connection:
                stepping.step_up(connection, "BEGIN IMMEDIATE")

    def ask(self, query: str, told: Mapping[str, object]) -> Sequence[Any]:
        """Give the rows of a query, `:name` standing for what is told."""
        with self._connected("read") as connection:
            return _ask(connection, query, told)

    @contextmanager
    def writing(self) -> Iterator[Callable[[str, Mapping[str, object]], Sequence[Any]]]:
        """Ask and change as the only one who does: all of it is committed in the end, or nothing when it raises."""
        with self._connected("write") as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield partial(_ask, connection)
            connection.execute("COMMIT")

    @contextmanager
    def held(self, key: str, by: str) -> Iterator[None]:
        """Hold one key (the empty one: the schema) for somebody; waits for whoever holds it, here or in a process."""
        name = f".{hashlib.sha256(key.encode()).hexdigest()[:32]}" if key else ""
        with _Lock(Path(f"{self._file}.lock{name}"), key, self._patience).held(by):
            yield

    def close(self) -> None:
        """Let go of the file."""
        _close(self._idle)


def _close(idle: list[sqlite3.Connection]) -> None:
    """Close what nobody uses any more, whoever drops the last of it."""
    while idle:
        idle.pop().close()

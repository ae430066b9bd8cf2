"""The one file: opened by several processes at once, written in transactions, its failures said in our words."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import finalize

import sqlalchemy
from msgspec import Struct

from secrel.adapters.localforge import schema
from secrel.words.errors import Broken, Misused, SecrelError

if TYPE_CHECKING:  # SQLAlchemy writes, and is loaded with the first change: a look at a release does not pay for it
    from sqlalchemy import Connection, Engine

APPLICATION = 0x53524C46
"""What SQLite's `application_id` says in a file of ours."""
VERSION = 2
"""The newest schema this program knows: how many migrations there are (`schema.MIGRATIONS`)."""

_SAYINGS = {
    "SQLITE_FULL": ("the disk is full, and nothing was written", "make room, and run the command again"),
    "SQLITE_READONLY": ("the forge's database cannot be written", "make the file and its folder writable for you"),
    "SQLITE_CANTOPEN": (
        "the forge's database cannot be opened",
        "check that its folder exists and is writable for you",
    ),
    "SQLITE_BUSY": ("another program holds the forge's database", "wait for it, and run the command again"),
    "SQLITE_NOTADB": ("this file is no database", "name the forge's file, or restore it from a backup"),
    "SQLITE_CORRUPT": ("the forge's database is damaged", "restore it from a backup"),
    "SQLITE_IOERR": ("the forge's database could not be read or written, and nothing was changed", "check the disk"),
}
_OTHERWISE = (
    "the forge's database does not do what was asked",
    "check the file with: sqlite3 FILE 'pragma quick_check'",
)


class StoreOptions(Struct, frozen=True):
    """How a store is kept.

    `durable`: every change is on the disk before its receipt is given (a rehearsal may do without); `patience`: how
    many seconds to wait while another process writes; `page_limit`: the most pages of 4096 bytes the file may have.
    """

    durable: bool = True
    patience: float = 10.0
    page_limit: int | None = None


@lru_cache(maxsize=64)
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)  # noqa: PYI024 - the names are a statement's columns, known when it is asked


class Looking:
    """One state of the file, to be asked with SQL text; rows have their columns by name."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take the driver's connection, which is in a transaction."""
        self._connection = connection

    def all(self, query: str, told: Mapping[str, object] | None = None) -> list[Any]:
        """Give all rows."""
        cursor = self._connection.execute(query, told or {})
        make = _row_type(tuple(column[0] for column in cursor.description))._make
        return [make(values) for values in cursor]

    def first(self, query: str, told: Mapping[str, object] | None = None) -> Any:
        """Give the first row; None when there is none."""
        return next(iter(self.all(query, told)), None)

    def scalar(self, query: str, told: Mapping[str, object] | None = None) -> Any:
        """Give the first value of the first row; None when there is no row."""
        row = self.first(query, told)
        return None if row is None else row[0]


def looking(db: Connection) -> Looking:
    """Look through the connection of a transaction that writes, at what it has written so far."""
    raw: Any = db.connection.driver_connection
    return Looking(raw)


def _said(cause: object, path: Path) -> SecrelError:
    name = str(getattr(cause, "sqlite_errorname", ""))
    what, remedy = next((said for code, said in _SAYINGS.items() if name.startswith(code)), _OTHERWISE)
    return Broken(what, where=str(path), remedy=remedy)


class Store:
    """One SQLite file (WAL, foreign keys on, mode 0600), safe for several threads and processes.

    Raises `Broken` with what to do for everything SQLite complains about, also when a program newer than this one
    made the file, and `Misused` for a database that is no forge's.
    """

    def __init__(
        self,
        path: Path,
        options: StoreOptions | None = None,
        *,
        migrations: tuple[Callable[[Connection], None], ...] | None = None,
    ) -> None:
        """Open the file, make it when there is none, and bring it to today's version (None: as we ship it)."""
        self.path = path
        self._options = options or StoreOptions()
        self._given = migrations
        self._newest = VERSION if migrations is None else len(migrations)
        self._idle: list[sqlite3.Connection] = []
        finalize(self, _close, self._idle).atexit = False
        if path.exists() and not path.is_file():
            raise Misused("the forge's database is no file", where=str(path), remedy="name another file for the forge")
        if not path.exists():
            self._make()
        with self.saying():
            self._keep_private()
        try:
            self._upgrade()
        except BaseException:
            self.close()
            raise

    @contextlib.contextmanager
    def saying(self, *wrapped: type[Exception]) -> Iterator[None]:
        """Say what SQLite or the system complains about in our words; `wrapped` are errors that carry SQLite's own."""
        try:
            yield
        except sqlite3.Error as error:
            raise _said(error, self.path) from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Broken(f"the forge's database: {reason}", where=str(self.path), remedy="check its folder") from error
        except wrapped as error:
            raise _said(getattr(error, "orig", None), self.path) from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.isolation_level = None  # transactions are begun below, and not by the driver's guess
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA synchronous = {'FULL' if self._options.durable else 'OFF'}")
        if self._options.page_limit is not None:
            connection.execute(f"PRAGMA max_page_count = {int(self._options.page_limit)}")

    def _engine_for(self, path: Path) -> Engine:
        engine = sqlalchemy.create_engine(
            f"sqlite:///{path}",
            hide_parameters=True,
            connect_args={"timeout": self._options.patience},
            poolclass=sqlalchemy.pool.NullPool,  # what is kept open would be closed by nobody when this is dropped
        )

        @sqlalchemy.event.listens_for(engine, "connect")
        def prepare(connection: sqlite3.Connection, _record: object) -> None:
            self._prepare(connection)

        @sqlalchemy.event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine

    @cached_property
    def _engine(self) -> Engine:
        return self._engine_for(self.path)

    def _make(self) -> None:
        """Make the whole file under another name first: nobody ever opens half a forge, and two makers make one."""
        with self.saying(sqlalchemy.exc.DBAPIError):
            handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)  # for the owner alone
            os.close(handle)
            draft = Path(name)
            engine = self._engine_for(draft)
            try:
                with contextlib.closing(sqlite3.connect(draft)) as raw:
                    raw.execute("PRAGMA journal_mode = WAL")
                with engine.connect() as db, db.begin():
                    self._migrate(db, 0)
                with contextlib.suppress(FileExistsError):
                    self.path.hardlink_to(draft)
            finally:
                for leftover in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
                    leftover.unlink(missing_ok=True)

    def _keep_private(self) -> None:
        if self.path.stat().st_mode & 0o077:
            self.path.chmod(0o600)

    def _migrate(self, db: Connection, version: int) -> None:
        migrations = schema.MIGRATIONS if self._given is None else self._given
        for migration in migrations[version:]:
            migration(db)
        db.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
        change = sqlalchemy.insert(schema.schema_version) if version == 0 else sqlalchemy.update(schema.schema_version)
        db.execute(change.values(version=len(migrations)))

    def _version(self, db: Looking) -> int:
        if not db.scalar("PRAGMA schema_version"):  # SQLite's own count: 0 in an empty file
            return 0
        if db.scalar("PRAGMA application_id") != APPLICATION:
            raise Misused(
                "this database is not a forge's", where=str(self.path), remedy="name another file for the forge"
            )
        version = int(db.scalar("SELECT version FROM schema_version"))
        if version > self._newest:
            raise Broken(
                f"a newer secrel made this database (version {version}; this one knows up to {self._newest})",
                where=str(self.path),
                remedy="use that newer secrel; nothing was changed",
            )
        return version

    def _upgrade(self) -> None:
        with self.reading() as db:
            version = self._version(db)
        if version == self._newest:
            return
        with self.writing() as connection:
            version = self._version(looking(connection))  # another process may have been faster
            if version < self._newest:
                self._migrate(connection, version)

    def _connected(self) -> sqlite3.Connection:
        with contextlib.suppress(IndexError):
            return self._idle.pop()
        # a connection is one thread's at a time, and the next one's after that
        made = sqlite3.connect(self.path, timeout=self._options.patience, check_same_thread=False)
        try:
            self._prepare(made)
        except BaseException:
            made.close()
            raise
        return made

    @contextlib.contextmanager
    def reading(self) -> Iterator[Looking]:
        """Look at one state of the file, whatever is written meanwhile."""
        with self.saying():
            connection = self._connected()
            try:
                connection.execute("BEGIN")
                yield Looking(connection)
                connection.execute("ROLLBACK")
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Change the file, as the only one who does; all of it, or nothing when the block raises."""
        with self.saying(sqlalchemy.exc.DBAPIError), self._engine.connect() as db, db.begin():
            yield db

    def close(self) -> None:
        """Let go of the file."""
        _close(self._idle)


def _close(idle: list[sqlite3.Connection]) -> None:
    """Close what nobody uses any more, whoever drops the last of it."""
    while idle:
        idle.pop().close()

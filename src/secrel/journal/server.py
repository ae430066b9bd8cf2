"""A journal in a PostgreSQL database, which several machines share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from secrel.journal.address import JournalAddress, cannot
from secrel.journal.migrations.stepping import step_up
from secrel.journal.waiting import Holder, Patience, gives_up, myself
from secrel.words.errors import Misused

_SCHEMA = 7317_0653
_WRITING = 7317_0654
_HOLDER = """SELECT a.application_name, a.state_change FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.classid::bigint = :high AND l.objid::bigint = :low"""
_PATIENTLY = "SELECT set_config('lock_timeout', :most, false)"
_MINE = "SELECT set_config('application_name', :me, false)"
_LOCK_TIMEOUT = "55P03"


def _engine(address: JournalAddress) -> Engine:
    remedy = "write it as postgresql://HOST/NAME in secrel.toml"
    try:
        return create_engine(make_url(address.url), hide_parameters=True, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError) as fault:
        driver = address.url.partition("://")[0].partition("+")[2]
        raise Misused(
            f"PostgreSQL journals need the `postgresql` extra (its driver {driver[:40]!r} is not installed)",
            where=address.place,
            remedy='pip install "secrel[postgresql]", or name no driver: postgresql://HOST/NAME',
        ) from fault
    except (SQLAlchemyError, ValueError):  # their texts hold the whole address
        raise Misused("this is no address of a database", where="journal", remedy=remedy) from None


def _secrets(address: JournalAddress) -> list[str]:
    url = make_url(address.url)
    told = [url.password, *(value for name, value in url.query.items() if "pass" in name)]
    return [str(value) for value in told if value]


def _ask(connection: Connection, query: str, told: Mapping[str, object]) -> Sequence[Any]:
    answer = connection.execute(text(query), told)
    return answer.all() if answer.returns_rows else []


def _milliseconds(seconds: float) -> str:
    """Give a time as the server takes it: none at all would be for ever."""
    return f"{max(1, int(seconds * 1000))}ms"


def _took(connection: Connection, number: int, seconds: float) -> bool:
    """Wait so long for a number to be free, and hold it."""
    connection.execute(text(_PATIENTLY), {"most": _milliseconds(seconds)})
    try:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": number})
    except DBAPIError as fault:
        if getattr(fault.orig, "sqlstate", getattr(fault.orig, "pgcode", "")) != _LOCK_TIMEOUT:
            raise
        return False
    return True


class ServerStore:
    """One database, for several threads, processes and machines; readers wait for nobody.

    Raises `Broken` when it cannot be reached, read or written, `Misused` for an address that is none, or whose driver
    is not installed.
    """

    def __init__(self, address: JournalAddress, patience: Patience) -> None:
        """Take the address; nothing is opened yet."""
        self._patience = patience
        self._place = address.place
        self._engine = _engine(address)
        self._alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._secrets = _secrets(address)

    @contextmanager
    def _saying(self, verb: str) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as fault:
            said = str(getattr(fault, "orig", None) or fault)
            for secret in self._secrets:
                said = said.replace(secret, "***")
            raise cannot(verb, said, self._place) from fault

    @property
    def _in_turn(self) -> str:
        """What lets one write after the other, and no longer than patience lasts."""
        most = _milliseconds(self._patience.seconds)
        return f"SELECT set_config('lock_timeout', '{most}', true), pg_advisory_xact_lock({_WRITING})"

    def version(self) -> str | None:
        """Give the schema that the database has; None for an empty one."""
        with self._saying("open"), self._alone.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def upgrade(self) -> None:
        """Bring the schema up to date: all of it, or nothing."""
        with self._saying("prepare"), self._engine.connect() as connection:
            step_up(connection, self._in_turn)

    def ask(self, query: str, told: Mapping[str, object]) -> Sequence[Any]:
        """Give the rows of a query, `:name` standing for what is told."""
        with self._saying("read"), self._alone.connect() as connection:
            return _ask(connection, query, told)

    @contextmanager
    def writing(self) -> Iterator[Callable[[str, Mapping[str, object]], Sequence[Any]]]:
        """Ask and change as the only one who does: all of it is committed in the end, or nothing when it raises.

        Rows are numbered in the order in which they can be seen: whoever has seen one has seen all before it.
        """
        with self._saying("write"), self._engine.begin() as connection:
            connection.execute(text(self._in_turn))
            yield partial(_ask, connection)

    @contextmanager
    def held(self, key: str, by: str) -> Iterator[None]:
        """Hold one key (the empty one: the schema) for somebody; waits for whoever holds it.

        Raises `Refused` when they do not let go.

        The lock belongs to a connection, and the server takes it back when that ends: nobody has to give it back.
        """
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True) if key else _SCHEMA
        with self._saying("lock"):
            connection = self._alone.connect()
        try:
            with self._saying("lock"):
                connection.execute(text(_MINE), {"me": myself(by)})
                self._wait(connection, number, key)
            yield
        finally:
            connection.invalidate()
            connection.close()

    def _wait(self, connection: Connection, number: int, key: str) -> None:
        before, after = self._patience.steps
        if _took(connection, number, before):
            return
        self._patience.tell(self._holder(number).told(key))
        if not _took(connection, number, after):
            raise gives_up(self._holder(number), key, self._patience.seconds, self._place)

    def _holder(self, number: int) -> Holder:
        """Ask the server who holds a number: what the holder calls itself, and since when."""
        unsigned = number & 0xFFFF_FFFF_FFFF_FFFF
        rows = self.ask(_HOLDER, {"high": unsigned >> 32, "low": unsigned & 0xFFFF_FFFF})
        return Holder(str(rows[0][0] or ""), rows[0][1] and rows[0][1].astimezone(UTC)) if rows else Holder()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

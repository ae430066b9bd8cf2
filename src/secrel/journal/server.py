"""A journal in a PostgreSQL database, which several machines share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from secrel.journal.address import Address, cannot
from secrel.journal.migrations.stepping import step_up
from secrel.words.errors import Misused

_SCHEMA = 7317_0653
_IN_TURN = f"SELECT pg_advisory_xact_lock({7317_0654})"


def _engine(address: Address) -> Engine:
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


def _secrets(address: Address) -> list[str]:
    url = make_url(address.url)
    told = [url.password, *(value for name, value in url.query.items() if "pass" in name)]
    return [str(value) for value in told if value]


def _ask(connection: Connection, query: str, told: Mapping[str, object]) -> Sequence[Any]:
    answer = connection.execute(text(query), told)
    return answer.all() if answer.returns_rows else []


class ServerStore:
    """One database, for several threads, processes and machines; readers wait for nobody.

    Raises `Broken` when it cannot be reached, read or written, `Misused` for an address that is none, or whose driver
    is not installed.
    """

    def __init__(self, address: Address) -> None:
        """Take the address; nothing is opened yet."""
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

    def version(self) -> str | None:
        """Give the schema that the database has; None for an empty one."""
        with self._saying("open"), self._alone.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def upgrade(self) -> None:
        """Bring the schema up to date: all of it, or nothing."""
        with self._saying("prepare"), self._engine.connect() as connection:
            step_up(connection, _IN_TURN)

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
            connection.execute(text(_IN_TURN))
            yield partial(_ask, connection)

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Hold one key (the empty one: the schema); waits for whoever holds it.

        The lock belongs to a connection, and the server takes it back when that ends: nobody has to give it back.
        """
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True) if key else _SCHEMA
        with self._saying("lock"):
            connection = self._alone.connect()
        try:
            with self._saying("lock"):
                connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": number})
            yield
        finally:
            connection.invalidate()
            connection.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

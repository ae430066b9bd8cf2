"""The journal's pen: everything that goes through SQLAlchemy, which is loaded with the first change.

A journal in PostgreSQL is read through it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import IntegrityError, NoSuchModuleError, SQLAlchemyError

from secrel.journal.address import Address
from secrel.journal.reading import cannot
from secrel.journal.tables import ENTRIES
from secrel.words.errors import Misused

_ADVISORY = 7317_0653
_IN_TURN = 7317_0654


def _prepare_sqlite(most_pages: int, *, durable: bool) -> Callable[[Any, object], None]:
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, and hold changes of the schema as well
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
        if most_pages:
            connection.execute(f"PRAGMA max_page_count = {most_pages:d}")

    return prepare


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _file_engine(file: Path, most_pages: int, *, durable: bool) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(file)), hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite(most_pages, durable=durable))
    event.listen(engine, "begin", _begin)
    return engine


def _server_engine(address: Address) -> Engine:
    remedy = "write it as postgresql://HOST/NAME in secrel.toml"
    try:
        return create_engine(make_url(address.url), hide_parameters=True, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError) as fault:
        driver = address.url.partition("://")[0].partition("+")[2]
        raise Misused(
            f"the database driver {driver[:40]!r} is not installed",
            where=address.place,
            remedy='pip install "secrel[postgresql]", or name no driver: postgresql://HOST/NAME',
        ) from fault
    except (SQLAlchemyError, ValueError):  # their texts hold the whole address
        raise Misused("this is no address of a database", where="journal", remedy=remedy) from None


def _secrets(address: Address) -> list[str]:
    if address.file is not None:
        return []
    url = make_url(address.url)
    told = [url.password, *(value for name, value in url.query.items() if "pass" in name)]
    return [str(value) for value in told if value]


class Pen:
    """Writes one journal, and brings its schema up to date; raises `Broken` when it cannot be opened or written.

    Raises `Misused` for an address that is none, or whose driver is not installed.
    """

    def __init__(self, address: Address, *, most_pages: int = 0, durable: bool = True) -> None:
        """Take the address; nothing is opened yet."""
        self._place, self._file = address.place, address.file
        self._engine: Engine = (
            _server_engine(address) if address.file is None else _file_engine(address.file, most_pages, durable=durable)
        )
        self._secrets = _secrets(address)

    @contextmanager
    def _working(self, verb: str) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except (SQLAlchemyError, OSError) as fault:
            said = str(getattr(fault, "orig", None) or fault)
            for secret in self._secrets:
                said = said.replace(secret, "***")
            raise cannot(verb, said, self._place) from fault

    def version(self) -> str | None:
        """Give the schema that the database has; None for an empty one."""
        with self._working("open"), self._engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def upgrade(self) -> None:
        """Bring the schema up to date."""
        # alembic is loaded only when there is something to migrate
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self._working("prepare"):
            if self._file is not None:
                self._file.touch(mode=0o600)  # nobody else may read it, not even while it is made
        with self._working("prepare"), self._engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock of a journal in PostgreSQL, which the server takes back when its holder dies."""
        with self._working("lock"):
            connection = self._engine.connect()
            connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": _ADVISORY})
            connection.commit()
        try:
            yield
        finally:
            try:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _ADVISORY})
            except SQLAlchemyError:
                connection.invalidate()  # the server lets go when the connection ends
            connection.close()

    def add(self, row: Mapping[str, object]) -> None:
        """Add one row, committed when this returns; raises `IntegrityError` for a second receipt of an effect."""
        with self._working("write"), self._engine.begin() as connection:
            if self._file is None:
                # numbers are given in the order of commits: a reader that has seen one has seen all before it
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _IN_TURN})
            connection.execute(ENTRIES.insert().values(row))

    def rows_after(self, last: int) -> Sequence[Any]:
        """Give all rows with a greater `id`, oldest first."""
        with self._working("read"), self._engine.connect() as connection:
            return connection.execute(select(ENTRIES).where(ENTRIES.c.id > last).order_by(ENTRIES.c.id)).all()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

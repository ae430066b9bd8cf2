"""The journal's pen: everything that goes through SQLAlchemy, which is loaded with the first change.

A journal in PostgreSQL is read through it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from secrel.journal.reading import cannot
from secrel.journal.tables import ENTRIES

_ADVISORY = 7317_0653


def _prepare_sqlite(most_pages: int, *, durable: bool) -> Callable[[Any, object], None]:
    def prepare(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
        if most_pages:
            connection.execute(f"PRAGMA max_page_count = {most_pages:d}")

    return prepare


class Pen:
    """Writes one journal, and brings its schema up to date; raises `Broken` when it cannot be opened or written."""

    def __init__(self, address: str, place: str, *, most_pages: int = 0, durable: bool = True) -> None:
        """Take a database URL, and how messages call it; nothing is opened yet."""
        self._place = place
        self._engine: Engine = create_engine(address)
        if address.startswith("sqlite"):
            event.listen(self._engine, "connect", _prepare_sqlite(most_pages, durable=durable))

    @contextmanager
    def _working(self, verb: str) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except (SQLAlchemyError, OSError) as fault:
            raise cannot(verb, getattr(fault, "orig", None) or fault, self._place) from fault

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
        with self._working("prepare"), self._engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock of a journal in PostgreSQL, which the server takes back when its holder dies."""
        with self._engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": _ADVISORY})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _ADVISORY})

    def add(self, row: Mapping[str, object]) -> None:
        """Add one row, committed when this returns; raises `IntegrityError` for a second receipt of an effect."""
        with self._working("write"), self._engine.begin() as connection:
            connection.execute(ENTRIES.insert().values(row))

    def rows_after(self, last: int) -> Sequence[Any]:
        """Give all rows with a greater `id`, oldest first."""
        with self._working("read"), self._engine.connect() as connection:
            return connection.execute(select(ENTRIES).where(ENTRIES.c.id > last).order_by(ENTRIES.c.id)).all()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

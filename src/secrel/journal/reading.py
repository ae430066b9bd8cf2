"""A journal in a SQLite file, read with the driver alone: a look at a release does not wait for more to be loaded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from secrel.words.errors import Broken

PATIENCE = 10.0
"""How many seconds to wait for somebody who writes."""


def cannot(verb: str, fault: BaseException, place: str) -> Broken:
    """Say in our words what the database complains about."""
    return Broken(
        f"cannot {verb} the journal ({str(fault).splitlines()[0][:200]})",
        where=place,
        remedy="look at the disk and at the rights of its folder; nothing that was settled is lost",
    )


class FileReader:
    """Reads one file; raises `Broken` when it cannot be read."""

    def __init__(self, file: Path) -> None:
        """Take the file; nothing is opened yet."""
        self._file = file

    @contextmanager
    def _looking(self, verb: str) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._file, timeout=PATIENCE)) as connection:
                yield connection
        except (sqlite3.Error, OSError) as fault:
            raise cannot(verb, fault, str(self._file)) from fault

    def version(self) -> str | None:
        """Give the schema that the file has; None when there is none yet."""
        if not self._file.exists():
            return None
        with self._looking("open") as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(row[0]) if row else None

    def rows_after(self, last: int) -> Sequence[tuple[Any, ...]]:
        """Give all rows with a greater number, oldest first: number, at, release, kind, key, who, body."""
        with self._looking("read") as connection:
            query = 'SELECT id, "at", "release", kind, "key", who, body FROM entries WHERE id > ? ORDER BY id'
            return connection.execute(query, (last,)).fetchall()

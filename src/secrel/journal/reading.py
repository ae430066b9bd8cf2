"""A journal in a SQLite file, read with the driver alone: a look at a release does not wait for more to be loaded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from secrel.words.errors import Broken, Misused

PATIENCE = 10.0
"""How many seconds to wait for somebody who writes."""


def cannot(verb: str, fault: object, place: str) -> Broken:
    """Say in our words what the database complains about."""
    return Broken(
        f"cannot {verb} the journal ({(str(fault).splitlines() or ['no answer'])[0][:200]})",
        where=place,
        remedy="look at the disk and at the rights of its folder; nothing that was settled is lost",
    )


class FileReader:
    """Reads one file; raises `Broken` when it cannot be read, `Misused` for a database of something else."""

    def __init__(self, file: Path) -> None:
        """Take the file; nothing is opened yet."""
        self._file = file

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=PATIENCE, check_same_thread=False)

    @contextmanager
    def _saying(self, verb: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as fault:
            raise cannot(verb, fault, str(self._file)) from fault

    def version(self) -> str | None:
        """Give the schema that the file has; None when there is none yet."""
        with self._saying("open"):
            if not self._file.exists():
                return None
            tables = [
                name for (name,) in self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            if tables and "alembic_version" not in tables:
                raise Misused(
                    "this database is not a journal",
                    where=str(self._file),
                    remedy="name another file for the journal in secrel.toml",
                )
            if not tables:
                return None
            row = self._connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(row[0]) if row else None

    def rows_after(self, last: int) -> Sequence[tuple[Any, ...]]:
        """Give all rows with a greater number, oldest first: number, at, release, kind, key, who, body.

        The body of an intent, which has every text that was sent, is a function that reads it.
        """
        body = "CASE kind WHEN 'intent' THEN NULL ELSE body END"
        query = f'SELECT id, "at", "release", kind, "key", who, {body} FROM entries WHERE id > ? ORDER BY id'  # noqa: S608 - of our own parts
        with self._saying("read"):
            rows = self._connection.execute(query, (last,)).fetchall()
        return [(*row[:-1], partial(self._body, row[0]) if row[-1] is None else row[-1]) for row in rows]

    def _body(self, number: int) -> str:
        with self._saying("read"):
            return str(self._connection.execute("SELECT body FROM entries WHERE id = ?", (number,)).fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        if "_connection" in self.__dict__:
            self._connection.close()

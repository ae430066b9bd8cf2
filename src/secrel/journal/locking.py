"""The one pen: a lock that the operating system, or the database, takes back when its holder dies."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from secrel.words.errors import Broken

_ADVISORY = 7317_0653


@contextmanager
def held(file: Path | None, engine: Engine, place: str) -> Iterator[None]:
    """Hold the lock of one journal: a lock file beside a SQLite file, an advisory lock in PostgreSQL.

    Waits for another holder. Raises `Broken` when the folder cannot be written.
    """
    if file is None:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": _ADVISORY})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _ADVISORY})
        return
    try:
        handle = Path(f"{file}.lock").open("w")  # noqa: SIM115 - closed below, where the lock ends
    except OSError as fault:
        raise Broken(
            f"cannot write beside the journal ({fault.strerror})",
            where=place,
            remedy="make the folder writable, or name another journal in secrel.toml",
        ) from fault
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield

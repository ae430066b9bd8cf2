"""The one pen of a journal in a file: a lock that the operating system takes back when its holder dies."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from secrel.words.errors import Broken


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold the lock of one journal, a file beside it; waits for another holder.

    Raises `Broken` when the folder cannot be written.
    """
    try:
        handle = Path(f"{file}.lock").open("wb")  # noqa: SIM115 - closed below, where the lock ends
    except OSError as fault:
        raise Broken(
            f"cannot write beside the journal ({fault.strerror})",
            where=str(file),
            remedy="make the folder writable, or name another journal in secrel.toml",
        ) from fault
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield

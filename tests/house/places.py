"""Where tests write: in memory, where the machine has a place for it."""

from __future__ import annotations

import os
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes that are free there at least: a whole run leaves less than one gigabyte."""


def quick_place() -> Path | None:
    """Give a folder in memory that has room, and in which programs may run; None where there is none.

    A test that makes a desk writes many small files, waits for the disk, and takes half as long there.
    """
    try:
        told = os.statvfs(MEMORY)
    except (AttributeError, OSError):
        return None
    runs = not told.f_flag & os.ST_NOEXEC
    return MEMORY if runs and told.f_bavail * told.f_frsize >= ROOM and os.access(MEMORY, os.W_OK) else None

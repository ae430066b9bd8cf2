"""Files that people name: read whole when they are plain and small enough, and else refused before they are read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from secrel.words.errors import Misused

NAMES_OF_GIT = ("HEAD", "packed-refs", "refs", "reftable", "shallow", "objects/info/alternates", "info/grafts")
"""What says where the names of a git repository stand, and where its commits end, below its folder."""
_AS_THEY_ARE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""Nobody waits for whoever writes to a pipe, and no terminal becomes ours."""


def read_file(file: Path, what: str, *, most: int, remedy: str) -> bytes:
    """Give the bytes of a file, which messages call `what`: a plain one, of at most `most` bytes.

    Raises `Misused` for anything else, with `remedy`; what is too large is not read, nor is a pipe waited for.
    """
    try:
        number = os.open(file, _AS_THEY_ARE)
        try:
            why = _against(os.fstat(number), most)
            data = b"" if why else _all(number, most)
        finally:
            os.close(number)
    except (OSError, ValueError) as fault:  # a name with a NUL in it is a wrong value
        said = getattr(fault, "strerror", None) or "no file can have this name"
        raise Misused(f"cannot read {what} ({said})", where=str(file), remedy=remedy) from fault
    if len(data) > most:  # it grew meanwhile, or its size is not said
        why = _larger(most)
    if why:
        raise Misused(f"cannot read {what}: {why}", where=str(file), remedy=remedy)
    return data


def real(path: Path) -> Path:
    """Give where a path leads, by whatever links; one that leads in a circle, or nowhere, stays what it is.

    A program that only wants a name for a place goes on, and whoever opens it says what is wrong.
    """
    return path if "\0" in os.fspath(path) else Path(os.path.realpath(path))


def digest_of(folder: Path, names: Sequence[str]) -> str:
    """Give a digest of files and folders below `folder`, with all that is in them; what is not there counts as well.

    The first of them has to be there: without it the folder is another one than it is taken for, whose digest says
    nothing. Raises `OSError` where it is not, and for what cannot be read.
    """
    found, top = blake2b(digest_size=32), os.fspath(folder)
    (folder / names[0]).stat()
    for place in (place for name in names for place in _below(top, name)):
        told = _whole(f"{top}/{place}")
        found.update(f"{place}\n{len(told)}\n".encode("utf-8", "surrogateescape"))
        found.update(told)
    return found.hexdigest()


def _below(top: str, place: str) -> Iterator[str]:
    """Name the files at a place, in order; nothing when nothing is there."""
    try:
        with os.scandir(f"{top}/{place}") as inside:
            every = sorted((one.name, one.is_dir()) for one in inside)
    except NotADirectoryError:
        yield place
    except FileNotFoundError:
        return
    else:
        for name, is_folder in every:
            yield from _below(top, f"{place}/{name}") if is_folder else (f"{place}/{name}",)


def refuse_strange(folder: Path | str) -> None:
    """Refuse a folder of git's in which something is neither a file nor a folder: git would wait for a pipe for ever.

    Raises `Misused` for the first such thing. What cannot be looked at is left to git, which says so; so is what is
    behind a link to another folder.
    """
    with suppress(OSError), os.scandir(folder) as inside:
        for one in inside:
            with suppress(OSError):  # a link to itself
                if one.is_dir(follow_symlinks=False):
                    refuse_strange(one.path)
                elif not one.is_file() and not one.is_dir() and Path(one.path).exists():
                    remedy = "remove it, or make the copy of the repository anew"
                    raise Misused("something in this repository is no file", where=one.path, remedy=remedy)


def _whole(file: str) -> bytes:
    number = os.open(file, _AS_THEY_ARE)
    try:
        return _all(number, os.fstat(number).st_size)
    finally:
        os.close(number)


def _larger(most: int) -> str:
    return f"it is larger than {most:,} bytes"


def _against(found: os.stat_result, most: int) -> str:
    """Say what speaks against reading what was opened; empty: nothing."""
    if stat.S_ISREG(found.st_mode):
        return _larger(most) if found.st_size > most else ""
    names = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe"}
    return f"it is {names.get(stat.S_IFMT(found.st_mode), 'a device')}, and no file"


def _all(number: int, most: int) -> bytes:
    parts: list[bytes] = []
    while (left := most + 1 - sum(map(len, parts))) and (part := os.read(number, left)):
        parts.append(part)
    return b"".join(parts)

"""The file in which a desk keeps answers from one command to the next; it may be deleted at any time.

It holds embargoed facts, so that it is its owner's alone. It is used only when it is whole, and was written by the same
program in the same surroundings: then what it says is what would be found out anew. Whatever is wrong with it, it is
as if it were not there.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

import msgspec

_MOST = 8 * 1024 * 1024
_DIGEST = 32
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def program(folder: Path) -> str:
    """Name the program that lies in `folder`, and what it runs in: another one for every change to any of them.

    That is the names, sizes and times of its files, and when a library that it uses was put there or taken away last.
    """
    libraries = Path(msgspec.__file__).parents[1]
    told = [sys.version, f"{libraries} {libraries.stat().st_mtime_ns}", *sorted(_files(str(folder)))]
    return blake2b("\n".join(told).encode("utf-8", "surrogateescape"), digest_size=_DIGEST).hexdigest()


def _files(folder: str) -> Iterator[str]:
    folders = [folder]
    for place in folders:
        with os.scandir(place) as found:
            for one in found:
                if not one.is_dir():
                    seen = one.stat()
                    yield f"{one.path} {seen.st_size} {seen.st_mtime_ns}"
                elif one.name != "__pycache__":
                    folders.append(one.path)  # and it is looked into after those that are there


def read_answers(file: Path, by: str) -> dict[bytes, bytes]:
    """Give the answers that the program `by` kept; none of a file that is not whole, or not its owner's alone."""
    try:
        text = _own_text(file)
    except OSError:
        return {}
    told = text[_DIGEST:]
    if text[:_DIGEST] != _seal(by, told):
        return {}
    try:
        return msgspec.msgpack.decode(told, type=dict[bytes, bytes])
    except msgspec.DecodeError:
        return {}


def write_answers(file: Path, by: str, answers: Mapping[bytes, bytes]) -> None:
    """Keep the first of these answers, as many as have room: whole or not at all, in silence where it cannot be."""
    room, kept = _MOST - _DIGEST, {}
    for digest, told in answers.items():
        room -= len(digest) + len(told) + 16
        if room < 0:
            break
        kept[digest] = told
    text = msgspec.msgpack.encode(kept)
    draft = file.with_name(f".{file.name}-{os.getpid()}")
    with contextlib.suppress(OSError):
        # one that a killed process left is written over: what is not whole is not read
        with os.fdopen(os.open(draft, _ANEW, 0o600), "wb") as sink:
            draft.chmod(0o600)
            sink.write(_seal(by, text) + text)
        draft.replace(file)


def _seal(by: str, text: bytes) -> bytes:
    return blake2b(text, digest_size=_DIGEST, key=bytes.fromhex(by)).digest()


def _own_text(file: Path) -> bytes:
    """Read a file that is its owner's alone; nothing of any other, and nothing through a link."""
    opened = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(opened, "rb") as source:
        seen = os.fstat(opened)
        is_own = os.name == "nt" or (seen.st_uid == os.geteuid() and not seen.st_mode & 0o077)
        return source.read() if is_own and stat.S_ISREG(seen.st_mode) and seen.st_size <= _MOST else b""

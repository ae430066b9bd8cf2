"""The kept index of commits: columns by commit id in one file, which may be deleted at any time."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from secrel.words.history.messages import Message

_FORM = 12  # raised when the reading of messages changes, so that old indexes are not used
_SEAL = 4


class Rows(Struct, frozen=True, eq=False):
    """Facts before they are laid out for a graph: one row per id, and the commits they name as bytes."""

    ids: npt.NDArray[np.uint8]
    same: npt.NDArray[np.uint64]
    subject: npt.NDArray[np.uint64]
    text: npt.NDArray[np.uint64]
    author: npt.NDArray[np.uint64]
    date: npt.NDArray[np.int64]
    words: npt.NDArray[np.uint8]
    named_by: npt.NDArray[np.int32]
    how: npt.NDArray[np.uint8]
    named: npt.NDArray[np.uint8]
    digits: npt.NDArray[np.uint8]
    asked_by: npt.NDArray[np.int32]
    asked_how: npt.NDArray[np.uint8]
    asked: npt.NDArray[np.uint64]

    def joined(self, other: Rows) -> Rows:
        """Put the rows of another index after these."""
        shift = np.int32(len(self.ids))
        moved = {"named_by": other.named_by + shift, "asked_by": other.asked_by + shift}
        return Rows(
            **{
                name: np.concatenate([getattr(self, name), moved.get(name, getattr(other, name))])
                for name in self.__struct_fields__
            }
        )

    @property
    def fits(self) -> bool:
        """Whether every column has the length and the kind of numbers that it must have."""
        rows, names, requests = len(self.ids), len(self.named), len(self.asked)
        lengths = {"named_by": names, "how": names, "named": names, "digits": names, "asked_by": requests}
        lengths |= {"asked_how": requests, "asked": requests}
        empty = packed(np.zeros((0, self.ids.shape[1]), dtype=np.uint8), [])
        return all(
            len(getattr(self, name)) == lengths.get(name, rows)
            and getattr(self, name).dtype == getattr(empty, name).dtype
            for name in self.__struct_fields__
        ) and all(bool(((by >= 0) & (by < rows)).all()) for by in (self.named_by, self.asked_by))


def packed(ids: npt.NDArray[np.uint8], messages: Sequence[Message]) -> Rows:
    """Write messages as columns; `ids[k]` is the id of `messages[k]`."""
    width = ids.shape[1]
    names = [(row, how, name) for row, message in enumerate(messages) for how, name in message.names]
    names = [(row, how, name) for row, how, name in names if len(name) <= 2 * width]
    requests = [(row, how, key) for row, message in enumerate(messages) for how, key in message.requests]
    padded = b"".join(bytes.fromhex(name.ljust(2 * width, "0")) for _, _, name in names)
    return Rows(
        ids=ids,
        same=np.array([m.same for m in messages], dtype=np.uint64),
        subject=np.array([m.subject for m in messages], dtype=np.uint64),
        text=np.array([m.text for m in messages], dtype=np.uint64),
        author=np.array([m.author for m in messages], dtype=np.uint64),
        date=np.array([m.date for m in messages], dtype=np.int64),
        words=np.array([m.words for m in messages], dtype=np.uint8),
        named_by=np.array([row for row, _, _ in names], dtype=np.int32),
        how=np.array([how for _, how, _ in names], dtype=np.uint8),
        named=np.frombuffer(padded, dtype=np.uint8).reshape(-1, width),
        digits=np.array([len(name) for _, _, name in names], dtype=np.uint8),
        asked_by=np.array([row for row, _, _ in requests], dtype=np.int32),
        asked_how=np.array([how for _, how, _ in requests], dtype=np.uint8),
        asked=np.array([key for _, _, key in requests], dtype=np.uint64),
    )


class _Column(Struct, frozen=True, array_like=True):
    """A column as it is kept: numpy's own files are archives, and reading one loads all that unpacks archives."""

    kind: str
    shape: tuple[int, ...]
    told: bytes

    @classmethod
    def of(cls, numbers: npt.NDArray[Any]) -> _Column:
        return cls(numbers.dtype.str, numbers.shape, numbers.tobytes())

    def numbers(self) -> npt.NDArray[Any]:
        """Give it back; raises `ValueError` or `TypeError` when it is none."""
        return np.frombuffer(self.told, dtype=self.kind).reshape(self.shape)


def _seal(told: bytes) -> bytes:
    return crc32(told).to_bytes(_SEAL, "big")


class IndexCache(Struct, frozen=True):
    """The file that keeps one repository's rows; whatever is wrong with it, the index is read anew."""

    file: Path

    @classmethod
    def of(cls, folder: Path, directory: Path) -> IndexCache:
        """Name the file for the repository at `directory`."""
        name = blake2b(str(directory).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
        return cls(folder / f"commits-{_FORM}-{name}")

    def load(self, width: int) -> Rows | None:
        """Give the kept rows, or None when there are none that can be used."""
        try:
            told = self.file.read_bytes()
            kept = msgspec.msgpack.decode(told[_SEAL:], type=dict[str, _Column])
            rows = Rows(**{name: kept[name].numbers() for name in Rows.__struct_fields__})
        except (OSError, ValueError, KeyError, TypeError, msgspec.DecodeError):
            return None
        if told[:_SEAL] != _seal(told[_SEAL:]):
            return None
        return rows if rows.ids.ndim == 2 and rows.ids.shape[1] == width and rows.fits else None  # noqa: PLR2004 - rows, columns

    def save(self, rows: Rows) -> None:
        """Keep the rows: whole or not at all, and in silence where the folder cannot be written."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.file.parent, prefix=".commits-", delete=False) as draft:
                columns = {name: _Column.of(getattr(rows, name)) for name in Rows.__struct_fields__}
                told = msgspec.msgpack.encode(columns)
                draft.write(_seal(told) + told)
            Path(draft.name).replace(self.file)
        except OSError:
            return

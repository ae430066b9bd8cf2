"""Files of a repository in which pieces of text are looked for, blanks and empty lines aside, each of them read once.

A piece is a few lines, one after the other, with line breaks between them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from secrel.adapters.git.diffs import BLANKS
from secrel.adapters.git.plumbing import Git
from secrel.adapters.git.trees import TreeEntry

HERE = b"\0file"
"""A line of our own, which no file of text can have: a file is there."""

_OTHER = "160000"  # the mode of another repository's commit


def mode_line(mode: bytes) -> bytes:
    """Give a line of our own that stands for a file's mode."""
    return b"\0mode" + mode


def whole_line(blob: bytes) -> bytes:
    """Give a line of our own that stands for all contents of a file, by their id."""
    return b"\0contents" + blob


def _marks(entry: TreeEntry) -> tuple[bytes, ...]:
    """Give lines that stand for what is no text: that a file is there, its mode, and its contents as a whole."""
    if entry.mode == _OTHER:
        return (b"Subprojectcommit" + entry.id.encode(),)
    return (HERE, mode_line(entry.mode.encode()), whole_line(entry.id.encode()))


class WholeFile(Struct, frozen=True):
    """All lines of a file, and its text."""

    lines: Collection[bytes] = ()
    text: bytes = b""

    def has(self, piece: bytes) -> bool:
        """Whether a piece is here."""
        if b"\n" not in piece:
            return piece in self.lines
        return all(line in self.lines for line in piece.split(b"\n")) and b"\n%b\n" % piece in self.text


def whole_files(git: Git, entries: Iterable[TreeEntry]) -> Iterator[tuple[TreeEntry, WholeFile]]:
    """Read files; one that is not here is left out."""
    for _, entry, data in _read(git, (("", entry) for entry in entries)):
        every = _lines(data)
        yield entry, WholeFile({*every, *_marks(entry)}, b"\n%b\n" % b"\n".join(every))


def searched(
    git: Git, asked: Mapping[str, Iterable[TreeEntry]], sought: Mapping[str, Iterable[bytes]]
) -> Iterator[tuple[str, TreeEntry, set[bytes]]]:
    """Look in the files that a path has at several commits for what is sought at that path.

    Gives the path, the file, and the pieces that it has; one that is not here is left out.
    """
    search, now = _Search.of(()), None
    for path, entry, data in _read(git, ((path, entry) for path, mine in asked.items() for entry in mine)):
        if path != now:
            search, now = _Search.of(sought[path]), path
        yield path, entry, {*search.within(data), *_marks(entry)}


def _read(git: Git, asked: Iterable[tuple[str, TreeEntry]]) -> Iterator[tuple[str, TreeEntry, bytes]]:
    waiting: list[tuple[str, TreeEntry]] = []
    for path, entry in asked:
        if entry.mode == _OTHER:
            yield path, entry, b""
        else:
            waiting.append((path, entry))
    further = iter(waiting)
    for name, kind, data in git.readable(entry.id for _, entry in waiting):
        path, entry = next(one for one in further if one[1].id == name)
        if kind == "blob":
            yield path, entry, data


def _lines(text: bytes) -> list[bytes]:
    return [line for line in text.translate(None, BLANKS).split(b"\n") if line]


class _Search(Struct, frozen=True):
    """What is looked for: pieces, and how many lines those have that go on after the first line of each."""

    sought: frozenset[bytes]
    going_on: Mapping[bytes, Collection[int]]

    @classmethod
    def of(cls, sought: Iterable[bytes]) -> _Search:
        """Lay pieces out by the lines that they begin with."""
        every, going_on = frozenset(sought), defaultdict[bytes, set[int]](set)
        for piece in every:
            first, more, _ = piece.partition(b"\n")
            if more:
                going_on[first].add(piece.count(b"\n") + 1)
        return cls(every, going_on)

    def within(self, data: bytes) -> set[bytes]:
        """Give the pieces that a file has."""
        every = _lines(data)
        found = {*self.sought.intersection(every)}
        if not self.going_on.keys().isdisjoint(every):
            starts = [start for start, line in enumerate(every) if line in self.going_on]
            runs = (
                b"\n".join(every[start : start + count]) for start in starts for count in self.going_on[every[start]]
            )
            found.update(self.sought.intersection(runs))
        return found

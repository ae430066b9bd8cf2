"""Files of a repository in which pieces of text are looked for, blanks and empty lines aside, each of them read once.

A piece is a few lines, one after the other, with line breaks between them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from secrel.adapters.git.contents.diffs import BLANKS
from secrel.adapters.git.contents.packs import Objects
from secrel.adapters.git.contents.trees import TreeEntry

HERE = b"\0file"
"""A line of our own, which no file of text can have: a file is there."""

_LENGTH = 1_000  # bytes of a part of a file, and more to the end of a line
_BREAK = 10  # a line break, as a number
_NEAR = 4_000  # bytes that may have been put in where a version goes on as the one before
_FURTHER = 16  # parts that may have changed there
_OTHER = "160000"  # the mode of another repository's commit


def mode_line(mode: bytes) -> bytes:
    """Give a line of our own that stands for a file's mode."""
    return b"\0mode" + mode


def whole_line(blob: bytes) -> bytes:
    """Give a line of our own that stands for all contents of a file, by their id."""
    return b"\0contents" + blob


def other_line(commit: str) -> bytes:
    """Give the line by which git tells of another repository's commit, without its blanks."""
    return b"Subprojectcommit" + commit.encode()


def _marks(entry: TreeEntry) -> tuple[bytes, ...]:
    """Give lines that stand for what is no text: that a file is there, its mode, and its contents as a whole."""
    if entry.mode == _OTHER:
        return (other_line(entry.id),)
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


def whole_files(objects: Objects, entries: Iterable[TreeEntry]) -> Iterator[tuple[TreeEntry, WholeFile]]:
    """Read files; one that is not here is left out."""
    for _, entry, data in _read(objects, (("", entry) for entry in entries)):
        every = _lines(data)
        yield entry, WholeFile({*every, *_marks(entry)}, b"\n%b\n" % b"\n".join(every))


def searched(
    objects: Objects, asked: Mapping[str, Iterable[TreeEntry]], sought: Mapping[str, Iterable[bytes]]
) -> Iterator[tuple[str, TreeEntry, frozenset[bytes]]]:
    """Look in the files that a path has at several commits for what is sought at that path.

    Gives the path, the file, and the pieces sought that it has; one that is not here is left out.
    """
    search, now = _Search.of(()), None
    for path, entry, data in _read(objects, ((path, entry) for path, mine in asked.items() for entry in mine)):
        if path != now:
            search, now = _Search.of(sought[path]), path
        yield path, entry, search.within(data).union(search.sought.intersection(_marks(entry)))


def _read(objects: Objects, asked: Iterable[tuple[str, TreeEntry]]) -> Iterator[tuple[str, TreeEntry, bytes]]:
    waiting: list[tuple[str, TreeEntry]] = []
    for path, entry in asked:
        if entry.mode == _OTHER:
            yield path, entry, b""
        else:
            waiting.append((path, entry))
    further = iter(waiting)
    for name, kind, data in objects.read([entry.id for _, entry in waiting]):
        path, entry = next(one for one in further if one[1].id == name)
        if kind == "blob":
            yield path, entry, data


def _lines(text: bytes) -> list[bytes]:
    return [line for line in text.translate(None, BLANKS).split(b"\n") if line]


class _Part(Struct, frozen=True, eq=False):
    """Some lines of a file, one after the other: their text, the pieces in it, and its first and last few lines."""

    text: bytes
    pieces: frozenset[bytes]
    first: Sequence[bytes]
    last: Sequence[bytes]


class _Search(Struct):
    """What is looked for in the versions of a file: pieces, and how many lines those have that go on after a first one.

    `around` is how many lines a piece has beside one of its own, at most. `parts` are those of the version before, in
    which most of a file is as it was, and is not searched again; a piece may lie in one part, or across two (`joints`,
    by the second of them).
    """

    sought: frozenset[bytes]
    going_on: Mapping[bytes, Collection[int]]
    around: int
    parts: Sequence[_Part] = ()
    joints: Sequence[frozenset[bytes]] = ()

    @classmethod
    def of(cls, sought: Iterable[bytes]) -> _Search:
        """Lay pieces out by the lines that they begin with."""
        every, going_on = frozenset(sought), defaultdict[bytes, set[int]](set)
        for piece in every:
            first, more, _ = piece.partition(b"\n")
            if more:
                going_on[first].add(piece.count(b"\n") + 1)
        return cls(every, going_on, max((max(counts) for counts in going_on.values()), default=1) - 1)

    def within(self, data: bytes) -> frozenset[bytes]:
        """Give the pieces that the next version of the file has."""
        data = data if data[-1:] == b"\n" else data + b"\n"
        before, at, number = self.parts, 0, 0
        parts: list[_Part] = []
        joints: list[frozenset[bytes]] = []
        while at < len(data):
            run = number
            while number < len(before) and data.startswith(before[number].text, at):
                at += len(before[number].text)
                number += 1
            if number > run:
                joints += [self._joint(parts, before[run]), *self.joints[run + 1 : number]]
                parts += before[run:number]
            number, end = self._next(data, at, number)
            self._add(parts, joints, data[at:end])
            at = end
        is_short = len(parts) == 1 and len(parts[0].last) < self.around
        self.parts, self.joints = ([], []) if is_short else (parts, joints)
        return frozenset[bytes]().union(*[part.pieces for part in parts if part.pieces], *filter(None, joints))

    def _next(self, data: bytes, at: int, number: int) -> tuple[int, int]:
        """Find where the version before goes on after a part that changed: the number of that part, and its place.

        In between are enough lines for a part. Where it does not go on nearby, it is past the end.
        """
        most = at + _NEAR
        for further in range(number, min(number + _FURTHER, len(self.parts))):
            text = self.parts[further].text
            most += len(text)
            place = data.find(text, at, most)
            if place > at and data[place - 1] == _BREAK and len(_lines(data[at:place])) >= self.around:
                return further, place
        return len(self.parts), len(data)

    def _add(self, parts: list[_Part], joints: list[frozenset[bytes]], text: bytes) -> None:
        """Add new text as parts of some length; what has too few lines for one is joined to what is before it."""
        start = 0
        while start < len(text):
            end = text.find(b"\n", start + _LENGTH) + 1 or len(text)
            piece, start = text[start:end], end
            lines = _lines(piece)
            if len(lines) < self.around and parts:
                piece = parts.pop().text + piece
                lines = _lines(piece)
                joints.pop()
            part = _Part(piece, self._pieces(lines), lines[: self.around], lines[max(0, len(lines) - self.around) :])
            joints.append(self._joint(parts, part))
            parts.append(part)

    def _joint(self, parts: Sequence[_Part], second: _Part) -> frozenset[bytes]:
        """Give the pieces that begin in the last of these parts and end in another one."""
        return self._pieces([*parts[-1].last, *second.first]) if parts and self.around else frozenset()

    def _pieces(self, lines: Sequence[bytes]) -> frozenset[bytes]:
        found = self.sought.intersection(lines)
        if not self.going_on.keys().isdisjoint(lines):
            starts = [start for start, line in enumerate(lines) if line in self.going_on]
            runs = [
                b"\n".join(lines[start : start + count]) for start in starts for count in self.going_on[lines[start]]
            ]
            found |= self.sought.intersection(runs)
        return found

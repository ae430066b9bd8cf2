"""What is left of a change where a version contains its commit: a merge, or a hand, may have taken it out again."""

from __future__ import annotations

from msgspec import Struct


class Block(Struct, frozen=True):
    """One place in one file that a commit changed: the keys of the lines it added and removed (`line_key`, unsigned).

    Lines that say nothing by themselves, such as a single brace, are left out. `most` is how many signs it has at most;
    `beside` are the keys of the lines before and after it, 0 for none.
    """

    path: str
    added: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()
    most: int = 0
    beside: tuple[int, int] = (0, 0)

    @property
    def lines(self) -> int:
        """Count the lines that tell."""
        return len(self.added) + len(self.removed)


class Remains(Struct, frozen=True):
    """What a file has of one block: of its `signs`, so many are `undone`; of the lines `around` it, so many are `left`.

    A sign is a line that the change added and that the file did not have before, or one that it removed and that the
    file did not have after; it is undone where the first is gone, or the second is back.
    """

    signs: int
    undone: int
    around: int
    left: int


class Copied(Struct, frozen=True):
    """A file `at` a path that is as the one of another `path` was before a change: as a whole, or in its places."""

    path: str
    at: str
    whole: bool

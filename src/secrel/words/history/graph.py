"""The commit graph: which commit has which parents, and where tags and branches stand; whole, compact, immutable."""

from __future__ import annotations

import bisect
import re

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from secrel.words.errors import Misused

Indices = npt.NDArray[np.int32]
_SHORTEST_ID = 4  # git's own least abbreviation (git-config, core.abbrev)


class Ref(Struct, frozen=True):
    """A name in the repository and the commit it stands on; `name` is as found, and nobody vouches for it."""

    name: str
    commit: int


class Graph(Struct, frozen=True, eq=False):
    """All commits of a repository, numbered by the order of their ids, from 0.

    `ids`: bytes, shape (commits, 20 or 32), sorted. `parents[offsets[c]:offsets[c + 1]]` are the parents of commit `c`,
    the first one first. `level`: a number higher than that of every parent, so that ascending levels are a topological
    order. `cut`: commits that have parents which this copy does not hold (a shallow
    clone's edge): what lies below them is unseen. `tags` and `branches` are peeled to commits. `notes`: what the
    reader had to work around, in sentences.
    """

    ids: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    parents: Indices
    level: Indices
    cut: tuple[int, ...] = ()
    tags: tuple[Ref, ...] = ()
    branches: tuple[Ref, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count the commits."""
        return len(self.ids)

    def hex(self, commit: int) -> str:
        """Give the id of a commit in full."""
        name: bytes = self.ids[commit].tobytes()
        return name.hex()

    def parents_of(self, commit: int) -> list[int]:
        """Give the parents of a commit, the first one first."""
        found: list[int] = self.parents[self.offsets[commit] : self.offsets[commit + 1]].tolist()
        return found

    def find(self, text: str) -> int:
        """Find the commit with this id, or with an id that begins so (4 digits at least).

        Raises `Misused` for text that is no commit id, for an unknown one and for one that fits several commits.
        """
        if not re.fullmatch(rf"[0-9a-fA-F]{{{_SHORTEST_ID},64}}", text, re.ASCII):
            raise Misused(
                f"{text[:70]!r} is not a commit id", remedy="give 4 to 64 hexadecimal digits, best all of them"
            )
        found = self.starting_with(text.lower(), most=2)
        if not found:
            edge = "this copy of the repository is shallow: fetch its whole history" if self.cut else ""
            raise Misused(
                f"commit {text} is not in this repository",
                remedy=edge or "check the id, and fetch the branch that holds it",
            )
        if len(found) > 1:
            raise Misused(f"commit {text} is ambiguous", remedy="give more digits of the id")
        return found[0]

    def starting_with(self, digits: str, *, most: int) -> list[int]:
        """Find the commits whose ids begin with `digits` (lower case), no more than `most` of them."""
        whole = bytes.fromhex(digits[: len(digits) // 2 * 2])
        low = bisect.bisect_left(range(len(self.ids)), whole, key=lambda commit: self.ids[commit].tobytes())
        low = bisect.bisect_left(range(len(self.ids)), digits, lo=low, key=self.hex) if len(digits) % 2 else low
        found: list[int] = []
        while low < len(self.ids) and len(found) < most and self.hex(low).startswith(digits):
            found.append(low)
            low += 1
        return found

"""What commits say of themselves, in columns: who and when, hashed, and the commits and merge requests they name."""

from __future__ import annotations

from enum import IntEnum
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
from msgspec import Struct

_ODD = 0x9E3779B97F4A7C15  # spreads dates over all bits

Keys = npt.NDArray[np.uint64]


class Says(IntEnum):
    """How a message names another commit or a merge request."""

    PICKED = 1  # (cherry picked from commit X)
    BACKPORTED = 2  # (backported from commit X), Backport of X
    UPSTREAM = 3  # [ Upstream commit X ], commit X upstream
    REVERTS = 4  # This reverts commit X
    FIXES = 5  # Fixes: X ("subject")
    MERGES = 6  # See merge request group/project!7, Merge pull request #7, Merged from https://…/pull/7
    FROM_REQUEST = 7  # Backport of group/project!7
    REAPPLIES = 8  # This reapplies commit X, Reapply of X
    ABOUT = 9  # Fixes #1234, PR: 1234, …show_bug.cgi?id=1234: a report's number, kept like a merge request's key
    REVERTS_REQUEST = 10  # This reverts merge request !7, Reverts group/project#7
    SQUASHES = 11  # Subject (#7): the merge request of which this commit is all
    SEEMS_TO_REVERT = 12  # Partially reverts commit X; or Revert "subject", kept like a merge request's key
    TAKES_BACK = 13  # a subject with a word for reverting, whatever it names; kept with a key of its own
    SEEMS_TO_REAPPLY = 15  # Reland "subject", Revert "Revert "subject"": kept like a merge request's key
    GOES_BACK_TO = 14  # reversing changes made to X: the parent that the revert of a merge goes back to (git revert -m)


class Facts(Struct, frozen=True, eq=False):
    """Columns over the commits of a graph: row `c` is its commit `c`.

    Keys are 64-bit digests, 0 for "nothing to compare": `same` of author, author's date and subject; `subject` of the
    subject in plain form; `text` of subject and the first paragraphs of the message's body; `author` of who wrote it.
    No key covers trailers or CVE ids.
    `date`: the author's date in seconds since 1970; `words`: how many words the subject has, up to 255.
    Names of commits: `named_by[k]` says `how[k]` (a `Says`) of commit `named[k]` (-1: not in the graph), whose id has
    the digest `named_key[k]`. Requests and reports: `asked_by[k]` says `asked_how[k]` of the one with key `asked[k]`.
    `unread`: why some rows are empty, a sentence; empty when all were read.
    """

    same: Keys
    subject: Keys
    text: Keys
    author: Keys
    date: npt.NDArray[np.int64]
    words: npt.NDArray[np.uint8]
    named_by: npt.NDArray[np.int32]
    how: npt.NDArray[np.uint8]
    named: npt.NDArray[np.int32]
    named_key: Keys
    asked_by: npt.NDArray[np.int32]
    asked_how: npt.NDArray[np.uint8]
    asked: Keys
    unread: str = ""

    @property
    def moment(self) -> Keys:
        """Keys of author and date together, to the second; 0 where the author is not known."""
        mixed: Keys = self.author ^ (self.date.astype(np.uint64) * np.uint64(_ODD))
        return np.where(self.author != 0, mixed | np.uint64(1), np.uint64(0))


class Diff(Struct, frozen=True):
    """What one commit changes against its first parent.

    `paths` as git names them; `patch` a digest of the change without blanks and line numbers, as `git patch-id` does
    (0: the commit changes nothing); `lines` the keys of the lines added and removed, blanks aside (`line_key`).
    """

    paths: frozenset[str]
    patch: int
    lines: frozenset[int]

    def undone_by(self, other: Diff) -> float:
        """Give the share of these lines that `other`, on a path in common, adds where this removes them, or reverse."""
        if not self.lines or not self.paths & other.paths:
            return 0.0
        fewer, more = sorted((self.lines, other.lines), key=len)
        return sum(line ^ 1 in more for line in fewer) / len(self.lines)


def line_key(line: bytes, *, added: bool) -> int:
    """Digest a changed line: added and removed, its key differs in the last bit alone."""
    return int.from_bytes(blake2b(line, digest_size=8).digest(), "big") & ~1 | added

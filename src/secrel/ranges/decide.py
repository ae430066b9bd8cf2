"""The decision for each version: whether it has the vulnerability, computed for all tags of a case in one stroke.

A version is affected when some origin counts in it and at least one required part of the fix does not. A commit counts
where it is contained and no revert that counts undoes it; a part of the fix counts against an origin where one of its
commits counts and is not older than the origin, so that what comes back after a fix is affected again. A revert undoes
what it names where it descends from it. The revert of an origin is a fix of it, and the revert of that revert brings
it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from secrel.ranges.containment import Containment, Flags
from secrel.ranges.resolve import CarriedChange

UNAFFECTED, AFFECTED, FIXED, UNSEEN = range(4)
States = npt.NDArray[np.uint8]


class Decision(Struct):
    """The room to decide in: which units (tags' and branches' commits) hold which commits, and who reverts whom."""

    reach: Containment
    units: Sequence[int]
    reverts: Mapping[int, Sequence[int]]
    counts: dict[int, Flags] = field(default_factory=dict)
    _rows: list[npt.NDArray[np.int64]] = field(default_factory=list)

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The units' rows in the answer of the walk."""
        if not self._rows:
            self._rows.append(np.array([self.reach.rows[unit] for unit in self.units], dtype=np.int64))
        return self._rows[0]

    def held(self, commit: int) -> Flags:
        """Where a commit is contained."""
        found: Flags = self.reach.holds[self.reach.columns[commit], self.rows]
        return found

    def counting(self, commit: int) -> Flags:
        """Where a commit is contained and not undone."""
        if commit not in self.counts:
            found = self.held(commit)
            for revert in self.reverts.get(commit, ()):
                if self.reach.below(commit, revert):
                    found = found & ~self.counting(revert)
            self.counts[commit] = found
        return self.counts[commit]

    def states(self, origins: Sequence[CarriedChange], fixes: Sequence[CarriedChange], *, origin_known: bool) -> States:
        """Decide for every unit."""
        required = [fix for fix in fixes if fix.required]
        cut = self.reach.cut[self.rows]
        if not origin_known:
            fixed = self._all_count(required, None)
            return np.where(fixed, FIXED, np.where(cut, UNSEEN, AFFECTED)).astype(np.uint8)
        present = np.zeros(len(self.units), dtype=bool)
        affected = present.copy()
        open_question = present.copy()
        for origin in (commit for change in origins for commit in change.commits):
            held, counts = self.held(origin), self.counting(origin)
            fixed = self._all_count(required, origin)
            present |= held
            # where the history is cut, "not contained" is not known: neither of the origin nor of the fix
            open_question |= ~fixed & cut & (counts | ~held)
            affected |= counts & ~fixed & ~cut
        return np.where(
            affected, AFFECTED, np.where(open_question, UNSEEN, np.where(present, FIXED, UNAFFECTED))
        ).astype(np.uint8)

    def _all_count(self, required: Sequence[CarriedChange], origin: int | None) -> Flags:
        found = np.ones(len(self.units), dtype=bool)
        for change in required:
            found &= self._one_counts(change, origin)
        return found

    def _one_counts(self, change: CarriedChange, origin: int | None) -> Flags:
        found = np.zeros(len(self.units), dtype=bool)
        for commit in change.commits:
            if origin is None or not self.reach.below(commit, origin):
                found |= self.counting(commit)
        return found

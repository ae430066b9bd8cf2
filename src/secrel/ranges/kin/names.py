"""What messages name: picks and what they were picked from, reverts, merges; laid out both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from secrel.words.history.commits import Facts, Keys, Says
from secrel.words.history.graph import Graph

LARGEST_GROUP = 60
"""Commits with equal keys beyond which the key says nothing."""

_PICKS = (Says.PICKED, Says.BACKPORTED, Says.UPSTREAM, Says.REAPPLIES)


class CommitNames(Struct):
    """What messages name, both ways, ready to be asked.

    `again`: who says that it makes which key's change again, after that was taken back. `back_to`, by commit: the
    parent of a merge that its revert goes back to.
    """

    facts: Facts
    by_key: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    keys_of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    place: dict[int, int] = field(default_factory=dict)
    reverted_by: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    seems_reverted_by: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    says_fixes: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    merged_second: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    disputed: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    back_to: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    again: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def of(cls, graph: Graph, facts: Facts) -> CommitNames:
        """Lay out the names of a graph's commits."""
        names = cls(facts)
        columns = (facts.named_by, facts.how, facts.named, facts.named_key)
        rows = list(zip(*(column.tolist() for column in columns), strict=True))
        reverts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for by, how, named, key in rows:
            if how == Says.REVERTS:
                reverts[by].append((named, key))
        picks = [(by, named, key) for by, how, named, key in rows if how in _PICKS and key and by != named]
        picks = [(by, named, key) for by, named, key in picks if (named, key) not in reverts.get(by, ())]
        again = list(_made_again(reverts))
        names.again.update((by, key) for by, _, key in again)
        names.again.update((by, key) for by, how, _, key in rows if how == Says.REAPPLIES)
        names._lay_out_picks([*picks, *again])
        told = {
            Says.REVERTS: names.reverted_by,
            Says.SEEMS_TO_REVERT: names.seems_reverted_by,
        }
        for by, how, named, _ in rows:
            if named >= 0 and how in told:
                told[Says(how)][named].append(by)
            elif named >= 0 and how == Says.FIXES:
                names.says_fixes[by].append(named)
            elif named >= 0 and how == Says.GOES_BACK_TO:
                names.back_to[by].append(named)
        for named in set(names.place.values()) - {-1}:
            parents = graph.parents_of(named)
            if len(parents) == 2:  # noqa: PLR2004 - a merge of one branch
                names.merged_second[parents[1]].append(named)
        return names

    def _lay_out_picks(self, picks: Sequence[tuple[int, int, int]]) -> None:
        """Lay out what says that it was picked from what, by whom, which, and the key of that."""
        for by, _, key in picks:
            self.keys_of[by].append(key)
        disputed = {(by, key) for by, named, key in picks if named in self.keys_of and self.disputes(by, named, key)}
        for by, named, key in picks:
            if (by, key) in disputed:
                self.disputed[by].append(named)
                self.disputed[named].append(by)
            else:
                self.by_key[key].append(by)
                self.place[key] = named
        for by, key in disputed:
            self.keys_of[by].remove(key)

    def disputes(self, by: int, named: int, key: int) -> bool:
        """Whether what `by` says it was picked from is another change: trailers are copied by hand, and slip by a line.

        They do where both name originals and have none in common, and agree in neither date, subject nor opening.
        """
        others = set(self.keys_of[by]) - {key}
        facts = self.facts
        known = bool(facts.author[by] and facts.author[named])
        return (
            known
            and bool(others)
            and others.isdisjoint(self.keys_of[named])
            and not any(
                column[by] == column[named] and column[by] for column in (facts.date, facts.subject, facts.text)
            )
        )

    def squashes(self, by: int) -> bool:
        """Whether a commit says that it was picked from several changes, and so is more than each of them.

        Two of its originals are one change where one names the other or both name a third, or they have one subject, or
        one author and date.
        """
        facts = self.facts
        found = [(key, self.place[key]) for key in self.keys_of.get(by, ()) if self.place[key] >= 0]
        return any(
            (facts.subject[old] == 0 or facts.subject[old] != facts.subject[new])
            and (facts.author[old] == 0 or facts.author[old] != facts.author[new] or facts.date[old] != facts.date[new])
            and {one, *self.keys_of.get(old, ())}.isdisjoint({other, *self.keys_of.get(new, ())})
            for (one, old), (other, new) in combinations(found, 2)
        )


def _made_again(reverts: Mapping[int, Sequence[tuple[int, int]]]) -> Iterator[tuple[int, int, int]]:
    """What the revert of a revert makes again: it is the same change as what that one took back."""
    for by, [(named, _), *more] in reverts.items():
        first = reverts.get(named, ())
        if len(first) == 1 and not more and first[0][0] not in (by, -1):
            yield (by, *first[0])


def distinct(keys: Keys) -> Keys:
    """Give a few keys, each once, in order: `numpy.unique` loads numpy's masked arrays to do it."""
    return np.array(sorted(set(keys.tolist())), dtype=keys.dtype)


def among(column: Keys, keys: Keys) -> npt.NDArray[np.bool_]:
    """Say which rows of a column have one of these keys.

    The few keys are sorted, and not the column, as `numpy.isin` does: it takes a fifth of its time.
    """
    wanted = distinct(keys)
    if not len(wanted):
        return np.zeros(len(column), dtype=bool)
    found: npt.NDArray[np.bool_] = wanted[np.searchsorted(wanted[1:], column, side="right")] == column
    return found


def groups_of(column: Keys, seeds: Iterable[int]) -> dict[int, list[int]]:
    """Find all commits that share a key with a seed, by key; keys that too many share are left out."""
    keys = column[list(seeds)]
    keys = distinct(keys[keys != 0])
    found: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(among(column, keys)).tolist():
        found[int(column[row])].append(row)
    return {key: rows for key, rows in found.items() if 1 < len(rows) <= LARGEST_GROUP}

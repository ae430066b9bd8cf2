"""Which commits contain which: one walk over the graph answers for every commit asked about at once."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from secrel.words.history.graph import Graph

Flags = npt.NDArray[np.bool_]


class Containment(Struct, frozen=True, eq=False):
    """The answer of the walk.

    `holds[columns[p], rows[a]]`: commit `a` is `p` or descends from it. `cut[rows[a]]`: part of what lies below `a` is
    not in this copy of the repository, so that "does not hold" is not proved there.
    """

    rows: dict[int, int]
    columns: dict[int, int]
    holds: Flags
    cut: Flags

    def contains(self, commit: int, probe: int) -> bool:
        """Whether `commit` is `probe` or descends from it."""
        return bool(self.holds[self.columns[probe], self.rows[commit]])

    def below(self, old: int, young: int) -> bool:
        """Whether `old` is a proper ancestor of `young`."""
        return old != young and self.contains(young, old)

    def related(self, one: int, other: int) -> bool:
        """Whether one of two different commits descends from the other."""
        return self.below(one, other) or self.below(other, one)

    def last(self, places: Sequence[int]) -> list[int]:
        """Give those of some places, all of them probes, from which no other one descends."""
        columns, rows = ([of[place] for place in places] for of in (self.columns, self.rows))
        above = self.holds[columns][:, rows].sum(axis=1)
        return [place for place, count in zip(places, above.tolist(), strict=True) if count == 1]


def reach(graph: Graph, probes: Iterable[int], at: Iterable[int]) -> Containment:
    """Find for every commit in `at`, and for every probe, which of `probes` it contains.

    A commit with one parent that is no probe contains what its parent does, so chains of such commits are skipped in a
    few array steps, and only merges and probes are visited one by one, parents first.
    """
    wanted = list(dict.fromkeys(probes))
    columns = {probe: column for column, probe in enumerate(wanted)}
    own = {probe: 1 << column for probe, column in columns.items()}
    edge = 1 << len(wanted)
    for commit in graph.cut:
        own[commit] = own.get(commit, 0) | edge
    places = list(dict.fromkeys([*at, *wanted]))
    masks = _masks(graph, own, places)
    width = len(wanted) // 8 + 1
    packed = b"".join(mask.to_bytes(width, "little") for mask in masks)
    table = np.frombuffer(packed, dtype=np.uint8).reshape(len(places), width)
    bits = np.unpackbits(table, axis=1, bitorder="little", count=len(wanted) + 1).astype(bool)
    rows = {place: row for row, place in enumerate(places)}
    return Containment(rows, columns, np.ascontiguousarray(bits[:, : len(wanted)].T), bits[:, len(wanted)])


def beginnings(graph: Graph, origins: set[int], places: Iterable[int]) -> Containment | None:
    """Find which of these descend from which commit without parents; None where there is one, or no origin is known."""
    first = [*({*np.flatnonzero(np.diff(graph.offsets) == 0).tolist()} - {*graph.cut})]
    return reach(graph, first, [*places, *origins]) if origins and len(first) > 1 else None


def between(graph: Graph, above: int, below: Iterable[int]) -> list[int]:
    """Give the commits that one commit contains, itself included, and none of the others does; the younger ones first.

    The walk ends where nothing is left to find, so it takes as long as the way in between.
    """
    offsets, parents, level = _lists(graph)
    kept = {above: True}
    kept.update(dict.fromkeys(below, False))
    waiting = [(-level[commit], commit) for commit in kept]
    heapq.heapify(waiting)
    open_, found = sum(kept.values()), []
    while open_:
        _, commit = heapq.heappop(waiting)
        is_kept = kept[commit]
        if is_kept:
            open_ -= 1
            found.append(commit)
        for parent in parents[offsets[commit] : offsets[commit + 1]]:
            known = kept.get(parent)
            if known is None:
                kept[parent] = is_kept
                open_ += is_kept
                heapq.heappush(waiting, (-level[parent], parent))
            elif known and not is_kept:
                kept[parent] = False
                open_ -= 1
    return found


@lru_cache(maxsize=1)
def _lists(graph: Graph) -> tuple[list[int], list[int], list[int]]:
    """Give offsets, parents and levels as lists: an array tells one number slowly, and many walks ask for each."""
    return graph.offsets.tolist(), graph.parents.tolist(), graph.level.tolist()


def _masks(graph: Graph, own: dict[int, int], places: list[int]) -> list[int]:
    if not own:
        return [0] * len(places)
    counts = np.diff(graph.offsets)
    marked = np.fromiter(own, dtype=np.int64, count=len(own))
    stops = counts != 1
    stops[marked] = True
    skip = _skipped(graph, stops)
    # below the lowest marked commit nothing is contained, and there is nothing to visit
    worth = stops & (graph.level >= graph.level[marked].min())
    visits = np.flatnonzero(worth)
    visits = visits[np.argsort(graph.level[visits], kind="stable")]
    known: dict[int, int] = {}
    at = np.repeat(graph.offsets[visits] - _starts(counts[visits]), counts[visits]) + np.arange(counts[visits].sum())
    parents = iter(skip[graph.parents[at]].tolist())
    for commit, parent_count in zip(visits.tolist(), counts[visits].tolist(), strict=True):
        mask = own.get(commit, 0)
        for _ in range(parent_count):
            other = known.get(next(parents), 0)
            if other and mask | other != mask:
                # one object for equal masks: a long history would otherwise hold millions of equal numbers
                mask = other if mask | other == other else mask | other
        if mask:
            known[commit] = mask
    return [known.get(stop, 0) for stop in skip[places].tolist()]


def _starts(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts)[:-1])) if len(counts) else np.zeros(0, dtype=np.int64)


def _skipped(graph: Graph, stops: Flags) -> npt.NDArray[np.int32]:
    """Find for every commit the nearest one on its line of only parents at which the walk has to stop."""
    skip = np.arange(len(graph), dtype=np.int32)
    passing = np.flatnonzero(~stops)
    skip[passing] = graph.parents[graph.offsets[passing]]
    while len(passing):
        further = skip[skip[passing]]
        moved = further != skip[passing]
        skip[passing] = further
        passing = passing[moved]
    return skip

"""Where contents are looked for that no commit tells of: a change that came in another way, and copies of its files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from secrel.ranges.containment import Containment, Flags, reach
from secrel.ranges.kin.links import Kin
from secrel.ranges.order import Order, SeriesBlock, ordered
from secrel.ranges.prove import Ground
from secrel.ranges.resolve import CarriedChange, LookedUp, carried, every_commit, spread
from secrel.words.history.commits import Facts
from secrel.words.history.graph import Graph

Both = tuple[list[CarriedChange], list[CarriedChange]]


class Held(Struct, frozen=True, eq=False):
    """The changes of each case, its origins and what its fix needs, and which tags and branches hold them."""

    graph: Graph
    order: Order
    changes: list[Both]
    found: Containment
    rows: list[int]

    @classmethod
    def of(cls, ground: Ground, cases: Sequence[LookedUp], kin: Kin, *, apart: bool = False) -> Held:
        """Lay out what one walk finds; `apart`: a merge among the fixes is what it brought in."""
        order = ordered(ground.graph, ground.catalogue, ground.plans, ground.depth)
        needed = [[part for part in one.fixes if part.required] for one in cases]
        parts = [spread(ground.graph, mine) if apart else mine for mine in needed]
        changes = [(carried(one.origins, kin), carried(mine, kin)) for one, mine in zip(cases, parts, strict=True)]
        commits = {commit for origins, fixes in changes for commit in every_commit((*origins, *fixes))}
        found = reach(ground.graph, commits, order.units)
        return cls(ground.graph, order, changes, found, [found.rows[unit] for unit in order.units])

    def have(self, mine: Sequence[CarriedChange]) -> Flags:
        """Say which units have any commit of these changes."""
        columns = [self.found.columns[commit] for commit in every_commit(mine)]
        return np.asarray(self.found.holds[columns][:, self.rows].any(axis=0), dtype=bool)

    def flawed(self, origins: Sequence[CarriedChange]) -> Flags:
        """Say which units have any origin: all, where none is known."""
        return self.have(origins) if origins else np.ones(len(self.rows), dtype=bool)


def without_commit(held: Held, facts: Facts, cases: Sequence[LookedUp]) -> dict[int, list[int]]:
    """Give for each origin and fix with one parent where its contents are to be looked for, without its commit.

    In each series, that is the last version that is younger, and has neither origin nor fix, or no fix of its flaw.
    """
    dates = facts.date[list(held.order.units)]
    asked: dict[int, list[int]] = {}
    for one, (origins, fixes) in zip(cases, held.changes, strict=True):
        flawed, mended = held.flawed(origins), held.have(fixes)
        for parts, here in ((one.origins, ~(flawed | mended)), (one.fixes, flawed & ~mended)):
            for seed in (seed for part in parts for seed in part.seeds if len(held.graph.parents_of(seed)) == 1):
                wanted = here & (dates > facts.date[seed]) & ~held.found.cut[held.rows]
                places = (_last(held.order, block, wanted) for block in held.order.blocks) if wanted.any() else ()
                asked.setdefault(seed, []).extend(held.order.units[unit] for unit in places if unit is not None)
    return {seed: list(dict.fromkeys(places)) for seed, places in asked.items() if places}


def _last(order: Order, block: SeriesBlock, wanted: Flags) -> int | None:
    """Give the unit of the last version of a series that is wanted."""
    mine = order.at[block.start : block.end]
    mine = mine[mine >= 0]
    here = mine[wanted[mine]]
    return int(here[-1]) if len(here) else None


def without_origin(held: Held, facts: Facts, cases: Sequence[LookedUp]) -> dict[int, OriginPlaces]:
    """Give for each fix of a known origin where what it mends may be without the origin, as `without_commit` does."""
    dates = facts.date[list(held.order.units)]
    asked: dict[int, OriginPlaces] = {}
    for one, (origins, fixes) in zip(cases, held.changes, strict=True):
        seeds = [seed for part in one.origins for seed in part.seeds]
        if not seeds:
            continue
        wanted = ~(held.have(origins) | held.have(fixes)) & ~held.found.cut[held.rows]
        wanted &= dates > min(facts.date[seed] for seed in seeds)
        places = [
            held.order.units[unit]
            for block in held.order.blocks
            if (unit := _last(held.order, block, wanted)) is not None
        ]
        before = [parent for seed in seeds for parent in held.graph.parents_of(seed)[:1]]
        for seed in (seed for part in one.fixes if part.required for seed in part.seeds) if places else ():
            known = asked.get(seed, OriginPlaces())
            asked[seed] = OriginPlaces([*known.without, *places], [*known.before, *before])
    return asked


class OriginPlaces(Struct, frozen=True):
    """Commits of versions without an origin, the last ones of their series, and those that the origins came after."""

    without: Sequence[int] = ()
    before: Sequence[int] = ()


class CopyPlaces(Struct, frozen=True):
    """Commits that have a fix in one form or another, that of the highest version last, and those with the flaw."""

    mended: Sequence[int] = ()
    flawed: Sequence[int] = ()


def where_mended(ground: Ground, cases: Sequence[LookedUp], kin: Kin) -> dict[int, CopyPlaces]:
    """Give for each commit of a fix that is needed where copies of its files are looked for."""
    held = Held.of(ground, cases, kin, apart=True)
    units = np.array(held.order.units, dtype=np.int64)
    rank = {held.order.units[unit]: place for place, unit in enumerate(held.order.at.tolist()) if unit >= 0}
    asked: dict[int, CopyPlaces] = {}
    for origins, fixes in held.changes:
        flawed = units[held.flawed(origins) & ~held.have(fixes)].tolist()
        for change in fixes:
            mended = units[held.have([change])].tolist()
            for commit in change.commits if mended else ():
                known = asked.get(commit, CopyPlaces())
                every = sorted({*known.mended, *mended}, key=lambda unit: (rank.get(unit, -1), unit))
                asked[commit] = CopyPlaces(every, [*dict.fromkeys((*known.flawed, *flawed))])
    return asked

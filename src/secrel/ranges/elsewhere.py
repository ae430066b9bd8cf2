"""Where an origin or a fix may be without its commit: in series that went on beside it, by an unnamed backport."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from secrel.ranges.containment import Flags, reach
from secrel.ranges.kin.links import Kin
from secrel.ranges.order import Order, SeriesBlock, ordered
from secrel.ranges.prove import Ground
from secrel.ranges.resolve import CarriedChange, LookedUp, carried, every_commit
from secrel.words.history.commits import Facts


def without_commit(ground: Ground, facts: Facts, cases: Sequence[LookedUp], kin: Kin) -> dict[int, list[int]]:
    """Give for each origin and fix with one parent where its contents are to be looked for, without its commit.

    In each series, that is the last version that is younger, and has neither origin nor fix, or no fix of its flaw.
    """
    graph = ground.graph
    order = ordered(graph, ground.catalogue, ground.plans, ground.depth)
    changes = [
        (carried(one.origins, kin), carried([part for part in one.fixes if part.required], kin)) for one in cases
    ]
    commits = {commit for origins, fixes in changes for commit in every_commit((*origins, *fixes))}
    found = reach(graph, commits, order.units)
    rows = [found.rows[unit] for unit in order.units]
    dates = facts.date[list(order.units)]

    def have(mine: Sequence[CarriedChange]) -> Flags:
        columns = [found.columns[commit] for commit in every_commit(mine)]
        return np.asarray(found.holds[columns][:, rows].any(axis=0), dtype=bool)

    asked: dict[int, list[int]] = {}
    for one, (origins, fixes) in zip(cases, changes, strict=True):
        flawed, mended = have(origins) if origins else np.ones(len(rows), dtype=bool), have(fixes)
        for parts, here in ((one.origins, ~(flawed | mended)), (one.fixes, flawed & ~mended)):
            for seed in (seed for part in parts for seed in part.seeds if len(graph.parents_of(seed)) == 1):
                wanted = here & (dates > facts.date[seed]) & ~found.cut[rows]
                places = (_last(order, block, wanted) for block in order.blocks) if wanted.any() else ()
                asked.setdefault(seed, []).extend(order.units[unit] for unit in places if unit is not None)
    return {seed: list(dict.fromkeys(places)) for seed, places in asked.items() if places}


def _last(order: Order, block: SeriesBlock, wanted: Flags) -> int | None:
    """Give the unit of the last version of a series that is wanted."""
    mine = order.at[block.start : block.end]
    mine = mine[mine >= 0]
    here = mine[wanted[mine]]
    return int(here[-1]) if len(here) else None

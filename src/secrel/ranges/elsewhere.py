"""Where an origin may be without its commit: in series that went on beside it, by a backport without a word."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.ranges.containment import Flags, reach
from secrel.ranges.kin.links import Kin
from secrel.ranges.order import Order, SeriesBlock, ordered
from secrel.ranges.prove import Ground
from secrel.ranges.resolve import LookedUp, carried, every_commit


def without_origin(ground: Ground, cases: Sequence[LookedUp], kin: Kin) -> dict[int, list[int]]:
    """Give for each origin with one parent where its contents are to be looked for.

    In each series, that is the last version that is younger than the origin and has neither it nor the fix.
    """
    graph, facts = ground.graph, ground.facts
    if facts is None or not any(one.origins for one in cases):
        return {}
    order = ordered(graph, ground.catalogue, ground.plans, ground.depth)
    changes = [(one, every_commit(carried([*one.origins, *one.fixes], kin))) for one in cases]
    found = reach(graph, {commit for _, commits in changes for commit in commits}, order.units)
    rows = [found.rows[unit] for unit in order.units]
    dates = facts.date[list(order.units)]
    asked: dict[int, list[int]] = {}
    for one, commits in changes:
        has: Flags = found.holds[[found.columns[commit] for commit in commits]][:, rows].any(axis=0)
        for seed in (seed for part in one.origins for seed in part.seeds if len(graph.parents_of(seed)) == 1):
            wanted = ~has & (dates > facts.date[seed]) & ~found.cut[rows]
            places = (_last(order, block, wanted) for block in order.blocks)
            asked.setdefault(seed, []).extend(order.units[unit] for unit in places if unit is not None)
    return {seed: list(dict.fromkeys(places)) for seed, places in asked.items() if places}


def _last(order: Order, block: SeriesBlock, wanted: Flags) -> int | None:
    """Give the unit of the last version of a series that is wanted."""
    mine = order.at[block.start : block.end]
    mine = mine[mine >= 0]
    here = mine[wanted[mine]]
    return int(here[-1]) if len(here) else None

"""Series that should have the fix and do not, as far as was seen: an unseen backport would make the answer wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from secrel.ranges.containment import Flags
from secrel.ranges.decide import AFFECTED, States
from secrel.ranges.order import Order, SeriesBlock
from secrel.ranges.results import NotProved
from secrel.ranges.telling.judged import JudgedCase, VersionStates
from secrel.words.history.text import SHORT_ID, printable
from secrel.words.versions import Version

_MOST_NAMED = 3
_REMEDY = (
    "name the commit that fixes it there beside the other (--fix A,B), or say from which version on it is affected "
    "(--first), or that the series gets no fixes any more: --ended "
)


def lagging(judged: JudgedCase, found: VersionStates, of_units: States) -> Iterator[NotProved]:
    """Tell series without the fix that are newer than one with it, or went on after it; and branches with the flaw."""
    yield from _without_fix(judged, found)
    yield from _branches(judged, found, of_units)


def _without_fix(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    order, lasts = judged.world.order, judged.world.lasts
    has = judged.has_fix()
    holds = judged.has_fix(undone_too=True) if judged.undone else has
    if not holds.any() or not len(lasts.places):
        return
    lacking = (found.states[lasts.places] == AFFECTED) & ~holds[order.at[lasts.places]]
    if not lacking.any():
        return
    with_fix = _with(order, has)
    with_any = with_fix if holds is has else _with(order, holds)
    first = int(with_fix.argmax()) if with_fix.any() else len(with_fix)
    newer, later = lasts.blocks > first, lasts.blocks <= int(np.flatnonzero(with_any)[-1])
    when = _fixed_at(judged)
    went_on = later & (lasts.dates > when) & ~lasts.overtaken if when is not None else np.zeros_like(newer)
    for row in np.flatnonzero(lacking & (newer | went_on)).tolist():
        block = order.blocks[int(lasts.blocks[row])]
        versions = _versions(judged, found, block, holds)
        if not versions or _closed(judged, block, has):
            continue
        if newer[row]:
            older = order.blocks[first].series
            reason = f"series {older} is older and has the fix, and {block.series} has none that was seen"
        else:
            reason = f"{versions[-1]} came after the fix of a later series, and {block.series} has none that was seen"
        some = _in_part(judged, order.at[lasts.places[row]])
        fewer = "; or name only those changes that are needed, each with --fix" if some else ""
        yield NotProved(f"series {block.series}", f"{reason}{some}", f"{_REMEDY}{block.series}{fewer}", versions)


def _in_part(judged: JudgedCase, unit: int) -> str:
    """Say which changes of a fix of several a tag lacks, where it has others: each of them is needed."""
    decision, required = judged.world.decision, judged.required
    lacks = [
        {*change.commits} for change in required if not any(decision.counting(one)[unit] for one in change.commits)
    ]
    if len(lacks) == len(required):
        return ""
    named = dict.fromkeys(seed for part in judged.asked.fixes for seed in part.seeds for mine in lacks if seed in mine)
    names = ", ".join(judged.world.graph.hex(seed)[:SHORT_ID] for seed in [*named][:_MOST_NAMED])
    return f": it has {len(required) - len(lacks)} of the {len(required)} changes of the fix, and lacks {names}"


def _with(order: Order, has: Flags) -> Flags:
    """Say for each series whether a version of it, or its branch, is one that has it."""
    here = order.at_tags(has)
    for place, units in order.several.items():
        here[place] = has[list(units)].all()
    found: Flags = np.logical_or.reduceat(here, order.starts)
    for number in np.flatnonzero(order.with_branch).tolist():
        found[number] |= has[order.blocks[number].branch]
    return found


def _versions(judged: JudgedCase, found: VersionStates, block: SeriesBlock, holds: Flags) -> tuple[Version, ...]:
    """Give the affected versions of a series that do not hold the fix, nor hold it undone; those claimed aside."""
    order = judged.world.order
    claimed = {version for claim in found.applied for version in claim.changed}
    return tuple(
        order.versions[place]
        for place in range(block.start, block.end)
        if found.states[place] == AFFECTED
        and place not in order.planned
        and not (order.at[place] >= 0 and holds[order.at[place]])
        and order.versions[place] not in claimed
    )


def _closed(judged: JudgedCase, block: SeriesBlock, has: Flags) -> bool:
    """Whether a series is known to get no fix any more, or gets this one next."""
    ended = judged.world.only_planned if block.plan is None else block.plan.supported is False
    return ended or (block.branch is not None and bool(has[block.branch]))


def _fixed_at(judged: JudgedCase) -> int | None:
    """When the fix was written first, in seconds since 1970; None when nobody told."""
    facts, decision = judged.world.facts, judged.world.decision
    commits = [commit for change in judged.required for commit in change.commits if decision.held(commit).any()]
    dates = [int(facts.date[commit]) for commit in commits if facts is not None and facts.author[commit]]
    return min(dates, default=None)


def _branches(judged: JudgedCase, found: VersionStates, of_units: States) -> Iterator[NotProved]:
    """Tell branches that got the flaw and not the fix since the last version of their series."""
    order = judged.world.order
    if not judged.origins or not order.branches:
        return
    blocks = {block.series: block for block in order.blocks}
    for series, unit in order.branches.items():
        if of_units[unit] != AFFECTED or _known(found, order.planned, blocks.get(series)):
            continue
        commit = next(commit for commit in sorted(_origins(judged)) if judged.world.decision.counting(commit)[unit])
        shown = judged.world.graph.hex(commit)[:SHORT_ID]
        yield NotProved(
            f"series {series}",
            f"its branch {printable(order.names[series])} has the origin, {shown}, and no fix",
            "carry the fix to the branch before its next version, or name the commit that fixes it there",
        )


def _known(found: VersionStates, planned: frozenset[int], block: SeriesBlock | None) -> bool:
    """Whether the last version of a series is affected as well: then its branch says nothing new."""
    real = [place for place in range(block.start, block.end) if place not in planned] if block else []
    return bool(real) and bool(found.states[real[-1]] == AFFECTED)


def _origins(judged: JudgedCase) -> Sequence[int]:
    return [commit for change in judged.origins for commit in change.commits]

"""One series after another: its spans, how it stands, and the first version with the fix.

Most series are of one piece (never affected, affected throughout, or fixed from their first version), and are told by
counting; only those in which something changes are looked into.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from secrel.ranges.decide import AFFECTED, FIXED, UNSEEN, States
from secrel.ranges.order import Order, SeriesBlock
from secrel.ranges.results import Proof, SeriesOutcome, SeriesResult
from secrel.ranges.telling.runs import Run, runs, written
from secrel.ranges.telling.witness import Witness


def told_series(states: States, of_units: States, witness: Witness) -> tuple[SeriesResult, ...]:
    """Tell every series of the order."""
    order = witness.order
    if not order.blocks:
        return ()
    starts = order.starts
    sizes = np.diff(np.append(starts, len(states)))
    affected = np.add.reduceat(states == AFFECTED, starts, dtype=np.int64)
    fixed = np.add.reduceat(states == FIXED, starts, dtype=np.int64)
    unseen = np.add.reduceat(states == UNSEEN, starts, dtype=np.int64)
    before = np.concatenate(([False], states[starts[1:] - 1] == AFFECTED))
    changes = (before != (states[starts] == AFFECTED)) | (unseen > 0) | ((affected > 0) & (affected < sizes))
    changes |= (affected > 0) & order.with_branch
    plain = np.where(affected > 0, 1, np.where(fixed > 0, 2, 0))
    found = order.plain[np.arange(len(starts)), plain].tolist()
    for number in np.flatnonzero(changes).tolist():
        found[number] = _told(order.blocks[number], states, of_units, witness)
    return tuple(found)


def _told(block: SeriesBlock, states: States, of_units: States, witness: Witness) -> SeriesResult:
    """Tell one series in which something changes."""
    order = witness.order
    mine = states[block.start : block.end]
    found = [run.moved(block.start) for run in runs(mine)]
    if not found:
        return SeriesResult(block.series, _untouched(mine), proofs=tuple(_why_untouched(block, mine, witness)))
    spans = tuple(written(run, order.versions, from_first=True) for run in found)
    proofs = [proof for run in found for proof in _seen(run, states, witness)]
    last = found[-1]
    planned = block.plan.planned if block.plan else None
    if last.after is None:
        outcome = _unfixed(block, order, mine, of_units)
        if outcome is SeriesOutcome.FIXED_NEXT and block.branch is not None:
            proofs += witness.branch(block.branch, block.plan.branch if block.plan else "")
        earlier = found[-2].after if len(found) > 1 else None
        back = earlier is not None and outcome in {SeriesOutcome.NO_FIX_FOUND, SeriesOutcome.ENDED}
        first = None if earlier is None else order.versions[earlier]
        return SeriesResult(
            block.series, SeriesOutcome.CAME_BACK if back else outcome, spans, first, planned, tuple(proofs)
        )
    outcome = SeriesOutcome.FIXED_NEXT if last.after in order.planned else SeriesOutcome.FIXED
    return SeriesResult(
        block.series, outcome, spans, order.versions[found[0].after or last.after], planned, tuple(proofs)
    )


def _seen(run: Run, states: States, witness: Witness) -> Iterator[Proof]:
    if run.first == 0 or states[run.first - 1] != AFFECTED:
        yield from witness.start(run.first)
    yield witness.last(run.last)
    if run.after is not None:
        yield from witness.fix(run.after)


def _unfixed(block: SeriesBlock, order: Order, states: States, of_units: States) -> SeriesOutcome:
    """Say how a series stands whose last version is affected."""
    if block.branch is not None and of_units[block.branch] == FIXED:
        return SeriesOutcome.FIXED_NEXT
    if int(states[-1]) == UNSEEN and block.end - 1 not in order.planned:
        return SeriesOutcome.UNSEEN
    if block.plan and block.plan.supported is False:
        return SeriesOutcome.ENDED
    return SeriesOutcome.NO_FIX_FOUND


def _untouched(states: States) -> SeriesOutcome:
    if bool((states == UNSEEN).any()):
        return SeriesOutcome.UNSEEN
    return SeriesOutcome.FIXED_FROM_START if bool((states == FIXED).any()) else SeriesOutcome.NEVER_AFFECTED


def _why_untouched(block: SeriesBlock, states: States, witness: Witness) -> Iterator[Proof]:
    fixed = np.flatnonzero(states == FIXED)
    if len(fixed):
        yield from witness.fix(block.start + int(fixed[0]))

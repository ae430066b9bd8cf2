"""Telling the result: spans and first fixed versions per series, a proof for each end, and whatever is in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secrel.ranges.decide import AFFECTED, FIXED, UNSEEN
from secrel.ranges.order import settled
from secrel.ranges.resolve import every_commit
from secrel.ranges.results import Applied, Result
from secrel.ranges.telling.doubts import doubts
from secrel.ranges.telling.judged import JudgedCase, standing
from secrel.ranges.telling.runs import spans_of
from secrel.ranges.telling.series import told_series
from secrel.ranges.telling.witness import Witness
from secrel.words.history.text import SHORT_ID


def told(judged: JudgedCase) -> Result:
    """Turn one case, judged, into its result."""
    world, case = judged.world, judged.case
    graph, order, decision = world.graph, world.order, world.decision
    of_units = judged.of_units(decision)
    found = standing(case, order, of_units)
    seen = settled(found.states, order)
    witness = Witness(graph, order, decision, (judged.origins, judged.fixes), dict(judged.links), seen)
    real = order.out
    changed = {version for claim in found.applied for version in claim.changed}
    inferred = [order.versions[place] for place in found.inferred if order.versions[place] not in changed]
    counting = sorted(judged.commits)
    return Result(
        name=case.name,
        origin_known=case.origin_known,
        spans=spans_of(seen, order.versions),
        series=told_series(seen, of_units, witness),
        versions=tuple(order.array[real].tolist()),
        affected=tuple(order.array[real & (found.states == AFFECTED)].tolist()),
        fixed=tuple(order.array[real & (found.states == FIXED)].tolist()),
        unknown=tuple(order.array[real & (found.states == UNSEEN)].tolist()),
        inferred=tuple(inferred),
        unseen=tuple(dict.fromkeys(doubts(judged, found, of_units))),
        claims=found.applied,
        findings=tuple(dict.fromkeys(_findings(judged, found.applied))),
        links=tuple(witness.links.values()),
        proposals=tuple(judged.proposals),
        proposed_origins=_proposed_origins(judged),
        parts=len(judged.required),
        origins=tuple(graph.hex(commit) for commit in sorted(every_commit(judged.origins))),
        fixes=tuple(graph.hex(commit) for commit in sorted(every_commit(judged.required))),
        uncompared=tuple(
            graph.hex(commit)
            for commit in sorted(every_commit(judged.required))
            if commit in world.kin.uncompared or not world.looked
        ),
        reverts=tuple(
            graph.hex(by)
            for by in sorted({by for commit in counting for by in decision.reverts.get(commit, ())})
            if any(decision.reach.below(c, by) for c in counting if by in decision.reverts.get(c, ()))
        ),
    )


def _proposed_origins(judged: JudgedCase) -> tuple[str, ...]:
    """Give the commits that the fix says it fixes, where nobody named an origin."""
    if judged.case.origin_known:
        return ()
    named = judged.world.kin.named_origins
    found = [commit for part in judged.asked.fixes for seed in part.seeds for commit in named.get(seed, ())]
    return tuple(judged.world.graph.hex(commit) for commit in dict.fromkeys(found) if commit not in judged.commits)


def _findings(judged: JudgedCase, applied: Sequence[Applied]) -> Iterator[str]:
    """Tell what a reviewer should look at."""
    graph, order, decision = judged.world.graph, judged.world.order, judged.world.decision
    yield from order.findings
    for claim in applied:
        if not claim.changed:
            yield f"the claim of {claim.by} changes nothing: {claim.reason}"
    yield from _misplaced(judged)
    for commit in sorted(judged.commits):
        for revert in decision.reverts.get(commit, ()):
            if decision.reach.below(commit, revert):
                yield (
                    f"commit {graph.hex(revert)[:SHORT_ID]} says that it reverts {graph.hex(commit)[:SHORT_ID]}: "
                    "where both are, the reverted one does not count"
                )


def _misplaced(judged: JudgedCase) -> Iterator[str]:
    """Tell commits that are not in the series they were named for."""
    order, decision = judged.world.order, judged.world.decision
    for name, parts in (("fix", judged.asked.fixes), ("origin", judged.asked.origins)):
        for part in parts:
            wanted = part.change.series
            if wanted is None:
                continue
            blocks = [block for block in order.blocks if block.series == wanted]
            units = {int(unit) for block in blocks for unit in order.at[block.start : block.end] if unit >= 0}
            units.update(block.branch for block in blocks if block.branch is not None)
            if not any(decision.held(part.seeds[0])[unit] for unit in units):
                shown = ", ".join(commit[:SHORT_ID] for commit in part.change.commits) or "of the merge request"
                yield f"{name} {shown} was named for series {wanted}, and none of its versions has it"

"""Telling the result: claims applied, spans and first fixed versions per series, and a proof for each end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

import numpy as np

from secrel.ranges.cases import Case, Claim, Claimed
from secrel.ranges.decide import AFFECTED, FIXED, UNAFFECTED, UNSEEN, Decision, States
from secrel.ranges.kin.links import Kin, Link
from secrel.ranges.order import Order, settled
from secrel.ranges.resolve import Asked, Carried, every_commit
from secrel.ranges.results import Applied, NotProved, Result
from secrel.ranges.runs import spans_of
from secrel.ranges.series import told_series
from secrel.ranges.witness import Witness
from secrel.words.history.graph import Graph
from secrel.words.versions import Version

_SHORT = 12


def told(
    graph: Graph,
    order: Order,
    decision: Decision,
    kin: Kin,
    judged: tuple[Asked, Sequence[Carried], Sequence[Carried], States],
) -> Result:
    """Turn the states of all units into the result of one case."""
    asked, origins, fixes, of_units = judged
    case = asked.case
    states, inferred = order.states(of_units)
    states = _from_first(case, order, states)
    states, applied = _claimed(case.claims, order.versions, states)
    changed = {version for claim in applied for version in claim.changed}
    seen = settled(states, order.planned)
    witness = Witness(graph, order, decision, (origins, fixes), _links(asked, kin))
    real = np.ones(len(states), dtype=bool)
    real[list(order.planned)] = False
    unseen = np.flatnonzero(real & (states == UNSEEN)).tolist()
    guesses = [order.versions[place] for place in inferred if order.versions[place] not in changed]
    return Result(
        name=case.name,
        proved=not unseen,
        origin_known=case.origin_known,
        spans=spans_of(seen, order.versions),
        series=told_series(seen, of_units, witness),
        versions=tuple(order.array[real].tolist()),
        affected=tuple(order.array[real & (states == AFFECTED)].tolist()),
        fixed=tuple(order.array[real & (states == FIXED)].tolist()),
        inferred=tuple(guesses),
        unseen=tuple(NotProved(str(order.versions[place]), _why_unseen(order, place)) for place in unseen),
        claims=tuple(applied),
        findings=tuple(dict.fromkeys(_findings(witness, asked, applied))),
        links=tuple(witness.links.values()),
        proposals=tuple(link for seed in asked.seeds for link in kin.proposals.get(seed, ())),
        proposed_origins=tuple(
            graph.hex(commit)
            for part in asked.fixes
            for seed in part.seeds
            for commit in kin.named_origins.get(seed, ())
            if not case.origin_known
        ),
        parts=sum(fix.required for fix in fixes),
        origins=tuple(graph.hex(commit) for commit in sorted(every_commit(origins))),
        fixes=tuple(graph.hex(commit) for commit in sorted(every_commit(fix for fix in fixes if fix.required))),
    )


def _links(asked: Asked, kin: Kin) -> dict[int, Link]:
    return {link.commit: link for seed in asked.seeds for link in kin.links.get(seed, ())}


def _from_first(case: Case, order: Order, states: States) -> States:
    """Apply first affected versions: the highest for all later series, each other one for its own series."""
    if not case.first:
        return states
    highest = max(case.first)
    found = states.copy()
    for block in order.blocks:
        versions = order.versions[block.start : block.end]
        own = [first for first in case.first if any(first in block.series for _ in versions)]
        for place in range(block.start, block.end):
            version = order.versions[place]
            since = min(own) if own else highest
            if version < since:
                found[place] = UNAFFECTED
    return found


def _claimed(claims: Sequence[Claim], versions: Sequence[Version], states: States) -> tuple[States, list[Applied]]:
    """Apply people's claims, each after the one before; what it changed is kept with it."""
    found, applied = states.copy(), []
    for claim in claims:
        match claim.claims:
            case Claimed.AFFECTED:
                wanted = AFFECTED
            case Claimed.NOT_AFFECTED:
                wanted = UNAFFECTED
            case never:
                assert_never(never)
        places = [
            place
            for place, version in enumerate(versions)
            if claim.covers(version) and _differs(int(found[place]), wanted)
        ]
        found[places] = wanted
        applied.append(Applied(claim.claims, claim.reason, claim.by, tuple(versions[place] for place in places)))
    return found, applied


def _differs(state: int, wanted: int) -> bool:
    return state != wanted and not (wanted == UNAFFECTED and state == FIXED)


def _why_unseen(order: Order, place: int) -> str:
    if order.at[place] == -1:
        return "it has no tag, and the tags around it do not settle it"
    if place in order.several:
        return "its tags stand on different commits, and not all of them tell the same"
    return "this copy of the repository is shallow, and what lies below its edge is not known"


def _findings(witness: Witness, asked: Asked, applied: Sequence[Applied]) -> Iterator[str]:
    """Tell what a reviewer should look at."""
    graph, order, decision, changes = witness.graph, witness.order, witness.decision, witness.changes
    yield from order.findings
    for claim in applied:
        if not claim.changed:
            yield f"the claim of {claim.by} changes nothing: {claim.reason}"
    yield from _misplaced(asked, order, decision)
    for commit in sorted(every_commit((*changes[0], *changes[1]))):
        for revert in decision.reverts.get(commit, ()):
            if decision.reach.below(commit, revert):
                yield (
                    f"commit {graph.hex(revert)[:_SHORT]} says that it reverts {graph.hex(commit)[:_SHORT]}: "
                    "where both are, the reverted one does not count"
                )


def _misplaced(asked: Asked, order: Order, decision: Decision) -> Iterator[str]:
    """Tell commits that are nowhere, and those that are not in the series they were named for."""
    for name, parts in (("fix", asked.fixes), ("origin", asked.origins)):
        for part in parts:
            shown = _named(part.change.commits)
            for seed in part.seeds:
                if not bool(decision.held(seed).any()):
                    yield f"{name} {shown} is in no version, and on no branch of a series"
            wanted = part.change.series
            if wanted is not None:
                blocks = [block for block in order.blocks if block.series == wanted]
                units = {int(unit) for block in blocks for unit in order.at[block.start : block.end] if unit >= 0}
                units.update(block.branch for block in blocks if block.branch is not None)
                if not any(decision.held(part.seeds[0])[unit] for unit in units):
                    yield f"{name} {shown} was named for series {wanted}, and none of its versions has it"


def _named(commits: Sequence[str]) -> str:
    return ", ".join(commit[:_SHORT] for commit in commits) or "of the merge request"

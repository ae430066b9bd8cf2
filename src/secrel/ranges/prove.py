"""Proving: cases, a graph and the versions there are, in; for each case a result with the proof of every end, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from secrel.ranges.cases import Case, SeriesPlan
from secrel.ranges.containment import Reach, reach
from secrel.ranges.decide import Decision
from secrel.ranges.kin.kinship import kin_of
from secrel.ranges.kin.links import Kin, Link
from secrel.ranges.naming.catalogue import Catalogue
from secrel.ranges.order import Order, ordered
from secrel.ranges.resolve import Asked, Carried, asked, carried, every_commit, spread
from secrel.ranges.results import NotProved, Result
from secrel.ranges.telling import told
from secrel.words.history.commits import Facts
from secrel.words.history.graph import Graph

NO_KIN = Kin({}, {}, {}, {})


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What all cases share: the graph, the index of commits (None: links are not looked for), versions and series.

    `seen`: links between commits that their contents showed.
    """

    graph: Graph
    catalogue: Catalogue
    facts: Facts | None = None
    plans: tuple[SeriesPlan, ...] = ()
    depth: int = 2
    seen: tuple[Link, ...] = ()


@dataclass(slots=True)
class _Work:
    asked: Asked
    origins: list[Carried] = field(default_factory=list)
    fixes: list[Carried] = field(default_factory=list)


def prove(ground: Ground, cases: Sequence[Case]) -> tuple[Result, ...]:
    """Prove every case, all of them in one walk over the graph."""
    work = [_Work(asked(ground.graph, ground.facts, case)) for case in cases]
    if ground.facts is not None:
        _spread(ground.graph, work)
    seeds = list(dict.fromkeys(seed for one in work for seed in one.asked.seeds))
    kin = NO_KIN if ground.facts is None else kin_of(ground.graph, ground.facts, seeds, ground.seen)
    for one in work:
        one.fixes = carried(one.asked.fixes, kin)
        one.origins = carried(one.asked.origins, kin)
    order = ordered(ground.graph, ground.catalogue, ground.plans, ground.depth)
    decision = Decision(_reach(ground.graph, order, work, kin), order.units, kin.reverts)
    return tuple(_result(ground, order, decision, kin, one) for one in work)


def _spread(graph: Graph, work: Sequence[_Work]) -> None:
    """Take the merges among the fixes of all cases apart, in one walk."""
    flat = [(one, part) for one in work for part in one.asked.fixes]
    for one in work:
        one.asked.fixes = []
    for owner, part in spread(graph, [part for _, part in flat]):
        flat[owner][0].asked.fixes.append(part)


def _reach(graph: Graph, order: Order, work: Sequence[_Work], kin: Kin) -> Reach:
    probes = {commit for one in work for commit in every_commit((*one.origins, *one.fixes))}
    probes.update(kin.reverts, (by for reverts in kin.reverts.values() for by in reverts))
    return reach(graph, sorted(probes), order.units)


def _result(ground: Ground, order: Order, decision: Decision, kin: Kin, one: _Work) -> Result:
    faults = [*one.asked.faults, *_misfits(decision.reach, one)]
    case = one.asked.case
    if faults:
        return Result(
            case.name,
            proved=False,
            origin_known=case.origin_known,
            unseen=tuple(NotProved("the whole range", fault) for fault in faults),
            findings=tuple(faults),
        )
    states = decision.states(one.origins, one.fixes, origin_known=bool(one.origins))
    return told(ground.graph, order, decision, kin, (one.asked, one.origins, one.fixes, states))


def _misfits(reach: Reach, one: _Work) -> list[str]:
    """Find fixes that cannot be fixes: every commit of a required one is older than every origin."""
    origins = every_commit(one.origins)
    return [
        "a fix is older than every origin named, so it cannot remove what they brought: were the two exchanged?"
        for fix in one.fixes
        if fix.required and origins and all(reach.below(commit, origin) for commit in fix.commits for origin in origins)
    ]

"""Proving: cases, a graph and the versions there are, in; for each case a result with the proof of every end, out."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field
from msgspec.structs import replace

from secrel.ranges.cases import Case, SeriesPlan
from secrel.ranges.containment import Containment, beginnings, reach
from secrel.ranges.decide import Decision
from secrel.ranges.kin.kinship import LookedInto, kin_of
from secrel.ranges.kin.links import CommitLink, Kin, Signal
from secrel.ranges.naming.catalogue import Catalogue, Rejected
from secrel.ranges.naming.choosing import SHARE
from secrel.ranges.order import Order, ordered
from secrel.ranges.resolve import (
    CarriedChange,
    LookedUp,
    ResolvedChange,
    brought_in,
    carried,
    every_commit,
    spread,
)
from secrel.ranges.results import NotProved, Result
from secrel.ranges.telling.judged import JudgedCase, JudgingGround, Lasts
from secrel.ranges.telling.result import told
from secrel.words.errors import Misused
from secrel.words.history.commits import Facts
from secrel.words.history.graph import Graph
from secrel.words.versions import Version

_A_DATE = 10_000  # a number from which on the first of a name is more often a date
NO_KIN = Kin({}, {}, {}, {}, {})


class Ground(Struct, frozen=True, eq=False):
    """What all cases share: the graph, the index of commits (None: links are not looked for), versions and series.

    `seen` is what looking into commits showed. `ahead` are branches from which no version comes yet, and on which a fix
    may lie all the same. `only_planned`: series beside `plans` get no fixes any more. `guessed`: nobody said how tags
    name versions. `faults`, by the name of a case, say why nothing can be said of it.
    """

    graph: Graph
    catalogue: Catalogue
    facts: Facts | None = None
    plans: tuple[SeriesPlan, ...] = ()
    depth: int = 2
    seen: LookedInto = field(default_factory=LookedInto)
    ahead: tuple[str, ...] = ()
    only_planned: bool = False
    guessed: bool = False
    faults: Mapping[str, Misused] = field(default_factory=dict)


class _Work(Struct):
    asked: LookedUp
    parts: list[ResolvedChange]
    origins: list[CarriedChange] = field(default_factory=list)
    fixes: list[CarriedChange] = field(default_factory=list)
    links: dict[int, CommitLink] = field(default_factory=dict)
    proposals: list[CommitLink] = field(default_factory=list)
    brought: list[tuple[int, int]] = field(default_factory=list)  # merges among the origins, and what each brought in

    @property
    def seeds(self) -> list[int]:
        named = [seed for part in (*self.parts, *self.asked.origins) for seed in (*part.seeds, *part.whole)]
        return [*named, *(commit for _, commit in self.brought)]

    @property
    def commits(self) -> set[int]:
        return every_commit((*self.origins, *self.fixes))


def related(ground: Ground, cases: Sequence[LookedUp]) -> Kin:
    """Find the commits that carry the same changes as those that cases name, as far as was seen up to now."""
    if ground.facts is None:
        return NO_KIN
    work = _work(ground, cases)
    seeds = dict.fromkeys(seed for one in work for seed in one.seeds)
    origins = frozenset(seed for one in work for part in one.asked.origins for seed in (*part.seeds, *part.whole))
    return kin_of(ground.graph, ground.facts, list(seeds), ground.seen, origins)


def where_held(ground: Ground, cases: Sequence[LookedUp], kin: Kin) -> dict[int, list[int]]:
    """Give where a change is looked for, for each commit that counts.

    These are those that contain it of the commits of all tags and branches that are judged, and of those that say they
    take it back: that of another series tells nothing of this one.
    An origin is not looked for where the fix counts: whether it is there says nothing of these versions.
    """
    work = _work(ground, cases)
    commits = {commit for one in work for seed in one.seeds for commit in kin.commits(seed)}
    units = ordered(ground.graph, ground.catalogue, ground.plans, ground.depth).units
    taken = {commit: kin.reverts.get(commit, ()) for commit in commits}
    found = reach(ground.graph, commits, {*units}.union(*taken.values()))
    rows = np.array([found.rows[unit] for unit in units], dtype=np.int64)
    asked: dict[int, npt.NDArray[np.bool_]] = {}
    for one in work:
        fixes, origins = carried(one.parts, kin), carried(one.asked.origins, kin)
        safe = _surely_fixed(found, rows, (fixes, origins), kin)
        for commit in every_commit((*fixes, *origins)):
            here = found.holds[found.columns[commit], rows]
            if commit not in every_commit(fixes):
                here = here & ~safe
            asked[commit] = asked.get(commit, here) | here
    return {
        commit: list(
            dict.fromkeys(
                [
                    *(units[at] for at in np.flatnonzero(here)),
                    *(by for by in taken[commit] if found.contains(by, commit)),
                ]
            )
        )
        for commit, here in sorted(asked.items())
    }


def _surely_fixed(
    found: Containment,
    rows: npt.NDArray[np.int64],
    changes: tuple[Sequence[CarriedChange], Sequence[CarriedChange]],
    kin: Kin,
) -> npt.NDArray[np.bool_]:
    """Give the rows with a commit of every required fix, not older than an origin, that nothing takes back."""
    fixes, origins = changes
    safe = np.ones(len(rows), dtype=bool)
    for change in (change for change in fixes if change.required):
        one = np.zeros_like(safe)
        for commit in change.commits:
            old = any(found.below(commit, origin) for origin in every_commit(origins))
            if not old and commit not in kin.reverts and commit not in kin.seeming:
                one = one | found.holds[found.columns[commit], rows]
        safe &= one
    return safe


def proved(ground: Ground, cases: Sequence[LookedUp], kin: Kin) -> tuple[Result, ...]:
    """Prove every case, looked up and related; raises `Misused` for a branch that is not there."""
    work = _work(ground, cases)
    for one in work:
        one.fixes = carried(one.parts, kin)
        one.origins = carried(one.asked.origins, kin)
        one.links = {link.commit: link for seed in one.seeds for link in kin.links.get(seed, ())}
        proposals = {link.commit: link for seed in one.seeds for link in kin.proposals.get(seed, ())}
        one.proposals = [link for commit, link in proposals.items() if commit not in one.commits]
        one.proposals += [
            CommitLink(commit, merge, Signal.PART, strong=False)
            for merge, inner in one.brought
            for commit in kin.commits(inner)
            if commit not in one.commits
        ]
    world = _world(ground, work, kin)
    return tuple(_result(ground, world, one) for one in work)


def _work(ground: Ground, cases: Sequence[LookedUp]) -> list[_Work]:
    work = [_Work(case, [*case.fixes]) for case in cases]
    if ground.facts is not None:
        for one in work:
            one.parts = spread(ground.graph, one.parts)
            named = [seed for part in one.asked.origins for seed in part.seeds]
            one.brought = [(merge, commit) for merge in named for commit in brought_in(ground.graph, merge)]
    return work


def _world(ground: Ground, work: Sequence[_Work], kin: Kin) -> JudgingGround:
    graph, catalogue = ground.graph, ground.catalogue
    order = ordered(graph, catalogue, ground.plans, ground.depth)
    ahead = [ref.commit for ref in graph.branches if {ref.name, ref.name.partition("/")[2]} & {*ground.ahead}]
    aside = [*(tag.commit for tag in catalogue.rejected), *(tag.commit for tag in catalogue.early), *ahead]
    lasts = _lasts(order)
    like = {place: tag for place, tag in enumerate(catalogue.rejected) if tag.looks_like is not None}
    lines = [*(tag.commit for tag in like.values()), *order.units] if like else []
    probes = {commit for one in work for commit in one.commits}
    probes.update(link.commit for one in work for link in one.proposals)
    for taken in (kin.reverts, kin.seeming):
        probes.update(taken, (by for mine in taken.values() for by in mine))
    probes.update(lines, (order.units[order.at[place]] for place in lasts.values()))
    found = reach(graph, sorted(probes), [*order.units, *aside])
    rows = np.array([found.rows[unit] for unit in order.units], dtype=np.int64)
    return JudgingGround(
        graph=graph,
        catalogue=catalogue,
        order=order,
        decision=Decision(found, order.units, kin.reverts),
        aside=Decision(found, aside, kin.reverts),
        kin=kin,
        looked=ground.seen.looking,
        facts=ground.facts,
        only_planned=ground.only_planned,
        guessed=ground.guessed,
        lasts=_lasts_told(ground.facts, found, order, lasts, rows),
        beside={place: _beside(found, order, tag, rows) for place, tag in like.items()},
        large=_large(like, len(order.versions)) if ground.guessed else (),
        beginnings=beginnings(graph, {commit for one in work for commit in every_commit(one.origins)}, found.rows),
    )


def _large(like: Mapping[int, Rejected], versions: int) -> tuple[int, ...]:
    """Give those rejected tags that look like finished versions, and are of a family that is not small beside these."""
    sizes = Counter(tag.pattern for tag in like.values())
    return tuple(
        place
        for place, tag in like.items()
        if tag.looks_like is not None
        and tag.looks_like.is_final
        and len(tag.looks_like.numbers) > 1
        and tag.looks_like.numbers[0] < _A_DATE
        and SHARE * sizes[tag.pattern] >= versions
    )


def _lasts(order: Order) -> dict[int, int]:
    """Find the place of the last version of each series that has a commit, by the number of its block."""
    found = {}
    for number, block in enumerate(order.blocks):
        places = [p for p in range(block.start, block.end) if p not in order.planned and order.at[p] >= 0]
        if places:
            found[number] = places[-1]
    return found


def _lasts_told(
    facts: Facts | None, found: Containment, order: Order, lasts: Mapping[int, int], rows: npt.NDArray[np.int64]
) -> Lasts:
    """Tell of the last versions when they were made, and whether a version of another series descends from them."""
    overtaken = [_overtaken(found, order, number, place, rows) for number, place in lasts.items()]
    commits = [order.units[order.at[place]] for place in lasts.values()]
    return Lasts(
        np.array([*lasts], dtype=np.int64),
        np.array([*lasts.values()], dtype=np.int64),
        np.zeros(len(commits), dtype=np.int64) if facts is None else facts.date[commits],
        np.array(overtaken, dtype=bool),
    )


def _overtaken(found: Containment, order: Order, number: int, place: int, rows: npt.NDArray[np.int64]) -> bool:
    """Whether a version of another series, or its branch, descends from the version at this place."""
    block = order.blocks[number]
    holding = found.holds[found.columns[order.units[order.at[place]]], rows].copy()
    own = order.at[block.start : block.end]
    holding[own[own >= 0]] = False
    if block.branch is not None:
        holding[block.branch] = False
    return bool(holding.any())


def _beside(found: Containment, order: Order, tag: Rejected, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Find the units that a rejected tag is to be held against: of its series, or else on its own line."""
    block = order.home(tag.looks_like) if tag.looks_like is not None else None
    if block is not None:
        mine = order.at[block.start : block.end]
        return np.array(sorted({*mine[mine >= 0].tolist()}), dtype=np.int64)
    above = np.flatnonzero(found.holds[found.columns[tag.commit], rows]).tolist()
    row = found.rows[tag.commit]
    below = [number for number, unit in enumerate(order.units) if found.holds[found.columns[unit], row]]
    return np.array(sorted({*above, *below}), dtype=np.int64)


def _result(ground: Ground, world: JudgingGround, one: _Work) -> Result:
    case = one.asked.case
    given = [ground.faults[case.name]] if case.name in ground.faults else []
    faults = [*one.asked.faults, *given, *_misfits(world.decision.reach, one), *strangers(case, ground.catalogue)]
    if faults:
        versions = tuple(entry.version for entry in ground.catalogue.listed)
        unseen = [NotProved("the whole range", fault.what, fault.remedy, versions) for fault in faults]
        return Result(
            case.name, case.origin_known, versions=versions, unknown=versions, unseen=tuple(dict.fromkeys(unseen))
        )
    proposals = [*_without_the_merge(world.decision, one)]
    return told(JudgedCase(world, replace(one.asked, fixes=one.parts), one.origins, one.fixes, one.links, proposals))


def _without_the_merge(decision: Decision, one: _Work) -> Iterable[CommitLink]:
    """Leave out what a merge brought in, where versions have it by that merge alone; of what is the same, keep one."""
    known: set[bytes] = set()
    for link in one.proposals:
        if link.signal is Signal.PART:
            alone = decision.held(link.commit) & ~decision.held(link.like)
            if not alone.any() or alone.tobytes() in known:
                continue
            known.add(alone.tobytes())
        yield link


def _misfits(reach: Containment, one: _Work) -> list[Misused]:
    """Find fixes that cannot be fixes: a required one is an origin as well, or all of it is older than every origin."""
    origins = every_commit(one.origins)
    both = [
        Misused(
            "one change is named as a fix and as an origin",
            remedy="look which it is; a fix that brought the flaw back is an origin, and its own fix comes after it",
        )
        for fix in one.fixes
        if fix.required and origins.intersection(fix.commits)
    ]
    return both[:1] or [
        Misused(
            "a fix is older than every origin named, so it cannot remove what they brought",
            remedy="look whether the two were exchanged",
        )
        for fix in one.fixes
        if fix.required and origins and all(reach.below(commit, origin) for commit in fix.commits for origin in origins)
    ]


def strangers(case: Case, catalogue: Catalogue) -> list[Misused]:
    """Find first affected versions that are no versions of this repository."""
    if not case.first:
        return []
    known = [entry.version for entry in catalogue.listed]
    every = {*known, *catalogue.prereleases, *catalogue.unpublished}
    return [
        Misused(
            f"{first} is no version of this repository",
            remedy=f"write one that is; near: {', '.join(_near(first, known))}" if known else "say how tags are named",
        )
        for first in case.first
        if first not in every
    ]


def _near(version: Version, known: Sequence[Version]) -> Iterable[str]:
    """Give the versions that are written most like this one, the likeliest first."""
    plain = str(version).replace(".", "")

    def likeness(other: Version) -> tuple[float, float]:
        text = str(other)
        digits = difflib.SequenceMatcher(None, plain, text.replace(".", "")).ratio()
        return (digits, difflib.SequenceMatcher(None, str(version), text).ratio())

    return [str(other) for other in sorted(known, key=likeness, reverse=True)[:3]]

"""All versions in order, the series they form, and the commit at which each of them is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from secrel.ranges.cases import SeriesPlan, inferred_series
from secrel.ranges.decide import AFFECTED, UNAFFECTED, UNSEEN, States
from secrel.ranges.naming.catalogue import Catalogue, ListedVersion
from secrel.ranges.results import SeriesOutcome, SeriesResult
from secrel.words.errors import Misused
from secrel.words.history.graph import Graph
from secrel.words.spans import Span
from secrel.words.versions import Series, Version

_NONE, _SEVERAL = -1, -2
_DEEPEST = 6  # numbers that a version can have


class SeriesBlock(Struct, frozen=True):
    """One series: its versions stand at places `start` to `end` (excluded); `branch` is the unit of its branch."""

    series: Series
    start: int
    end: int
    plan: SeriesPlan | None = None
    branch: int | None = None


class Order(Struct, frozen=True, eq=False):
    """Versions in order (planned ones at their places too), and where each is judged.

    `units` are commits, of tags and of branches; `at[place]` is a unit's number, -1 without tag, -2 with several, which
    `several` lists. `branches` are the units of series' branches, `names` what these are called. `planned` are the
    places of versions that are not out yet, judged at their series' branch; `first_tagged` is that of the first version
    that the history shows; `out` are those that are out; `array` has the versions to be picked from
    by places. `plain[block, kind]` tells a series of one piece: kind 0 never affected, 1 affected throughout, 2 fixed
    from its first version.
    """

    listed: tuple[ListedVersion, ...]
    units: tuple[int, ...]
    at: npt.NDArray[np.int32]
    several: Mapping[int, tuple[int, ...]]
    planned: frozenset[int]
    blocks: tuple[SeriesBlock, ...]
    branches: Mapping[Series, int] = field(default_factory=dict)
    names: Mapping[Series, str] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    first_tagged: int | None = None
    versions: tuple[Version, ...] = ()
    starts: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    with_branch: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    array: npt.NDArray[np.object_] = field(default_factory=lambda: np.zeros(0, dtype=object))
    out: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    plain: npt.NDArray[np.object_] = field(default_factory=lambda: np.zeros((0, 3), dtype=object))

    def states(self, of_units: States) -> tuple[States, range]:
        """Give each version its state, and the places of those that count as the first one with a tag, being older.

        Tags of one version that disagree leave it unseen, and so does no tag: only before a version that was seen
        without the origin there was none.
        """
        found = np.full(len(self.at), UNSEEN, dtype=np.uint8)
        found[self.at >= 0] = of_units[self.at[self.at >= 0]]
        for place, units in self.several.items():
            states = {int(of_units[unit]) for unit in units}
            found[place] = states.pop() if len(states) == 1 else UNSEEN
        first = self.first_tagged
        if not first or found[first] != UNAFFECTED:
            return found, range(0)
        found[:first] = UNAFFECTED
        return found, range(first)

    def at_tags(self, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Lay what holds of units out by versions; of those without a tag, or with several, nothing holds."""
        found = np.zeros(len(self.at), dtype=bool)
        found[self.at >= 0] = flags[self.at[self.at >= 0]]
        return found

    def home(self, version: Version) -> SeriesBlock | None:
        """Find the series that a version belongs to, whether it is listed or not."""
        series = _home(version, {block.series: block for block in self.blocks})
        return next((block for block in self.blocks if block.series == series), None)


def ordered(graph: Graph, catalogue: Catalogue, plans: Sequence[SeriesPlan], depth: int) -> Order:
    """Put versions, planned versions and branches in order; raises `Misused` for a branch that is not there."""
    branches, findings = _branches(graph, plans), []
    listed = list(catalogue.listed)
    known = {entry.version for entry in listed}
    ahead = {}
    for plan in plans:
        if plan.planned is None or plan.planned in known:
            continue
        if plan.series in branches:
            ahead[plan.planned] = branches[plan.series]
        else:
            findings.append(
                f"planned version {plan.planned} cannot be judged: series {plan.series} has no known branch"
            )
    findings += [f"series {plan.series} has no version here" for plan in plans if not _is_there(plan, known)]
    listed = sorted(
        [*listed, *(ListedVersion(version, commits=(commit,)) for version, commit in ahead.items())],
        key=lambda e: e.version.key,
    )
    units = list(dict.fromkeys([*(c for entry in listed for c in entry.commits), *branches.values()]))
    number = {unit: place for place, unit in enumerate(units)}
    at = [_NONE if not e.commits else number[e.commits[0]] if len(e.commits) == 1 else _SEVERAL for e in listed]
    several = {
        place: tuple(number[commit] for commit in entry.commits)
        for place, entry in enumerate(listed)
        if len(entry.commits) > 1
    }
    versions = tuple(entry.version for entry in listed)
    of_branches = {series: number[commit] for series, commit in branches.items()}
    blocks = _blocks(versions, plans, depth, of_branches)
    return Order(
        listed=tuple(listed),
        units=tuple(units),
        at=np.array(at, dtype=np.int32),
        several=several,
        planned=frozenset(place for place, version in enumerate(versions) if version in ahead),
        blocks=tuple(blocks),
        branches=of_branches,
        names={plan.series: plan.branch for plan in plans},
        findings=(*findings, *catalogue.findings, *graph.notes),
        first_tagged=_first_tagged(at, versions, ahead),
        versions=versions,
        out=np.array([version not in ahead for version in versions], dtype=bool),
        starts=np.array([block.start for block in blocks], dtype=np.int64),
        array=_picked_from(versions),
        plain=_plain(blocks, versions),
        with_branch=np.array([block.branch is not None for block in blocks], dtype=bool),
    )


def _is_there(plan: SeriesPlan, known: Iterable[Version]) -> bool:
    """Whether a series has a version, or a branch from which one may come."""
    return bool(plan.branch) or any(version in plan.series for version in known)


def _first_tagged(at: Sequence[int], versions: Sequence[Version], ahead: Mapping[Version, int]) -> int | None:
    """Find the place of the first version that the history shows."""
    return next((place for place, unit in enumerate(at) if unit != _NONE and versions[place] not in ahead), None)


def _branches(graph: Graph, plans: Sequence[SeriesPlan]) -> dict[Series, int]:
    """Find the series' branches: by their own name, or as a remote's branch of that name."""
    places = {ref.name: ref.commit for ref in graph.branches}
    found = {}
    for plan in (plan for plan in plans if plan.branch):
        names = [plan.branch, *(name for name in places if name.partition("/")[2] == plan.branch)]
        here = [places[name] for name in names if name in places]
        if not here:
            raise Misused(
                f"branch {plan.branch[:80]!a} of series {plan.series} is not in this repository",
                remedy="give a branch that is here, or fetch it",
            )
        found[plan.series] = here[0]
    return found


def _blocks(
    versions: Sequence[Version], plans: Sequence[SeriesPlan], depth: int, branches: Mapping[Series, int]
) -> list[SeriesBlock]:
    """Cut the order into series: the most precise given one that a version belongs to, else the inferred one."""
    given = {plan.series: plan for plan in plans}
    rest = [version for version in versions if _home(version, given) is None]
    choices = given | dict.fromkeys(inferred_series(rest, depth))
    blocks: list[SeriesBlock] = []
    for place, version in enumerate(versions):
        series = _home(version, choices) or Series.of(version, depth)
        start = blocks.pop().start if blocks and blocks[-1].series == series else place
        blocks.append(SeriesBlock(series, start, place + 1, given.get(series), branches.get(series)))
    return blocks


def _plain(blocks: Sequence[SeriesBlock], versions: Sequence[Version]) -> npt.NDArray[np.object_]:
    """Tell each series as it is told when nothing changes in it, once for all cases."""
    found = np.empty((len(blocks), 3), dtype=object)
    for number, block in enumerate(blocks):
        ended = block.plan is not None and block.plan.supported is False
        spans = (Span(None if block.start == 0 else versions[block.start], None),)
        found[number, 0] = SeriesResult(block.series, SeriesOutcome.NEVER_AFFECTED)
        found[number, 1] = SeriesResult(
            block.series, SeriesOutcome.ENDED if ended else SeriesOutcome.NO_FIX_FOUND, spans
        )
        found[number, 2] = SeriesResult(block.series, SeriesOutcome.FIXED_FROM_START)
    return found


def _picked_from(versions: Sequence[Version]) -> npt.NDArray[np.object_]:
    found = np.empty(len(versions), dtype=object)
    found[:] = versions
    return found


def _home(version: Version, choices: Mapping[Series, object]) -> Series | None:
    """Find the most precise of these series that a version belongs to."""
    for depth in range(_DEEPEST, 0, -1):
        series = Series.of(version, depth)
        if series in choices:
            return series
    return None


def settled(states: States, order: Order) -> States:
    """Leave out planned versions that only go on as their series does: their branch can still get the fix.

    One that would be the first of its series to have the flaw stays: the branch got it since the last version.
    """
    if not order.planned:
        return states
    found = states.copy()
    starts = {block.start for block in order.blocks}
    for place in sorted(order.planned):
        newly = place not in starts and states[place - 1] != AFFECTED
        if found[place] == AFFECTED and not newly:
            found[place] = UNSEEN
    return found

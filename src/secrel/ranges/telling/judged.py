"""One case, judged: what every version's state follows from, and how it would be if something else were known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import assert_never

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from secrel.ranges.cases import Case, Claimed, RangeClaim
from secrel.ranges.containment import Containment, Flags
from secrel.ranges.decide import AFFECTED, FIXED, UNAFFECTED, UNSEEN, Decision, States
from secrel.ranges.kin.links import CommitLink, Kin
from secrel.ranges.naming.catalogue import Catalogue
from secrel.ranges.order import Order
from secrel.ranges.resolve import CarriedChange, LookedUp, every_commit
from secrel.ranges.results import Applied
from secrel.words.history.commits import Facts
from secrel.words.history.graph import Graph
from secrel.words.versions import Version


class Lasts(Struct, frozen=True, eq=False):
    """The last version of each series that has a tag, in columns.

    `blocks`, the numbers of the series; `places`, those of the versions; `dates`, when their commits were made, in
    seconds since 1970 (0 where nobody read it); `overtaken`, whether a version of another series descends from them.
    """

    blocks: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    dates: npt.NDArray[np.int64]
    overtaken: Flags


class JudgingGround(Struct, frozen=True, eq=False):
    """What all cases share.

    `aside` decides for tags that are no versions (`catalogue.rejected`, then `catalogue.early`), and after them for the
    branches from which no version comes, `ahead`. `guessed`: nobody said how tags name versions. `beside`, for rejected
    tags that look like versions, by their places, are the units of the versions of the series they would belong to, and
    of those on their own line; `large` are those of a family that somebody may take for the versions. `beginnings`
    tells what descends from which commit without parents; None: there is only one, or no origin is named.
    `looked`: contents were asked for, of a copy that has any.
    """

    graph: Graph
    catalogue: Catalogue
    order: Order
    decision: Decision
    aside: Decision
    kin: Kin
    lasts: Lasts
    facts: Facts | None = None
    only_planned: bool = False
    guessed: bool = False
    beside: Mapping[int, npt.NDArray[np.int64]] = field(default_factory=dict)
    large: Sequence[int] = ()
    beginnings: Containment | None = None
    looked: bool = False


class JudgedCase(Struct, frozen=True, eq=False):
    """One case, looked up and carried over; `proposals` are those that would tell it something new."""

    world: JudgingGround
    asked: LookedUp
    origins: Sequence[CarriedChange]
    fixes: Sequence[CarriedChange]
    links: Mapping[int, CommitLink] = field(default_factory=dict)
    proposals: Sequence[CommitLink] = ()

    @property
    def case(self) -> Case:
        """What was asked."""
        return self.asked.case

    @property
    def required(self) -> list[CarriedChange]:
        """The changes that make the fix together."""
        return [fix for fix in self.fixes if fix.required]

    @property
    def commits(self) -> set[int]:
        """Every commit that counts."""
        return every_commit((*self.origins, *self.fixes))

    def of_units(self, decision: Decision) -> States:
        """Decide for every tag and branch.

        One without the origin was never affected; but where its history has nothing in common with the origin's, and it
        has no fix either, nothing is seen: whoever began the history anew brought the flaw along, or did not.
        """
        states = decision.states(self.origins, self.fixes, origin_known=bool(self.origins))
        apart = self.apart(decision)
        if apart is None:
            return states
        return np.where(apart & (states == UNAFFECTED) & ~_where(self.required, decision.counting), UNSEEN, states)

    def apart(self, decision: Decision) -> Flags | None:
        """Say which tags and branches share no commit with the history of any origin; None where all share one."""
        beginnings = self.world.beginnings
        if beginnings is None or not self.origins:
            return None
        origins = [beginnings.rows[commit] for commit in every_commit(self.origins)]
        if beginnings.cut[origins].any():
            return None
        shared = beginnings.holds[:, origins].any(axis=1)
        rows = [beginnings.rows[unit] for unit in decision.units]
        found: Flags = ~beginnings.holds[shared][:, rows].any(axis=0) & ~beginnings.cut[rows]
        return found

    @property
    def undone(self) -> bool:
        """Whether anything takes a part of the fix back."""
        return any(commit in self.world.decision.reverts for change in self.required for commit in change.commits)

    def has_fix(self, *, undone_too: bool = False) -> Flags:
        """Where every part of the fix counts; or is held, whether or not it is undone there."""
        decision = self.world.decision
        return _where(self.required, decision.held if undone_too else decision.counting)


def _where(changes: Sequence[CarriedChange], has: Callable[[int], Flags]) -> Flags:
    """Say where every one of these changes is, by one of its commits."""
    found: Flags = np.logical_and.reduce([np.logical_or.reduce([has(one) for one in each.commits]) for each in changes])
    return found


class VersionStates(Struct, frozen=True, eq=False):
    """How every version stands, in their order; `inferred` are the places of those older than the first tag."""

    states: States
    applied: tuple[Applied, ...]
    inferred: range


def standing(case: Case, order: Order, of_units: States) -> VersionStates:
    """Turn the states of tags and branches into those of versions, with what people say of them."""
    states, inferred = order.states(of_units)
    states = _from_first(case, order, states)
    states, applied = _claimed(case.claims, order.versions, states)
    return VersionStates(states, tuple(applied), inferred)


def _from_first(case: Case, order: Order, states: States) -> States:
    """Apply first affected versions: the highest for all later series, each other one for its own series."""
    if not case.first:
        return states
    highest = max(case.first)
    found = states.copy()
    for block in order.blocks:
        own = [first for first in case.first if first in block.series]
        for place in range(block.start, block.end):
            since = min(own) if own else highest
            if order.versions[place] < since:
                found[place] = UNAFFECTED
    return found


def _claimed(claims: Sequence[RangeClaim], versions: Sequence[Version], states: States) -> tuple[States, list[Applied]]:
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


def out_of(judged: JudgedCase, places: Iterable[int]) -> tuple[Version, ...]:
    """Give the versions at these places that are out."""
    order = judged.world.order
    return tuple(order.versions[place] for place in places if place not in order.planned)


def changed_versions(judged: JudgedCase, changed: Flags) -> tuple[Version, ...]:
    """Give the versions that would stand otherwise: those that are out; or else those that are planned."""
    places = np.flatnonzero(changed).tolist()
    return out_of(judged, places) or tuple(judged.world.order.versions[place] for place in places)


def affected_versions(judged: JudgedCase, found: VersionStates) -> tuple[Version, ...]:
    """Give the versions that count as affected and are out."""
    return out_of(judged, np.flatnonzero(found.states == AFFECTED).tolist())

"""Fairness of a rotation: levelling duties over people, and roles over duties (docs/rotation.md, How it is planned).

People are numbers here, so that the search is quick; a pair is two of them, the smaller one first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from msgspec import Struct

Pair = tuple[int, int]
_MOST_STEPS = 4000


class Choices(Struct, frozen=True):
    """What a plan may choose from.

    `allowed` are the pairs of each slot, sorted; `barred` are those on duty directly before the first slot; `regions`
    is the region of each person; `had` is how often each was Primary and Secondary before. `in_a_row` lets people be
    on duty in two slots in a row: then nobody is barred.
    """

    allowed: tuple[tuple[Pair, ...], ...]
    barred: frozenset[int]
    regions: tuple[int, ...]
    had: tuple[Pair, ...]
    in_a_row: bool = False

    def barred_by(self, pairs: Sequence[Pair]) -> frozenset[int]:
        """Who cannot be in the slot after `pairs`, because they are in the last of them."""
        if self.in_a_row:
            return frozenset()
        return frozenset(pairs[-1]) if pairs else self.barred

    def fits(self, pairs: Sequence[Pair], place: int, pair: Pair) -> bool:
        """Whether `pair` could stand at `place` without anybody being on duty in two slots in a row."""
        before = self.barred_by(pairs[:place])
        after = frozenset(pairs[place + 1]) if place + 1 < len(pairs) else frozenset()
        return self.in_a_row or (before.isdisjoint(pair) and after.isdisjoint(pair))

    def totals(self, pairs: Sequence[Pair]) -> list[int]:
        """Duties of each person, past ones included."""
        counts = [sum(had) for had in self.had]
        for pair in pairs:
            for person in pair:
                counts[person] += 1
        return counts


def unevenness(counts: Sequence[int]) -> int:
    """Measure: the sum of squares, least when counts differ as little as they can."""
    return sum(count * count for count in counts)


class _Handing(Struct, frozen=True):
    """One person's place in one slot, handed to another."""

    place: int
    gives: int
    takes: int

    def applied(self, pairs: Sequence[Pair]) -> Pair:
        """The pair of the place afterwards."""
        low, high = sorted(self.takes if person == self.gives else person for person in pairs[self.place])
        return low, high


def _handings(ground: Choices, pairs: Sequence[Pair]) -> list[list[_Handing]]:
    by_giver: list[list[_Handing]] = [[] for _ in ground.had]
    for place, pair in enumerate(pairs):
        for other in ground.allowed[place]:
            kept = set(pair) & set(other)
            if len(kept) == 1 and ground.fits(pairs, place, other):
                (gives,), (takes,) = set(pair) - kept, set(other) - kept
                by_giver[gives].append(_Handing(place, gives, takes))
    return by_giver


def _chains(handings: Sequence[Sequence[_Handing]], start: int) -> Iterator[tuple[int, list[_Handing]]]:
    came_by: dict[int, _Handing | None] = {start: None}
    waiting = deque([start])
    while waiting:
        person = waiting.popleft()
        for handing in handings[person]:
            if handing.takes not in came_by:
                came_by[handing.takes] = handing
                waiting.append(handing.takes)
    for end, arrived in came_by.items():
        chain, step = [], arrived
        while step is not None:
            chain.append(step)
            step = came_by[step.gives]
        yield end, chain


def _handed_on(ground: Choices, pairs: Sequence[Pair], chain: Sequence[_Handing]) -> list[Pair] | None:
    changed = list(pairs)
    for handing in chain:
        pair = handing.applied(changed)
        # two steps of a chain may meet in one place, or in neighbouring ones
        if pair not in ground.allowed[handing.place] or not ground.fits(changed, handing.place, pair):
            return None
        changed[handing.place] = pair
    return changed


def _by_chain(ground: Choices, pairs: list[Pair]) -> list[Pair] | None:
    counts, handings = ground.totals(pairs), _handings(ground, pairs)
    for person in sorted(range(len(counts)), key=lambda who: -counts[who]):
        ends = [
            (counts[end], end, chain) for end, chain in _chains(handings, person) if counts[end] < counts[person] - 1
        ]
        for _, _, chain in sorted(ends, key=lambda found: found[:2]):
            if (changed := _handed_on(ground, pairs, chain)) is not None:
                return changed
    return None


def levelled(ground: Choices, pairs: Sequence[Pair]) -> list[Pair]:
    """Hand duties on, one at a time or along a chain of people, until no such step makes the counts more even.

    Every step makes `unevenness` smaller, so this ends.
    """
    best = list(pairs)
    while (changed := _by_chain(ground, best)) is not None:
        best = changed
    return best


def _capacities(ground: Choices) -> list[list[int]]:
    """Per slot, how many duties each person can have from there on: of the slots they are free for, every second.

    All of them where people may be on duty in a row.
    """
    capacities, left, resting = [], [0] * len(ground.had), [False] * len(ground.had)
    for pairs in reversed(ground.allowed):
        free = {person for pair in pairs for person in pair}
        resting = [person in free and (ground.in_a_row or not resting[person]) for person in range(len(left))]
        left = [count + taken for count, taken in zip(left, resting, strict=True)]
        capacities.append(left)
    return capacities[::-1]


def _poured(ground: Choices, counts: Sequence[int], spare: Sequence[int], places: int) -> int:
    """Bound from below the unevenness after `places` more slots: pour duties where there are fewest.

    Nobody takes more than they can, and no region more than one place per slot; for such nested limits pouring is
    exact, so no plan can be more even. There is always somebody to pour on: `ground` can be planned.
    """
    level, left, left_of_region = list(counts), list(spare), dict.fromkeys(ground.regions, places)
    for _ in range(2 * places):
        fitting = [p for p, can in enumerate(left) if can and left_of_region[ground.regions[p]]]
        who = min(fitting, key=lambda p: level[p])
        level[who] += 1
        left[who] -= 1
        left_of_region[ground.regions[who]] -= 1
    return unevenness(level)


def fairest(ground: Choices, pairs: Sequence[Pair]) -> tuple[list[Pair], bool]:
    """Make `pairs` as even as can be, and tell whether no other choice could be more even.

    Handing on comes first and mostly meets the bound. Where it does not, a branch and bound looks at every choice
    that could still be better, up to a number of steps that keeps it short; the answer does not depend on a clock.
    """
    best = levelled(ground, pairs)
    search = _Search(ground, best)
    return search.best, search.is_complete


class _Search:
    """Depth first over the slots, fewest duties first, cut off where even pouring could not beat the best so far."""

    def __init__(self, ground: Choices, best: list[Pair]) -> None:
        self.best = best
        self._ground = ground
        self._capacities = _capacities(ground)
        self._least = unevenness(ground.totals(best))
        self._seen: set[tuple[int, Pair | None, tuple[int, ...]]] = set()
        self._steps = 0
        counts, places = tuple(sum(had) for had in ground.had), len(ground.allowed)
        if places and _poured(ground, counts, self._capacities[0], places) < self._least:
            self._follow([], counts)
        self.is_complete = self._steps <= _MOST_STEPS

    def _follow(self, pairs: list[Pair], counts: tuple[int, ...]) -> None:
        place = len(pairs)
        if place == len(self._ground.allowed):
            self.best, self._least = list(pairs), unevenness(counts)
            return
        for pair in sorted(self._ground.allowed[place], key=lambda pair: (counts[pair[0]] + counts[pair[1]], pair)):
            more = tuple(count + (person in pair) for person, count in enumerate(counts))
            if self._is_worth_it(pairs, pair, more):
                self._follow([*pairs, pair], more)

    def _is_worth_it(self, pairs: list[Pair], pair: Pair, counts: tuple[int, ...]) -> bool:
        place, state = len(pairs), (len(pairs), pair, counts)
        if self._steps > _MOST_STEPS or state in self._seen or not self._ground.barred_by(pairs).isdisjoint(pair):
            return False
        self._seen.add(state)
        self._steps += 1
        left = len(self._ground.allowed) - place - 1
        spare = self._capacities[place + 1] if left else [0] * len(counts)
        return _poured(self._ground, counts, spare, left) < self._least


def _turned(arcs: list[list[int]], roles: list[Pair], start: int) -> Iterator[tuple[int, list[int]]]:
    came_by: dict[int, int | None] = {start: None}
    waiting = deque([start])
    while waiting:
        for place in arcs[waiting.popleft()]:
            if roles[place][1] not in came_by:
                came_by[roles[place][1]] = place
                waiting.append(roles[place][1])
    for end, arrived in came_by.items():
        path, step = [], arrived
        while step is not None:
            path.append(step)
            step = came_by[roles[step][0]]
        yield end, path


def with_roles(ground: Choices, pairs: Sequence[Pair], settled: dict[int, Pair]) -> list[Pair]:
    """Say who of each pair is Primary, as (Primary, Secondary), so that both roles are as even as they can be.

    `settled` are places whose roles are given. Turning roles round along a path of people moves one Primary duty
    from its start to its end; the cost of each person is convex, so when no path helps, nothing does: this is the
    least sum of squares of Primary and of Secondary counts that these pairs allow.
    """
    had, roles = [list(pair) for pair in ground.had], []
    for place, (one, other) in enumerate(pairs):
        lead = {person: (had[person][0] - had[person][1], had[person][0], person) for person in (one, other)}
        first = min(lead, key=lambda person: lead[person])
        roles.append(settled.get(place, (first, one + other - first)))
        had[roles[-1][0]][0] += 1
        had[roles[-1][1]][1] += 1
    while path := _best_turn(had, roles, settled):
        for place in path:
            primary, secondary = roles[place]
            roles[place] = (secondary, primary)
            for person, change in ((primary, -1), (secondary, 1)):
                had[person][0] += change
                had[person][1] -= change
    return roles


def _best_turn(had: list[list[int]], roles: list[Pair], settled: dict[int, Pair]) -> list[int] | None:
    arcs: list[list[int]] = [[] for _ in had]
    for place, (primary, _) in enumerate(roles):
        if place not in settled:
            arcs[primary].append(place)
    best: tuple[int, int, int, list[int]] | None = None
    for start in range(len(had)):
        for end, path in _turned(arcs, roles, start):
            # moving one Primary duty from start to end changes the sum of squares by 2 (gain), per person (p-1)²+(s+1)²
            gain = (had[end][0] - had[end][1]) - (had[start][0] - had[start][1]) + 2
            if path and gain < 0 and (best is None or (gain, start, end) < best[:3]):
                best = (gain, start, end, path)
    return best[3] if best else None

"""Planning a rotation: Primary and Secondary for every upcoming release (mission M2, docs/rotation.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from msgspec import Struct

from secrel.roster.fairness import Choices, Pair, fairest, with_roles
from secrel.roster.rules import Breach, RotaRule, Rotation, Slot, hindrances, in_order, names_of, same_region
from secrel.words.errors import GateBlocked, Misused
from secrel.words.people import Duty, Person

_MOST_TOLD = 8
_MOST_SLOTS, _MOST_PEOPLE = 300, 200
RELAXED = "let people be on duty in two releases in a row: in_a_row = true under [defaults] of the process file"
"""What a team does that has too few people for two releases in a row."""


class NeededMove(Struct, frozen=True):
    """One person whose absence, or whose other duty, would have to move to make a plan possible."""

    username: str
    release: str
    rule: RotaRule
    said: str


class Infeasible(GateBlocked):
    """No rotation keeps the hard rules: for which release, which rule fails, and whose change alone would help."""

    def __init__(self, slot: Slot, rule: RotaRule, said: str, changes: tuple[NeededMove, ...]) -> None:
        """Keep slot, rule and changes for whoever can act on them, and say them for people."""
        self.slot = slot
        self.rule = rule
        self.changes = changes
        said_ways = [change.said for change in changes[:_MOST_TOLD]]
        ways = "; or ".join([*said_ways, RELAXED] if rule is RotaRule.CONSECUTIVE else said_ways)
        super().__init__(
            f"nobody can be Primary and Secondary of {slot.name} so that {rule}: {said}",
            where=f"rotation, release {slot.name}, due {slot.day}",
            remedy=ways or "no single change is enough: move more than one absence, the release, or widen the team",
        )


class RotationPlan(Struct, frozen=True):
    """A planned rotation; `is_proved_fairest` when no other plan could spread the duties more evenly.

    When it is False the spread is still the least that handing duties on could reach; the bound was not met, which
    often only means that the bound knows less than the rules do.
    """

    rotation: Rotation
    is_proved_fairest: bool

    @property
    def duties(self) -> tuple[Duty, ...]:
        """The duties, in order of the releases."""
        return self.rotation.duties


def plan_rotation(
    slots: Iterable[Slot],
    people: Iterable[Person],
    *,
    history: Sequence[Duty] = (),
    settled: Iterable[Duty] = (),
    in_a_row: bool = False,
) -> RotationPlan:
    """Choose Primary and Secondary of every slot, so that the hard rules hold and duties are spread evenly.

    `history` are the duties before the first slot, oldest first: they are counted, and its last one is the release
    directly before. `in_a_row` lets people be on duty in two releases in a row. `settled` are duties of these slots
    that are promised already and stay as they are. Raises
    `Infeasible` when the rules cannot all hold, and `Misused` for slots, people or duties that contradict themselves.
    The same input gives the same plan, whatever the order of slots and people.
    """
    ordered, team = in_order(slots), _team(people)
    if len(ordered) > _MOST_SLOTS or len(team) > _MOST_PEOPLE:
        raise Misused(
            f"{len(ordered)} releases for {len(team)} people are more than can be planned at once",
            remedy=f"plan at most {_MOST_SLOTS} releases for {_MOST_PEOPLE} people",
        )
    hindered = {
        (person.username, slot.name): found
        for slot in ordered
        for person in team
        if (found := hindrances(person, slot))
    }
    case = _Case(ordered, team, tuple(history), _promised(ordered, team, settled), hindered, in_a_row)
    ground = case.ground()
    if (stuck := _stuck_at(ground)) is not None:
        raise _explained(case, ground, stuck)
    pairs, is_proved = fairest(ground, _greedy(ground, case.last_duties()))
    roles = with_roles(ground, pairs, case.settled_roles())
    duties = tuple(
        Duty(slot.name, team[primary].username, team[secondary].username)
        for slot, (primary, secondary) in zip(ordered, roles, strict=True)
    )
    return RotationPlan(Rotation(team, ordered, duties, case.history, in_a_row), is_proved)


def _team(people: Iterable[Person]) -> tuple[Person, ...]:
    team = tuple(sorted(people, key=lambda person: person.username))
    for person, following in pairwise(team):
        if person.username == following.username:
            raise Misused(f"{person.username} is in the team twice", remedy="keep one of the two")
    if homeless := next((person for person in team if not person.region.strip()), None):
        raise Misused(f"{homeless.username} is in no region", remedy="give a region, such as amer, emea or apac")
    return team


def _promised(slots: Sequence[Slot], team: Sequence[Person], settled: Iterable[Duty]) -> dict[str, Duty]:
    promised: dict[str, Duty] = {}
    known, members = {slot.name for slot in slots}, {person.username for person in team}
    for duty in settled:
        where, remedy = f"settled duty of {duty.release[:60]}", "correct the duty, or leave it out to have it planned"
        if duty.release not in known or duty.release in promised:
            raise Misused("it is of no planned release, or given twice", where=where, remedy=remedy)
        if not members.issuperset((duty.primary, duty.secondary)):
            raise Misused("it names somebody who is not in the team", where=where, remedy=remedy)
        promised[duty.release] = duty
    return promised


class _Case(Struct, frozen=True):
    """What was asked, with people numbered in the order of their usernames."""

    slots: tuple[Slot, ...]
    team: tuple[Person, ...]
    history: tuple[Duty, ...]
    promised: dict[str, Duty]
    hindered: dict[tuple[str, str], tuple[Breach, ...]]
    in_a_row: bool

    def _number(self, username: str) -> int | None:
        return next((n for n, person in enumerate(self.team) if person.username == username), None)

    def ground(self, freed: frozenset[tuple[str, str]] = frozenset()) -> Choices:
        """What may be chosen from, when the hindrances of `freed` (username and release) did not exist."""
        tallies = Rotation(self.team, (), (), self.history).tallies
        last = self.history[-1] if self.history and not self.in_a_row else None
        before = [self._number(name) for name in names_of(last)]
        spellings = sorted({person.region.strip().casefold() for person in self.team})
        return Choices(
            allowed=tuple(self._allowed(slot, freed) for slot in self.slots),
            barred=frozenset(number for number in before if number is not None),
            regions=tuple(spellings.index(person.region.strip().casefold()) for person in self.team),
            had=tuple((tally.primary, tally.secondary) for tally in tallies),
            in_a_row=self.in_a_row,
        )

    def _allowed(self, slot: Slot, freed: frozenset[tuple[str, str]]) -> tuple[Pair, ...]:
        duty = self.promised.get(slot.name)
        free = [
            number
            for number, person in enumerate(self.team)
            if (duty is None or person.username in names_of(duty))
            and ((key := (person.username, slot.name)) in freed or key not in self.hindered)
        ]
        return tuple(pair for pair in combinations(free, 2) if not same_region(*(self.team[n] for n in pair)))

    def last_duties(self) -> list[int]:
        """The place of each person's last duty, counted back from the first slot; the length of history for none."""
        latest = {
            name: -ago for ago, duty in reversed([*enumerate(reversed(self.history), 1)]) for name in names_of(duty)
        }
        return [latest.get(person.username, -len(self.history) - 1) for person in self.team]

    def settled_roles(self) -> dict[int, Pair]:
        """Per place, who was promised to be Primary and Secondary."""
        numbers = {person.username: number for number, person in enumerate(self.team)}
        return {
            place: (numbers[duty.primary], numbers[duty.secondary])
            for place, slot in enumerate(self.slots)
            if (duty := self.promised.get(slot.name))
        }


class _Disjoint:
    """Answers quickly whether any of some pairs shares nobody with a given pair."""

    def __init__(self, pairs: frozenset[Pair]) -> None:
        self._pairs = pairs
        self._degree = Counter(person for pair in pairs for person in pair)

    def has_one_for(self, pair: Pair) -> bool:
        one, other = pair
        touching = self._degree[one] + self._degree[other] - (pair in self._pairs)
        return len(self._pairs) > touching


def _reached(ground: Choices) -> list[frozenset[Pair]]:
    """Per slot, the pairs that some choice of the slots before leads to; exact, since only neighbours exclude."""
    reached: list[frozenset[Pair]] = []
    for place, allowed in enumerate(ground.allowed):
        before = _Disjoint(reached[-1]) if place and not ground.in_a_row else None
        reached.append(
            frozenset(
                pair
                for pair in allowed
                if (ground.barred.isdisjoint(pair) if before is None else before.has_one_for(pair))
            )
        )
    return reached


def _stuck_at(ground: Choices) -> int | None:
    return next((place for place, pairs in enumerate(_reached(ground)) if not pairs), None)


def _greedy(ground: Choices, rested: list[int]) -> list[Pair]:
    """Take for each slot the pair with the fewest duties, then the longest rest, that leaves the rest possible."""
    completable: list[frozenset[Pair]] = []
    for allowed in reversed(ground.allowed):
        after = _Disjoint(completable[-1]) if completable and not ground.in_a_row else None
        completable.append(frozenset(pair for pair in allowed if after is None or after.has_one_for(pair)))
    completable.reverse()
    counts, pairs, resting = [sum(had) for had in ground.had], [], ground.barred
    for place, candidates in enumerate(completable):
        one, other = min(
            (pair for pair in candidates if resting.isdisjoint(pair)),
            key=lambda pair: (counts[pair[0]] + counts[pair[1]], rested[pair[0]] + rested[pair[1]], pair),
        )
        for person in (one, other):
            counts[person] += 1
            rested[person] = place
        pairs.append((one, other))
        resting = frozenset() if ground.in_a_row else frozenset((one, other))
    return pairs


def _explained(case: _Case, ground: Choices, place: int) -> Infeasible:
    """Say which rule fails at `place`, the first slot that cannot be reached, and whose change would help."""
    slot = case.slots[place]
    changes = (*_freeing(case, place), *_serving_twice(case, ground, place))
    if ground.allowed[place]:
        said = "whoever could, has to be on duty in the release before"
        return Infeasible(slot, RotaRule.CONSECUTIVE, said, changes)
    duty = case.promised.get(slot.name)
    asked = [person for person in case.team if duty is None or person.username in names_of(duty)]
    hindered = [case.hindered.get((person.username, slot.name), ()) for person in asked]
    free = [person for person, found in zip(asked, hindered, strict=True) if not found]
    rules = Counter(found[0].rule for found in hindered if found)
    if len(free) > 1 or not rules:
        regions = sorted({person.region for person in free})
        alone = f"{', '.join(person.username for person in free[:_MOST_TOLD])} are all from {', '.join(regions)}"
        return Infeasible(slot, RotaRule.REGIONS, alone if free else "the team has nobody", changes)
    told = "; ".join(f"{found[0].username} {found[0].said}" for found in hindered[:_MOST_TOLD] if found)
    return Infeasible(slot, rules.most_common(1)[0][0], told, changes)


def _freeing(case: _Case, place: int) -> list[NeededMove]:
    """People whose one absence, in this slot or the one before, keeps the plan from going past `place`."""
    changes = []
    for slot in reversed(case.slots[max(place - 1, 0) : place + 1]):
        for person in case.team:
            found = case.hindered.get((person.username, slot.name), ())
            stuck = _stuck_at(case.ground(frozenset({(person.username, slot.name)}))) if found else place
            if stuck is None or stuck > place:
                said = f"{person.username} {found[0].said} of {slot.name}: ask them to move it, or choose another day"
                changes.append(NeededMove(person.username, slot.name, found[0].rule, said))
    return changes


def _serving_twice(case: _Case, ground: Choices, place: int) -> list[NeededMove]:
    """People whose duty in the slot before would have to move, so that they could take this one."""
    release = case.slots[place].name
    before = [tuple(ground.barred)] if place == 0 else sorted(_reached(ground)[place - 1])
    shared = {frozenset(one) & frozenset(other) for one in before for other in ground.allowed[place]}
    numbers = sorted({number for both in shared if len(both) == 1 for number in both})
    return [
        NeededMove(
            name,
            release,
            RotaRule.CONSECUTIVE,
            f"{name} could take {release} if the duty before it went to someone else",
        )
        for name in (case.team[number].username for number in numbers)
    ]

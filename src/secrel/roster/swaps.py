"""Swaps: who could take over from somebody who will be away, and the record of the switch (handbook, Secondary)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from secrel.roster.rules import Breach, Role, RotaRule, Rotation, Slot, hindrances, names_of, same_region
from secrel.words.errors import GateBlocked, Misused
from secrel.words.people import Duty, Person


class Candidate(Struct, frozen=True):
    """One member of the team, weighed for a place: what speaks for them, and which rules speak against them.

    `reasons` speak for; `breaches` are broken rules, and with any of them they cannot; `doubts` are things to know
    that forbid nothing. `in_return` names the releases that the person who leaves could take over from them.
    """

    username: str
    reasons: tuple[str, ...]
    breaches: tuple[Breach, ...]
    doubts: tuple[str, ...] = ()
    in_return: tuple[str, ...] = ()

    @property
    def can(self) -> bool:
        """Whether no rule is in the way."""
        return not self.breaches


class Switch(Struct, frozen=True):
    """What two people agreed: `taking` has the place of `leaving` in `release`.

    With `in_return`, another release, `leaving` has the place of `taking` there.
    """

    release: str
    leaving: str
    taking: str
    in_return: str = ""


def _place(rotation: Rotation, release: str, leaving: str) -> tuple[Slot, Duty, Role]:
    duty = rotation.duty(release)
    slot = next((slot for slot in rotation.slots if slot.name == release), None)
    if duty is None or slot is None:
        raise Misused(
            f"{release[:60]!r} is no upcoming release with a duty",
            where="rotation",
            remedy="see what there is: secrel rotation show",
        )
    role = next((role for role in Role if role.of(duty) == leaving), None)
    if role is None:
        raise Misused(
            f"{leaving[:60]!r} is not on duty in {release}: {duty.primary} is Primary, {duty.secondary} Secondary",
            where=f"rotation, release {release}",
            remedy="name one of these two as the one who leaves",
        )
    return slot, duty, role


def _given_to(duty: Duty, role: Role, username: str) -> Duty:
    return replace(duty, primary=username) if role is Role.PRIMARY else replace(duty, secondary=username)


def _neighbours(rotation: Rotation, slot: Slot) -> tuple[Duty | None, Duty | None]:
    place = rotation.slots.index(slot)
    names = [other.name for other in rotation.slots]
    before = rotation.duty(names[place - 1]) if place else (rotation.history[-1] if rotation.history else None)
    return before, rotation.duty(names[place + 1]) if place + 1 < len(names) else None


def _against(rotation: Rotation, release: str, role: Role, person: Person) -> Iterator[Breach]:
    """Rules that `person` would break in this place of the rotation as it stands."""
    slot = next(slot for slot in rotation.slots if slot.name == release)
    yield from hindrances(person, slot)
    duty = rotation.duty(release)
    partner_name = next(other for other in Role if other is not role).of(duty) if duty else ""
    partner = rotation.person(partner_name)
    if partner is not None and same_region(partner, person):
        said = f"is from {person.region}, as {partner.username} is"
        yield Breach(RotaRule.REGIONS, release, person.username, said)
    before, after = _neighbours(rotation, slot)
    for neighbour, word in ((before, "before"), (after, "after")):
        if not rotation.in_a_row and person.username in names_of(neighbour):
            said = f"is on duty in the release {word} as well"
            yield Breach(RotaRule.CONSECUTIVE, release, person.username, said)


def _with(rotation: Rotation, *duties: Duty) -> Rotation:
    changed = {duty.release: duty for duty in duties}
    return replace(rotation, duties=tuple(changed.get(duty.release, duty) for duty in rotation.duties))


def _exchanged(rotation: Rotation, first: tuple[str, str], second: tuple[str, str]) -> Rotation:
    """Exchange two people's places: each pair is a release and who leaves it for the other's."""
    (release, leaving), (other, taking) = first, second
    _, duty, role = _place(rotation, release, leaving)
    _, other_duty, other_role = _place(rotation, other, taking)
    return _with(rotation, _given_to(duty, role, taking), _given_to(other_duty, other_role, leaving))


def _exchange_breaches(rotation: Rotation, first: tuple[str, str], second: tuple[str, str]) -> list[Breach]:
    changed = _exchanged(rotation, first, second)
    (release, leaving), (other, taking) = first, second
    _, _, role = _place(changed, release, taking)
    _, _, other_role = _place(changed, other, leaving)
    found = []
    for name, place, held in ((taking, release, role), (leaving, other, other_role)):
        person = changed.person(name)
        if person is None:
            found.append(Breach(RotaRule.TEAM, place, name, f"{name} is not a member of the team"))
        else:
            found.extend(_against(changed, place, held, person))
    return found


def _in_return(rotation: Rotation, release: str, leaving: str, taking: str) -> tuple[str, ...]:
    """Releases that `leaving` could take from `taking` instead, all rules kept."""
    return tuple(
        duty.release
        for duty in rotation.duties
        if duty.release != release
        and taking in names_of(duty)
        and leaving not in names_of(duty)
        and not _exchange_breaches(rotation, (release, leaving), (duty.release, taking))
    )


def who_can(rotation: Rotation, release: str, leaving: str) -> tuple[Candidate, ...]:
    """Weigh everybody else for the place that `leaving` holds in `release`.

    Those who can come first, with the fewest duties first; then those who could only
    exchange, then those who cannot, each with every reason. Raises `Misused` when `leaving` is not on duty there.
    """
    _, duty, role = _place(rotation, release, leaving)
    weighed = []
    for person in rotation.people:
        if person.username in names_of(duty):
            continue
        candidate = _weighed(rotation, release, role, person)
        weighed.append(replace(candidate, in_return=_in_return(rotation, release, leaving, person.username)))
    totals = {tally.username: tally.total for tally in rotation.tallies}
    return tuple(
        sorted(
            weighed,
            key=lambda c: (not c.can, not c.in_return, totals[c.username], c.username),
        )
    )


def _weighed(rotation: Rotation, release: str, role: Role, person: Person) -> Candidate:
    against = tuple(_against(rotation, release, role, person))
    broken = {breach.rule for breach in against}
    totals = {tally.username: tally.total for tally in rotation.tallies}
    mine, fewest = totals[person.username], min(totals.values())
    duties = f"has {mine} {'duty' if mine == 1 else 'duties'} in all"
    reasons: list[str] = []
    doubts: list[str] = []
    if RotaRule.REGIONS not in broken:
        reasons.append(f"is from {person.region}, another region than the one who stays")
    if broken.isdisjoint({RotaRule.DUE_DAY, RotaRule.RELEASE_WEEK}):
        reasons.append("is there on the due day and in the release week")
    if RotaRule.CONSECUTIVE not in broken and not rotation.in_a_row:
        reasons.append("is on duty neither in the release before nor in the one after")
    if mine == fewest:
        reasons.append(f"{duties}, as few as anybody")
    else:
        doubts.append(f"{duties}, {mine - fewest} more than whoever has fewest")
    return Candidate(person.username, tuple(reasons), against, tuple(doubts))


def _changed(rotation: Rotation, switch: Switch) -> tuple[Rotation, list[Breach]]:
    _, duty, role = _place(rotation, switch.release, switch.leaving)
    person = rotation.person(switch.taking)
    if person is None or switch.taking in names_of(duty):
        what = "is not a member of the team" if person is None else f"is already on duty in {switch.release}"
        raise Misused(
            f"{switch.taking[:60]!r} {what}",
            where=f"rotation, release {switch.release}",
            remedy="name another member of the team",
        )
    if not switch.in_return:
        broken = list(_against(rotation, switch.release, role, person))
        return _with(rotation, _given_to(duty, role, switch.taking)), broken
    places = (switch.release, switch.leaving), (switch.in_return, switch.taking)
    return _exchanged(rotation, *places), _exchange_breaches(rotation, *places)


def swap(rotation: Rotation, switch: Switch) -> Rotation:
    """Give the rotation as it is after a switch.

    Only the rules that the switch touches are asked: what is already broken elsewhere does not stop it. Raises
    `GateBlocked` when a rule would be broken, naming who could instead, and `Misused` when the places are not theirs.
    """
    changed, broken = _changed(rotation, switch)
    if broken:
        able = [weighed.username for weighed in who_can(rotation, switch.release, switch.leaving) if weighed.can]
        said = "; ".join(f"{breach.username} {breach.said}" for breach in broken)
        raise GateBlocked(
            f"{switch.taking} cannot take over from {switch.leaving}: {said}",
            where=f"rotation, release {switch.release}",
            remedy=f"ask one of {', '.join(able)}" if able else "nobody can without an exchange, or a moved absence",
        )
    return changed

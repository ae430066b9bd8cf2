"""The rotation: who runs which release; switches, and the calendar (mission M2)."""

from __future__ import annotations

from datetime import datetime

from secrel.apply.applying import Outcome
from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, order
from secrel.evaluate.train import next_stops
from secrel.journal.entries import Entry, entry_of
from secrel.observe.facts import read_release
from secrel.observe.observing import duty_told, releases
from secrel.papers.messages.pieces import instant_said, mention, message, release_said, words
from secrel.papers.scene import Scene
from secrel.process.roles import Act
from secrel.roster.rota import RotationPlan, plan_rotation
from secrel.roster.rules import Rotation, Slot
from secrel.roster.swaps import Candidate, Switch, swap, who_can
from secrel.words.effects import Comment, Effect, SetFacts, plain
from secrel.words.errors import Misused
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.parts import known
from secrel.words.people import ON_DUTY, POST_AUTHOR, Claim, Duty
from secrel.words.releases import Release


def known_releases(desk: Desk) -> list[tuple[Release, Duty | None]]:
    """Give every release the forge tracks, by its due time, with who is on duty; those that cannot be read left out.

    Raises `NotSeen` when they could not all be seen.
    """
    found: list[tuple[Release, Duty | None]] = []
    for one in releases(desk.forge, desk.process):
        try:
            told = one.issue.facts.whole(ReleaseFacts)
            release = read_release(told, desk.process)
        except Misused:
            continue
        found.append((release, duty_told(one.release, told, desk.team) if told.primary else None))
    return sorted(found, key=lambda pair: pair[0].due)


def duty_of(desk: Desk, release: Release) -> Duty:
    """Give who is on duty in a release; of a new one they are chosen, fairly over the releases before it.

    Raises `Infeasible` when the rules cannot hold.
    """
    known_ones = known_releases(desk)
    there = next((duty for other, duty in known_ones if other.name == release.name), None)
    before = [duty for other, duty in known_ones if duty and other.due < release.due]
    slot, may = Slot(release.name, release.due), desk.process.defaults.in_a_row
    return there or plan_rotation([slot], desk.on_call, history=before, in_a_row=may).duties[0]


def known_rotation(desk: Desk) -> Rotation:
    """Give the rotation as the tracking issues say it, of the releases that are due now or later."""
    known = known_releases(desk)
    now = desk.now()
    ahead = [(release, duty) for release, duty in known if duty and release.due >= now]
    behind = tuple(duty for release, duty in known if duty and release.due < now)
    slots = tuple(Slot(release.name, release.due) for release, _ in ahead)
    return Rotation(desk.on_call, slots, tuple(duty for _, duty in ahead), behind, desk.process.defaults.in_a_row)


def planned_rotation(desk: Desk, count: int) -> RotationPlan:
    """Plan the next `count` stops of the train after the releases that have their people already.

    Raises `Misused` for a process without a cadence, and `Infeasible` when the rules cannot hold.
    """
    known = known_rotation(desk)
    last: datetime = max([desk.now(), *(slot.due for slot in known.slots if isinstance(slot.due, datetime))])
    stops = next_stops(desk.process, last.date(), count)
    if not stops:
        raise Misused(
            "this process has no train to plan for", where=desk.process.name, remedy="add [cadence] to the process"
        )
    slots = [*known.slots, *(Slot(at.date().isoformat(), at) for at in stops)]
    may = desk.process.defaults.in_a_row
    return plan_rotation(slots, desk.on_call, history=known.history, settled=known.duties, in_a_row=may)


def candidates(desk: Desk, name: str, leaving: str) -> tuple[Candidate, ...]:
    """Tell who can take the place of `leaving` in one release, with what speaks for and against each."""
    return who_can(known_rotation(desk), name, leaving)


def switch(desk: Desk, name: str, leaving: str, taking: str = "") -> list[Outcome]:
    """Let somebody take the place of `leaving`; without `taking`, the first of those who can.

    Raises `Blocked` when nobody can, and what `roster.swaps.swap` raises.
    """
    rotation = known_rotation(desk)
    chosen = taking or next((c.username for c in who_can(rotation, name, leaving) if c.can), "")
    if not chosen:
        raise Misused(
            f"nobody can take the place of {leaving}",
            where=name,
            remedy=f"see who would have to move what: secrel rotation show {name}",
        )

    def ordered(seen: Scene) -> Ordered:
        changed = swap(known_rotation(desk), Switch(name, leaving, chosen))
        tracking = seen.issue("tracking")
        duty = next(duty for duty in changed.duties if duty.release == name)
        number = seen.next_number(f"{name}/duty")
        changes = ReleaseFacts(primary=duty.primary, secondary=duty.secondary)
        action = SetFacts.seen(tracking.ref, tracking.facts, changes, ("primary", "secondary"))
        effect = Effect(f"{name}/duty/{number}", action, f"{chosen} takes the place of {leaving}")
        since = entry_of(Claim(name, ON_DUTY, desk.by, desk.now(), effect.summary, about=chosen))
        told = Effect(f"{name}/swap-told/{number}", Comment(tracking.ref, _news(seen, duty, leaving, chosen)), _TOLD)
        return Ordered((effect, told), (since, *_author_stays(desk, seen)))

    return order(desk, name, Act.SWAP, ordered)


_TOLD = "tell those on duty of the swap"


def _news(seen: Scene, duty: Duty, leaving: str, taking: str) -> str:
    """Tell all whom a swap concerns: who leaves, who takes over, and who stays."""
    is_primary = duty.primary == taking
    values = {
        "taking": mention(taking),
        "leaving": mention(leaving) if seen.snapshot.person(leaving) else words(leaving),
        "other": mention(duty.secondary if is_primary else duty.primary),
        "role": "Primary" if is_primary else "Secondary",
        "release": release_said(seen.contents.release, critical=seen.contents.is_critical),
        "due": instant_said(seen.snapshot.release.due),
    }
    return plain(message("tell_of_swap", values, seen.wording))


def _author_stays(desk: Desk, seen: Scene) -> tuple[Entry, ...]:
    """Name the Primary as the author of the post that is there, before somebody else is Primary."""
    is_written = known(seen.snapshot.draft, None) is not None
    primary = desk.person(seen.snapshot.duty.primary) if seen.snapshot.duty else None
    if primary is None or not is_written or any(c.gate == POST_AUTHOR for c in seen.snapshot.claims):
        return ()
    words = f"{primary.name} <{primary.email}>"
    return (entry_of(Claim(seen.name, POST_AUTHOR, desk.by, desk.now(), words, about=primary.username)),)

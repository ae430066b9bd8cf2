"""Hand over at the end of a working day (mission M2)."""

from __future__ import annotations

from secrel.apply.applying import Done, Outcome, apply
from secrel.desk.desk import Desk
from secrel.desk.ordering import enter
from secrel.plan.plan import Plan
from secrel.plan.works.handover import day_of, posted, said_by
from secrel.process.roles import Act
from secrel.words.errors import Misused


def hand_over(desk: Desk, name: str, notes: tuple[str, ...], *, send: bool) -> tuple[str, Outcome | None]:
    """Write the handover of whoever sits at the desk; with `send`, post it. Gives the text, and what came of it.

    Raises `Refused` for somebody who may not, and `Misused` for a second one to be sent on one day.
    """
    scene = enter(desk, name, Act.HAND_OVER).scene
    person = next(person for person in desk.team if person.username == desk.by)
    text = said_by(scene, person, notes)
    if not send:
        return text, None
    [outcome] = apply(Plan(name, (posted(scene, person, text),), targets=desk.targets), None, desk.world)
    if outcome.done is Done.ALREADY:
        raise Misused(
            f"{desk.by} has handed over on {day_of(scene, person)} already",
            where=name,
            remedy="post what is new in the channel yourself; without --send this only writes it",
        )
    return text, outcome

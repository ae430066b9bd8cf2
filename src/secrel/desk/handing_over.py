"""Hand over at the end of a working day (mission M2)."""

from __future__ import annotations

from secrel.apply.applying import Done, apply
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.desk.texts.letters import handover_said
from secrel.papers.messages import handover
from secrel.plan.makers import MAKERS
from secrel.plan.making import Text, Want
from secrel.plan.plan import Plan
from secrel.roster.zones import zone_named
from secrel.words.effects import plain
from secrel.words.errors import Misused


def hand_over(desk: Desk, name: str, notes: tuple[str, ...], *, send: bool) -> tuple[str, str]:
    """Write the handover of whoever sits at the desk; with `send`, post it. Gives the text and its address.

    Raises `Misused` for somebody who is not in the team, and for a second one to be sent on one day.
    """
    person = desk.person(desk.by)
    if person is None:
        raise Misused(f"{desk.by[:60]!r} is not in the team", where=name, remedy="say who you are: --by USERNAME")
    seen = look(desk, name)
    text = plain(handover(handover_said(desk, seen, desk.by, notes), templates=desk.templates.get("messages")))
    if not send:
        return text, ""
    day = seen.snapshot.at.astimezone(zone_named(person.zone)).date()
    want = Want(seen.scene.key("handover", day.isoformat(), desk.by), "handover", desk.by)
    effect = MAKERS["handover"].make(want, Text(text), seen.scene)
    [outcome] = apply(Plan(name, (effect,), targets=desk.targets), None, desk.world)
    if outcome.done is Done.ALREADY:
        raise Misused(
            f"{desk.by} has handed over on {day} already",
            where=name,
            remedy="post what is new in the channel yourself; without --send this only writes it",
        )
    return text, outcome.address

"""Commands that do several lines of work: those whose turn has come go on, and do not wait for the others."""

from __future__ import annotations

from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.plan.planning import open_makers


def whose_turn_it_is(desk: Desk, name: str, makers: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what has to wait, unless all of it has to: then the refusal says for what."""
    ready = open_makers(look(desk, name).assessment)
    return tuple(maker for maker in makers if maker in ready) or makers

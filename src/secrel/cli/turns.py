"""Commands that do several lines of work: those whose turn has come go on, and do not wait for the others."""

from __future__ import annotations

from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.plan.planning import open_works


def whose_turn_it_is(desk: Desk, name: str, works: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what has to wait, unless all of it has to: then the refusal says for what."""
    ready = open_works(look(desk, name).assessment)
    return tuple(work for work in works if work in ready) or works

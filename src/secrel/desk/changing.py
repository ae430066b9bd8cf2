"""Changes that a person orders, one after the other: each is carried out as it was ordered, or refused."""

from __future__ import annotations

from collections.abc import Callable

from secrel.apply.applying import Done, Outcome, apply
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.papers.scene import Scene
from secrel.plan.plan import Plan
from secrel.words.effects import Effect
from secrel.words.errors import Refused

_MOST_TRIES = 5


def change(desk: Desk, name: str, ordered: Callable[[Scene], Effect]) -> list[Outcome]:
    """Carry out the change that `ordered` makes of what is seen, under the next free number.

    Another desk can take the number meanwhile, or an earlier attempt have had it and been cut off: then nothing of
    this change was done, and it is made again of what is seen by then. Raises `Refused` when that goes on and on.
    """
    for _ in range(_MOST_TRIES):
        outcomes = list(apply(Plan(name, (ordered(look(desk, name)),), targets=desk.targets), None, desk.world))
        if outcomes[0].done is Done.DONE:
            return outcomes
    raise Refused("other desks change this release all the time", where=name, remedy="run it again in a moment")

"""Carry out plans: the quiet part at once, the rest with a person's approval of exactly what they read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from secrel.apply.applying import Done, Outcome, apply
from secrel.desk.desk import Desk
from secrel.desk.looking import Look, look
from secrel.desk.proposing import propose
from secrel.plan.plan import Plan, approve

_MOST_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Carried:
    """What was carried out, and the plan of what is left for a person to approve (perhaps of nothing)."""

    outcomes: tuple[Outcome, ...]
    left: Plan
    look: Look


def carry_out_quiet(desk: Desk, name: str, only: Collection[str] | None = None) -> Carried:
    """Carry out everything that neither reveals nor is blind, round by round, until nothing new is open.

    What one round makes can open the gate of the next. Raises `Refused` when the plan refuses itself in what is quiet.
    """
    outcomes: list[Outcome] = []
    for _ in range(_MOST_ROUNDS):
        seen = look(desk, name)
        plan = propose(desk, seen, only)
        quiet = plan.quiet
        if not quiet.effects:
            break
        done = list(apply(quiet, None, desk.world))
        outcomes += done
        if not any(outcome.done in (Done.DONE, Done.FOUND) for outcome in done):
            break
    return Carried(tuple(outcomes), plan.loud, seen)


def carry_out_approved(desk: Desk, name: str, *, read: str, only: Collection[str] | None = None) -> list[Outcome]:
    """Carry out what a person approved: the loud plan as it is now, if its digest is the one they read.

    Raises `Refused` when it is another, when it refuses itself, or when an effect would be early.
    """
    seen = look(desk, name)
    plan = propose(desk, seen, only).loud
    approval = approve(plan, read=read, by=desk.by, at=desk.now())
    return list(apply(plan, approval, desk.world))

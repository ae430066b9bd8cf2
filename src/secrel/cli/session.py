"""What every command needs: where the desk is, who sits at it, how answers and errors are told."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from secrel.cli.complaining import note
from secrel.wiring import desk_at, now, people_at
from secrel.words.errors import Exit, Misused

if TYPE_CHECKING:  # a command loads what it uses, and these are types alone
    from secrel.apply.applying import Outcome
    from secrel.desk.desk import Desk
    from secrel.plan.plan import Plan
    from secrel.ports.people import ForgePeople

Format = Literal["text", "markdown", "json"]
"""The forms in which an answer can be had."""


@Parameter(name="*")
@dataclass(frozen=True)
class Where:
    """Where the desk is, and who sits at it."""

    desk: Annotated[Path, Parameter(env_var="SECREL_DESK")] = Path()
    """The desk's folder, with secrel.toml in it."""
    by: Annotated[str, Parameter(env_var="SECREL_BY")] = ""
    """Your username in the team."""
    clock: Annotated[Callable[[], datetime], Parameter(parse=False)] = now
    """What tells the time; no flag sets it: whoever runs a command line from Python may hand one in."""


NOWHERE = Where()


__all__ = ["NOWHERE", "Format", "Where", "note", "say"]


def open_desk(where: Where) -> Desk:
    """Open the desk; raises what opening raises."""
    return desk_at(where.desk, where.by or "desk", where.clock)


def open_people(where: Where) -> ForgePeople:
    """Open the side of the embedded forge that people use; raises `Misused` when nobody is named."""
    return people_at(where.desk, someone(where), where.clock)


def release_name(desk: Desk, given: str) -> str:
    """Give the release that is meant: the one named, or the only one that is open.

    Raises `Misused` when none is open, or several are due and none is named.
    """
    if given:
        return given
    from secrel.desk.starting import known_releases  # noqa: PLC0415 - only for whoever names no release

    ahead = [release.name for release, _ in known_releases(desk) if release.due >= desk.now()]
    if not ahead:
        raise Misused("no release is coming up", remedy="name one, or start it: secrel start --from release.yaml")
    return ahead[0]


def someone(where: Where) -> str:
    """Give the username of whoever acts; raises `Misused` when nobody is named."""
    if not where.by:
        raise Misused("nobody is named", remedy="say who you are: --by USERNAME, or set SECREL_BY")
    return where.by


def say(text: str) -> None:
    """Give the answer, on standard output."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def is_coloured() -> bool:
    """Whether the answer goes to a terminal that wants colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """How wide the answer may be."""
    return min(shutil.get_terminal_size((100, 24)).columns, 140)


def told_outcomes(outcomes: Sequence[Outcome]) -> str:
    """Say what was carried out: one line for each effect."""
    lines = [f"{outcome.done:<8} {outcome.effect.key}  {outcome.effect.summary}" for outcome in outcomes]
    return "\n".join(lines) if lines else "nothing to do"


def finish(left: Plan, outcomes: Sequence[Outcome], only: tuple[str, ...] = ()) -> int:
    """Say what was carried out, and show what is left for a person: exit `refused` when something is."""
    if outcomes:
        say(told_outcomes(outcomes))
    if not left.effects and not left.refusals:
        if not outcomes:
            say("nothing to do")
        return Exit.DONE
    from secrel.render.plan import render_plan  # noqa: PLC0415 - only when something is left to show

    say(render_plan(left, width=columns(), colour=is_coloured()))
    chosen = "".join(f" --only {name}" for name in only)
    if left.refusals:
        first = left.refusals[0]
        note(f"refused: {left.release}: {first.rule}: {first.what}")
        note(f"  to go on: {first.remedy}" if first.remedy else f"  to go on: secrel status {left.release}")
    else:
        note(f"refused: {left.release}: this reveals, or cannot be found again, and needs your approval")
        note(f"  to go on: secrel apply {left.release}{chosen} --approve {left.digest} --by USERNAME")
    return Exit.REFUSED

"""`secrel plan` and `secrel apply`: what would be done, and doing it."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from cyclopts import Parameter

from secrel.apply.applying import Done
from secrel.cli.session import (
    NOWHERE,
    Format,
    Where,
    apply_command,
    columns,
    finish,
    is_coloured,
    open_desk,
    release_name,
    say,
    someone,
    tell_doubt,
    tell_prepared,
    told_outcomes,
)
from secrel.desk.carrying_out import carry_out_approved, carry_out_quiet
from secrel.desk.carrying_out import settle as settle_doubt
from secrel.desk.looking import look
from secrel.desk.proposing import propose
from secrel.faces.plan import render_plan
from secrel.words.errors import Exit


def plan(
    release: str = "",
    /,
    *,
    only: tuple[str, ...] = (),
    format: Format = "text",
    where: Where = NOWHERE,
) -> int:
    """Show what would be done now, to the byte: first what is quiet, then what needs an approval.

    Example: `secrel plan 2026-11`; the last line of the answer is the command that carries it out.

    Nothing is changed. Exit words: 0 done, 4 refused when the plan refuses itself.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    only
        Plan only these lines of work (by the names in the process table).
    format
        text with the first lines of each text, markdown and json with all of them; json has both parts in one answer.
    """
    desk = open_desk(where)
    made = propose(desk, look(desk, release_name(desk, release)), only or None)
    parts = [part for part in (made.quiet, made.loud) if part.effects] or [made]
    told = [
        render_plan(
            part,
            format=format,
            width=columns(),
            colour=is_coloured(),
            next_command=apply_command(where, part, only),
        )
        for part in parts
    ]
    if format == "json":
        plans = [json.loads(one) for one in told]
        told = [json.dumps({"version": 1, "release": made.release, "plans": plans}, indent=2)]
    for one in told:
        say(one)
    tell_prepared(made)
    return Exit.REFUSED if made.refusals else Exit.DONE


def apply(
    release: str = "",
    /,
    *,
    approve: str = "",
    only: tuple[str, ...] = (),
    settle: str = "",
    as_: Annotated[Literal["done", "not-done"], Parameter(name="--as")] = "done",
    where: Where = NOWHERE,
) -> int:
    """Carry out what is quiet, or with --approve exactly the plan that you read.

    Example: `secrel apply 2026-11 --approve 4f2a9c81d0e76b13 --by bjorn`. An email whose sending was cut off waits for
    your word: `secrel apply 2026-11 --settle 2026-11/email --as done --by bjorn`.

    Exit words: 0 done, 1 broken when an effect is in doubt, 4 refused when something needs an approval, or the digest
    is not the one of the plan as it is now.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    approve
        The digest of the plan you read and approve.
    only
        Only these lines of work, as in the plan you read.
    settle
        The key of an effect in doubt.
    as_
        What you know of it: it was done, or it was not.
    """
    desk = open_desk(where)
    name = release_name(desk, release)
    if settle:
        someone(where)
        settle_doubt(desk, name, settle, happened=as_ == "done")
        say(f"settled  {settle}")
        return Exit.DONE
    if approve:
        someone(where)
        outcomes = carry_out_approved(desk, name, read=approve, only=only or None)
        say(told_outcomes(outcomes))
        doubt = next((outcome for outcome in outcomes if outcome.done is Done.DOUBT), None)
        return tell_doubt(name, doubt.effect.key) if doubt else Exit.DONE
    carried = carry_out_quiet(desk, name, only or None)
    return finish(where, carried.left, carried.outcomes, only)

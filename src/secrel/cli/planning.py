"""`secrel plan` and `secrel apply`: what would be done, and doing it."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from cyclopts import Parameter

from secrel.cli.doubts import tell_doubts
from secrel.cli.session import (
    NOWHERE,
    Format,
    Where,
    apply_command,
    columns,
    finish,
    finish_approved,
    follow,
    is_coloured,
    open_desk,
    release_name,
    say,
    someone,
    tell_held,
    tell_later,
    tell_next,
    tell_prepared,
)
from secrel.desk.carrying_out import carry_out_approved, carry_out_free
from secrel.desk.carrying_out import settle as settle_doubt
from secrel.desk.looking import look
from secrel.desk.proposing import propose, show
from secrel.evaluate.remedies import quoted
from secrel.faces.plan import render_plan
from secrel.journal.entries import in_doubt
from secrel.plan.plan import Plan
from secrel.words.errors import Exit, Misused, Refused


def plan(
    release: str = "",
    /,
    *,
    only: tuple[str, ...] = (),
    format: Format = "text",
    digest: bool = False,
    where: Where = NOWHERE,
) -> int:
    """Show what would be done now, to the byte: first what needs no approval, then what needs one.

    Example: `secrel plan 2026-11`; the last line of the answer is the command that carries it out.

    Nothing is changed; that you were shown it is remembered, so that a digest that is refused later can be refused
    with what changed since. Exit words: 0 done, 4 refused when the plan refuses itself, or needs no digest.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    only
        Plan only these lines of work (by the names in the process table).
    format
        text with the first lines of each text, markdown and json with all of them; json has both parts in one answer.
    digest
        Print the digest of what needs an approval, and nothing else: for scripts whose owner has read the plan.
    """
    desk = open_desk(where)
    name = release_name(desk, release)
    seen = look(desk, name)
    made = propose(desk, seen, only or None)
    if digest:
        return _digest(made)
    parts = [part for part in (made.free, show(desk, seen, made)) if part.effects] or [made]
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
    tell_held(made.to_approve if made.effects else made)
    tell_prepared(made)
    tell_later(made)
    if not (made.effects or made.refusals):
        tell_next(seen)
    tell_doubts(in_doubt(desk.journal.entries(name)), word="in doubt")
    return Exit.REFUSED if made.refusals else Exit.DONE


def _digest(made: Plan) -> int:
    if not made.to_approve.effects:
        raise Refused(
            "nothing here needs an approval", where=made.release, remedy=f"secrel apply {quoted(made.release)}"
        )
    say(made.to_approve.digest)
    return Exit.REFUSED if made.refusals else Exit.DONE


def apply(
    release: str = "",
    /,
    *,
    approve: str = "",
    only: tuple[str, ...] = (),
    settle: str = "",
    as_: Annotated[Literal["done", "not-done", ""], Parameter(name="--as")] = "",
    where: Where = NOWHERE,
) -> int:
    """Apply the changes that need no approval; with --approve exactly the plan that you read, and then those.

    Example: `secrel apply 2026-11 --approve 4f2a9c81d0e76b13c5e08d7a96f1b324 --by bjorn`. An email whose sending was
    cut off waits for your word: `secrel apply 2026-11 --settle 2026-11/email --as done --by bjorn` when it lies in the
    outbox. It is still to be sent then.

    What an earlier command had begun before it was cut off is looked for first, and settled by what is found.

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
        The key of an effect in doubt; goes with --as.
    as_
        What you know of it: it was done, or it was not. There is no default.
    """
    desk = open_desk(where)
    name = release_name(desk, release)
    if settle:
        someone(where)
        if not as_:
            raise Misused(
                f"what became of {settle[:80]} is not said",
                where=name,
                remedy="look whether it happened, and say it: --as done, or --as not-done",
            )
        settle_doubt(desk, name, settle, happened=as_ == "done")
        say(f"settled  {settle}")
        return Exit.DONE
    if approve:
        someone(where)
        word = finish_approved(desk, name, carry_out_approved(desk, name, read=approve, only=only or None))
        if word is not Exit.DONE:
            return word
    carried = carry_out_free(desk, name, only or None)
    word = follow(carried) if approve else finish(where, carried, only)
    if word is Exit.DONE and not carried.left.effects:
        tell_next(carried.look)
    return word

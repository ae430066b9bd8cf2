"""`secrel handover` and `secrel claim`: what people say to each other, and to the desk (mission M2)."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from secrel.cli.complaining import shown
from secrel.cli.doubts import note_doubts
from secrel.cli.session import NOWHERE, Where, note, open_desk, release_name, say, someone
from secrel.desk.claiming import claim as claim_gate
from secrel.desk.claiming import deny
from secrel.desk.handing_over import hand_over
from secrel.evaluate.remedies import quoted
from secrel.words.errors import Exit, Misused


def handover(
    release: str = "",
    /,
    *,
    worries: Annotated[tuple[str, ...], Parameter(name="--note")] = (),
    send: bool = False,
    where: Where = NOWHERE,
) -> int:
    """Write the handover at the end of your working day: status, what is next, what is left, the five links.

    Example: `secrel handover 2026-11 --note "the pipeline of !12 is flaky" --by amara`; add `--send` to post it.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    worries
        What worries you, in your own words. Can be repeated.
    send
        Post it to the team's channel; once a day and person.
    """
    someone(where)
    desk = open_desk(where)
    name = release_name(desk, release)
    text, outcome = hand_over(desk, name, worries, send=send)
    say(text)
    if outcome is None:
        note("not sent: add --send")
    elif outcome.prepared:
        note(f"prepared: {outcome.address}")
        note(f"  to go on: post it in your channel, then: secrel sent {quoted(name)} {quoted(outcome.effect.key)}")
    else:
        note(f"sent: {outcome.address}")
    note_doubts(desk, name)
    return Exit.DONE


def claim(
    release: str,
    gate: str,
    /,
    *,
    words: str,
    yes: Annotated[bool, Parameter(name="--yes")] = False,
    no: Annotated[bool, Parameter(name="--no")] = False,
    waive: bool = False,
    where: Where = NOWHERE,
) -> int:
    """Say what only a person can say of a gate; it is recorded with your name, the time, and what it is about.

    Example: `secrel claim 2026-11 timing-agreed --yes --words "agreed with the release managers" --by amara`. A no
    blocks the gate until somebody says yes: `secrel claim 2026-11 timing-agreed --no --words "not before January"`.
    A signed exception: `secrel claim 2026-11 no-late-fix --waive --words "they take it in, see the thread" --by bjorn`.

    It is one of the three, and words that say the opposite are refused. What is claimed of a date or of versions ends
    when they change, and is asked for again.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    release
        The release's name.
    gate
        The gate, by the name or the title that status shows.
    words
        What you say.
    yes
        Say that it holds.
    no
        Say that it does not hold: the gate is blocked, with your words, until somebody says yes.
    waive
        Sign an exception: the gate counts as waived, under your name.
    """
    someone(where)
    if sum((yes, no, waive)) != 1:
        what = "--yes, --no and --waive exclude each other" if yes or no or waive else "it is neither a yes nor a no"
        raise Misused(what, remedy="add one of --yes, --no and --waive")
    desk = open_desk(where)
    said = deny(desk, release, gate, words) if no else claim_gate(desk, release, gate, words, waives=waive)
    what = "waived" if waive else "denied" if no else "claimed"
    of = f" of {said.about}" if said.about else ""
    say(shown(f"{what}  {said.gate}{of}  {said.by}, {said.at:%Y-%m-%d %H:%M %Z}: {said.words}"))
    note_doubts(desk, release)
    return Exit.DONE

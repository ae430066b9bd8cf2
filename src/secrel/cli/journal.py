"""`secrel journal`: what the desk remembers."""

from __future__ import annotations

import json
from datetime import tzinfo

from secrel.cli.complaining import shown
from secrel.cli.doubts import tell_doubts
from secrel.cli.session import NOWHERE, Format, Where, note, open_desk, reader_of, say, someone
from secrel.desk.desk import Desk
from secrel.desk.ordering import adopt as take_over
from secrel.desk.ordering import held_before
from secrel.evaluate.remedies import quoted
from secrel.journal.entries import Entry, Remembered, builtins_of, in_doubt
from secrel.papers.text import markdown_text
from secrel.papers.wording import for_you
from secrel.words.errors import Exit, Misused

_LONGEST_KEY = 48


def _line(entry: Entry, width: int, reader: tzinfo | None = None) -> str:
    match entry.kind:
        case Remembered.RECEIPT:
            told = str(entry.body["address"])
        case Remembered.INTENT:
            told = str(entry.body["kind"])
        case Remembered.CLAIM:
            word = "waived: " if entry.body.get("waives") else "no: " if entry.body.get("denies") else ""
            about = str(entry.body.get("about", ""))
            told = f"{word}{entry.body.get('words', '')}{f' ({about})' if about else ''}"
        case Remembered.MAIL:
            count = len(entry.body["disagreements"])
            told = f"{count} disagreement{'' if count == 1 else 's'}"
        case Remembered.NOTE:
            told = "a plan that was shown"
        case _:
            told = ""
    at = f"{entry.at:%Y-%m-%d %H:%M:%S %Z}{for_you(entry.at, reader)}"
    return f"{at}  {entry.kind:<9}  {entry.who:<12}  {entry.key:<{width}}  {told}".rstrip()


def journal(
    release: str = "", /, *, doubts: bool = False, adopt: bool = False, format: Format = "text", where: Where = NOWHERE
) -> int:
    """Show what the desk remembers: intents, receipts, approvals, claims, mails; oldest first.

    Example: `secrel journal 2026-11`, or what waits for a person's word: `secrel journal 2026-11 --doubts`.

    When its file is gone for good, and the forge has what the desk made: `secrel journal 2026-11 --adopt --by bjorn`.

    Exit words: 0 done, 1 broken when something is in doubt.

    Parameters
    ----------
    release
        The release's name; without it, everything.
    doubts
        Only effects that were begun, and of which nobody knows whether they happened.
    adopt
        Take what the forge has of this release, and the journal knows nothing of, as done. What was said and approved
        is asked for again, and what the checklist still says of it is shown; so is what left no mark there: look into
        the outbox before you approve.
    format
        text or markdown one line each; json with the exact bytes that were sent.
    """
    desk = open_desk(where)
    if adopt:
        return _adopt(desk, release, where)
    entries = desk.journal.entries(release or None)
    open_ones = in_doubt(entries)
    chosen = open_ones if doubts else entries
    nothing = "nothing is in doubt" if doubts else "nothing is remembered"
    if format == "json":
        say(json.dumps({"version": 1, "entries": [builtins_of(entry) for entry in chosen]}, indent=2))
    elif format == "markdown":
        say("\n".join(f"- {markdown_text(_line(entry, 0))}" for entry in chosen) if chosen else f"{nothing}.")
    else:
        width, reader = min(max((len(entry.key) for entry in chosen), default=0), _LONGEST_KEY), reader_of(desk)
        say("\n".join(shown(_line(entry, width, reader)) for entry in chosen) if chosen else nothing)
    return tell_doubts(open_ones) if doubts else Exit.DONE


def _adopt(desk: Desk, release: str, where: Where) -> int:
    someone(where)
    if not release:
        raise Misused("no release is named", remedy="name it: secrel journal RELEASE --adopt")
    found = take_over(desk, release)
    width = min(max((len(one.key) for one in found), default=0), _LONGEST_KEY)
    say("\n".join(shown(f"found    {one.key:<{width}}  {one.address}") for one in found) or "nothing is lost")
    for gate, words in (held_before(desk, release) if found else {}).items():
        say(shown(f"lost     {gate}  {words}"))
        said = "--waive" if "; waived by " in words else "--yes"
        say(shown(f'         if it is still so: secrel claim {quoted(release)} {gate} {said} --words "…"'))
    if found:
        note("what was said, approved and mailed is not on the forge: look into the outbox before you approve a plan")
    return Exit.DONE

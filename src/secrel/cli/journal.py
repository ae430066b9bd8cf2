"""`secrel journal`: what the desk remembers."""

from __future__ import annotations

import json

import msgspec

from secrel.cli.session import NOWHERE, Format, Where, open_desk, say
from secrel.journal.entries import Entry, Remembered, in_doubt
from secrel.words.errors import Exit


def _line(entry: Entry) -> str:
    told = ""
    match entry.kind:
        case Remembered.RECEIPT:
            told = str(entry.body["address"])
        case Remembered.INTENT:
            told = str(entry.body["kind"])
        case Remembered.CLAIM:
            told = ("waived: " if entry.body.get("waives") else "") + str(entry.body.get("words", ""))
        case Remembered.MAIL:
            told = f"{len(entry.body['disagreements'])} disagreements"
        case _:
            told = ""
    return f"{entry.at:%Y-%m-%d %H:%M:%S %Z}  {entry.kind:<9}  {entry.who:<12}  {entry.key}  {told}".rstrip()


def journal(release: str = "", /, *, doubts: bool = False, format: Format = "text", where: Where = NOWHERE) -> int:
    """Show what the desk remembers: intents, receipts, approvals, claims, mails; oldest first.

    Example: `secrel journal 2026-11`, or what waits for a person's word: `secrel journal 2026-11 --doubts`.

    Exit words: 0 done, 1 broken when something is in doubt.

    Parameters
    ----------
    release
        The release's name; without it, everything.
    doubts
        Only effects that were begun, and of which nobody knows whether they happened.
    format
        text or markdown one line each; json with the exact bytes that were sent.
    """
    entries = open_desk(where).journal.entries(release or None)
    open_ones = in_doubt(entries)
    shown = open_ones if doubts else entries
    if format == "json":
        say(json.dumps({"version": 1, "entries": [msgspec.to_builtins(entry) for entry in shown]}, indent=2))
    else:
        mark = "- " if format == "markdown" else ""
        say("\n".join(f"{mark}{_line(entry)}" for entry in shown) if shown else "nothing is remembered")
    return Exit.BROKEN if doubts and open_ones else Exit.DONE

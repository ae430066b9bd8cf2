"""Effects that were begun and never finished: what is said of them, and the commands that settle them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from secrel.cli.complaining import note
from secrel.desk import questioning, remembering
from secrel.evaluate.remedies import quoted
from secrel.journal.entries import Entry, in_doubt
from secrel.words.effects import SENT_KINDS
from secrel.words.errors import Exit
from secrel.words.outcomes import CannotTell, Made, NotMade

if TYPE_CHECKING:  # a command loads what it uses, and these are types alone
    from secrel.apply.unfinished import Unfinished
    from secrel.desk.desk import Desk

_MOST = 5


def told_unfinished(unfinished: Iterable[Unfinished]) -> list[str]:
    """Say what became of what an earlier attempt had begun, one line each; of what stays in doubt, why it does."""
    lines = []
    for one in unfinished:
        when = f"begun {_when(one.intent)}, and cut off"
        match one.became:
            case Made(address=address):
                lines.append(f"found    {one.intent.key}  {when}; it is at {address}")
            case NotMade():
                lines.append(f"not done {one.intent.key}  {when}; it is free to be done again")
            case CannotTell(reason=reason):
                lines.append(f"in doubt {one.intent.key}  {when}; {reason}")
    return lines


def doubt_and_way(intent: Entry, *, looked: bool) -> tuple[str, str]:
    """Say what is in doubt, and what to do about it.

    `looked`: the desk has looked for it in the world just now, and could not tell. Before that, a command that changes
    something looks by itself, unless nobody can look for it.
    """
    what = f"nobody knows whether {intent.key} happened: it was begun {_when(intent)}, and cut off"
    where = quoted(intent.release)
    kind = intent.body.get("kind")
    if looked or intent.body.get("blind") or kind == "SendMail":
        settle = f"secrel apply {where} --settle {quoted(intent.key)} --as done --by USERNAME"
        see = "look whether it lies in the outbox, still to be sent" if kind in SENT_KINDS else "look whether it did"
        return what, f"{see}, then: {settle}, or --as not-done"
    return what, f"let the desk look for it: secrel apply {where} --by USERNAME"


def tell_doubts(doubts: Sequence[Entry], *, looked: bool = False, word: str = "broken") -> int:
    """Say of each that it is in doubt, beside the answer: exit `broken` when there is one."""
    for intent in doubts[:_MOST]:
        what, way = doubt_and_way(intent, looked=looked)
        note(f"{word}: {intent.release}: {what}")
        note(f"  to go on: {way}")
    if len(doubts) > _MOST:
        note(f"{word}: {len(doubts) - _MOST} more are in doubt: secrel journal --doubts")
    return Exit.BROKEN if doubts else Exit.DONE


def note_doubts(desk: Desk, release: str) -> None:
    """Say what is in doubt in a release after a command that has looked for it: no command passes over it."""
    tell_doubts(in_doubt(desk.journal.entries(release)), looked=True, word="in doubt")


def note_words(desk: Desk, release: str, places: Sequence[str] = ()) -> None:
    """Say what is doubtful in the words of a release's fixes, with the command that changes it.

    `places` are references or addresses of the fixes that are meant; without any, all are.
    """
    for doubt in questioning.question_words(desk, release, tuple(place.removeprefix("local:") for place in places)):
        note(f"to be settled: {doubt.about}: {doubt.what}")
        note(f"  to go on: {doubt.remedy or f'secrel fix show {quoted(release)} {quoted(doubt.about)}'}")


def tell_lost(desk: Desk, release: str) -> bool:
    """Say, and tell whether, the journal knows nothing of what the forge has: what is judged by it is not so."""
    found = remembering.lost(desk, release)
    if found:
        what, way = remembering.lost_and_way(release, found)
        note(f"broken: {release}, {desk.journal.place}: {what}")
        note(f"  to go on: {way}")
    return bool(found)


def _when(intent: Entry) -> str:
    return f"{intent.at:%Y-%m-%d %H:%M %Z} by {intent.who}"

"""Verdicts said to people: one word and one sign for each, and its reasons as lines (design.md, mechanisms)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from enum import StrEnum
from typing import assert_never

from msgspec import Struct

from secrel.evaluate.verdicts import Blocked, Passed, UnseenVerdict, Verdict, Waiting, Waived
from secrel.papers.wording.times import instant
from secrel.process.table import Process

_TITLES_SHOWN = 2


class VerdictWord(StrEnum):
    """The word for a verdict; `sign` and `style` go with it and never instead of it."""

    PASSED = "passed"
    BLOCKED = "blocked"
    WAITING = "waiting"
    WAIVED = "waived"
    UNSEEN = "unseen"

    @property
    def sign(self) -> str:
        """One character, one cell wide."""
        return {"passed": "✓", "blocked": "✗", "waiting": "·", "waived": "~", "unseen": "?"}[self.value]

    @property
    def style(self) -> str:
        """The style of `Paint` for it."""
        return {"passed": "green", "blocked": "red", "waiting": "dim", "waived": "yellow", "unseen": "magenta"}[
            self.value
        ]

    @property
    def holds(self) -> bool:
        """Whether nothing is left to do: passed, or waived by a person."""
        return self in (VerdictWord.PASSED, VerdictWord.WAIVED)


class Reason(Struct, frozen=True):
    """One line of what a verdict rests on: about what (a reference; may be empty), what is so, what would mend it."""

    about: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """Say it in one line, as it came."""
        return f"{self.about}: {self.what}" if self.about else self.what


def word_of(verdict: Verdict) -> VerdictWord:
    """Give the word for a verdict."""
    match verdict:
        case Passed():
            return VerdictWord.PASSED
        case Blocked():
            return VerdictWord.BLOCKED
        case Waiting():
            return VerdictWord.WAITING
        case Waived():
            return VerdictWord.WAIVED
        case UnseenVerdict():
            return VerdictWord.UNSEEN
        case never:
            assert_never(never)


def reasons(verdict: Verdict, process: Process, zone: tzinfo | None = None) -> tuple[Reason, ...]:
    """Say what a verdict rests on, a line for each piece and none twice; instants in `zone`.

    The texts are as they came: hostile.
    """
    return tuple(dict.fromkeys(_reasons(verdict, process, zone)))


def _reasons(verdict: Verdict, process: Process, zone: tzinfo | None) -> Iterable[Reason]:
    match verdict:
        case Passed(evidence):
            return [Reason(one.about, one.what) for one in evidence]
        case Blocked(findings):
            return [Reason(one.about, one.what, one.remedy) for one in findings]
        case Waived(by, at, words):
            said = f": {words}" if words else ""
            return [Reason("", f"waived by {by}, {instant(at, zone)}{said}")]
        case UnseenVerdict(why):
            return [Reason("", one) for one in why]
        case Waiting():
            return _waits(verdict, process, zone)
        case never:
            assert_never(never)


def gathered(found: Iterable[Reason], release: str, most: int = 2) -> tuple[Reason, ...]:
    """Put together what is said of one thing, so that every thing is said once.

    At most `most` pieces are kept of each, with how many more there are; `release` is what everything is about, and
    is not said. A remedy stays where all pieces agree on it.
    """
    things: dict[str, list[Reason]] = {}
    for reason in found:
        things.setdefault("" if reason.about == release else reason.about, []).append(reason)
    return tuple(one for about, pieces in things.items() for one in _gathered(about, pieces, most))


def _gathered(about: str, pieces: list[Reason], most: int) -> Iterator[Reason]:
    if not about:
        yield from (Reason("", piece.what, piece.remedy) for piece in pieces)
        return
    more = f" (and {len(pieces) - most} more)" if len(pieces) > most else ""
    remedies = {piece.remedy for piece in pieces}
    told = "; ".join(piece.what for piece in pieces[:most])
    yield Reason(about, f"{told}{more}", remedies.pop() if len(remedies) == 1 else "")


def _waits(verdict: Waiting, process: Process, zone: tzinfo | None) -> Iterator[Reason]:
    for one in verdict.pending:
        yield Reason(one.about, f"{one.what} ({one.who})" if one.who else one.what)
    if verdict.until is not None:
        yield Reason("", f"its turn comes on {instant(verdict.until, zone)}")
    titles = [gate.title if (gate := process.gate(name)) else name for name in verdict.gates]
    if titles:
        more = f" (and {len(titles) - _TITLES_SHOWN} more)" if len(titles) > _TITLES_SHOWN else ""
        yield Reason("", f"comes after: {'; '.join(titles[:_TITLES_SHOWN])}{more}")

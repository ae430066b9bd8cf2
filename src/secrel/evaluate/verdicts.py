"""What evaluation says of a gate: a few shapes, each with its evidence or reason (style 4.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec import Struct

from secrel.process.table import Gate, Process
from secrel.snapshot.seen import Snapshot

Params = TypeVar("Params")


class Finding(Struct, frozen=True):
    """Something that does not hold: about what (a reference, a line), what is so, and what would mend it.

    `remedy` is a command that can be pasted, or empty: then the gate's own remedy is shown. `since` is when it came
    about, where that is known: an exception that somebody signed before does not cover it. `who` is whose turn it is,
    where that is not the gate's owner.
    """

    about: str
    what: str
    remedy: str = ""
    since: datetime | None = None
    who: str = ""


class Evidence(Struct, frozen=True):
    """Something that was seen and holds, with where."""

    about: str
    what: str


class Hidden(Struct, frozen=True):
    """Something that a check needs and that could not be seen; `remedy` a command that lets it be seen, or empty."""

    reason: str
    remedy: str = ""


class Pending(Struct, frozen=True):
    """Something that is under way in somebody else's hands, and is no fault yet: what, and whose turn it is.

    `remedy` is the command that they can run, or empty. What is over by itself `until` an instant is nobody's turn, and
    not overdue before that.
    """

    about: str
    what: str
    who: str = ""
    remedy: str = ""
    until: datetime | None = None


Said = Finding | Evidence | Hidden | Pending


class Question(Struct, Generic[Params], frozen=True):
    """What a check is asked with: its gate's row, the process, and the instant."""

    gate: Gate
    process: Process
    now: datetime
    deadline: datetime | None

    @property
    def params(self) -> Params:
        """What the check is told by its row; reading the process has made sure that it is what the check wants."""
        told: Params = self.gate.params
        return told


Check = Callable[[Snapshot, Question[Any]], Iterator[Said]]


class Passed(Struct, frozen=True):
    """It holds, by this evidence."""

    evidence: tuple[Evidence, ...]


class Blocked(Struct, frozen=True):
    """It does not hold: these findings."""

    findings: tuple[Finding, ...]


class Waived(Struct, frozen=True):
    """A person signed an exception; `excepted` are the findings that it covers now, which nobody has to mend."""

    by: str
    at: datetime
    words: str
    excepted: tuple[Finding, ...] = ()


class UnseenVerdict(Struct, frozen=True):
    """It could not be judged, because something could not be seen."""

    reasons: tuple[str, ...]


class Waiting(Struct, frozen=True):
    """Its turn has not come, or somebody else is at work: for gates, for an instant, or for a person."""

    gates: tuple[str, ...] = ()
    until: datetime | None = None
    pending: tuple[Pending, ...] = ()


Verdict = Passed | Blocked | Waived | UnseenVerdict | Waiting


Row = tuple[str, str, str, str]
"""One evidence or signature of a verdict, as the desk remembers it: gate, verdict, about what or by whom, what."""
_PASSED, _WAIVED, EXCEPTED = "passed", "waived", "excepted"


def rows_of(gate: str, verdict: Verdict) -> tuple[Row, ...]:
    """Give a verdict by which something may go on as rows; nothing of any other verdict."""
    match verdict:
        case Passed(evidence=evidence):
            return tuple((gate, _PASSED, one.about, one.what) for one in evidence)
        case Waived(by=by, at=at, words=words, excepted=excepted):
            covered = ((gate, EXCEPTED, one.about, one.what) for one in excepted)
            return ((gate, _WAIVED, by, f"{at.isoformat()} {words}"), *covered)
        case _:
            return ()


def verdict_of(gate: str, rows: Iterable[Row]) -> Passed | Waived | None:
    """Give the verdict of a gate that is remembered in rows; None when none of them is about it."""
    theirs = [row for row in rows if row[0] == gate]
    if not theirs:
        return None
    _, verdict, by, what = theirs[0]
    if verdict == _WAIVED:
        at, _, words = what.partition(" ")
        covered = tuple(Finding(about, said) for _, _, about, said in theirs[1:])
        return Waived(by, datetime.fromisoformat(at), words, covered)
    return Passed(tuple(Evidence(about, said) for _, _, about, said in theirs))


class Judged(Struct, frozen=True):
    """One gate with its verdict; `due` is the instant its rule gives, `who` the person or role who is to act.

    `command` is what to run next, ready to be pasted; empty when nothing is to be done. `is_owners`: whether it is the
    turn of the gate's owner, and not of somebody else whom its findings name.
    """

    gate: Gate
    verdict: Verdict
    due: datetime | None
    is_due: bool
    who: str
    command: str
    is_owners: bool = True

    @property
    def is_by_itself(self) -> bool:
        """Whether the desk lets it hold at a time of its own: nobody has to act until then."""
        pending = self.verdict.pending if isinstance(self.verdict, Waiting) else ()
        return bool(pending) and all(one.until is not None for one in pending)

    @property
    def is_somebodys(self) -> bool:
        """Whether somebody can act: it does not hold, and its turn has come, or somebody else is at work on it."""
        if isinstance(self.verdict, Waiting):
            return bool(self.verdict.pending) and not self.is_by_itself
        return not isinstance(self.verdict, Passed | Waived)


class Assessment(Struct, frozen=True):
    """Every gate of the process that belongs to this release, in order, judged at one instant."""

    release: str
    at: datetime
    gates: tuple[Judged, ...]

    @property
    def by_name(self) -> Mapping[str, Judged]:
        """The judged gates by name."""
        return {judged.gate.name: judged for judged in self.gates}

    @property
    def blocked(self) -> tuple[Judged, ...]:
        """The gates with findings whose turn has come."""
        return tuple(judged for judged in self.gates if isinstance(judged.verdict, Blocked))

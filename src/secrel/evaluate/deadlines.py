"""What comes next: the instants by which something has to hold, and at which something opens, soonest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from secrel.evaluate.verdicts import Assessment, Judged, Passed, Waiting, Waived
from secrel.process.table import Gate


class What(StrEnum):
    """What an instant is to a gate: it has to hold by then, or its turn comes then."""

    DUE = "due"
    OPENS = "opens"


class Deadline(Struct, frozen=True):
    """One instant of one gate that does not hold yet; `who` is to act; `is_past` when it has gone by."""

    at: datetime
    what: What
    gate: Gate
    who: str
    is_past: bool


def deadlines(assessment: Assessment) -> tuple[Deadline, ...]:
    """List every deadline of the gates that do not hold yet, soonest first, those gone by before all others.

    What the desk itself lets hold at a time of its own is nobody's to meet, and is left out.
    """
    return tuple(sorted(_all(assessment), key=lambda deadline: deadline.at))


def _all(assessment: Assessment) -> Iterator[Deadline]:
    for judged in assessment.gates:
        if isinstance(judged.verdict, Passed | Waived) or judged.is_by_itself:
            continue
        if judged.due is not None:
            yield _deadline(judged, What.DUE, judged.due, assessment.at)
        if isinstance(judged.verdict, Waiting) and judged.verdict.until is not None:
            yield _deadline(judged, What.OPENS, judged.verdict.until, assessment.at)


def _deadline(judged: Judged, what: What, at: datetime, now: datetime) -> Deadline:
    return Deadline(at, what, judged.gate, judged.who, at <= now)

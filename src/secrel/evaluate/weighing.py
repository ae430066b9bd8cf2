"""From what a check said to a verdict: which of findings, things unseen and things under way comes first.

What is found blocks; what could not be seen leaves the gate unseen; what is under way in other hands leaves it
waiting, until it is due: from then on it blocks. An exception that somebody signed turns all of these into *waived*,
except findings that came about after it was signed: it cannot have meant those.
"""

from __future__ import annotations

from collections.abc import Iterable

from secrel.evaluate.verdicts import (
    Blocked,
    Evidence,
    Finding,
    Hidden,
    Passed,
    Pending,
    Said,
    UnseenVerdict,
    Verdict,
    Waiting,
    Waived,
)
from secrel.words.people import Claim


def weigh(said: Iterable[Said], *, overdue: bool, waiver: Claim | None) -> Verdict:
    """Give the verdict for all that a check said; `overdue` when the gate's due instant has passed."""
    answers = tuple(said)
    findings = [answer for answer in answers if isinstance(answer, Finding)]
    hidden = tuple(dict.fromkeys(answer.reason for answer in answers if isinstance(answer, Hidden)))
    pending = tuple(answer for answer in answers if isinstance(answer, Pending))
    if overdue:
        findings += [Finding(late.about, f"{late.what}, and this is overdue", late.remedy) for late in pending]
    if waiver is not None:
        if not (findings or hidden or pending):
            return Passed(_evidence(answers))
        newer = tuple(finding for finding in findings if finding.since is not None and finding.since > waiver.at)
        return Blocked(newer) if newer else Waived(waiver.by, waiver.at, waiver.words, tuple(findings))
    if findings:
        return Blocked(tuple(findings))
    if hidden:
        return UnseenVerdict(hidden)
    return Waiting(pending=pending) if pending else Passed(_evidence(answers))


def _evidence(answers: Iterable[Said]) -> tuple[Evidence, ...]:
    return tuple(answer for answer in answers if isinstance(answer, Evidence))

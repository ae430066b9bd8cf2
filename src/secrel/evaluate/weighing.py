"""From what a check said to a verdict: which of findings, things unseen and things under way comes first.

What is found blocks; what could not be seen leaves the gate unseen; what is under way in other hands leaves it
waiting, until it is due: from then on it blocks. Exceptions that people signed turn all of these into *waived*, except
findings that came about after they were signed: nobody can have meant those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
from secrel.words.people import Claim, handle_of


def weigh(
    said: Iterable[Said], *, overdue: bool, waivers: Sequence[Claim] = (), never_ones_own: bool = False
) -> Verdict:
    """Give the verdict for all that a check said; `overdue` when the gate's due instant has passed.

    `waivers` are the exceptions that were signed, oldest first; `never_ones_own` when one covers no finding that is
    about whoever signed it.
    """
    answers = tuple(said)
    findings = [answer for answer in answers if isinstance(answer, Finding)]
    hidden = tuple(dict.fromkeys(answer.reason for answer in answers if isinstance(answer, Hidden)))
    pending = tuple(answer for answer in answers if isinstance(answer, Pending))
    if overdue:
        findings += [
            Finding(late.about, f"{late.what}, and this is overdue", late.remedy, who=late.who) for late in pending
        ]
    if waivers:
        if not (findings or hidden or pending):
            return Passed(_evidence(answers))
        left = tuple(
            finding
            for finding in findings
            if not any(_covers(one, finding, never_ones_own=never_ones_own) for one in waivers)
        )
        newest, excepted = waivers[-1], tuple(Finding(one.about, one.what) for one in findings)  # nobody's to mend
        return Blocked(left) if left else Waived(newest.by, newest.at, newest.words, excepted)
    if findings:
        return Blocked(tuple(findings))
    if hidden:
        return UnseenVerdict(hidden)
    return Waiting(pending=pending) if pending else Passed(_evidence(answers))


def _covers(waiver: Claim, finding: Finding, *, never_ones_own: bool) -> bool:
    """Whether an exception was signed when what was found was so, by somebody whom it does not free."""
    if finding.since is not None and finding.since > waiver.at:
        return False
    return not (never_ones_own and handle_of(finding.about) == handle_of(waiver.by))


def _evidence(answers: Iterable[Said]) -> tuple[Evidence, ...]:
    return tuple(answer for answer in answers if isinstance(answer, Evidence))

"""What the desk had to do has been done: every effect has its receipt, and what it only prepared has been sent.

Rule: docs/process/gitlab/email-sent.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Literal

from secrel.evaluate.looking import fix_of, left_ids
from secrel.evaluate.params import Told
from secrel.evaluate.people import done_said, key_for
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import CreditSource
from secrel.words.outcomes import first_key, standing
from secrel.words.parts import known, need
from secrel.words.releases import joined


class Params(Told, frozen=True):
    """`keys`: the keys of the effects, with `{release}` and `{about}` in them; `each`: for each of what they are due.

    That is a `removed` fix, the `removed_id` of one, or a finder's `report`; nothing: once. `since`: for
    removed fixes, the key of the effect since which a removal counts. `undone`: a sentence for each key, saying what is
    so while it is not done.
    """

    keys: tuple[str, ...]
    undone: tuple[str, ...] = ()
    each: Literal["", "removed", "removed_id", "report"] = ""
    since: str = ""

    def __post_init__(self) -> None:
        """Raise `ValueError` when a key has no sentence of its own."""
        if self.undone and len(self.keys) != len(self.undone):
            raise ValueError("`undone` has one sentence for each key of `keys`")


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for the receipt of every effect that is due."""
    abouts = list(_EACH[question.params.each](snapshot, _since(snapshot, question)))
    for about in abouts:
        for pattern, undone in _rows(question.params):
            key = key_for(pattern, snapshot.release.name, about)
            receipt = standing(snapshot.receipts, key)
            subject = about or snapshot.release.name
            if receipt is None:
                yield Finding(subject, undone or f"{key} is not done yet")
            else:
                yield done_said(snapshot, receipt, subject)
    nowhere = list(_nowhere(snapshot)) if question.params.each == "report" else []
    yield from nowhere
    if not abouts and not nowhere:
        yield Evidence(snapshot.release.name, "there is nothing of the kind to do")


def _rows(params: Params) -> Iterator[tuple[str, str]]:
    """Give each key with what is so while it is not done, empty where the row does not say."""
    return zip_longest(params.keys, params.undone, fillvalue="")


def _since(snapshot: Snapshot, question: Question[Params]) -> datetime | None:
    """Give when the effect named by `since` was done; the beginning of time when none is named; None: not yet."""
    key = question.params.since
    if not key:
        return datetime.min.replace(tzinfo=question.now.tzinfo)
    receipt = snapshot.receipts.get(key_for(key, snapshot.release.name))
    return receipt.at if receipt else None


def _removed(snapshot: Snapshot, since: datetime | None) -> Iterator[str]:
    removed = need(snapshot.removed, "the fixes that were taken out")
    return (fix.ref for fix in removed if since is not None and fix.removed_at >= since)


def _reports(snapshot: Snapshot, _since: datetime | None) -> Iterator[str]:
    """Name the finders who have a report, and those who were told: what becomes public has its reports taken out."""
    advisories = need(snapshot.told, "what the release announces").advisories
    named = {f"{advisory.fix}/{name}": None for advisory in advisories for name in advisory.reports}
    prefix = f"{snapshot.release.name}/report/"
    told = (first_key(key).removeprefix(prefix) for key in snapshot.receipts if key.startswith(prefix))
    yield from named | dict.fromkeys(told)


def _nowhere(snapshot: Snapshot) -> Iterator[Finding]:
    """Name the fixes that were found by the bounty program, of which nobody has said by which report.

    Once an issue is public its reports are taken out, and the notices that went there tell them.
    """
    for advisory in need(snapshot.told, "what the release announces").advisories:
        fix = fix_of(snapshot, advisory.fix)
        issue = known(fix.issue, None) if fix is not None else None
        finders = [one.name for one in advisory.credits if one.source is CreditSource.HACKERONE and one.name]
        if finders and not advisory.reports and issue is not None and issue.confidential:
            what = (
                f"nobody has said by which report {joined(finders)} found it: credits lack `report`, and no notice goes"
            )
            yield Finding(advisory.fix, what, f"secrel fix show {quoted(snapshot.release.name)} {quoted(advisory.fix)}")


def _once(_snapshot: Snapshot, _since: datetime | None) -> Iterator[str]:
    yield ""


_EACH: Mapping[str, Callable[[Snapshot, datetime | None], Iterator[str]]] = {
    "": _once,
    "removed": _removed,
    "removed_id": lambda snapshot, _since: (removed.ref for removed in left_ids(snapshot)),
    "report": _reports,
}

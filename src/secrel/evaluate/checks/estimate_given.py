"""Release managers know when the fix will be ready: it is, and they were told, or there is an estimate that was posted.

Rule: docs/process/gitlab/estimate-given.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import each_fix, is_ready, ready_untold, was_before
from secrel.evaluate.params import Told
from secrel.evaluate.people import Subject, last_word_on, posting, still_about
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import Fix
from secrel.words.people import Claim


class Params(Told, frozen=True):
    """`about`: the facts that an estimate is given of; when one changes, or a fix comes, it has to be given again."""

    about: tuple[Subject, ...] = ()


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the merge requests of every fix; while one is not ready, or none is linked, for an estimate."""
    each = list(each_fix(snapshot, lambda fix: _said(fix, snapshot))) or [_none_yet(snapshot)]
    said = last_word_on(snapshot, question.gate.name)
    stands = said is not None and not said.denies and still_about(said, snapshot, question.params.about)
    told = list(_posted(said, snapshot)) if said is not None and stands else []
    if all(isinstance(one, Evidence) for one in (*each, *told)):
        yield from each
        yield from _told(snapshot)
    else:
        yield from told or each


def _none_yet(snapshot: Snapshot) -> Finding:
    return Finding(snapshot.release.name, "no fix is linked yet, and nobody has said when there will be one")


def _told(snapshot: Snapshot) -> Iterator[Said]:
    if ready_untold(snapshot):
        release = snapshot.release.name
        what = "the fix is ready, and release managers, who were asked before it was, have not been told"
        yield Finding(release, what, f"secrel plan {quoted(release)}")


def _posted(said: Claim, snapshot: Snapshot) -> Iterator[Said]:
    receipt = snapshot.receipts.get(posting(said, snapshot))
    if receipt is None:
        what = "gave an estimate, and it is not on the tracking issue yet, where it was promised"
        yield Finding(said.by, what, f"secrel plan {quoted(snapshot.release.name)}")
    else:
        yield Evidence(said.by, f"estimates: {said.words} ({receipt.address})")


def _said(fix: Fix, snapshot: Snapshot) -> Iterator[Said]:
    if before := was_before(snapshot, fix):
        yield Evidence(fix.ref, before)
    elif is_ready(fix):
        yield Evidence(fix.ref, "the fix is ready")
    else:
        yield Finding(fix.ref, "the fix is not ready, and nobody has said when it will be")

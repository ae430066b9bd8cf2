"""No fix was linked after the deadline before the due date.

What comes later is likely not to make it into the release, and must not be announced. A release manager may sign an
exception; it covers the fixes that were linked before it was signed.

Rule: docs/process/gitlab/no-late-fix.md
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

from secrel.evaluate.looking import linked_fixes
from secrel.evaluate.params import ToldHours
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Question, Said
from secrel.snapshot.seen import Snapshot

Params = ToldHours


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Compare since when each fix is linked with the deadline; a fix linked at the deadline itself is in time."""
    fixes = linked_fixes(snapshot)
    if isinstance(fixes, Hidden):
        yield fixes
        return
    deadline = snapshot.release.due.astimezone(UTC) - timedelta(hours=question.params.hours)
    late = [fix for fix in fixes if fix.linked_at > deadline]
    for fix in late:
        yield Finding(
            fix.ref,
            f"was linked at {fix.linked_at:%Y-%m-%d %H:%M %Z}, after the deadline of {deadline:%Y-%m-%d %H:%M %Z}",
            f'secrel fix remove {quoted(snapshot.release.name)} {quoted(fix.ref)} --reason "after the deadline"',
            since=fix.linked_at,
        )
    if not late:
        yield Evidence(snapshot.release.name, f"no fix was linked after {deadline:%Y-%m-%d %H:%M %Z}")

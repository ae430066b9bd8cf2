"""No fix was linked after the deadline before the due date.

What comes later is likely not to make it into the release, and must not be announced. A release manager may sign an
exception; it covers the fixes that were linked before it was signed.

Rule: docs/process/gitlab/no-late-fix.md
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

from secrel.evaluate.looking import advisory_of, before_this_release, each_fix
from secrel.evaluate.params import ToldHours
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import Fix
from secrel.words.parts import known
from secrel.words.releases import joined

Params = ToldHours


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Compare since when each fix is linked with the deadline; a fix linked at the deadline itself is in time."""
    deadline = snapshot.release.due.astimezone(UTC) - timedelta(hours=question.params.hours)

    def say(fix: Fix) -> Iterator[Said]:
        advisory = advisory_of(snapshot, fix.ref) if fix.linked_at > deadline else None
        if advisory is not None and (before := before_this_release(advisory)):
            yield Evidence(fix.ref, before)
        elif fix.linked_at > deadline:
            at = f"{fix.linked_at:%Y-%m-%d %H:%M %Z}, after the deadline of {deadline:%Y-%m-%d %H:%M %Z}"
            yield Finding(fix.ref, f"was linked at {at}", _remedy(fix, snapshot, question), since=fix.linked_at)

    said = tuple(each_fix(snapshot, say))
    yield from said
    if not said:
        yield Evidence(snapshot.release.name, f"no fix was linked after {deadline:%Y-%m-%d %H:%M %Z}")


def _remedy(fix: Fix, snapshot: Snapshot, question: Question[Params]) -> str:
    """Give the command that takes it out, or for one that ships by now, the one that signs the exception."""
    name, tags = quoted(snapshot.release.name), known(fix.tags, frozenset())
    if tags:
        gate = quoted(question.gate.name)
        return f'secrel claim {name} {gate} --waive --words "{fix.ref} is in {joined(sorted(tags))}"'
    return f'secrel fix remove {name} {quoted(fix.ref)} --reason "after the deadline"'

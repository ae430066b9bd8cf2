"""What is not complete at the deadline of a planned release is taken out of it: it would not make it into the packages.

The handbook says so of what comes late (manual steps, step 6); what is not ready or not told by then is no better. A
fix that is merged already ships, and is never taken out of the announcement alone; one that was linked after the
deadline is in the hands of the row about late fixes, and one that shipped before is only announced.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from secrel.evaluate.looking import advisory_of, before_this_release, fix_of, requests_of
from secrel.evaluate.remedies import quoted
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import State
from secrel.words.releases import Kind


class TakingOut(Struct, frozen=True):
    """The deadline of one release, so many `hours` before it is due, seen at `now`; only a planned one has any."""

    snapshot: Snapshot
    now: datetime
    hours: int

    @property
    def at(self) -> datetime:
        """The deadline."""
        return self.snapshot.release.due.astimezone(UTC) - timedelta(hours=self.hours)

    @property
    def is_past(self) -> bool:
        """Whether it is too late for what is not complete."""
        return self.snapshot.release.kind is Kind.PLANNED and self.now >= self.at

    def command(self, ref: str, why: str) -> str:
        """Give the command that takes a fix out of the release, once it is too late for it; empty otherwise.

        Raises `NotSeen` when whether it is merged could not be seen.
        """
        fix = fix_of(self.snapshot, ref) if self.is_past else None
        if fix is None or fix.linked_at > self.at:
            return ""
        advisory = advisory_of(self.snapshot, ref)
        if advisory is not None and before_this_release(advisory):
            return ""
        if any(request.state is State.MERGED for request in requests_of(fix)):
            return ""
        return f'secrel fix remove {quoted(self.snapshot.release.name)} {quoted(ref)} --reason "{why}"'

"""Whoever's working day has ended has left a handover: daily in release week, and before it when something is open.

Rule: docs/process/gitlab/handover-written.md
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from secrel.evaluate.looking import announced, duty_of, existed_since, seeing
from secrel.evaluate.params import Count, Told
from secrel.evaluate.people import done_said
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.roster.presence import end_of_day, newest_shift, shifts_ended
from secrel.roster.zones import zone_named
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import State
from secrel.words.parts import Seen, need
from secrel.words.people import ON_DUTY, Person, handle_of


class Params(Told, frozen=True):
    """`days`: how many days before the due instant open work is reason enough to hand over.

    In the week that it is due in every working day is. `days_after`: until how many days after the announcement
    handovers go on.
    """

    days: Count = 14
    days_after: Count = 1


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for the handover of every working day of those on duty that has ended; a missed one stays missed.

    Days before the release existed, and before somebody took their place in it, are none of theirs. A release that is
    closed has nothing left that anybody could go on with: it asks for none.
    """
    tracking = need(snapshot.tracking, "the tracking issue")
    if tracking is not None and tracking.state is State.CLOSED:
        yield Evidence(tracking.ref, "the release is closed, and nobody goes on with it")
        return
    people = [person for name in duty_of(snapshot) if (person := snapshot.person(name)) is not None]
    if not people:
        yield Evidence(snapshot.release.name, "nobody is on duty yet")
        return
    over = announced(snapshot)
    if over is None and isinstance(snapshot.fixes, Seen) and not (snapshot.fixes.value or snapshot.fixes.shortfall):
        over = snapshot.release.due  # it announces nothing, and is over when it is due
    until = question.now if over is None else min(question.now, over + timedelta(days=question.params.days_after))
    asked = _Asked(snapshot, question, until)
    for person in people:
        yield from seeing(asked.of(person))


class _Asked(Struct, frozen=True):
    """The handovers that are asked for in one release up to an instant."""

    snapshot: Snapshot
    question: Question[Params]
    until: datetime

    def of(self, person: Person) -> Iterator[Said]:
        """Say which handovers somebody has missed, and where the newest is that they have left."""
        since = self._since(person)
        days = [day for day in shifts_ended(person, since, self.until) if self._has_something_to_say(person, day)]
        keys = {day: f"{self.snapshot.release.name}/handover/{day.isoformat()}/{person.username}" for day in days}
        left = [self.snapshot.receipts[key] for key in keys.values() if key in self.snapshot.receipts]
        missed = [day for day, key in keys.items() if key not in self.snapshot.receipts]
        newest = newest_shift(person, self.question.now) if missed else None
        yield from (self._missed(person, day, is_over=day != newest) for day in missed)
        told = [done_said(self.snapshot, receipt, person.username, person.username) for receipt in left]
        yield from (one for one in told if isinstance(one, Pending))
        if left:
            yield Evidence(person.username, f"wrote a handover at {left[-1].at:%Y-%m-%d %H:%M %Z}: {left[-1].address}")
        elif not days:
            monday = self._monday(person)
            daily = (
                f"; from {monday} on every working day ends with one" if self.until < self.snapshot.release.due else ""
            )
            yield Evidence(person.username, f"has nothing to hand over yet{daily}")

    def _since(self, person: Person) -> datetime:
        window = self.snapshot.release.due - timedelta(days=max(self.question.params.days, _A_WEEK))
        taken = [
            claim.at
            for claim in self.snapshot.claims
            if claim.gate == ON_DUTY and handle_of(claim.about) == handle_of(person.username)
        ]
        return max(existed_since(self.snapshot) or window, window, *taken)

    def _missed(self, person: Person, day: date, *, is_over: bool) -> Finding:
        """Say what is missing; until the next working day begins it can still be sent, and from then on it cannot."""
        release = quoted(self.snapshot.release.name)
        said, who = f"left no handover on {day}", person.username
        remedy = f"secrel handover {release} --send --by {quoted(who)}"
        if is_over:
            who = next((one for one in duty_of(self.snapshot) if handle_of(one) != handle_of(person.username)), "")
            by = f" --by {quoted(who)}" if who else ""
            remedy = f'secrel claim {release} {quoted(self.question.gate.name)} --waive --words "…"{by}'
        return Finding(person.username, said, remedy, since=end_of_day(person, day), who=who)

    def _has_something_to_say(self, person: Person, day: date) -> bool:
        if day >= self._monday(person):
            return True
        end = end_of_day(person, day)
        return end >= self.snapshot.release.due - timedelta(days=self.question.params.days) and _was_open(
            self.snapshot, end
        )

    def _monday(self, person: Person) -> date:
        """Give the day on which the week begins in which the release is due, on their calendar."""
        last = self.snapshot.release.due.astimezone(zone_named(person.zone)).date()
        return last - timedelta(days=last.weekday())


_A_WEEK = 7


def _was_open(snapshot: Snapshot, at: datetime) -> bool:
    """Tell whether, at an instant, something about a linked fix was missing or unreadable, or one was taken out.

    It is told from what is missing now and was linked by then; what was mended since is not known to have been open.
    """
    linked = {fix.ref for fix in snapshot.tracked_fixes if fix.linked_at <= at}
    lacking = {a.fix for a in snapshot.contents.advisories if a.affected is None or (a.needs_cve and a.cve_id is None)}
    removed = any(fix.removed_at <= at for fix in snapshot.removed_fixes)
    if removed or linked & (lacking | {complaint.ref for complaint in snapshot.complaints}):
        return True
    need(snapshot.told, "what the release announces")
    need(snapshot.removed, "the fixes that were taken out")
    return False

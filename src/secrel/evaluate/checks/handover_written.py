"""Whoever's working day has ended has left a handover: daily in release week, and before it when something is open.

Rule: docs/process/gitlab/handover-written.md
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from secrel.evaluate.looking import announced, duty_of, seeing
from secrel.evaluate.params import Count, Told
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.roster.presence import end_of_day, is_working
from secrel.roster.zones import zone_named
from secrel.snapshot.seen import Snapshot
from secrel.words.parts import need
from secrel.words.people import Person


class Params(Told, frozen=True):
    """`days`: how many days before the due instant open work is reason enough to hand over.

    `days_after`: until how many days after the announcement handovers go on.
    """

    days: Count = 14
    days_after: Count = 1


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look for the receipt of today's handover of everybody on duty whose own working day has ended."""
    live = announced(snapshot)
    if live is not None and question.now > live + timedelta(days=question.params.days_after):
        yield Evidence(snapshot.release.name, "the release is announced, and handovers have ended")
        return
    people = [person for name in duty_of(snapshot) if (person := snapshot.person(name)) is not None]
    for person in people:
        yield from seeing(_handover(person, snapshot, question))
    if not people:
        yield Evidence(snapshot.release.name, "nobody is on duty yet")


def _handover(person: Person, snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    today = question.now.astimezone(zone_named(person.zone)).date()
    if not _has_something_to_say(person, snapshot, question):
        yield Evidence(person.username, "has nothing to hand over yet")
        return
    if not is_working(person, today) or question.now < end_of_day(person, today):
        yield Evidence(person.username, f"has no working day behind them on {today}")
        return
    receipt = snapshot.receipts.get(f"{snapshot.release.name}/handover/{today.isoformat()}/{person.username}")
    if receipt is None:
        yield Finding(person.username, f"has not left a handover on {today}, and their working day has ended")
    else:
        yield Evidence(person.username, f"left a handover on {today}: {receipt.address}")


def _has_something_to_say(person: Person, snapshot: Snapshot, question: Question[Params]) -> bool:
    zone = zone_named(person.zone)
    today, due = question.now.astimezone(zone).date(), snapshot.release.due.astimezone(zone).date()
    in_week = today >= due - timedelta(days=due.weekday())
    near = question.now >= snapshot.release.due - timedelta(days=question.params.days)
    return in_week or (near and _is_open(snapshot))


def _is_open(snapshot: Snapshot) -> bool:
    """Tell whether something about a linked fix is still missing, could not be read, or was taken out."""
    lacks = any(a.affected is None or (a.needs_cve and a.cve_id is None) for a in snapshot.contents.advisories)
    if lacks or snapshot.complaints or snapshot.removed_fixes:
        return True
    need(snapshot.told, "what the release announces")
    return bool(need(snapshot.removed, "the fixes that were taken out"))

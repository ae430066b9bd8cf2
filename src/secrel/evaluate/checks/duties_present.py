"""Primary and Secondary are both there on every day that is left of the release week.

Rule: docs/process/gitlab/duties-present.md
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from secrel.evaluate.looking import announced, duty_of
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.roster.zones import zone_named
from secrel.snapshot.seen import Snapshot
from secrel.words.people import Person

Params = Told


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Compare absences with the days from today, or the Monday of the release week, to the release day."""
    if announced(snapshot) is not None:
        yield Evidence(snapshot.release.name, "the release is announced")
        return
    for name in duty_of(snapshot):
        person = snapshot.person(name)
        if person is None:
            said = "is not in the team, so nobody knows whether they are at work"
            yield Finding(name, said, _swap(name, snapshot))
            continue
        yield _presence(person, snapshot, question)


def _presence(person: Person, snapshot: Snapshot, question: Question[Params]) -> Said:
    zone = zone_named(person.zone)
    due, today = (at.astimezone(zone).date() for at in (snapshot.release.due, question.now))
    day, last = max(today, due - timedelta(days=due.weekday())), max(due, today)
    while day <= last:
        if any(absence.covers(day) for absence in person.absences):
            said = f"is away on {day}, in the release week"
            return Finding(person.username, said, _swap(person.username, snapshot))
        day += timedelta(days=1)
    return Evidence(person.username, "is at work in the release week")


def _swap(username: str, snapshot: Snapshot) -> str:
    return f"secrel rotation swap {quoted(snapshot.release.name)} {quoted(username)}"

"""The train: the due instants that follow, by the cadence of the process."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from secrel.process.table import Process
from secrel.roster.cadence import TrainRule, due_instants
from secrel.words.releases import Release

_A_QUARTER = timedelta(days=100)


def next_stops(process: Process, after: date, count: int = 1) -> list[datetime]:
    """Give the next due instants of the process's train after a day; empty when the process has no cadence."""
    rule: TrainRule | None = process.cadence
    if rule is None:
        return []
    cadence = rule.cadence
    found: list[datetime] = []
    until = after + _A_QUARTER
    while len(found) < count:
        found = list(due_instants(cadence, after + timedelta(days=1), until))
        until += _A_QUARTER
    return found[:count]


def next_release(release: Release, process: Process) -> tuple[str, datetime | None]:
    """Name the release that follows, after its due day on the train (`2026-12-09`), and give its due instant.

    Without a cadence there is no train: the next release is `next`, due when somebody says so.
    """
    stops = next_stops(process, release.due.date())
    return (stops[0].date().isoformat(), stops[0]) if stops else (f"after-{release.name}", None)

"""The train: the due instants that follow, by the cadence of the process."""

from __future__ import annotations

from collections.abc import Iterable
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


def next_release(
    release: Release, process: Process, now: datetime, done: Iterable[str] = ()
) -> tuple[str, datetime | None]:
    """Name the release that follows, after its due day on the train (`2026-12-09`), and give its due instant.

    It is the next stop after this release and after today. Once its tracking issue was opened it stays that one, and
    its issue says when it is due: `done` are the keys of what the desk has made. Without a cadence there is no train:
    the name says after which release it is, and it is due when somebody says so.
    """
    opened = (name for name, _, end in (key.partition("/") for key in done) if end == "tracking")
    following = next((name for name in opened if name != release.name), "")
    if following:
        return following, None
    stops = next_stops(process, max(release.due.date(), now.astimezone(release.due.tzinfo).date()))
    return (stops[0].date().isoformat(), stops[0]) if stops else (f"after-{release.name}", None)

"""The rotation for others: as a calendar, and in the release managers' schedule files (mission M2)."""

from __future__ import annotations

from secrel.desk.desk import Desk
from secrel.desk.rotation import known_releases, known_rotation
from secrel.roster.calendars import calendar_of
from secrel.roster.schedules import read_schedule, with_duty
from secrel.words.errors import Misused


def exported(desk: Desk, schedule: bytes | None, place: str, only: str) -> bytes:
    """Give the rotation as iCalendar, or `schedule` with our names in it; `only` keeps to one person's calendar.

    Raises `Misused` for a schedule that cannot be read, and for one without any of our releases.
    """
    if schedule is None:
        return calendar_of(known_rotation(desk), stamp=desk.now(), only=only)
    found = read_schedule(schedule, place)
    known = [(release, duty) for release, duty in known_releases(desk) if duty is not None]
    listed = {entry.version for entry in found.releases}
    written = 0
    for release, duty in known:
        for series in release.main.series:
            if str(series) in listed:
                found = with_duty(found, str(series), duty, desk.team)
                written += 1
                break
    if not written:
        raise Misused("the schedule names none of our releases", where=place, remedy="add the release's version to it")
    return found.data

"""Who is there: working days, public holidays, absences, and the end of a person's own day (mission M2, handover)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import holidays

from secrel.roster.zones import instant, of_our_time, zone_named
from secrel.words.errors import Misused
from secrel.words.people import Person

_A_MONTH = 31
_A_DAY = timedelta(days=1)


class Off(StrEnum):
    """Why somebody does not work on a day; the first that holds, in this order."""

    ABSENCE = "away"
    HOLIDAY = "public holiday"
    WEEKDAY = "not a weekday of theirs"


@cache
def _countries() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries())


@cache
def public_holidays(country: str, year: int) -> MappingProxyType[date, str]:
    """Name the public holidays of one year, in English.

    `country` is an ISO 3166 code, with a subdivision if wanted (`DE`, `DE-BY`); empty: none are kept. Raises
    `Misused` for a country or subdivision whose holidays nobody knows.
    """
    if not country:
        return MappingProxyType({})
    fault = Misused(
        f"the public holidays of {country[:20]!r} are not known",
        remedy="give an ISO 3166 code such as NG, DE or DE-BY, or none, and list the days as absences",
    )
    code, _, part = country.partition("-")
    if code not in _countries():
        raise fault

    try:
        # a language is named so that the answer does not depend on the machine's
        kept = holidays.country_holidays(code, subdiv=part or None, years=year, language="en_US")
    except NotImplementedError as cause:
        raise fault from cause
    return MappingProxyType({day: name for day, name in sorted(kept.items()) if day.year == year})


def holiday(person: Person, day: date) -> str:
    """Name the public holiday that `person` keeps on `day`; empty when there is none."""
    return public_holidays(person.country, day.year).get(day, "")


def why_off(person: Person, day: date) -> Off | None:
    """Tell why `person` does not work on `day`, a day in their own zone; None when they do."""
    if any(absence.covers(day) for absence in person.absences):
        return Off.ABSENCE
    if holiday(person, day):
        return Off.HOLIDAY
    return None if day.weekday() in person.days else Off.WEEKDAY


def is_working(person: Person, day: date) -> bool:
    """Whether `day` is a working day of `person`: a weekday of theirs, no public holiday, no absence."""
    return why_off(person, day) is None


def shift(person: Person, day: date) -> tuple[datetime, datetime]:
    """Give the instants, in their zone, between which `person` is there if they work on `day`.

    A day that ends at an hour before it begins ends on the next date. Where the clock shows the hour of the end
    twice, the later one counts: nobody is said to be gone who may still be there.
    """
    zone = zone_named(person.zone)
    of_our_time(day)
    starts = instant(day, person.begins, zone)
    last_date = day if person.ends > person.begins else day + timedelta(days=1)
    ends = instant(last_date, person.ends, zone, later=True)
    return starts, max(starts, ends, key=lambda moment: moment.astimezone(UTC))


def end_of_day(person: Person, day: date) -> datetime:
    """Give the end of the working day of `person` on `day`, aware, in their zone: the handover's due time."""
    return shift(person, day)[1]


def shifts_ended(person: Person, since: datetime, until: datetime) -> Iterator[date]:
    """Give the working days of `person` that ended after `since` and not after `until`, both aware, oldest first."""
    start, stop, zone = _aware(since), _aware(until), zone_named(person.zone)
    first, last = start.astimezone(zone).date(), stop.astimezone(zone).date()
    day = first - _A_DAY  # a night's work ends on the next date
    while day <= last:
        is_within = first < day < last - _A_DAY  # no clock has to be asked when such a day ended
        if is_working(person, day) and (is_within or start < end_of_day(person, day).astimezone(UTC) <= stop):
            yield day
        day += _A_DAY


def newest_shift(person: Person, at: datetime) -> date:
    """Give the working day of `person` that has begun last at the aware instant `at`, over by then or not.

    What is done after the end of a day, and before the next one begins, belongs to it. The date where they are, when
    they had no working day within a month.
    """
    moment = _aware(at)
    today = moment.astimezone(zone_named(person.zone)).date()
    days = (today - timedelta(days=back) for back in range(_A_MONTH))
    begun = (day for day in days if is_working(person, day) and shift(person, day)[0].astimezone(UTC) <= moment)
    return next(begun, today)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise Misused(f"the instant {at.isoformat()} has no time zone", remedy="give one with a zone, such as +00:00")
    of_our_time(at)
    return at.astimezone(UTC)


def is_present(person: Person, at: datetime) -> bool:
    """Whether `person` is at work at the aware instant `at`; the end of a day no longer belongs to it."""
    moment = _aware(at)
    today = moment.astimezone(zone_named(person.zone)).date()
    for day in (today, today - timedelta(days=1)):  # a night's work began the day before
        starts, ends = shift(person, day)
        if is_working(person, day) and starts.astimezone(UTC) <= moment < ends.astimezone(UTC):
            return True
    return False


def present(people: Iterable[Person], at: datetime) -> list[Person]:
    """Those of `people` who are at work at `at`, in the order given."""
    return [person for person in people if is_present(person, at)]


def shifts_within(person: Person, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give the shifts, whole and in their zone, in which `person` is at work from `since` up to `until`, both aware."""
    start, stop = _aware(since), _aware(until)
    zone = zone_named(person.zone)
    day = start.astimezone(zone).date() - timedelta(days=1)  # a night's work began the day before
    while day <= stop.astimezone(zone).date():
        begins, ends = shift(person, day)
        if is_working(person, day) and begins.astimezone(UTC) < stop and start < ends.astimezone(UTC):
            yield begins, ends
        day += timedelta(days=1)

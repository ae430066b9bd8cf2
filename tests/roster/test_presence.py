from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.roster.presence import (
    Off,
    end_of_day,
    holiday,
    is_present,
    is_working,
    newest_shift,
    present,
    public_holidays,
    shift,
    shifts_ended,
    why_off,
)
from secrel.roster.zones import instant, zone_named
from secrel.words.errors import Misused
from secrel.words.people import Person
from tests.roster.made_up import AMARA, BJORN, DEWI, TEAM, ZONES, away

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone
people = st.builds(
    Person,
    st.just("amara"),
    st.just("Amara"),
    st.just("emea"),
    st.sampled_from([*ZONES, "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata"]),
    begins=st.times().map(lambda t: t.replace(microsecond=0)),
    ends=st.times().map(lambda t: t.replace(microsecond=0)),
    country=st.sampled_from(["", "DE", "US"]),
)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Europe",
        "Europe/Nowhere",
        "../etc/passwd",
        "/etc/passwd",
        "localtime",
        "x" * 5000,
        "a\0b",
        "UTC\n",
        "zone.tab",
    ],
)
def test_a_zone_that_is_none_is_told_with_a_remedy(name: str) -> None:
    with pytest.raises(Misused) as told:
        zone_named(name)
    assert "time zone" in told.value.what
    assert "Africa/Lagos" in told.value.remedy


def test_an_hour_that_the_clock_skips_lies_after_the_jump() -> None:
    berlin = zone_named("Europe/Berlin")
    assert instant(date(2026, 3, 29), time(2, 30), berlin) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant(date(2026, 3, 29), time(2, 30), berlin, later=True) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_hour_that_the_clock_shows_twice_can_be_either() -> None:
    berlin = zone_named("Europe/Berlin")
    assert instant(date(2026, 10, 25), time(2, 30), berlin).astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = instant(date(2026, 10, 25), time(2, 30), berlin, later=True)
    assert second.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_end_of_the_day_is_five_oclock_on_their_own_clock_in_winter_and_in_summer() -> None:
    assert end_of_day(BJORN, date(2026, 1, 14)) == datetime(2026, 1, 14, 16, tzinfo=UTC)
    assert end_of_day(BJORN, date(2026, 7, 15)) == datetime(2026, 7, 15, 15, tzinfo=UTC)
    assert end_of_day(BJORN, date(2026, 7, 15)).tzinfo == ZoneInfo("Europe/Stockholm")
    assert end_of_day(DEWI, date(2026, 7, 15)) == datetime(2026, 7, 15, 10, tzinfo=UTC)


def test_a_night_across_the_end_of_summer_time_is_an_hour_longer() -> None:
    owl = replace(BJORN, begins=time(22), ends=time(6))
    starts, ends = shift(owl, date(2026, 10, 24))
    assert ends.astimezone(UTC) - starts.astimezone(UTC) == timedelta(hours=9)
    assert is_present(replace(owl, days=(5,)), datetime(2026, 10, 25, 4, 59, tzinfo=UTC))


def test_a_day_that_ends_in_the_hour_shown_twice_ends_the_second_time() -> None:
    owl = replace(BJORN, begins=time(20), ends=time(2, 30))
    assert end_of_day(owl, date(2026, 10, 24)).astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_day_that_begins_in_the_hour_that_is_skipped_does_not_end_before_it_begins() -> None:
    early = replace(BJORN, begins=time(2, 30), ends=time(3, 15))
    starts, ends = shift(early, date(2026, 3, 29))
    assert starts == ends == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_absence_holiday_and_weekday_are_told_apart() -> None:
    person = replace(BJORN, country="SE", absences=away(date(2026, 6, 1), date(2026, 6, 7)))
    assert why_off(person, date(2026, 6, 3)) is Off.ABSENCE
    assert why_off(person, date(2026, 6, 7)) is Off.ABSENCE  # a Sunday of the absence
    assert why_off(person, date(2026, 1, 6)) is Off.HOLIDAY
    assert holiday(person, date(2026, 1, 6)) == "Epiphany"
    assert why_off(person, date(2026, 1, 10)) is Off.WEEKDAY
    assert why_off(person, date(2026, 1, 8)) is None
    assert is_working(person, date(2026, 1, 8))


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    day = date(2026, 1, 6)
    assert day in public_holidays("DE-BY", 2026)
    assert day not in public_holidays("DE", 2026)
    assert not public_holidays("", 2026)
    assert all(found.year == 2026 for found in public_holidays("DE", 2026))


@pytest.mark.parametrize("country", ["XX", "de", "DE-ZZ", "__class__", "../x", "Germany", "DE-1"])
def test_a_country_nobody_knows_is_told(country: str) -> None:
    with pytest.raises(Misused, match="public holidays"):
        public_holidays(country, 2026)


def test_who_is_there_at_an_instant() -> None:
    assert present(TEAM, datetime(2026, 1, 14, 9, 30, tzinfo=UTC)) == [AMARA, BJORN, DEWI, TEAM[5]]
    assert present(TEAM, datetime(2026, 1, 14, 16, 0, tzinfo=UTC)) == [TEAM[2], TEAM[4]]  # five sharp is gone
    assert present(TEAM, datetime(2026, 1, 17, 9, 30, tzinfo=UTC)) == []


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(Misused, match="no time zone"):
        is_present(AMARA, datetime(2026, 1, 14, 9, 30))  # noqa: DTZ001 - the fault under test


@given(people, days)
def test_a_day_ends_after_it_begins_and_within_its_two_dates(person: Person, day: date) -> None:
    starts, ends = (moment.astimezone(UTC) for moment in shift(person, day))
    assert starts <= ends <= starts + timedelta(hours=26)
    assert end_of_day(person, day).astimezone(UTC) == ends


@given(people, days, st.integers(-1, 1))
def test_whoever_works_on_a_day_is_present_from_its_beginning_until_just_before_its_end(
    person: Person, day: date, seconds: int
) -> None:
    starts, ends = (moment.astimezone(UTC) for moment in shift(person, day))
    if is_working(person, day) and starts < ends:
        assert is_present(person, starts)
        assert is_present(person, ends - timedelta(seconds=1))
        assert is_present(person, starts + (ends - starts) / 2)
    alone = replace(person, days=(day.weekday(),), country="")
    assert not is_present(alone, ends)
    assert not is_present(alone, starts - timedelta(seconds=1))


def test_dates_that_cannot_be_meant_are_told() -> None:
    for ask in (
        lambda: is_present(AMARA, datetime.min.replace(tzinfo=UTC)),
        lambda: end_of_day(AMARA, date.max),
    ):
        with pytest.raises(Misused, match="too far away"):
            ask()


@given(people, instants, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_shifts_that_ended_are_working_days_that_ended_then(person: Person, since: datetime, more: timedelta) -> None:
    until = since + more
    found = list(shifts_ended(person, since, until))
    assert found == sorted(set(found))
    around = [since.date() + timedelta(days=n) for n in range(-3, more.days + 4)]
    assert found == [day for day in around if is_working(person, day) and since < end_of_day(person, day) <= until]


@given(people, instants, st.lists(st.timedeltas(timedelta(0), timedelta(days=120)), min_size=2, max_size=2))
def test_shifts_end_once_however_the_time_is_cut(person: Person, since: datetime, pieces: list[timedelta]) -> None:
    between, until = since + pieces[0], since + pieces[0] + pieces[1]
    whole = list(shifts_ended(person, since, until))
    assert whole == [*shifts_ended(person, since, between), *shifts_ended(person, between, until)]
    assert list(shifts_ended(person, until, until)) == [], "no time, no end"
    assert list(shifts_ended(person, until, since)) == [], "and none in time that ran back"
    for day in whole:
        end = end_of_day(person, day)
        assert is_working(person, day)
        assert list(shifts_ended(person, end - timedelta(seconds=1), end)) == [day], "the end itself belongs to it"
        assert list(shifts_ended(person, end, end + timedelta(seconds=1))) == [], "and is over then"


@given(people, instants, st.timedeltas(timedelta(0), timedelta(days=9)), st.sampled_from(ZONES))
def test_an_instant_ends_the_same_shifts_in_whatever_zone_it_is_given(
    person: Person, since: datetime, more: timedelta, zone: str
) -> None:
    until, there = since + more, zone_named(zone)
    found = list(shifts_ended(person, since.astimezone(there), until.astimezone(there)))
    assert found == list(shifts_ended(person, since, until))


@given(people, instants, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_whoever_is_away_ends_no_shift(person: Person, since: datetime, more: timedelta) -> None:
    until = since + more
    first, last = since.date() - timedelta(days=2), until.date() + timedelta(days=2)
    assert list(shifts_ended(replace(person, absences=away(first, last)), since, until)) == []
    for naive in ((since.replace(tzinfo=None), until), (since, until.replace(tzinfo=None))):
        with pytest.raises(Misused, match="has no time zone"):
            list(shifts_ended(person, *naive))


@given(people, instants)
def test_the_newest_shift_is_the_last_working_day_that_has_begun(person: Person, at: datetime) -> None:
    newest = newest_shift(person, at)
    here = at.astimezone(zone_named(person.zone)).date()
    begun = [
        day for n in range(31) if is_working(person, day := here - timedelta(days=n)) and shift(person, day)[0] <= at
    ]
    assert newest == (begun[0] if begun else here)

from __future__ import annotations

import calendar
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.reading.documents import Faults, Malformed
from secrel.reading.toml import read_toml
from secrel.roster.cadence import (
    Anchor,
    AroundThirdThursday,
    Cadence,
    DaysAfter,
    MonthDay,
    NthWeekday,
    TrainRule,
    WeekdayOfWeek,
    due_days,
    due_instants,
)
from secrel.roster.schedules import read_schedule
from secrel.roster.zones import Hour
from secrel.words.errors import Misused

THIRD_THURSDAY = NthWeekday(3, 3)
WEDNESDAYS = AroundThirdThursday(zone="America/Bogota", at=Hour(time(11))).cadence
SCHEDULES = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "gitlab-releases" / "schedule"

days = st.dates(date(2000, 1, 1), date(2050, 12, 31))
anchors = st.one_of(
    st.builds(MonthDay, st.integers(1, 31)), st.builds(NthWeekday, st.integers(1, 5), st.integers(0, 6))
)
stops = st.one_of(
    st.builds(DaysAfter, st.integers(-366, 366)), st.builds(WeekdayOfWeek, st.integers(0, 6), st.integers(-52, 52))
)
cadences = st.builds(Cadence, anchors, st.lists(stops, min_size=1, max_size=3).map(tuple))


def monthly(anchor: Anchor, days_after: int) -> Cadence:
    return Cadence(anchor, (DaysAfter(days_after),))


def test_the_wednesdays_around_the_third_thursday_of_two_months() -> None:
    assert due_days(WEDNESDAYS, date(2024, 4, 1), date(2024, 5, 31)) == (
        date(2024, 4, 10),
        date(2024, 4, 24),
        date(2024, 5, 8),
        date(2024, 5, 22),
    )


def test_the_hour_is_that_of_the_zone() -> None:
    assert due_instants(WEDNESDAYS, date(2024, 5, 8), date(2024, 5, 8)) == (datetime(2024, 5, 8, 16, tzinfo=UTC),)


def test_a_week_after_the_feature_release() -> None:
    assert due_days(monthly(MonthDay(22), 7), date(2022, 9, 1), date(2022, 11, 1)) == (
        date(2022, 9, 29),
        date(2022, 10, 29),
    )
    assert due_days(monthly(THIRD_THURSDAY, 7), date(2023, 11, 1), date(2023, 12, 31)) == (
        date(2023, 11, 23),
        date(2023, 12, 28),
    )


def test_a_month_without_the_day_has_no_release() -> None:
    assert due_days(monthly(MonthDay(31), 0), date(2026, 1, 1), date(2026, 6, 30)) == (
        date(2026, 1, 31),
        date(2026, 3, 31),
        date(2026, 5, 31),
    )
    fifth_mondays = due_days(monthly(NthWeekday(5, 0), 0), date(2026, 1, 1), date(2026, 6, 30))
    assert fifth_mondays == (date(2026, 3, 30), date(2026, 6, 29))


def test_dates_the_wrong_way_round_hold_nothing() -> None:
    assert due_days(WEDNESDAYS, date(2026, 2, 1), date(2026, 1, 1)) == ()


def test_the_anchors_are_those_of_the_real_schedules() -> None:
    if not SCHEDULES.is_dir():
        pytest.skip("shared data absent: gitlab-releases/schedule")
    checked = 0
    for path in sorted(SCHEDULES.glob("*.yml")):
        for listed in read_schedule(path.read_bytes(), path.name).releases:
            assert listed.day is not None
            anchor = MonthDay(22) if listed.day < date(2023, 11, 1) else THIRD_THURSDAY
            assert anchor.in_month(listed.day.year, listed.day.month) == listed.day
            checked += 1
    assert checked == 118


def read(told: str) -> Cadence:
    """The train of a table such as a process file has."""
    faults = Faults(read_toml(told, "own.toml", most=1_000, remedy="correct it"))
    rule: TrainRule | None = faults.decode(tomllib.loads(told), TrainRule)
    faults.raise_if_any()
    assert rule is not None
    return rule.cadence


def test_words_of_a_process_table_make_a_cadence() -> None:
    assert read('rule = "monthly"\nday = 22\ndays_after = 7\nzone = "UTC"\nat = "16:00"') == monthly(MonthDay(22), 7)
    assert read('rule = "monthly"\nnth = 3\nweekday = "thursday"') == monthly(THIRD_THURSDAY, 0)
    assert read('rule = "wednesdays-around-third-thursday"\nzone = "America/Bogota"\nat = 11:00:00') == WEDNESDAYS


@pytest.mark.parametrize(
    ("told", "line", "said"),
    [
        ('\nrule = "weekly"', 2, "rule has to be one of monthly, wednesdays-around-third-thursday"),
        ("day = 22", 1, "rule has to be one of"),
        ('rule = "monthly"', 1, "no day, and no nth weekday"),
        ('rule = "monthly"\nnth = 3\nweekday = "someday"', 3, "weekday has to be one of monday, tuesday"),
        ('rule = "monthly"\nweekday = "monday"', 1, "no day, and no nth weekday"),
        ('rule = "monthly"\nday = 22\nnth = 3', 1, "both a day and an nth"),
        ('rule = "monthly"\nday = true', 2, "day has to be a whole number"),
        ('rule = "monthly"\nday = 32', 1, "no month has a day 32"),
        ('rule = "monthly"\nnth = 6\nweekday = "monday"', 1, "for the 6th time"),
        ('rule = "monthly"\nday = 22\ndays_after = 400', 1, "over a year"),
        ('rule = "monthly"\nday = 22\ndayz = 1', 3, "there is no key 'dayz' here"),
        ('rule = "wednesdays-around-third-thursday"\nday = 22', 2, "there is no key 'day' here"),
        ('rule = "monthly"\nday = 22\nzone = "Moon/Base"', 1, "not a time zone"),
        ('rule = "monthly"\nday = 22\nat = "teatime"', 3, "'teatime' is no time of day"),
        ('rule = "monthly"\nday = 22\nat = "16:00+01:00"', 3, "no time of day"),
        ('rule = "monthly"\nday = 22\nat = "29:00"', 3, "no time of day"),
        ('rule = "monthly"\nday = 22\nat = 16', 3, "no time of day"),
    ],
)
def test_words_that_make_no_cadence_are_told(told: str, line: int, said: str) -> None:
    with pytest.raises(Malformed, match=said) as refused:
        read(told)
    assert refused.value.where == f"own.toml:{line}"
    assert refused.value.remedy


def test_a_train_has_to_stop_and_weekdays_have_to_be_ones() -> None:
    with pytest.raises(Misused, match="has no stop"):
        Cadence(THIRD_THURSDAY, ())
    for make in (lambda: NthWeekday(1, 7), lambda: WeekdayOfWeek(7, 0)):
        with pytest.raises(Misused, match="7 is no weekday"):
            make()
    with pytest.raises(Misused, match="over a year"):
        WeekdayOfWeek(0, 53)


@pytest.mark.parametrize("end", [date.min, date.max])
def test_dates_far_away_are_refused(end: date) -> None:
    with pytest.raises(Misused, match="too far away"):
        due_days(WEDNESDAYS, date(2026, 1, 1), end)


@given(anchors, st.integers(1971, 2198), st.integers(1, 12))
def test_an_anchor_lies_in_its_month(anchor: MonthDay | NthWeekday, year: int, month: int) -> None:
    day = anchor.in_month(year, month)
    all_days = [date(year, month, n + 1) for n in range(calendar.monthrange(year, month)[1])]
    if isinstance(anchor, MonthDay):
        fitting = [one for one in all_days if one.day == anchor.day]
    else:
        fitting = [one for one in all_days if one.weekday() == anchor.weekday][anchor.nth - 1 : anchor.nth]
    assert fitting == ([] if day is None else [day])


@given(cadences, days, st.integers(0, 900), st.integers(0, 900))
def test_two_stretches_of_time_hold_what_both_together_hold(
    cadence: Cadence, since: date, first: int, second: int
) -> None:
    middle, until = since + timedelta(days=first), since + timedelta(days=first + second)
    whole = due_days(cadence, since, until)
    assert whole == due_days(cadence, since, middle) + due_days(cadence, middle + timedelta(days=1), until)
    assert list(whole) == sorted(set(whole))
    assert all(since <= day <= until for day in whole)


@given(st.integers(1972, 2197), st.integers(1, 12))
def test_every_third_thursday_lies_between_its_two_wednesdays(year: int, month: int) -> None:
    thursday = THIRD_THURSDAY.in_month(year, month)
    assert thursday is not None
    around = due_days(WEDNESDAYS, thursday - timedelta(days=13), thursday + timedelta(days=13))
    assert around == (thursday - timedelta(days=8), thursday + timedelta(days=6))
    assert {day.weekday() for day in around} == {2}


@given(cadences, days)
def test_the_instants_are_those_of_the_days(cadence: Cadence, since: date) -> None:
    until = since + timedelta(days=200)
    assert tuple(at.date() for at in due_instants(cadence, since, until)) == due_days(cadence, since, until)

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.process.due import Anchors, Due
from secrel.words.errors import Misused

DUE = datetime(2026, 11, 25, 16, tzinfo=UTC)  # a Wednesday
LIVE = datetime(2026, 11, 25, 17, tzinfo=UTC)


def at(text: str, *, due: datetime = DUE, announcement: datetime | None = LIVE, days: int = 30) -> datetime | None:
    return Due(text).instant(Anchors(due, announcement, days))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at due", DUE),
        ("at announcement", LIVE),
        ("at disclosure", LIVE + timedelta(days=30)),
        ("disclosure", LIVE + timedelta(days=30)),
        ("48 hours before due", DUE - timedelta(hours=48)),
        ("1 hour after due", DUE + timedelta(hours=1)),
        ("1 day after announcement", LIVE + timedelta(days=1)),
        ("14 days before due", DUE - timedelta(days=14)),
        ("7 days after disclosure", LIVE + timedelta(days=37)),
        ("1 working day before due", datetime(2026, 11, 24, 16, tzinfo=UTC)),
        ("5 working days before due", datetime(2026, 11, 18, 16, tzinfo=UTC)),
        ("3 working days after announcement", datetime(2026, 11, 30, 17, tzinfo=UTC)),
    ],
)
def test_a_rule_gives_its_instant(text: str, expected: datetime) -> None:
    assert at(text) == expected


def test_what_counts_from_the_announcement_has_no_instant_before_it() -> None:
    assert at("1 day after announcement", announcement=None) is None
    assert at("disclosure", announcement=None) is None
    assert at("7 days after disclosure", announcement=None) is None


def test_ninety_days_of_secrecy_are_ninety_days() -> None:
    assert at("disclosure", days=90) == LIVE + timedelta(days=90)


def test_hours_are_real_hours_when_the_clocks_change_and_days_keep_the_time_of_day() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    due = datetime(2026, 10, 26, 16, tzinfo=berlin)  # the clock went back on the 25th
    hours, days = at("48 hours before due", due=due), at("2 days before due", due=due)
    assert hours is not None
    assert days is not None
    assert due.astimezone(UTC) - hours.astimezone(UTC) == timedelta(hours=48)
    assert (days.hour, due.astimezone(UTC) - days.astimezone(UTC)) == (16, timedelta(hours=49))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "due",
        "48 hours",
        "48 hours before",
        "before due",
        "two days before due",
        "48 hours before lunch",
        "48  hours before due",
        "99999 days before due",
        "٤٨ hours before due",
        "disclosure\n",
        "4 hours at due",
    ],
)
def test_what_is_no_rule_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Misused, match="is not a due rule") as refused:
        Due(text)
    assert "48 hours before due" in refused.value.remedy


def test_an_instant_outside_the_calendar_is_refused() -> None:
    for text, due in (
        ("9999 days after due", datetime(9999, 1, 1, tzinfo=UTC)),
        ("9999 working days before due", datetime(2, 1, 1, tzinfo=UTC)),
        ("9999 hours before due", datetime(1, 2, 1, tzinfo=UTC)),
    ):
        with pytest.raises(Misused, match="falls out of the calendar"):
            at(text, due=due)


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("2 hours after due", timedelta(hours=2)),
        ("1 day after announcement", timedelta(days=1)),
        ("7 days after disclosure", timedelta(days=7)),
        ("48 hours before due", None),
        ("at due", None),
        ("disclosure", None),
    ],
)
def test_what_comes_up_again_has_the_time_that_it_had_after_something_and_no_other(
    text: str, later: timedelta | None
) -> None:
    assert Due(text).again(DUE) == (later and DUE + later)


def test_rules_are_equal_when_they_say_the_same() -> None:
    assert Due("at due") == Due("at due")
    assert len({Due("at due"), Due("at due"), Due("1 hour after due")}) == 2
    assert Due("at due") != "at due"


@given(st.integers(0, 200), st.sampled_from(["before", "after"]))
def test_working_days_are_never_weekends_and_are_as_many_as_were_said(count: int, side: str) -> None:
    found = at(f"{count} working days {side} due")
    assert found is not None
    days = sorted([found, DUE])
    passed = sum((days[0] + timedelta(days=n)).weekday() < 5 for n in range((days[1] - days[0]).days))
    assert found.weekday() < 5
    assert passed == count
    assert found.timetz() == DUE.timetz()


@given(st.text(max_size=40))
def test_no_text_makes_reading_fail_otherwise(text: str) -> None:
    try:
        rule = Due(text)
    except Misused:
        return
    assert isinstance(rule, Due)

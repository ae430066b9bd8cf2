from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from secrel.roster.rules import RotaRule, Rotation, Slot, breaches, hindrances, in_order, same_region
from secrel.words.errors import Misused
from secrel.words.people import Absence, Duty, Person
from tests.roster.made_up import AMARA, BJORN, CHIDI, DEWI, WEDNESDAY, away, slots

SLOT = Slot("2026-03", date(2026, 3, 25))  # a Wednesday; its release week is Thursday 19 to Thursday 26


def test_the_release_week_is_seven_days_up_to_the_due_day_and_the_day_after() -> None:
    assert SLOT.week == tuple(date(2026, 3, 19) + timedelta(days=n) for n in range(8))
    assert replace(SLOT, first=date(2026, 3, 23), last=SLOT.day).week[0] == date(2026, 3, 23)


def test_the_due_day_is_the_date_in_the_zone_of_the_due_instant() -> None:
    late = datetime(2026, 3, 25, 23, tzinfo=ZoneInfo("America/Bogota"))
    assert Slot("x", late).day == date(2026, 3, 25)
    assert Slot("x", late.astimezone(UTC)).day == date(2026, 3, 26)


@pytest.mark.parametrize(
    ("name", "due", "first", "last"),
    [
        ("", date(2026, 1, 7), None, None),
        ("a\nb", date(2026, 1, 7), None, None),
        ("x", datetime(2026, 1, 7, 9), None, None),  # noqa: DTZ001 - the fault under test
        ("x", date(1, 1, 1), None, None),
        ("x", date(9999, 12, 31), None, None),
        ("x", date(2026, 1, 7), date(2026, 1, 8), None),
        ("x", date(2026, 1, 7), None, date(2026, 1, 6)),
        ("x", date(2026, 1, 7), date(2020, 1, 6), None),
    ],
)
def test_a_slot_that_cannot_be_is_refused(name: str, due: date, first: date | None, last: date | None) -> None:
    with pytest.raises(Misused) as told:
        Slot(name, due, first, last)
    assert told.value.remedy


def rules_of(person: Person, slot: Slot = SLOT) -> list[RotaRule]:
    return [breach.rule for breach in hindrances(person, slot)]


def test_one_missed_day_of_the_release_week_hinders_nobody_and_two_do() -> None:
    assert rules_of(replace(AMARA, absences=away(date(2026, 3, 20)))) == []
    assert rules_of(replace(AMARA, absences=away(date(2026, 3, 19), date(2026, 3, 20)))) == [RotaRule.RELEASE_WEEK]
    assert rules_of(replace(AMARA, absences=away(date(2026, 3, 20), date(2026, 3, 22)))) == []  # a weekend is none


def test_an_absence_on_the_due_day_hinders() -> None:
    assert rules_of(replace(AMARA, absences=away(SLOT.day))) == [RotaRule.DUE_DAY]
    assert rules_of(replace(AMARA, absences=away(date(2026, 3, 24), SLOT.day))) == [
        RotaRule.DUE_DAY,
        RotaRule.RELEASE_WEEK,
    ]


def test_a_public_holiday_counts_as_an_absence() -> None:
    easter = Slot("2026-04", date(2026, 4, 8))
    assert rules_of(BJORN, easter) == []
    assert rules_of(replace(BJORN, country="SE"), easter) == [RotaRule.RELEASE_WEEK]  # Good Friday and Easter Monday
    due = Slot("2026-06", date(2026, 4, 6))
    found = hindrances(replace(BJORN, country="SE"), due)
    assert "Easter Monday" in found[0].said


def test_a_weekday_that_is_not_theirs_hinders_and_a_weekend_does_not() -> None:
    assert rules_of(replace(AMARA, days=(0, 1, 3, 4))) == [RotaRule.DUE_DAY]
    saturday = Slot("2022-10", date(2022, 10, 22))
    assert rules_of(AMARA, saturday) == []
    assert rules_of(replace(AMARA, absences=away(saturday.day)), saturday) == [RotaRule.DUE_DAY]


def test_somebody_who_works_on_no_day_of_the_week_is_hindered() -> None:
    saturday = Slot("2022-10", date(2022, 10, 22))
    assert rules_of(replace(AMARA, days=()), saturday) == [RotaRule.RELEASE_WEEK]
    only_friday = replace(AMARA, days=(4,), absences=away(date(2022, 10, 21)))
    assert rules_of(only_friday, saturday) == [RotaRule.RELEASE_WEEK]


def test_why_somebody_is_away_is_never_told() -> None:
    told = hindrances(replace(AMARA, absences=(Absence(SLOT.day, SLOT.day, "in hospital"),)), SLOT)
    assert told
    assert "hospital" not in repr(told)


def test_regions_are_the_same_in_any_capitals() -> None:
    assert same_region(AMARA, replace(BJORN, region=" EMEA"))
    assert not same_region(AMARA, CHIDI)


def test_a_release_twice_in_a_rotation_is_refused() -> None:
    with pytest.raises(Misused, match="twice"):
        in_order([SLOT, SLOT])


def test_every_broken_rule_of_a_rotation_is_told() -> None:
    duties = (
        Duty("r00", "amara", "bjorn"),
        Duty("r01", "amara", "chidi"),
        Duty("r02", "gone", "dewi"),
        Duty("r04", "chidi", "dewi"),
    )
    ill = replace(DEWI, absences=away(WEDNESDAY + timedelta(days=56)))
    rotation = Rotation((AMARA, BJORN, CHIDI, ill), slots(5), duties, history=(Duty("old", "bjorn", "x"),))
    assert [(breach.release, breach.rule, breach.username) for breach in breaches(rotation)] == [
        ("r00", RotaRule.REGIONS, "bjorn"),
        ("r00", RotaRule.CONSECUTIVE, "bjorn"),
        ("r01", RotaRule.CONSECUTIVE, "amara"),
        ("r02", RotaRule.TEAM, "gone"),
        ("r04", RotaRule.DUE_DAY, "dewi"),
    ]


def test_a_rotation_knows_its_duties_people_and_tallies() -> None:
    rotation = Rotation((CHIDI, AMARA), slots(1), (Duty("r00", "amara", "chidi"),), (Duty("o", "gone", "amara"),))
    assert rotation.duty("r00") == Duty("r00", "amara", "chidi")
    assert rotation.duty("r01") is None
    assert rotation.person("chidi") is CHIDI
    assert rotation.person("gone") is None
    assert [(t.username, t.primary, t.secondary, t.total) for t in rotation.tallies] == [
        ("amara", 1, 1, 2),
        ("chidi", 0, 1, 1),
    ]

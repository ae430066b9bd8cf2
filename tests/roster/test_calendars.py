from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.roster.calendars import calendar_of
from secrel.roster.rules import Rotation, Slot
from secrel.words.errors import Misused
from secrel.words.people import Absence, Duty, Person
from tests.roster.made_up import AMARA, CHIDI, TEAM

STAMP = datetime(2026, 1, 5, 10, tzinfo=UTC)
DUE = datetime(2026, 3, 25, 17, tzinfo=ZoneInfo("Europe/Stockholm"))
ROTATION = Rotation(
    TEAM,
    (Slot("2026-03", DUE), Slot("2026-04", date(2026, 4, 22)), Slot("2026-05", date(2026, 5, 20))),
    (Duty("2026-03", "amara", "chidi"), Duty("2026-04", "gone", "dewi")),
)


def events(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_every_release_has_its_due_instant_and_a_week_for_each_person() -> None:
    told = [(str(event["summary"]), event.decoded("dtstart")) for event in events(calendar_of(ROTATION, stamp=STAMP))]
    assert told == [
        ("2026-03: security release due", DUE.astimezone(UTC)),
        ("2026-03: Amara Example, Primary", date(2026, 3, 19)),
        ("2026-03: Chidi Ejemplo, Secondary", date(2026, 3, 19)),
        ("2026-04: security release due", date(2026, 4, 22)),
        ("2026-04: gone, Primary", date(2026, 4, 16)),
        ("2026-04: Dewi Contoh, Secondary", date(2026, 4, 16)),
        ("2026-05: security release due", date(2026, 5, 20)),
    ]


def test_an_all_day_event_ends_on_the_day_after_its_last() -> None:
    week = events(calendar_of(ROTATION, stamp=STAMP))[1]
    assert week.decoded("dtend") == date(2026, 3, 27)  # the release week ends on the 26th


def test_one_person_gets_their_own_calendar() -> None:
    told = [str(event["summary"]) for event in events(calendar_of(ROTATION, stamp=STAMP, only="chidi"))]
    assert told == ["2026-03: security release due", "2026-03: Chidi Ejemplo, Secondary"]


def test_the_same_is_written_to_the_byte_and_the_stamp_is_the_argument() -> None:
    once, again = (
        calendar_of(ROTATION, stamp=STAMP),
        calendar_of(ROTATION, stamp=STAMP.astimezone(ZoneInfo("Asia/Jakarta"))),
    )
    assert once == again
    assert once.count(b"DTSTAMP:20260105T100000Z") == 7
    assert calendar_of(ROTATION, stamp=STAMP + timedelta(hours=1)) != once


def test_a_swap_or_a_slipped_date_keeps_every_uid() -> None:
    later = replace(
        ROTATION,
        slots=(Slot("2026-03", DUE + timedelta(days=1)), *ROTATION.slots[1:]),
        duties=(Duty("2026-03", "bjorn", "chidi"), *ROTATION.duties[1:]),
    )
    uids = [[str(event["uid"]) for event in events(calendar_of(r, stamp=STAMP))] for r in (ROTATION, later)]
    assert uids[0] == uids[1]
    assert len(set(uids[0])) == 7


def test_no_address_and_no_reason_of_an_absence_leaves_with_it() -> None:
    private = replace(AMARA, absences=(Absence(date(2026, 1, 1), date(2026, 1, 2), "in hospital"),))
    data = calendar_of(replace(ROTATION, people=(private, CHIDI)), stamp=STAMP)
    assert b"example.org" not in data
    assert b"hospital" not in data


def test_a_stamp_without_a_zone_and_an_unknown_person_are_refused() -> None:
    with pytest.raises(Misused, match="needs a zone"):
        calendar_of(ROTATION, stamp=STAMP.replace(tzinfo=None))
    with pytest.raises(Misused, match="'gone' is not a member"):
        calendar_of(ROTATION, stamp=STAMP, only="gone")


@given(st.text(max_size=300), st.text(max_size=40))
def test_names_in_any_script_and_hostile_ones_stay_in_their_place(name: str, title: str) -> None:
    people = (Person("amara", name, "emea", "UTC"), CHIDI)
    data = calendar_of(replace(ROTATION, people=people), stamp=STAMP, title=title)
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)  # RFC 5545, 3.1
    assert not any(byte < 32 for line in lines for byte in line)
    told = events(data)
    assert len(told) == 7
    assert len(lines) - 1 >= 7 * 7
    shown = str(told[1]["summary"])
    assert shown.startswith("2026-03: ")
    assert shown.endswith(", Primary")
    if name.isprintable() and name == " ".join(name.split()) and 0 < len(name) < 150:
        assert shown == f"2026-03: {name}, Primary"

"""The rotation told, and who could take a place."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from secrel.faces.rotation import candidates_told, rotation_told
from secrel.roster.rules import Rotation, Slot
from secrel.roster.swaps import Candidate, who_can
from secrel.words.people import Duty
from tests.builders import a_team, away

DUES = [datetime(2026, 11, 25, 16, tzinfo=UTC), datetime(2026, 12, 9, 16, tzinfo=UTC)]
SLOTS = (Slot("2026-11", DUES[0]), Slot("2026-12", DUES[1]))


def a_rotation(*duties: Duty) -> Rotation:
    return Rotation(a_team(), SLOTS, duties)


def test_a_release_has_a_line() -> None:
    lines = rotation_told(a_rotation(Duty("2026-11", "amara", "bjorn"), Duty("2026-12", "chidi", "dewi"))).splitlines()
    assert lines == [
        "release  due         Primary  Secondary",
        "2026-11  2026-11-25  amara    bjorn",
        "2026-12  2026-12-09  chidi    dewi",
    ]


def test_a_release_without_people_says_nobody() -> None:
    rotation = a_rotation(Duty("2026-11", "amara", "bjorn"))
    assert rotation_told(rotation).splitlines()[2].split() == ["2026-12", "2026-12-09", "nobody", "nobody"]
    assert json.loads(rotation_told(rotation, "json"))["releases"][1] == {
        "release": "2026-12",
        "due": "2026-12-09",
        "primary": None,
        "secondary": None,
    }
    assert rotation_told(rotation, "markdown").splitlines()[1:3] == [
        "| --- | --- | --- | --- |",
        "| 2026-11 | 2026-11-25 | amara | bjorn |",
    ]


def test_no_release_says_so_in_every_form() -> None:
    empty = Rotation(a_team(), (), ())
    assert rotation_told(empty) == "no release is coming up"
    assert json.loads(rotation_told(empty, "json")) == {"version": 1, "releases": []}


def test_candidates_are_told_with_what_speaks_for_and_against_them_and_never_why_they_are_away() -> None:
    team = tuple(away(one, DUES[0]) if one.username == "dewi" else one for one in a_team())
    rotation = Rotation(team, SLOTS, (Duty("2026-11", "amara", "bjorn"), Duty("2026-12", "chidi", "dewi")))
    found = who_can(rotation, "2026-11", "bjorn")
    text = candidates_told(found)
    assert "dewi: cannot" in text
    assert "  - " in text
    told = json.loads(candidates_told(found, "json"))["candidates"]
    assert {one["username"]: one["can"] for one in told}["dewi"] is False
    assert [one["username"] for one in told] == [one.username for one in found]


def test_what_could_be_taken_over_in_return_is_told() -> None:
    willing = Candidate("chidi", ("is there",), (), ("has a holiday the day before",), ("2026-12",))
    assert candidates_told([willing]).splitlines() == [
        "chidi: can",
        "  + is there",
        "  ? has a holiday the day before",
        "  in return: 2026-12",
    ]


def test_nobody_else_is_said() -> None:
    assert candidates_told([]) == "nobody else is in the team"

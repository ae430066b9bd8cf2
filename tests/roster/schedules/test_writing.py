from __future__ import annotations

import pytest
from msgspec.structs import replace

from secrel.roster.schedules import read_schedule, with_duty, with_names
from secrel.words.errors import Misused
from secrel.words.people import Duty
from tests.roster.made_up import BJORN, CHIDI, TEAM
from tests.roster.schedules.texts import ENTRY, NEW, OLD


def test_the_same_names_change_no_byte() -> None:
    schedule = read_schedule(OLD, "x")
    for listed in schedule.releases:
        assert with_names(schedule, listed.version, listed.names).data == OLD


def test_only_the_changed_name_changes() -> None:
    changed = with_names(read_schedule(OLD, "x"), "15.7", ["Amara Example", "Chidi Ejemplo"])
    assert changed.data == OLD.replace("    - Björn Beispiel \n".encode(), b"    - Chidi Ejemplo\n")
    assert changed.releases[0].names == ("Amara Example", "Chidi Ejemplo")


def test_the_line_of_a_name_that_stays_is_not_touched() -> None:
    text = ENTRY.replace("A B", '"A B"  ')
    changed = with_names(read_schedule(text.encode(), "x"), "15.7", ["A B", "E F"])
    assert changed.data.decode() == text.replace("C D", "E F")


def test_a_comment_behind_a_name_stays() -> None:
    changed = with_names(read_schedule(OLD, "x"), "15.6", ["Amara Example", "Björn Beispiel"])
    assert changed.data == OLD.replace(
        b"    - Chidi Ejemplo # until noon\n",
        "    - Amara Example # until noon\n    - Björn Beispiel\n".encode(),
    )


def test_an_empty_key_is_filled() -> None:
    changed = with_names(read_schedule(NEW, "x"), "16.7", ["Amara Example", "Chidi Ejemplo"])
    assert changed.data == NEW.replace(b"  psirt:\n\n", b"  psirt:\n    - Amara Example\n    - Chidi Ejemplo\n\n")


def test_a_key_that_is_missing_is_added_as_the_file_has_it() -> None:
    changed = with_names(read_schedule(NEW, "x"), "16.8", ["Amara Example"])
    assert changed.data == NEW.replace(b"01-18'\n", b"01-18'\n  psirt:\n    - Amara Example\n")
    alone = read_schedule(b"- version: '18.0'\n  date: '2025-05-15'", "x")
    assert with_names(alone, "18.0", ["A B"]).data == alone.data + b"\n  appsec:\n    - A B"


def test_names_can_be_taken_out() -> None:
    changed = with_names(read_schedule(OLD, "x"), "15.7", [])
    assert changed.data == OLD.replace("    - Amara Example\n    - Björn Beispiel \n".encode(), b"")
    assert changed.releases[0] == replace(read_schedule(OLD, "x").releases[0], names=())


@pytest.mark.parametrize("empty", ["[]", "~", "null", "[] # none", "A B"])
def test_a_value_beside_the_key_becomes_a_list(empty: str) -> None:
    text = f"- version: '15.7'\n  appsec: {empty}\n  x: y\n"
    comment = "  # none" if "#" in empty else ""
    changed = with_names(read_schedule(text.encode(), "x"), "15.7", ["C D"])
    assert changed.data.decode() == f"- version: '15.7'\n  appsec:{comment}\n    - C D\n  x: y\n"


def test_lines_end_as_they_did() -> None:
    text = ENTRY.rstrip("\n").replace("\n", "\r\n").encode()
    changed = with_names(read_schedule(text, "x"), "15.7", ["A B", "E F", "G H"])
    assert changed.data == text.replace(b"C D", b"E F") + b"\r\n    - G H"
    whole = with_names(read_schedule(text + b"\r\n", "x"), "15.7", ["X Y", "C D", "G H"])
    assert whole.data == text.replace(b"A B", b"X Y") + b"\r\n    - G H\r\n"


@pytest.mark.parametrize("name", ["", " A", "A\nB", "A\0", "x" * 201])
def test_a_name_that_cannot_be_written_is_refused(name: str) -> None:
    with pytest.raises(Misused, match="a name for the schedule"):
        with_names(read_schedule(NEW, "x"), "16.6", [name])


@pytest.mark.parametrize(
    ("text", "version", "said"),
    [
        (ENTRY, "99.9", "is not in the schedule"),
        (ENTRY + ENTRY, "15.7", "is in the schedule 2 times"),
        (ENTRY + "  psirt:\n", "15.7", "has both appsec and psirt"),
    ],
)
def test_a_release_that_cannot_be_told_apart_is_not_written(text: str, version: str, said: str) -> None:
    with pytest.raises(Misused, match=said) as told:
        with_names(read_schedule(text.encode(), "x"), version, ["E F"])
    assert told.value.remedy


def test_a_duty_is_written_by_name() -> None:
    changed = with_duty(read_schedule(NEW, "x"), "16.7", Duty("2024-01", "bjorn", "chidi"), TEAM)
    assert changed.release("16.7").names == (BJORN.name, CHIDI.name)
    with pytest.raises(Misused, match="'gone' is not in the team"):
        with_duty(read_schedule(NEW, "x"), "16.7", Duty("2024-01", "bjorn", "gone"), TEAM)

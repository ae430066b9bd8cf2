"""Items of the embedded forge told in a terminal."""

from __future__ import annotations

from datetime import UTC, datetime

from secrel.faces.forge import item_told
from secrel.words.forge import Note
from secrel.words.parts import Unseen
from tests.builders import an_issue


def test_an_issue_is_told_with_its_notes_last() -> None:
    note = Note("amara", datetime(2026, 11, 2, 9, tzinfo=UTC), "a remark")
    lines = item_told(an_issue(1, notes=(note,))).splitlines()
    assert lines[0] == "acme/app#1  Flaw number 1"
    assert lines[-2:] == ["-- amara, 2026-11-02 09:00 UTC", "a remark"]


def test_notes_that_could_not_be_seen_are_told_as_such() -> None:
    told = item_told(an_issue(1, notes=Unseen("the page is damaged")))
    assert told.endswith("-- the notes could not be seen: the page is damaged")

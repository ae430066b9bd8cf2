"""Items of the embedded forge told in a terminal."""

from __future__ import annotations

from datetime import UTC, datetime

from secrel.faces.forge import item_told
from secrel.words.facts.stated import FixFacts, read_facts
from secrel.words.forge import Note
from secrel.words.parts import Unseen
from tests.builders import a_merge_request, an_issue


def test_an_issue_is_told_with_its_notes_last() -> None:
    note = Note("amara", datetime(2026, 11, 2, 9, tzinfo=UTC), "a remark")
    lines = item_told(an_issue(1, notes=(note,))).splitlines()
    assert lines[0] == "acme/app#1  Flaw number 1"
    assert lines[-2:] == ["-- amara, 2026-11-02 09:00 UTC", "a remark"]


def test_details_are_told_as_they_are_set() -> None:
    credit = {"name": "Farid, and others", "source": "other", "type": "finder"}
    told = {"title": "A flaw", "credits": [credit], "affected": {"since": "1.0"}, "disclosure_days": 30}
    lines = item_told(an_issue(1, facts=read_facts(FixFacts, told))).splitlines()
    assert 'credits: [{name: "Farid, and others", source: other, type: finder}]' in lines
    assert 'affected: {since: "1.0"}' in lines
    assert "disclosure_days: 30" in lines


def test_notes_that_could_not_be_seen_are_told_as_such() -> None:
    told = item_told(an_issue(1, notes=Unseen("the page is damaged")))
    assert told.endswith("-- the notes could not be seen: the page is damaged")


def test_a_merge_request_is_told_with_its_branches_approvals_and_files() -> None:
    request = a_merge_request(1, files=(("post.md", "one\ntwo"),), body="about it\x1b[31m")
    told = item_told(request)
    assert "\x1b" not in told
    assert f"{request.state}, {request.branch} into {request.target}" in told
    assert told.endswith("-- post.md\none\ntwo")
    assert "approved by: nobody" in item_told(a_merge_request(1, assents=()))
    blind = item_told(a_merge_request(1, assents=Unseen("no answer"), pipeline=Unseen("nor here")))
    assert "approved by: could not be seen: no answer" in blind
    assert "pipeline: could not be seen: nor here" in blind

"""A checklist that rests: what is behind is said, nothing that people did is lost, and one rewrite says it all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from secrel.desk.carrying_out import carry_out_free
from secrel.desk.looking import look
from secrel.evaluate.deadlines import deadlines
from secrel.evaluate.verdicts import Judged, Passed, Waiting
from secrel.faces.status.board import board_of
from secrel.faces.status.text import status_text
from tests.desk.stage import NAME, NOTEBOOKS, Stage

EDITS = f"{NAME}/checklist/edit/"
OTHER = {"title": "Another title"}


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    return staged("drafted")


def gate(stage: Stage) -> Judged:
    [judged] = [one for one in look(stage.desk(), NAME).assessment.gates if one.gate.name == "checklist-current"]
    return judged


def rewrites(stage: Stage) -> int:
    return sum(key.startswith(EDITS) for key in look(stage.desk(), NAME).snapshot.receipts)


def test_while_it_rests_its_gate_says_when_it_is_written_again(stage: Stage) -> None:
    before, count = stage.issue("checklist").body, rewrites(stage)
    assert isinstance(gate(stage).verdict, Passed)
    stage.write(NOTEBOOKS, OTHER)
    stage.at += timedelta(minutes=10)
    carried = carry_out_free(stage.desk(), NAME)
    assert stage.issue("checklist").body == before
    verdict = gate(stage).verdict
    assert isinstance(verdict, Waiting)
    until = stage.at + timedelta(minutes=50)
    status = " ".join(status_text(board_of(look(stage.desk(), NAME))).split())
    assert f"the desk writes it again from {until:%H:%M %Z} on" in status
    [pending] = verdict.pending
    assert pending.what == f"the checklist issue is behind, and the desk writes it again from {until:%H:%M %Z} on"
    assert pending.remedy == f"secrel checklist {NAME}"
    assert [one.at for one in carried.left.later] == [until]
    stage.at = until
    carry_out_free(stage.desk(), NAME)
    assert "Another title" in stage.issue("checklist").body
    assert isinstance(gate(stage).verdict, Passed)
    assert rewrites(stage) == count + 1


def test_what_rests_after_the_announcement_is_not_overdue_and_nobodys_to_do(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    carry_out_free(stage.desk(), NAME, ("checklist",))
    stage.write(NOTEBOOKS, OTHER)
    judged, board = gate(stage), board_of(look(stage.desk(), NAME))
    assert isinstance(judged.verdict, Waiting)
    assert judged.due == judged.verdict.pending[0].until
    assert "checklist-current" not in {one.gate.name for one in (*board.summary.late, *board.summary.acting)}
    assert [one.gate.name for one in board.summary.resting] == ["checklist-current"]
    assert "checklist-current" not in {one.gate.name for one in deadlines(board.scene.assessment)}
    assert "LATER vendor/security#2: the checklist issue is behind" in " ".join(status_text(board).split())


def test_who_asks_for_it_has_it_at_once(stage: Stage) -> None:
    stage.write(NOTEBOOKS, OTHER)
    carry_out_free(stage.desk(), NAME, ("checklist",))
    assert "Another title" in stage.issue("checklist").body
    assert isinstance(gate(stage).verdict, Passed)


def test_what_people_do_while_it_rests_is_in_what_is_written_then(stage: Stage) -> None:
    stage.write(NOTEBOOKS, OTHER)
    stage.at += timedelta(minutes=10)
    carry_out_free(stage.desk(), NAME)
    issue = stage.issue("checklist")
    own = next(line for line in issue.body.splitlines() if "(yours to tick)" in line)
    text = issue.body.replace(own, own.replace("[ ]", "[x]")).replace("## Notes", "A note of mine.\n\n## Notes")
    stage.forge.people.set_body(issue.ref, text)
    stage.at += timedelta(minutes=50)
    carry_out_free(stage.desk(), NAME)
    body = stage.issue("checklist").body
    assert "Another title" in body
    assert "\nA note of mine.\n" in body
    assert own.replace("[ ]", "[x]") in body


def test_one_rewrite_says_what_became_of_all_else(staged: Callable[[str], Stage]) -> None:
    """The draft, communications issue and requests for reviews of one look, and no rewrite between them."""
    stage = staged("requested")
    count = rewrites(stage)
    stage.at += timedelta(days=6)
    outcomes = [one.effect.key for one in carry_out_free(stage.desk(), NAME).outcomes]
    assert len([key for key in outcomes if not key.startswith(EDITS)]) > 2
    assert [key.startswith(EDITS) for key in outcomes] == [False] * (len(outcomes) - 1) + [True]
    assert rewrites(stage) == count + 1

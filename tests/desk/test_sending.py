"""What lies in the outbox is prepared: the release goes on when somebody says that it was sent (mission M7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from secrel.adapters.outbox.outbox import Outbox
from secrel.apply.applying import Done, apply
from secrel.desk.looking import look
from secrel.desk.sending import outgoing, say_sent
from secrel.evaluate.verdicts import Blocked, Passed, Waiting
from secrel.plan.plan import Plan
from secrel.words.effects import Effect, PostMessage
from secrel.words.errors import Misused
from tests.desk.stage import DUE, NAME, Stage

GATES = ("email-sent", "cve-records-published", "reporters-told")


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    """A release that is announced, whose mail, records and notices are in the outbox."""
    stage = staged("live")
    stage.approve("bjorn")
    return stage


def waiting(stage: Stage) -> list[tuple[str, str, str]]:
    desk = stage.desk()
    return [(one.kind, one.to, one.who) for one in outgoing(desk.journal.entries(NAME), look(desk, NAME))]


def test_what_is_prepared_waits_for_whoever_sends_it(stage: Stage) -> None:
    judged = look(stage.desk(), NAME).assessment.by_name
    for gate in GATES:
        verdict = judged[gate].verdict
        assert isinstance(verdict, Waiting)
        assert all("prepared since" in one.what for one in verdict.pending)
        assert judged[gate].command == f"secrel outbox {NAME}"
    listed = waiting(stage)
    assert sorted({kind for kind, *_ in listed}) == ["mail", "message", "notice", "record"]
    assert {to for kind, to, _ in listed if kind == "notice"} == {
        "https://reports.example/1",
        "https://reports.example/2",
    }
    assert {who for kind, _, who in listed if kind != "message"} == {judged[gate].who for gate in GATES}


def test_what_is_prepared_and_overdue_blocks_until_it_is_sent(stage: Stage) -> None:
    stage.at = DUE + timedelta(days=5)
    judged = look(stage.desk(), NAME).assessment.by_name
    for gate in GATES:
        verdict = judged[gate].verdict
        assert isinstance(verdict, Blocked)
        assert "and this is overdue" in verdict.findings[0].what
        assert judged[gate].command == f"secrel outbox {NAME}"


def test_a_whole_kind_is_sent_in_one_word_and_kept_as_that_persons(stage: Stage) -> None:
    told = say_sent(stage.desk("bjorn"), NAME, ("notices", f"{NAME}/email"), "by hand")
    assert len(told) == 3
    assert {said.by for said in told} == {"bjorn"}
    judged = look(stage.desk(), NAME).assessment.by_name
    for gate in ("email-sent", "reporters-told"):
        verdict = judged[gate].verdict
        assert isinstance(verdict, Passed)
        assert all("as bjorn said at" in one.what and "by hand" in one.what for one in verdict.evidence)
    assert isinstance(judged["cve-records-published"].verdict, Waiting)
    assert {kind for kind, *_ in waiting(stage)} == {"record", "message"}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("message", "no message waits to be sent"),
        (f"{NAME}/nothing", "nothing waits to be sent under the key"),
        ("postcards", "nothing waits to be sent under the key"),
    ],
)
def test_what_does_not_wait_cannot_be_sent(stage: Stage, what: str, said: str) -> None:
    say_sent(stage.desk(), NAME, ("messages",), "posted")
    before = stage.desk().journal.entries(NAME)
    with pytest.raises(Misused, match=said) as told:
        say_sent(stage.desk(), NAME, ("notices", what), "")
    assert told.value.remedy == f"look: secrel outbox {NAME}"
    assert stage.desk().journal.entries(NAME) == before, "all of it or nothing"


def test_it_is_said_once(stage: Stage) -> None:
    stage.send("bjorn")
    with pytest.raises(Misused, match=f"bjorn has said already that {NAME}/email was sent"):
        say_sent(stage.desk(), NAME, (f"{NAME}/email",), "")


def test_what_another_journal_began_is_listed_all_the_same(stage: Stage) -> None:
    effect = Effect(f"{NAME}/tell/somebody", PostMessage("#team", "hello"), "tell somebody")
    desk = stage.desk()
    Outbox(stage.folder / "outbox", stage.clock).do(effect, actor=desk.actor)
    [outcome] = apply(Plan(NAME, (effect,), targets=desk.targets), None, desk.world)
    assert (outcome.done, outcome.prepared) == (Done.FOUND, True)
    assert ("message", "", "") in waiting(stage)

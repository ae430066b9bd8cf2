"""The people of a release: rotation, switches, calendars, schedules, handovers (mission M2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec import structs
from msgspec.structs import replace

from secrel.apply.applying import Done
from secrel.desk.carrying_out import carry_out_free
from secrel.desk.claiming import claim
from secrel.desk.handing_over import hand_over
from secrel.desk.looking import look
from secrel.desk.rotation import candidates, known_rotation, planned_rotation, switch
from secrel.desk.schedules import exported
from secrel.desk.sending import say_sent
from secrel.evaluate.verdicts import Blocked
from secrel.words.errors import Misused, Refused, SecrelError
from secrel.words.people import Duty
from tests.desk.stage import DUE, NAME, Stage


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    return staged("begun")


def duty(stage: Stage) -> Duty | None:
    return look(stage.desk(), NAME).snapshot.duty


def test_the_rotation_is_what_the_tracking_issues_say(stage: Stage) -> None:
    rotation = known_rotation(stage.desk())
    assert rotation.duties == (Duty(NAME, "amara", "bjorn"),)
    assert [slot.name for slot in rotation.slots] == [NAME]
    stage.at = DUE + timedelta(days=1)
    past = known_rotation(stage.desk())
    assert (past.duties, past.history) == ((), (Duty(NAME, "amara", "bjorn"),))


def test_it_is_planned_ahead_from_there(stage: Stage) -> None:
    rotation = planned_rotation(stage.desk(), 2).rotation
    assert [slot.name for slot in rotation.slots] == [NAME, "2026-12-16", "2027-01-20"]
    assert rotation.duties[0] == Duty(NAME, "amara", "bjorn"), "what is promised stays"
    assert {rotation.duties[1].primary, rotation.duties[1].secondary} == {"chidi", "dewi"}
    trainless = replace(stage.desk(), process=structs.replace(stage.desk().process, cadence=None))
    with pytest.raises(Misused, match="has no train to plan for"):
        planned_rotation(trainless, 1)


def test_those_on_duty_are_themselves_however_people_spell_them(stage: Stage) -> None:
    stage.write(stage.issue("tracking").ref, {"primary": "Amara", "secondary": "@BJORN"})
    assert known_rotation(stage.desk()).duties == (Duty(NAME, "amara", "bjorn"),)
    assert look(stage.desk(), NAME).snapshot.duty == Duty(NAME, "amara", "bjorn")


def test_only_those_who_can_be_on_duty_are_planned(stage: Stage) -> None:
    desk = stage.desk()
    writer = replace(desk.team[0], username="elif", roles=frozenset({"communications"}))
    planned = planned_rotation(replace(desk, team=(*desk.team, writer)), 4).duties
    assert "elif" not in {name for duty in planned for name in (duty.primary, duty.secondary)}


def test_somebody_else_takes_the_place_and_everybody_sees_it(stage: Stage) -> None:
    assert {one.username for one in candidates(stage.desk(), NAME, "bjorn") if one.can} == {"dewi"}
    outcomes = switch(stage.desk("bjorn"), NAME, "bjorn")
    assert [outcome.done for outcome in outcomes] == [Done.DONE, Done.DONE]
    notes = stage.issue("tracking").notes
    assert isinstance(notes, tuple)
    assert notes[-1].body.startswith("@dewi takes the place of @bjorn as Secondary of ")
    assert "@amara, from now on you share this release with @dewi" in notes[-1].body
    assert duty(stage) == Duty(NAME, "amara", "dewi")
    switch(stage.desk("amara"), NAME, "amara", "chidi")
    assert duty(stage) == Duty(NAME, "chidi", "dewi")
    switch(stage.desk("chidi"), NAME, "chidi", "amara")
    assert duty(stage) == Duty(NAME, "amara", "dewi")
    with pytest.raises(SecrelError):
        switch(stage.desk(), NAME, "nobody")
    with pytest.raises(SecrelError):
        switch(stage.desk(), NAME, "amara", "nobody")
    assert duty(stage) == Duty(NAME, "amara", "dewi")


def test_when_nobody_can_it_is_said(stage: Stage) -> None:
    desk = stage.desk()
    alone = replace(desk, team=tuple(person for person in desk.team if person.username in ("amara", "bjorn")))
    with pytest.raises(SecrelError) as told:
        switch(alone, NAME, "bjorn")
    assert told.value.remedy
    assert duty(stage) == Duty(NAME, "amara", "bjorn")


def test_it_is_exported_as_a_calendar_and_into_a_schedule(stage: Stage) -> None:
    calendar = exported(stage.desk(), None, "", "").decode()
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert NAME in calendar
    assert exported(stage.desk(), None, "", "dewi").decode().count("BEGIN:VEVENT") == 0
    schedule = b"- version: '1.2'\n  date: '2026-11-25'\n\n- version: '1.1'\n  date: '2026-10-25'\n"
    written = exported(stage.desk(), schedule, "releases.yml", "").decode()
    assert "Amara" in written
    assert "Bjorn" in written
    with pytest.raises(Misused, match="names none of our releases"):
        exported(stage.desk(), schedule.replace(b"1.", b"9."), "releases.yml", "")
    stage.write(stage.issue("tracking").ref, {"primary": None, "secondary": None})
    with pytest.raises(Misused, match="names none of our releases"):
        exported(stage.desk(), schedule, "releases.yml", "")


def test_a_handover_is_written_and_sent_once_a_day(stage: Stage) -> None:
    text, outcome = hand_over(stage.desk("amara"), NAME, ("the pipeline is flaky",), send=False)
    assert outcome is None
    assert "the pipeline is flaky" in text
    assert not stage.files("messages")
    text, outcome = hand_over(stage.desk("amara"), NAME, ("the pipeline is flaky",), send=True)
    [file] = stage.files("messages")
    assert file.read_text("utf-8") == text
    assert outcome is not None
    assert outcome.prepared
    assert outcome.address.startswith("outbox:")
    with pytest.raises(Misused, match="has handed over on 2026-11-05 already") as told:
        hand_over(stage.desk("amara"), NAME, ("something new",), send=True)
    assert "yourself" in told.value.remedy
    assert len(stage.files("messages")) == 1
    hand_over(stage.desk("bjorn"), NAME, (), send=True)
    stage.at += timedelta(days=1)
    hand_over(stage.desk("amara"), NAME, (), send=True)
    assert len(stage.files("messages")) == 3
    with pytest.raises(Refused, match="'nobody' is not in the team"):
        hand_over(stage.desk("nobody"), NAME, (), send=False)


def test_nobody_hands_over_in_a_colleagues_name(stage: Stage) -> None:
    """Amara's day ends at 17:00 UTC: what she has to say is prepared, whoever applies, and she alone sends it."""
    stage.at = (DUE - timedelta(days=1)).replace(hour=17)
    written = f"{NAME}/handover/2026-11-24/amara"
    for by in ("bjorn", "dewi", ""):
        carried = carry_out_free(stage.desk(by), NAME)
        assert [one.whose for one in carried.left.prepared] == ["amara"]
        assert carried.left.prepared[0].command == f"secrel handover {NAME} --send --by amara"
        assert written not in look(stage.desk(), NAME).snapshot.receipts
    keys = [outcome.effect.key for outcome in carry_out_free(stage.desk("amara"), NAME).outcomes]
    assert written in keys
    assert carry_out_free(stage.desk("bjorn"), NAME).left.prepared == ()


def test_until_the_next_day_begins_a_handover_is_of_the_day_before(stage: Stage) -> None:
    stage.at = (DUE - timedelta(days=1)).replace(hour=23)
    hand_over(stage.desk("amara"), NAME, (), send=True)
    assert f"{NAME}/handover/2026-11-24/amara" in look(stage.desk(), NAME).snapshot.receipts
    stage.at += timedelta(hours=9, minutes=59)
    with pytest.raises(Misused, match="has handed over on 2026-11-24 already"):
        hand_over(stage.desk("amara"), NAME, (), send=True)
    stage.at += timedelta(minutes=1)
    hand_over(stage.desk("amara"), NAME, (), send=True)
    assert f"{NAME}/handover/2026-11-25/amara" in look(stage.desk(), NAME).snapshot.receipts


def test_whoever_takes_a_place_is_asked_for_no_day_before(stage: Stage) -> None:
    stage.at = (DUE - timedelta(days=1)).replace(hour=18)
    switch(stage.desk("bjorn"), NAME, "bjorn", "dewi")
    gate = look(stage.desk(), NAME).assessment.by_name["handover-written"].verdict
    assert isinstance(gate, Blocked)
    assert "dewi" not in {finding.about for finding in gate.findings}


def test_whoever_left_no_handover_signs_no_exception_for_it(stage: Stage) -> None:
    def missed() -> set[str]:
        verdict = look(stage.desk(), NAME).assessment.by_name["handover-written"].verdict
        return {finding.about for finding in verdict.findings} if isinstance(verdict, Blocked) else set()

    stage.at = (DUE - timedelta(days=1)).replace(hour=9)
    assert missed() == {"amara", "bjorn"}
    claim(stage.desk("amara"), NAME, "handover-written", "he was ill", waives=True)
    assert missed() == {"amara"}, "she signs for him, and not for herself"
    for by in ("amara", "@Amara"):
        with pytest.raises(Refused, match="nobody frees themselves, and amara is named"):
            claim(stage.desk(by), NAME, "handover-written", "I was ill, too", waives=True)
    claim(stage.desk("bjorn"), NAME, "handover-written", "she was ill", waives=True)
    assert missed() == set()


def test_without_duties_a_handover_is_for_whoever_goes_on(stage: Stage) -> None:
    stage.write(stage.issue("tracking").ref, {"primary": None, "secondary": None})
    text, _ = hand_over(stage.desk("dewi"), NAME, (), send=False)
    assert "dewi" in text


def test_after_the_announcement_a_handover_says_so(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    text, _ = hand_over(stage.desk("amara"), NAME, (), send=False)
    assert "announced on 2026-11-25" in text
    stage.approve("bjorn")
    stage.at = DUE + timedelta(days=60)
    stage.quiet()
    stage.approve("bjorn")
    stage.quiet()
    text, _ = hand_over(stage.desk("amara"), NAME, (), send=False)
    assert "Next: The email is sent: communications, overdue since 2026-11-25" in text, "nobody has sent anything"
    say_sent(stage.desk("amara"), NAME, ("mail", "records", "notices", "messages"), "")
    stage.approve("bjorn")
    stage.quiet()
    text, _ = hand_over(stage.desk("amara"), NAME, (), send=False)
    assert "Nothing is due." in text, "a checklist that rests is nobody's to do"

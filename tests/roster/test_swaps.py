from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.roster.rota import Infeasible, plan_rotation
from secrel.roster.rules import RotaRule, Rotation, breaches
from secrel.roster.swaps import Switch, swap, who_can
from secrel.words.errors import GateBlocked, Misused, SecrelError
from secrel.words.people import Duty, Person
from tests.roster.made_up import AMARA, BJORN, CHIDI, DEWI, ELIF, FARID, TEAM, WEDNESDAY, away, slots, teams

DUTIES = (
    Duty("r00", "amara", "chidi"),
    Duty("r01", "bjorn", "dewi"),
    Duty("r02", "elif", "amara"),
    Duty("r03", "farid", "chidi"),
)
ROTATION = Rotation(TEAM, slots(4), DUTIES)


def agreed(switch: Switch, rotation: Rotation = ROTATION) -> Rotation:
    return swap(rotation, switch)


def test_everybody_else_is_weighed_those_who_can_first() -> None:
    weighed = who_can(ROTATION, "r01", "dewi")
    assert [(candidate.username, candidate.can) for candidate in weighed] == [
        ("farid", True),
        ("elif", False),  # could exchange, as the next one could, and has fewer duties
        ("chidi", False),
        ("amara", False),
    ]


def test_who_is_on_duty_next_to_it_can_take_it_where_the_process_says_so() -> None:
    before = {breach.rule for candidate in who_can(ROTATION, "r01", "dewi") for breach in candidate.breaches}
    relaxed = who_can(replace(ROTATION, in_a_row=True), "r01", "dewi")
    after = {breach.rule for candidate in relaxed for breach in candidate.breaches}
    assert before - after == {RotaRule.CONSECUTIVE}
    assert not any("in the one after" in reason for candidate in relaxed for reason in candidate.reasons)


def test_the_reasons_for_and_against_are_told() -> None:
    weighed = {candidate.username: candidate for candidate in who_can(ROTATION, "r01", "dewi")}
    assert weighed["farid"].reasons == (
        "is from apac, another region than the one who stays",
        "is there on the due day and in the release week",
        "is on duty neither in the release before nor in the one after",
        "has 1 duty in all, as few as anybody",
    )
    assert weighed["farid"].doubts == ()
    assert [(b.rule, b.said) for b in weighed["amara"].breaches] == [
        (RotaRule.REGIONS, "is from emea, as bjorn is"),
        (RotaRule.CONSECUTIVE, "is on duty in the release before as well"),
        (RotaRule.CONSECUTIVE, "is on duty in the release after as well"),
    ]
    assert weighed["amara"].doubts == ("has 2 duties in all, 1 more than whoever has fewest",)


def test_somebody_who_is_away_cannot_take_over() -> None:
    rotation = replace(ROTATION, people=(*TEAM[:5], replace(FARID, absences=away(WEDNESDAY + timedelta(days=14)))))
    farid = next(candidate for candidate in who_can(rotation, "r01", "dewi") if candidate.username == "farid")
    assert [breach.rule for breach in farid.breaches] == [RotaRule.DUE_DAY]
    assert "is there on the due day and in the release week" not in farid.reasons


def test_the_last_duty_of_history_is_the_release_before() -> None:
    rotation = replace(ROTATION, history=(Duty("h", "elif", "farid"),))
    elif_ = next(candidate for candidate in who_can(rotation, "r00", "chidi") if candidate.username == "elif")
    assert [breach.said for breach in elif_.breaches] == ["is on duty in the release before as well"]


def test_what_could_be_taken_in_return_is_told() -> None:
    rotation = Rotation(
        (AMARA, BJORN, CHIDI, DEWI, FARID, ELIF),
        slots(6),
        (
            Duty("r00", "amara", "chidi"),
            Duty("r01", "bjorn", "dewi"),
            Duty("r02", "amara", "elif"),
            Duty("r03", "bjorn", "chidi"),
            Duty("r04", "amara", "farid"),
            Duty("r05", "bjorn", "elif"),
        ),
    )
    weighed = {candidate.username: candidate for candidate in who_can(rotation, "r01", "dewi")}
    assert weighed["farid"].in_return == ("r04",)
    assert weighed["elif"].in_return == ("r02",)
    assert not weighed["elif"].can  # alone she would be on duty twice in a row
    changed = agreed(Switch("r01", "dewi", "farid", in_return="r04"), rotation)
    assert changed.duty("r01") == Duty("r01", "bjorn", "farid")
    assert changed.duty("r04") == Duty("r04", "amara", "dewi")
    assert breaches(changed) == ()


def test_a_swap_gives_the_new_duties() -> None:
    assert agreed(Switch("r01", "dewi", "farid")).duties == (DUTIES[0], Duty("r01", "bjorn", "farid"), *DUTIES[2:])


def test_a_primary_can_be_replaced_as_well() -> None:
    rotation = replace(ROTATION, duties=(*DUTIES[:1], Duty("r01", "dewi", "bjorn"), *DUTIES[2:]))
    assert agreed(Switch("r01", "dewi", "farid"), rotation).duty("r01") == Duty("r01", "farid", "bjorn")


def test_a_swap_that_breaks_a_rule_is_blocked_and_names_who_could() -> None:
    with pytest.raises(GateBlocked) as told:
        agreed(Switch("r01", "dewi", "amara"))
    assert "amara is from emea, as bjorn is" in told.value.what
    assert told.value.where == "rotation, release r01"
    assert told.value.remedy == "ask one of farid"


def test_when_nobody_can_the_remedy_says_so() -> None:
    with pytest.raises(GateBlocked) as told:
        agreed(Switch("r01", "dewi", "amara"), replace(ROTATION, people=TEAM[:5]))
    assert "nobody can without an exchange" in told.value.remedy


def test_an_exchange_that_breaks_a_rule_is_blocked() -> None:
    with pytest.raises(GateBlocked) as told:
        agreed(
            Switch("r01", "dewi", "farid", in_return="r03"),
            replace(ROTATION, duties=(*DUTIES[:2], Duty("r02", "amara", "dewi"), DUTIES[3])),
        )
    assert "dewi is on duty in the release before as well" in told.value.what


def test_somebody_who_left_the_team_cannot_take_anything_in_return() -> None:
    rotation = replace(ROTATION, people=tuple(person for person in TEAM if person is not DEWI))
    with pytest.raises(GateBlocked, match="dewi is not a member of the team"):
        agreed(Switch("r01", "dewi", "farid", in_return="r03"), rotation)
    assert agreed(Switch("r01", "dewi", "farid"), rotation).duty("r01") == Duty("r01", "bjorn", "farid")


def test_what_is_broken_elsewhere_does_not_stop_a_swap() -> None:
    ill = replace(CHIDI, absences=away(WEDNESDAY))
    rotation = replace(ROTATION, people=(AMARA, BJORN, ill, DEWI, ELIF, FARID))
    assert breaches(rotation)
    assert breaches(agreed(Switch("r00", "chidi", "farid"), rotation)) == ()
    assert agreed(Switch("r01", "dewi", "farid"), rotation).duty("r01") == Duty("r01", "bjorn", "farid")


@pytest.mark.parametrize(
    ("switch", "said"),
    [
        (Switch("r99", "dewi", "farid"), "no upcoming release"),
        (Switch("r00", "dewi", "farid"), "'dewi' is not on duty in r00: amara is Primary, chidi Secondary"),
        (Switch("r01", "dewi", "gone"), "'gone' is not a member of the team"),
        (Switch("r01", "dewi", "bjorn"), "'bjorn' is already on duty in r01"),
        (Switch("r01", "dewi", "farid", in_return="r00"), "'farid' is not on duty in r00"),
        (Switch("r01", "dewi", "farid", in_return="r01"), "'farid' is not on duty in r01"),
    ],
)
def test_a_switch_of_places_that_are_not_theirs_is_refused(switch: Switch, said: str) -> None:
    with pytest.raises(Misused, match=said):
        agreed(switch)


def test_a_release_without_a_duty_has_nobody_to_leave_it() -> None:
    with pytest.raises(Misused, match="no upcoming release with a duty"):
        who_can(replace(ROTATION, duties=DUTIES[1:]), "r00", "amara")


@settings(max_examples=60, deadline=None)
@given(teams(8), st.integers(2, 5), st.data())
def test_whoever_is_said_to_be_able_is_and_nobody_else(people: list[Person], count: int, data: st.DataObject) -> None:
    try:
        rotation = plan_rotation(slots(count), people).rotation
    except Infeasible:
        return
    duty = data.draw(st.sampled_from(rotation.duties))
    leaving = data.draw(st.sampled_from([duty.primary, duty.secondary]))
    for candidate in who_can(rotation, duty.release, leaving):
        switch = Switch(duty.release, leaving, candidate.username)
        if candidate.can:
            assert breaches(agreed(switch, rotation)) == ()
        else:
            with pytest.raises(SecrelError):
                agreed(switch, rotation)
        for other in rotation.duties:
            exchange = replace(switch, in_return=other.release)
            if other.release in candidate.in_return:
                assert breaches(agreed(exchange, rotation)) == ()
            else:
                with pytest.raises(SecrelError):
                    agreed(exchange, rotation)

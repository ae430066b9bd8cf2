from __future__ import annotations

from datetime import timedelta
from itertools import combinations, permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.roster.fairness import unevenness
from secrel.roster.rota import Infeasible, RotationPlan, plan_rotation
from secrel.roster.rules import RotaRule, breaches, hindrances, same_region
from secrel.words.errors import Exit, GateBlocked, Misused
from secrel.words.people import Absence, Duty, Person
from tests.roster.made_up import AMARA, BJORN, CHIDI, DEWI, ELIF, FARID, TEAM, WEDNESDAY, away, slots, teams


def test_six_people_take_equal_turns_in_both_roles() -> None:
    plan = plan_rotation(slots(12), TEAM)
    assert breaches(plan.rotation) == ()
    assert {(t.primary, t.secondary) for t in plan.rotation.tallies} == {(2, 2)}
    assert plan.is_proved_fairest
    assert [duty.release for duty in plan.duties] == [slot.name for slot in slots(12)]


def test_a_team_of_two_makes_every_release_where_the_process_says_so() -> None:
    two, before = (AMARA, CHIDI), [Duty("h", "amara", "chidi")]
    told = infeasible(slots(3), two, history=before)
    assert told.rule is RotaRule.CONSECUTIVE
    assert "in_a_row = true under [defaults] of the process file" in told.remedy
    plan = plan_rotation(slots(3), two, history=before, in_a_row=True)
    assert breaches(plan.rotation) == ()
    assert plan.is_proved_fairest
    assert [{duty.primary, duty.secondary} for duty in plan.duties] == [{"amara", "chidi"}] * 3
    assert {(t.primary, t.secondary) for t in plan.rotation.tallies} == {(2, 2)}
    assert breaches(replace(plan.rotation, in_a_row=False)) != ()


def test_six_people_take_equal_turns_where_they_may_be_on_duty_in_a_row_too() -> None:
    plan = plan_rotation(slots(12), TEAM, in_a_row=True)
    assert {tally.total for tally in plan.rotation.tallies} == {4}


def test_past_duties_count() -> None:
    history = [Duty(f"h{n}", "amara", "chidi") for n in range(3)]
    plan = plan_rotation(slots(6), TEAM, history=history)
    totals = {tally.username: tally.total for tally in plan.rotation.tallies}
    assert totals == {"amara": 3, "bjorn": 3, "chidi": 3, "dewi": 3, "elif": 3, "farid": 3}


def test_of_those_with_equal_counts_the_longest_rested_are_next() -> None:
    history = [Duty("h1", "farid", "elif"), Duty("h2", "amara", "chidi"), Duty("h3", "bjorn", "dewi")]
    (duty,) = plan_rotation(slots(1), TEAM, history=history).duties
    assert duty == Duty("r00", "elif", "farid")


def test_the_release_directly_before_bars_its_people() -> None:
    plan = plan_rotation(slots(1), (AMARA, CHIDI, BJORN, ELIF), history=[Duty("h", "gone", "amara")])
    assert "amara" not in (plan.duties[0].primary, plan.duties[0].secondary)


def test_settled_duties_stay_and_the_rest_is_planned_around_them() -> None:
    settled = [Duty("r01", "farid", "amara"), Duty("r03", "elif", "farid")]
    plan = plan_rotation(slots(5), TEAM, settled=settled)
    assert plan.duties[1] == settled[0]
    assert plan.duties[3] == settled[1]
    assert breaches(plan.rotation) == ()


def test_no_release_needs_nobody() -> None:
    assert plan_rotation([], TEAM).duties == ()


@pytest.mark.parametrize(
    ("people", "settled", "said"),
    [
        ((AMARA, AMARA), [], "amara is in the team twice"),
        ((replace(AMARA, region=" "), CHIDI), [], "amara is in no region"),
        (TEAM, [Duty("r09", "amara", "chidi")], "no planned release"),
        (TEAM, [Duty("r00", "amara", "chidi")] * 2, "given twice"),
        (TEAM, [Duty("r00", "amara", "gone")], "not in the team"),
    ],
)
def test_contradictions_are_told(people: tuple[Person, ...], settled: list[Duty], said: str) -> None:
    with pytest.raises(Misused, match=said):
        plan_rotation(slots(2), people, settled=settled)


def test_too_much_at_once_is_refused() -> None:
    with pytest.raises(Misused, match="301 releases for 6 people"):
        plan_rotation(slots(301), TEAM)


def infeasible(*args: object, **kwargs: object) -> Infeasible:
    with pytest.raises(Infeasible) as told:
        plan_rotation(*args, **kwargs)  # type: ignore[arg-type]  # the cases below give them rightly
    assert isinstance(told.value, GateBlocked)
    assert told.value.exit_word is Exit.BLOCKED
    return told.value


def test_a_team_of_one_region_cannot_give_two_regions() -> None:
    told = infeasible(slots(2), (AMARA, BJORN))
    assert (told.slot.name, told.rule, told.changes) == ("r00", RotaRule.REGIONS, ())
    assert "amara, bjorn are all from emea" in told.what
    assert "widen the team" in told.remedy


def test_nobody_cannot_do_it() -> None:
    told = infeasible(slots(1), ())
    assert told.rule is RotaRule.REGIONS
    assert "the team has nobody" in told.what


def test_three_people_cannot_rest_between_duties() -> None:
    told = infeasible(slots(2), (AMARA, CHIDI, DEWI))
    assert (told.slot.name, told.rule) == ("r01", RotaRule.CONSECUTIVE)
    assert {change.username for change in told.changes} == {"amara", "chidi", "dewi"}
    assert "amara could take r01 if the duty before it went to someone else" in told.remedy
    assert str(told).startswith("rotation, release r01, due 2026-01-21: ")


def test_the_duty_before_the_first_release_can_be_the_one_in_the_way() -> None:
    told = infeasible(slots(1), (AMARA, CHIDI), history=[Duty("h", "amara", "gone")])
    assert told.rule is RotaRule.CONSECUTIVE
    assert [(change.username, change.release) for change in told.changes] == [("amara", "r00")]


def test_whose_absence_would_have_to_move_is_named() -> None:
    absent = replace(CHIDI, absences=away(WEDNESDAY))
    told = infeasible(slots(1), (AMARA, BJORN, absent))
    assert told.rule is RotaRule.REGIONS
    assert [(c.username, c.release, c.rule) for c in told.changes] == [("chidi", "r00", RotaRule.DUE_DAY)]
    assert "chidi is away on the due day 2026-01-07 of r00: ask them to move it, or choose another day" in told.remedy


def test_the_absence_that_hinders_may_be_that_of_the_release_before() -> None:
    # r00 can only have amara and chidi, and r01 needs chidi for its second region
    people = (AMARA, CHIDI, replace(BJORN, absences=away(WEDNESDAY)), replace(ELIF, absences=away(WEDNESDAY)))
    told = infeasible(slots(2), (*people[:3], replace(ELIF, absences=away(WEDNESDAY, WEDNESDAY + timedelta(days=14)))))
    assert (told.slot.name, told.rule) == ("r01", RotaRule.CONSECUTIVE)
    assert [(change.username, change.release, change.rule) for change in told.changes] == [
        ("elif", "r01", RotaRule.DUE_DAY),
        ("elif", "r00", RotaRule.DUE_DAY),
        ("chidi", "r01", RotaRule.CONSECUTIVE),
    ]
    assert plan_rotation(slots(2), people).duties[1].release == "r01"  # with elif back in time, it can be done


def test_when_everybody_is_away_the_commonest_reason_is_the_rule() -> None:
    people = [
        replace(person, absences=away(WEDNESDAY - timedelta(days=5), WEDNESDAY - timedelta(days=1))) for person in TEAM
    ]
    told = infeasible(slots(1), people)
    assert told.rule is RotaRule.RELEASE_WEEK
    assert told.changes == ()
    assert "no single change is enough" in told.remedy


def test_a_settled_duty_that_breaks_a_rule_is_told() -> None:
    told = infeasible(slots(1), TEAM, settled=[Duty("r00", "amara", "bjorn")])
    assert told.rule is RotaRule.REGIONS
    away_team = (*TEAM[:5], replace(FARID, absences=away(WEDNESDAY)))
    told = infeasible(slots(1), away_team, settled=[Duty("r00", "amara", "farid")])
    assert (told.rule, [change.username for change in told.changes]) == (RotaRule.DUE_DAY, ["farid"])


def planned(count: int, people: list[Person], history: tuple[Duty, ...] = ()) -> RotationPlan | Infeasible:
    """Plan, and give the refusal as a value."""
    try:
        return plan_rotation(slots(count), people, history=history)
    except Infeasible as refusal:
        return refusal


def least_by_trying_all(count: int, people: list[Person]) -> int | None:
    """The least unevenness of duties that any choice reaches, by trying every one; None when there is none."""
    chosen: dict[tuple[frozenset[str], tuple[int, ...]], None] = {(frozenset(), (0,) * len(people)): None}
    for slot in slots(count):
        free = [n for n, person in enumerate(people) if not hindrances(person, slot)]
        chosen = {
            (frozenset({str(one), str(other)}), tuple(c + (n in {one, other}) for n, c in enumerate(counts))): None
            for before, counts in chosen
            for one, other in combinations(free, 2)
            if not same_region(people[one], people[other]) and before.isdisjoint({str(one), str(other)})
        }
    return min((unevenness(counts) for _, counts in chosen), default=None)


@settings(max_examples=100, deadline=None)
@given(teams(6), st.integers(1, 5))
def test_a_small_plan_is_as_even_as_can_be_or_rightly_impossible(people: list[Person], count: int) -> None:
    least = least_by_trying_all(count, people)
    plan = planned(count, people)
    if isinstance(plan, Infeasible):
        assert least is None
    else:
        assert unevenness([tally.total for tally in plan.rotation.tallies]) == least
        assert plan.is_proved_fairest


@settings(max_examples=60, deadline=None)
@given(teams(4), st.integers(1, 4), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=3))
def test_the_roles_of_a_small_plan_are_as_even_as_its_pairs_allow(
    people: list[Person], count: int, past: list[tuple[int, int]]
) -> None:
    history = [Duty(f"h{n}", f"p{one}", f"p{other}") for n, (one, other) in enumerate(past)] + [Duty("h", "x", "y")]
    plan = planned(count, people, tuple(history))
    if isinstance(plan, Infeasible):
        return
    rotation = plan.rotation

    def roles(duties: tuple[Duty, ...]) -> int:
        tallies = replace(rotation, duties=duties).tallies
        return unevenness([t.primary for t in tallies]) + unevenness([t.secondary for t in tallies])

    ways: list[tuple[Duty, ...]] = [()]
    for duty in plan.duties:
        turns = [Duty(duty.release, *order) for order in permutations((duty.primary, duty.secondary))]
        ways = [(*way, turn) for way in ways for turn in turns]
    assert roles(plan.duties) == min(roles(way) for way in ways)


@settings(max_examples=100, deadline=None)
@given(teams(10), st.integers(1, 12), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4))
def test_the_hard_rules_hold_whatever_the_team(people: list[Person], count: int, past: list[tuple[int, int]]) -> None:
    history = tuple(Duty(f"h{n}", f"p{one}", f"p{other}") for n, (one, other) in enumerate(past))
    plan = planned(count, people, history)
    if isinstance(plan, Infeasible):
        assert plan.slot in slots(count)
        assert plan.remedy
        assert {change.username for change in plan.changes} <= {person.username for person in people}
    else:
        assert breaches(plan.rotation) == ()
        assert [duty.release for duty in plan.duties] == [slot.name for slot in slots(count)]


@settings(max_examples=80, deadline=None)
@given(teams(8), st.integers(1, 6))
def test_a_change_that_is_named_really_helps(people: list[Person], count: int) -> None:
    told = planned(count, people)
    if isinstance(told, RotationPlan):
        return
    for change in told.changes:
        if change.rule not in {RotaRule.DUE_DAY, RotaRule.RELEASE_WEEK}:
            continue
        free = {person.username: replace(person, absences=(), country="", days=(0, 1, 2, 3, 4)) for person in people}
        later = planned(count, [free[p.username] if p.username == change.username else p for p in people])
        assert isinstance(later, RotationPlan) or later.slot.day > told.slot.day  # it gets past this release


@settings(max_examples=40, deadline=None)
@given(teams(8), st.integers(1, 8), st.randoms())
def test_the_order_in_which_things_are_given_changes_nothing(people: list[Person], count: int, random: Random) -> None:
    mixed, mixed_slots = list(people), list(slots(count))
    random.shuffle(mixed)
    random.shuffle(mixed_slots)
    plan = planned(count, people)
    if isinstance(plan, Infeasible):
        with pytest.raises(Infeasible) as again:
            plan_rotation(mixed_slots, mixed)
        assert str(again.value) == str(plan)
    else:
        assert plan_rotation(mixed_slots, mixed) == plan


def test_a_year_of_fortnights_for_twelve_people_is_planned_level() -> None:
    regions = ("amer", "emea", "apac")
    people = [Person(f"p{n:02}", f"Person {n}", regions[n % 3], "UTC") for n in range(12)]
    plan = plan_rotation(slots(26), people)
    totals = [tally.total for tally in plan.rotation.tallies]
    primaries = [tally.primary for tally in plan.rotation.tallies]
    assert plan.is_proved_fairest
    assert max(totals) - min(totals) == 1
    assert max(primaries) - min(primaries) == 1


def test_a_search_that_would_take_too_long_is_cut_off_and_says_so() -> None:
    free = {
        "apac 1": "xxxxxxxxxxxxxxxxxx-xx-xxxx",
        "apac 2": "xxxxxxxxxxxxxxxxxxxxxx---x",
        "amer 1": "x-x-xxxxxxx--xx-xxxxxxxxxx",
        "amer 2": "xxx-x-xxx-xxxxx-xxxxxxxxxx",
        "amer 3": "xxx-xx-xx-x-xxx-x-xxxxxx--",
        "emea 1": "xxxxxxxxxxxxxx-xxxxx-xxxxx",
    }
    people = [
        Person(
            name,
            name,
            name[:4],
            "UTC",
            absences=tuple(Absence(s.day, s.day) for s, mark in zip(slots(26), marks, strict=True) if mark == "-"),
        )
        for name, marks in free.items()
    ]
    plan = plan_rotation(slots(26), people)
    assert not plan.is_proved_fairest
    assert breaches(plan.rotation) == ()
    assert sorted(tally.total for tally in plan.rotation.tallies) == [8, 8, 8, 9, 9, 10]

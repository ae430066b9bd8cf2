"""What a refused digest says of what changed since the plan was read."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from secrel.plan.changes import Fingerprints, fingerprints, what_changed
from secrel.plan.plan import Plan
from secrel.snapshot.seen import Snapshot
from secrel.words.effects import Comment, Effect
from secrel.words.facts.stated import FixFacts, Stated
from secrel.words.parts import Unseen
from tests.builders import NAME, a_fix, a_snapshot, an_issue, seen

ONE, TWO = (Effect(f"{NAME}/say/{word}", Comment("p#1", f"the secret {word}"), "say it") for word in ("one", "two"))
PLAN = Plan(NAME, (ONE, TWO))


def stating(**facts: str) -> Snapshot:
    issue = an_issue(1, facts=Stated(FixFacts(title="The title", **facts)))  # type: ignore[arg-type]
    return a_snapshot([replace(a_fix(1), issue=seen(issue))])


BEFORE = stating()
REF = BEFORE.tracked_fixes[0].ref


def since(plan: Plan, snapshot: Snapshot = BEFORE) -> str:
    return what_changed(fingerprints(PLAN, BEFORE), fingerprints(plan, snapshot))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (replace(PLAN, effects=(ONE,)), f"{TWO.key} is no longer in it"),
        (Plan(NAME, (ONE, TWO, replace(ONE, key="r/new"))), "r/new is new"),
        (Plan(NAME, (replace(ONE, action=Comment("p#2", "x")), TWO)), f"{ONE.key} has another body, ref"),
        (Plan(NAME, (replace(ONE, findable=False), TWO)), f"{ONE.key} has another findable"),
        (Plan(NAME, (TWO, ONE)), "their order is another, or where they go, or what there is to look at"),
        (Plan(NAME, (replace(ONE, summary="x"),)), f"{TWO.key} is no longer in it; {ONE.key} has another summary"),
    ],
)
def test_effects_that_changed_are_named_with_their_fields(plan: Plan, said: str) -> None:
    assert since(plan) == said


def test_facts_that_changed_are_named_by_issue_and_line() -> None:
    assert since(PLAN, stating(edition="EE")) == f"the details of {REF} changed: edition"
    unseen = a_snapshot([replace(a_fix(1), issue=Unseen("the forge does not answer"))])
    assert since(PLAN, unseen) == f"the details of {REF} changed: title"


def test_of_many_changes_the_first_are_told_and_the_others_counted() -> None:
    many = Plan(NAME, tuple(replace(ONE, key=f"r/{number}") for number in range(20)))
    told = since(many)
    assert told.count(" is new") == 8
    assert told.endswith("; and 14 more")


def test_a_plan_that_nobody_was_shown_is_not_explained() -> None:
    assert what_changed(None, fingerprints(PLAN, BEFORE)) == "this desk has shown nobody a plan of that digest"


def test_what_is_remembered_holds_no_text_and_comes_back_from_json() -> None:
    told = fingerprints(PLAN, BEFORE)
    kept = msgspec.json.encode(told)
    assert b"secret" not in kept
    assert b"The title" not in kept
    assert msgspec.json.decode(kept, type=Fingerprints) == told

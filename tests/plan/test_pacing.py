"""The checklist is rewritten once an hour at most, until the release is near; what is asked for is done at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.plan.pacing import EVERY, LAST_DAY, behind, in_turn, paced, rests_until
from secrel.plan.planning import plan_release, steps_of
from secrel.snapshot.seen import Snapshot
from secrel.words.effects import RewriteIssue
from secrel.words.forge import State
from secrel.words.outcomes import Receipt
from secrel.words.parts import Unseen
from tests.builders import NAME, NOW, a_release, a_snapshot, an_issue, seen
from tests.plan.scenes import a_scene

DUE = a_release().due
MINUTES = st.integers(0, 60 * 24 * 12).map(lambda minutes: NOW + timedelta(minutes=minutes))
LIVE = {"post": seen(None)}


def at(instant: datetime, *rewritten: datetime, **changes: Any) -> Snapshot:
    """A release at an instant, whose checklist was rewritten at others."""
    done = {
        f"{NAME}/checklist/edit/{n}": Receipt(f"{NAME}/checklist/edit/{n}", "x", when)
        for n, when in enumerate(rewritten)
    }
    return replace(a_snapshot(receipts=done, **changes), at=instant)


def with_checklist(instant: datetime, *rewritten: datetime, body: str = "Mine.\n", **changes: Any) -> Snapshot:
    return at(instant, *rewritten, checklist=seen(an_issue(7, "acme/board", body=body)), **changes)


@given(MINUTES, st.lists(MINUTES, max_size=4))
@example(DUE - LAST_DAY, [DUE - LAST_DAY])
def test_it_rests_for_an_hour_and_never_when_the_release_is_near(now: datetime, rewritten: list[datetime]) -> None:
    before = [one for one in rewritten if one <= now]
    until = rests_until(at(now, *before))
    if not before or now >= min(max(before) + EVERY, DUE - LAST_DAY):
        assert until is None
    else:
        assert until == min(max(before) + EVERY, DUE - LAST_DAY)
        assert rests_until(at(until, *before)) is None, "it does not rest for ever"


@given(st.lists(MINUTES, max_size=40))
def test_outside_the_last_day_no_two_rewrites_are_within_an_hour(looks: list[datetime]) -> None:
    """Somebody looks at any instants, and there is always something to say."""
    rewritten: list[datetime] = []
    for now in sorted(looks):
        if rests_until(at(now, *rewritten)) is None:
            rewritten.append(now)
    far = [one for one in rewritten if one < DUE - LAST_DAY]
    assert all(later - one >= EVERY for one, later in pairwise(far))
    near = [one for one in sorted(looks) if one >= DUE - LAST_DAY]
    assert [one for one in rewritten if one >= DUE - LAST_DAY] == near, "then every look writes what is so"


def test_what_opened_it_is_no_rewrite_nor_is_that_of_another_document() -> None:
    keys = [f"{NAME}/checklist", f"{NAME}/checklist/head/1", f"{NAME}/comms/edit/1", "2026-12/checklist/edit/1"]
    assert rests_until(a_snapshot(receipts={key: Receipt(key, "x", NOW) for key in keys})) is None


def test_what_is_behind_is_told_with_the_time_and_written_then() -> None:
    scene = a_scene(with_checklist(NOW, NOW - timedelta(minutes=20)))
    assert behind(scene) == {"checklist": NOW + timedelta(minutes=40)}
    plan = plan_release(scene)
    assert not any(effect.key.startswith(f"{NAME}/checklist/edit") for effect in plan.effects)
    [later] = plan.later
    assert (later.what, later.at) == ("bring the checklist up to date", NOW + timedelta(minutes=40))
    assert later.command == f"secrel checklist {NAME}"
    assert plan.free.later == plan.left.later == plan.later, "whoever is shown a part of it is told, too"
    then = a_scene(
        with_checklist(NOW + timedelta(minutes=40), NOW - timedelta(minutes=20)), now=NOW + timedelta(minutes=40)
    )
    assert behind(then) == {}
    assert any(effect.key == f"{NAME}/checklist/edit/2" for effect in plan_release(then).effects)
    assert plan_release(then).later == ()


def test_what_is_asked_for_is_written_at_once() -> None:
    [effect] = plan_release(a_scene(with_checklist(NOW, NOW)), ("checklist",)).effects
    assert isinstance(effect.action, RewriteIssue)
    assert effect.action.body.startswith("Mine.\n"), "with what people wrote meanwhile"


def test_what_says_what_is_so_rests_without_a_word() -> None:
    [effect] = plan_release(a_scene(with_checklist(NOW)), ("checklist",)).effects
    assert isinstance(effect.action, RewriteIssue)
    scene = a_scene(with_checklist(NOW, NOW, body=effect.action.body))
    assert behind(scene) == {}
    assert plan_release(scene).later == ()


def test_nothing_is_told_of_what_is_closed_not_there_or_was_not_seen_whole() -> None:
    closed = seen(replace(an_issue(7, "acme/board", body="Mine.\n"), state=State.CLOSED))
    for changes in ({"checklist": closed}, {"checklist": seen(None)}, {"checklist": Unseen("the forge is away")}):
        assert behind(a_scene(at(NOW, NOW, **changes))) == {}
    assert behind(a_scene(with_checklist(NOW, NOW, comms=Unseen("the forge is away")))) == {}


def test_only_what_rewrites_the_checklist_is_held_and_all_else_goes_on() -> None:
    scene = a_scene(with_checklist(NOW, NOW))
    for work in ("cve_requests", "tracking_issue", "draft_post"):
        steps = list(steps_of(work, scene))
        assert list(paced(steps, scene)) == steps
    plan = plan_release(a_scene(with_checklist(NOW)))
    first, last = in_turn(plan)
    assert [effect.key for effect in last.effects] == [f"{NAME}/checklist/edit/1"]
    assert {effect.key for effect in (*first.effects, *last.effects)} == {effect.key for effect in plan.effects}
    assert first.effects

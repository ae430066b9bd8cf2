"""Whatever could not be seen: no gate passes that would not, nothing wrong is found, nothing is wanted, nothing leaks.

Every part of a sighting, found by reflection, and every pair of parts, is made unseen, or cut short, at every point of
a release in both processes that ship.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest

from secrel.evaluate.assessing import assess
from secrel.evaluate.verdicts import Assessment, Blocked, Passed
from secrel.plan.makers import MAKERS
from secrel.plan.making import Scene, Text, Want
from secrel.plan.planning import Embargoed, embargoed, plan_release, wanted
from secrel.process.reading import BUILTIN_NAMES
from secrel.words.effects import LiftConfidentiality
from secrel.words.errors import NotSeen
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.sighting import Sighting
from tests.parts import Path, cut, declared, hidden, places
from tests.plan.sightings import POINTS, Played, process_of

PLAYED = [Played(process, point) for process in BUILTIN_NAMES for point in POINTS]
TEXT = Text(
    "the body",
    "the title",
    "posts/a.md",
    "the-branch",
    "to-whom",
    ReleaseFacts(release="a"),
    "what the desk would write",
)
TRACKING: Path = ("issues", "tracking")


@cache
def seen_whole(played: Played) -> tuple[Assessment, tuple[Want, ...], Embargoed]:
    """What follows when everything is seen."""
    scene = scene_of(played, played.sighting())
    judged = assess(scene.snapshot, scene.process, scene.now)
    return judged, wanted(tuple(MAKERS), scene), embargoed(scene)


def scene_of(played: Played, sighting: Sighting) -> Scene:
    return Scene(played.snapshot(sighting), process_of(played.process), played.now)


@cache
def paths(played: Played) -> tuple[Path, ...]:
    """The ways to all parts, but to the tracking issue as a whole: without it there is no release to look at."""
    return tuple(path for path, _ in places(played.sighting()) if path != TRACKING)


def worse(played: Played, ways: tuple[Path, ...]) -> Iterator[Sighting]:
    """The sighting with these parts unseen, and with them cut short."""
    for spoil in (hidden, cut):
        sighting = played.sighting()
        for way in ways:
            sighting = spoil(sighting, way)
        yield sighting


def never_better(played: Played, sighting: Sighting) -> Scene:
    """No gate passes, and nothing is found, that does not when everything is seen."""
    whole = seen_whole(played)[0].by_name
    scene = scene_of(played, sighting)
    for judged in assess(scene.snapshot, scene.process, scene.now).gates:
        name, verdict = judged.gate.name, judged.verdict
        if isinstance(verdict, Passed):
            assert isinstance(whole[name].verdict, Passed), name
        if isinstance(verdict, Blocked):
            before = whole[name].verdict
            assert isinstance(before, Blocked), (name, verdict.findings)
            assert set(verdict.findings) <= set(before.findings), name
    return scene


def never_less_guarded(played: Played, scene: Scene) -> None:
    """Nothing more is wanted, and the guard is not smaller, or it refuses whatever reveals a text."""
    _, wants, guard = seen_whole(played)
    now = wanted(tuple(MAKERS), scene)
    assert set(now) <= set(wants)
    found = embargoed(scene)
    if set(guard.facts) <= set(found.facts):
        return
    assert found.unseen
    plan = plan_release(wants, {want.key: TEXT for want in wants}, scene)
    refused = {key for refusal in plan.refusals for key in refusal.keys if refusal.rule == "unseen"}
    for effect in plan.effects:
        if effect.reveals and not isinstance(effect.action, LiftConfidentiality):
            assert effect.key in refused


@pytest.mark.parametrize("played", PLAYED, ids=lambda played: f"{played.process}-{played.point}")
def test_one_part_that_could_not_be_seen_makes_nothing_better(played: Played) -> None:
    for way in paths(played):
        for sighting in worse(played, (way,)):
            assert sighting != played.sighting(), way
            never_less_guarded(played, never_better(played, sighting))


@pytest.mark.parametrize("point", ["late", "live"])
@pytest.mark.parametrize("process", BUILTIN_NAMES)
def test_two_parts_that_could_not_be_seen_make_nothing_better(process: str, point: str) -> None:
    played = Played(process, point)
    for one, other in combinations(paths(played), 2):
        sighting = hidden(hidden(played.sighting(), one), other)
        never_less_guarded(played, never_better(played, sighting))


def test_every_part_that_a_sighting_can_have_is_among_those_that_are_hidden() -> None:
    met = {field for played in PLAYED for _, field in places(played.sighting()) if field is not None}
    assert met == set(declared(Sighting))
    assert {path[0] for path, field in places(PLAYED[0].sighting()) if field is None} == {"issues", "requests", "tags"}


def test_a_release_is_worth_looking_at() -> None:
    """The laws above would hold of nothing at all: gates pass, are blocked, want and guard something on the way."""
    told = [seen_whole(played) for played in PLAYED]
    passed = {j.gate.name for one, _, _ in told for j in one.gates if isinstance(j.verdict, Passed)}
    names = {gate.name for name in BUILTIN_NAMES for gate in process_of(name).gates}
    assert len(passed) > 0.8 * len(names)
    assert all(len(guard.facts) > 5 for _, _, guard in told)
    assert {want.maker for _, wants, _ in told for want in wants} >= {
        "email",
        "release_post",
        "cve_records",
        "reporters",
    }


@pytest.mark.parametrize("played", PLAYED[:1], ids=lambda played: f"{played.process}-{played.point}")
def test_without_its_tracking_issue_a_release_could_not_be_seen(played: Played) -> None:
    for sighting in worse(played, (TRACKING,)):
        with pytest.raises(NotSeen, match="the tracking issue of 2026-11 could not be seen"):
            scene_of(played, sighting)

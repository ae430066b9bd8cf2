"""Whatever could not be seen: no gate passes that would not, nothing wrong is found, nothing is wanted, nothing leaks.

Every part of a sighting, found by reflection, and every pair of parts, is made unseen, or cut short, at every point of
a release in both processes that ship.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest
from msgspec.structs import replace

from secrel.evaluate.assessing import assess
from secrel.evaluate.verdicts import Assessment, Blocked, Judged, Passed
from secrel.papers.scene import Scene
from secrel.plan.embargo import Embargoed, embargoed
from secrel.plan.lines import work_names
from secrel.plan.planning import plan_release, steps_of
from secrel.process.reading import BUILTIN_NAMES
from secrel.process.table import Gate
from secrel.snapshot.seen import Beyond
from secrel.words.effects import Effect, LiftConfidentiality
from secrel.words.errors import NotSeen
from secrel.words.parts import is_whole, shortfalls
from secrel.words.sighting import Sighting
from tests.builders import NAME
from tests.parts import Path, cut, declared, hidden, places
from tests.unseen.sightings import POINTS, Played, process_of

PLAYED = [Played(process, point) for process in BUILTIN_NAMES for point in POINTS]
TELLING = ("late", "live")
"""Points of the larger process that are tried among the quick tests: a draft stands, and the post is out."""
EACH = [
    pytest.param(
        played,
        id=f"{played.process}-{played.point}",
        marks=() if played.process == "gitlab" and played.point in TELLING else pytest.mark.long,
    )
    for played in PLAYED
]
TRACKING: Path = ("issues", "tracking")
OPEN = tuple(
    Judged(Gate(work, work, "p", "primary", "c", makes=work), Blocked(()), None, is_due=False, who="", command="")
    for work in work_names()
)
"""The turn of every line of work has come."""


@cache
def seen_whole(played: Played) -> tuple[Assessment, frozenset[str], Embargoed]:
    """What follows when everything is seen: the verdicts, the keys of all that is wanted, the guard."""
    scene = scene_of(played, played.sighting())
    return scene.assessment, wanted(scene), embargoed(scene)


def scene_of(played: Played, sighting: Sighting) -> Scene:
    snapshot, process = played.snapshot(sighting), process_of(played.process)
    return Scene(snapshot, process, played.now, assess(snapshot, process, played.now), beyond=Beyond())


def wanted(scene: Scene) -> frozenset[str]:
    """The keys of the effects that any line of work gives."""
    steps = (step for work in work_names() for step in steps_of(work, scene))
    return frozenset(step.key for step in steps if isinstance(step, Effect))


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
    for judged in scene.assessment.gates:
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
    _, before, guard = seen_whole(played)
    assert wanted(scene) <= before
    found = embargoed(scene)
    if set(guard.facts) <= set(found.facts):
        return
    assert found.unseen
    plan = plan_release(replace(scene, assessment=replace(scene.assessment, gates=OPEN)))
    refused = {key for refusal in plan.refusals for key in refusal.keys if refusal.rule == "unseen"}
    for effect in plan.effects:
        if effect.reveals and not isinstance(effect.action, LiftConfidentiality):
            assert effect.key in refused


@pytest.mark.parametrize("played", EACH)
def test_one_part_that_could_not_be_seen_makes_nothing_better(played: Played) -> None:
    for way in paths(played):
        for sighting in worse(played, (way,)):
            assert sighting != played.sighting(), way
            never_less_guarded(played, never_better(played, sighting))


@pytest.mark.long
@pytest.mark.parametrize("point", TELLING)
@pytest.mark.parametrize("process", BUILTIN_NAMES)
def test_two_parts_that_could_not_be_seen_make_nothing_better(process: str, point: str) -> None:
    played = Played(process, point)
    for one, other in combinations(paths(played), 2):
        sighting = hidden(hidden(played.sighting(), one), other)
        never_less_guarded(played, never_better(played, sighting))


@pytest.mark.parametrize("played", EACH)
def test_what_is_not_whole_is_what_has_something_to_tell(played: Played) -> None:
    assert is_whole(played.sighting()) is not any(shortfalls(played.sighting()))
    for way in paths(played):
        for sighting in worse(played, (way,)):
            assert not is_whole(sighting), way
            assert any(shortfalls(sighting)), way


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
    keys = {key for _, wants, _ in told for key in wants}
    for end in ("email", "post/release", "cve/publish/CVE-2026-0001", "checklist"):
        assert f"{NAME}/{end}" in keys
    assert any(key.startswith(f"{NAME}/report/") for key in keys)


@pytest.mark.parametrize("played", PLAYED[:1], ids=lambda played: f"{played.process}-{played.point}")
def test_without_its_tracking_issue_a_release_could_not_be_seen(played: Played) -> None:
    for sighting in worse(played, (TRACKING,)):
        with pytest.raises(NotSeen, match="the tracking issue of 2026-11 could not be seen"):
            scene_of(played, sighting)

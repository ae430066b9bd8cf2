"""The people at the desk of a rehearsal: what they do when they look, told as they would have typed it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from secrel.adapters.localforge.people import NewIssue
from secrel.observe.release_file import ReleaseFile
from secrel.rehearsal.cast.crew import Crew
from secrel.rehearsal.cast.world import World
from secrel.words.errors import Misused
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.spans import Affected
from secrel.words.versions import Version
from tests.rehearsal.begun import before, begun, comes, forge_of, listed, lives, tracking, unbegun
from tests.rehearsal.made import VECTOR, fix, happens

URGENT = {"arrives": "6 days before", "ready": "5 days before", "cna_takes": "1 hour"}
LATE = {"arrives": "30 hours before", "ready": "30 hours before", "cna_takes": "1 hour"}
TIMING = "secrel claim 2026-11 timing-agreed --yes --words 'agreed with the release managers'"
MILD = VECTOR.replace("C:H/I:H", "C:L/I:N")
SPANS = [{"since": "18.0", "fixed": "18.4.4"}, {"since": "18.5", "fixed": "18.5.2"}]
WEEK = tuple(before(days=days, hours=hours) for days in (6, 5, 4, 3) for hours in (7, 0))


def work(world: World, *instants: datetime) -> list[str]:
    """What people do who look at these instants, each after everybody else has acted."""
    crew = Crew(world.stage, world.story)
    for at in instants:
        lives(world, at)
        crew.work()
    assert not crew.refused
    return [press.what for press in crew.presses]


def by_hand(world: World) -> str:
    """Let release managers open the tracking issue, and give its reference."""
    process, people, at = world.stage.process, forge_of(world.stage).people, world.stage.clock()
    labels = (process.labels["security"], process.labels["upcoming"])
    opened = NewIssue(process.projects["tracking"], "Security release", "release-managers", at, "", labels)
    return people.open_issue(replace(opened, due=world.story.release.due.date()))


def test_a_release_whose_tracking_issue_people_opened_begins_with_that(tmp_path: Path) -> None:
    world = unbegun(tmp_path, [fix(1)])
    ref, crew = by_hand(world), Crew(world.stage, world.story)
    crew.begin("amara", ReleaseFile(world.story.release, world.story.facts, ()))
    assert tracking(world).ref == ref
    [done], [refused] = crew.presses, crew.refused
    assert done.what.startswith(f"secrel start 2026-11 --from release.yaml --adopt {ref} --approve ")
    assert "people opened the tracking issue of a planned release" in refused.what


def test_of_two_tracking_issues_nobody_in_a_rehearsal_takes_one(tmp_path: Path) -> None:
    world = unbegun(tmp_path, [fix(1)])
    refs, crew = [by_hand(world), by_hand(world)], Crew(world.stage, world.story)
    with pytest.raises(Misused, match="2 open tracking issues") as told:
        crew.begin("amara", ReleaseFile(world.story.release, world.story.facts, ()))
    assert all(ref in str(told.value) for ref in refs)
    assert world.tracking() is None


def test_when_both_are_ill_somebody_else_finds_two_who_take_over(tmp_path: Path) -> None:
    ill = [happens("6 days before", "falls ill", who=who, days=20) for who in ("primary", "secondary")]
    world = begun(tmp_path, [fix(1)], *ill)
    lives(world, before(days=8))
    told = tracking(world).facts.of(ReleaseFacts)
    assert comes(world)
    assert comes(world, 1)
    pressed = work(world, *(before(days=5, hours=hours) for hours in (9, 3, -3, -9)))
    assert pressed == [f"secrel rotation swap 2026-11 {who}" for who in (told.primary, told.secondary)]
    now = tracking(world).facts.of(ReleaseFacts)
    assert {now.primary, now.secondary}.isdisjoint({told.primary, told.secondary})


def test_whoever_finds_people_who_take_over_does_nothing_else(tmp_path: Path) -> None:
    ill = [happens("5 days before", "falls ill", who=who, days=20) for who in ("primary", "secondary")]
    world = begun(tmp_path, [fix(1, **URGENT)], *ill, kind="unplanned")
    lives(world, before(days=6))
    assert comes(world)
    assert comes(world, 1)
    pressed = work(world, before(days=5, hours=3))
    assert pressed
    assert all(words.startswith("secrel rotation swap 2026-11 ") for words in pressed)


def test_the_gravest_fix_of_an_unplanned_release_is_labelled(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1, vector=MILD, **URGENT), fix(2, **URGENT)], kind="unplanned")
    ref = world.known.issues
    assert work(world, *WEEK) == [TIMING, f"label {ref['fix-2']} severity::1"]
    labels = {name: forge_of(world.stage).people.issues([at])[at].labels for name, at in ref.items()}
    assert labels == {"fix-1": {"security"}, "fix-2": {"security", "severity::1"}}


def test_a_fix_that_is_not_grave_is_labelled_by_nobody(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1, vector=MILD, **URGENT)], kind="unplanned")
    assert work(world, *WEEK) == [TIMING]


def test_the_incident_is_opened_by_those_whom_the_desk_asked_and_is_no_action_of_the_crew(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1, **URGENT)], kind="unplanned")
    work(world, *WEEK)
    process = world.stage.process
    refs = world.acts.linked(tracking(world).ref)
    found = world.acts.issues(sorted(refs)).values()
    (incident,) = [issue for issue in found if process.named("labels", "incident") in issue.labels]
    assert incident.ref.startswith(f"{process.named('projects', 'incident')}#")
    assert incident.author == process.named("people", "release_managers")


def test_fixes_that_go_for_one_reason_go_together(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1), fix(2, **LATE), fix(3, affected=None), fix(4, **LATE)])
    pressed = work(world, before(days=5), before(hours=47), before(hours=30), before(hours=24))
    ref = world.known.issues
    assert [words for words in pressed if "remove" in words] == [
        f"secrel fix remove 2026-11 '{ref['fix-3']}' --reason 'no affected versions at the deadline'",
        f"secrel fix remove 2026-11 '{ref['fix-2']}' '{ref['fix-4']}' --reason 'after the deadline'",
    ]
    assert listed(world) == {"fix-1"}


def test_a_range_that_was_typed_is_made_to_follow_the_versions(tmp_path: Path) -> None:
    bump = happens("20 hours before", "version bumped", product="gitlab", old="18.5.2", new="18.5.3")
    world = begun(tmp_path, [fix(1, affected=SPANS)], bump)
    assert work(world, before(days=5, hours=1)) == []
    assert comes(world)
    ref = world.known.issues["fix-1"]
    assert f"secrel fix set 2026-11 '{ref}' --since 18.0" in work(world, before(hours=20))
    found = forge_of(world.stage).people.issues([ref])[ref].facts.of(FixFacts)
    assert found.affected == Affected.since(Version.parse("18.0"))


def test_what_contradicts_the_facts_in_the_draft_is_put_right_by_hand_and_the_rest_stays(tmp_path: Path) -> None:
    events = [
        happens("40 hours before", "draft edited", find="18.5.2", put="18.5.9"),
        happens("39 hours before", "draft edited", find="Somebody could do", put="Anybody could do"),
    ]
    world = begun(tmp_path, [fix(1)], *events)
    work(world, before(days=5, hours=1), before(hours=48), before(hours=47))
    people = forge_of(world.stage).people
    written = people.merge_request_made("2026-11/post/draft")
    assert comes(world)
    assert comes(world, 1)
    assert written is not None
    assert f"correct by hand what the gates complain of in {written.ref}" in work(world, before(hours=36))
    mended = people.merge_request_made("2026-11/post/draft")
    assert mended is not None
    assert mended.files[0][1] == written.files[0][1].replace("Somebody could do", "Anybody could do")

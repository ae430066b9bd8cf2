"""What each happening does to the world of a story, and what it waits for; nobody is at the desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from secrel.journal.entries import claims
from secrel.rehearsal.cast.world import World
from secrel.rehearsal.happening import happen
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.forge import MergeRequest, Pipeline
from secrel.words.spans import Affected
from secrel.words.versions import Version
from tests.rehearsal.begun import (
    DUE,
    before,
    begun,
    comes,
    forge_of,
    listed,
    lives,
    open_post,
    requests,
    tags_with,
    tracking,
    unbegun,
)
from tests.rehearsal.made import VECTOR, fix, happens

READY = before(days=8)
OTHER = VECTOR.replace("I:H", "I:L")


def facts_of(world: World, name: str) -> FixFacts:
    ref = world.known.issues[name]
    return forge_of(world.stage).people.issues([ref])[ref].facts.of(FixFacts)


def pipelines(found: dict[str, MergeRequest]) -> list[object]:
    return [request.pipeline for request in found.values()]


def teams(request: MergeRequest) -> set[str]:
    assert isinstance(request.assents, tuple)
    return {assent.team for assent in request.assents}


def test_a_pipeline_fails_in_one_branch_and_passes_in_all(tmp_path: Path) -> None:
    fails = happens("5 days before", "pipeline fails", fix="fix-1", target="18-4-stable-ee")
    world = begun(tmp_path, [fix(1), fix(2)], fails, happens("4 days before", "pipeline passes", fix="fix-1"))
    lives(world, READY)
    assert comes(world)
    assert pipelines(requests(world, "fix-1")) == [Pipeline.PASSED, Pipeline.PASSED, Pipeline.FAILED]
    assert pipelines(requests(world, "fix-2")) == [Pipeline.PASSED] * 3
    assert world.known.is_unready("fix-1")
    assert not world.known.is_unready("fix-2")
    assert comes(world, 1)
    assert pipelines(requests(world, "fix-1")) == [Pipeline.PASSED] * 3
    assert not world.known.is_unready("fix-1")


def test_what_failed_before_it_was_ready_runs_again_and_passes_when_it_is(tmp_path: Path) -> None:
    events = [
        happens("30 days before", "pipeline fails", fix="fix-1"),
        happens("29 days before", "pipeline passes", fix="fix-1"),
    ]
    world = begun(tmp_path, [fix(1, arrives="40 days before", ready="9 days before")], *events)
    lives(world, before(days=40))
    assert comes(world)
    assert pipelines(requests(world, "fix-1")) == [Pipeline.FAILED, Pipeline.RUNNING, Pipeline.RUNNING]
    assert comes(world, 1)
    assert pipelines(requests(world, "fix-1")) == [Pipeline.RUNNING] * 3
    lives(world, before(days=9))
    assert pipelines(requests(world, "fix-1")) == [Pipeline.PASSED] * 3


def test_a_pipeline_that_failed_stays_so_when_the_fix_is_ready(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1, ready="9 days before")], happens("30 days before", "pipeline fails", fix="fix-1"))
    lives(world, before(days=40))
    assert comes(world)
    lives(world, before(days=9))
    assert pipelines(requests(world, "fix-1")) == [Pipeline.FAILED, Pipeline.PASSED, Pipeline.PASSED]


def test_an_approval_is_withdrawn_and_given_again(tmp_path: Path) -> None:
    events = [
        happens("5 days before", "approval withdrawn", fix="fix-1"),
        happens("4 days before", "approval given", fix="fix-1", target="master"),
    ]
    world = begun(tmp_path, [fix(1)], *events)
    lives(world, READY)
    assert teams(requests(world, "fix-1")["master"]) == {"maintainer", "appsec"}
    assert comes(world)
    assert teams(requests(world, "fix-1")["master"]) == set()
    assert teams(requests(world, "fix-1")["18-5-stable-ee"]) == {"maintainer"}
    assert world.known.is_unready("fix-1")
    assert comes(world, 1)
    assert teams(requests(world, "fix-1")["master"]) == {"maintainer", "appsec"}
    assert not world.known.is_unready("fix-1")


def test_an_approval_that_was_withdrawn_early_is_not_given_when_the_fix_is_ready(tmp_path: Path) -> None:
    early = happens("30 days before", "approval withdrawn", fix="fix-1")
    world = begun(tmp_path, [fix(1, ready="9 days before")], early)
    lives(world, before(days=40))
    assert comes(world)
    lives(world, before(days=9))
    found = requests(world, "fix-1")
    assert [teams(request) for request in found.values()] == [set(), {"maintainer"}, {"maintainer"}]


def test_facts_are_corrected_on_the_issue_and_for_whoever_asks(tmp_path: Path) -> None:
    events = [
        happens("5 days before", "facts corrected", fix="fix-1", facts={"vector": OTHER}),
        happens("4 days before", "facts corrected", fix="fix-1", facts={"affected": {"since": "18.0"}}),
    ]
    world = begun(tmp_path, [fix(1, range_given="when asked")], *events)
    lives(world, READY)
    assert facts_of(world, "fix-1").affected is None
    assert comes(world)
    assert comes(world, 1)
    forge_of(world.stage).people.add_note(world.known.issues["fix-1"], "since when?", "amara", before(days=4))
    lives(world, before(days=2))
    for facts in (facts_of(world, "fix-1"), world.facts_of(world.story.fix("fix-1"))):
        assert str(facts.vector) == OTHER
        assert facts.affected == Affected.since(Version.parse("18.0"))


def test_developers_give_a_range_a_day_after_somebody_of_the_team_asked(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1, range_given="when asked"), fix(2)])
    lives(world, before(days=20))
    ref = world.known.issues["fix-1"]
    forge_of(world.stage).people.add_note(ref, "since when?", "a passer-by", before(days=19))
    lives(world, before(days=15))
    assert facts_of(world, "fix-1").affected is None
    forge_of(world.stage).people.add_note(ref, "since when?", "amara", before(days=15))
    lives(world, before(days=14, hours=1))
    assert facts_of(world, "fix-1").affected is None
    lives(world, before(days=14))
    assert facts_of(world, "fix-1").affected == Affected.since(Version.parse("17.2"))


def test_a_fix_is_taken_out_and_put_back(tmp_path: Path) -> None:
    events = [
        happens("7 days before", "fix taken out", fix="fix-1"),
        happens("6 days before", "fix put back", fix="fix-1"),
    ]
    world = begun(tmp_path, [fix(1), fix(2)], *events)
    lives(world, READY)
    assert listed(world) == {"fix-1", "fix-2"}
    assert comes(world)
    assert listed(world) == {"fix-2"}
    assert comes(world, 1)
    assert listed(world) == {"fix-1", "fix-2"}
    assert world.known.linked["fix-1"] == before(days=6)


def test_a_fix_that_was_taken_out_before_it_was_ready_stays_out(tmp_path: Path) -> None:
    events = [
        happens("30 days before", "fix taken out", fix="fix-1"),
        happens("7 days before", "fix put back", fix="fix-1"),
    ]
    world = begun(tmp_path, [fix(1, ready="8 days before"), fix(2)], *events)
    lives(world, before(days=40))
    assert comes(world)
    lives(world, before(days=8))
    assert listed(world) == {"fix-2"}
    assert comes(world, 1)
    assert listed(world) == {"fix-1", "fix-2"}


def test_a_fix_that_is_put_back_before_it_is_ready_comes_in_when_it_is(tmp_path: Path) -> None:
    events = [
        happens("30 days before", "fix taken out", fix="fix-1"),
        happens("29 days before", "fix put back", fix="fix-1"),
    ]
    world = begun(tmp_path, [fix(1, ready="8 days before")], *events)
    lives(world, before(days=40))
    assert comes(world)
    assert comes(world, 1)
    assert listed(world) == set()
    lives(world, before(days=8))
    assert listed(world) == {"fix-1"}


def test_an_exception_is_signed_by_the_release_managers_or_by_whom_the_story_names(tmp_path: Path) -> None:
    events = [
        happens("30 hours before", "exception signed", gate="draft-reviewed", words="read aloud", who="farid"),
        happens("20 hours before", "exception signed", gate="no-late-fix", words="it goes in"),
    ]
    world = begun(tmp_path, [fix(1)], *events)
    assert comes(world)
    assert world.known.excepted is None
    assert comes(world, 1)
    assert world.known.excepted == before(hours=20)
    signed = [(c.gate, c.by, c.waives) for c in claims(world.stage.desk("amara").journal.entries())]
    assert signed == [("draft-reviewed", "farid", True), ("no-late-fix", "gita", True)], "who is a release manager"


def test_whoever_falls_ill_is_away_from_that_day_on(tmp_path: Path) -> None:
    events = [
        happens("6 days before", "falls ill", who="secondary", days=3),
        happens("5 days before", "falls ill", who="farid", days=1),
    ]
    world = begun(tmp_path, [fix(1)], *events)
    secondary = tracking(world).facts.of(ReleaseFacts).secondary
    assert comes(world)
    assert comes(world, 1)
    away = {person.username: person.absences for person in world.stage.team if person.absences}
    assert {name: [(a.first, a.last) for a in absences] for name, absences in away.items()} == {
        secondary: [(before(days=6).date(), before(days=3).date())],
        "farid": [(before(days=5).date(), before(days=4).date())],
    }


def test_the_release_moves_to_another_day(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1)], happens("5 days before", "due moves", to="2 days after"))
    assert comes(world)
    assert world.current().due == DUE + timedelta(days=2)
    assert world.story.release.due == DUE


def test_a_version_is_bumped_and_the_others_stay(tmp_path: Path) -> None:
    bump = {"product": "gitlab", "old": "18.5.2", "new": "18.5.3"}
    world = begun(
        tmp_path,
        [fix(1)],
        happens("5 hours before", "version bumped", **bump),
        happens("4 hours before", "version bumped", **bump),
    )
    assert comes(world)
    assert [str(version) for version in world.current().main.versions] == ["18.5.3", "18.4.4"]
    assert not comes(world, 1), "the version is not there any more"


@pytest.mark.parametrize(
    "told",
    [
        happens("60 days before", "falls ill", who="primary", days=3),
        happens("60 days before", "due moves", to="2 days after"),
        happens("60 days before", "version bumped", product="gitlab", old="18.5.2", new="18.5.3"),
        happens("60 days before", "checklist edited", put="- [ ] mine"),
    ],
    ids=lambda told: told["happens"],
)
def test_what_happens_to_a_release_waits_until_it_is_started(tmp_path: Path, told: dict[str, str]) -> None:
    world = unbegun(tmp_path, [], told)
    assert not comes(world)
    assert world.tracking() is None
    assert world.current() == world.story.release
    assert not any(person.absences for person in world.stage.team)
    assert world.known.edits == []


def test_a_fix_is_taken_out_and_put_back_before_the_release_is_started(tmp_path: Path) -> None:
    events = [
        happens("40 hours before", "fix taken out", fix="fix-1"),
        happens("39 hours before", "fix put back", fix="fix-1"),
    ]
    early = fix(1, arrives="42 hours before", ready="41 hours before")
    world = unbegun(tmp_path, [early], *events, kind="unplanned")
    lives(world, before(hours=42))
    assert comes(world)
    assert world.known.taken_out == {"fix-1"}
    assert comes(world, 1)
    assert world.known.taken_out == set()


def test_a_fix_is_reverted_in_one_series_and_comes_back_when_the_desk_says_so(tmp_path: Path) -> None:
    reverted = happens("10 hours before", "fix reverted", fix="fix-1", target="18-4-stable-ee")
    world = begun(tmp_path, [fix(1)], reverted)
    lives(world, before(days=40), READY)
    assert not happen(world, world.story.events[0], READY), "it is not merged yet"
    lives(world, before(hours=20))
    assert comes(world)
    lives(world, before(hours=2))
    assert tags_with(world, "fix-1") == {"18.5.2"}
    world.acts.add_note(tracking(world).ref, "A tag lacks a fix.", "amara")
    lives(world, before(hours=1))
    assert tags_with(world, "fix-1") == {"18.5.2", "18.4.4"}
    assert world.known.reverted == {}


def test_an_edit_of_the_draft_waits_until_the_text_is_there(tmp_path: Path) -> None:
    events = [
        happens("5 hours before", "draft edited", find="18.5.2", put="18.5.9"),
        happens("4 hours before", "draft edited", find="what nobody wrote", put="x"),
    ]
    world = begun(tmp_path, [fix(1)], *events)
    assert not comes(world), "there is no draft"
    draft = open_post(world, "draft", "security_site")
    assert comes(world)
    assert not comes(world, 1)
    assert forge_of(world.stage).people.merge_requests([draft.ref])[draft.ref].files == (
        ("posts/x.md", "18.5.9 is out.\n"),
    )
    assert world.known.edits == [("draft", "18.5.2", "18.5.9")]


def test_a_test_mail_is_garbled_when_it_is_made(tmp_path: Path) -> None:
    world = begun(tmp_path, [], happens("3 days before", "test mail garbled", find="18.5.2", put="18.5.1"))
    assert comes(world)
    assert world.known.garbled == [("18.5.2", "18.5.1")]

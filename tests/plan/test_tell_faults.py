"""One discussion on a merge request that is not ready: begun once, kept up to date, resolved."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from secrel.papers.scene import Scene
from secrel.snapshot.seen import Written
from secrel.words.advisories import Advisory
from secrel.words.documents import document_of
from secrel.words.effects import ChangeDiscussion, OpenDiscussion
from secrel.words.fixes import Fix
from secrel.words.forge import MergeRequest, Note, Pipeline, State
from secrel.words.outcomes import Receipt
from secrel.words.parts import Unseen
from tests.builders import NAME, NOW, REPOSITORY, a_contents, a_fix, a_snapshot, an_advisory, changed, requests
from tests.plan.scenes import PROCESS, a_scene, keys, made, one

REF = f"{REPOSITORY}!100"
KEY = f"{NAME}/faults/{REF}"
ADDRESS = f"{REF}#note_7"
BOT = PROCESS.people["release_bot"]


def ready(request: MergeRequest, **changes: Any) -> MergeRequest:
    return replace(request, **{"assignees": (BOT,), "is_public": False, **changes})


def a_fix_with(*, of: dict[str, Any] | None = None, **changes: Any) -> Fix:
    """A fix of which the merge request into the default branch is as `changes` say, and the others are ready."""
    fix = a_fix(1)
    first, *others = requests(fix)
    theirs = (ready(first, **changes), *(ready(other) for other in others))
    return changed(fix, **{"merge_requests": theirs, **(of or {})})


def scene_of(fix: Fix, note: Note | None = None, **parts: Any) -> Scene:
    """A scene in which the desk has begun the discussion that `note` began, if any."""
    made = {KEY: Receipt(KEY, ADDRESS, NOW)} if note else {}
    return a_scene(a_snapshot([fix], receipts=made, **parts))


def begun(fix: Fix) -> Note:
    """The note as the desk begins it now."""
    action = one("tell_faults", scene_of(fix)).action
    assert isinstance(action, OpenDiscussion)
    return Note("desk", NOW, action.body, mark=KEY, is_open=True)


def noted(fix: Fix, note: Note) -> Fix:
    first, *others = requests(fix)
    return changed(fix, merge_requests=(replace(first, notes=(note,), open_discussions=int(note.is_open)), *others))


def test_a_merge_request_with_faults_is_told_all_of_them_at_once() -> None:
    effect = one("tell_faults", scene_of(a_fix_with(is_draft=True, pipeline=Pipeline.FAILED, open_boxes=2)))
    assert effect.key == KEY
    assert isinstance(effect.action, OpenDiscussion)
    assert effect.action.ref == REF
    assert not effect.needs_approval
    for said in (
        "@farid, this merge request is not ready to go into `main`",
        "- its pipeline has failed",
        "- is still a draft",
        "- has 2 open boxes in its description",
        "assign it to",
    ):
        assert said in effect.action.body
    assert REF not in keys("tell_faults", scene_of(a_fix_with()))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"is_draft": True, "is_public": True},
        {"is_draft": True, "is_public": Unseen("not shown")},
        {"is_draft": True, "has_conflicts": Unseen("GitLab is still looking")},
        {"is_draft": True, "state": State.MERGED},
        {"is_draft": True, "state": State.CLOSED},
        {"is_draft": True, "of": {"product": Unseen("its details cannot be read")}},
        {"is_draft": True, "of": {"product": "another"}},
        {"is_draft": True, "of": {"merge_requests": Unseen("the forge does not answer")}},
    ],
)
def test_none_is_begun_without_a_fault_that_is_certain_and_for_the_team_alone(changes: dict[str, Any]) -> None:
    assert KEY not in keys("tell_faults", scene_of(a_fix_with(**changes)))


def test_none_is_begun_about_a_fix_that_no_version_of_this_release_brings() -> None:
    advisory: Advisory = replace(an_advisory(1), hosted_only="GitLab.com")
    snapshot = a_snapshot([a_fix_with(is_draft=True)], contents=a_contents(advisories=(advisory,)))
    assert keys("tell_faults", a_scene(snapshot)) == []


def test_a_fix_whose_facts_are_unseen_is_told_its_faults_all_the_same() -> None:
    fix = a_fix_with(is_draft=True)
    assert keys("tell_faults", scene_of(fix, untold={fix.ref: Unseen("x")})) == [KEY]


def test_a_discussion_follows_what_is_left_and_nothing_is_said_twice() -> None:
    fix = a_fix_with(is_draft=True, pipeline=Pipeline.FAILED)
    note = begun(fix)
    assert keys("tell_faults", scene_of(noted(fix, note), note)) == []
    less = noted(a_fix_with(is_draft=True), note)
    effect = one("tell_faults", scene_of(less, note))
    assert effect.key == f"{KEY}/edit/1"
    assert isinstance(effect.action, ChangeDiscussion)
    assert (effect.action.ref, effect.action.is_resolved, effect.action.expects) == (ADDRESS, False, note.body)
    assert "pipeline" not in effect.action.body


def test_a_discussion_is_resolved_when_nothing_is_left_and_opened_again_with_new_faults() -> None:
    note = begun(a_fix_with(is_draft=True))
    effect = one("tell_faults", scene_of(noted(a_fix_with(), note), note))
    assert isinstance(effect.action, ChangeDiscussion)
    assert effect.action.is_resolved
    assert "Nothing keeps this merge request" in effect.action.body
    mended = replace(note, body=effect.action.body, is_open=False)
    again = noted(a_fix_with(is_draft=True), mended)
    effect = one("tell_faults", scene_of(again, mended))
    assert isinstance(effect.action, ChangeDiscussion)
    assert not effect.action.is_resolved


def test_a_discussion_that_somebody_answered_is_resolved_by_people_alone() -> None:
    note = replace(begun(a_fix_with(is_draft=True)), thread="1")
    answer = Note("farid", NOW, "Not before the migration has run.", is_open=True, thread="1")
    mended, over = (noted(fix, note) for fix in (a_fix_with(), a_fix_with(state=State.MERGED)))
    for fix, key in ((mended, f"{KEY}/edit/1"), (over, f"{KEY}/over/1")):
        assert keys("tell_faults", scene_of(fix, note)) == [key]
        first, *others = requests(fix)
        told = changed(fix, merge_requests=(replace(first, notes=(note, answer)), *others))
        for effect in made("tell_faults", scene_of(told, note)):
            assert isinstance(effect.action, ChangeDiscussion)
            assert not effect.action.is_resolved
            assert "with an answer: a person resolves it" in effect.action.body


def test_what_a_person_resolved_stays_so_until_the_faults_are_others() -> None:
    fix = a_fix_with(is_draft=True)
    note = replace(begun(fix), is_open=False)
    assert keys("tell_faults", scene_of(noted(fix, note), note)) == []
    assert keys("tell_faults", scene_of(noted(a_fix_with(open_boxes=1), note), note)) == [f"{KEY}/edit/1"]


def test_what_a_person_wrote_into_the_first_note_stays_and_is_resolved_at_the_end() -> None:
    fix = a_fix_with(is_draft=True, open_boxes=1)
    sent = begun(fix)
    written = {f"faults/{REF}": Written(KEY, sent.body)}
    theirs = replace(sent, body=f"{sent.body}\n\nThe boxes are not for us.")
    less = noted(a_fix_with(is_draft=True), theirs)
    assert keys("tell_faults", scene_of(less, theirs, written=written)) == []
    assert keys("tell_faults", scene_of(noted(a_fix_with(is_draft=True), sent), sent, written=written)) != []
    effect = one("tell_faults", scene_of(noted(a_fix_with(), theirs), theirs, written=written))
    assert document_of(effect.key) is None, "their words are not taken for the desk's afterwards"
    assert effect.action == ChangeDiscussion(ADDRESS, theirs.body, is_resolved=True, expects=theirs.body)
    done = replace(theirs, is_open=False)
    assert keys("tell_faults", scene_of(noted(a_fix_with(), done), done, written=written)) == []


@pytest.mark.parametrize("state", [State.MERGED, State.CLOSED])
def test_the_discussion_of_what_is_merged_or_closed_is_resolved_as_it_is(state: State) -> None:
    note = begun(a_fix_with(is_draft=True))
    over = noted(a_fix_with(is_draft=True, state=state), note)
    effect = one("tell_faults", scene_of(over, note))
    assert effect.key == f"{KEY}/over/1"
    assert effect.action == ChangeDiscussion(ADDRESS, note.body, is_resolved=True, expects=note.body)
    done = replace(note, is_open=False)
    assert keys("tell_faults", scene_of(noted(over, done), done)) == []
    assert keys("tell_faults", scene_of(over)) == [], "one that the desk did not begin is nobody's to resolve"


def test_while_a_pipeline_runs_or_something_is_unseen_nothing_is_resolved() -> None:
    note = begun(a_fix_with(pipeline=Pipeline.FAILED))
    for changes in ({"pipeline": Pipeline.RUNNING}, {"assents": Unseen("x")}):
        assert keys("tell_faults", scene_of(noted(a_fix_with(**changes), note), note)) == []


@pytest.mark.parametrize("notes", [(), Unseen("the forge does not answer")])
def test_a_discussion_that_is_gone_or_unseen_is_not_begun_again(notes: Any) -> None:
    fix = a_fix_with(is_draft=True, notes=notes)
    assert keys("tell_faults", scene_of(fix, Note("desk", NOW, "x", mark=KEY))) == []


def test_without_an_author_or_a_bot_nobody_is_called() -> None:
    fix = a_fix_with(is_draft=True, author="")
    process = replace(PROCESS, people={**PROCESS.people, "release_bot": ""})
    effect = one("tell_faults", a_scene(a_snapshot([fix]), process))
    assert isinstance(effect.action, OpenDiscussion)
    assert effect.action.body.startswith("This merge request is not ready to go into `main`")
    assert "@" not in effect.action.body
    assert "assign it" not in effect.action.body

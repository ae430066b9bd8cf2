"""What people do to the embedded forge, and what it does not take from them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pygit2
import pytest
from msgspec.structs import replace

from secrel.adapters.localforge.forge import LocalForge
from secrel.adapters.localforge.given import LINE_LENGTH, TEXT_BYTES
from secrel.adapters.localforge.people import NewIssue, NewMergeRequest, People
from secrel.ports.people import ForgePeople
from secrel.words.errors import Misused, Refused, SecrelError
from secrel.words.facts.stated import FixFacts, Stated
from secrel.words.forge import Issue, MergeRequest, Pipeline, State
from tests.adapters.localforge.stage import PRODUCT, START, LocalStage
from tests.builders import assents_of, notes_of

SECRET = "the embargoed title"


def test_what_people_do_is_what_the_port_says() -> None:
    asked = {name: inspect.signature(what) for name, what in vars(ForgePeople).items() if not name.startswith("_")}
    assert len(asked) > 10
    assert {name: inspect.signature(getattr(People, name)) for name in asked} == asked


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[LocalStage]:
    stage = LocalStage(tmp_path)
    yield stage
    stage.close()


def issue_at(stage: LocalStage, ref: str) -> Issue:
    return stage.desk().people.issues([ref])[ref]


def merge_request_at(stage: LocalStage, ref: str) -> MergeRequest:
    return stage.desk().people.merge_requests([ref])[ref]


def new_merge_request(stage: LocalStage, branch: str = "fix-1") -> NewMergeRequest:
    stage.push(stage.product, branch, {"src/a.txt": "fixed\n"})
    return NewMergeRequest(stage.product, branch, "main", "Fix it", "amara", stage.clock())


def test_an_issue_is_changed_by_people(stage: LocalStage) -> None:
    people = stage.people
    ref = people.open_issue(
        NewIssue(
            "board", "A fix", "amara", START, "text", ["security"], ["bjorn"], facts=FixFacts(title="t", edition="CE")
        )
    )
    found = issue_at(stage, ref)
    assert (found.ref, found.mark, found.created_at) == ("board#1", "", START)
    assert (found.body, found.assignees, found.confidential) == ("text", ("bjorn",), True)
    assert found.labels == {"security"}
    people.set_title(ref, "Another title")
    people.set_body(ref, "another text")
    people.set_due(ref, date(2026, 11, 28))
    people.set_milestone(ref, "18.6")
    people.set_assignees(ref, ["chidi", "dewi", "chidi"])
    people.set_confidential(ref, confidential=False)
    people.add_label(ref, "severity::1")
    people.add_label(ref, "severity::1")
    people.remove_label(ref, "security")
    people.remove_label(ref, "never there")
    people.change_facts(ref, FixFacts(workaround="None."), ["workaround", "edition"])
    note = people.add_note(ref, "a remark", "elif", START + timedelta(hours=1))
    people.close(ref)
    found = issue_at(stage, ref)
    assert (found.title, found.body, found.due) == ("Another title", "another text", date(2026, 11, 28))
    assert (found.milestone, found.assignees, found.confidential) == ("18.6", ("chidi", "dewi"), False)
    assert found.labels == {"severity::1"}
    assert found.facts == Stated(FixFacts(title="t", workaround="None."))
    assert [(told.by, told.at, told.body) for told in notes_of(found)] == [
        ("elif", START + timedelta(hours=1), "a remark")
    ]
    assert note == f"{ref}#note_1"
    assert found.state is State.CLOSED
    people.reopen(ref)
    people.set_due(ref, None)
    assert (issue_at(stage, ref).state, issue_at(stage, ref).due) == (State.OPENED, None)


def test_an_address_is_as_good_as_a_reference(stage: LocalStage) -> None:
    ref = stage.open_issue("A fix")
    url = issue_at(stage, ref).url
    stage.people.set_title(url, "Another title")
    assert stage.desk().people.issues([url])[ref].title == "Another title"


def test_links_are_made_and_taken_away_at_an_instant(stage: LocalStage) -> None:
    tracking, fix = stage.open_issue("tracking"), stage.open_issue("fix")
    zone = datetime.fromisoformat("2026-11-03T10:00:00+02:00")
    stage.people.link(fix, tracking, "amara", zone)
    stage.people.unlink(tracking, fix, zone + timedelta(days=1))
    (link,) = stage.desk().people.linked(tracking)
    assert (link.ref, link.by) == (fix, "amara")
    assert (link.since, link.until) == (zone, zone + timedelta(days=1))
    with pytest.raises(Misused):
        stage.people.link(fix, fix, "amara", zone)


def test_a_merge_request_is_changed_by_people(stage: LocalStage) -> None:
    people = stage.people
    issue = stage.open_issue("fix")
    boxes = "- [ ] one\n- [x] two\n  * [ ] three\n1. [ ] four\n```\n- [ ] not this\n```\ntext - [ ] nor this\n"
    ref = people.add_merge_request(
        replace(
            new_merge_request(stage),
            issues=[issue, issue],
            body=boxes,
            labels=["security"],
            milestone="18.6",
            assignees=["bot"],
            reviewers=["bjorn"],
            is_draft=True,
        )
    )
    found = merge_request_at(stage, ref)
    assert (found.author, found.milestone, found.assignees, found.reviewers) == ("amara", "18.6", ("bot",), ("bjorn",))
    assert (found.is_draft, found.pipeline, found.open_boxes) == (True, Pipeline.NONE, 3)
    assert found.labels == {"security"}
    people.set_draft(ref, draft=False)
    people.set_pipeline(ref, Pipeline.FAILED)
    people.set_reviewers(ref, ["chidi"])
    people.remove_label(ref, "security")
    first = people.add_note(ref, "why?", "chidi", START, discussion=True)
    people.add_note(ref, "and this?", "chidi", START, discussion=True)
    people.add_note(ref, "thanks", "chidi", START)
    people.resolve(first)
    found = merge_request_at(stage, ref)
    assert (found.is_draft, found.pipeline, found.reviewers) == (False, Pipeline.FAILED, ("chidi",))
    assert (found.labels, found.open_discussions, len(notes_of(found))) == (frozenset(), 1, 3)
    people.set_title(ref, "Draft: Fix it")
    assert merge_request_at(stage, ref).is_draft
    assert [one.ref for one in stage.desk().people.related(issue)] == [ref]


def test_a_discussion_that_is_none_cannot_be_resolved(stage: LocalStage) -> None:
    ref = stage.open_issue("fix")
    plain = stage.people.add_note(ref, "no question", "chidi", START)
    for note in (plain, f"{ref}#note_99", "board#99#note_1", "board!1#note_1", "note_1", f"{ref}#note_0"):
        with pytest.raises(Misused):
            stage.people.resolve(note)


def test_approvals_are_of_the_branch_as_it_then_was(stage: LocalStage) -> None:
    ref = stage.people.add_merge_request(new_merge_request(stage))
    stage.people.approve(ref, "bjorn", stage.clock(), "appsec")
    stage.people.approve(ref, "chidi", stage.clock())
    found = merge_request_at(stage, ref)
    assert [(assent.by, assent.team) for assent in assents_of(found)] == [("bjorn", "appsec"), ("chidi", "")]
    assert found.changed_at is not None
    assert all(assent.at >= found.changed_at for assent in assents_of(found))
    stage.people.withdraw(ref, "@Chidi")
    stage.push(stage.product, "fix-1", {"src/a.txt": "better\n"})
    found = merge_request_at(stage, ref)
    assert [assent.by for assent in assents_of(found)] == ["bjorn"]
    assert found.changed_at is not None
    assert assents_of(found)[0].at < found.changed_at, "the branch moved after this approval"


def test_who_wrote_the_commits_of_a_branch_is_told_and_not_who_wrote_the_target(stage: LocalStage) -> None:
    ref = stage.people.add_merge_request(new_merge_request(stage))
    assert merge_request_at(stage, ref).writers == ("amara <amara@example.com>",)
    repository = stage.repository(stage.product)
    for branch, who in (("main", "bjorn"), ("fix-1", "Chidi")):
        tip = repository.branches[branch].peel(pygit2.Commit)
        by = pygit2.Signature(who, f"{who}@example.com", int(START.timestamp()), 0)
        repository.create_commit(f"refs/heads/{branch}", by, tip.committer, "more", tip.tree_id, [tip.id])
    assert merge_request_at(stage, ref).writers == ("Chidi <Chidi@example.com>", "amara <amara@example.com>")


def test_a_commit_that_claims_to_be_old_does_not_keep_an_approval_fresh(stage: LocalStage) -> None:
    ref = stage.people.add_merge_request(new_merge_request(stage))
    stage.people.approve(ref, "bjorn", stage.clock())
    stage.clock.now = START - timedelta(days=2)
    stage.push(stage.product, "fix-1", {"src/a.txt": "worse\n"})
    found = merge_request_at(stage, ref)
    assert found.changed_at is not None
    assert assents_of(found)[0].at < found.changed_at


def test_a_clock_that_was_ahead_does_not_make_an_approval_stale(stage: LocalStage) -> None:
    stage.clock.now = START + timedelta(days=2)
    new = new_merge_request(stage)
    ref = stage.people.add_merge_request(new)
    stage.people.approve(ref, "bjorn", START)
    found = merge_request_at(stage, ref)
    assert found.changed_at is not None
    assert assents_of(found)[0].at >= found.changed_at


def test_a_closed_or_draft_merge_request_is_not_merged(stage: LocalStage) -> None:
    people = stage.people
    ref = people.add_merge_request(new_merge_request(stage))
    people.close(ref)
    assert merge_request_at(stage, ref).state is State.CLOSED
    with pytest.raises(Refused):
        stage.merge(ref)
    people.reopen(ref)
    people.set_draft(ref, draft=True)
    with pytest.raises(Refused):
        stage.merge(ref)
    people.set_draft(ref, draft=False)
    before = stage.tip(stage.product, "main")
    commit = people.merge(ref, "Bjorn Example <bjorn@example.com>", START)
    made = stage.repository(stage.product)[commit]
    assert isinstance(made, pygit2.Commit)
    assert (made.author.name, made.author.email) == ("Bjorn Example", "bjorn@example.com")
    assert made.commit_time == int(START.timestamp())
    assert [str(parent) for parent in made.parent_ids] == [before, stage.tip(stage.product, "fix-1")]
    assert merge_request_at(stage, ref).merged_at == START
    assert people.merge(ref, "bjorn", START) == commit, "again, and it is the same one"
    with pytest.raises(Refused):
        people.close(ref)


def test_one_branch_has_one_open_merge_request(stage: LocalStage) -> None:
    new = new_merge_request(stage)
    first = stage.people.add_merge_request(new)
    with pytest.raises(Refused):
        stage.people.add_merge_request(new)
    assert stage.people.add_merge_request(replace(new, target="stable")) != first
    stage.people.close(first)
    stage.people.add_merge_request(new)


def bad_inputs() -> list[tuple[str, Callable[[People, str, str], object]]]:
    """Everything that is not taken, by what is wrong with it."""
    long, big, half = "x" * (LINE_LENGTH + 1), "x" * (TEXT_BYTES + 1), "half \ud800"
    issue = NewIssue("board", "A fix", "amara", START)
    merge = NewMergeRequest(PRODUCT.repository, "fix-1", "main", "Fix it", "amara", START)
    return [
        ("label with a newline", lambda people, ref, _: people.add_label(ref, "one\ntwo")),
        ("label with a NUL", lambda people, ref, _: people.add_label(ref, "one\0two")),
        ("label with a line separator", lambda people, ref, _: people.add_label(ref, "one\u2028two")),
        ("long label", lambda people, ref, _: people.add_label(ref, long)),
        ("empty label", lambda people, ref, _: people.add_label(ref, " ")),
        ("half a label", lambda people, ref, _: people.add_label(ref, half)),
        ("unknown issue", lambda people, _ref, _mr: people.add_label("board#99", "security")),
        ("unknown merge request", lambda people, _ref, _mr: people.set_pipeline("group/app!99", Pipeline.PASSED)),
        ("issue where a merge request is needed", lambda people, ref, _: people.set_pipeline(ref, Pipeline.PASSED)),
        ("merge request where an issue is needed", lambda people, _, mr: people.set_due(mr, None)),
        ("big text", lambda people, ref, _: people.set_body(ref, big)),
        ("big note", lambda people, ref, _: people.add_note(ref, big, "amara", START)),
        ("half a text", lambda people, ref, _: people.set_body(ref, half)),
        ("title of two lines", lambda people, ref, _: people.set_title(ref, f"{SECRET}\nmore")),
        ("long title", lambda people, ref, _: people.set_title(ref, SECRET * 30)),
        ("empty title", lambda people, ref, _: people.set_title(ref, "")),
        ("no zone", lambda people, ref, _: people.add_note(ref, SECRET, "amara", datetime(2026, 11, 2))),  # noqa: DTZ001 - what is tested
        ("nobody", lambda people, ref, _: people.add_note(ref, SECRET, "", START)),
        ("big facts", lambda people, ref, _: people.change_facts(ref, FixFacts(no_cve=big), ["no_cve"])),
        ("half a fact", lambda people, ref, _: people.change_facts(ref, FixFacts(no_cve=half), ["no_cve"])),
        ("facts of nothing", lambda people, _ref, _mr: people.change_facts("board#99", FixFacts(), [])),
        ("project that is none", lambda people, _ref, _mr: people.open_issue(replace(issue, project="../etc"))),
        ("long project", lambda people, _ref, _mr: people.open_issue(replace(issue, project=long))),
        ("milestone of two lines", lambda people, _ref, _mr: people.open_issue(replace(issue, milestone="a\nb"))),
        ("no such branch", lambda people, _ref, _mr: people.add_merge_request(replace(merge, branch="gone"))),
        ("no such target", lambda people, _ref, _mr: people.add_merge_request(replace(merge, target="gone"))),
        ("no repository", lambda people, _ref, _mr: people.add_merge_request(replace(merge, project="board"))),
        ("no such issue", lambda people, _ref, _mr: people.add_merge_request(replace(merge, issues=["board#99"]))),
        ("bad branch", lambda people, _ref, _mr: people.add_merge_request(replace(merge, branch="a..b"))),
        ("option as branch", lambda people, _ref, _mr: people.add_merge_request(replace(merge, branch="--exec=x"))),
        ("half a branch", lambda people, _ref, _mr: people.add_merge_request(replace(merge, branch=half[-1]))),
        ("short commit", lambda people, _ref, _mr: people.add_merge_request(replace(merge, head="abc"))),
        ("unknown commit", lambda people, _ref, _mr: people.add_merge_request(replace(merge, head="a" * 40))),
        ("unknown merge", lambda people, _, mr: people.record_merge(mr, "a" * 40)),
        ("merge by nobody", lambda people, _, mr: people.merge(mr, "", START)),
        ("merge at no time", lambda people, _, mr: people.merge(mr, "amara", datetime(2026, 11, 2))),  # noqa: DTZ001 - what is tested
    ]


@pytest.mark.parametrize("bad", [pytest.param(call, id=name) for name, call in bad_inputs()])
def test_bad_input_is_misused_and_changes_nothing(stage: LocalStage, bad: Callable[[People, str, str], object]) -> None:
    ref = stage.open_issue("A fix")
    merge_request = stage.people.add_merge_request(replace(new_merge_request(stage, "fix-0"), issues=[ref]))
    stage.push(stage.product, "fix-1", {"src/a.txt": "x\n"})
    before = issue_at(stage, ref), stage.people.related(ref), stage.tip(stage.product, "main")
    with pytest.raises(Misused) as caught:
        bad(stage.people, ref, merge_request)
    assert SECRET not in f"{caught.value} {caught.value.remedy}"
    after = issue_at(stage, ref), stage.people.related(ref), stage.tip(stage.product, "main")
    assert after == before
    assert set(stage.desk().people.issues([f"board#{number}" for number in range(1, 9)])) == {ref}


def test_projects_can_be_named_so_that_no_other_gets_an_issue(stage: LocalStage, tmp_path: Path) -> None:
    forge = LocalForge(tmp_path / "forge.sqlite3", stage.paths, [PRODUCT], stage.clock, projects=["board"])
    forge.people.open_issue(NewIssue("board", "A fix", "amara", START))
    forge.people.open_issue(NewIssue("group/app", "A fix", "amara", START))
    with pytest.raises(Misused):
        forge.people.open_issue(NewIssue("bored", "A fix", "amara", START))
    forge.close()


@pytest.mark.parametrize("name", ["a b", "", "a/../b", "/a"])
def test_a_repository_needs_a_project_with_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(SecrelError):
        LocalForge(tmp_path / "f", {name: tmp_path}, [], lambda: datetime(2026, 1, 1, tzinfo=UTC))

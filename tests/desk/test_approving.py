"""Approval is of exactly what was read, by somebody of the team who is not its only author (design.md, Approval)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pygit2
import pytest
from msgspec.structs import replace

from secrel.desk.authors import name_author
from secrel.desk.carrying_out import Memory, carry_out_approved, carry_out_free
from secrel.desk.claiming import claim
from secrel.desk.looking import look
from secrel.desk.proposing import propose, show
from secrel.journal.entries import Remembered
from secrel.papers.post.current import author_of
from secrel.papers.post.written import Author
from secrel.plan.plan import Plan
from secrel.rehearsal.vendor import commit_file
from secrel.words.errors import Misused, Refused
from secrel.words.people import Duty
from tests.desk.stage import DUE, NAME, NOTEBOOKS, Stage


def loud(stage: Stage, only: tuple[str, ...] | None = None) -> Plan:
    return propose(stage.desk(), look(stage.desk(), NAME), only).to_approve


def approvals(stage: Stage) -> list[tuple[str, str]]:
    return [(e.who, e.key) for e in stage.desk().journal.entries(NAME) if e.kind is Remembered.APPROVAL]


@pytest.fixture
def live(staged: Callable[[str], Stage]) -> Stage:
    return staged("live")


def test_the_approval_is_remembered_with_who_and_of_what(live: Stage) -> None:
    digest = loud(live).digest
    known = len(approvals(live))
    carry_out_approved(live.desk("bjorn"), NAME, read=digest)
    assert approvals(live)[known:] == [("bjorn", digest)]


def test_while_the_process_has_examples_nothing_becomes_public_and_what_is_quiet_goes_on(live: Stage) -> None:
    digest = loud(live).digest
    desk = replace(live.desk("bjorn"), examples=lambda: ("[addresses] site", "[cna] org_id"))
    with pytest.raises(Refused, match=r"must not become public: \[addresses\] site, and 1 more") as told:
        carry_out_approved(desk, NAME, read=digest)
    assert "secrel doctor" in told.value.remedy
    assert not live.files("mail")
    assert carry_out_free(desk, NAME).left.digest == digest


@pytest.mark.parametrize("read", ["", "0" * 32, "not a digest"])
def test_another_digest_approves_nothing(live: Stage, read: str) -> None:
    with pytest.raises(Refused, match="this desk has shown nobody a plan of that digest") as told:
        carry_out_approved(live.desk("bjorn"), NAME, read=read)
    assert told.value.remedy == f"read it again: secrel plan {NAME}"
    assert not live.files("mail")


def test_a_plan_that_changed_after_it_was_read_is_not_carried_out(live: Stage) -> None:
    desk = live.desk("bjorn")
    seen = look(desk, NAME)
    digest = show(desk, seen, propose(desk, seen)).digest
    live.write(NOTEBOOKS, {"title": "Another title of the same flaw"})
    with pytest.raises(Refused, match="and it is now") as told:
        carry_out_approved(desk, NAME, read=digest)
    assert f"{NAME}/email is no longer in it" in told.value.what, "it waits for another test mail"
    assert f"the details of {NOTEBOOKS} changed: title" in told.value.what
    assert "Another title" not in told.value.what
    assert not live.files("mail")
    assert not live.files("cve")


def test_a_plan_is_remembered_once_as_shown_and_a_stranger_leaves_nothing(live: Stage) -> None:
    seen = look(live.desk(), NAME)
    known = len(live.desk().journal.entries(NAME))
    show(live.desk("mallory"), seen, propose(live.desk(), seen))
    assert len(live.desk().journal.entries(NAME)) == known
    for by in ("amara", "bjorn"):
        show(live.desk(by), seen, propose(live.desk(), seen))
    [note] = live.desk().journal.entries(NAME)[known:]
    assert (note.kind, note.key) == (Remembered.NOTE, loud(live).digest)
    told = str(note.body)
    assert "Stored script" not in told, "no text is kept"


def test_what_merely_got_later_is_the_same_plan(live: Stage) -> None:
    digest = loud(live).digest
    live.at += timedelta(minutes=5)
    assert loud(live).digest == digest


def test_a_part_is_approved_by_its_own_digest(live: Stage) -> None:
    whole, part = loud(live), loud(live, ("reporters",))
    assert {effect.kind for effect in part.effects} == {"TellReporter"}
    assert part.digest != whole.digest
    with pytest.raises(Refused, match="and it is now"):
        carry_out_approved(live.desk("bjorn"), NAME, read=whole.digest, only=("reporters",))
    outcomes = carry_out_approved(live.desk("bjorn"), NAME, read=part.digest, only=("reporters",))
    assert len(outcomes) == len(live.files("reporters")) == 2
    assert not live.files("mail")
    rest = loud(live)
    assert set(whole.effects) - set(part.effects) == set(rest.effects)


def test_a_line_of_work_that_there_is_not_is_named(live: Stage) -> None:
    with pytest.raises(Misused, match="there is no line of work 'reporter'") as told:
        propose(live.desk(), look(live.desk(), NAME), ("reporter",))
    assert "reporters" in told.value.remedy


@pytest.mark.parametrize("by", ["clockwork", "\u0430mara", "amara2", "release-managers", "desk"])
def test_whoever_is_not_in_the_team_approves_nothing(live: Stage, by: str) -> None:
    digest = loud(live).digest
    with pytest.raises(Refused, match="is not in the team"):
        carry_out_approved(live.desk(by), NAME, read=digest)
    assert not live.files("mail")


def test_the_only_author_cannot_approve_alone(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    claim(stage.desk("bjorn"), NAME, "draft-reviewed", "we have read it together", waives=True)
    draft = stage.request("post/draft")
    stage.forge.people.withdraw(draft.ref, "bjorn")
    stage.at = DUE + timedelta(minutes=1)
    plan = loud(stage)
    assert plan.authors == {"amara"}
    with pytest.raises(Refused, match="amara cannot approve this plan alone"):
        carry_out_approved(stage.desk("amara"), NAME, read=plan.digest)
    assert stage.forge.people.merge_request_made(f"{NAME}/post/release") is None
    assert carry_out_approved(stage.desk("bjorn"), NAME, read=plan.digest)


def test_an_approval_of_an_older_draft_does_not_count(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    assert loud(stage).authors == frozenset()
    draft = stage.request("post/draft")
    [(path, text)] = draft.files
    stage.at += timedelta(minutes=5)
    commit_file(stage.folder / "private.git", draft.branch, (path, f"{text}\nMore.\n"), "amara", stage.at)
    assert loud(stage).authors == {"amara"}
    stage.at += timedelta(minutes=5)
    stage.forge.people.approve(draft.ref, "dewi", stage.at)
    assert loud(stage).authors == frozenset()


def test_the_author_is_who_was_named_and_not_who_opened_the_draft(staged: Callable[[str], Stage]) -> None:
    stage = staged("requested")
    name_author(stage.desk("bjorn"), NAME, Author("Dewi Example", "dewi@vendor.example", "dewi"))
    stage.at = DUE - timedelta(days=4)
    stage.quiet("bjorn")
    seen = look(stage.desk("bjorn"), NAME)
    assert author_of(seen.snapshot, "bjorn").name == "Dewi Example"
    assert stage.request("post/draft").author == "bjorn"
    assert loud(stage).authors == {"dewi", "bjorn"}
    stage.forge.people.approve(stage.request("post/draft").ref, "dewi", stage.at)
    stage.forge.people.approve(stage.request("post/draft").ref, "bjorn", stage.at)
    assert loud(stage).authors == {"dewi", "bjorn"}, "neither the author nor whoever opened it is another reader"
    stage.forge.people.approve(stage.request("post/draft").ref, "amara", stage.at)
    assert loud(stage).authors == frozenset()


def test_without_duties_whoever_sits_at_the_desk_is_the_author(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    stage.write(stage.issue("tracking").ref, {"primary": None, "secondary": None})
    seen = look(stage.desk("dewi"), NAME)
    assert seen.snapshot.duty is None
    assert author_of(seen.snapshot, "dewi").username == "dewi"
    assert author_of(seen.snapshot, "somebody").name == "somebody"
    stage.write(stage.issue("tracking").ref, {"primary": "amara", "secondary": "bjorn"})
    seen = look(stage.desk("dewi"), NAME)
    assert seen.snapshot.duty == Duty(NAME, "amara", "bjorn")
    assert author_of(seen.snapshot, "dewi").name == "Amara"


def test_when_nothing_can_be_written_the_reasons_are_left(live: Stage) -> None:
    live.approve("bjorn", ("email", "cve_records"))
    live.write(NOTEBOOKS, {"affected": None})
    carried = carry_out_free(live.desk(), NAME, ("reporters",))
    assert carried.left.effects == ()
    assert {refusal.rule for refusal in carried.left.refusals} == {"facts"}
    assert all("nobody has said which versions are affected" in refusal.what for refusal in carried.left.refusals)
    assert not live.files("reporters")


def test_there_is_no_release_post_without_a_reviewed_draft(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    draft = stage.request("post/draft")
    [(path, _)] = draft.files
    stage.at = DUE + timedelta(minutes=1)
    repository = pygit2.Repository(stage.folder / "private.git")
    repository.references[f"refs/heads/{draft.branch}"].set_target(repository.references["refs/heads/main"].target)
    assert stage.request("post/draft").files == (), path
    for gate in stage.desk().process.gates:
        if gate.phase == "draft":
            claim(stage.desk("bjorn"), NAME, gate.name, "signed", waives=True)
    left = carry_out_free(stage.desk(), NAME, ("release_post",)).left
    assert left.effects == ()
    assert ["there is no reviewed draft" in refusal.what for refusal in left.refusals] == [True]


def test_a_desk_that_goes_on_looking_does_not_think_twice(live: Stage) -> None:
    memory, desk = Memory(), live.desk("amara")
    first = carry_out_free(desk, NAME, memory=memory)
    assert memory.recall(first.look) == first.left
    live.at += timedelta(minutes=1)
    again = carry_out_free(desk, NAME, memory=memory)
    assert again.left.digest == first.left.digest
    live.approve("bjorn")
    after = carry_out_free(desk, NAME, memory=memory)
    assert after.left.effects == ()
    live.at += timedelta(minutes=1)
    assert carry_out_free(desk, NAME, memory=memory).outcomes == ()
    live.write(NOTEBOOKS, {"title": "A title that changed"})
    assert memory.recall(look(desk, NAME)) is None

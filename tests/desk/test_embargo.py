"""Nothing is revealed early, and nothing of a removed fix ever, whatever people do in whatever order (mission M10)."""

from __future__ import annotations

import email
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from tempfile import TemporaryDirectory

import pygit2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from secrel.apply.applying import Done
from secrel.desk.carrying_out import carry_out_approved, carry_out_free
from secrel.desk.claiming import claim
from secrel.desk.fixing import link_fix, remove_fix
from secrel.desk.looking import look
from secrel.desk.proposing import propose
from secrel.plan.lines import work_names
from secrel.plan.plan import Plan
from secrel.rehearsal.vendor import commit_file
from secrel.words.errors import Refused, SecrelError
from secrel.words.forge import State
from tests.desk.stage import DUE, NAME, NOTEBOOKS, TOKENS, Stage, a_stage

SECRETS = ("tokensinthelogfilesofworkers", "cve20262222", "tokensoftheservicewerewritten", "findernumbertwo")
"""What gives the fix `tokens` away, as letters and figures alone."""
DISGUISED = (
    "Tokens in the log files of workers",
    "TOKENS **in the** `log files` of\nworkers",
    "Tokens&#32;in the log files of <b>work</b>ers",
    "CVE-2026-2222",
    "cve-2026\u20112222",
    "Tokens of the service were written into log files by every worker that started twice.",
    "thanks to finder-number-two",
    "see local:vendor/product#2",
    "from security-tokens-main",
)
DISCLOSED = timedelta(days=30)


def letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def spoken(file: Path) -> str:
    """What somebody reads who gets this file."""
    if file.suffix == ".json":
        return json.dumps(json.loads(file.read_bytes()), ensure_ascii=False)
    if file.suffix != ".eml":
        return file.read_text("utf-8")
    message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(message["Subject"]), *parts])


def public(stage: Stage) -> dict[str, str]:
    """Everything that has become public, or was told to somebody outside, with what it says."""
    found = {
        str(file): spoken(file)
        for folder in ("mail", "reporters", "cve")
        for file in stage.files(folder)
        if not file.parent.name.startswith(".")
    }
    repository = pygit2.Repository(stage.folder / "public.git")
    for name in repository.references:
        tree = repository.references[name].peel(pygit2.Commit).tree
        for entry, text in _blobs(repository, tree):
            found[f"{name}:{entry}:{text}"] = text
    return found


def _blobs(repository: pygit2.Repository, tree: pygit2.Tree, path: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in tree:
        if isinstance(entry, pygit2.Tree):
            found += _blobs(repository, entry, f"{path}{entry.name}/")
        elif isinstance(entry, pygit2.Blob):
            found.append((f"{path}{entry.name}", entry.data.decode()))
    return found


@dataclass
class Story:
    """What was done on a stage; every command may fail in our words, and in no others."""

    stage: Stage
    read: list[Plan] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)

    def run(self, command: Callable[[Story], None], step: timedelta) -> None:
        self.stage.at += step
        linked = {
            link.ref for link in self.stage.forge.people.linked(self.stage.issue("tracking").ref) if link.until is None
        }
        due = datetime.fromisoformat(self.stage.issue("tracking").facts.table["due"])
        said = ""
        try:
            command(self)
        except SecrelError as fault:
            said = letters(f"{fault} {fault.remedy}")
        assert not any(secret in said for secret in SECRETS), "errors tell no secrets"
        self._check(linked, due)

    def _check(self, linked: set[str], due: datetime) -> None:
        now, stage = public(self.stage), self.stage
        news = {name: text for name, text in now.items() if name not in self.seen}
        self.seen = now
        if news:
            assert stage.at >= due, f"revealed {due - stage.at} early: {list(news)}"
        for name, text in news.items():
            if TOKENS not in linked:
                assert not [secret for secret in SECRETS if secret in letters(text)], name
            assert "local:vendor/security#" not in text, "addresses of what stays confidential"
        post = stage.forge.people.merge_request_made(f"{NAME}/post/release")
        for ref, issue in stage.forge.people.issues([NOTEBOOKS, TOKENS]).items():
            if not issue.confidential:
                assert post is not None, ref
                assert post.merged_at is not None, ref
                assert stage.at >= post.merged_at + DISCLOSED, ref


def quiet(story: Story) -> None:
    carry_out_free(story.stage.desk("amara"), NAME)


def quiet_only(work: str) -> Callable[[Story], None]:
    return lambda story: void(carry_out_free(story.stage.desk("bjorn"), NAME, (work,)))


def approve_only(work: str) -> Callable[[Story], None]:
    return lambda story: void(story.stage.approve("bjorn", (work,)))


def read(story: Story) -> None:
    story.read.append(propose(story.stage.desk(), look(story.stage.desk(), NAME)).to_approve)


def approve(story: Story) -> None:
    story.stage.approve("bjorn")


def approve_what_was_read(story: Story) -> None:
    for plan in story.read:
        now = propose(story.stage.desk(), look(story.stage.desk(), NAME)).to_approve
        outcomes = carry_out_approved(story.stage.desk("bjorn"), NAME, read=plan.digest)
        assert [o.effect.key for o in outcomes] == [e.key for e in plan.effects], "what was read is what is done"
        assert now.digest == plan.digest


def merge_post(story: Story) -> None:
    post = story.stage.forge.people.merge_request_made(f"{NAME}/post/release")
    if post is not None:
        story.stage.forge.people.merge(post.ref, "release-managers", story.stage.at)


def take_out(story: Story) -> None:
    remove_fix(story.stage.desk("amara"), NAME, TOKENS, "not ready")


def put_back(story: Story) -> None:
    link_fix(story.stage.desk("amara"), NAME, TOKENS)


def slip(story: Story) -> None:
    tracking = story.stage.issue("tracking")
    due = datetime.fromisoformat(tracking.facts.table["due"]) + timedelta(days=2)
    story.stage.write(tracking.ref, {"due": due.isoformat()})


def waive(gate: str) -> Callable[[Story], None]:
    return lambda story: void(claim(story.stage.desk("bjorn"), NAME, gate, "signed", waives=True))


def write_into_draft(text: str) -> Callable[[Story], None]:
    def write(story: Story) -> None:
        draft = story.stage.request("post/draft")
        [(path, body)] = draft.files or (("", ""),)
        if body and draft.state is State.OPENED:
            file = (path, f"{body}\n{text}\n")
            commit_file(story.stage.folder / "private.git", draft.branch, file, "farid", story.stage.at)
            story.stage.forge.people.approve(draft.ref, "dewi", story.stage.at)

    return write


def void(_value: object) -> None:
    return None


WAIVED = (
    "ranges-proved",
    "merge-requests-ready",
    "post-fixes-match",
    "post-wording-right",
    "post-published-right",
    "removed-fixes-told",
    "fixes-in-tags",
    "no-late-fix",
    "post-live",
    "test-email-right",
    "draft-reviewed",
    "post-extras-in",
    "versions-tagged",
)
COMMANDS = st.one_of(
    st.sampled_from([quiet, approve, approve_what_was_read, read, merge_post, take_out, put_back, slip]),
    st.sampled_from([quiet, approve, merge_post]),
    st.sampled_from(work_names()).map(quiet_only),
    st.sampled_from(work_names()).map(approve_only),
    st.sampled_from(DISGUISED).map(write_into_draft),
    st.sampled_from(WAIVED).map(waive),
)
STEPS = st.sampled_from([0, 0, 0, 1, 119, 120, 180, 60 * 24, 60 * 24 * 29, 60 * 24 * 31]).map(
    lambda minutes: timedelta(minutes=minutes)
)


def open_all_gates_early(stage: Stage) -> None:
    """Give the desk a process that forgot when gates open: only the plan and apply know the time."""
    desk = stage.desk()
    gates = tuple(structs.replace(gate, opens=None) for gate in desk.process.gates)
    stage.opened[0] = replace(desk, process=structs.replace(desk.process, gates=gates))


@pytest.mark.first
@pytest.mark.long
@settings(max_examples=25)
@given(
    st.sampled_from(["ready", "live"]),
    st.booleans(),
    st.lists(st.tuples(COMMANDS, STEPS), min_size=1, max_size=9),
)
def test_nothing_leaves_early_whatever_people_do(
    point: str,
    is_lax: bool,  # noqa: FBT001 - drawn
    commands: list[tuple[Callable[[Story], None], timedelta]],
) -> None:
    with TemporaryDirectory() as folder, a_stage(point, Path(folder) / "desk") as stage:
        if is_lax:
            open_all_gates_early(stage)
        story = Story(stage, seen=public(stage))
        for command, step in commands:
            story.run(command, step)


def test_a_process_that_forgot_when_gates_open_reveals_nothing_early(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    open_all_gates_early(stage)
    story = Story(stage, seen=public(stage))
    stage.forge.people.approve(stage.request("post/draft").ref, "dewi", stage.at)
    stage.at = DUE - timedelta(seconds=1)
    plan = propose(stage.desk(), look(stage.desk(), NAME), ("release_post",))
    assert [effect.key for effect in plan.effects] == [f"{NAME}/post/release"]
    assert ["0:00:01 early" in refusal.what for refusal in plan.refusals] == [True]
    with pytest.raises(Refused, match="0:00:01 early"):
        carry_out_approved(stage.desk("amara"), NAME, read=plan.to_approve.digest, only=("release_post",))
    assert public(stage) == story.seen
    stage.at = DUE
    assert stage.approve("amara", ("release_post",)) == [f"{NAME}/post/release"]


def test_a_process_that_forgot_the_days_of_disclosure_lifts_nothing_early(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    open_all_gates_early(stage)
    merged_at = stage.request("post/release").merged_at
    assert merged_at is not None
    stage.at = merged_at + DISCLOSED - timedelta(seconds=1)
    plan = propose(stage.desk(), look(stage.desk(), NAME), ("public_issues",))
    assert plan.effects == ()
    seen = public(stage)
    assert stage.approve("bjorn", ("public_issues",)) == []
    assert public(stage) == seen
    stage.at = merged_at + DISCLOSED
    assert len(stage.approve("bjorn", ("public_issues",))) == 4, "each is cleared of what is private, and then lifted"


def everything_waived(story: Story) -> None:
    """Sign exceptions for every gate that would hold the post back, so that only the guard is left."""
    for gate in WAIVED:
        if gate != "post-live":
            waive(gate)(story)


@pytest.mark.parametrize("text", DISGUISED)
def test_only_the_guard_stands_between_a_removed_fix_and_the_public(text: str, staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    story = Story(stage, seen=public(stage))
    take_out(story)
    quiet(story)
    write_into_draft(text)(story)
    everything_waived(story)
    stage.at = DUE + timedelta(minutes=1)
    plan = propose(stage.desk(), look(stage.desk(), NAME), ("release_post",))
    assert [effect.key for effect in plan.effects] == [f"{NAME}/post/release"]
    assert {refusal.rule for refusal in plan.refusals} == {"embargo"}
    [told] = [refusal.what for refusal in plan.refusals]
    assert TOKENS in told
    assert not any(secret in letters(told) for secret in SECRETS), "it names the fact, and does not say it"
    with pytest.raises(Refused, match="still under embargo"):
        carry_out_approved(stage.desk("bjorn"), NAME, read=plan.to_approve.digest, only=("release_post",))
    assert public(stage) == story.seen


def test_without_it_the_post_goes_out(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    story = Story(stage, seen=public(stage))
    write_into_draft("A sentence of a person's, about nothing secret.")(story)
    everything_waived(story)
    stage.at = DUE + timedelta(minutes=1)
    assert stage.approve("amara", ("release_post",)) == [f"{NAME}/post/release"]
    assert any("about nothing secret" in text for text in public(stage).values())


def test_a_fix_taken_out_before_the_draft_is_secret_as_well(staged: Callable[[str], Stage]) -> None:
    stage = staged("requested")
    story = Story(stage, seen=public(stage))
    take_out(story)
    stage.at = DUE - timedelta(days=4)
    quiet(story)
    write_into_draft("It also mends CVE-2026-2222.")(story)
    everything_waived(story)
    stage.at = DUE + timedelta(minutes=1)
    [refusal] = propose(stage.desk(), look(stage.desk(), NAME), ("release_post",)).refusals
    assert "the CVE id of vendor/product#2" in refusal.what, "the id stands in a note of the CNA alone"


def test_an_announced_title_that_holds_a_removed_one_is_no_secret(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    story = Story(stage, seen=public(stage))
    stage.write(TOKENS, {"title": "Stored script", "description": "", "credits": None})
    stage.forge.people.set_title(TOKENS, "Stored script")
    take_out(story)
    quiet(story)
    write_into_draft("")(story)
    everything_waived(story)
    stage.at = DUE + timedelta(minutes=1)
    assert propose(stage.desk(), look(stage.desk(), NAME), ("release_post",)).refusals == ()


def test_issues_become_public_after_the_days_of_disclosure_alone(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    stage.approve("bjorn")
    merged_at = stage.request("post/release").merged_at
    assert merged_at is not None
    stage.at = merged_at + DISCLOSED - timedelta(seconds=1)
    assert stage.approve("bjorn") == []
    assert all(issue.confidential for issue in stage.forge.people.issues([NOTEBOOKS, TOKENS]).values())
    stage.at = merged_at + DISCLOSED
    assert f"{NAME}/public/{NOTEBOOKS}" in stage.approve("bjorn")
    assert not any(issue.confidential for issue in stage.forge.people.issues([NOTEBOOKS, TOKENS]).values())


def test_what_keeps_its_label_and_what_was_linked_too_late_stays_confidential(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    story = Story(stage, seen=public(stage))
    stage.approve("bjorn")
    take_out(story)
    stage.at += timedelta(days=1)
    put_back(story)
    stage.forge.people.add_label(NOTEBOOKS, "keep confidential")
    stage.at += timedelta(days=40)
    carried = carry_out_free(stage.desk(), NAME)
    assert not [effect for effect in carried.left.effects if "/public/" in effect.key]


def test_a_plan_that_was_read_in_time_is_not_carried_out_early_when_the_day_slips(
    staged: Callable[[str], Stage],
) -> None:
    stage = staged("ready")
    stage.at = DUE + timedelta(minutes=1)
    story = Story(stage, seen=public(stage))
    read(story)
    assert story.read[0].effects
    assert not story.read[0].refusals
    slip(story)
    with pytest.raises(Refused):
        carry_out_approved(stage.desk("bjorn"), NAME, read=story.read[0].digest)
    assert public(stage) == story.seen


def test_the_order_of_gates_holds_for_a_chosen_line_of_work(staged: Callable[[str], Stage]) -> None:
    stage = staged("ready")
    plan = propose(stage.desk(), look(stage.desk(), NAME), ("email", "public_issues"))
    assert plan.effects == ()
    assert {refusal.rule for refusal in plan.refusals} == {"order"}
    assert len(plan.refusals) == 2
    with pytest.raises(Refused, match="waits for"):
        carry_out_approved(stage.desk("bjorn"), NAME, read=plan.to_approve.digest, only=("email", "public_issues"))
    assert not stage.files("mail")


def test_nothing_of_it_is_in_doubt_afterwards(staged: Callable[[str], Stage]) -> None:
    stage = staged("live")
    desk = stage.desk("bjorn")
    digest = propose(desk, look(desk, NAME)).to_approve.digest
    assert {outcome.done for outcome in carry_out_approved(desk, NAME, read=digest)} == {Done.DONE}
    assert len(stage.files("mail")) == 1


def test_what_a_person_made_public_waits_for_the_announcement_and_holds_it_up_for_nobody(
    staged: Callable[[str], Stage],
) -> None:
    stage = staged("ready")
    stage.forge.people.set_confidential(stage.issue("checklist").ref, confidential=False)
    stage.at = DUE + timedelta(minutes=1)
    before = stage.issue("checklist").body
    desk = stage.desk("bjorn")
    [refusal] = propose(desk, look(desk, NAME)).refusals
    assert refusal.keys[0].startswith(f"{NAME}/checklist/edit/")
    assert refusal.what == f"everybody could read {refusal.keys[0]}, and the release is not announced yet"
    keys = stage.approve("bjorn")
    assert f"{NAME}/post/release" in keys
    assert stage.issue("checklist").body == before
    stage.forge.people.merge(stage.request("post/release").ref, "release-managers", stage.at)
    stage.at = DUE + timedelta(minutes=30)
    stage.approve("bjorn")
    assert stage.issue("checklist").body != before

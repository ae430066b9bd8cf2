"""Writes to a GitLab: what it would do without a word is refused or said, and people's work is never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace

from secrel.adapters.gitlab.client import Client, Limits
from secrel.adapters.gitlab.marks import line_of, together
from secrel.adapters.gitlab.tokens import Token
from secrel.adapters.gitlab.writing.writer import GitLabWriter
from secrel.words.effects import (
    Action,
    Audience,
    CloseIssue,
    CloseMergeRequest,
    Comment,
    LiftConfidentiality,
    LinkIssue,
    OpenDiscussion,
    OpenIssue,
    RewriteFiles,
    RewriteIssue,
    SendMail,
    SetFacts,
    SetHead,
    TrackBranch,
    UnlinkIssue,
)
from secrel.words.errors import InDoubt, Misused, NothingDone, Refused
from secrel.words.facts.stated import UNSTATED, FixFacts
from secrel.words.heads import Head
from secrel.words.outcomes import CannotTell, Made, NotMade
from tests.adapters.gitlab.stage import BOARD, BOTS, PRODUCT, SITE, GitLabStage
from tests.exam.forge_exam import ACTOR, EMBARGO, do, effect, opening, posting
from tests.gitlab_double import faults
from tests.gitlab_double.world.things import MergeRequest


@pytest.fixture
def stage() -> GitLabStage:
    return GitLabStage()


class _Meanwhile(httpx2.BaseTransport):
    """Lets something happen just before the first request of a method is answered."""

    def __init__(self, inner: httpx2.BaseTransport, method: str, act: Callable[[], None]) -> None:
        self._inner, self._method, self._act = inner, method, act

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == self._method:
            self._method = ""
            self._act()
        return self._inner.handle_request(request)


def meanwhile(stage: GitLabStage, method: str, act: Callable[[], None]) -> GitLabWriter:
    _, timing = stage.client()
    transport = _Meanwhile(stage.double.transport(), method, act)
    token = Token(stage.tokens[BOTS[0]])
    return GitLabWriter(Client(stage.world.site.url, token, timing, transport=transport, limits=Limits()), timing)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"labels": ("Security",)}, "the label is written 'security'"),
        ({"labels": ("securty",)}, "there is no such label"),
        ({"assignees": ("nobody",)}, "there is no such user"),
        ({"milestone": "18.7"}, "there is no milestone '18.7'"),
        ({"title": "x" * 256}, "the title has 256 letters, and GitLab takes 255"),
        ({"title": "two\nlines"}, "a title is one line"),
        ({"body": "x" * 1_048_570}, "the text has 1,048,\\d+ letters, and GitLab takes 1,048,576"),
        ({"links": (f"{BOARD}#77",)}, "it does not exist, or this token may not see it"),
        ({"project": "group/nowhere"}, "it does not exist, or this token may not see it"),
    ],
)
def test_what_gitlab_would_make_or_leave_out_without_a_word_is_refused(
    stage: GitLabStage, changes: dict[str, Any], said: str
) -> None:
    labels = [label.name for label in stage.at(BOARD).labels]
    with pytest.raises(Misused, match=said):
        do(stage.desk(), effect("2026-11/issue", opening(stage, **changes)))
    assert stage.world.issues[stage.at(BOARD).id] == {}
    assert [label.name for label in stage.at(BOARD).labels] == labels


def test_what_a_tier_does_not_take_is_said_and_the_issue_is_taken_up(stage: GitLabStage) -> None:
    stage.world.site.enterprise = False
    asked = effect("2026-11/issue", opening(stage, assignees=("amara", "bjorn")))
    with pytest.raises(Refused, match="GitLab did not take its assignees"):
        do(stage.desk(), asked)
    assert do(stage.desk(), asked) == f"{BOARD}#1"
    assert len(stage.world.issues[stage.at(BOARD).id]) == 1
    head = SetHead(f"{BOARD}#1", Head(assignees=("amara", "bjorn")), Head(assignees=("amara",)))
    with pytest.raises(Refused, match="GitLab did not take its assignees"):
        do(stage.desk(), effect("2026-11/head", head))


def test_where_a_tier_takes_one_of_several_people_it_is_the_first(stage: GitLabStage) -> None:
    stage = GitLabStage(is_paid=False)
    both = ("bjorn", "amara")
    issue = do(stage.desk(), effect("2026-11/issue", opening(stage, assignees=both)))
    draft = do(
        stage.desk(), effect("2026-11/post/draft", replace(posting(stage), assignees=both, reviewers=both[::-1]))
    )
    names = {user.id: name for name, user in stage.people.items()}
    assert [names[one] for one in stage.thing(issue).assignees] == ["bjorn"]
    request = stage.thing(draft)
    assert isinstance(request, MergeRequest)
    assert [names[one] for one in (*request.assignees, *request.reviewers)] == ["bjorn", "amara"]
    for number, people in enumerate((both[::-1], both, both)):
        head = effect(f"2026-11/head/{number}", SetHead(issue, Head(assignees=people), Head(assignees=people[::-1])))
        assert isinstance(stage.desk().find(head, begun=None), Made if number == 2 else NotMade)
        do(stage.desk(), head)
        assert [names[one] for one in stage.thing(issue).assignees] == [people[0]]
        assert isinstance(stage.desk().find(head, begun=EMBARGO), Made)


def test_an_issue_has_its_milestone_and_its_day(stage: GitLabStage) -> None:
    asked = opening(stage, milestone="18.6", due=date(2026, 11, 25), labels=("security",))
    issue = stage.thing(do(stage.desk(), effect("2026-11/issue", asked)))
    assert issue.milestone_id is not None
    assert issue.labels == ["security"]


def test_a_mark_counts_only_in_what_an_account_of_the_desk_wrote(stage: GitLabStage) -> None:
    forged = stage.open_issue("forged", together("mine", mark=line_of("2026-11/issue")))
    made = do(stage.desk(), effect("2026-11/issue", opening(stage)))
    assert made != forged
    stage.world.note(stage.thing(made), together("x", mark=line_of("2026-11/note")), by=stage.people["amara"])
    assert stage.desk().find(effect("2026-11/note", Comment(made, "x")), begun=None) == NotMade()


def test_two_of_one_kind_are_named_and_nothing_more_is_written(stage: GitLabStage) -> None:
    asked = effect("2026-11/issue", opening(stage))
    ref = do(stage.desk(), asked)
    text = stage.thing(ref).description
    stage.world.issue(stage.at(BOARD), "twice", by=stage.people[BOTS[1]], description=text)
    note = effect("2026-11/note", Comment(ref, "x"))
    do(stage.desk(), note)
    stage.world.note(stage.thing(ref), together("x", mark=line_of("2026-11/note")), by=stage.people[BOTS[1]])
    for one in (asked, note):
        found = stage.desk().find(one, begun=None)
        assert isinstance(found, CannotTell)
        assert "more than one desk" in found.reason
        with pytest.raises(InDoubt, match="more than one desk"):
            do(stage.desk(), one)
    assert len(stage.world.issues[stage.at(BOARD).id]) == 2


def test_what_somebody_writes_in_the_very_moment_is_said(stage: GitLabStage) -> None:
    ref = do(stage.desk(), effect("2026-11/issue", opening(stage, body="as it was")))
    writer = meanwhile(stage, "PUT", lambda: stage.edit(ref, "theirs"))
    asked = effect("2026-11/rewrite", RewriteIssue(ref, "as it is", "as it was"))
    with pytest.raises(InDoubt, match="somebody rewrote its text in the same moment"):
        writer.do(asked, actor=ACTOR)
    assert writer.find(asked, begun=stage.world.clock.now) == Made(ref)


def test_a_rewritten_text_is_found_under_what_people_wrote_since(stage: GitLabStage) -> None:
    asked = effect("2026-11/rewrite", RewriteIssue(f"{BOARD}#1", "one\nnew\nlast", "one\nold\nlast"))
    stage.open_issue("an issue", "one\nnew\nlast\nand mine")
    desk = stage.desk()
    assert desk.find(asked, begun=stage.world.clock.now) == Made(f"{BOARD}#1")
    assert desk.find(asked, begun=None) == NotMade()
    stage.edit(f"{BOARD}#1", "one\nold\nlast\nand mine")
    assert desk.find(asked, begun=stage.world.clock.now) == NotMade()


def test_a_head_is_found_under_what_people_changed_since(stage: GitLabStage) -> None:
    ref = stage.open_issue("new")
    stage.world.change(stage.thing(ref), labels=["c"])
    asked = effect("2026-11/head", SetHead(ref, Head("new", labels=("a",)), Head("old", labels=("b",))))
    assert stage.desk().find(asked, begun=stage.world.clock.now) == Made(ref)
    assert stage.desk().find(asked, begun=None) == NotMade()


def test_the_hundred_and_first_link_is_refused_in_words(stage: GitLabStage) -> None:
    stage.world.site.most_links = 1
    one, two, three = (stage.open_issue(title) for title in "abc")
    desk = stage.desk()
    do(desk, effect("2026-11/link/1", LinkIssue(two, one)))
    with pytest.raises(Refused, match="GitLab takes 100 links, and one of them has as many"):
        do(desk, effect("2026-11/link/2", LinkIssue(three, one)))
    with pytest.raises(Misused, match="cannot be linked to itself"):
        do(desk, effect("2026-11/link/3", LinkIssue(one, one)))
    with pytest.raises(Refused, match="as many"):
        do(desk, effect("2026-11/issue", opening(stage, links=(one,))))
    assert desk.find(effect("2026-11/issue", opening(stage, links=(one,))), begun=None) == NotMade()


def test_a_pair_that_somebody_links_or_parts_in_the_moment_is_as_it_was_to_be(stage: GitLabStage) -> None:
    one, two = stage.open_issue("one"), stage.open_issue("two")
    ends = stage.thing(one), stage.thing(two)
    writer = meanwhile(stage, "POST", lambda: void(stage.world.link(*ends)))  # type: ignore[arg-type]
    assert writer.do(effect("2026-11/link", LinkIssue(one, two)), actor=ACTOR) == Made(one, earlier=True)
    writer = meanwhile(stage, "DELETE", lambda: stage.world.unlink(stage.world.links[0]))
    assert writer.do(effect("2026-11/unlink", UnlinkIssue(one, two)), actor=ACTOR) == Made(one, earlier=True)


def void(_made: object) -> None:
    return


def test_a_limit_of_notes_passes_and_one_that_stays_is_no_doubt(stage: GitLabStage) -> None:
    ref = stage.open_issue("an issue")
    asked = effect("2026-11/note", Comment(ref, "x"))
    stage.double.fail("POST", "/notes", faults.too_many(retry_after=7), times=2)
    assert do(stage.desk(), asked)
    assert [wait for wait in stage.waited if wait >= 7]
    other = effect("2026-11/note/2", Comment(ref, "y"))
    stage.double.fail("POST", "/notes", faults.throttled(), times=9)
    with pytest.raises(NothingDone, match="too many requests"):
        do(stage.desk(), other)
    assert len([note for note in stage.thing(ref).notes if not note.system]) == 1


def test_what_cannot_be_written_on_is_misused(stage: GitLabStage) -> None:
    desk = stage.desk()
    ref = stage.open_issue("an issue")
    actions: tuple[Action, ...] = (Comment(f"{ref}#note_1", "x"), SetHead(f"{ref}#note_1", Head("a"), Head("b")))
    for action in actions:
        with pytest.raises(Misused):
            do(desk, effect("2026-11/on-a-note", action))
    with pytest.raises(Misused, match="does not carry out SendMail"):
        desk.find(effect("2026-11/mail", SendMail("a@b.example", "s", "t")), begun=None)


def test_what_is_done_already_is_not_sent_again(stage: GitLabStage) -> None:
    ref = stage.open_issue("an issue", "text")
    desk = stage.desk()
    request = do(desk, effect("2026-11/post", posting(stage)))
    stood = (("posts/post.md", "# Post\n"),)
    actions: list[Action] = [
        CloseIssue(ref),
        CloseMergeRequest(request),
        RewriteIssue(ref, "text", "before"),
        SetHead(ref, Head("an issue"), Head("before")),
        LiftConfidentiality(ref, "an issue", "text", UNSTATED),
    ]
    same = RewriteFiles(request, "Draft: a post", "please read", stood, stood, ("Draft: a post", "please read"))
    do(desk, effect("2026-11/same", same))
    for number, action in enumerate(actions):
        do(desk, effect(f"2026-11/first/{number}", action))
        count = len([one for one in stage.double.log if one.method != "GET"])
        made = desk.do(replace(effect(f"2026-11/again/{number}", action), audience=Audience.EVERYBODY,
                               not_before=EMBARGO), actor=ACTOR)  # fmt: skip
        assert made.earlier
        assert len([one for one in stage.double.log if one.method != "GET"]) == count, action


@pytest.mark.parametrize("path", ["../a", "/a", "a//b", ".git/config", "a\\b", "a\nb", ""])
def test_a_path_that_leads_outside_is_misused(stage: GitLabStage, path: str) -> None:
    with pytest.raises(Misused, match="is no path of a file"):
        do(stage.desk(), effect("2026-11/post", replace(posting(stage), files=((path, "x"),))))
    with pytest.raises(Misused, match="named twice"):
        do(stage.desk(), effect("2026-11/post", replace(posting(stage), files=(("a", "x"), ("a", "y")))))
    assert "2026-11-post" not in stage.at(SITE).repository.branches


def test_a_branch_that_an_attempt_left_is_brought_up_to_date_and_used(stage: GitLabStage) -> None:
    stage.double.fail("POST", "/merge_requests", faults.answering(403, {"message": "403 Forbidden"}))
    with pytest.raises(Refused):
        do(stage.desk(), effect("2026-11/post", posting(stage, text="old\n")))
    ref = do(stage.desk(), effect("2026-11/post", posting(stage, text="new\n")))
    repository = stage.at(SITE).repository
    assert repository.commits[repository.branches["2026-11-post"]].tree["posts/post.md"] == "new\n"
    assert ref == f"{SITE}!1"


def test_a_branch_that_somebody_makes_in_the_moment_is_left_alone(stage: GitLabStage) -> None:
    writer = meanwhile(stage, "POST", lambda: void(stage.push(SITE, "2026-11-post", {"a.md": "theirs\n"})))
    with pytest.raises(Refused, match="is not what this effect makes"):
        writer.do(effect("2026-11/post", posting(stage)), actor=ACTOR)


def test_a_file_that_is_no_text_is_refused(stage: GitLabStage) -> None:
    stage.double.fail(
        "GET", "/files/", faults.answering(200, {"content": "/w==", "last_commit_id": "x", "encoding": "base64"})
    )
    with pytest.raises(Refused, match="the file is no text"):
        do(stage.desk(), effect("2026-11/post", posting(stage)))


def test_people_of_a_merge_request_are_compared_in_the_answer(stage: GitLabStage) -> None:
    stage.world.site.enterprise = False
    asked = replace(posting(stage), assignees=("amara", "bjorn"), reviewers=("bjorn",), labels=("security",))
    with pytest.raises(Refused, match="GitLab did not take its assignees"):
        do(stage.desk(), effect("2026-11/post", asked))
    assert do(stage.desk(), effect("2026-11/post", asked)) == f"{SITE}!1"


def test_nothing_public_says_what_is_under_embargo(stage: GitLabStage) -> None:
    """Commit messages and marks that everybody can read have no key, which may name a fix."""
    stage.at(SITE).visibility = "public"
    told = replace(effect("2026-11/cve/group/app#4", posting(stage)), audience=Audience.EVERYBODY, not_before=EMBARGO)
    do(stage.desk(), told)
    repository = stage.at(SITE).repository
    message = repository.commits[repository.branches["2026-11-post"]].message
    request = stage.thing(f"{SITE}!1")
    assert "app#4" not in f"{message}{request.title}{request.description}"
    shown = replace(effect("2026-11/cve/group/app#5", opening(stage, confidential=False)), audience=Audience.EVERYBODY,
                    not_before=EMBARGO)  # fmt: skip
    assert "app#5" not in (stage.thing(do(stage.desk(), shown)).description or "")


def test_a_public_thing_gets_no_word_that_something_confidential_named_it(stage: GitLabStage) -> None:
    public, hidden = stage.open_issue("public"), stage.open_issue("hidden")
    stage.publish(public)
    url = f"{stage.world.site.url}/{BOARD}/-/issues"
    text = f"see {public}, {hidden}, {BOARD}#99, {url}/{public[-1]} and [it]({url}/{hidden[-1]})\n\ncloses {hidden}"
    actions: tuple[Action, ...] = (opening(stage, body=text), Comment(hidden, text))
    for action in actions:
        do(stage.desk(), effect(f"2026-11/{type(action).__name__}", action))
    notes = [note.body for note in stage.thing(public).notes]
    assert not [body for body in notes if body.startswith("mentioned")]
    assert [note.body for note in stage.thing(hidden).notes if note.body.startswith("mentioned")]


@pytest.mark.parametrize("visibility", ["public", "internal"])
def test_a_project_that_others_can_read_by_now_gets_no_word_that_the_team_was_to_read(
    stage: GitLabStage, visibility: str
) -> None:
    """A project made public, or visible to whoever is signed in, takes what lies in it along."""
    draft, issue = do(stage.desk(), effect("2026-11/post", posting(stage))), stage.open_issue("an issue")
    for path in (SITE, PRODUCT):
        stage.at(path).visibility = visibility
    actions: tuple[Action, ...] = (
        Comment(draft, "a word"),
        OpenDiscussion(draft, "a word"),
        replace(posting(stage), branch="another"),
        replace(opening(stage, confidential=False), project=PRODUCT),
        TrackBranch(PRODUCT, "stable", "main", "a title", issue),
    )
    said = len(stage.thing(draft).notes)
    for action in actions:
        with pytest.raises(Refused, match="everybody can read"):
            do(stage.desk(), effect(f"2026-11/{type(action).__name__}", action))
    assert len(stage.thing(draft).notes) == said
    assert "another" not in stage.at(SITE).repository.branches
    assert "mentioned" not in "".join(note.body for note in stage.thing(issue).notes)


def test_nothing_is_linked_to_an_issue_that_everybody_can_read_by_now(stage: GitLabStage) -> None:
    """GitLab tells of a link on both ends."""
    ref, asked = stage.open_issue("an issue", "its text"), opening(stage)
    stage.publish(ref)
    with pytest.raises(Refused, match="everybody can read"):
        do(stage.desk(), effect("2026-11/linking", replace(asked, links=(ref,))))
    stage.publish(ref, confidential=True)
    do(stage.desk(), effect("2026-11/linking", replace(asked, links=(ref,))))


def test_a_text_calls_those_whom_the_desk_may_call_and_nobody_else(stage: GitLabStage) -> None:
    ref = do(stage.desk(), effect("2026-11/issue", opening(stage, body="@release-managers, not @all\n/close\n")))
    issue = stage.thing(ref)
    assert "@release-managers" in (issue.description or "")
    assert "@all" not in (issue.description or "")
    assert issue.state == "opened"
    stage.world.change(issue, assignees=[stage.people["amara"]])
    do(stage.desk(), effect("2026-11/note", Comment(ref, "@amara and @bjorn")))
    assert [note.body.partition("\n")[0] for note in issue.notes if not note.system] == ["@amara and @\u2060bjorn"]


def test_a_branch_is_tracked_by_naming_its_issue(stage: GitLabStage) -> None:
    issue = stage.open_issue("a fix")
    stage.push(PRODUCT, "fix", {"src/a.txt": "fixed\n"})
    branch = TrackBranch(PRODUCT, "fix", "main", "Fix it", issue)
    do(stage.desk(), effect("2026-11/track", branch))
    with pytest.raises(Refused, match="has an open merge request already"):
        do(stage.desk(), effect("2026-11/track/again", branch))
    with pytest.raises(Misused, match="there is no branch 'gone'"):
        do(stage.desk(), effect("2026-11/wrong", replace(branch, branch="gone")))
    assert f"Related to {issue}" in (stage.thing(f"{PRODUCT}!1").description or "")


def test_a_list_that_is_longer_than_anybody_reads_is_no_proof(stage: GitLabStage) -> None:
    for number in range(101):
        stage.world.issue(stage.at(BOARD), f"issue {number}", by=stage.people[BOTS[0]])
    client, timing = stage.client(pages=1)
    with pytest.raises(InDoubt, match="too long to be read whole"):
        GitLabWriter(client, timing).find(effect("2026-11/issue", OpenIssue(BOARD, "t", "b")), begun=None)


def test_what_is_not_seen_after_it_was_sent_is_in_doubt(stage: GitLabStage) -> None:
    stage.double.lag(10_000, own=True)
    ref = stage.open_issue("an issue")
    stage.double.lag(0)
    stage.double._stale.clear()
    stage.double.lag(10_000, own=True)
    with pytest.raises(InDoubt, match="it was sent, and cannot be seen"):
        do(stage.desk(), effect("2026-11/close", CloseIssue(ref)))
    assert stage.thing(ref).state == "closed"


@pytest.mark.parametrize("table", ["```json\n{ broken", "```yaml\n- [", "```yaml\ntitle: A fix # mine"])
def test_a_table_that_a_person_wrote_stays_to_the_letter_when_the_words_change(stage: GitLabStage, table: str) -> None:
    ref = stage.open_issue("an issue", f"old\n\n### Details\n\n{table}\n```")
    do(stage.desk(), effect("2026-11/rewrite", RewriteIssue(ref, "new", "old")))
    assert stage.thing(ref).description == f"new\n\n### Details\n\n{table}\n```"


def test_a_table_that_cannot_be_read_is_not_written_over(stage: GitLabStage) -> None:
    ref = stage.open_issue("an issue", "words\n\n### Details\n\n```json\n{ broken\n```")
    before = stage.thing(ref).description
    with pytest.raises(Refused, match="its details table cannot be read"):
        do(stage.desk(), effect("2026-11/facts", SetFacts(ref, FixFacts(edition="CE"), ("edition",), UNSTATED)))
    assert stage.thing(ref).description == before


def test_a_limit_that_asks_for_an_hour_is_told_and_not_waited_for(stage: GitLabStage) -> None:
    ref = stage.open_issue("an issue")
    stage.double.fail("POST", "/notes", faults.too_many(retry_after=3_600), times=9)
    with pytest.raises(NothingDone, match="too many requests"):
        do(stage.desk(), effect("2026-11/note", Comment(ref, "x")))
    assert sum(stage.waited) < 60

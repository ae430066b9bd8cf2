"""The exam that every forge adapter sits: the embedded forge today, others with a stage of their own.

A class of tests inherits `ForgeExam` and gives it a `stage`: a forge that was filled by nobody yet, the things that
people do there, and ways to run a desk in processes that race each other or die.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Protocol

import pytest

from secrel.ports.forge import ForgeReader, Hand
from secrel.words.effects import (
    Action,
    CloseIssue,
    CloseMergeRequest,
    Comment,
    Effect,
    LiftConfidentiality,
    LinkIssue,
    OpenIssue,
    OpenMergeRequest,
    RewriteFiles,
    RewriteIssue,
    SendMail,
    SetFacts,
    TrackBranch,
    UnlinkIssue,
)
from secrel.words.errors import Misused, Refused
from secrel.words.facts.stated import UNSTATED, FixFacts, ReleaseFacts, Shipped, Stated
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.releases import Kind
from secrel.words.versions import Version
from tests.builders import VECTOR

HOSTILE = [
    "",
    " ",
    "two\r\nlines\rand\n\nmore\n",
    "a NUL \0 inside",
    "\u202egnp.exe\u202c and \u2066isolated\u2069, \ufeffmarked",
    "👩‍👩‍👧‍👦 🏴‍☠️ e\u0301 \U0010ffff",
    "/close\n/label ~approved\n/unlink #1\n/merge\n/confidential\n@all @here",
    "<script>alert(1)</script><!-- secrel: forged/mark --> {{ 7 * 7 }} {% raw %} '; DROP TABLE issues; --",
    "---\nconfidential: false\n---\n⟦2026-11/tracking⟧",
    "x" * 200_000,
]


EMBARGO = datetime(2026, 12, 28, tzinfo=UTC)
UNREAD: Mapping[str, object] = {"CVSS": "n/a", "vector": "AV:N", "credits": [{"nick": "x"}], "Ready": True}
"""Lines of a details table that no desk can read."""


class Desk(ForgeReader, Hand, Protocol):
    """A forge, as a desk uses it."""


class Stage(Protocol):
    """A forge to be examined, with what people do there.

    `product` is a project with a repository that has the branches `main` and `stable`, `site` one of a site with the
    branch `main`, which holds `index.md` alone; `board` a project for issues only.
    """

    product: str
    site: str
    board: str

    def desk(self) -> Desk:
        """Give a desk of its own, as another laptop has."""
        ...

    def open_issue(self, title: str, body: str = "") -> str:
        """Let a person open an issue on the board."""
        ...

    def edit(self, ref: str, body: str) -> None:
        """Let a person rewrite the text of an issue."""
        ...

    def write(self, ref: str, lines: Mapping[str, object]) -> None:
        """Let a person write lines of an issue's details table, whatever they say; None takes one away."""
        ...

    def push(self, project: str, branch: str, files: Mapping[str, str]) -> str:
        """Let a person commit on a branch, started from `main` when it is new."""
        ...

    def open_merge_request(self, branch: str, target: str, issue: str) -> str:
        """Let a person open a merge request of the product for an issue."""
        ...

    def merge(self, ref: str) -> str:
        """Let a person merge a merge request, and give the commit."""
        ...

    def tag(self, name: str, branch: str) -> None:
        """Let a person tag the newest commit of a branch of the product."""
        ...

    def race(self, effect: Effect) -> list[str]:
        """Let two desks in two processes carry out the same effect at once; give what each was told."""
        ...

    def dies(self, effect: Effect, moment: int) -> bool:
        """Let a desk in a process of its own die in the middle of an effect; False when it was done before."""
        ...


def effect(key: str, action: Action) -> Effect:
    return Effect(key, action, "as the exam asks")


def issue_at(desk: Desk, ref: str) -> Issue:
    return desk.issues([ref])[ref]


def opening(stage: Stage, **changes: object) -> OpenIssue:
    return replace(OpenIssue(stage.board, "November security release", "what is in it"), **changes)  # type: ignore[arg-type]


def posting(stage: Stage, branch: str = "2026-11-post", text: str = "# Post\n") -> OpenMergeRequest:
    return OpenMergeRequest(stage.site, branch, "main", "Draft: a post", "please read", (("posts/post.md", text),))


def posted(desk: Desk, mark: str = "2026-11/post") -> MergeRequest:
    found = desk.merge_request_by_mark(mark)
    assert found is not None
    return found


def every_action(stage: Stage, desk: Desk) -> list[Action]:
    """One action of every kind, on things that are there; each can be told to have happened once."""
    issue, tracking, linked = (stage.open_issue(title, "as it was") for title in ("one", "tracking", "linked"))
    desk.do(effect("exam/linked", LinkIssue(linked, tracking)))
    first = desk.do(effect("exam/first", posting(stage, "exam-first", "as it was\n")))
    second = desk.do(effect("exam/second", posting(stage, "exam-second")))
    stage.push(stage.product, "exam-fix", {"src/a.txt": "fixed\n"})
    return [
        opening(stage, links=(tracking,)),
        RewriteIssue(issue, "as it is", "as it was"),
        Comment(issue, "a remark"),
        Comment(first, "a remark"),
        LinkIssue(issue, tracking),
        UnlinkIssue(linked, tracking),
        posting(stage, "exam-third"),
        RewriteFiles(first, "New", "new", (("posts/post.md", "new\n"),), (("posts/post.md", "as it was\n"),)),
        CloseMergeRequest(second),
        SetFacts(issue, FixFacts(edition="CE"), ("edition",), UNSTATED),
        TrackBranch(stage.product, "exam-fix", "main", "Fix it", issue),
        CloseIssue(issue),
        LiftConfidentiality(issue),
    ]


class ForgeExam:
    """What every forge has to be able to do, seen through the ports alone."""

    def test_what_was_made_is_found_by_its_mark(self, stage: Stage) -> None:
        desk, another = stage.desk(), stage.desk()
        for number, action in enumerate(every_action(stage, desk)):
            asked = effect(f"exam/found/{number}", action)
            assert another.find(asked) is None, action
            address = desk.do(asked)
            assert another.find(asked) == address, action
            assert another.do(asked) == address, "done again, it gives the first one"

    def test_a_blind_effect_is_never_found(self, stage: Stage) -> None:
        desk = stage.desk()
        asked = replace(effect("2026-11/blind", opening(stage)), findable=False)
        desk.do(asked)
        assert desk.find(asked) is None

    def test_a_key_is_good_for_one_kind_of_thing(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = desk.do(effect("2026-11/thing", opening(stage)))
        with pytest.raises(Refused):
            desk.do(effect("2026-11/thing", CloseIssue(ref)))
        assert issue_at(desk, ref).state is State.OPENED

    def test_a_desk_that_dies_at_any_moment_leaves_one_effect(self, stage: Stage) -> None:
        desk = stage.desk()
        for number, action in enumerate(every_action(stage, desk)):
            asked = effect(f"exam/crash/{number}", action)
            for moment in count(1):
                died = stage.dies(asked, moment)
                if not died:
                    break
            found = desk.find(asked)
            assert found is not None
            assert desk.do(asked) == found
        self._count_once(stage, desk)

    def test_two_desks_at_once_make_one_thing(self, stage: Stage) -> None:
        desk = stage.desk()
        for number, action in enumerate(every_action(stage, desk)):
            told = stage.race(effect(f"exam/race/{number}", action))
            assert len(told) == 2
            assert len(set(told)) == 1, action
        self._count_once(stage, desk)

    def _count_once(self, stage: Stage, desk: Desk) -> None:
        """Look at everything that `every_action` does: each is there, and once."""
        made = desk.issues([f"{stage.board}#{number}" for number in range(1, 20)])
        assert [issue.title for issue in made.values()] == ["one", "tracking", "linked", "November security release"]
        one, tracking = list(made.values())[:2]
        assert one.body == "as it is"
        assert one.facts == Stated(FixFacts(edition="CE"))
        (tracked,) = desk.merge_requests_of([one.ref])[one.ref]
        assert (tracked.branch, tracked.target, tracked.title) == ("exam-fix", "main", "Fix it")
        assert [note.body for note in one.notes] == ["a remark"]
        assert (one.state, one.confidential) == (State.CLOSED, False)
        links = desk.links(tracking.ref)
        assert len(links) == 3
        assert [link.until is None for link in links].count(False) == 1
        first, second = posted(desk, "exam/first"), posted(desk, "exam/second")
        assert [note.body for note in first.notes] == ["a remark"]
        assert (first.title, first.body, first.files) == ("New", "new", (("posts/post.md", "new\n"),))
        assert second.state is State.CLOSED

    def test_what_a_person_wrote_in_between_is_never_lost(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = desk.do(effect("2026-11/checklist", opening(stage, body="- [ ] one")))
        stage.edit(ref, "- [x] one")
        with pytest.raises(Refused):
            desk.do(effect("2026-11/checklist/refresh", RewriteIssue(ref, "- [ ] two", "- [ ] one")))
        assert issue_at(desk, ref).body == "- [x] one"
        desk.do(effect("2026-11/checklist/again", RewriteIssue(ref, "- [x] one\n- [ ] two", "- [x] one")))
        assert issue_at(desk, ref).body == "- [x] one\n- [ ] two"

    def test_what_a_person_committed_in_between_is_never_lost(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = desk.do(effect("2026-11/post", posting(stage, text="ours\n")))
        stage.push(stage.site, "2026-11-post", {"posts/post.md": "theirs\n", "posts/more.md": "more\n"})
        refresh = RewriteFiles(ref, "Post", "", (("posts/post.md", "new\n"),), (("posts/post.md", "ours\n"),))
        with pytest.raises(Refused):
            desk.do(effect("2026-11/post/refresh", refresh))
        assert posted(desk).files == (("posts/more.md", "more\n"), ("posts/post.md", "theirs\n"))
        again = replace(refresh, expects=(("posts/post.md", "theirs\n"),))
        desk.do(effect("2026-11/post/again", again))
        assert posted(desk).files == (("posts/more.md", "more\n"), ("posts/post.md", "new\n"))

    def test_files_that_are_no_longer_wanted_go(self, stage: Stage) -> None:
        desk = stage.desk()
        before = (("posts/post.md", "ours\n"), ("posts/deep/image.txt", "art\n"))
        ref = desk.do(effect("2026-11/post", replace(posting(stage), files=before)))
        assert posted(desk).files == tuple(sorted(before))
        desk.do(effect("2026-11/post/move", RewriteFiles(ref, "P", "", (("new.md", "x"),), before)))
        assert posted(desk).files == (("new.md", "x"),)

    @pytest.mark.parametrize("text", HOSTILE)
    def test_text_comes_back_as_it_was_written_and_never_acts(self, stage: Stage, text: str) -> None:
        desk = stage.desk()
        tracking = stage.open_issue("tracking")
        action = opening(stage, body=text, links=(tracking,), facts=FixFacts(title="t", description=text))
        ref = desk.do(effect("2026-11/issue", action))
        desk.do(effect("2026-11/note", Comment(ref, text)))
        desk.do(effect("2026-11/post", replace(posting(stage, text=text), body=text)))
        found, post = issue_at(desk, ref), posted(desk)
        assert (found.body, [note.body for note in found.notes]) == (text, [text])
        assert found.facts.table.get("description", "") == text, "whether or not a desk can use it"
        assert (post.body, post.files) == (text, (("posts/post.md", text),))
        assert (found.state, found.labels, found.confidential) == (State.OPENED, frozenset(), True)
        assert post.state is State.OPENED
        assert [link.until for link in desk.links(tracking)] == [None]

    def test_an_issue_is_as_it_was_asked_for(self, stage: Stage) -> None:
        desk = stage.desk()
        shipped = Shipped("app", (Version.parse("18.5.2"), Version.parse("18.4.4")))
        facts = ReleaseFacts(release="2026-11", kind=Kind.PLANNED, due=EMBARGO, products=(shipped,))
        asked = opening(
            stage,
            labels=("security", "upcoming security release"),
            assignees=("amara", "bjorn"),
            confidential=False,
            due=date(2026, 11, 28),
            milestone="18.6",
            facts=facts,
        )
        ref = desk.do(effect("2026-11/tracking", asked))
        found = issue_at(desk, ref)
        assert found == desk.issue_by_mark("2026-11/tracking")
        assert (found.ref, found.mark, found.title) == (ref, "2026-11/tracking", asked.title)
        assert found.labels == {"security", "upcoming security release"}
        assert found.assignees == ("amara", "bjorn")
        assert (found.due, found.milestone, found.confidential) == (date(2026, 11, 28), "18.6", False)
        assert found.facts == Stated(facts)
        assert found.created_at is not None
        assert found.created_at.tzinfo is not None

    def test_facts_are_changed_line_by_line(self, stage: Stage) -> None:
        desk = stage.desk()
        facts = FixFacts(title="A fix", edition="CE", workaround="None.", no_cve="x")
        ref = desk.do(effect("2026-11/issue", opening(stage, facts=facts)))
        stage.write(ref, UNREAD)
        seen, changes = issue_at(desk, ref).facts, FixFacts(edition="EE", description=HOSTILE[6])
        action = SetFacts.seen(ref, seen, changes, ("edition", "workaround", "description"))
        desk.do(effect("2026-11/facts", action))
        now = issue_at(desk, ref).facts
        assert now.facts == FixFacts(title="A fix", edition="EE", description=HOSTILE[6], no_cve="x")
        assert {name: now.table[name] for name in UNREAD} == UNREAD, "what nobody can read stays as it was written"

    @pytest.mark.parametrize(
        ("line", "value"),
        [("edition", "EE"), ("edition", None), ("edition", ["no", "text"]), ("vector", VECTOR), ("CVSS", "7.5")],
    )
    def test_a_fact_that_a_person_changed_in_between_is_never_lost(
        self, stage: Stage, line: str, value: object
    ) -> None:
        desk = stage.desk()
        ref = desk.do(effect("2026-11/issue", opening(stage, facts=FixFacts(title="A fix", edition="CE"))))
        stage.write(ref, UNREAD)
        seen = issue_at(desk, ref).facts
        stage.write(ref, {line: value})
        theirs = issue_at(desk, ref).facts
        asked = effect("2026-11/facts", SetFacts.seen(ref, seen, FixFacts(edition="Ours"), ("title", line)))
        with pytest.raises(Refused):
            desk.do(asked)
        assert desk.find(asked) is None, "what was refused left no mark"
        assert issue_at(desk, ref).facts == theirs
        desk.do(effect("2026-11/other", SetFacts.seen(ref, seen, FixFacts(no_cve="Ours"), ("no_cve",))))
        theirs = theirs.changed(FixFacts(no_cve="Ours"), ("no_cve",))
        assert issue_at(desk, ref).facts == theirs, "what a person changed elsewhere is no hindrance"
        desk.do(replace(asked, action=SetFacts.seen(ref, theirs, FixFacts(edition="Ours"), ("title", line))))
        assert issue_at(desk, ref).facts == theirs.changed(FixFacts(edition="Ours"), ("title", line))

    def test_a_branch_is_tracked_once(self, stage: Stage) -> None:
        desk = stage.desk()
        issue = stage.open_issue("a fix")
        head = stage.push(stage.product, "fix-1", {"src/a.txt": "fixed\n"})
        tracking = TrackBranch(stage.product, "fix-1", "main", "Fix it", issue)
        ref = desk.do(effect("2026-11/track", tracking))
        found = posted(desk, "2026-11/track")
        assert desk.merge_requests_of([issue])[issue] == (found,)
        assert (found.ref, found.commit, found.state) == (ref, head, State.OPENED)
        with pytest.raises(Refused):
            desk.do(effect("2026-11/track/again", tracking))
        free = replace(tracking, target="stable")
        wrong = (
            replace(free, branch="gone"),
            replace(free, target="gone"),
            replace(free, issue=f"{stage.board}#99"),
            replace(free, project=stage.board),
        )
        for one in wrong:
            with pytest.raises(Misused):
                desk.do(effect("2026-11/track/wrong", one))
        assert len(desk.merge_requests_of([issue])[issue]) == 1

    def test_issues_are_confidential_until_that_is_lifted(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = desk.do(effect("2026-11/issue", opening(stage)))
        assert issue_at(desk, ref).confidential
        lifting = Effect("2026-11/lift", LiftConfidentiality(ref), "lift", reveals=True, not_before=EMBARGO)
        desk.do(lifting)
        assert not issue_at(desk, ref).confidential

    def test_links_remember_when_they_were(self, stage: Stage) -> None:
        desk = stage.desk()
        tracking, fix = stage.open_issue("tracking"), stage.open_issue("fix")
        desk.do(effect("2026-11/link", LinkIssue(fix, tracking)))
        desk.do(effect("2026-11/link/2", LinkIssue(fix, tracking)))
        (link,) = desk.links(tracking)
        assert (link.ref, link.until) == (fix, None)
        assert link.by
        desk.do(effect("2026-11/unlink", UnlinkIssue(fix, tracking)))
        desk.do(effect("2026-11/unlink/2", UnlinkIssue(fix, tracking)))
        desk.do(effect("2026-11/link/3", LinkIssue(fix, tracking)))
        old, new = desk.links(tracking)
        assert old.until is not None
        assert old.since == link.since <= old.until <= new.since
        assert new.until is None
        assert [known.ref for known in desk.links(fix)] == [tracking, tracking], "a link has two ends"

    def test_marks_are_found_by_their_beginning_exactly(self, stage: Stage) -> None:
        desk = stage.desk()
        for mark in ("2026_11/cve/a", "2026_11/cve/b", "2026x11/cve/c", "2026_11/CVE/d", "2026_11/cvf"):
            desk.do(effect(mark, opening(stage)))
        stage.open_issue("by a person")
        assert set(desk.issues_by_marks("2026_11/cve/")) == {"2026_11/cve/a", "2026_11/cve/b"}
        assert desk.issue_by_mark("2026_11/cve") is None
        assert desk.merge_request_by_mark("2026_11/cve/a") is None

    def test_a_merge_request_is_merged_when_its_commits_are_in_the_target(self, stage: Stage) -> None:
        desk = stage.desk()
        issue, other = stage.open_issue("a fix"), stage.open_issue("another")
        head = stage.push(stage.product, "fix-1", {"src/a.txt": "fixed\n"})
        ref = stage.open_merge_request("fix-1", "main", issue)
        found = desk.merge_requests_of([issue, other])
        assert found[other] == ()
        (opened,) = found[issue]
        assert (opened.ref, opened.state, opened.commit, opened.files) == (ref, State.OPENED, head, ())
        assert (opened.branch, opened.target, opened.has_conflicts) == ("fix-1", "main", False)
        commit = stage.merge(ref)
        (merged,) = desk.merge_requests_of([issue])[issue]
        assert (merged.state, merged.commit) == (State.MERGED, commit)
        assert merged.merged_at is not None

    def test_conflicts_show_as_soon_as_the_target_moved(self, stage: Stage) -> None:
        desk = stage.desk()
        issue = stage.open_issue("a fix")
        stage.push(stage.product, "fix-1", {"src/a.txt": "one\n"})
        stage.push(stage.product, "fix-2", {"src/a.txt": "two\n"})
        first = stage.open_merge_request("fix-1", "main", issue)
        second = stage.open_merge_request("fix-2", "main", issue)
        assert not any(found.has_conflicts for found in desk.merge_requests_of([issue])[issue])
        stage.merge(first)
        by_ref = {found.ref: found for found in desk.merge_requests_of([issue])[issue]}
        assert by_ref[second].has_conflicts
        assert not by_ref[first].has_conflicts
        with pytest.raises(Refused):
            stage.merge(second)

    def test_tags_tell_what_they_hold(self, stage: Stage) -> None:
        desk = stage.desk()
        issue = stage.open_issue("a fix")
        stage.tag("v1.0.0", "main")
        stage.push(stage.product, "fix-1", {"src/a.txt": "fixed\n"})
        stage.push(stage.product, "fix-1-stable", {"src/a.txt": "fixed\n"})
        on_main = stage.merge(stage.open_merge_request("fix-1", "main", issue))
        on_stable = stage.merge(stage.open_merge_request("fix-1-stable", "stable", issue))
        stage.tag("v1.1.0", "main")
        stage.tag("v1.0.1", "stable")
        names = ["v1.0.0", "v1.0.1", "v1.1.0", "v9", "no..name", "v1.0.0\0x", ""]
        tags = desk.tags(stage.product, names)
        assert set(tags) == {"v1.0.0", "v1.0.1", "v1.1.0"}
        assert tags["v1.1.0"] == on_main
        nowhere = "0123456789abcdef0123456789abcdef01234567"
        held = desk.tags_holding(stage.product, [on_main, on_stable, nowhere], names)
        assert held == {on_main: {"v1.1.0"}, on_stable: {"v1.0.1"}, nowhere: frozenset()}

    def test_a_merge_request_that_is_done_with_is_not_rewritten_or_closed(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = desk.do(effect("2026-11/post", replace(posting(stage), title="A post")))
        stage.merge(ref)
        with pytest.raises(Refused):
            desk.do(effect("2026-11/close", CloseMergeRequest(ref)))
        files = posted(desk).files
        with pytest.raises(Refused):
            desk.do(effect("2026-11/rewrite", RewriteFiles(ref, "x", "y", (("posts/post.md", "z"),), files)))
        assert posted(desk).state is State.MERGED
        assert posted(desk).files == (("posts/post.md", "# Post\n"),)

    def test_a_branch_that_somebody_else_made_is_left_alone(self, stage: Stage) -> None:
        desk = stage.desk()
        stage.push(stage.site, "2026-11-post", {"posts/post.md": "theirs\n"})
        with pytest.raises(Refused):
            desk.do(effect("2026-11/post", posting(stage)))
        assert desk.merge_request_by_mark("2026-11/post") is None

    def test_what_another_service_does_is_misused(self, stage: Stage) -> None:
        with pytest.raises(Misused):
            stage.desk().do(effect("2026-11/mail", SendMail("a@example.com", "subject", "text")))

    def test_what_does_not_exist_is_said(self, stage: Stage) -> None:
        desk = stage.desk()
        here, nowhere = stage.open_issue("here"), f"{stage.board}#999"
        assert dict(desk.issues([nowhere])) == {}
        assert desk.issue_by_mark("2026-11/nothing") is None
        assert desk.merge_request_by_mark("2026-11/nothing") is None
        actions: list[Action] = [
            RewriteIssue(nowhere, "a", "b"),
            Comment(nowhere, "a"),
            LinkIssue(nowhere, here),
            UnlinkIssue(here, nowhere),
            CloseIssue(nowhere),
            LiftConfidentiality(nowhere),
            SetFacts(nowhere, FixFacts(edition="CE"), ("edition",), UNSTATED),
            CloseMergeRequest(f"{stage.site}!999"),
            opening(stage, links=(nowhere,)),
        ]
        for number, action in enumerate(actions):
            asked = effect(f"exam/nothing/{number}", action)
            with pytest.raises(Misused):
                desk.do(asked)
            assert desk.find(asked) is None, "what failed left no mark"
        with pytest.raises(Misused):
            desk.links(nowhere)

    @pytest.mark.parametrize(
        "ref", ["", "12", "#12", "board#", "board#0", "board#1x", "../board#1", "board#1\n", "b#\u0661"]
    )
    def test_what_is_no_reference_is_misused(self, stage: Stage, ref: str) -> None:
        desk = stage.desk()
        with pytest.raises(Misused):
            desk.issues([ref])
        with pytest.raises(Misused):
            desk.links(ref)
        with pytest.raises(Misused):
            desk.merge_requests_of([ref])
        with pytest.raises(Misused):
            desk.do(effect("exam/bad", Comment(ref, "text")))

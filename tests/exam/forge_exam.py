"""The exam that every forge adapter sits: the embedded forge today, others with a stage of their own.

A class of tests inherits `ForgeExam` and gives it a `stage`: a forge that was filled by nobody yet, the things that
people do there, and ways to run a desk in processes that race each other or die.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from itertools import count
from typing import Protocol

import pytest
from msgspec.structs import replace

from secrel.observe.observing import issue_at as an_issue_at
from secrel.ports.forge import ForgeReader, Writer
from secrel.words.effects import (
    Action,
    Adopt,
    Audience,
    ChangeDiscussion,
    CloseIssue,
    CloseMergeRequest,
    Comment,
    Effect,
    LiftConfidentiality,
    LinkIssue,
    OpenDiscussion,
    OpenIssue,
    OpenMergeRequest,
    RewriteFiles,
    RewriteIssue,
    SendMail,
    SetFacts,
    SetHead,
    TrackBranch,
    UnlinkIssue,
)
from secrel.words.errors import Misused, Refused
from secrel.words.facts.stated import UNSTATED, FixFacts, ReleaseFacts, Shipped, Stated
from secrel.words.forge import Issue, Link, MergeRequest, State
from secrel.words.heads import Head, head_of
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.parts import Unseen, need, settled, shortfalls
from secrel.words.people import Actor
from secrel.words.releases import Kind
from secrel.words.sighting import TRACKING, Asked, EmbargoRule, Further, LabelRule, Sighting, Sought
from secrel.words.tracking import doubts_of
from secrel.words.versions import Version
from tests.builders import VECTOR
from tests.parts import part_at, places

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

UPCOMING = ("security", "upcoming security release")
"""The labels of a tracking issue."""
EMBARGO = datetime(2026, 12, 28, tzinfo=UTC)
UNREAD: Mapping[str, object] = {"CVSS": "n/a", "vector": "AV:N", "credits": [{"nick": "x"}], "Ready": True}
"""Lines of a details table that no desk can read."""


class Desk(ForgeReader, Writer, Protocol):
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

    def open_issue(self, title: str, body: str = "", labels: Sequence[str] = (), due: date | None = None) -> str:
        """Let a person open an issue on the board, confidential."""
        ...

    def edit(self, ref: str, body: str) -> None:
        """Let a person rewrite the text of an issue."""
        ...

    def publish(self, ref: str, *, confidential: bool = False) -> None:
        """Make an issue public as a person does, or confidential again."""
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

    def save(self) -> None:
        """Remember the forge as it is."""
        ...

    def restore(self) -> None:
        """Put the forge back to what it was when it was saved."""
        ...

    def breaks(self) -> Mapping[str, tuple[Callable[[], None], frozenset[str]]]:
        """Name ways in which one read of the forge really fails, and the parts of a sighting that this leaves unseen.

        The parts are those of a release that `a_release` makes, as `shortfalls` names them, without the reference.
        """
        ...

    def race(self, effect: Effect) -> list[str]:
        """Let two desks in two processes carry out the same effect at once; give what each was told."""
        ...

    def dies(self, effect: Effect, moment: int) -> bool:
        """Let a desk in a process of its own die in the middle of an effect; False when it was done before."""
        ...


def effect(key: str, action: Action) -> Effect:
    return Effect(key, action, "as the exam asks")


ACTOR = Actor("desk")
STOOD = ("Draft: a post", "please read")
"""Title and text of the posts that the exam opens."""


def do(desk: Desk, asked: Effect) -> str:
    """Carry out an effect, and give the address of what it made."""
    return desk.do(asked, actor=ACTOR).address


def there_is(desk: Desk, asked: Effect) -> str | None:
    """Give the address of what an effect made; None when it is certainly not there."""
    answer = desk.find(asked, begun=None)
    assert isinstance(answer, Made | NotMade)
    return answer.address if isinstance(answer, Made) else None


def issue_at(desk: Desk, ref: str) -> Issue:
    found = an_issue_at(desk, ref)
    assert found is not None
    return found


def look(desk: Desk, tracking: str, key: str = "", tags: Mapping[str, tuple[str, ...]] | None = None) -> Sighting:
    """Look at a release by the address of its tracking issue, and at the merge request that one effect opened."""
    project = tracking.partition("#")[0]
    asked = Asked(
        "2026-11",
        {TRACKING: Sought("", project, tracking)},
        {"draft": Sought(key, project)} if key else {},
        further=lambda _tracking: Further({}, tags or {}),
    )
    return desk.look(asked)


def links_of(desk: Desk, tracking: str) -> list[Link]:
    """Everything that is or was linked to an issue."""
    seen = look(desk, tracking)
    current = [one.link for one in need(seen.linked, "the fixes")]
    return [*current, *(one.link for one in need(seen.removed, "what was taken out"))]


def requests_of(desk: Desk, tracking: str, issue: str) -> tuple[MergeRequest, ...]:
    """The merge requests of an issue that is linked to a tracking issue."""
    [fix] = [fix for fix in need(look(desk, tracking).linked, "the fixes") if fix.link.ref == issue]
    return need(fix.requests, "the merge requests")


def tracked(stage: Stage, desk: Desk, *issues: str) -> str:
    """A tracking issue to which these issues are linked."""
    tracking = stage.open_issue("tracking")
    for issue in issues:
        do(desk, effect(f"exam/tracked/{tracking}/{issue}", LinkIssue(issue, tracking)))
    return tracking


def made(desk: Desk, key: str) -> MergeRequest | None:
    """The merge request that the effect with this key opened."""
    return need(desk.look(Asked("", {}, {"it": Sought(key, "")})).request("it"), key)


def issue_made(desk: Desk, key: str) -> Issue | None:
    """The issue that the effect with this key opened."""
    return need(desk.look(Asked("", {"it": Sought(key, "")})).issue("it"), key)


def posted(desk: Desk, mark: str = "2026-11/post") -> MergeRequest:
    found = made(desk, mark)
    assert found is not None
    return found


def a_release(stage: Stage, desk: Desk) -> Asked:
    """A release with everything: documents, a fix with a merged merge request and a tag, and one taken out again."""
    tracking, fix, gone = (stage.open_issue(title) for title in ("tracking", "a fix", "taken out"))
    for ref in (fix, gone):
        do(desk, effect(f"2026-11/link/{ref}", LinkIssue(ref, tracking)))
        do(desk, effect(f"2026-11/cve/request/{ref}", opening(stage, title="A CVE request")))
    do(desk, effect("2026-11/note", Comment(tracking, "a remark")))
    do(desk, effect("2026-11/unlink", UnlinkIssue(gone, tracking)))
    do(desk, effect("2026-11/checklist", opening(stage)))
    do(desk, effect("2026-11/post/draft", posting(stage)))
    for name, ref in (("fix-1", fix), ("fix-2", gone)):
        stage.push(stage.product, name, {f"src/{name}.txt": "fixed\n"})
        stage.merge(stage.open_merge_request(name, "main", ref))
    stage.tag("v1.1.0", "main")
    return Asked(
        "2026-11",
        {TRACKING: Sought("", stage.board, tracking), "checklist": Sought("2026-11/checklist", stage.board)},
        {"draft": Sought("2026-11/post/draft", stage.site)},
        cves=stage.board,
        further=lambda _tracking: Further({}, {stage.product: ("v1.1.0",)}),
    )


def noted(thing: Issue | MergeRequest) -> list[str]:
    return [note.body for note in settled(thing.notes, "the notes")]


def opening(stage: Stage, **changes: object) -> OpenIssue:
    return replace(OpenIssue(stage.board, "November security release", "what is in it"), **changes)


def shown_of(desk: Desk, ref: str) -> LiftConfidentiality:
    """Show all of an issue as it is now, but its notes."""
    found = issue_at(desk, ref)
    return LiftConfidentiality(ref, found.title, found.body, found.facts)


def posting(stage: Stage, branch: str = "2026-11-post", text: str = "# Post\n") -> OpenMergeRequest:
    return OpenMergeRequest(stage.site, branch, "main", "Draft: a post", "please read", (("posts/post.md", text),))


def every_action(stage: Stage, desk: Desk) -> list[Action]:
    """One action of every kind, on things that are there; each can be told to have happened once."""
    titles = ("one", "tracking", "linked", "shown", "theirs")
    issue, tracking, linked, shown, theirs = (stage.open_issue(title, "as it was") for title in titles)
    do(desk, effect("exam/linked", LinkIssue(linked, tracking)))
    first = do(desk, effect("exam/first", posting(stage, "exam-first", "as it was\n")))
    second = do(desk, effect("exam/second", posting(stage, "exam-second")))
    stage.push(stage.product, "exam-fix", {"src/a.txt": "fixed\n"})
    begun = do(desk, effect("exam/begun", OpenDiscussion(first, "as it was")))
    return [
        opening(stage, links=(tracking,)),
        Adopt(theirs, ("theirs", "as it was")),
        RewriteIssue(issue, "as it is", "as it was"),
        Comment(issue, "a remark"),
        Comment(first, "a remark"),
        OpenDiscussion(first, "to be mended"),
        ChangeDiscussion(begun, "mended", is_resolved=True, expects="as it was"),
        LinkIssue(issue, tracking),
        UnlinkIssue(linked, tracking),
        posting(stage, "exam-third"),
        RewriteFiles(first, "New", "new", (("posts/post.md", "new\n"),), (("posts/post.md", "as it was\n"),), STOOD),
        CloseMergeRequest(second),
        SetFacts(issue, FixFacts(edition="CE"), ("edition",), UNSTATED),
        SetHead(issue, Head("one", due=date(2026, 11, 25)), Head("one")),
        SetHead(first, Head("a post", reviewers=("bjorn",)), Head("a post")),
        TrackBranch(stage.product, "exam-fix", "main", "Fix it", issue),
        CloseIssue(issue),
        shown_of(desk, shown),
    ]


class ForgeExam:
    """What every forge has to be able to do, seen through the ports alone."""

    most_assignees = 2
    """How many of two people a thing is assigned to: a tier of a forge may take one."""

    def test_what_was_made_is_found_by_its_mark(self, stage: Stage) -> None:
        desk, another = stage.desk(), stage.desk()
        for number, action in enumerate(every_action(stage, desk)):
            asked = effect(f"exam/found/{number}", action)
            assert there_is(another, asked) is None, action
            address = do(desk, asked)
            assert there_is(another, asked) == address, action
            assert do(another, asked) == address, "done again, it gives the first one"

    def test_of_a_blind_effect_nobody_can_tell_once_it_began(self, stage: Stage) -> None:
        desk = stage.desk()
        asked = replace(effect("2026-11/blind", opening(stage)), findable=False)
        assert there_is(desk, asked) is None
        do(desk, asked)
        assert isinstance(desk.find(asked, begun=datetime(2026, 11, 2, tzinfo=UTC)), CannotTell)

    def test_it_writes_every_kind_that_it_says(self, stage: Stage) -> None:
        desk = stage.desk()
        assert {type(action) for action in every_action(stage, desk)} == set(desk.kinds)

    def test_what_is_done_is_done_in_the_name_of_whoever_does_it(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = stage.open_issue("an issue")
        for name in ("amara", "bjorn"):
            desk.do(effect(f"2026-11/note/{name}", Comment(ref, "a remark")), actor=Actor(name))
        assert [note.by for note in settled(issue_at(desk, ref).notes, "the notes")] == ["amara", "bjorn"]

    def test_a_title_or_text_that_a_person_changed_in_between_is_never_lost(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = do(desk, effect("2026-11/post", posting(stage)))
        stood = (("posts/post.md", "# Post\n"),)
        for number, title in enumerate([("Another title", "please read"), ("Draft: a post", "another text")]):
            with pytest.raises(Refused):
                do(desk, effect(f"2026-11/post/{number}", RewriteFiles(ref, "New", "new", stood, stood, title)))
        assert (posted(desk).title, posted(desk).body) == ("Draft: a post", "please read")

    def test_what_a_person_changed_where_a_merge_request_goes_is_not_undone_by_it(self, stage: Stage) -> None:
        desk, path = stage.desk(), "posts/live.md"
        stage.push(stage.site, "main", {path: "as it is\n"})
        for number, (expected, is_refused) in enumerate([("as it was\n", True), ("as it is\n", False)]):
            files, expects = ((path, "corrected\n"),), ((path, expected),)
            asked = effect(f"2026-11/post/{number}", replace(posting(stage), files=files, expects=expects))
            with pytest.raises(Refused) if is_refused else nullcontext():
                do(desk, asked)
            assert (there_is(desk, asked) is None) is is_refused

    def test_what_a_person_changed_where_a_merge_request_went_is_seen(self, stage: Stage) -> None:
        desk, path = stage.desk(), "posts/post.md"
        ref = do(desk, effect("2026-11/post", replace(posting(stage), title="A post")))
        assert posted(desk).stands is None
        stage.merge(ref)
        assert posted(desk).live == {path: "# Post\n"}
        stage.push(stage.site, "main", {path: "theirs\n", "posts/other.md": "another\n"})
        found = posted(desk)
        assert (found.files, found.stands) == (((path, "# Post\n"),), ((path, "theirs\n"),))

    def test_a_discussion_is_open_until_it_is_resolved_and_may_be_opened_again(self, stage: Stage) -> None:
        desk, another = stage.desk(), stage.desk()
        ref = do(desk, effect("2026-11/post", posting(stage)))
        begin = effect("2026-11/faults/1", OpenDiscussion(ref, "- one\n- two"))
        begun = do(desk, begin)
        assert do(another, begin) == begun
        for number, (text, is_resolved, expects) in enumerate(
            [("- one", False, "- one\n- two"), ("mended", True, "- one"), ("- three", False, "mended")]
        ):
            changes = ChangeDiscussion(begun, text, is_resolved, expects)
            assert do(another, effect(f"2026-11/faults/1/edit/{number}", changes)) == begun
            found = posted(desk)
            [note] = settled(found.notes, "the notes")
            assert (note.body, note.is_open, note.mark) == (text, not is_resolved, begin.key)
            assert found.open_discussions == int(not is_resolved)

    def test_what_a_person_wrote_into_a_discussion_in_between_is_never_lost(self, stage: Stage) -> None:
        desk = stage.desk()
        begun = do(desk, effect("2026-11/a", OpenDiscussion(do(desk, effect("2026-11/post", posting(stage))), "one")))
        with pytest.raises(Refused):
            do(desk, effect("2026-11/b", ChangeDiscussion(begun, "three", is_resolved=True, expects="two")))
        [note] = settled(posted(desk).notes, "the notes")
        assert (note.body, note.is_open) == ("one", True)
        for nowhere in (begun.replace("note_", "note_9"), begun.partition("#")[0]):
            with pytest.raises(Misused):
                do(desk, effect("2026-11/c", ChangeDiscussion(nowhere, "three", is_resolved=True, expects="one")))

    def test_a_key_is_good_for_one_kind_of_thing(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = do(desk, effect("2026-11/thing", opening(stage)))
        with pytest.raises(Refused):
            do(desk, effect("2026-11/thing", CloseIssue(ref)))
        assert issue_at(desk, ref).state is State.OPENED

    @pytest.mark.long
    def test_a_desk_that_dies_at_any_moment_leaves_one_effect(self, stage: Stage) -> None:
        desk = stage.desk()
        for number, action in enumerate(every_action(stage, desk)):
            asked = effect(f"exam/crash/{number}", action)
            for moment in count(1):
                died = stage.dies(asked, moment)
                if not died:
                    break
            there = there_is(desk, asked)
            assert there is not None
            assert do(desk, asked) == there
        self._count_once(stage, desk)

    @pytest.mark.long
    def test_two_desks_at_once_make_one_thing(self, stage: Stage) -> None:
        desk = stage.desk()
        for number, action in enumerate(every_action(stage, desk)):
            told = stage.race(effect(f"exam/race/{number}", action))
            assert len(told) == 2
            assert len(set(told)) == 1, action
        self._count_once(stage, desk)

    def _count_once(self, stage: Stage, desk: Desk) -> None:
        """Look at everything that `every_action` does: each is there, and once."""
        there = [an_issue_at(desk, f"{stage.board}#{number}") for number in range(1, 20)]
        found = [issue for issue in there if issue is not None]
        assert [issue.title for issue in found] == [
            "one",
            "tracking",
            "linked",
            "shown",
            "theirs",
            "November security release",
        ]
        one, tracking, _, shown = found[:4]
        assert one.body == "as it is"
        assert one.facts == Stated(FixFacts(edition="CE"))
        (request,) = requests_of(desk, tracking.ref, one.ref)
        assert (request.branch, request.target, request.title) == ("exam-fix", "main", "Fix it")
        assert noted(one) == ["a remark"]
        assert (one.state, one.confidential, one.due) == (State.CLOSED, True, date(2026, 11, 25))
        assert (shown.state, shown.confidential) == (State.OPENED, False)
        links = links_of(desk, tracking.ref)
        assert len(links) == 3
        assert [link.until is None for link in links].count(False) == 1
        first, second = posted(desk, "exam/first"), posted(desk, "exam/second")
        assert sorted(noted(first)) == ["a remark", "mended", "to be mended"]
        assert (first.title, first.body, first.files) == ("New", "new", (("posts/post.md", "new\n"),))
        assert second.state is State.CLOSED

    def test_what_a_person_wrote_in_between_is_never_lost(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = do(desk, effect("2026-11/checklist", opening(stage, body="- [ ] one")))
        stage.edit(ref, "- [x] one")
        with pytest.raises(Refused):
            do(desk, effect("2026-11/checklist/refresh", RewriteIssue(ref, "- [ ] two", "- [ ] one")))
        assert issue_at(desk, ref).body == "- [x] one"
        do(desk, effect("2026-11/checklist/again", RewriteIssue(ref, "- [x] one\n- [ ] two", "- [x] one")))
        assert issue_at(desk, ref).body == "- [x] one\n- [ ] two"

    def test_a_head_is_changed_as_told_and_nothing_of_it_that_somebody_changed_in_between(self, stage: Stage) -> None:
        desk = stage.desk()
        issue = do(desk, effect("2026-11/checklist", opening(stage, labels=("b", "a"), assignees=("amara",))))
        request = do(desk, effect("2026-11/post", posting(stage)))
        was = head_of(issue_at(desk, issue))
        assert (was.title, was.labels, was.assignees, was.due) == (
            "November security release",
            ("a", "b"),
            ("amara",),
            None,
        )
        wanted = Head("Another title", labels=("a", "c"), assignees=("bjorn",), due=date(2026, 11, 26))
        do(desk, effect("2026-11/checklist/head/1", SetHead(issue, wanted, was)))
        assert head_of(issue_at(desk, issue)) == wanted
        assert issue_at(desk, issue).body == "what is in it"
        late = replace(was, title="A third title")
        with pytest.raises(Refused):
            do(desk, effect("2026-11/checklist/head/2", SetHead(issue, late, was)))
        assert head_of(issue_at(desk, issue)) == wanted
        found = head_of(posted(desk))
        told = Head("A post", "for you", ("security",), ("amara",), ("bjorn",))
        do(desk, effect("2026-11/post/head/1", SetHead(request, told, found)))
        assert head_of(posted(desk)) == told
        assert posted(desk).files == (("posts/post.md", "# Post\n"),)

    def test_what_a_person_committed_in_between_is_never_lost(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = do(desk, effect("2026-11/post", posting(stage, text="ours\n")))
        stage.push(stage.site, "2026-11-post", {"posts/post.md": "theirs\n", "posts/more.md": "more\n"})
        refresh = RewriteFiles(ref, "Post", "", (("posts/post.md", "new\n"),), (("posts/post.md", "ours\n"),), STOOD)
        with pytest.raises(Refused):
            do(desk, effect("2026-11/post/refresh", refresh))
        assert posted(desk).files == (("posts/more.md", "more\n"), ("posts/post.md", "theirs\n"))
        again = replace(refresh, expects=(("posts/post.md", "theirs\n"),))
        do(desk, effect("2026-11/post/again", again))
        assert posted(desk).files == (("posts/more.md", "more\n"), ("posts/post.md", "new\n"))

    def test_files_that_are_no_longer_wanted_go(self, stage: Stage) -> None:
        desk = stage.desk()
        before = (("posts/post.md", "ours\n"), ("posts/deep/image.txt", "art\n"))
        ref = do(desk, effect("2026-11/post", replace(posting(stage), files=before)))
        assert posted(desk).files == tuple(sorted(before))
        do(desk, effect("2026-11/post/move", RewriteFiles(ref, "P", "", (("new.md", "x"),), before, STOOD)))
        assert posted(desk).files == (("new.md", "x"),)

    @pytest.mark.parametrize("text", HOSTILE)
    def test_text_comes_back_as_it_was_written_and_never_acts(self, stage: Stage, text: str) -> None:
        desk = stage.desk()
        tracking = stage.open_issue("tracking")
        action = opening(stage, body=text, links=(tracking,), facts=FixFacts(title="t", description=text))
        ref = do(desk, effect("2026-11/issue", action))
        do(desk, effect("2026-11/note", Comment(ref, text)))
        do(desk, effect("2026-11/post", replace(posting(stage, text=text), body=text)))
        found, post = issue_at(desk, ref), posted(desk)
        assert (found.body, noted(found)) == (text, [text])
        assert found.facts.table.get("description", "") == text, "whether or not a desk can use it"
        assert (post.body, post.files) == (text, (("posts/post.md", text),))
        assert (found.state, found.labels, found.confidential) == (State.OPENED, frozenset(), True)
        assert post.state is State.OPENED
        assert [link.until for link in links_of(desk, tracking)] == [None]

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
        shown = replace(effect("2026-11/tracking", asked), audience=Audience.EVERYBODY, not_before=EMBARGO)
        ref = do(desk, shown)
        found = issue_at(desk, ref)
        assert found == issue_made(desk, "2026-11/tracking")
        assert (found.ref, found.mark, found.title) == (ref, "2026-11/tracking", asked.title)
        assert found.labels == {"security", "upcoming security release"}
        assert found.assignees == ("amara", "bjorn")[: self.most_assignees]
        assert (found.due, found.milestone, found.confidential) == (date(2026, 11, 28), "18.6", False)
        assert found.facts == Stated(facts)
        assert found.created_at is not None
        assert found.created_at.tzinfo is not None

    def test_facts_are_changed_line_by_line(self, stage: Stage) -> None:
        desk = stage.desk()
        facts = FixFacts(title="A fix", edition="CE", workaround="None.", no_cve="x")
        ref = do(desk, effect("2026-11/issue", opening(stage, facts=facts)))
        stage.write(ref, UNREAD)
        seen, changes = issue_at(desk, ref).facts, FixFacts(edition="EE", description=HOSTILE[6])
        action = SetFacts.seen(ref, seen, changes, ("edition", "workaround", "description"))
        do(desk, effect("2026-11/facts", action))
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
        ref = do(desk, effect("2026-11/issue", opening(stage, facts=FixFacts(title="A fix", edition="CE"))))
        stage.write(ref, UNREAD)
        seen = issue_at(desk, ref).facts
        stage.write(ref, {line: value})
        theirs = issue_at(desk, ref).facts
        asked = effect("2026-11/facts", SetFacts.seen(ref, seen, FixFacts(edition="Ours"), ("title", line)))
        with pytest.raises(Refused):
            do(desk, asked)
        assert isinstance(desk.find(asked, begun=None), NotMade), "what was refused left no mark"
        assert issue_at(desk, ref).facts == theirs
        do(desk, effect("2026-11/other", SetFacts.seen(ref, seen, FixFacts(no_cve="Ours"), ("no_cve",))))
        theirs = theirs.changed(FixFacts(no_cve="Ours"), ("no_cve",))
        assert issue_at(desk, ref).facts == theirs, "what a person changed elsewhere is no hindrance"
        do(desk, replace(asked, action=SetFacts.seen(ref, theirs, FixFacts(edition="Ours"), ("title", line))))
        assert issue_at(desk, ref).facts == theirs.changed(FixFacts(edition="Ours"), ("title", line))

    def test_a_branch_is_tracked_once(self, stage: Stage) -> None:
        desk = stage.desk()
        issue = stage.open_issue("a fix")
        head = stage.push(stage.product, "fix-1", {"src/a.txt": "fixed\n"})
        branch = TrackBranch(stage.product, "fix-1", "main", "Fix it", issue)
        ref = do(desk, effect("2026-11/track", branch))
        found = posted(desk, "2026-11/track")
        tracking = tracked(stage, desk, issue)
        assert requests_of(desk, tracking, issue) == (found,)
        assert (found.ref, found.commit, found.state) == (ref, head, State.OPENED)
        with pytest.raises(Refused):
            do(desk, effect("2026-11/track/again", branch))
        free = replace(branch, target="stable")
        wrong = (
            replace(free, branch="gone"),
            replace(free, target="gone"),
            replace(free, issue=f"{stage.board}#99"),
            replace(free, project=stage.board),
        )
        for one in wrong:
            with pytest.raises((Misused, Refused)):  # a board that everybody reads is refused before it is looked at
                do(desk, effect("2026-11/track/wrong", one))
        assert len(requests_of(desk, tracking, issue)) == 1

    def test_issues_are_confidential_until_that_is_lifted(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = do(desk, effect("2026-11/issue", opening(stage)))
        assert issue_at(desk, ref).confidential
        shown = shown_of(desk, ref)
        do(desk, Effect("2026-11/lift", shown, "lift", audience=Audience.EVERYBODY, not_before=EMBARGO))
        assert not issue_at(desk, ref).confidential

    def test_what_becomes_public_is_what_was_shown_and_notes_stay_inside(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = do(desk, effect("2026-11/issue", opening(stage)))
        do(desk, effect("2026-11/said/1", Comment(ref, "between us")))
        do(desk, effect("2026-11/said/2", Comment(ref, "for everybody")))
        told = replace(shown_of(desk, ref), notes=("for everybody",))
        lifting = Effect("2026-11/lift", told, "lift", audience=Audience.EVERYBODY, not_before=EMBARGO)
        stage.edit(ref, "edited meanwhile")
        with pytest.raises(Refused, match="not what the desk last saw"):
            do(desk, lifting)
        assert issue_at(desk, ref).confidential
        stage.edit(ref, told.body)
        do(desk, lifting)
        found = issue_at(desk, ref)
        assert not found.confidential
        assert found.public_since is not None
        assert {note.body: note.internal for note in settled(found.notes, "notes")} == {
            "between us": True,
            "for everybody": False,
        }

    def test_what_more_people_can_read_than_the_plan_said_is_not_written(self, stage: Stage) -> None:
        desk = stage.desk()
        for number, action in enumerate(every_action(stage, desk)):
            refs = [
                ref for ref in (getattr(action, name, "") for name in ("ref", "to")) if "#" in ref and "!" not in ref
            ]
            if not refs or isinstance(action, CloseIssue | LiftConfidentiality):
                continue
            asked = effect(f"exam/readers/{number}", action)
            before = [issue_at(desk, ref) for ref in refs]
            for ref in refs:
                stage.publish(ref)
                with pytest.raises(Refused, match="everybody can read"):
                    do(desk, asked)
                stage.publish(ref, confidential=True)
            assert [issue_at(desk, ref) for ref in refs] == before
            stage.publish(refs[0])
            do(desk, replace(asked, audience=Audience.EVERYBODY, not_before=EMBARGO))
            stage.publish(refs[0], confidential=True)
        public = replace(opening(stage), confidential=False)
        with pytest.raises(Refused, match="everybody can read"):
            do(desk, effect("exam/readers/open", public))
        assert not issue_at(
            desk,
            do(desk, replace(effect("exam/readers/shown", public), audience=Audience.EVERYBODY, not_before=EMBARGO)),
        ).confidential

    def test_what_nobody_may_speak_of_is_told_to_the_guard(self, stage: Stage) -> None:
        desk = stage.desk()
        told = [
            do(desk, effect(f"exam/secret/{number}", replace(opening(stage), title=f"n{number}", **changes)))
            for number, changes in enumerate(({"labels": ("security",)}, {"labels": ("other",)}))
        ]
        shown = replace(opening(stage), labels=("security",), confidential=False)
        do(desk, replace(effect("exam/secret/shown", shown), audience=Audience.EVERYBODY, not_before=EMBARGO))
        found = desk.embargoed(EmbargoRule((stage.board,), "security"))
        assert [issue.ref for issue in need(found, "the issues")] == told[:1]
        assert need(desk.embargoed(EmbargoRule((), "security")), "the issues") == ()

    def test_links_remember_when_they_were(self, stage: Stage) -> None:
        desk = stage.desk()
        tracking, fix = stage.open_issue("tracking"), stage.open_issue("fix")
        do(desk, effect("2026-11/link", LinkIssue(fix, tracking)))
        do(desk, effect("2026-11/link/2", LinkIssue(fix, tracking)))
        (link,) = links_of(desk, tracking)
        assert (link.ref, link.until) == (fix, None)
        assert link.by
        do(desk, effect("2026-11/unlink", UnlinkIssue(fix, tracking)))
        do(desk, effect("2026-11/unlink/2", UnlinkIssue(fix, tracking)))
        do(desk, effect("2026-11/link/3", LinkIssue(fix, tracking)))
        (new,) = links_of(desk, tracking)
        assert link.since <= new.since, "linked without a break since then"
        assert new.until is None
        do(desk, effect("2026-11/unlink/3", UnlinkIssue(fix, tracking)))
        (gone,) = need(look(desk, tracking).removed, "what was taken out")
        assert (gone.link.ref, gone.link.since) == (fix, new.since)
        assert gone.link.until is not None
        assert gone.link.until >= new.since
        assert [known.ref for known in links_of(desk, fix)] == [tracking], "a link has two ends"

    def test_a_document_is_found_by_its_very_key(self, stage: Stage) -> None:
        desk = stage.desk()
        for key in ("2026_11/cve/a", "2026_11/cve/b", "2026x11/cve/a", "2026_11/CVE/a", "2026_11/cve/a/b"):
            do(desk, effect(key, opening(stage)))
        stage.open_issue("by a person")
        found = issue_made(desk, "2026_11/cve/a")
        assert found is not None
        assert found.mark == "2026_11/cve/a"
        for key in ("2026_11/cve", "2026_11/cve/", "2026_11", "", "%", "2026_11/cve/c"):
            assert issue_made(desk, key) is None
        assert made(desk, "2026_11/cve/a") is None, "it is an issue"

    def test_what_desks_made_for_a_release_is_told_by_its_keys(self, stage: Stage) -> None:
        desk = stage.desk()
        stage.open_issue("by a person")
        address = do(desk, effect("2026-11/checklist", opening(stage)))
        note = do(desk, effect("2026-11/say/1", Comment(address, "a word")))
        for key in ("2026-111/checklist", "x2026-11/checklist", "2026_11/checklist", "2026-1/2026-11/checklist"):
            do(desk, effect(key, opening(stage)))
        found = need(desk.marks("2026-11", LabelRule(stage.board, UPCOMING)), "what was made")
        assert found == {"2026-11/checklist": address, "2026-11/say/1": note}
        assert need(stage.desk().marks("2026-11", LabelRule(stage.board, UPCOMING)), "what was made") == found, (
            "by whichever desk"
        )
        assert need(desk.marks("2026", LabelRule(stage.board, UPCOMING)), "what was made") == {}

    def test_a_known_address_counts_before_a_key(self, stage: Stage) -> None:
        desk = stage.desk()
        known = stage.open_issue("adopted")
        do(desk, effect("2026-11/checklist", opening(stage)))
        sought = {
            "known": Sought("2026-11/checklist", stage.board, known),
            "said": Sought("2026-11/checklist", stage.board, "said by a person"),
            "gone": Sought("2026-11/checklist", stage.board, f"{stage.board}#999"),
        }
        seen = desk.look(Asked("2026-11", sought))
        found = {name: need(seen.issue(name), name) for name in sought}
        assert {name: issue.title if issue else None for name, issue in found.items()} == {
            "known": "adopted",
            "said": "November security release",
            "gone": None,
        }

    def test_what_was_not_asked_for_was_not_looked_for(self, stage: Stage) -> None:
        seen = stage.desk().look(Asked("2026-11", {"checklist": Sought("2026-11/checklist", stage.board)}))
        assert need(seen.issue("checklist"), "it") is None
        for part in (seen.issue("comms"), seen.request("draft"), seen.linked, seen.removed):
            assert isinstance(part, Unseen)

    def test_every_release_is_told_by_its_tracking_issue(self, stage: Stage) -> None:
        desk = stage.desk()
        for key in ("2026-12/tracking", "2026-11/tracking", "2026-11/tracking/close", "2026-11/checklist"):
            do(desk, effect(key, opening(stage, title=key)))
        stage.open_issue("by a person")
        found = need(desk.releases(LabelRule(stage.board, UPCOMING)), "the releases")
        assert [(one.release, one.issue.title) for one in found] == [
            ("2026-11", "2026-11/tracking"),
            ("2026-12", "2026-12/tracking"),
        ]
        assert need(desk.releases(LabelRule(stage.site, UPCOMING)), "the releases") == ()

    def test_what_people_opened_is_taken_over_as_it_is(self, stage: Stage) -> None:
        desk, text = stage.desk(), "What we ship:\n\n- [x] asked\n- [ ] `/close` is written\n"
        theirs = stage.open_issue("Security release", text, labels=UPCOMING, due=date(2026, 11, 28))
        stage.write(theirs, {"release": "2026-11", "colour": "red"})
        before = issue_at(desk, theirs)
        asked = effect("2026-11/tracking", Adopt(theirs, (before.title, before.body)))
        assert there_is(desk, asked) is None
        assert do(desk, asked) == theirs
        assert issue_at(stage.desk(), theirs) == replace(before, mark="2026-11/tracking", notes=before.notes)
        rule = LabelRule(stage.board, UPCOMING)
        assert [(one.release, one.issue.ref) for one in need(desk.releases(rule), "them")] == [("2026-11", theirs)]
        assert need(desk.marks("2026-11", rule), "them") == {"2026-11/tracking": theirs}
        found = stage.desk().look(Asked("2026-11", {TRACKING: Sought("2026-11/tracking", stage.board, theirs)}))
        assert need(found.issue(TRACKING), "it") == issue_at(desk, theirs)
        assert do(desk, effect("2026-11/tracking/edit/1", RewriteIssue(theirs, "other words", before.body))) == theirs
        assert issue_at(desk, theirs).mark == "2026-11/tracking"
        assert issue_at(desk, theirs).facts == before.facts

    def test_a_merge_request_is_taken_over_as_an_issue_is(self, stage: Stage) -> None:
        desk, issue = stage.desk(), stage.open_issue("a fix")
        stage.push(stage.product, "fix", {"src/a.txt": "fixed\n"})
        ref = stage.open_merge_request("fix", "main", issue)
        tracking = tracked(stage, desk, issue)
        (before,) = requests_of(desk, tracking, issue)
        asked = effect("2026-11/post/draft", Adopt(ref, (before.title, before.body)))
        assert do(desk, asked) == ref
        assert there_is(stage.desk(), asked) == ref
        assert requests_of(desk, tracking, issue) == (replace(before, mark="2026-11/post/draft", notes=before.notes),)

    def test_what_is_another_by_now_is_not_taken_over(self, stage: Stage) -> None:
        desk = stage.desk()
        theirs, own = stage.open_issue("theirs", "as it was"), do(desk, effect("2026-12/checklist", opening(stage)))
        asked = effect("2026-11/checklist", Adopt(theirs, ("theirs", "as it was")))
        stage.edit(theirs, "as it is")
        with pytest.raises(Refused, match="its title or text is not what the desk last saw"):
            do(desk, asked)
        kept = effect("2026-11/comms", Adopt(own, ("November security release", "what is in it")))
        with pytest.raises(Refused, match="a desk keeps it as"):
            do(desk, kept)
        with pytest.raises(Misused):
            do(desk, effect("2026-11/gone", Adopt(f"{stage.board}#99", ("t", "b"))))
        assert [there_is(desk, one) for one in (asked, kept)] == [None, None]
        assert issue_at(desk, theirs).mark == ""
        assert issue_at(desk, own).mark == "2026-12/checklist"

    def test_two_desks_that_take_over_at_once_have_the_same(self, stage: Stage) -> None:
        theirs = stage.open_issue("theirs", "as it was")
        asked = effect("2026-11/checklist", Adopt(theirs, ("theirs", "as it was")))
        assert set(stage.race(asked)) <= {theirs, ""}
        assert there_is(stage.desk(), asked) == theirs
        assert issue_at(stage.desk(), theirs).body == "as it was"

    def test_open_merge_requests_are_told_with_the_files_they_change(self, stage: Stage) -> None:
        desk = stage.desk()
        assert need(desk.proposed(stage.site), "them") == ()
        first, second = (do(desk, effect(f"exam/{name}", posting(stage, name))) for name in ("first", "second"))
        do(desk, effect("exam/close", CloseMergeRequest(first)))
        [found] = need(desk.proposed(stage.site), "them")
        assert (found.ref, found.files, found.state) == (second, (("posts/post.md", "# Post\n"),), State.OPENED)
        assert need(desk.proposed(stage.board), "them") == ()

    def test_open_tracking_issues_are_told_by_their_labels_whoever_opened_them(self, stage: Stage) -> None:
        desk, day = stage.desk(), date(2026, 11, 28)
        title = "Security release: 18.5.x"
        bare = stage.open_issue(title, labels=UPCOMING)
        theirs = stage.open_issue("Critical security release: 18.5.x", labels=(*UPCOMING, "other"), due=day)
        own = do(desk, effect("2026-11/tracking", opening(stage, labels=UPCOMING, due=day)))
        for labels in ((), UPCOMING[:1], UPCOMING[1:], ("upcoming", "security"), ("a", "b")):
            stage.open_issue(title, labels=labels, due=day)
        over = stage.open_issue(title, labels=UPCOMING, due=day)
        do(desk, effect("2026-10/tracking/close", CloseIssue(over)))
        found = need(stage.desk().labelled(LabelRule(stage.board, UPCOMING)), "the tracking issues")
        assert [(one.ref, one.due, one.mark) for one in found] == [
            (bare, None, ""),
            (theirs, day, ""),
            (own, day, "2026-11/tracking"),
        ]
        assert found == tuple(issue_at(desk, one.ref) for one in found), "each is as it is when looked at by itself"
        assert [doubt.where for doubt in doubts_of(found, "critical")] == [bare]
        assert need(desk.labelled(LabelRule(stage.site, UPCOMING)), "the tracking issues") == ()
        assert need(desk.labelled(LabelRule(stage.board, ("Security", UPCOMING[1]))), "them") == (), "in that case"

    def test_a_merge_request_is_merged_when_its_commits_are_in_the_target(self, stage: Stage) -> None:
        desk = stage.desk()
        issue, other = stage.open_issue("a fix"), stage.open_issue("another")
        head = stage.push(stage.product, "fix-1", {"src/a.txt": "fixed\n"})
        ref = stage.open_merge_request("fix-1", "main", issue)
        tracking = tracked(stage, desk, issue, other)
        assert requests_of(desk, tracking, other) == ()
        (opened,) = requests_of(desk, tracking, issue)
        assert (opened.ref, opened.state, opened.commit, opened.files) == (ref, State.OPENED, head, ())
        assert (opened.branch, opened.target, opened.has_conflicts) == ("fix-1", "main", False)
        commit = stage.merge(ref)
        (merged,) = requests_of(desk, tracking, issue)
        assert (merged.state, merged.commit) == (State.MERGED, commit)
        assert merged.merged_at is not None

    def test_conflicts_show_as_soon_as_the_target_moved(self, stage: Stage) -> None:
        desk = stage.desk()
        issue = stage.open_issue("a fix")
        stage.push(stage.product, "fix-1", {"src/a.txt": "one\n"})
        stage.push(stage.product, "fix-2", {"src/a.txt": "two\n"})
        first = stage.open_merge_request("fix-1", "main", issue)
        second = stage.open_merge_request("fix-2", "main", issue)
        tracking = tracked(stage, desk, issue)
        assert [found.has_conflicts for found in requests_of(desk, tracking, issue)] == [False, False]
        stage.merge(first)
        by_ref = {found.ref: found for found in requests_of(desk, tracking, issue)}
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
        other = stage.open_issue("another")
        stage.push(stage.product, "fix-2", {"src/b.txt": "fixed\n"})
        stage.merge(stage.open_merge_request("fix-2", "main", other))
        names = ("v1.0.0", "v1.0.1", "v1.1.0", "v9", "no..name", "v1.0.0\0x", "")
        seen = look(desk, tracked(stage, desk, issue, other), tags={stage.product: names})
        tags = need(seen.tags[stage.product], "the tags")
        assert set(tags) == {"v1.0.0", "v1.0.1", "v1.1.0"}
        assert (tags["v1.1.0"], tags["v1.0.1"]) == (on_main, on_stable)
        held = {fix.link.ref: need(fix.holding, "what holds it") for fix in need(seen.linked, "the fixes")}
        assert held == {issue: {"v1.1.0", "v1.0.1"}, other: frozenset()}

    def test_tags_tell_what_they_hold_of_a_fix_that_was_taken_out(self, stage: Stage) -> None:
        desk = stage.desk()
        tracking, issue, other = (stage.open_issue(title) for title in ("tracking", "a fix", "another"))
        stage.push(stage.product, "fix-1", {"src/a.txt": "fixed\n"})
        stage.merge(stage.open_merge_request("fix-1", "main", issue))
        stage.tag("v1.1.0", "main")
        for ref in (issue, other):
            do(desk, effect(f"2026-11/link/{ref}", LinkIssue(ref, tracking)))
            do(desk, effect(f"2026-11/unlink/{ref}", UnlinkIssue(ref, tracking)))
        seen = look(desk, tracking, tags={stage.product: ("v1.1.0", "v1.2.0")})
        held = {gone.link.ref: need(gone.holding, "what holds it") for gone in need(seen.removed, "what was taken out")}
        assert held == {issue: {"v1.1.0"}, other: frozenset()}

    def test_tags_are_told_of_a_release_that_has_not_begun(self, stage: Stage) -> None:
        stage.tag("v1.0.0", "main")
        seen = stage.desk().look(Asked("2026-11", {}, tags={stage.product: ("v1.0.0", "v9")}))
        assert set(need(seen.tags[stage.product], "the tags")) == {"v1.0.0"}

    def test_a_merge_request_that_is_done_with_is_not_rewritten_or_closed(self, stage: Stage) -> None:
        desk = stage.desk()
        ref = do(desk, effect("2026-11/post", replace(posting(stage), title="A post")))
        stage.merge(ref)
        with pytest.raises(Refused):
            do(desk, effect("2026-11/close", CloseMergeRequest(ref)))
        files = posted(desk).files
        with pytest.raises(Refused):
            do(
                desk,
                effect(
                    "2026-11/rewrite",
                    RewriteFiles(ref, "x", "y", (("posts/post.md", "z"),), files, ("A post", "please read")),
                ),
            )
        assert posted(desk).state is State.MERGED
        assert posted(desk).files == (("posts/post.md", "# Post\n"),)

    def test_a_branch_that_somebody_else_made_is_left_alone(self, stage: Stage) -> None:
        desk = stage.desk()
        stage.push(stage.site, "2026-11-post", {"posts/post.md": "theirs\n"})
        with pytest.raises(Refused):
            do(desk, effect("2026-11/post", posting(stage)))
        assert made(desk, "2026-11/post") is None

    def test_what_another_service_does_is_misused(self, stage: Stage) -> None:
        with pytest.raises(Misused):
            do(stage.desk(), effect("2026-11/mail", SendMail("a@example.com", "subject", "text")))

    def test_what_does_not_exist_is_said(self, stage: Stage) -> None:
        desk = stage.desk()
        here, nowhere = stage.open_issue("here"), f"{stage.board}#999"
        assert an_issue_at(desk, nowhere) is None
        assert issue_made(desk, "2026-11/nothing") is None
        assert made(desk, "2026-11/nothing") is None
        actions: list[Action] = [
            RewriteIssue(nowhere, "a", "b"),
            Comment(nowhere, "a"),
            LinkIssue(nowhere, here),
            UnlinkIssue(here, nowhere),
            CloseIssue(nowhere),
            LiftConfidentiality(nowhere, "t", "", UNSTATED),
            SetFacts(nowhere, FixFacts(edition="CE"), ("edition",), UNSTATED),
            SetHead(nowhere, Head("a"), Head("b")),
            CloseMergeRequest(f"{stage.site}!999"),
            opening(stage, links=(nowhere,)),
        ]
        for number, action in enumerate(actions):
            asked = effect(f"exam/nothing/{number}", action)
            with pytest.raises(Misused):
                do(desk, asked)
            assert there_is(desk, asked) is None, "what failed left no mark"
        assert isinstance(look(desk, nowhere).linked, Unseen)

    @pytest.mark.parametrize(
        "ref", ["", "12", "#12", "board#", "board#0", "board#1x", "../board#1", "board#1\n", "b#\u0661"]
    )
    def test_what_is_no_reference_is_misused(self, stage: Stage, ref: str) -> None:
        desk = stage.desk()
        assert an_issue_at(desk, ref) is None
        with pytest.raises(Misused):
            do(desk, effect("exam/bad", Comment(ref, "text")))

    def test_a_read_that_fails_leaves_its_own_part_unseen(self, stage: Stage) -> None:
        asked = a_release(stage, stage.desk())
        whole = stage.desk().look(asked)
        assert not list(shortfalls(whole)), "when nothing is broken, everything is seen"
        for name in stage.breaks():
            self._break(stage, asked, whole, name)

    def _break(self, stage: Stage, asked: Asked, whole: Sighting, name: str) -> None:
        stage.save()
        desk, (broken, unseen) = stage.desk(), stage.breaks()[name]
        broken()
        seen = desk.look(asked)
        stage.restore()
        missing = {path.rpartition(" ")[2] if "#" in path or "!" in path else path for path, _ in shortfalls(seen)}
        assert missing == unseen, (name, missing)
        assert all(reason for _, reason in shortfalls(seen))
        for path, _ in places(seen):
            part = part_at(seen, path)
            is_left = not isinstance(part, Unseen) and not list(shortfalls(part))
            assert not is_left or part == part_at(whole, path), (name, path)

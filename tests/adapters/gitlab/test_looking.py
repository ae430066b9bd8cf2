"""A look at a release on GitLab: all of it is seen, and what cannot be is unseen in its own place."""

from __future__ import annotations

from datetime import date

import pytest

from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.forge import Issue, Pipeline, State
from secrel.words.parts import Part, Seen, Unseen, need, settled, shortfalls
from secrel.words.sighting import TRACKING
from tests.adapters.gitlab.worlds import CANONICAL, CVES, SECURITY, Release, ref
from tests.gitlab_double import faults
from tests.gitlab_double.world import saying
from tests.gitlab_double.world.things import Issue as Item


def test_a_release_is_seen_whole(release: Release) -> None:
    stage = release.stage
    seen = stage.forge().look(release.asked())
    assert not list(shortfalls(seen))
    tracking = need(seen.issue(TRACKING), "it")
    assert tracking is not None
    assert (tracking.ref, tracking.title, tracking.body) == (
        ref(stage, release.tracking),
        "Security release",
        "what is in it",
    )
    assert (tracking.mark, tracking.due, tracking.confidential) == ("2026-11/tracking", date(2026, 11, 25), True)
    assert tracking.facts.of(ReleaseFacts).release == "2026-11"
    assert tracking.labels == {"security", "upcoming security release"}
    assert tracking.assignees == ("desk-bot", "amara")
    assert [note.body for note in settled(tracking.notes, "notes")] == ["a remark"]
    checklist = need(seen.issue("checklist"), "it")
    assert checklist is not None
    assert checklist.body == "- [ ] one"
    assert need(seen.issue("comms"), "it") is None
    assert need(seen.request("post"), "it") is None


def test_fixes_are_seen_with_all_that_hangs_on_them(release: Release) -> None:
    stage = release.stage
    linked = need(stage.forge().look(release.asked()).linked, "the fixes")
    assert [one.link.ref for one in linked] == [ref(stage, issue) for issue, _ in release.fixes]
    first, second = linked
    assert (first.link.by, first.link.until) == ("desk-bot", None)
    assert need(first.issue, "it").facts.of(FixFacts).title == "A fault 0"
    merged, opened = need(first.requests, "them")
    assert [one.ref for one in (merged, opened)] == [ref(stage, one) for one in release.fixes[0][1]]
    assert (merged.state, opened.state) == (State.MERGED, State.OPENED)
    assert merged.merged_at is not None
    assert merged.commit
    assert [one.by for one in settled(merged.assents, "them")] == ["desk-bot"]
    assert (opened.open_boxes, opened.pipeline, opened.has_conflicts) == (1, Pipeline.NONE, False)
    assert (opened.assignees, opened.author) == (("desk-bot",), "amara")
    assert opened.labels == {"security"}
    assert opened.is_public is False
    cve = need(first.cve_request, "it")
    assert cve is not None
    assert [note.body for note in settled(cve.notes, "notes")] == ["assigned CVE-2026-0001"]
    assert need(second.cve_request, "it") is None
    assert need(first.holding, "it") == {"v1.1.0"}
    assert need(second.holding, "it") == frozenset()


def test_what_was_taken_out_is_told_by_system_notes(release: Release) -> None:
    stage = release.stage
    (gone,) = need(stage.forge().look(release.asked()).removed, "it")
    assert (gone.link.ref, gone.link.by) == (ref(stage, release.gone), "amara")
    assert gone.link.until is not None
    assert gone.link.until > gone.link.since
    assert need(gone.issue, "it").title == "taken out"


def test_a_draft_is_seen_with_its_files(release: Release) -> None:
    draft = need(release.stage.forge().look(release.asked()).request("draft"), "it")
    assert draft is not None
    assert (draft.title, draft.body, draft.mark) == ("Draft: a post", "please read", "2026-11/post/draft")
    assert draft.files == (("posts/post.md", "# Post\n"),)
    assert (draft.is_draft, draft.reviewers) == (True, ("amara",))


def test_tags_are_told_with_their_commits(release: Release) -> None:
    seen = release.stage.forge().look(release.asked())
    tags = need(seen.tags[SECURITY], "them")
    assert set(tags) == {"v1.1.0"}
    assert all(len(commit) == 40 for commit in tags.values())


@pytest.mark.parametrize("form", ["", "issues", "work_items"])
def test_the_tracking_issue_is_found_by_its_mark_and_by_both_forms_of_address(release: Release, form: str) -> None:
    stage = release.stage
    path = f"{stage.world.site.url}/gitlab-org/gitlab/-/{form}/{release.tracking.iid}" if form else ""
    seen = stage.forge().look(release.asked(address=path))
    assert need(seen.issue(TRACKING), "it") is not None
    assert len(need(seen.linked, "them")) == 2


def test_who_is_no_member_sees_nothing_and_says_so(release: Release) -> None:
    stage = release.stage
    seen = stage.forge(stage.world.user("stranger")).look(release.asked())
    for part in (seen.issue(TRACKING), seen.issue("checklist"), seen.request("draft"), seen.linked, seen.removed):
        assert isinstance(part, Unseen)
        assert "member" in part.reason or "not there" in part.reason


def test_who_may_not_read_what_is_confidential_does_not_take_it_for_absent(release: Release) -> None:
    stage = release.stage
    part = stage.forge(stage.guest).look(release.asked()).issue(TRACKING)
    assert isinstance(part, Unseen)
    assert "cannot be seen" in part.reason


def test_what_is_certainly_not_there_is_absent(release: Release) -> None:
    seen = release.stage.forge().look(release.asked(address="gitlab-org/gitlab#999"))
    assert seen.issue(TRACKING) == Seen(None, "gitlab-org/gitlab#999")
    assert isinstance(seen.linked, Unseen)


def of_second(release: Release) -> Part[Issue | None]:
    """The CVE request of the second fix, for which the desk has opened none."""
    return need(release.stage.forge().look(release.asked()).linked, "them")[1].cve_request


def canonical(release: Release) -> Item:
    """An issue on canonical that is linked to the second fix."""
    stage = release.stage
    made = stage.open(CANONICAL, "a vulnerability", by=stage.dev)
    stage.world.link(release.fixes[1][0], made, by=stage.dev)
    return made


@pytest.mark.parametrize("through", [True, False])
def test_a_cve_request_that_people_opened_is_found_by_its_links(release: Release, *, through: bool) -> None:
    stage = release.stage
    end = canonical(release) if through else release.fixes[1][0]
    assert need(of_second(release), "it") is None
    request = stage.open(CVES, "by hand", by=stage.dev, labels=["advisory::queued"])
    stage.world.note(request, "assigned CVE-2026-0002", by=stage.dev)
    stage.world.link(end, request, by=stage.dev)
    found = need(of_second(release), "it")
    assert found is not None
    assert (found.ref, found.mark) == (ref(stage, request), "")
    assert found.labels == {"advisory::queued"}
    assert [note.body for note in settled(found.notes, "them")] == ["assigned CVE-2026-0002"]


def disclosed(release: Release) -> Part[Issue | None]:
    """What becomes public of the second fix, whose own issue lies in a private project."""
    second = need(release.stage.forge().look(release.asked()).linked, "them")[1]
    assert need(second.issue, "it").members_only
    return second.canonical


def test_the_canonical_issue_of_a_fix_on_a_mirror_is_seen_with_its_texts_and_notes(release: Release) -> None:
    assert disclosed(release) == Seen(None)
    stage, made = release.stage, canonical(release)
    stage.world.note(made, "a remark", by=stage.dev)
    found = need(disclosed(release), "it")
    assert found is not None
    assert (found.ref, found.confidential, found.members_only) == (ref(stage, made), True, False)
    assert (found.title, [note.body for note in settled(found.notes, "them")]) == ("a vulnerability", ["a remark"])


def test_what_was_never_confidential_or_is_a_desk_s_own_is_no_canonical_issue(release: Release) -> None:
    stage, end = release.stage, release.fixes[1][0]
    stage.world.link(end, stage.open(CANONICAL, "a feature", by=stage.dev, confidential=False), by=stage.dev)
    stage.world.link(end, stage.open(CANONICAL, "another release", key="2027-01/tracking"), by=stage.dev)
    stage.world.link(end, stage.open(SECURITY, "beside it", by=stage.dev), by=stage.dev)
    assert disclosed(release) == Seen(None)


def test_of_several_canonical_issues_nobody_can_tell_which_counts(release: Release) -> None:
    refs = [ref(release.stage, canonical(release)) for _ in range(2)]
    part = disclosed(release)
    assert isinstance(part, Unseen)
    assert all(one in part.reason for one in refs)


def test_what_the_desk_opened_counts_before_what_people_linked(release: Release) -> None:
    stage = release.stage
    stage.world.link(release.fixes[0][0], stage.open(CVES, "by hand", by=stage.dev), by=stage.dev)
    found = need(need(stage.forge().look(release.asked()).linked, "them")[0].cve_request, "it")
    assert found is not None
    assert found.ref == ref(stage, release.cve)


def test_of_several_cve_requests_nobody_can_tell_which_counts(release: Release) -> None:
    stage, end = release.stage, canonical(release)
    for title in ("one", "two"):
        stage.world.link(end, stage.open(CVES, title, by=stage.dev), by=stage.dev)
    part = of_second(release)
    assert isinstance(part, Unseen)
    assert "2 CVE requests are linked to it" in part.reason


def test_the_cve_request_of_another_flaw_to_which_a_fix_is_related_as_well_is_not_taken_for_its_own(
    release: Release,
) -> None:
    stage, own, another = release.stage, canonical(release), canonical(release)
    old = stage.open(CVES, "of an old flaw", by=stage.dev)
    stage.world.link(another, old, by=stage.dev)
    part = of_second(release)
    assert isinstance(part, Unseen)
    assert all(f"{ref(stage, one)}" in part.reason for one in (own, another))
    request = stage.open(CVES, "of this one", by=stage.dev)
    stage.world.link(release.fixes[1][0], request, by=stage.dev)
    found = need(of_second(release), "it")
    assert found is not None
    assert found.ref == ref(stage, request), "what is linked to the fix itself is told from it"


def test_among_links_that_were_not_read_there_may_be_a_cve_request(release: Release) -> None:
    stage, end = release.stage, release.fixes[1][0]
    for number in range(250):
        stage.world.link(end, stage.open(SECURITY, f"{number}", by=stage.dev), by=stage.dev)
    part = need(stage.forge(pages=1).look(release.asked()).linked, "them")[1].cve_request
    assert isinstance(part, Unseen)
    assert "not all of its links could be seen" in part.reason


def test_a_canonical_issue_that_cannot_be_read_hides_what_is_linked_to_it(release: Release) -> None:
    stage, there = release.stage, canonical(release)
    stage.double.fail("POST", "/api/graphql", faults.bad_gateway(), times=1_000, text=f'"i0":["{there.iid}"]')
    for part in (of_second(release), disclosed(release)):
        assert isinstance(part, Unseen)
        assert "server or gateway failed" in part.reason


def test_an_answer_is_in_the_discussion_that_it_answers(release: Release) -> None:
    stage = release.stage
    request = release.fixes[0][1][0]
    begun = stage.world.discussion(request, "why so?", by=stage.dev)
    answer, _ = saying.comment(stage.world, stage.dev, request, "since", resolvable=True, discussion=begun.discussion)
    other = stage.world.discussion(request, "and this?", by=stage.dev)
    stage.world.note(request, "by the way", by=stage.dev)
    found = need(need(stage.forge().look(release.asked()).linked, "them")[0].requests, "them")[0]
    notes = {note.body: note for note in settled(found.notes, "the notes")}
    assert answer is not None
    assert notes["why so?"].thread == notes["since"].thread != notes["and this?"].thread
    assert other.discussion in notes["and this?"].thread
    assert notes["by the way"].thread == ""
    assert notes["since"].is_open

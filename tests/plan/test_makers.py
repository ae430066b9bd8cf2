"""What each line of work wants, and the effects it makes: keys, targets, when they may go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from secrel.evaluate.registry import shipped
from secrel.plan.makers import MAKERS
from secrel.plan.making import Scene, Text, Want, seen_issue, seen_request
from secrel.plan.planning import wanted
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Credit
from secrel.words.effects import (
    CloseIssue,
    CloseMergeRequest,
    Comment,
    Effect,
    LiftConfidentiality,
    OpenIssue,
    OpenMergeRequest,
    PostMessage,
    PublishRecord,
    Receipt,
    RewriteFiles,
    RewriteIssue,
    SendMail,
    TellReporter,
)
from secrel.words.errors import NotSeen
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.forge import State
from secrel.words.parts import Seen, Unseen
from tests.builders import (
    DUE,
    NAME,
    NOW,
    REPOSITORY,
    a_contents,
    a_draft,
    a_fix,
    a_live_post,
    a_merge_request,
    a_post,
    a_removed_fix,
    a_snapshot,
    an_advisory,
    an_issue,
    receipts,
    seen,
)

PROCESS = shipped("gitlab")
TEXT = Text(
    "the body",
    "the title",
    "posts/a.md",
    "the-branch",
    "to-whom",
    ReleaseFacts(next_after="r"),
    "what the desk would write",
)
FIX = f"{REPOSITORY}#1"


def a_scene(snapshot: Snapshot | None = None, **changes: Any) -> Scene:
    now = changes.pop("now", NOW)
    return Scene(snapshot or a_snapshot(**changes), PROCESS, now)


def wants(maker: str, scene: Scene) -> list[Want]:
    return list(MAKERS[maker].wants(scene))


def keys(maker: str, scene: Scene) -> list[str]:
    return [want.key for want in wants(maker, scene)]


def made(maker: str, scene: Scene, number: int = 0) -> Effect:
    return MAKERS[maker].make(wants(maker, scene)[number], TEXT, scene)


UNSEEN = Unseen("the forge does not answer")


def test_a_draft_is_opened_on_the_mirror_and_reveals_nothing() -> None:
    effect = made("draft_post", a_scene())
    assert effect.key == f"{NAME}/post/draft"
    assert isinstance(effect.action, OpenMergeRequest)
    assert effect.action.project == PROCESS.projects["security_site"]
    assert effect.action.files == (("posts/a.md", "the body"),)
    assert (effect.action.assignees, effect.action.reviewers) == (("amara",), ("bjorn",))
    assert not effect.needs_approval
    without_duty = made("draft_post", a_scene(duty=None)).action
    assert isinstance(without_duty, OpenMergeRequest)
    assert (without_duty.assignees, without_duty.reviewers) == ((), ())


def test_a_draft_that_is_there_is_rewritten_under_the_next_number() -> None:
    draft = a_draft(files=(("posts/a.md", "as found"),), body="about it")
    done = receipts("/post/draft", "/post/draft/edit/1", "/post/draft/edit/2")
    effect = made("draft_post", a_scene(draft=seen(draft), receipts=done))
    assert effect.key == f"{NAME}/post/draft/edit/3"
    assert effect.action == RewriteFiles(
        draft.ref,
        "the title",
        "about it",
        (("posts/a.md", "the body"),),
        (("posts/a.md", "as found"),),
        (draft.title, "about it"),
        "what the desk would write",
    )
    assert not effect.needs_approval


def test_where_the_mirror_is_the_public_site_a_draft_reveals() -> None:
    public = structs.replace(
        PROCESS, projects={**PROCESS.projects, "security_site": PROCESS.projects["canonical_site"]}
    )
    for draft in (None, a_draft()):
        scene = Scene(a_snapshot(draft=seen(draft)), public, NOW)
        effect = made("draft_post", scene)
        assert effect.reveals
        assert effect.not_before == DUE


def test_the_release_post_reveals_and_waits_for_its_time() -> None:
    opened = made("release_post", a_scene())
    assert isinstance(opened.action, OpenMergeRequest)
    assert opened.action.project == PROCESS.projects["canonical_site"]
    rewritten = made("release_post", a_scene(post=seen(a_post(files=(("posts/a.md", "x"),)))))
    assert isinstance(rewritten.action, RewriteFiles)
    assert rewritten.key == f"{NAME}/post/release/edit/1"
    for effect in (opened, rewritten):
        assert effect.reveals
        assert effect.not_before == DUE
    without_duty = made("release_post", a_scene(duty=None)).action
    assert isinstance(without_duty, OpenMergeRequest)
    assert without_duty.reviewers == ()


@pytest.mark.parametrize("state", [State.CLOSED, State.MERGED])
def test_nothing_is_done_to_a_post_that_is_closed_or_merged(state: State) -> None:
    scene = a_scene(draft=seen(a_draft(state=state)), post=seen(a_post(state=state)))
    assert keys("draft_post", scene) == []
    assert keys("release_post", scene) == []
    assert keys("close_draft", scene) == []


def test_what_could_not_be_seen_is_not_wanted() -> None:
    parts = ("draft", "post", "checklist", "comms", "next_tracking", "fixes")
    unseen: dict[str, Any] = dict.fromkeys(parts, UNSEEN)
    scene = a_scene(replace(a_snapshot(), contents=a_contents(advisories=[]), **unseen))
    for maker in ("draft_post", "release_post", "checklist", "comms_issue", "next_tracking_issue", "public_issues"):
        assert wanted((maker,), scene) == (), maker
    assert wants("cve_updates", scene) == []


def test_what_is_half_seen_is_not_written_down() -> None:
    cut = replace(a_snapshot(), fixes=Seen((a_fix(1),), "", "1 of 2 read"))
    left_open = a_snapshot([a_fix(1, merge_requests=(a_merge_request(1, pipeline=UNSEEN),))])
    for scene in (a_scene(cut), a_scene(left_open), a_scene(removed=UNSEEN), a_scene(draft=UNSEEN)):
        for maker in ("checklist", "comms_issue"):
            assert wanted((maker,), scene) == ()
    assert len(wanted(("checklist",), a_scene(proved={FIX: UNSEEN}))) == 1, "the gate says so, and the checklist too"


def test_no_second_request_is_made_while_the_first_could_not_be_seen() -> None:
    assert keys("cve_requests", a_scene(a_snapshot([a_fix(1, cve_request=None)]))) == [f"{NAME}/cve/request/{FIX}"]
    assert keys("cve_requests", a_scene(a_snapshot([a_fix(1, cve_request=UNSEEN)]))) == []


def test_confidentiality_is_lifted_only_from_what_was_seen() -> None:
    fixes = [a_fix(1, issue=UNSEEN), a_fix(2)]
    scene = a_scene(a_snapshot(fixes, post=seen(a_live_post())), now=DUE + timedelta(days=60))
    assert keys("public_issues", scene) == [f"{NAME}/public/{REPOSITORY}#2"]


def test_the_draft_is_closed() -> None:
    effect = made("close_draft", a_scene(draft=seen(a_draft())))
    assert effect.action == CloseMergeRequest("acme/security/site!900")
    scene = a_scene(draft=UNSEEN)
    assert wanted(("close_draft",), scene) == ()
    with pytest.raises(NotSeen, match="the draft post could not be seen: the forge does not answer"):
        MAKERS["close_draft"].make(Want(f"{NAME}/post/draft/close", "close_draft"), TEXT, scene)


@pytest.mark.parametrize(("maker", "document"), [("checklist", "checklist"), ("comms_issue", "comms")])
def test_documents_are_opened_once_and_then_rewritten(maker: str, document: str) -> None:
    opened = made(maker, a_scene())
    assert opened.key == f"{NAME}/{document}"
    assert isinstance(opened.action, OpenIssue)
    assert opened.action.confidential
    assert opened.action.due == DUE.date()
    assert opened.action.assignees == ("amara", "bjorn")
    alone = made(maker, a_scene(duty=None)).action
    assert isinstance(alone, OpenIssue)
    assert alone.assignees == ()
    found = an_issue(7, body="as found")
    changes: dict[str, Any] = {document: seen(found), "receipts": receipts(f"/{document}")}
    scene = a_scene(**changes)
    effect = made(maker, scene)
    assert effect.key == f"{NAME}/{document}/edit/1"
    assert effect.action == RewriteIssue(found.ref, "the body", "as found", "what the desk would write")
    changes = {document: UNSEEN}
    gone = a_scene(**changes)
    with pytest.raises(NotSeen):
        MAKERS[maker].make(wants(maker, scene)[0], TEXT, gone)


def test_a_cve_id_is_requested_for_what_needs_one_and_has_no_request() -> None:
    fixes = [a_fix(1, cve_request=None), a_fix(2), a_fix(3, cve_request=None), a_fix(4, cve_request=None)]
    told = [
        an_advisory(1, cve_id=None),
        an_advisory(2),
        an_advisory(3, no_cve="a dependency"),
        an_advisory(4, affected=None),
    ]
    scene = a_scene(fixes=fixes, contents=a_contents(advisories=told))
    assert keys("cve_requests", scene) == [f"{NAME}/cve/request/{FIX}"]
    action = made("cve_requests", scene).action
    assert isinstance(action, OpenIssue)
    assert (action.project, action.links) == (PROCESS.projects["cves"], (FIX,))


def test_requests_are_brought_up_to_date_under_their_own_numbers() -> None:
    other = f"{REPOSITORY}#2"
    done = receipts(f"/cve/update/{FIX}/1", f"/cve/update/{FIX}/2", f"/cve/request/{other}")
    scene = a_scene(receipts=done, contents=a_contents(advisories=[an_advisory(1), an_advisory(2), an_advisory(3)]))
    assert keys("cve_updates", scene) == [f"{NAME}/cve/update/{FIX}/3", f"{NAME}/cve/update/{other}/1"]
    assert made("cve_updates", scene).action == RewriteIssue(
        "acme/cves#1", "the body", "About flaw 1.", "what the desk would write"
    )
    gone = a_scene(fixes=[a_fix(1, cve_request=None)])
    with pytest.raises(NotSeen, match="the CVE request of acme/app#1 is not there"):
        MAKERS["cve_updates"].make(wants("cve_updates", scene)[0], TEXT, gone)


def test_records_are_published_of_assigned_ids_at_the_earliest_when_due() -> None:
    told = [an_advisory(1), an_advisory(2, cve_id=None), an_advisory(3, no_cve="a dependency")]
    scene = a_scene(contents=a_contents(advisories=told))
    assert keys("cve_records", scene) == [f"{NAME}/cve/publish/CVE-2026-0001"]
    effect = made("cve_records", scene)
    assert effect.action == PublishRecord("the title", "the body")
    assert (effect.reveals, effect.not_before) == (True, DUE)


def test_the_mail_is_blind_and_reveals() -> None:
    effect = made("email", a_scene())
    assert effect.action == SendMail("to-whom", "the title", "the body")
    assert (effect.reveals, effect.findable, effect.not_before) == (True, False, DUE)


def test_every_finder_with_a_report_is_told() -> None:
    advisory = an_advisory(1)
    [credit] = advisory.credits
    twice = replace(advisory, credits=(credit, *(Credit("elif", report=report) for report in ("", "report-9"))))
    scene = a_scene(contents=a_contents(advisories=[twice, an_advisory(2, credits=())]))
    assert keys("reporters", scene) == [f"{NAME}/report/{FIX}/1", f"{NAME}/report/{FIX}/3"]
    effect = made("reporters", scene)
    assert effect.action == TellReporter("to-whom", "the body")
    assert (effect.reveals, effect.not_before) == (True, DUE)


def test_issues_become_public_days_after_the_announcement_and_never_without_one() -> None:
    at = DUE + timedelta(hours=3)
    fixes = [
        a_fix(1),
        a_fix(2, issue=an_issue(2, confidential=False)),
        a_fix(3, issue=an_issue(3, labels=frozenset({"keep confidential"}))),
        a_fix(4, linked_at=at + timedelta(seconds=1)),
    ]
    scene = a_scene(fixes=fixes, post=seen(a_live_post(at)))
    assert keys("public_issues", scene) == [f"{NAME}/public/{FIX}"]
    effect = made("public_issues", scene)
    assert effect.action == LiftConfidentiality(FIX)
    assert (effect.reveals, effect.not_before) == (True, at + timedelta(days=30))
    later = replace(scene.snapshot, release=replace(scene.snapshot.release, disclosure_days=90))
    assert made("public_issues", a_scene(later)).not_before == at + timedelta(days=90)
    unannounced = a_scene(fixes=fixes, post=seen(a_post()))
    assert keys("public_issues", unannounced) == []
    with pytest.raises(NotSeen, match="the post is not live"):
        MAKERS["public_issues"].make(wants("public_issues", scene)[0], TEXT, unannounced)


def test_the_next_tracking_issue_has_the_key_of_its_own_release() -> None:
    scene = a_scene(next_tracking=seen(None, "2026-12-09"))
    effect = made("next_tracking_issue", scene)
    assert effect.key == "2026-12-09/tracking"
    assert isinstance(effect.action, OpenIssue)
    assert effect.action.facts == ReleaseFacts(next_after="r")
    assert effect.action.confidential
    assert keys("next_tracking_issue", a_scene(next_tracking=seen(an_issue(9), "2026-12-09"))) == []


def test_the_tracking_issue_is_closed() -> None:
    assert made("close_tracking", a_scene()).action == CloseIssue(f"{REPOSITORY}#500")


def test_release_managers_are_asked_on_the_issue_and_told_in_their_channel() -> None:
    scene = a_scene()
    assert made("tell_release_managers", scene).action == Comment(f"{REPOSITORY}#500", "the body")
    channel = PROCESS.channels["upcoming_release"]
    assert made("tell_release_managers", scene, 1).action == PostMessage(channel, "the body")


def test_ranges_are_asked_for_where_nobody_gave_one() -> None:
    scene = a_scene(contents=a_contents(advisories=[an_advisory(1, affected=None), an_advisory(2)]))
    assert keys("ask_for_ranges", scene) == [f"{NAME}/ask/range/{FIX}"]
    assert made("ask_for_ranges", scene).action == Comment(FIX, "the body")


def test_a_fix_that_was_taken_out_gets_its_text_when_one_was_written() -> None:
    gone = a_removed_fix(9, NOW)
    before = {f"{NAME}/post/draft": Receipt(f"{NAME}/post/draft", "x", NOW - timedelta(hours=1))}
    after = {f"{NAME}/post/draft": Receipt(f"{NAME}/post/draft", "x", NOW + timedelta(hours=1))}
    wanted: Mapping[str, list[str]] = {"before": [f"{NAME}/removed/{gone.ref}"], "after": [], "never": []}
    for when, done in (("before", before), ("after", after), ("never", {})):
        assert keys("comments_on_removed", a_scene(removed=(gone,), receipts=done)) == wanted[when], when
    effect = made("comments_on_removed", a_scene(removed=(gone,), receipts=before))
    assert effect.action == Comment(gone.ref, "the body")


def test_what_is_wrong_with_tags_is_told_again_after_four_hours() -> None:
    assert keys("tell_missing_from_tag", a_scene()) == [f"{NAME}/tags/wrong/1"]
    done = receipts("/tags/wrong/1", at=NOW - timedelta(hours=3, minutes=59))
    assert keys("tell_missing_from_tag", a_scene(receipts=done)) == []
    done = receipts("/tags/wrong/1", at=NOW - timedelta(hours=4))
    effect = made("tell_missing_from_tag", a_scene(receipts=done))
    assert effect.key == f"{NAME}/tags/wrong/2"
    assert effect.action == Comment(f"{REPOSITORY}#500", "the body")


def test_the_post_is_asked_to_be_merged_and_marketing_is_told() -> None:
    scene = a_scene(post=seen(a_post()))
    assert made("ask_to_merge", scene).action == Comment("acme/site!901", "the body")
    assert made("ask_to_merge", scene, 1).action == PostMessage(PROCESS.channels["marketing"], "the body")
    with pytest.raises(NotSeen, match="the release post is not there"):
        made("ask_to_merge", a_scene())


def test_the_test_mail_is_asked_for_on_the_communications_issue() -> None:
    assert made("ask_for_test_email", a_scene(comms=seen(an_issue(8)))).action == Comment(f"{REPOSITORY}#8", "the body")
    with pytest.raises(NotSeen, match="the communications issue is not there"):
        made("ask_for_test_email", a_scene())


def test_whoever_has_worked_today_hands_over_in_their_own_evening() -> None:
    evening = NOW.replace(hour=17)
    assert keys("handover", a_scene(now=evening)) == [f"{NAME}/handover/2026-11-18/amara"]
    assert keys("handover", a_scene(now=NOW.replace(hour=16, minute=59))) == []
    in_denver = NOW.replace(day=19, hour=0)
    assert keys("handover", a_scene(now=in_denver)) == [f"{NAME}/handover/2026-11-18/bjorn"]
    assert keys("handover", a_scene(now=evening.replace(day=21))) == [], "a Saturday"
    assert keys("handover", a_scene(now=evening, duty=None)) == []
    assert keys("handover", a_scene(now=evening, people=())) == []
    effect = made("handover", a_scene(now=evening))
    assert effect.action == PostMessage(PROCESS.channels["team"], "the body")


def test_no_effect_before_the_announcement_reveals_but_what_waits_for_it() -> None:
    scene = a_scene(
        draft=seen(a_draft()), post=seen(a_post()), comms=seen(an_issue(8)), removed=(a_removed_fix(),),
        receipts=receipts("/post/draft", at=NOW - timedelta(days=9)), now=NOW.replace(hour=18),
        next_tracking=seen(None, "2026-12-09"),
    )  # fmt: skip
    loud = {effect.kind for maker in MAKERS for n, _ in enumerate(wants(maker, scene))
            if (effect := made(maker, scene, n)).needs_approval}  # fmt: skip
    assert loud == {"RewriteFiles", "SendMail", "TellReporter", "PublishRecord"}


def test_a_part_that_was_not_seen_is_never_taken_for_one_that_is_not_there() -> None:
    nothing: Seen[Any] = seen(None)
    for part, said in ((UNSEEN, "it could not be seen"), (nothing, "it is not there")):
        with pytest.raises(NotSeen, match=said):
            seen_issue(part, "it")
        with pytest.raises(NotSeen, match=said):
            seen_request(part, "it")
    assert seen_issue(seen(an_issue(1)), "it").ref == FIX
    assert seen_request(seen(a_post()), "it").ref == "acme/site!901"

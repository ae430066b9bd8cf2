"""What each line of work wants, and the effects it makes: keys, targets, texts, when they may go out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace

from secrel.evaluate.looking import NO_CANONICAL
from secrel.evaluate.people import reviewers_of
from secrel.evaluate.registry import shipped
from secrel.evaluate.verdicts import Assessment, Blocked, Finding, Judged, Pending, Verdict, Waiting
from secrel.papers.documents import texts_now
from secrel.papers.email.current import email_now, mail_links
from secrel.papers.post.current import post_now
from secrel.papers.scene import Scene
from secrel.plan.embargo import embargoed
from secrel.plan.lines import work_named, work_names
from secrel.plan.making import Step
from secrel.plan.outdated import outdated, would_prepare
from secrel.plan.plan import Prepared, Refusal
from secrel.plan.planning import plan_release, steps_of
from secrel.plan.works.handover import said_by
from secrel.process.table import Gate
from secrel.snapshot.seen import CarriedOver, Written
from secrel.words.advisories import Contents, Credit
from secrel.words.documents import READY, TABLE
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
    RewriteFiles,
    RewriteIssue,
    SendMail,
    SetFacts,
    TellReporter,
)
from secrel.words.errors import Misused, NotSeen
from secrel.words.facts.stated import UNSTATED, FixFacts, ReleaseFacts, read_facts
from secrel.words.fixes import Companion
from secrel.words.forge import Issue, Note, Pipeline, State
from secrel.words.ids import CveId
from secrel.words.merging import SHOWN
from secrel.words.outcomes import Receipt
from secrel.words.parts import Part, Unseen, known
from secrel.words.people import SENT
from secrel.words.releases import Kind
from tests.builders import (
    DUE,
    NAME,
    NOW,
    REPOSITORY,
    a_claim,
    a_contents,
    a_draft,
    a_duty,
    a_fix,
    a_live_post,
    a_merge_request,
    a_post,
    a_release,
    a_removed_fix,
    a_snapshot,
    a_team,
    a_tracking_issue,
    an_advisory,
    an_issue,
    changed,
    receipts,
    seen,
    with_parts,
)
from tests.papers.email.samples import critical
from tests.plan.scenes import PROCESS, a_scene, held, keys, made, one

FIX = f"{REPOSITORY}#1"
UNSEEN = Unseen("the forge does not answer")


def test_a_line_of_work_that_there_is_not_is_named_with_those_that_there_are() -> None:
    for name in ("", "reporter", "__init__", "../email"):
        with pytest.raises(Misused, match="there is no line of work") as told:
            work_named(name)
        assert "reporters" in told.value.remedy


# -- the post --------------------------------------------------------------------------------------------------------


def test_a_draft_is_opened_on_the_mirror_and_reveals_nothing() -> None:
    effect = one("draft_post", a_scene())
    assert effect.key == f"{NAME}/post/draft"
    assert isinstance(effect.action, OpenMergeRequest)
    assert effect.action.project == PROCESS.projects["security_site"]
    assert effect.action.title.startswith("Draft: ")
    [(path, text)] = effect.action.files
    assert "2026-11-25" in path
    assert "Improper access control in part 2" in text
    assert effect.action.body.startswith(f"The announcement of {NAME}, for versions 18.5.2, 18.4.4, 18.3.6.\n")
    assert (effect.action.assignees, effect.action.reviewers) == (("amara",), ("bjorn",))
    assert not effect.needs_approval
    without_duty = one("draft_post", a_scene(duty=None)).action
    assert isinstance(without_duty, OpenMergeRequest)
    assert (without_duty.assignees, without_duty.reviewers) == ((), ())


@pytest.mark.parametrize("team", [2, 3, 4])
@pytest.mark.parametrize("by", ["amara", "bjorn", "chidi", "desk"])
def test_whoever_opens_the_draft_leaves_somebody_who_may_review_it(team: int, by: str) -> None:
    scene = replace(a_scene(people=a_team()[:team]), by=by)
    before = reviewers_of(scene.snapshot, PROCESS)
    [step] = steps_of("draft_post", scene)
    if (team, by) == (2, "bjorn"):
        what = "the draft post is amara's to open, so that bjorn can review it"
        assert step == Prepared("amara", what, f"secrel make-blogpost {NAME} --draft --by amara")
        return
    assert isinstance(step, Effect)
    after = reviewers_of(with_parts(scene.snapshot, draft=seen(a_draft(author=by))), PROCESS)
    assert after, f"{before} could review it before"
    assert set(after) == set(before) - {by}


def opened_draft() -> OpenMergeRequest:
    action = one("draft_post", a_scene()).action
    assert isinstance(action, OpenMergeRequest)
    return action


def test_a_draft_that_is_there_is_merged_with_the_facts_under_the_next_number() -> None:
    [(path, text)] = opened_draft().files
    theirs = text.replace("An attacker could read part 1.", "Part 1 could be read by an attacker.")
    assert theirs != text
    draft = a_draft(files=((path, theirs),), body="about it", title=opened_draft().title)
    done = receipts("/post/draft", "/post/draft/edit/1", "/post/draft/edit/2")
    there: dict[str, Any] = {"draft": seen(draft), "receipts": done, "written": {"draft": Written("k", text)}}
    assert keys("draft_post", a_scene(**there)) == [], "what a person made of it stands"
    told = [an_advisory(1), an_advisory(2, title="Another title of part 2")]
    effect = one("draft_post", a_scene(**there, contents=a_contents(advisories=told)))
    assert effect.key == f"{NAME}/post/draft/edit/3"
    assert isinstance(effect.action, RewriteFiles)
    assert (effect.action.ref, effect.action.body, effect.action.expects) == (draft.ref, "about it", draft.files)
    [(_, merged)] = effect.action.files
    assert "Part 1 could be read by an attacker." in merged
    assert "Another title of part 2" in merged
    assert SHOWN not in merged
    assert "Part 1 could be read" not in effect.action.desk_text, "the base of the next merge is the desk's own"
    assert not effect.needs_approval


def test_a_draft_whose_base_nobody_knows_stays_as_it_is_and_an_empty_one_is_written() -> None:
    [(path, _)] = opened_draft().files
    found = a_draft(files=((path, "all of it is mine\n"),), title=opened_draft().title)
    assert keys("draft_post", a_scene(draft=seen(found), receipts=receipts("/post/draft"))) == []
    effect = one("draft_post", a_scene(draft=seen(a_draft(files=())), receipts=receipts("/post/draft")))
    assert isinstance(effect.action, RewriteFiles)
    assert (effect.action.files, effect.action.desk_text) == (opened_draft().files, "")


def test_where_the_mirror_is_the_public_site_a_draft_reveals() -> None:
    public = structs.replace(
        PROCESS, projects={**PROCESS.projects, "security_site": PROCESS.projects["canonical_site"]}
    )
    for draft in (None, a_draft()):
        effect = one("draft_post", a_scene(process=public, draft=seen(draft)))
        assert effect.reveals
        assert effect.not_before == DUE


def test_the_release_post_is_the_draft_reveals_and_waits_for_its_time() -> None:
    draft = seen(a_draft(title="Draft: A title", files=(("posts/a.md", "as reviewed \t"),)))
    opened = one("release_post", a_scene(draft=draft))
    assert isinstance(opened.action, OpenMergeRequest)
    assert opened.action.project == PROCESS.projects["canonical_site"]
    assert (opened.action.title, opened.action.branch.endswith("-canonical")) == ("A title", True)
    assert (opened.action.assignees, opened.action.reviewers) == (("release-managers",), ("bjorn",))
    rewritten = one("release_post", a_scene(draft=draft, post=seen(a_post(files=(("posts/a.md", "x"),)))))
    assert isinstance(rewritten.action, RewriteFiles)
    assert rewritten.action.expects == (("posts/a.md", "x"),)
    assert rewritten.key == f"{NAME}/post/release/edit/1"
    for effect in (opened, rewritten):
        assert isinstance(effect.action, OpenMergeRequest | RewriteFiles)
        assert effect.action.files == (("posts/a.md", "as reviewed \t"),)
        assert effect.reveals
        assert effect.not_before == DUE
    without_duty = one("release_post", a_scene(draft=draft, duty=None)).action
    assert isinstance(without_duty, OpenMergeRequest)
    assert without_duty.reviewers == ()
    same = a_post(title="A title", files=(("posts/a.md", "as reviewed \t"),))
    assert keys("release_post", a_scene(draft=draft, post=seen(same))) == []


@pytest.mark.parametrize("draft", [seen(None), UNSEEN, seen(a_draft(files=()))])
def test_there_is_no_release_post_without_a_draft(draft: Any) -> None:
    [refusal] = held("release_post", a_scene(draft=draft))
    assert (refusal.rule, refusal.keys) == ("facts", (f"{NAME}/post/release",))
    assert "there is no reviewed draft" in refusal.what


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"state": State.CLOSED}, "is closed"),
        ({"state": State.MERGED}, "is merged"),
        ({"open_discussions": 1}, "has open discussions"),
        ({"assents": ()}, "has not been reviewed as it is"),
        ({"changed_at": DUE}, "has not been reviewed as it is"),
    ],
)
def test_only_a_reviewed_open_and_unchanged_draft_is_carried_over(changes: dict[str, Any], what: str) -> None:
    draft = seen(a_draft(**changes))
    for post in (None, a_post(files=(("posts/a.md", "x"),))):
        scene = a_scene(draft=draft, post=seen(post))
        [refusal] = held("release_post", scene)
        assert refusal.rule == "facts"
        assert f"the draft {what}" in refusal.what
        assert made("release_post", scene) == []
    unseen = a_draft(open_discussions=Unseen("no answer"))
    [refusal] = held("release_post", a_scene(draft=seen(unseen)))
    assert refusal.rule == "unseen"


def test_a_draft_that_is_behind_the_facts_is_not_carried_over() -> None:
    [(path, text)] = opened_draft().files
    parts: dict[str, Any] = {"draft": seen(a_draft(files=((path, text),))), "written": {"draft": Written("k", text)}}
    assert keys("release_post", a_scene(**parts)) == [f"{NAME}/post/release"]
    told = a_contents(advisories=[an_advisory(1), an_advisory(2, title="Another title of part 2")])
    [refusal] = held("release_post", a_scene(**parts, contents=told))
    assert "the draft is behind the facts" in refusal.what


def test_a_post_that_is_what_was_carried_over_is_left_alone_whatever_became_of_the_draft() -> None:
    post = a_post(title="Draft no more")
    for draft in (None, a_draft(state=State.CLOSED)):
        scene = a_scene(draft=seen(draft), post=seen(post), carried=CarriedOver(DUE, post.files))
        assert list(steps_of("release_post", scene)) == []
    other = a_scene(draft=seen(a_draft(state=State.CLOSED)), post=seen(post), carried=CarriedOver(DUE, ()))
    assert held("release_post", other)


@pytest.mark.parametrize("state", [State.MERGED, State.CLOSED])
def test_a_correction_that_people_merged_or_closed_is_neither_rewritten_nor_made_again(state: State) -> None:
    live, correction = a_post(state=State.MERGED), a_post(state=state, files=(("posts/a.md", "x"),))
    assert list(steps_of("release_post", a_scene(post=seen(live), correction=seen(correction)))) == []


def test_an_exception_from_the_review_lets_the_draft_go_and_the_post_remembers_by_which_verdicts() -> None:
    signed = a_claim("draft-reviewed", "bjorn", words="read on paper", waives=True)
    scene = a_scene(draft=seen(a_draft(assents=())), claims=(signed,), now=DUE)
    action = one("release_post", scene).action
    assert isinstance(action, OpenMergeRequest)
    assert ("draft-reviewed", "waived", "bjorn", f"{NOW.isoformat()} read on paper") in action.vouched


@pytest.mark.parametrize("state", [State.CLOSED, State.MERGED])
def test_nothing_is_done_to_a_post_that_is_closed_or_merged(state: State) -> None:
    scene = a_scene(draft=seen(a_draft(state=state)), post=seen(a_post(state=state)))
    for work in ("draft_post", "release_post", "close_draft"):
        assert list(steps_of(work, scene)) == []


def test_the_draft_is_closed() -> None:
    effect = one("close_draft", a_scene(draft=seen(a_draft())))
    assert effect.action == CloseMergeRequest("acme/security/site!900")


def test_the_post_is_asked_to_be_merged_and_marketing_is_told() -> None:
    asked, told = made("ask_to_merge", a_scene(post=seen(a_post()), comms=seen(an_issue(8))))
    assert not asked.reveals
    assert isinstance(asked.action, Comment)
    assert asked.action.ref == "acme/app#500"
    assert a_post().url in asked.action.body
    assert asked.action.body.startswith("@release-managers")
    assert isinstance(told.action, PostMessage)
    assert told.action.channel == PROCESS.channels["marketing"]
    assert an_issue(8).url in told.action.text


# -- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("work", "name"), [("checklist", "checklist"), ("comms_issue", "comms")])
def test_documents_are_opened_once_and_then_rewritten(work: str, name: str) -> None:
    opened = one(work, a_scene())
    assert opened.key == f"{NAME}/{name}"
    assert isinstance(opened.action, OpenIssue)
    assert opened.action.project == PROCESS.projects[TABLE[name].project]
    assert opened.action.labels == (PROCESS.labels[TABLE[name].label],)
    assert opened.action.confidential
    assert opened.action.due == DUE.date()
    assert opened.action.assignees == ("amara", "bjorn")
    alone = one(work, a_scene(duty=None)).action
    assert isinstance(alone, OpenIssue)
    assert alone.assignees == ()
    parts: dict[str, Any] = {
        name: seen(an_issue(7, body=f"{opened.action.body}\nMine.\n")),
        "receipts": receipts(f"/{name}"),
        "written": {name: Written("k", opened.action.body)},
    }
    late = a_snapshot(**parts)
    closed = a_snapshot(**{**parts, name: seen(replace(parts[name].value, state=State.CLOSED))})
    assert list(steps_of(work, a_scene(closed))) == []
    later = replace(late, release=replace(late.release, due=DUE + timedelta(days=1)))
    later = replace(later, contents=replace(later.contents, release=later.release))
    effect = one(work, a_scene(later))
    assert effect.key == f"{NAME}/{name}/edit/1"
    assert isinstance(effect.action, RewriteIssue)
    assert (effect.action.ref, effect.action.expects) == (f"{REPOSITORY}#7", parts[name].value.body)
    assert effect.action.body.endswith("\nMine.\n")
    assert "26 Nov" in effect.action.body or "2026-11-26" in effect.action.body
    assert "Mine." not in effect.action.desk_text, "the base of the next merge is the desk's own"


@pytest.mark.parametrize("work", ["checklist", "comms_issue"])
def test_a_document_that_says_what_is_so_is_left_alone(work: str) -> None:
    name = {"comms_issue": "comms"}.get(work, work)
    scene = a_scene()
    for _ in range(3):  # the checklist tells of itself once it is there
        [*effects] = made(work, scene)
        if not effects:
            break
        action = effects[0].action
        assert isinstance(action, OpenIssue | RewriteIssue)
        there: dict[str, Any] = {name: seen(an_issue(7, body=action.body))}
        scene = a_scene(with_parts(scene.snapshot, **there, receipts=receipts(f"/{name}")))
    assert list(steps_of(work, scene)) == []


def test_documents_wait_while_anything_of_the_release_could_not_be_seen() -> None:
    """They would say of a world that was half seen that this is all."""
    there = {"comms": seen(an_issue(8)), "checklist": seen(an_issue(7))}
    for hidden in ({"tags": UNSEEN}, {"removed": UNSEEN}, {"fixes": [a_fix(1, merge_requests=UNSEEN)]}):
        parts: dict[str, Any] = {**there, **hidden}
        for work in ("comms_issue", "checklist"):
            assert list(steps_of(work, a_scene(**parts))) == []


def unassigned(*numbers: int) -> Contents:
    """What a release announces whose fixes have no id yet."""
    return a_contents(advisories=[an_advisory(n, cve_id=None, assigned_by="") for n in numbers])


def test_what_the_process_lacks_is_held_back_with_its_name() -> None:
    bare = structs.replace(PROCESS, labels={})
    scene = a_scene(process=bare, fixes=[a_fix(1, cve_request=None)], contents=unassigned(1))
    assert made("cve_requests", scene) == []
    assert [refusal.what for refusal in held("cve_requests", scene)] == [
        "gitlab: the process has no cve_request in [labels]"
    ]


def test_what_could_not_be_seen_is_not_wanted() -> None:
    names = ("draft", "post", "checklist", "comms", "next_tracking")
    unseen: dict[str, Any] = dict.fromkeys(names, UNSEEN)
    scene = a_scene(with_parts(a_snapshot(), contents=a_contents(advisories=[]), fixes=UNSEEN, **unseen))
    for work in ("draft_post", "release_post", "checklist", "comms_issue", "next_tracking_issue", "public_issues"):
        assert list(steps_of(work, scene)) == [], work
    assert list(steps_of("cve_updates", scene)) == []


@pytest.mark.parametrize(
    ("work", "name"), [("close_draft", "draft"), ("ask_to_merge", "post"), ("ask_for_test_email", "comms")]
)
def test_what_needs_a_document_that_is_not_there_is_held_back_with_the_reason(work: str, name: str) -> None:
    nothing: dict[str, Any] = {name: seen(None)}
    refusals = held(work, a_scene(**nothing))
    assert refusals
    for refusal in refusals:
        assert (refusal.rule, refusal.what) == ("unseen", f"{TABLE[name].said} is not there")


def test_what_needs_a_document_that_could_not_be_seen_is_held_back_with_the_reason() -> None:
    [refusal] = held("ask_for_test_email", a_scene(comms=UNSEEN))
    assert (refusal.rule, refusal.keys) == ("unseen", (f"{NAME}/email/ask-test",))
    assert refusal.what == "the communications issue could not be seen: the forge does not answer"


def test_a_document_of_the_other_kind_is_not_taken_for_one() -> None:
    scene = a_scene(draft=seen(a_draft()))
    with pytest.raises(NotSeen, match="the draft post is not there"):
        scene.issue("draft")
    with pytest.raises(NotSeen, match="the tracking issue is not there"):
        scene.merge_request("tracking")


# -- CVE ids ---------------------------------------------------------------------------------------------------------


def test_a_cve_id_is_requested_for_what_needs_one_and_has_no_request() -> None:
    fixes = [a_fix(1, cve_request=None), a_fix(2), a_fix(3, cve_request=None), a_fix(4, cve_request=None)]
    told = [
        an_advisory(1, cve_id=None),
        an_advisory(2),
        an_advisory(3, no_cve="a dependency"),
        an_advisory(4, affected=None),
    ]
    effect = one("cve_requests", a_scene(fixes=fixes, contents=a_contents(advisories=told)))
    assert effect.key == f"{NAME}/cve/request/{FIX}"
    assert isinstance(effect.action, OpenIssue)
    assert (effect.action.project, effect.action.links) == (PROCESS.projects["cves"], (FIX,))
    assert "Improper access control in part 1" in effect.action.title


def test_a_vendor_without_a_cna_asks_another_in_a_message_that_reveals_nothing() -> None:
    alone = structs.replace(PROCESS, lacks=("cna",))
    theirs = an_advisory(
        1, cve_id=None, assigned_by="Widget", credits=(Credit("elif", report="https://reports.test/1"),)
    )
    unknown = an_advisory(2, cve_id=None, assigned_by="Widget", affected=None)
    known, ours = an_advisory(3, assigned_by="Widget"), an_advisory(4, cve_id=None, assigned_by="")
    contents = a_contents(advisories=[theirs, unknown, known, ours])
    fixes = [a_fix(n, cve_request=None) for n in (1, 2, 3, 4)]
    effect = one("cve_requests", a_scene(process=alone, fixes=fixes, contents=contents))
    assert (effect.key, effect.needs_approval) == (f"{NAME}/cve/ask/{FIX}", False)
    assert isinstance(effect.action, PostMessage)
    assert effect.action.channel == "Widget"
    assert "reports.test" not in effect.action.text
    assert [one.kind for one in made("cve_requests", a_scene(fixes=fixes, contents=contents))] == ["OpenIssue"]


def test_requests_are_brought_up_to_date_under_their_own_numbers() -> None:
    other = f"{REPOSITORY}#2"
    told = a_contents(advisories=[an_advisory(1), an_advisory(2), an_advisory(3)])
    base = Written("k", "the desk wrote this\n")
    scene = a_scene(
        receipts=receipts(f"/cve/update/{FIX}/1", f"/cve/update/{FIX}/2", f"/cve/request/{other}"),
        fixes=[
            a_fix(n, cve_request=an_issue(n, "acme/cves", body="the desk wrote this\nand I that\n")) for n in (1, 2)
        ],
        contents=told,
        written={f"cve/{FIX}": base, f"cve/{other}": base},
    )
    assert keys("cve_updates", scene) == [f"{NAME}/cve/update/{FIX}/3", f"{NAME}/cve/update/{other}/1"]
    action = made("cve_updates", scene)[0].action
    assert isinstance(action, RewriteIssue)
    assert (action.ref, action.expects) == ("acme/cves#1", "the desk wrote this\nand I that\n")
    assert "and I that\n" in action.body
    assert "An attacker could read part 1." in action.body
    assert made("cve_updates", scene)[0].summary == f"bring the CVE request of {FIX} up to date"


def test_records_are_published_of_assigned_ids_at_the_earliest_when_due() -> None:
    told = [an_advisory(1), an_advisory(2, cve_id=None), an_advisory(3, assigned_by="Widget")]
    effect = one("cve_records", a_scene(contents=a_contents(advisories=told)))
    assert effect.key == f"{NAME}/cve/publish/CVE-2026-0001"
    assert isinstance(effect.action, PublishRecord)
    assert (effect.action.cve_id, '"CVE-2026-0001"' in effect.action.record) == ("CVE-2026-0001", True)
    assert (effect.reveals, effect.not_before) == (True, DUE)


def test_a_vendor_without_a_cna_tells_others_of_the_ids_they_assigned() -> None:
    told = [an_advisory(1, cve_id=None), an_advisory(3, assigned_by="Widget")]
    [word] = made("cve_records", a_scene(None, replace(PROCESS, lacks=("cna",)), contents=a_contents(advisories=told)))
    assert isinstance(word.action, PostMessage)
    assert (word.key, word.action.channel) == (f"{NAME}/cve/tell/CVE-2026-0003", "Widget")
    assert (word.reveals, word.not_before) == (True, DUE)


def test_a_record_that_lacks_a_fact_is_held_back_and_the_others_go_on() -> None:
    told = [an_advisory(1), an_advisory(2, references=("ftp://files.test/a",))]
    scene = a_scene(contents=a_contents(advisories=told))
    assert keys("cve_records", scene) == [f"{NAME}/cve/publish/CVE-2026-0001"]
    [refusal] = held("cve_records", scene)
    assert (refusal.rule, refusal.keys) == ("facts", (f"{NAME}/cve/publish/CVE-2026-0002",))


# -- what is said to whom --------------------------------------------------------------------------------------------


def test_the_mail_is_blind_and_reveals() -> None:
    effect = one("email", a_scene())
    assert isinstance(effect.action, SendMail)
    assert effect.action.to == PROCESS.addresses["segment"]
    assert f"Subject: {effect.action.subject}" in effect.action.eml
    assert (effect.reveals, effect.findable, effect.not_before) == (True, False, DUE)


def test_those_who_send_the_mail_hear_when_it_can_go_out_and_never_before() -> None:
    comms, live = seen(an_issue(8, assignees=("kim",))), seen(a_live_post())
    prepared = {f"{NAME}/email": Receipt(f"{NAME}/email", "outbox/mail.eml", DUE, prepared=True)}
    there: dict[str, Any] = {"comms": comms, "post": live, "receipts": prepared}
    effect = one("email", a_scene(**there))
    assert effect.key == f"{NAME}/email/ask-send"
    assert isinstance(effect.action, Comment)
    assert effect.action.ref == f"{REPOSITORY}#8"
    assert effect.action.body.startswith("@kim the post on ")
    assert "then send the email to subscribers as it was tested" in effect.action.body
    for gone in ({"receipts": receipts("/email")}, {"claims": (a_claim(SENT, about=f"{NAME}/email"),)}):
        action = one("email", a_scene(**{**there, **gone})).action
        assert isinstance(action, Comment)
        assert "has been sent. Please confirm it here" in action.body, "nobody sends it twice"
    assert keys("email", a_scene(**{**there, "post": seen(None), "receipts": {}})) == [f"{NAME}/email"], (
        "it is not live"
    )
    assert effect.needs_approval, "whoever is told so sends a mail to everybody"
    assert keys("email", a_scene(**{**there, "receipts": {}})) == [f"{NAME}/email", f"{NAME}/email/ask-send"]
    [refusal] = held("email", a_scene(**{**there, "comms": seen(None)}))
    assert refusal.keys == (f"{NAME}/email/ask-send",)


def test_a_mail_that_is_not_so_any_more_is_corrected_and_those_who_send_it_are_told() -> None:
    there: dict[str, Any] = {
        "comms": seen(an_issue(8, assignees=("kim",))),
        "post": seen(a_live_post()),
        "receipts": receipts("/email", "/email/ask-send"),
        "outdated": {f"{NAME}/email": seen(("score",))},
    }
    mail, word = made("email", a_scene(**there))
    assert (mail.key, word.key) == (f"{NAME}/email/anew/1", f"{NAME}/email/ask-send/anew/1")
    assert isinstance(mail.action, SendMail)
    assert mail.action.subject.startswith("Correction: ")
    assert isinstance(word.action, Comment)
    assert "Please send the correction" in word.action.body
    first = {
        f"{NAME}/email": Receipt(f"{NAME}/email", "outbox", DUE),
        f"{NAME}/email/ask-send": receipts("/x")[f"{NAME}/x"],
    }
    anew = Receipt(f"{NAME}/email/anew/1", "outbox", DUE, prepared=True)
    lying: dict[str, Any] = {**there, "receipts": {**first, anew.key: anew}, "outdated": {}}
    assert keys("email", a_scene(**lying)) == [f"{NAME}/email/ask-send/anew/1"], "they were not told yet"
    gone = {**lying, "claims": (a_claim(SENT, about=anew.key),)}
    action = one("email", a_scene(**gone)).action
    assert isinstance(action, Comment)
    assert "has been sent" in action.body
    missing = a_scene(**there, contents=a_contents(advisories=[]))
    assert [refusal.keys for refusal in held("email", missing)] == [(f"{NAME}/email/anew/1",)]


def test_of_a_mail_that_people_have_and_the_journal_does_not_know_nobody_says_that_it_is_wrong() -> None:
    scene = a_scene(receipts=receipts("/email"))
    steps = would_prepare(scene)
    mail = next(step for step in steps if isinstance(step, Effect) and step.key == f"{NAME}/email")
    assert isinstance(mail.action, SendMail)
    assert known(outdated(scene, steps, {})[mail.key], None) == ()
    assert known(outdated(scene, steps, {mail.key: mail.action})[mail.key], None) == ()
    other = replace(mail.action, eml=mail.action.eml.replace("18.5.2", "18.5.3"))
    assert known(outdated(scene, steps, {mail.key: other})[mail.key], ())


def test_every_finder_with_a_report_is_told() -> None:
    advisory = an_advisory(1)
    [credit] = advisory.credits
    twice = replace(advisory, credits=(credit, Credit("elif"), Credit("farid", report="report-9")))
    scene = a_scene(contents=a_contents(advisories=[twice, an_advisory(2, credits=())]))
    first, second = made("reporters", scene)
    assert [first.key, second.key] == [f"{NAME}/report/{FIX}/{name}" for name in twice.reports]
    assert isinstance(second.action, TellReporter)
    assert second.action.report == "report-9"
    assert second.action.text.startswith("Hello farid,")
    assert (first.reveals, first.not_before) == (True, DUE)


def lifting(scene: Scene) -> Effect:
    """The one effect that makes an issue public, without the reminder that goes before."""
    [effect] = [one for one in made("public_issues", scene) if "/remind/" not in one.key]
    return effect


def test_issues_become_public_days_after_the_announcement_and_never_without_one() -> None:
    at = DUE + timedelta(hours=3)
    fixes = [
        a_fix(1),
        a_fix(2, issue=an_issue(2, confidential=False)),
        a_fix(3, issue=an_issue(3, labels=frozenset({"keep confidential"}))),
        a_fix(4, linked_at=at + timedelta(seconds=1)),
        a_fix(5, issue=Unseen("the forge does not answer")),
    ]
    scene = a_scene(fixes=fixes, post=seen(a_live_post(at)), now=at + timedelta(days=90))
    effect = lifting(scene)
    assert effect.key == f"{NAME}/public/{FIX}"
    assert effect.action == LiftConfidentiality(FIX, an_issue(1).title, an_issue(1).body, UNSTATED)
    assert (effect.reveals, effect.not_before) == (True, at + timedelta(days=30))
    later = replace(scene.snapshot, release=replace(scene.snapshot.release, disclosure_days=90))
    assert lifting(a_scene(later, now=scene.now)).not_before == at + timedelta(days=90)
    assert made("public_issues", a_scene(later, now=scene.now - timedelta(seconds=1))) == []
    of_its_own = replace(later, contents=a_contents(advisories=(an_advisory(1, disclosure_days=60),)))
    assert lifting(a_scene(of_its_own, now=scene.now)).not_before == at + timedelta(days=60)
    assert list(steps_of("public_issues", a_scene(fixes=fixes, post=seen(a_post())))) == []


def test_an_issue_that_was_public_and_is_confidential_again_is_made_public_under_another_key() -> None:
    at = DUE + timedelta(hours=3)
    scene = a_scene(fixes=[a_fix(1)], post=seen(a_live_post(at)), now=at + timedelta(days=30))
    once = f"{NAME}/public/{FIX}"
    for done, key in (((), once), ((once,), f"{once}/again/1"), ((once, f"{once}/again/1"), f"{once}/again/2")):
        receipts = {one: Receipt(one, FIX, at) for one in done}
        again = a_scene(replace(scene.snapshot, receipts=receipts), now=scene.now)
        assert lifting(again).key == key


def test_of_a_fix_on_a_mirror_the_canonical_issue_becomes_public_or_it_is_said_why_not() -> None:
    at = DUE + timedelta(hours=3)
    kept = frozenset({"keep confidential"})

    def steps(canonical: Part[Issue | None]) -> list[Step]:
        fix = a_fix(1, issue=an_issue(1, members_only=True), canonical=canonical)
        scene = a_scene(fixes=[fix], post=seen(a_live_post(at)), now=at + timedelta(days=30))
        return [one for one in steps_of("public_issues", scene) if "/remind/" not in getattr(one, "key", "")]

    note = Note("chidi", DUE, "what outsiders would read")
    facts = read_facts(FixFacts, {"title": "A flaw", "no_cve": "we said so among us"})
    there = an_issue(9, title="What was reported", notes=(note,), facts=facts)
    cleared, lifted = (one for one in steps(seen(there)) if isinstance(one, Effect))
    assert lifted.key == f"{NAME}/public/{FIX}"
    shown = lifted.action
    assert isinstance(shown, LiftConfidentiality)
    assert isinstance(cleared.action, SetFacts)
    assert (shown.ref, shown.title, cleared.action.ref) == (there.ref, "What was reported", there.ref)
    assert "we said so among us" not in str(shown.facts)
    assert steps(seen(an_issue(9, confidential=False))) == []
    assert steps(seen(an_issue(9, labels=kept))) == []
    [none] = steps(seen(None))
    assert isinstance(none, Refusal)
    assert (none.rule, NO_CANONICAL in none.what) == ("facts", True)
    assert {one.rule for one in steps(Unseen("two are linked")) if isinstance(one, Refusal)} == {"unseen"}


def test_those_on_duty_are_reminded_once_that_issues_can_become_public() -> None:
    at = DUE + timedelta(hours=3)

    def reminders(now: datetime, **parts: Any) -> list[Effect]:
        scene = a_scene(**{"fixes": [a_fix(1), a_fix(2)], "post": seen(a_live_post(at)), **parts}, now=now)
        return [effect for effect in made("public_issues", scene) if "/remind/" in effect.key]

    assert reminders(at + timedelta(days=30, seconds=-1)) == []
    [told] = reminders(at + timedelta(days=30))
    assert isinstance(told.action, Comment)
    assert not told.reveals
    assert told.action.body.startswith("@amara @bjorn the days of disclosure of")
    assert "2 issues of it can become public now" in told.action.body
    [one] = reminders(
        at + timedelta(days=30), fixes=[a_fix(1), a_fix(2, issue=an_issue(2, confidential=False))], duty=None
    )
    assert isinstance(one.action, Comment)
    assert "1 issue of it can" in one.action.body
    assert "amara" not in one.action.body
    for over in (
        {"fixes": [a_fix(1, issue=an_issue(1, labels=frozenset({"keep confidential"})))]},
        {"tracking": seen(a_tracking_issue(state=State.CLOSED))},
        {"tracking": Unseen("no answer")},
        {"receipts": {told.key: Receipt(told.key, "x", at)}},
    ):
        assert reminders(at + timedelta(days=40), **over) == []


def test_the_next_tracking_issue_has_the_key_of_its_own_release() -> None:
    effect = one("next_tracking_issue", a_scene())
    assert effect.key == "2026-12-09/tracking"
    assert isinstance(effect.action, OpenIssue)
    assert effect.action.facts == ReleaseFacts(next_after=NAME, due=DUE + timedelta(days=14))
    assert effect.action.confidential
    assert effect.action.due == (DUE + timedelta(days=14)).date(), "a forge lists issues by their due dates"
    assert keys("next_tracking_issue", a_scene(next_tracking=seen(an_issue(9)))) == []
    trainless = one("next_tracking_issue", a_scene(process=structs.replace(PROCESS, cadence=None)))
    assert trainless.key == f"after-{NAME}/tracking"
    assert isinstance(trainless.action, OpenIssue)
    assert trainless.action.facts == ReleaseFacts(next_after=NAME, due=DUE + timedelta(days=30))


def test_the_tracking_issue_is_closed() -> None:
    assert one("close_tracking", a_scene()).action == CloseIssue(f"{REPOSITORY}#500")


def test_release_managers_are_asked_on_the_issue_and_told_in_their_channel() -> None:
    asked, told = made("tell_release_managers", a_scene())
    assert isinstance(asked.action, Comment)
    assert asked.action.ref == f"{REPOSITORY}#500"
    assert FIX in asked.action.body
    assert isinstance(told.action, PostMessage)
    assert told.action.channel == PROCESS.channels["upcoming_release"]
    assert FIX not in told.action.text, "nothing about a vulnerability in a channel"


def test_what_has_to_be_linked_beside_the_fixes_is_asked_for_once_while_it_is_not_there() -> None:
    unplanned, nothing = a_release(kind=Kind.UNPLANNED), seen(())
    effect = one("ask_for_companions", a_scene(release=unplanned, companions=nothing))
    assert effect.key == f"{NAME}/ask/companion/incident"
    assert isinstance(effect.action, Comment)
    assert effect.action.ref == f"{REPOSITORY}#500"
    assert effect.action.body.startswith("@release-managers this release needs the incident")
    assert PROCESS.projects["incident"] in effect.action.body
    assert not effect.reveals
    done = receipts("/ask/companion/incident")
    assert keys("ask_for_companions", a_scene(release=unplanned, companions=nothing, receipts=done)) == []
    for there in (UNSEEN, seen((_incident(),))):
        assert keys("ask_for_companions", a_scene(release=unplanned, companions=there)) == []
    assert keys("ask_for_companions", a_scene(companions=nothing)) == [], "a planned release needs none"


def test_the_root_cause_is_asked_for_once_the_post_is_live() -> None:
    told: dict[str, Any] = {"release": a_release(kind=Kind.UNPLANNED), "companions": seen((_incident(),))}
    live = {**told, "post": seen(a_live_post()), "now": DUE + timedelta(days=1)}
    assert keys("ask_for_companions", a_scene(**live)) == [f"{NAME}/ask/companion/root_cause"]
    assert keys("ask_for_companions", a_scene(**told)) == []


def test_the_address_of_what_is_linked_beside_the_fixes_is_not_published() -> None:
    scene = a_scene(companions=seen((_incident(), Companion("acme/incidents#2", UNSEEN))))
    secrets = embargoed(scene)
    assert f"https://forge.test/{_incident().ref.replace('#', '/-/issues/')}" in {fact.text for fact in secrets.facts}
    assert not any("incidents#2" in what for what in secrets.unseen)
    public = Companion("acme/incidents#3", seen(an_issue(3, "acme/incidents", confidential=False)))
    assert not any("incidents" in fact.text for fact in embargoed(a_scene(companions=seen((public,)))).facts)


def _incident() -> Companion:
    labels = frozenset(PROCESS.labels[role] for role in ("incident", "severity_one"))
    issue = an_issue(1, PROCESS.projects["incident"], labels=labels)
    return Companion(issue.ref, seen(issue))


def test_an_estimate_is_posted_on_the_tracking_issue_once_and_the_newest_alone() -> None:
    first = a_claim("estimate-given", "farid", words="Thursday noon")
    other = replace(first, at=NOW + timedelta(hours=1), words="Friday")
    unready = a_fix(1, merge_requests=(a_merge_request(1, pipeline=Pipeline.RUNNING),))
    there: dict[str, Any] = {"release": a_release(kind=Kind.UNPLANNED), "fixes": [unready]}
    effect = one("estimate", a_scene(**there, claims=(first,)))
    assert effect.key == f"{NAME}/estimate/1"
    assert isinstance(effect.action, Comment)
    assert effect.action.ref == f"{REPOSITORY}#500"
    assert "farid" in effect.action.body
    assert "> Thursday noon" in effect.action.body
    assert keys("estimate", a_scene(**there, claims=(first, other))) == [f"{NAME}/estimate/2"]
    done = receipts("/estimate/1")
    assert keys("estimate", a_scene(**there, claims=(first,), receipts=done)) == []
    for claims in ((), (first, replace(other, denies=True)), (replace(first, waives=True),)):
        assert keys("estimate", a_scene(**there, claims=claims)) == []


def test_release_managers_hear_that_the_fix_is_ready_where_an_estimate_was_promised() -> None:
    asked, unplanned = receipts("/ask/release-managers"), a_release(kind=Kind.UNPLANNED)
    ready = [a_fix(1, merge_requests=(a_merge_request(1, state=State.MERGED),))]
    promised = {"ask/release-managers": Written("k", "An estimate follows here as soon as there is one.")}
    there: dict[str, Any] = {"release": unplanned, "fixes": ready, "receipts": asked, "written": promised}
    effect = one("estimate", a_scene(**there))
    assert effect.key == f"{NAME}/estimate/ready"
    assert isinstance(effect.action, Comment)
    assert (effect.action.ref, READY in effect.action.body) == (f"{REPOSITORY}#500", True)
    others: list[dict[str, Any]] = [
        {"receipts": {}},
        {"receipts": receipts("/ask/release-managers", "/estimate/ready")},
        {"written": {"ask/release-managers": Written("k", f"Is it the right time?\n\n{READY}")}},
        {"fixes": [a_fix(1, merge_requests=(a_merge_request(1, assents=()),))]},
        {"fixes": []},
    ]
    for other in others:
        assert keys("estimate", a_scene(**{**there, **other})) == [], other


def test_ranges_are_asked_for_where_nobody_gave_one() -> None:
    effect = one(
        "ask_for_ranges", a_scene(contents=a_contents(advisories=[an_advisory(1, affected=None), an_advisory(2)]))
    )
    assert effect.key == f"{NAME}/ask/range/{FIX}"
    assert isinstance(effect.action, Comment)
    assert effect.action.ref == FIX
    assert "20 Nov" in effect.action.body or "2026-11-20" in effect.action.body


def test_what_becomes_of_the_id_of_a_fix_that_left_is_asked_where_it_was_requested() -> None:
    requested = a_removed_fix(8, cve_request=seen(an_issue(3, "acme/cves")), cve_id=CveId("CVE-2026-0008"))
    stated = changed(a_removed_fix(9), advisory=an_advisory(9))
    scene = a_scene(fixes=[a_fix(1)], removed=(requested, stated))
    assert keys("ask_about_ids", scene) == [f"{NAME}/removed-id/{one.ref}" for one in (requested, stated)]
    [first, second] = made("ask_about_ids", scene)
    assert isinstance(first.action, Comment)
    assert (first.action.ref, "CVE-2026-0008" in first.action.body) == ("acme/cves#3", True)
    assert isinstance(second.action, Comment)
    assert second.action.ref == stated.ref


def test_a_fix_that_was_taken_out_gets_its_text_when_one_was_written() -> None:
    gone = changed(a_removed_fix(9, NOW), advisory=an_advisory(9))
    before = {f"{NAME}/post/draft": Receipt(f"{NAME}/post/draft", "x", NOW - timedelta(hours=1))}
    after = {f"{NAME}/post/draft": Receipt(f"{NAME}/post/draft", "x", NOW + timedelta(hours=1))}
    wanted: Mapping[str, list[str]] = {"before": [f"{NAME}/removed/{gone.ref}"], "after": [], "never": []}
    for when, done in (("before", before), ("after", after), ("never", {})):
        assert keys("comments_on_removed", a_scene(removed=(gone,), receipts=done)) == wanted[when], when
    action = one("comments_on_removed", a_scene(removed=(gone,), receipts=before)).action
    assert isinstance(action, Comment)
    assert action.ref == gone.ref
    assert "An attacker could read part 9." in action.body
    assigned = changed(gone, advisory=an_advisory(9, cve_id=None), cve_id=CveId("CVE-2026-0909"))
    action = one("comments_on_removed", a_scene(removed=(assigned,), receipts=before)).action
    assert isinstance(action, Comment)
    assert "CVE-2026-0909" in action.body, "the text is the one that the post had, and not one of before the id came"
    for incomplete in (changed(gone, advisory=None), changed(gone, advisory=an_advisory(9, affected=None))):
        action = one("comments_on_removed", a_scene(removed=(incomplete,), receipts=before)).action
        assert isinstance(action, Comment)
        assert "part 9" not in action.body
    unseen = changed(gone, advisory=UNSEEN)
    [refusal] = held("comments_on_removed", a_scene(removed=(unseen,), receipts=before))
    assert (refusal.rule, refusal.keys) == ("unseen", (f"{NAME}/removed/{gone.ref}",))


def test_what_is_wrong_with_tags_is_told_again_after_four_hours() -> None:
    assert keys("tell_missing_from_tag", a_scene()) == [f"{NAME}/tags/wrong/1"]
    done = receipts("/tags/wrong/1", at=NOW - timedelta(hours=3, minutes=59))
    assert keys("tell_missing_from_tag", a_scene(receipts=done)) == []
    done = receipts("/tags/wrong/1", at=NOW - timedelta(hours=4))
    effect = one("tell_missing_from_tag", a_scene(receipts=done))
    assert effect.key == f"{NAME}/tags/wrong/2"
    live = with_parts(a_snapshot(), post=seen(a_post(state=State.MERGED, merged_at=DUE)))
    assert keys("tell_missing_from_tag", a_scene(live)) == [], "what is published is never tagged again"
    assert isinstance(effect.action, Comment)
    assert effect.action.ref == f"{REPOSITORY}#500"


def test_the_test_mail_is_asked_for_on_the_communications_issue() -> None:
    for assignees, asked in (
        ((), "@security-communications"),
        (("amara",), "@security-communications"),
        (("kim",), "@kim"),
        (("amara", "bjorn", "chidi", "dewi"), "@dewi please"),
    ):
        team = tuple(
            replace(mate, roles=mate.roles | {"communications"}) if mate.username in ("amara", "dewi") else mate
            for mate in a_team()
        )
        scene = a_scene(comms=seen(an_issue(8, assignees=assignees)), people=team)
        action = one("ask_for_test_email", scene).action
        assert isinstance(action, Comment)
        assert action.ref == f"{REPOSITORY}#8"
        assert action.body.startswith(asked)
        assert "amara@acme.test" in action.body
    alone = one("ask_for_test_email", a_scene(comms=seen(an_issue(8)), duty=None)).action
    assert isinstance(alone, Comment)
    assert "@acme.test" not in alone.body


def test_it_says_what_the_mail_has_to_be_and_when_it_may_go_out() -> None:
    action = one(
        "ask_for_test_email", a_scene(contents=critical(), comms=seen(an_issue(8)), duty=a_duty("amara", ""))
    ).action
    assert isinstance(action, Comment)
    assert action.body == (
        "@security-communications please send the test email for the critical security release of Acme App 18.5.2 to "
        "`amara@acme.test`.\n\n"
        "Its subject has to be: `Acme App Critical Security Release 18.5.2`\n\n"
        "We check that every link works, that the versions are right and that it is called critical. The answer comes "
        "here. Please do not send the email to subscribers before that, nor before the post is live.\n"
    )


TUESDAY = DUE.replace(day=24, hour=17)
MONDAYS = ("/handover/2026-11-23/amara", "/handover/2026-11-23/bjorn")


def at_the_desk(by: str, now: datetime = TUESDAY, **changes: Any) -> Scene:
    """A scene of the release week with somebody at the desk; Monday's handovers were left."""
    return replace(a_scene(**{"receipts": receipts(*MONDAYS), **changes}, now=now), by=by)


def test_whoever_sits_at_the_desk_hands_over_for_themselves_in_their_own_evening() -> None:
    assert keys("handover", at_the_desk("amara")) == [f"{NAME}/handover/2026-11-24/amara"]
    assert keys("handover", at_the_desk("@Amara")) == [f"{NAME}/handover/2026-11-24/amara"]
    assert list(steps_of("handover", at_the_desk("amara", TUESDAY - timedelta(minutes=1)))) == []
    done = receipts(*MONDAYS, "/handover/2026-11-24/amara")
    assert list(steps_of("handover", at_the_desk("amara", receipts=done))) == []
    in_denver = TUESDAY + timedelta(hours=7)
    assert keys("handover", at_the_desk("bjorn", in_denver, receipts=done)) == [f"{NAME}/handover/2026-11-24/bjorn"]
    for nobody in ({"duty": None}, {"people": ()}):
        assert list(steps_of("handover", at_the_desk("amara", **nobody))) == []


@pytest.mark.parametrize("by", ["bjorn", "chidi", "desk", "mallory"])
def test_nobody_hands_over_for_a_colleague_it_is_prepared_for_them(by: str) -> None:
    [prepared] = steps_of("handover", at_the_desk(by))
    command = "secrel handover 2026-11 --send --by amara"
    assert prepared == Prepared("amara", "the handover of amara of 2026-11-24 is theirs to send", command)
    plan = plan_release(at_the_desk(by), ["handover"])
    assert (plan.effects, plan.refusals, plan.prepared) == ((), (), (prepared,))
    assert plan.free.prepared == plan.to_approve.prepared == plan.left.prepared == (prepared,)
    assert plan.digest == replace(plan, prepared=()).digest, "it is no part of what is approved"


def test_what_can_no_longer_be_sent_is_not_prepared() -> None:
    wednesday = TUESDAY + timedelta(hours=17)
    left = receipts(*MONDAYS, "/handover/2026-11-24/bjorn")
    assert list(steps_of("handover", at_the_desk("bjorn", wednesday, receipts=left))) == []
    assert "handover-written" in {judged.gate.name for judged in at_the_desk("bjorn", wednesday).assessment.blocked}


def test_a_handover_says_by_when_it_has_to_hold_or_from_when_on_it_can() -> None:
    gate, soon = Gate("one", "The one gate", "fixes", "primary", "some_check"), DUE + timedelta(hours=3)

    def said(verdict: Verdict, due: datetime | None = None) -> str:
        scene = at_the_desk("amara")
        judged = Judged(gate, verdict, due, is_due=False, who="bjorn", command="")
        return said_by(replace(scene, assessment=Assessment(NAME, TUESDAY, (judged,))), scene.snapshot.people[0])

    waits = said(Waiting(until=soon))
    assert "Next: The one gate: bjorn, from 2026-11-25 19:00 UTC on\n" in waits
    assert "- nothing until then" in waits
    at_work = said(Waiting(pending=(Pending("", "it is not tagged yet"),)), soon)
    assert "Next: The one gate: bjorn, by 2026-11-25 19:00 UTC\n" in at_work
    assert "- The one gate (bjorn)" in at_work
    late = said(Blocked((Finding("acme/app#1", "it is missing"),)), TUESDAY - timedelta(hours=1))
    assert "Next: The one gate: bjorn, overdue since 2026-11-24 " in late
    in_vain = said(Waiting(), TUESDAY - timedelta(hours=1))
    assert "overdue" not in in_vain, "nobody can do anything about what comes after something else"


def test_a_handover_says_what_is_left_and_leads_to_every_document() -> None:
    action = one("handover", at_the_desk("amara", checklist=seen(an_issue(7)))).action
    assert isinstance(action, PostMessage)
    assert action.channel == PROCESS.channels["team"]
    assert "@bjorn" in action.text.split("\n")[0]
    assert "2 fixes, due 2026-11-25 16:00 UTC; " in action.text
    assert an_issue(7).url in action.text
    assert "handover" not in action.text.partition("What is left")[2].partition("Links")[0].lower()
    failed = a_fix(1, merge_requests=(a_merge_request(3, pipeline=Pipeline.FAILED),))
    told = one("handover", at_the_desk("amara", fixes=[failed])).action
    assert isinstance(told, PostMessage)
    [left] = [line for line in told.text.split("\n") if "and they are ready" in line]
    assert a_merge_request(3).url in left, "whoever goes on from here finds the merge request that is meant"
    blind = at_the_desk("amara", tags=UNSEEN)
    assert [refusal.rule for refusal in held("handover", blind)] == ["unseen"], "it would not say so"
    single = one("handover", at_the_desk("amara", fixes=[a_fix(1)])).action
    assert isinstance(single, PostMessage)
    assert "1 fix, due" in single.text


def test_no_effect_before_the_announcement_reveals_but_what_waits_for_it() -> None:
    scene = a_scene(
        draft=seen(a_draft(files=(("a.md", "b"),))),
        post=seen(a_post()),
        comms=seen(an_issue(8)),
        removed=(a_removed_fix(),),
        receipts=receipts("/post/draft", at=NOW - timedelta(days=9)),
        now=NOW.replace(hour=18),
    )
    loud = {effect.kind for work in work_names() for effect in made(work, scene) if effect.needs_approval}
    assert loud == {"RewriteFiles", "SendMail", "TellReporter", "PublishRecord"}


@pytest.mark.parametrize("process", ["gitlab", "generic"])
@pytest.mark.parametrize("form", ["2023", "2026", "generic"])
def test_mail_and_post_lead_to_the_same_feed(form: str, process: str) -> None:
    told = critical()
    contents = replace(told, release=replace(told.release, form=form))
    scene = a_scene(contents=contents, process=shipped(process))
    links = mail_links(scene)
    assert links.feed in post_now(scene).text
    assert links.feed in email_now(scene).text


@pytest.mark.parametrize("key", ["site", "sender", "sender_name", "segment"])
def test_no_address_is_invented_for_a_mail(key: str) -> None:
    addresses = {name: value for name, value in PROCESS.addresses.items() if name != key}
    told = critical()
    contents = replace(told, release=replace(told.release, form="generic"))
    with pytest.raises(Misused, match=rf"the process has no {key} in \[addresses\]"):
        email_now(a_scene(contents=contents, process=structs.replace(PROCESS, addresses=addresses)))


def test_a_post_that_somebody_took_off_the_site_is_corrected_by_nobody() -> None:
    post = a_live_post(files=(("post.md", "# The post\n"),), stands=(("other.md", ""),))
    assert texts_now(a_scene(post=seen(post))) == {}


def test_a_fix_that_is_linked_nowhere_is_cited_as_it_was_told() -> None:
    scene = a_scene(fixes=(), contents=a_contents())
    (first, *_) = scene.contents.advisories
    assert scene.cited(first.fix) == first

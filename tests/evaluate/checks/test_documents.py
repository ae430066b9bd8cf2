from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

from secrel.evaluate.looking import DOCUMENTS, DocumentName
from secrel.evaluate.registry import check_names, params_named
from secrel.evaluate.verdicts import Finding, Pending, Said
from secrel.snapshot.seen import CarriedOver, Mail
from secrel.words.advisories import Credit, CreditSource
from secrel.words.documents import TABLE
from secrel.words.forge import Assent, Issue, Note, State
from secrel.words.outcomes import Receipt
from secrel.words.parts import Part, Unseen
from secrel.words.people import SENT, Claim
from tests.builders import (
    DUE,
    NAME,
    NOW,
    a_contents,
    a_draft,
    a_duty,
    a_fix,
    a_live_post,
    a_post,
    a_release,
    a_removed_fix,
    a_snapshot,
    a_tracking_issue,
    an_advisory,
    an_issue,
    receipts,
    seen,
    with_parts,
)
from tests.evaluate.asking import ask, evidence, findings, hidden, holds, pending


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("check", ["document_found", "document_closed", "document_current"])
def test_a_document_that_could_not_be_seen_is_not_called_missing(check: str, name: DocumentName) -> None:
    part: dict[str, Any] = {name: Unseen("the forge does not answer")}
    unseen = a_snapshot(**part)
    said = ask(check, unseen, document=name)
    assert hidden(said) == [f"{DOCUMENTS[name]} could not be seen: the forge does not answer"]
    assert len(said) == 1


@pytest.mark.parametrize("check", ["document_found", "document_closed", "document_current"])
def test_a_document_that_is_not_there_is_found_missing(check: str) -> None:
    [(about, what)] = findings(ask(check, a_snapshot(), document="checklist"))
    assert about == NAME
    assert what.startswith("the checklist issue does not exist")


def test_the_tracking_issue_is_found_with_its_labels() -> None:
    said = ask("document_found", a_snapshot(), document="tracking", labels=["security", "upcoming"], confidential=True)
    assert evidence(said) == [
        ("acme/app#500", "is open: https://forge.test/acme/app/-/issues/500"),
    ]
    assert holds(said)


def test_a_label_that_is_missing_is_found() -> None:
    bare = a_snapshot(tracking=seen(a_tracking_issue(labels=frozenset({"security"}))))
    said = ask("document_found", bare, document="tracking", labels=["security", "upcoming"])
    assert findings(said) == [
        ("acme/app#500", f"the tracking issue lacks the label 'upcoming security release': {a_tracking_issue().url}")
    ]


def test_an_issue_must_not_be_public_before_the_announcement() -> None:
    public = a_snapshot(tracking=seen(a_tracking_issue(confidential=False)))
    assert holds(ask("document_found", public, document="tracking"))
    assert findings(ask("document_found", public, document="tracking", confidential=True)) == [
        (
            "acme/app#500",
            f"the tracking issue is public before the announcement: make it confidential: {a_tracking_issue().url}",
        )
    ]
    live = with_parts(public, post=seen(a_live_post()))
    assert holds(ask("document_found", live, document="tracking", confidential=True))


def test_a_merge_request_is_a_document_too() -> None:
    assert holds(ask("document_found", a_snapshot(draft=seen(a_draft())), document="draft", confidential=True))


def test_a_draft_that_is_marked_as_ready_could_be_merged_too_early() -> None:
    def said(url: str, **parts: Any) -> list[Said]:
        parts = {"post": seen(None), "draft": seen(a_draft(url=url, is_draft=False)), **parts}
        return ask("document_found", a_snapshot(**parts), document="draft", draft=True)

    [found, _] = said("local:acme/site!9")
    assert isinstance(found, Finding)
    assert found.what == "the draft post is no longer marked as a draft: mark it"
    assert found.remedy == f"secrel forge edit 'acme/security/site!900' --title 'Draft: {a_draft().title}'"
    [there, _] = said("https://forge.test/9")
    assert isinstance(there, Finding)
    assert (there.what[-20:], there.remedy) == ("https://forge.test/9", "")
    assert holds(said("local:acme/site!9", post=seen(a_live_post())))
    assert holds(
        ask(
            "document_found",
            a_snapshot(draft=seen(a_draft()), post=seen(None)),
            document="draft",
            draft=True,
        )
    )
    assert holds(ask("document_found", a_snapshot(draft=seen(a_draft(is_draft=False))), document="draft"))


LOOKING = ("document_found", "document_current", "post_agrees", "draft_reviewed")
"""Every check that looks at what a document is."""
SPOILT: dict[str, dict[str, Any]] = {
    "absent": {},
    "closed": {"state": State.CLOSED},
    "empty": {"body": " \n", "files": (("posts/a.md", " \n"),)},
}


def looks_at(check: str) -> tuple[str, ...]:
    """What a row may call the documents that a check looks at, by its own parameters."""
    kind = next((f.type for f in msgspec.structs.fields(params_named(check)) if f.name == "document"), None)
    return tuple(get_args(kind))


def spoilt(name: str, how: str) -> Any:
    """A release with one document that is not there, closed by somebody, or empty."""
    is_request = TABLE[name].is_merge_request
    whole = (a_draft if name == "draft" else a_post)() if is_request else a_tracking_issue()
    changes = {key: value for key, value in SPOILT[how].items() if hasattr(whole, key)}
    others: dict[str, Any] = {"draft": seen(a_draft())} if name == "post" else {}
    documents: dict[str, Any] = {**others, name: seen(replace(whole, **changes) if changes else None)}
    return a_snapshot(**documents)


def test_every_check_that_looks_at_a_document_is_known() -> None:
    assert {name for name in check_names() if looks_at(name)} == {*LOOKING, "document_closed"}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize(("check", "name"), [(check, name) for check in LOOKING for name in looks_at(check)])
def test_no_gate_passes_by_a_document_that_is_absent_closed_or_empty(check: str, name: str, how: str) -> None:
    said = ask(check, spoilt(name, how), document=name)
    assert any(isinstance(one, Finding) for one in said)
    assert not evidence(said)


@pytest.mark.parametrize("check", ["document_found", "post_agrees", "draft_reviewed"])
@pytest.mark.parametrize("state", [State.CLOSED, State.MERGED])
def test_a_draft_that_is_not_open_holds_only_when_the_release_post_carries_it_on(check: str, state: State) -> None:
    draft = a_draft(state=state)

    def told(post: Any) -> Any:
        return ask(check, a_snapshot(draft=seen(draft), post=post), document="draft")

    assert evidence(told(seen(a_post()))) == [
        ("acme/security/site!900", "the draft post was carried over, and acme/site!901 is what counts")
    ]
    other = a_post(files=(("posts/2026-11-25-security.md", "Another post.\n"),))
    for post in (None, other, a_post(state=State.CLOSED)):
        assert findings(told(seen(post))) == [
            (draft.ref, f"the draft post is {state}, and no release post was made of it: open it again: {draft.url}")
        ]
    assert hidden(told(Unseen("no answer"))) == ["the release post could not be seen: no answer"]


def test_a_document_may_be_closed_once_the_release_is_announced_or_by_the_desk() -> None:
    closed = a_snapshot(tracking=seen(a_tracking_issue(state=State.CLOSED)))
    assert findings(ask("document_found", closed, document="tracking"))
    assert holds(ask("document_found", with_parts(closed, post=seen(a_live_post())), document="tracking"))
    assert holds(ask("document_found", replace(closed, receipts=receipts("/tracking/close")), document="tracking"))


def test_a_discussion_that_is_open_is_an_objection() -> None:
    said = ask("draft_reviewed", a_snapshot(draft=seen(a_draft(open_discussions=2))))
    assert findings(said) == [("acme/security/site!900", f"has 2 open discussions: {a_draft().url}")]
    unseen = ask("draft_reviewed", a_snapshot(draft=seen(a_draft(open_discussions=Unseen("no answer")))))
    assert hidden(unseen) == ["the discussions on acme/security/site!900 could not be seen: no answer"]


@pytest.mark.parametrize("state", [State.CLOSED, State.MERGED])
def test_a_draft_is_closed_when_the_release_post_was_made_of_it(state: State) -> None:
    def told(state: State, **changes: Any) -> Any:
        return ask("document_closed", a_snapshot(draft=seen(a_draft(state=state)), **changes), document="draft")

    assert findings(told(State.OPENED, post=seen(a_post()))) == [
        ("acme/security/site!900", "the draft post is still open")
    ]
    assert findings(told(state))
    assert holds(told(state, post=seen(a_post())))
    edited = a_post(files=(("posts/a.md", "Edited since.\n"),))
    assert findings(told(state, post=seen(edited)))
    assert holds(told(state, post=seen(edited), carried=CarriedOver(NOW, a_draft().files)))


@pytest.mark.parametrize(
    ("changes", "command"),
    [
        ({"labels": frozenset()}, "secrel forge label acme/app#500 "),
        ({"confidential": False}, "secrel forge visibility acme/app#500 confidential"),
        ({"state": State.CLOSED}, "secrel forge state acme/app#500 opened"),
    ],
)
def test_a_command_of_the_embedded_forge_is_named_there_alone(changes: dict[str, Any], command: str) -> None:
    params: dict[str, Any] = {"document": "tracking", "labels": ("upcoming",), "confidential": True}
    for url, is_named in (("local:acme/app#500", True), ("https://forge.test/x", False)):
        said = ask("document_found", a_snapshot(tracking=seen(a_tracking_issue(url=url, **changes))), **params)
        remedies = [one.remedy for one in said if isinstance(one, Finding)]
        assert remedies
        assert all(one.startswith(command) if is_named else not one for one in remedies)
        assert all(is_named or url in one.what for one in said if isinstance(one, Finding))


def test_a_document_is_closed_when_its_time_has_come() -> None:
    closed = a_snapshot(tracking=seen(a_tracking_issue(state=State.CLOSED)))
    assert findings(ask("document_closed", closed, document="tracking")) == [
        ("acme/app#500", f"the tracking issue is closed before its time: open it again: {a_tracking_issue().url}")
    ]
    live = with_parts(closed, post=seen(a_live_post()))
    assert evidence(ask("document_closed", live, document="tracking")) == [
        ("acme/app#500", "the tracking issue is closed")
    ]
    empty = replace(closed, fixes=seen(()))
    assert findings(ask("document_closed", empty, document="tracking"))
    assert holds(ask("document_closed", replace(empty, at=DUE), document="tracking")), "it had nothing to announce"
    assert findings(ask("document_closed", replace(closed, at=DUE), document="tracking"))


def a_checklist(text: str) -> Any:
    return seen(an_issue(600, title="Checklist", body=text))


def test_a_document_is_held_to_the_facts_it_has_to_hold() -> None:
    facts = ["versions", "fixes", "cves"]
    text = "18.5.2, 18.4.4 and 18.3.6; `acme/app#1` is CVE-2026-0001, acme/app#2 is [CVE-2026-0002](https://x.test)."
    assert holds(ask("document_current", a_snapshot(checklist=a_checklist(text)), document="checklist", facts=facts))
    old = text.replace("18.5.2", "18.5.1").replace("CVE-2026-0002", "").replace("acme/app#1", "acme/app#11")
    said = ask("document_current", a_snapshot(checklist=a_checklist(old)), document="checklist", facts=facts)
    assert [what for _, what in findings(said)] == [
        "the checklist issue does not name 18.5.2",
        "the checklist issue does not name acme/app#1",
        "the checklist issue does not name CVE-2026-0002",
    ]


def test_an_id_that_is_not_assigned_yet_need_not_be_named() -> None:
    waiting = a_snapshot(checklist=a_checklist("Nothing."), contents=a_contents(advisories=[an_advisory(cve_id=None)]))
    assert holds(ask("document_current", waiting, document="checklist", facts=["cves"]))


def test_a_document_is_compared_with_what_the_desk_would_write_where_that_is_known() -> None:
    snapshot = a_snapshot(checklist=a_checklist("as it is\n"), wanted={"checklist": "as it is"})
    assert holds(ask("document_current", snapshot, document="checklist", facts=["versions"]))
    behind = replace(snapshot, wanted={"checklist": "as it would be"})
    assert findings(ask("document_current", behind, document="checklist")) == [
        ("acme/app#600", "the checklist issue is out of date")
    ]
    resting = ask("document_current", replace(behind, behind={"checklist": DUE}), document="checklist")
    assert [one.who for one in resting if isinstance(one, Finding | Pending)] == ["the desk", "the desk"]


def test_a_draft_is_reviewed_by_somebody_else_after_its_last_change() -> None:
    said = ask("draft_reviewed", a_snapshot(draft=seen(a_draft())))
    assert evidence(said) == [("acme/security/site!900", "approved by bjorn at 2026-11-24 16:00 UTC")]


@pytest.mark.parametrize("by", ["amara", "chidi"])
def test_neither_author_nor_primary_reviews(by: str) -> None:
    own = a_draft(author="chidi", assents=(Assent(by, DUE),))
    [(_, what)] = findings(ask("draft_reviewed", a_snapshot(draft=seen(own))))
    assert what.startswith("nobody who may review the draft, and is not its author, has approved it")


def test_a_review_is_asked_of_somebody_who_may_give_it() -> None:
    approved = (Assent("bjorn", DUE),)
    own = a_snapshot(draft=seen(a_draft(author="bjorn", assents=approved)))
    [found] = ask("draft_reviewed", own)
    assert isinstance(found, Finding)
    assert (found.who, found.what.split("; ", 1)[1].split(":")[0]) == ("chidi", "bjorn did, chidi may")
    two = replace(own, people=tuple(one for one in own.people if one.username in {"amara", "bjorn"}))
    [found] = ask("draft_reviewed", two)
    assert isinstance(found, Finding)
    assert found.what.startswith("nobody of the team may review the draft: amara, bjorn wrote or opened it; add")


def test_a_change_after_the_review_has_been_reviewed_by_nobody() -> None:
    edited = a_draft(changed_at=DUE - timedelta(hours=3))
    [(_, what)] = findings(ask("draft_reviewed", a_snapshot(draft=seen(edited))))
    assert what.startswith("the draft has changed since it was approved")


def test_a_review_counts_where_nobody_knows_when_the_draft_changed_and_where_nobody_is_on_duty() -> None:
    assert holds(ask("draft_reviewed", a_snapshot(draft=seen(a_draft(changed_at=None)), duty=None)))


def test_a_draft_that_is_not_there_or_not_seen_is_not_reviewed() -> None:
    assert findings(ask("draft_reviewed", a_snapshot())) == [(NAME, "there is no draft to review yet")]
    assert hidden(ask("draft_reviewed", a_snapshot(draft=Unseen("no answer"))))


def test_the_post_is_live_when_it_is_merged() -> None:
    live = ask("post_live", a_snapshot(post=seen(a_live_post())))
    assert evidence(live)[0][1].startswith("live since 2026-11-25 17:00 UTC: https://")


def test_until_then_it_is_with_the_release_managers() -> None:
    ref, what = "acme/site!901", "the release post is not merged yet"
    asked = ask("post_live", a_snapshot(post=seen(a_post())), owner="release-manager")
    assert pending(asked) == [(ref, what, "the-release-managers")]
    assert pending(ask("post_live", a_snapshot())) == [(NAME, what, "amara")]
    assert hidden(ask("post_live", a_snapshot(post=Unseen("no answer"))))


def a_mail(*disagreements: str, digest: str | None = None) -> Mail:
    return Mail(DUE, "d1", disagreements, a_contents().digest if digest is None else digest)


def test_a_test_email_that_was_verified_holds() -> None:
    said = ask("test_email_right", a_snapshot(mail=a_mail()))
    assert evidence(said) == [(NAME, "the test email received at 2026-11-25 16:00 UTC is right")]


def test_a_test_email_that_is_wrong_missing_or_old_is_found() -> None:
    assert findings(ask("test_email_right", a_snapshot())) == [
        (NAME, "nobody has handed in the test email as it was received")
    ]
    said = ask("test_email_right", a_snapshot(mail=a_mail("a link is dead", "18.5.1 is no version of this release")))
    assert len(findings(said)) == 2
    assert not evidence(said)
    changed = a_snapshot(mail=a_mail(), contents=a_contents(advisories=[an_advisory()]))
    assert findings(ask("test_email_right", changed)) == [
        (NAME, "what the release announces has changed since the test email was verified")
    ]


def test_an_email_that_has_left_keeps_its_verdict_whatever_becomes_known() -> None:
    changed = a_snapshot(mail=a_mail(), contents=a_contents(advisories=[an_advisory()]), receipts=receipts("/email"))
    [(_, said)] = evidence(ask("test_email_right", changed))
    assert said.startswith("the email was right when it left, and cannot be changed any more: done at")
    key = f"{NAME}/email"
    prepared = replace(changed, receipts={key: replace(changed.receipts[key], prepared=True)})
    assert findings(ask("test_email_right", prepared)), "it can still be held back"
    wrong = replace(changed, mail=a_mail("a link is dead"))
    assert ("2026-11", "the test email: a link is dead") in findings(ask("test_email_right", wrong))
    assert not evidence(ask("test_email_right", wrong))


def test_any_change_of_the_contents_changes_their_digest() -> None:
    told = a_contents()
    others = [
        a_contents(a_release(("18.5.3", "18.4.4", "18.3.6"))),
        a_contents(a_release(due=DUE + timedelta(days=1))),
        a_contents(advisories=[an_advisory(2), an_advisory(1)]),
        a_contents(advisories=[an_advisory(1, title="Another"), an_advisory(2)]),
    ]
    assert len({contents.digest for contents in [told, *others]}) == 5
    assert told.digest == a_contents().digest
    kept = an_advisory(1, credits=(Credit("finder-1", report="elsewhere"),), origins=("a" * 40,), disclosure_days=60)
    same = replace(kept, credits=(Credit("finder-1"),), origins=(), disclosure_days=None)
    assert a_contents(advisories=[kept]).digest == a_contents(advisories=[same]).digest, "nobody outside reads these"


# --- effects ---------------------------------------------------------------------------------------------------------


def test_what_was_done_once_has_its_receipt() -> None:
    keys = ["{release}/email", "{release}/post/ask-merge"]
    done = a_snapshot(receipts=receipts("/email", "/post/ask-merge"))
    assert evidence(ask("effects_done", done, keys=keys)) == [
        (NAME, "done at 2026-11-18 12:00 UTC: https://forge.test/2026-11/email"),
        (NAME, "done at 2026-11-18 12:00 UTC: https://forge.test/2026-11/post/ask-merge"),
    ]
    half = a_snapshot(receipts=receipts("/email"))
    assert findings(ask("effects_done", half, keys=keys)) == [(NAME, "2026-11/post/ask-merge is not done yet")]
    undone = ["the mail has not been prepared", "nobody has been asked"]
    assert findings(ask("effects_done", half, keys=keys, undone=undone)) == [(NAME, "nobody has been asked")]
    with pytest.raises(msgspec.ValidationError, match="one sentence for each key"):
        ask("effects_done", half, keys=keys, undone=undone[:1])


@pytest.mark.parametrize("address", ["local:acme/app#1#note_3", "https://forge.test/acme/app/-/issues/1#note_3"])
def test_a_note_on_a_forge_that_tells_nobody_is_said_to_be_written_and_no_more(address: str) -> None:
    key = f"{NAME}/post/ask-merge"
    seen = a_snapshot(receipts={key: Receipt(key, address, NOW)})
    for tells, said in ((True, f"done at {NOW:%Y-%m-%d %H:%M %Z}"), (False, "written at ")):
        [(_, what)] = evidence(ask("effects_done", replace(seen, tells=tells), keys=("{release}/post/ask-merge",)))
        assert what.startswith(said)
        assert ("of which this forge tells nobody" in what) != tells
    issue = replace(seen, receipts={key: Receipt(key, address.partition("#note")[0], NOW)}, tells=False)
    [(_, what)] = evidence(ask("effects_done", issue, keys=("{release}/post/ask-merge",)))
    assert what.startswith("done at ")


def test_what_was_only_prepared_is_done_when_somebody_says_that_it_was_sent() -> None:
    key = f"{NAME}/email"
    prepared = {key: Receipt(key, "outbox:mail/2026-11~email.eml", NOW, prepared=True)}
    [said] = ask("effects_done", a_snapshot(receipts=prepared), keys=["{release}/email"])
    what = "prepared since 2026-11-18 12:00 UTC, and nobody has said that it was sent: outbox:mail/2026-11~email.eml"
    assert said == Pending(NAME, what, "", "secrel outbox 2026-11")
    other = Claim(NAME, SENT, "amara", NOW, "it was sent", about=f"{NAME}/another")
    assert ask("effects_done", a_snapshot(receipts=prepared, claims=(other,)), keys=["{release}/email"]) == [said]
    word = replace(other, about=key)
    done = a_snapshot(receipts=prepared, claims=(other, word))
    assert evidence(ask("effects_done", done, keys=["{release}/email"])) == [
        (NAME, "sent, as amara said at 2026-11-18 12:00 UTC")
    ]


@pytest.mark.parametrize(
    ("credits_", "is_asked"),
    [
        ((Credit("farid", CreditSource.HACKERONE),), True),
        ((Credit("farid", CreditSource.HACKERONE), Credit("kim", CreditSource.HACKERONE, report="r")), False),
        ((Credit("", CreditSource.HACKERONE), Credit("amara", CreditSource.INTERNAL)), False),
        ((Credit("farid", CreditSource.OTHER),), False),
    ],
)
def test_a_finder_of_the_bounty_program_whose_report_nobody_named_is_not_told_and_that_is_found(
    credits_: tuple[Credit, ...],
    is_asked: bool,  # noqa: FBT001
) -> None:
    def said(**issue: Any) -> list[Said]:
        told = a_contents(advisories=[an_advisory(1, credits=credits_)])
        snapshot = a_snapshot([a_fix(1, issue=an_issue(1, **issue))], contents=told)
        return ask("effects_done", snapshot, keys=["{release}/report/{about}"], each="report")

    asked = [one for one in said() if isinstance(one, Finding) and "by which report farid found it" in one.what]
    assert bool(asked) is is_asked
    assert all(one.remedy == "secrel fix show 2026-11 acme/app#1" for one in asked)
    assert not [one for one in said(confidential=False) if isinstance(one, Finding) and "by which" in one.what]


def test_every_report_has_its_own_effect_whoever_else_is_credited() -> None:
    first, third = an_advisory(1).credits[0], Credit(report="r3")
    one, three = an_advisory(1, credits=(first, third)).reports
    [two] = an_advisory(2).reports
    for thanked in ((first, Credit(report=""), third), (third, first), (third, Credit("another", report="r3"), first)):
        told = [an_advisory(1, credits=thanked), an_advisory(2)]
        snapshot = a_snapshot(contents=a_contents(advisories=told), receipts=receipts(f"/report/acme/app#1/{three}"))
        said = ask("effects_done", snapshot, keys=["{release}/report/{about}"], each="report")
        assert [about for about, _ in findings(said)] == [f"acme/app#1/{one}", f"acme/app#2/{two}"]
        assert [about for about, _ in evidence(said)] == [f"acme/app#1/{three}"]


def test_finders_who_were_told_stay_told_when_their_reports_are_taken_out_of_what_becomes_public() -> None:
    public = [an_advisory(1, credits=(Credit("finder-1"),))]
    done = receipts("/report/acme/app#1/1", "/report/acme/app#1/1/anew/1")
    snapshot = a_snapshot(contents=a_contents(advisories=public), receipts=done)
    said = ask("effects_done", snapshot, keys=["{release}/report/{about}"], each="report")
    assert [about for about, _ in evidence(said)] == ["acme/app#1/1"]


def test_the_id_of_a_fix_that_left_is_asked_about() -> None:
    asked: dict[str, Any] = {"keys": ["{release}/removed-id/{about}"], "each": "removed_id"}
    requested = a_removed_fix(7, cve_request=an_issue(3, "acme/cves"), cve_id=None)
    stated = a_removed_fix(8, advisory=an_advisory(8))
    others = a_removed_fix(9, advisory=an_advisory(9, assigned_by="Widget"))
    snapshot = a_snapshot([a_fix(1)], removed=(requested, stated, others))
    assert [about for about, _ in findings(ask("effects_done", snapshot, **asked))] == ["acme/app#7", "acme/app#8"]
    done = replace(snapshot, receipts=receipts("/removed-id/acme/app#7", "/removed-id/acme/app#8"))
    assert holds(ask("effects_done", done, **asked))
    back = a_snapshot([a_fix(7), a_fix(8)], removed=(requested, stated))
    assert holds(ask("effects_done", back, **asked)), "it is in the release again"


def test_removed_fixes_count_since_an_effect() -> None:
    keys, since = ["{release}/removed/{about}"], "{release}/post/draft"
    removed = (a_removed_fix(8, NOW - timedelta(hours=1)), a_removed_fix(9, NOW))
    early = a_snapshot(removed=removed)
    assert evidence(ask("effects_done", early, keys=keys, each="removed", since=since)) == [
        (NAME, "there is nothing of the kind to do")
    ]
    drafted = a_snapshot(removed=removed, receipts=receipts("/post/draft"))
    assert findings(ask("effects_done", drafted, keys=keys, each="removed", since=since)) == [
        ("acme/app#9", "2026-11/removed/acme/app#9 is not done yet")
    ]
    assert len(findings(ask("effects_done", drafted, keys=keys, each="removed"))) == 2


def test_a_duty_without_a_name_reviews_nothing() -> None:
    assert holds(ask("draft_reviewed", a_snapshot(draft=seen(a_draft()), duty=a_duty("", ""))))


def test_everything_of_the_release_is_closed_to_outsiders() -> None:
    fixes = [a_fix(1), a_fix(2, cve_request=seen(None))]
    said = ask("documents_confidential", a_snapshot(fixes, checklist=seen(an_issue(601)), draft=seen(a_draft())))
    assert holds(said)
    assert ("acme/security/site!900", "only the team can read the draft post") in evidence(said)


@pytest.mark.parametrize(
    ("parts", "ref", "what"),
    [
        (
            {"checklist": seen(an_issue(601, confidential=False))},
            "acme/app#601",
            "everybody can read the checklist issue:",
        ),
        (
            {"comms": seen(an_issue(602, confidential=False, public_since=NOW))},
            "acme/app#602",
            f"everybody can read the communications issue since {NOW:%Y-%m-%d %H:%M %Z}: its title, its text",
        ),
        ({"draft": seen(a_draft(is_public=True))}, "acme/security/site!900", "everybody can read the draft post:"),
        ({"removed": (a_removed_fix(9, issue=seen(an_issue(9, confidential=False))),)}, "acme/app#9", "taken out"),
        (
            {"removed": (a_removed_fix(9, cve_request=an_issue(3, "acme/cves", confidential=False)),)},
            "acme/cves#3",
            "CVE",
        ),
    ],
)
def test_a_document_that_everybody_can_read_is_found(parts: dict[str, Any], ref: str, what: str) -> None:
    [(about, said)] = findings(ask("documents_confidential", a_snapshot(**parts)))
    assert about == ref
    assert what in said


def test_an_issue_of_a_fix_is_public_after_its_days_and_not_before() -> None:
    at = DUE + timedelta(hours=1)
    shown = an_issue(1, confidential=False, notes=(Note("amara", NOW, "x"), Note("amara", NOW, "y")))

    def found(days: int, **changes: Any) -> list[str]:
        snapshot = a_snapshot([a_fix(1, issue=seen(replace(shown, **changes)))], post=seen(a_live_post(at)))
        return [what for _, what in findings(ask("documents_confidential", snapshot, now=at + timedelta(days=days)))]

    assert found(30) == []
    [early] = found(29)
    assert early == "everybody can read the issue of the fix: its title, its text and 2 notes"
    assert found(30, labels=frozenset({"keep confidential"})) != []
    [unread] = found(1, notes=Unseen("no answer"))
    assert unread.endswith("its title, its text and its notes")


def test_of_a_fix_on_a_mirror_nobody_outside_reads_its_canonical_issue_either() -> None:
    def said(canonical: Part[Issue | None]) -> list[Said]:
        fix = a_fix(1, issue=an_issue(1, members_only=True), canonical=canonical)
        return ask("documents_confidential", a_snapshot([fix]))

    assert [what for _, what in findings(said(seen(an_issue(9, confidential=False))))] == [
        "everybody can read the canonical issue of the fix: its title, its text"
    ]
    assert findings(said(seen(an_issue(9)))) == findings(said(seen(None))) == []
    assert hidden(said(Unseen("two are linked"))) == [
        "the canonical issue of acme/app#1 could not be seen: two are linked"
    ]


def test_who_can_read_what_could_not_be_seen_is_not_said() -> None:
    said = ask(
        "documents_confidential", a_snapshot(draft=seen(a_draft(is_public=Unseen("no answer"))), removed=Unseen("x"))
    )
    assert hidden(said)
    assert not findings(said)


def test_a_cve_request_that_could_not_be_seen_hides_nothing_of_the_issue() -> None:
    fix = a_fix(1, issue=seen(an_issue(1, confidential=False)), cve_request=Unseen("no answer"))
    said = ask("documents_confidential", a_snapshot([fix]))
    assert hidden(said)
    assert [what for _, what in findings(said)] == ["everybody can read the issue of the fix: its title, its text"]


def test_the_issue_of_a_fix_that_another_release_announced_may_be_public() -> None:
    shown = seen(an_issue(9, confidential=False))
    for name, count in (("", 1), ("2026-12", 0)):
        removed = replace(a_removed_fix(9, issue=shown), public_with=name)
        assert len(findings(ask("documents_confidential", a_snapshot(removed=seen((removed,)))))) == count

"""The processes that ship, judging a release on its way: what is shown, what blocks, and that no text breaks it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace

from secrel.evaluate.assessing import assess
from secrel.evaluate.registry import shipped
from secrel.evaluate.verdicts import Assessment, Blocked, Passed, UnseenVerdict, Waiting, Waived
from secrel.papers.post.post import post_templates, render_post
from secrel.papers.post.written import Author
from secrel.process.reading import BUILTIN_NAMES
from secrel.process.table import Process
from secrel.snapshot.seen import Mail, Snapshot
from secrel.words.fixes import Fix
from secrel.words.forge import Pipeline, State
from secrel.words.parts import Unseen, known
from secrel.words.people import Absence
from secrel.words.releases import Kind
from tests.builders import (
    BOT,
    DUE,
    NOW,
    VECTOR,
    a_claim,
    a_contents,
    a_draft,
    a_fix,
    a_live_post,
    a_post,
    a_release,
    a_removed_fix,
    a_snapshot,
    a_tracking_issue,
    an_advisory,
    an_issue,
    changed,
    merged,
    receipts,
    requests,
    seen,
    tags_of,
    with_parts,
)

PROCESSES = {name: structs.replace(shipped(name), people={"release_bot": BOT}) for name in BUILTIN_NAMES}
REQUEST = f"An attacker could read part {{n}}. CWE-284 {VECTOR} 17.0 18.3.6 18.4 18.4.4 18.5 18.5.2"


@pytest.fixture(params=BUILTIN_NAMES)
def process(request: pytest.FixtureRequest) -> Process:
    return PROCESSES[str(request.param)]


def requested(fix: Fix, number: int) -> Fix:
    return changed(fix, cve_request=an_issue(number, "acme/cves", body=REQUEST.format(n=number)))


def on_the_eve(**changes: Any) -> Snapshot:
    """A release on the evening before its day: everything that can be done is done."""
    release = a_release()
    contents = a_contents(release)
    post = render_post(contents, Author("Amara", "amara@acme.test", "amara"), templates=post_templates())
    tags = tags_of(release)
    fixes = [merged(requested(a_fix(n, tags=frozenset(tags)), n)) for n in (1, 2)]
    text = "18.5.2 18.4.4 18.3.6 acme/app#1 acme/app#2 CVE-2026-0001 CVE-2026-0002"
    parts: dict[str, Any] = {
        "checklist": seen(an_issue(600, body=text)),
        "comms": seen(an_issue(601, body=text)),
        "draft": seen(a_draft(files=((post.path, post.text),))),
        "tags": seen(tags),
        "receipts": receipts(
            "/post/draft",
            *(f"/handover/2026-11-{day}/{who}" for day in range(11, 27) for who in ("amara", "bjorn")),
            "/tell/release-managers",
        ),
        "wanted": {"post": post.text, "post/path": post.path},
    }
    return a_snapshot(fixes, **{**parts, **changes})


def done(snapshot: Snapshot, at: datetime = DUE + timedelta(hours=1)) -> Snapshot:
    """The same release a day later: announced and told everywhere."""
    assert not isinstance(snapshot.draft, Unseen)
    assert snapshot.draft.value is not None
    keys = ["/post/ask-merge", "/post/tell-marketing", "/email/ask-test", "/email", "/email/ask-send"]
    keys += [f"/cve/publish/CVE-2026-000{n}" for n in (1, 2)] + [
        f"/report/acme/app#{n}/{name}" for n in (1, 2) for name in an_advisory(n).reports
    ]
    return with_parts(
        snapshot,
        draft=seen(replace(snapshot.draft.value, state=State.CLOSED)),
        post=seen(a_live_post(at, files=snapshot.draft.value.files)),
        mail=Mail(DUE, "d", (), snapshot.contents.digest),
        receipts={**snapshot.receipts, **receipts(*keys)},
    )


def of(kind: type, told: Assessment) -> list[str]:
    return [judged.gate.name for judged in told.gates if isinstance(judged.verdict, kind)]


def test_on_the_eve_only_what_belongs_to_the_day_is_left(process: Process) -> None:
    told = assess(on_the_eve(), process, DUE - timedelta(hours=20))
    assert of(Blocked, told) == of(UnseenVerdict, told) == []
    assert of(Waiting, told) == [
        "release-post-open",
        "post-published-right",
        "merge-asked",
        "draft-closed",
        "post-live",
        "test-email-asked",
        "test-email-right",
        "email-sent",
        "cve-records-published",
        "reporters-told",
        "issues-public",
        "next-release-open",
        "release-closed",
    ]


def test_on_the_day_the_post_is_next(process: Process) -> None:
    told = assess(on_the_eve(), process, DUE)
    assert of(Blocked, told) == ["release-post-open"]
    [judged] = told.blocked
    assert (judged.who, judged.is_due) == ("bjorn", False)
    assert judged.command == "secrel make-blogpost 2026-11 --release"


def test_when_the_post_is_open_release_managers_have_to_merge_it(process: Process) -> None:
    eve = on_the_eve()
    assert not isinstance(eve.draft, Unseen)
    assert eve.draft.value is not None
    asked = receipts("/post/ask-merge", "/post/tell-marketing", "/email/ask-test")
    opened = with_parts(eve, post=seen(a_post(files=eve.draft.value.files)), receipts={**eve.receipts, **asked})
    soon, late = (assess(opened, process, DUE + timedelta(hours=hours)) for hours in (1, 5))
    assert isinstance(soon.by_name["post-live"].verdict, Waiting)
    assert of(Blocked, soon) == ["draft-closed", "test-email-right"]
    assert isinstance(late.by_name["post-live"].verdict, Blocked)


def test_after_the_day_nothing_is_left_until_disclosure(process: Process) -> None:
    told = assess(done(on_the_eve()), process, DUE + timedelta(days=5))
    assert of(Blocked, told) == of(UnseenVerdict, told) == []
    assert of(Waiting, told) == ["issues-public", "next-release-open", "release-closed"]


def test_at_disclosure_the_release_is_terminated_and_then_all_of_it_has_passed(process: Process) -> None:
    at = DUE + timedelta(days=30, hours=1)
    end = done(on_the_eve())
    assert of(Blocked, assess(end, process, at - timedelta(seconds=1))) == []
    assert of(Blocked, assess(end, process, at)) == ["issues-public", "next-release-open"]
    public = [
        changed(fix, issue=replace(known(fix.issue, an_issue(1)), confidential=False)) for fix in end.tracked_fixes
    ]
    over = with_parts(
        end,
        fixes=seen(tuple(public)),
        next_tracking=seen(a_tracking_issue()),
        tracking=seen(a_tracking_issue(state=State.CLOSED)),
    )
    told = assess(over, process, at)
    assert set(of(Passed, told)) == {judged.gate.name for judged in told.gates}


# --- what goes wrong, and the gate that catches it --------------------------------------------------------------------


def after(snapshot: Snapshot, process: Process, now: datetime = DUE) -> Assessment:
    return assess(snapshot, process, now)


def test_a_fix_inside_the_48_hours_stops_the_post(process: Process) -> None:
    eve = on_the_eve()
    late = requested(merged(a_fix(2, linked_at=DUE - timedelta(hours=20), tags=frozenset(tags_of(a_release())))), 2)
    told = after(replace(eve, fixes=seen((eve.tracked_fixes[0], late))), process)
    assert of(Blocked, told) == ["no-late-fix"]
    assert told.by_name["no-late-fix"].command == (
        'secrel claim 2026-11 no-late-fix --waive --words "acme/app#2 is in v18.3.6, v18.4.4, and v18.5.2"'
    )
    assert isinstance(told.by_name["release-post-open"].verdict, Waiting)
    accepted = replace(
        eve,
        fixes=seen((eve.tracked_fixes[0], late)),
        claims=(a_claim("no-late-fix", "chidi", at=DUE - timedelta(hours=10), waives=True),),
    )
    assert of(Blocked, after(accepted, process)) == ["release-post-open"]
    again = replace(accepted, claims=(a_claim("no-late-fix", "chidi", at=DUE - timedelta(hours=30), waives=True),))
    assert of(Blocked, after(again, process)) == ["no-late-fix"]


def test_a_fix_removed_after_the_draft_has_to_leave_the_post_and_take_its_text_along(process: Process) -> None:
    eve = on_the_eve()
    contents = a_contents(advisories=[an_advisory(1)])
    post = render_post(contents, Author("Amara", "", "amara"), templates=post_templates())
    told = after(
        replace(
            eve,
            fixes=seen(eve.tracked_fixes[:1]),
            contents=contents,
            removed=seen((a_removed_fix(2),)),
            wanted={"post": post.text, "post/path": post.path},
        ),
        process,
    )
    assert of(Blocked, told) == ["post-fixes-match", "removed-fixes-told"]
    assert isinstance(told.by_name["release-post-open"].verdict, Waiting)


def test_a_pipeline_that_turns_red_after_the_approval_stops_the_tags(process: Process) -> None:
    fix = a_fix(2)
    red = changed(fix, merge_requests=(*requests(fix)[:3], replace(requests(fix)[3], pipeline=Pipeline.FAILED)))
    eve = on_the_eve(tags=seen({}))
    told = after(replace(eve, fixes=seen((eve.tracked_fixes[0], requested(red, 2)))), process, DUE - timedelta(days=1))
    assert of(Blocked, told) == ["merge-requests-ready"]
    assert isinstance(told.by_name["versions-tagged"].verdict, Waiting)


def test_a_secondary_who_falls_ill_stops_the_review(process: Process) -> None:
    eve = on_the_eve()
    people = tuple(
        replace(p, absences=(Absence(DUE.date(), DUE.date()),)) if p.username == "bjorn" else p for p in eve.people
    )
    told = after(replace(eve, people=people), process, DUE - timedelta(hours=20))
    assert of(Blocked, told) == ["duties-present"]
    assert isinstance(told.by_name["draft-reviewed"].verdict, Waiting)
    assert told.by_name["duties-present"].command == "secrel rotation swap 2026-11 bjorn"


def test_a_day_that_slips_moves_the_date_in_the_post(process: Process) -> None:
    release = a_release(due=DUE + timedelta(days=1))
    contents = a_contents(release)
    post = render_post(contents, Author("Amara", "", "amara"), templates=post_templates())
    told = after(
        on_the_eve(release=release, contents=contents, wanted={"post": post.text, "post/path": post.path}), process
    )
    assert "post-date-right" in of(Blocked, told)
    assert "post-versions-right" not in of(Blocked, told)


def test_a_version_bumped_in_the_last_hour_is_caught_in_ranges_requests_and_post(process: Process) -> None:
    release = a_release(("18.5.3", "18.4.4", "18.3.6"))
    eve = on_the_eve()
    typed = replace(eve, release=release, contents=replace(eve.contents, release=release))
    assert of(Blocked, after(typed, process)) == [
        "tracking-current",
        "ranges-follow-versions",
        "checklist-current",
        "post-versions-right",
        "versions-tagged",
        "comms-current",
    ]
    assert isinstance(after(typed, process).by_name["release-post-open"].verdict, Waiting)


def test_a_range_that_nobody_gave_is_asked_for_and_then_awaited(process: Process) -> None:
    eve = on_the_eve()
    bare = replace(eve, contents=a_contents(advisories=[an_advisory(1), an_advisory(2, affected=None)]))
    now = DUE - timedelta(days=6)
    assert of(Blocked, after(bare, process, now))[0] == "ranges-given"
    asked = replace(bare, receipts={**bare.receipts, **receipts("/ask/range/acme/app#2")})
    assert isinstance(after(asked, process, now).by_name["ranges-given"].verdict, Waiting)
    assert isinstance(after(asked, process, DUE).by_name["ranges-given"].verdict, Blocked)


def test_a_fix_that_is_in_the_post_and_not_in_the_tag_stops_the_announcement(process: Process) -> None:
    eve = on_the_eve()
    lost = changed(eve.tracked_fixes[0], tags=frozenset({"v18.5.2"}))
    told = after(replace(eve, fixes=seen((lost, eve.tracked_fixes[1]))), process)
    assert of(Blocked, told) == ["fixes-in-tags"]
    assert isinstance(told.by_name["release-post-open"].verdict, Waiting)


def test_a_release_without_a_fix_sends_nothing_out(process: Process) -> None:
    empty = on_the_eve(contents=a_contents(advisories=[]))
    told = after(replace(empty, fixes=seen(())), process)
    [found] = [j for j in told.gates if j.gate.name == "fixes-linked"]
    assert isinstance(found.verdict, Blocked)
    assert "no email may go out" in found.verdict.findings[0].what
    assert of(Blocked, told) == ["fixes-linked"]
    signed = replace(empty, fixes=seen(()), claims=(a_claim("fixes-linked", words="only bug fixes", waives=True),))
    told = after(signed, process)
    left = [judged.gate.name for judged in told.gates]
    assert left == [
        "documents-confidential",
        "duties-assigned",
        "duties-present",
        "handover-written",
        "tracking-issue",
        "versions-free",
        "tracking-current",
        "fixes-linked",
        "versions-tagged",
        "next-release-open",
        "release-closed",
    ]
    later = after(signed, process, DUE + timedelta(days=30))
    assert of(Blocked, later) == ["next-release-open"]


def test_a_critical_release_has_its_own_gates_and_no_deadline(process: Process) -> None:
    release = a_release(kind=Kind.UNPLANNED)
    worst = a_fix(1, linked_at=DUE - timedelta(hours=2), issue=an_issue(labels=frozenset({"severity::1"})))
    calling = a_snapshot([worst], release=release)
    told = after(calling, process, DUE - timedelta(hours=1))
    assert "no-late-fix" not in told.by_name
    assert isinstance(told.by_name["release-managers-asked"].verdict, Blocked)
    assert told.by_name["timing-agreed"].verdict == Waiting(gates=("release-managers-asked",))
    assert isinstance(told.by_name["severity-one"].verdict, Passed)
    asked = replace(calling, receipts=receipts("/ask/release-managers", "/tell/release-managers"))
    told = after(asked, process, DUE - timedelta(hours=1))
    assert isinstance(told.by_name["timing-agreed"].verdict, Blocked)
    assert told.by_name["timing-agreed"].command.startswith("secrel claim 2026-11 timing-agreed --yes --words ")
    agreed = replace(asked, claims=(a_claim("timing-agreed", "chidi", about="due 2026-11-25 16:00 UTC"),))
    assert isinstance(after(agreed, process).by_name["timing-agreed"].verdict, Passed)
    assert of(Waived, after(agreed, process)) == []
    moved = a_release(kind=Kind.UNPLANNED, due=DUE + timedelta(days=15))
    assert of(Blocked, after(replace(agreed, release=moved), process))[0] == "timing-agreed"


def test_a_no_to_the_timing_blocks_the_release_and_opens_the_way_to_a_mitigation(process: Process) -> None:
    release = a_release(kind=Kind.UNPLANNED)
    worst = a_fix(1, issue=an_issue(labels=frozenset({"severity::1"})))
    told = a_snapshot([worst], release=release, receipts=receipts("/ask/release-managers", "/tell/release-managers"))
    assert isinstance(after(told, process).by_name["mitigation-sought"].verdict, Passed)
    no = a_claim("timing-agreed", "chidi", words="not before January", denies=True, about="due 2026-11-25 16:00 UTC")
    denied = replace(told, claims=(no,))
    timing, mitigation = (after(denied, process).by_name[name] for name in ("timing-agreed", "mitigation-sought"))
    assert isinstance(timing.verdict, Blocked)
    first = timing.verdict.findings[0]
    assert (first.about, first.what) == (
        "chidi",
        "said no of due 2026-11-25 16:00 UTC at 2026-11-18 12:00 UTC: not before January",
    )
    assert timing.command == 'secrel claim 2026-11 timing-agreed --yes --words "…"'
    assert isinstance(mitigation.verdict, Blocked)
    assert mitigation.command.startswith("secrel claim 2026-11 mitigation-sought --yes --words ")
    yes = a_claim("timing-agreed", "chidi", at=NOW + timedelta(hours=1), about="due 2026-11-25 16:00 UTC")
    agreed = after(replace(denied, claims=(no, yes)), process)
    assert isinstance(agreed.by_name["timing-agreed"].verdict, Passed)
    assert isinstance(agreed.by_name["mitigation-sought"].verdict, Passed)


def test_judging_changes_nothing_and_gives_the_same_again(process: Process) -> None:
    snapshot = on_the_eve()
    assert assess(snapshot, process, DUE) == assess(snapshot, process, DUE)


# --- whatever becomes of a document, no gate passes by that -----------------------------------------------------------

WHOLE: dict[str, Any] = {
    "draft": a_draft(),
    "post": a_post(),
    "checklist": an_issue(600),
    "comms": an_issue(601),
    "tracking": a_tracking_issue(),
    "next_tracking": a_tracking_issue(),
}


def spoilt(name: str, how: str, snapshot: Snapshot) -> Snapshot:
    """The same release with one document absent, closed by somebody, or emptied."""
    found: Any = known(snapshot.document(name), None) or WHOLE[name]
    spoils: dict[str, dict[str, Any]] = {"closed": {"state": State.CLOSED}, "empty": {"body": "", "files": ()}}
    changes = spoils.get(how, {})
    values: dict[str, Any] = {key: value for key, value in changes.items() if hasattr(found, key)}
    spoiled = replace(found, **values) if changes else None
    part: dict[str, Any] = {name: seen(spoiled)}
    return with_parts(snapshot, **part)


@pytest.mark.parametrize("how", ["absent", "closed", "empty"])
@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("hours", [-20, 1])
def test_no_gate_passes_because_of_what_became_of_a_document(process: Process, name: str, how: str, hours: int) -> None:
    before, now = on_the_eve(), DUE + timedelta(hours=hours)
    told, whole = assess(spoilt(name, how, before), process, now), assess(before, process, now)
    passed = {judged.gate.name for judged in told.gates if isinstance(judged.verdict, Passed | Waived)}
    assert passed <= {judged.gate.name for judged in whole.gates if isinstance(judged.verdict, Passed | Waived)}
    looking = [judged for judged in told.gates if judged.gate.told("document") == name]
    assert looking
    assert [judged.gate.name for judged in looking if isinstance(judged.verdict, Passed)] == []

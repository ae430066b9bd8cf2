"""The small texts the desk sends to people: questions, requests, notices, handovers."""

from __future__ import annotations

from datetime import timedelta

from secrel.desk.announcing import post_templates_of
from secrel.desk.authors import author_of
from secrel.desk.desk import Desk, next_release
from secrel.desk.looking import Look
from secrel.desk.texts.papers import advisory_of, email_now, post_address
from secrel.evaluate.deadlines import deadlines
from secrel.evaluate.verdicts import Blocked, Judged
from secrel.observe.facts import read_advisory
from secrel.papers.environment import Templates
from secrel.papers.messages import (
    CriticalRequest,
    Handover,
    HandoverLinks,
    NextRelease,
    ask_for_range,
    ask_for_test_email,
    ask_release_managers,
    ask_to_merge_post,
    handover,
    next_tracking_issue,
    removed_fix_comment,
    reporter_notice,
    tell_marketing,
)
from secrel.papers.messages import tell_release_managers as told_in_channel
from secrel.papers.messages.complaints import tags_lack_fixes
from secrel.papers.post import render_post
from secrel.papers.post.sections import section_of
from secrel.plan.making import Text, Want, seen_issue, seen_request
from secrel.roster.zones import zone_named
from secrel.snapshot.seen import Seen, Unseen
from secrel.words.advisories import Contents
from secrel.words.effects import plain
from secrel.words.errors import Misused
from secrel.words.forge import Issue, MergeRequest, State

_MOST_LEFT = 8


def nothing(_desk: Desk, _look: Look, _want: Want) -> Text:
    """Write nothing: the effect is all in its action."""
    return Text("")


def _own(desk: Desk) -> Templates | None:
    """The user's own wording over what ships, when there is any."""
    return desk.templates.get("messages")


def _address(part: Seen[Issue | None] | Seen[MergeRequest | None] | Unseen) -> str:
    return part.value.url if isinstance(part, Seen) and part.value is not None else ""


def tell_release_managers(desk: Desk, look: Look, want: Want) -> Text:
    """Ask the release managers of a critical release, on the tracking issue or in their channel (mission M9)."""
    snapshot = look.snapshot
    merge_requests = [request for fix in snapshot.tracked_fixes for request in fix.merge_requests]
    request = CriticalRequest(
        managers=desk.process.people["release_managers"],
        tracking=_address(snapshot.tracking),
        asked_at=snapshot.at,
        is_ready=bool(merge_requests) and all(r.assents or r.state is State.MERGED for r in merge_requests),
        ready_at=None,
    )
    write = ask_release_managers if want.about == "issue" else told_in_channel
    return Text(plain(write(snapshot.contents, request, templates=_own(desk))))


def range_question(desk: Desk, look: Look, want: Want) -> Text:
    """Ask the developers of one fix for its affected versions."""
    advisory = advisory_of(look, want.about)
    needed_by = look.snapshot.release.due - timedelta(days=5)
    asked = [desk.process.people["developers"]]
    return Text(plain(ask_for_range(advisory, look.snapshot.release, asked, needed_by, templates=_own(desk))))


def comment_on_removed(desk: Desk, look: Look, want: Want) -> Text:
    """Leave the prepared text of the post on the issue of a fix that is no longer in the release."""
    removed = next(fix for fix in look.snapshot.removed if fix.ref == want.about)
    release = look.snapshot.release
    try:
        advisory = read_advisory(removed.issue.facts, removed.ref, removed.issue.url, release)
        post = render_post(
            Contents(release, (advisory,)), author_of(desk, look.snapshot), templates=post_templates_of(desk)
        )
        section = section_of(post, advisory)
    except Misused:
        section = ""  # its facts were never complete, so no text was ever written for it
    asked = [desk.process.people["developers"]]
    return Text(plain(removed_fix_comment(release, section, asked, templates=_own(desk))))


def tell_missing_from_tag(desk: Desk, look: Look, _want: Want) -> Text:
    """Tell the release managers which tags do not hold what they should."""
    gate = next(j for j in look.assessment.gates if j.gate.makes == "tell_missing_from_tag")
    findings = gate.verdict.findings if isinstance(gate.verdict, Blocked) else ()
    lines = [f"{finding.about} {finding.what}" for finding in findings]
    managers = desk.process.people["release_managers"]
    return Text(plain(tags_lack_fixes(look.snapshot.release, managers, lines, templates=_own(desk))))


def ask_to_merge(desk: Desk, look: Look, want: Want) -> Text:
    """Ask the release managers to merge the post, and tell marketing."""
    contents, address = look.snapshot.contents, post_address(desk, look)
    request = seen_request(look.snapshot.post, "the release post").url
    if want.about == "marketing":
        comms = _address(look.snapshot.comms)
        return Text(plain(tell_marketing(contents, request, address, comms, templates=_own(desk))))
    managers = desk.process.people["release_managers"]
    return Text(plain(ask_to_merge_post(contents, request, address, managers, templates=_own(desk))))


def request_for_test_email(desk: Desk, look: Look, _want: Want) -> Text:
    """Ask the person in the communications issue for the test email, to the mailboxes of both on duty."""
    duty = look.snapshot.duty
    people = [desk.person(username) for username in (duty.primary, duty.secondary)] if duty else []
    boxes = [person.email for person in people if person is not None and person.email]
    asked = seen_issue(look.snapshot.comms, "the communications issue").assignees
    handles = [desk.process.people["communications"]] if not asked else list(asked)
    team = {person.username for person in desk.team}
    handles = [handle for handle in handles if handle not in team] or [desk.process.people["communications"]]
    subject = email_now(desk, look).subject
    return Text(plain(ask_for_test_email(look.snapshot.contents, subject, boxes, handles, templates=_own(desk))))


def tell_reporter(desk: Desk, look: Look, want: Want) -> Text:
    """Write the notice to one finder."""
    advisory = advisory_of(look, want.about)
    report = advisory.credits[want.number - 1].report
    address = post_address(desk, look)
    body = reporter_notice(advisory, look.snapshot.contents, address, report, templates=_own(desk))
    return Text(plain(body), to=report)


def next_tracking(desk: Desk, look: Look, _want: Want) -> Text:
    """Write the tracking issue of the next release."""
    release = look.snapshot.release
    _, due = next_release(release, desk.process)
    following = NextRelease(
        due=due or release.due + timedelta(days=30),
        series=tuple((shipment.product, shipment.series) for shipment in release.shipments),
        managers=(desk.process.people["release_managers"],),
        previous=_address(look.snapshot.tracking),
    )
    text = next_tracking_issue(following, templates=_own(desk))
    return Text(plain(text.body), text.title, facts={"next_after": release.name, "due": following.due.isoformat()})


def hand_over(desk: Desk, look: Look, want: Want) -> Text:
    """Write the handover of one person's working day to the other on duty."""
    return Text(plain(handover(handover_said(desk, look, want.about), templates=_own(desk))))


def _left(look: Look) -> list[Judged]:
    """What holds the release up now; that this very handover is missing is not among it."""
    return [judged for judged in look.assessment.blocked if judged.gate.makes != "handover"]


def handover_said(desk: Desk, look: Look, username: str, notes: tuple[str, ...] = ()) -> Handover:
    """Say how the release stands, for whoever goes on from here; `notes` are the writer's own words."""
    snapshot, duty = look.snapshot, look.snapshot.duty
    other = (duty.secondary if username == duty.primary else duty.primary) if duty else ""
    person = desk.person(username)
    zone = zone_named(person.zone if person else "UTC")
    left = _left(look)
    gates = len(look.assessment.gates)
    fixes, release = len(snapshot.tracked_fixes), snapshot.release
    live = snapshot.announced_at
    state = f"announced on {live:%Y-%m-%d %H:%M %Z}" if live else f"due {release.due:%Y-%m-%d %H:%M %Z}"
    ahead = [deadline for deadline in deadlines(look.assessment) if not deadline.is_past]
    return Handover(
        release=release.name,
        from_=username,
        to=other or desk.process.people["team"],
        day=snapshot.at.astimezone(zone).date(),
        status=f"{fixes} fix{'es' if fixes != 1 else ''}, {state}; {len(left) or 'none'} of {gates} gates blocked.",
        next_steps=f"{ahead[0].gate.title} ({ahead[0].who}, {ahead[0].at:%Y-%m-%d %H:%M %Z})."
        if ahead
        else "Nothing is due.",
        left=tuple(f"{judged.gate.title} ({judged.who})" for judged in left[:_MOST_LEFT]),
        links=HandoverLinks(
            release_issue=_address(snapshot.tracking),
            checklist=_address(snapshot.checklist),
            draft_post=_address(snapshot.draft),
            release_post=_address(snapshot.post),
            comms_issue=_address(snapshot.comms),
        ),
        notes=notes,
    )

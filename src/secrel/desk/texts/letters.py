"""The small texts the desk sends to people: questions, requests, notices, handovers."""

from __future__ import annotations

from datetime import timedelta

from secrel.desk.announcing import post_templates_of
from secrel.desk.authors import author_of
from secrel.desk.desk import Desk, next_release
from secrel.desk.looking import Look
from secrel.desk.texts.papers import advisory_of, email_now, post_address
from secrel.evaluate.deadlines import deadlines
from secrel.evaluate.looking import requests_of
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
from secrel.words.advisories import Contents
from secrel.words.effects import plain
from secrel.words.errors import Misused, NotSeen
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.parts import Part, Seen, known, need, settled

_MOST_LEFT = 8


def nothing(_desk: Desk, _look: Look, _want: Want) -> Text:
    """Write nothing: the effect is all in its action."""
    return Text("")


def _own(desk: Desk) -> Templates | None:
    """The user's own wording over what ships, when there is any."""
    return desk.templates.get("messages")


def _address(part: Part[Issue | MergeRequest | None]) -> str:
    return part.value.url if isinstance(part, Seen) and part.value is not None else ""


def tell_release_managers(desk: Desk, look: Look, want: Want) -> Text:
    """Ask the release managers of a critical release, on the tracking issue or in their channel (mission M9)."""
    snapshot = look.snapshot
    merge_requests = [request for fix in need(snapshot.fixes, "the fixes") for request in requests_of(fix)]
    request = CriticalRequest(
        managers=desk.process.people["release_managers"],
        tracking=_address(snapshot.tracking),
        asked_at=snapshot.at,
        is_ready=bool(merge_requests) and all(map(_is_approved, merge_requests)),
        ready_at=None,
    )
    write = ask_release_managers if want.about == "issue" else told_in_channel
    return Text(plain(write(_told(look), request, templates=_own(desk))))


def _is_approved(request: MergeRequest) -> bool:
    return request.state is State.MERGED or bool(settled(request.assents, f"the approvals of {request.ref}"))


def _told(look: Look) -> Contents:
    return need(look.snapshot.told, "what the release announces")


def range_question(desk: Desk, look: Look, want: Want) -> Text:
    """Ask the developers of one fix for its affected versions."""
    advisory = advisory_of(look, want.about)
    needed_by = look.snapshot.release.due - timedelta(days=5)
    asked = [desk.process.people["developers"]]
    return Text(plain(ask_for_range(advisory, look.snapshot.release, asked, needed_by, templates=_own(desk))))


def comment_on_removed(desk: Desk, look: Look, want: Want) -> Text:
    """Leave the prepared text of the post on the issue of a fix that is no longer in the release."""
    removed = next(fix for fix in look.snapshot.removed_fixes if fix.ref == want.about)
    release, issue = look.snapshot.release, need(removed.issue, f"the issue {removed.ref}")
    try:
        advisory = read_advisory(issue.facts.whole(FixFacts), issue.ref, issue.url, release)
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
    contents, address = _told(look), post_address(desk, look)
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
    return Text(plain(ask_for_test_email(_told(look), subject, boxes, handles, templates=_own(desk))))


def tell_reporter(desk: Desk, look: Look, want: Want) -> Text:
    """Write the notice to one finder."""
    advisory = advisory_of(look, want.about)
    report = advisory.credits[want.number - 1].report
    address = post_address(desk, look)
    body = reporter_notice(advisory, _told(look), address, report, templates=_own(desk))
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
    return Text(plain(text.body), text.title, facts=ReleaseFacts(next_after=release.name, due=following.due))


def hand_over(desk: Desk, look: Look, want: Want) -> Text:
    """Write the handover of one person's working day to the other on duty, when all of the release could be seen."""
    if not look.snapshot.is_whole:
        raise NotSeen(
            "not all of the release could be seen, and a handover would not say so", remedy="look again: secrel doctor"
        )
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
    fixes, release = snapshot.fixes, snapshot.release
    count = len(known(fixes, ()))
    counted = f"{count} fix{'es' if count != 1 else ''}" if isinstance(fixes, Seen) else "fixes unseen"
    live = snapshot.announced_at
    state = f"announced on {live:%Y-%m-%d %H:%M %Z}" if live else f"due {release.due:%Y-%m-%d %H:%M %Z}"
    ahead = [deadline for deadline in deadlines(look.assessment) if not deadline.is_past]
    return Handover(
        release=release.name,
        from_=username,
        to=other or desk.process.people["team"],
        day=snapshot.at.astimezone(zone).date(),
        status=f"{counted}, {state}; {len(left) or 'none'} of {gates} gates blocked.",
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

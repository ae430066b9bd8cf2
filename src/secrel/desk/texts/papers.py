"""The documents beside the post: CVE requests and records, the checklist, the communications issue, the email."""

from __future__ import annotations

from functools import lru_cache

from secrel.desk.announcing import post_now
from secrel.desk.desk import Desk
from secrel.desk.looking import Look
from secrel.desk.texts.posting import found_draft
from secrel.faces.fixes import CveStanding
from secrel.papers.checklist import refresh_checklist, render_checklist
from secrel.papers.cve5 import Cna, Dates, render_record, text_of
from secrel.papers.cve_request import Requester, missing_fields, render_request
from secrel.papers.email.comms import Comms, render_comms_issue
from secrel.papers.email.mail import Email, MailLinks, render_email
from secrel.papers.email.message import Envelope, Sender
from secrel.papers.environment import Templates
from secrel.plan.making import Text, Want, seen_issue
from secrel.words.advisories import Advisory, Contents
from secrel.words.effects import plain
from secrel.words.errors import Misused
from secrel.words.merging import hidden, merge, shown
from secrel.words.releases import Release


def advisory_of(look: Look, ref: str) -> Advisory:
    """The advisory of one fix; raises `Misused` when the release has none of it."""
    found = next((a for a in look.snapshot.contents.advisories if a.fix == ref), None)
    if found is None:
        raise Misused(f"{ref} is not in this release", where=look.scene.name, remedy="secrel fix show")
    return found


def _requester(desk: Desk) -> Requester:
    cna = desk.process.cna
    return Requester(cna.get("requester", cna["short_name"]), cna["email"])


@lru_cache(maxsize=1024)
def _request(advisory: Advisory, release: Release, requester: Requester) -> Text:
    request = render_request(advisory, Contents(release, (advisory,)), requester)
    return Text(plain(request.body), request.title)


def cve_request(desk: Desk, look: Look, want: Want) -> Text:
    """Write the request of one CVE id."""
    return _request(advisory_of(look, want.about), look.snapshot.release, _requester(desk))


def _merged(look: Look, document: str, now: str, found: str) -> Text | None:
    """Merge what the desk would write now with a document as found; None when that changes nothing.

    Where the desk's own last text is not known, the document as found stays as it is.
    """
    base = look.snapshot.written.get(document)
    merged = merge(base.text if base else now, now, hidden(found))
    text = shown(merged)
    return None if text == found else Text(text, desk_text=merged.base)


def cve_update(desk: Desk, look: Look, want: Want) -> Text | None:
    """Bring one request up to date, with what people did to it; None when that changes nothing."""
    fix = next(fix for fix in look.snapshot.tracked_fixes if fix.ref == want.about)
    now = cve_request(desk, look, want).body
    found = fix.cve_request.body if fix.cve_request else ""
    return _merged(look, f"cve/{want.about}", now, found)


def post_address(desk: Desk, look: Look) -> str:
    """The public address that the post has, or will have: the form's own, or the path on the process's site."""
    post = post_now(desk, look.snapshot)
    if post.address.startswith("https://"):
        return post.address
    return f"{desk.process.addresses.get('site', '').rstrip('/')}{post.canonical_path}"


def cve_record(desk: Desk, look: Look, want: Want) -> Text:
    """Write the record of one vulnerability, proven against the official schema."""
    advisory, cna = advisory_of(look, want.about), desk.process.cna
    dates = Dates(published=look.snapshot.announced_at)
    record = render_record(
        advisory, look.snapshot.contents, Cna(cna["org_id"], cna["short_name"]), post_address(desk, look), dates
    )
    return Text(plain(text_of(record)), str(advisory.cve_id))


def checklist(desk: Desk, look: Look, want: Want) -> Text | None:
    """Write the checklist: new, or refreshed with all that people did to it; None when that changes nothing."""
    snapshot = look.snapshot
    now = plain(render_checklist(look.assessment, snapshot, desk.process))
    if not want.number:
        return Text(now, f"Security release checklist: {look.scene.name}")
    found = seen_issue(snapshot.checklist, "the checklist").body
    base = snapshot.written.get("checklist")
    text = refresh_checklist(found, base.text if base else "", now).text
    return None if text == found else Text(text, desk_text=now)


def comms(desk: Desk, look: Look, want: Want) -> Text | None:
    """Write the communications issue: new, or merged with people's edits; None when that changes nothing."""
    snapshot, draft = look.snapshot, found_draft(look)
    issue = render_comms_issue(
        snapshot.contents,
        email_now(desk, look),
        mail_links(desk, look),
        Comms(
            asked=(desk.process.people["communications"],),
            draft=draft.url if draft else "",
            tracking=seen_issue(snapshot.tracking, "the tracking issue").url,
        ),
    )
    body = plain(issue.body)
    if not want.number:
        return Text(body, issue.title)
    found = seen_issue(snapshot.comms, "the communications issue").body
    return _merged(look, "comms", body, found)


def mail_links(desk: Desk, look: Look) -> MailLinks:
    """The addresses that the email carries."""
    addresses = desk.process.addresses
    return MailLinks(post_address(desk, look), addresses.get("contact", ""), addresses.get("security_feed", ""))


def email_now(desk: Desk, look: Look) -> Email:
    """Render the email as the facts are now."""
    addresses, release = desk.process.addresses, look.snapshot.release
    envelope = Envelope(
        Sender(addresses.get("sender_name", "Security"), addresses.get("sender", "security@example.org")),
        addresses.get("segment", "security-notices@example.org"),
        look.snapshot.announced_at or release.due,
        addresses.get("sender", "security@example.org").rpartition("@")[2],
    )
    return _mail(look.snapshot.contents, mail_links(desk, look), envelope, desk.templates.get("email"))


@lru_cache(maxsize=32)
def _mail(contents: Contents, links: MailLinks, envelope: Envelope, templates: Templates | None) -> Email:
    return render_email(contents, links, envelope, templates=templates)


def email(desk: Desk, look: Look, _want: Want) -> Text:
    """Write the email that goes to all subscribers."""
    made = email_now(desk, look)
    return Text(plain(made.eml), made.subject, to=desk.process.addresses.get("segment", "security-notices@example.org"))


def cve_standing(look: Look, ref: str) -> CveStanding:
    """Say how one fix's CVE stands, and what its request still lacks."""
    advisory = advisory_of(look, ref)
    fix = next((fix for fix in look.snapshot.tracked_fixes if fix.ref == ref), None)
    return CveStanding(
        fix=ref,
        title=advisory.title,
        cve_id=str(advisory.cve_id or ""),
        no_cve=advisory.no_cve,
        request=fix.cve_request.ref if fix and fix.cve_request else "",
        missing=tuple(missing_fields(advisory, look.snapshot.contents)) if advisory.needs_cve else (),
    )

"""Whether the post and the email are right, read by somebody else, and no earlier than they may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from secrel.journal.entries import Remembered
from secrel.rehearsal.judging.sight import EndedWrong, MailRead, Sight, names_version
from secrel.rehearsal.story import StoryFix
from secrel.words.parts import settled


def versions(sight: Sight) -> Iterator[EndedWrong]:
    """The post names every version that ships, and none that was given up."""
    if not sight.text:
        return
    for shipment in sight.release.shipments:
        for version in shipment.versions:
            if not names_version(sight.text, str(version)):
                yield EndedWrong("versions", f"the post does not name {shipment.product.key} {version}")
    shipped = {str(version) for shipment in sight.release.shipments for version in shipment.versions}
    for event in sight.story.events:
        old = event.told.old
        if event.happens == "version bumped" and old not in shipped and names_version(sight.text, old):
            yield EndedWrong("versions", f"the post names {old}, which was never published")


def date(sight: Sight) -> Iterator[EndedWrong]:
    """The post's file and its own address have the day of the release."""
    if not sight.text or sight.post is None:
        return
    day = sight.release.due
    dated = re.search(r"(\d{4})-(\d\d)-(\d\d)", sight.post.files[0][0].rpartition("/")[2])
    if dated and dated[0] != f"{day:%Y-%m-%d}":
        yield EndedWrong("date", f"the post's file says {dated[0]}, and the release was on {day:%Y-%m-%d}")
    address = re.search(r"^canonical_path:.*?/(\d{4}/\d\d/\d\d)/", sight.text, re.MULTILINE)
    if address and address[1] != f"{day:%Y/%m/%d}":
        yield EndedWrong("date", "the post's own address has another date")


def facts(sight: Sight) -> Iterator[EndedWrong]:
    """The post tells of every announced fix its CVE id, its vector and who found it, as they are at the end."""
    for fix in sight.story.fixes:
        told = sight.facts(fix)
        if not sight.announces(fix):
            continue
        is_asked = not told.no_cve and not _came_late(sight, fix)
        for what in (fix.cve if is_asked else "", str(told.vector or "")):
            if what and what not in sight.text:
                yield EndedWrong("facts", f"the post does not say {what} of {fix.name}")


def _came_late(sight: Sight, fix: StoryFix) -> bool:
    """Whether the CNA assigned an id after the release post was opened, and so late that it may still be missing."""
    request, opened = sight.request(fix), sight.receipt(f"{sight.name}/post/release")
    if request is None or opened is None or "CVE ID" not in sight.text:
        return False
    came = [note.at for note in settled(request.notes, "the notes") if fix.cve and fix.cve in note.body]
    return any(at > opened.at and sight.world.stage.clock() < at + _CORRECTED_BY for at in came)


_CORRECTED_BY = timedelta(days=4)


def review(sight: Sight) -> Iterator[EndedWrong]:
    """What was published is what somebody else had read, as it then was."""
    draft, post = sight.draft, sight.post
    if post is None or draft is None:
        return
    others = [assent for assent in settled(draft.assents, "the approvals") if assent.by != draft.author]
    if not others:
        yield EndedWrong("review", "nobody but its author read the post")
    elif draft.changed_at is not None and all(assent.at < draft.changed_at for assent in others):
        yield EndedWrong("review", "the post changed after it was read")
    if draft.files and post.files and draft.files[0][1] != post.files[0][1]:
        yield EndedWrong("review", "what was published is not what was read")


def embargo(sight: Sight) -> Iterator[EndedWrong]:
    """Nobody outside saw anything before the release was due: neither they themselves, nor by the journal."""
    for leak in sight.known.leaks:
        yield EndedWrong("embargo", f"at {leak.at:%Y-%m-%d %H:%M} {leak.what}")
    outward = re.compile(rf"{re.escape(sight.name)}/(post/release.*|email|cve/publish/.*|report/.*)")
    for entry in sight.entries:
        is_outward = entry.kind is Remembered.RECEIPT and outward.fullmatch(entry.key) is not None
        if is_outward and entry.at < sight.release.due:
            yield EndedWrong("embargo", f"{entry.key} was done before the embargo lifted")


def secrets(sight: Sight) -> Iterator[EndedWrong]:
    """Nothing of a fix that is not announced stands in the post, or in the email."""
    public = "\n".join([sight.text, *map(_read, sight.mails)])
    told = " ".join(text for fix in sight.story.fixes if sight.announces(fix) for text in (fix.cve, *_said(fix, sight)))
    for fix in sight.story.fixes:
        if not sight.announces(fix):
            for text in (fix.cve, *_said(fix, sight)):
                if len(text) >= _SHORTEST and text in public and text not in told:
                    yield EndedWrong("embargo", f"something of {fix.name} is public, and it is not announced")
    for fix in sight.unannounced_beside():
        secret = (fix.cve, *_said(fix, sight))
        if any(len(text) >= _SHORTEST and text in public and text not in told for text in secret):
            yield EndedWrong("embargo", f"something of {fix.name} is public, which is of another release")


_SHORTEST = 12


def _said(fix: StoryFix, sight: Sight) -> tuple[str, str]:
    facts = sight.facts(fix)
    return facts.title, facts.description


def _read(mail: MailRead) -> str:
    return "\n".join([mail.subject, mail.texts["plain"]])


def mail(sight: Sight) -> Iterator[EndedWrong]:
    """One email went out, after a test mail that was right; it names the versions."""
    if not sight.text or sight.post is None:
        return
    mails = sight.mails
    if len(mails) != 1:
        yield EndedWrong("email", f"{len(mails)} emails went out")
        return
    text = _read(mails[0])
    for version in sight.release.main.versions:
        if not names_version(text, str(version)):
            yield EndedWrong("email", f"the email does not name {version}")
    told = [entry for entry in sight.entries if entry.kind is Remembered.MAIL]
    if not told or told[-1].body["disagreements"]:
        yield EndedWrong("email", "the email went out after a test mail that was wrong, or without one")


def edits(sight: Sight) -> Iterator[EndedWrong]:
    """What people wrote into checklist and draft is still there, except where it changed what is a fact."""
    checklist = sight.world.made("checklist")
    for where, find, put in sight.known.edits:
        own = set(put.split()) - set(find.split())
        if where == "checklist" and checklist is not None and not own <= set(checklist.body.split()):
            yield EndedWrong("edits", "what a person wrote into the checklist is gone")
        titles = [sight.facts(fix).title for fix in sight.story.fixes]
        if where != "draft" or not sight.text or sight.post is None or any(find in title for title in titles):
            continue  # a title is the heading, the row and the anchor: its words are whoever's mends them
        text, changes_facts = sight.post.files[0][1], _touches_facts(find, sight)
        if changes_facts and put in text:
            yield EndedWrong("edits", "what a person changed in the draft by mistake was published")
        if not changes_facts and put not in text and find in text:
            yield EndedWrong("edits", "what a person wrote into the draft is gone")


def _touches_facts(find: str, sight: Sight) -> bool:
    """Whether an edit took out something that is so: a version, a day, an id, a vector; titles may be edited."""
    told = [str(version) for shipment in sight.release.shipments for version in shipment.versions]
    told.append(f"{sight.release.due:%Y-%m-%d}")
    for fix in sight.story.fixes:
        facts = sight.facts(fix)
        told += [fix.cve, str(facts.vector or "")]
    return any(text and (text in find or find in text) for text in told)


ANNOUNCING = (versions, date, facts, review, embargo, secrets, mail, edits)
"""The rules of this file."""

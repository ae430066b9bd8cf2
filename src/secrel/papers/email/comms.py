"""The communications issue: who is asked to send the mail, when, and with what text (mission M7; handbook, step 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from secrel.papers.email.mail import shipped
from secrel.papers.email.written import Comms, Email, MailLinks
from secrel.papers.messages.pieces import (
    IssueText,
    code,
    day_said,
    fenced,
    instant_said,
    linked,
    mentions,
    shipments_said,
    words,
)
from secrel.words.advisories import Contents
from secrel.words.errors import Misused
from secrel.words.releases import joined

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates


def render_comms_issue(
    contents: Contents, email: Email, links: MailLinks, comms: Comms, *, templates: Templates | None = None
) -> IssueText:
    """Write the issue that asks for the mail, with its text in blocks that nothing in it can leave.

    Its title is one plain line. Raises `Misused` when nobody is asked.
    """
    if not comms.asked:
        raise Misused(
            "nobody is asked to send the email", remedy="name the team for communications in the process file"
        )
    release = contents.release
    values = {
        "asked": mentions(comms.asked),
        "segment": code(comms.segment) if comms.segment else "",
        "corrects": comms.corrects,
        "day": day_said(release.due),
        "due": instant_said(release.due),
        "versions": shipments_said(release),
        "kind": "critical" if contents.is_critical else "normal",
        "critical": contents.is_critical,
        "subject": words(email.subject),
        "length": len(email.subject),
        "address": code(links.post.removeprefix("https://")),
        "draft": comms.draft,
        "tracking": comms.tracking,
        "link": linked,
        "subject_block": fenced(email.subject),
        "text_block": fenced(email.text),
    }
    body = (templates or shipped()).render("comms_issue.md.j2", values)
    return IssueText(_title(contents, release.main.versions), body.strip("\n") + "\n", comms.labels)


def _title(contents: Contents, versions: Sequence[object]) -> str:
    start = "Critical security release email alert" if contents.is_critical else "Security release email alert"
    return f"{start}: {joined(versions)}"

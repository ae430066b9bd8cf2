"""Around the announcement: the post to be merged, marketing told, the mail to be sent (mission M6 and M7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from secrel.papers.messages.pieces import LinkAddress, code, linked, mention, mentions, message, release_said
from secrel.words.advisories import Contents
from secrel.words.forge import MergeRequest

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates


def ask_to_merge_post(
    contents: Contents, request: MergeRequest, post: str, managers: str, *, templates: Templates | None = None
) -> str:
    """Ask the release managers to merge the release post: `request` is the merge request, `post` where it will be."""
    values = {
        "managers": mention(managers),
        "release": release_said(contents.release, critical=contents.is_critical),
        "request": LinkAddress(request.url),
        "address": linked("", post),
    }
    return message("ask_to_merge_post", values, templates)


def tell_marketing(
    contents: Contents, request: str, post: str, comms: str, *, templates: Templates | None = None
) -> str:
    """Tell marketing's channel that the post is coming; `comms` is the communications issue with the email."""
    values = {
        "release": release_said(contents.release, critical=contents.is_critical),
        "request": LinkAddress(request),
        "address": linked("", post),
        "comms": LinkAddress(comms),
    }
    return message("tell_marketing", values, templates)


class MailReleased(Struct, frozen=True):
    """What those who send the mail have to know once the post is live.

    `subject` is that of the mail, `post` the address at which the post is live, `asked` their handles; `is_sent` when
    the mail has left already, so that nobody sends it twice; `corrects` when it takes the place of one that has left.
    """

    subject: str
    post: str
    asked: tuple[str, ...]
    is_sent: bool = False
    corrects: bool = False


def mail_may_go_out(contents: Contents, told: MailReleased, *, templates: Templates | None = None) -> str:
    """Say on the communications issue that the post is live, the test mail right, and the mail to be sent."""
    values = {
        "asked": mentions(told.asked),
        "release": release_said(contents.release, critical=contents.is_critical),
        "address": linked("", told.post),
        "subject": code(told.subject),
        "sent": told.is_sent,
        "corrects": told.corrects,
    }
    return message("mail_may_go_out", values, templates)


def remind_of_disclosure(
    contents: Contents, asked: Sequence[str], issues: int, keep: str, *, templates: Templates | None = None
) -> str:
    """Remind whoever is `asked` that so many `issues` can become public; `keep` is the label of those that cannot."""
    values = {
        "asked": mentions(asked),
        "release": release_said(contents.release, critical=contents.is_critical),
        "name": code(f"secrel terminate {contents.release.name}"),
        "issues": issues,
        "keep": code(keep),
    }
    return message("remind_of_disclosure", values, templates)

"""Around the announcement: the post to be merged, marketing told, the test email asked for (mission M6, M7)."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.papers.environment import Templates
from secrel.papers.messages.pieces import Address, code, linked, mention, mentions, message, release_said
from secrel.papers.text import Markdown
from secrel.words.advisories import Contents


def ask_to_merge_post(
    contents: Contents, request: str, post: str, managers: str, *, templates: Templates | None = None
) -> str:
    """Ask the release managers to merge the release post: `request` is the merge request, `post` where it will be."""
    values = {
        "managers": mention(managers),
        "release": release_said(contents.release, critical=contents.is_critical),
        "request": Address(request),
        "address": linked("", post),
    }
    return message("ask_to_merge_post", values, templates)


def tell_marketing(
    contents: Contents, request: str, post: str, comms: str, *, templates: Templates | None = None
) -> str:
    """Tell marketing's channel that the post is coming; `comms` is the communications issue with the email."""
    values = {
        "release": release_said(contents.release, critical=contents.is_critical),
        "request": Address(request),
        "address": linked("", post),
        "comms": Address(comms),
    }
    return message("tell_marketing", values, templates)


def ask_for_test_email(
    contents: Contents, subject: str, to: Sequence[str], asked: Sequence[str], *, templates: Templates | None = None
) -> str:
    """Ask, on the communications issue, for the test email: `asked` are handles, `to` the mailboxes that get it."""
    values = {
        "asked": mentions(asked),
        "to": Markdown(", ").join(code(mailbox) for mailbox in to),
        "release": release_said(contents.release, critical=contents.is_critical),
        "subject": code(subject),
        "critical": contents.is_critical,
    }
    return message("ask_for_test_email", values, templates)

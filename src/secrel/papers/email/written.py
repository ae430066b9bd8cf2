"""The mail as a value, and the addresses it carries: what compares it need not load what writes it."""

from __future__ import annotations

from msgspec import Struct


class MailLinks(Struct, frozen=True):
    """The addresses a mail carries, all of them under https.

    `post` is the announcement; `notices` where readers subscribe to the mails, `feed` the feed of the announcements:
    either may be empty, and is then not spoken of.
    """

    post: str
    notices: str = ""
    feed: str = ""


class Email(Struct, frozen=True):
    """A mail: its subject, both parts, and the whole message as RFC 5322 text with line feeds."""

    subject: str
    text: str
    html: str
    eml: str


class Comms(Struct, frozen=True):
    """What the issue that asks for the mail needs besides it.

    `asked` are the handles of those who send it; `segment` the address of the list of subscribers; `draft` and
    `tracking` the addresses of the draft post's merge request and of the tracking issue, empty while there is none;
    `labels` what the issue is labelled; `corrects` whether subscribers have a mail that this one takes the place of.
    """

    asked: tuple[str, ...]
    segment: str = ""
    draft: str = ""
    tracking: str = ""
    labels: tuple[str, ...] = ("security-notifications",)
    corrects: bool = False

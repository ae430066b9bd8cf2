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

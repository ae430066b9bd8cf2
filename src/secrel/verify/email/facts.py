"""A received mail as facts: what it says, where it leads, what it would load, and what is broken in it (mission M7)."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from secrel.verify.email.decoding import decode
from secrel.verify.email.hypertext import read_html
from secrel.verify.email.links import MailLink, link_of, links_in_text
from secrel.verify.email.wording import is_called_critical, versions_named
from secrel.words.patterns import pattern
from secrel.words.versions import Version

_FORWARDED = pattern(r"\s*(?:fwd?|re|wg|aw|tr)\s*:", re.IGNORECASE)
_PREFIXES = pattern(r"^(?:\s*(?:fwd?|re|wg|aw|tr|test)\s*:|\s*\[(?:test|preview|proof|external)\])+\s*", re.IGNORECASE)


class Said(Struct, frozen=True):
    """What one part says: its words, the versions it names, and whether it calls the release critical."""

    text: str
    versions: tuple[Version, ...]
    is_critical: bool


class MailFacts(Struct, frozen=True):
    """What a received mail says.

    `subject` is without the prefixes of forwarding and testing; `date` None when there is none that can be read;
    `text` and `html` None when the mail has no such part; `links` those of both parts in order; `remote` the
    addresses that a mail program would load to show it; `faults` what was broken in the message. `is_forwarded` when a
    person passed it on: then its sender is that person; `is_received` when a mail server has had it.
    """

    subject: Said
    sender: str
    date: datetime | None
    text: Said | None
    html: Said | None
    links: tuple[MailLink, ...]
    remote: tuple[str, ...]
    faults: tuple[str, ...]
    is_forwarded: bool = False
    is_received: bool = False

    @property
    def parts(self) -> tuple[tuple[str, Said], ...]:
        """The parts there are, by name: `text`, `html`."""
        return tuple((name, part) for name, part in (("text", self.text), ("html", self.html)) if part is not None)


@lru_cache(maxsize=1)  # whoever verified a mail may ask what else it says
def read_email(data: bytes) -> MailFacts:
    """Read a received message (`.eml`); raises `Misused` for what is no mail, or too large to be this one.

    Quoted-printable, base64, every usual character set, mails of HTML alone, forwarded ones and ones whose links a
    mail service rewrote are read; what is broken is read as far as it goes and named in `faults`.
    """
    mail = decode(data)
    page = read_html(mail.html) if mail.html is not None else None
    links = links_in_text(mail.text or "")
    if page is not None:
        links += tuple(link_of("html", anchor.address, anchor.text) for anchor in page.anchors)
    return MailFacts(
        subject=_titled(_PREFIXES.sub("", mail.subject, count=1)),
        sender=mail.sender,
        date=_date(mail.date),
        text=said(mail.text) if mail.text is not None else None,
        html=said(page.text) if page is not None else None,
        links=links,
        remote=page.remote if page is not None else (),
        faults=mail.faults,
        is_forwarded=_FORWARDED.match(mail.subject) is not None,
        is_received=mail.is_received,
    )


def _titled(subject: str) -> Said:
    """Read what a subject says: as in the title of a post, the word critical means the release, wherever it stands."""
    return replace(said(subject), is_critical="critical" in subject.casefold())


def said(text: str) -> Said:
    """Read what a text says."""
    return Said(text, versions_named(text), is_called_critical(text))


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None

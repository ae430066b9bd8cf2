"""The mail as one message, RFC 5322: multipart/alternative, the same bytes for the same values, no header but ours."""

from __future__ import annotations

import re
from binascii import b2a_qp
from datetime import datetime, timedelta
from email import utils as email_utils
from hashlib import sha256

from msgspec import Struct

from secrel.papers.email.headers import ATOM, folded, header_words, mailbox_header, text_header
from secrel.papers.text import one_line
from secrel.words.errors import Misused
from secrel.words.patterns import pattern

_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = pattern(rf"(?!.*=\?){ATOM}(?:\.{ATOM})*@{_DOMAIN}", re.ASCII | re.IGNORECASE)
"""An address as most write it; one in which a reader may find an encoded word would be shown as another one."""
_LONGEST = 254
_LONGEST_LINE = 990


class Sender(Struct, frozen=True):
    """Whom the mail is from: the name that readers see (`GitLab Security`), and the address."""

    name: str
    address: str


class Envelope(Struct, frozen=True):
    """What a mail needs besides its contents.

    `to` is the address of the segment of subscribers, or of the person who gets the test mail; `date` an instant with
    a zone, whose offset is whole minutes; `domain` the right half of the message id, a name that the sender owns.
    """

    sender: Sender
    to: str
    date: datetime
    domain: str

    def __post_init__(self) -> None:
        """Refuse what is no address, no domain and no instant: none of it can carry a second header."""
        for address in (self.sender.address, self.to):
            if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
                raise Misused(
                    f"{one_line(address)[:60]!r} is not a mail address",
                    remedy="write it as name@example.org, without a display name",
                )
        if len(self.domain) >= _LONGEST or not re.fullmatch(_DOMAIN, self.domain, re.ASCII | re.IGNORECASE):
            raise Misused(
                f"{one_line(self.domain)[:60]!r} is not a domain",
                remedy="write it as the sender's, such as example.org",
            )
        offset = self.date.utcoffset()
        if offset is None or offset % timedelta(minutes=1):
            raise Misused(
                "the mail's date has no time zone in whole minutes", remedy="give the date with its offset, or in UTC"
            )


def compose(envelope: Envelope, subject: str, text: str, html: str) -> str:
    """Give the whole message as ASCII text with line feeds; equal arguments give equal text.

    Nothing of it is left to the mail library's folding, which differs between versions of Python (docs/decisions). The
    boundary and the message id are digests of everything that is in the message, so that they are new for new contents
    and the boundary is in none of its parts.
    """
    name, address = header_words(envelope.sender.name), envelope.sender.address
    told = (name, address, envelope.to, envelope.date.isoformat(), envelope.domain, subject, text, html)
    digest = sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()
    boundary = f"=_{digest[32:]}"
    return "\n".join(
        (
            mailbox_header("From", name, address),
            folded("To", envelope.to),
            text_header("Subject", subject),
            folded("Date", email_utils.format_datetime(envelope.date)),
            folded("Message-ID", f"<{digest[:32]}@{envelope.domain}>"),
            "MIME-Version: 1.0",
            folded("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
            "Content-Language: en",
            "",
            f"--{boundary}",
            _part("plain", text),
            f"--{boundary}",
            _part("html", html),
            f"--{boundary}--",
            "",
        )
    )


def _part(kind: str, body: str) -> str:
    """Give one part; it travels as it stands when every mail server lets it pass so, which people can read as well."""
    is_plain = body.isascii() and all(len(line) <= _LONGEST_LINE for line in body.split("\n"))
    encoding = "7bit" if is_plain else "quoted-printable"
    carried = body if is_plain else b2a_qp(body.encode()).decode("ascii")
    return f'Content-Type: text/{kind}; charset="utf-8"\nContent-Transfer-Encoding: {encoding}\n\n{carried}'

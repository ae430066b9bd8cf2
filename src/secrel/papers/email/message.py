"""The mail as one message, RFC 5322: multipart/alternative, the same bytes for the same values, no header but ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from secrel.papers.text import one_line
from secrel.words.errors import Misused

_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_DOMAIN}", re.ASCII | re.IGNORECASE)
_LONGEST = 254
_LONGEST_LINE = 990


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom the mail is from: the name that readers see (`GitLab Security`), and the address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail needs besides its contents.

    `to` is the address of the segment of subscribers, or of the person who gets the test mail; `date` an instant with
    a zone; `domain` the right half of the message id, a name that the sender owns.
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
        if self.date.tzinfo is None:
            raise Misused("the mail's date has no time zone", remedy="give the date with its offset")


def header_words(text: str) -> str:
    """Bring text to what a header can hold: one line, in which no reader finds an encoded word (RFC 2047)."""
    return one_line(text).replace("=?", "= ?")


def compose(envelope: Envelope, subject: str, text: str, html: str) -> str:
    """Give the whole message as ASCII text with line feeds; equal arguments give equal text.

    Boundary and message id are digests of everything that is in the message, so that they are new for new contents
    and the boundary is in none of its parts.
    """
    name, address = header_words(envelope.sender.name), envelope.sender.address
    told = (name, address, envelope.to, envelope.date.isoformat(), envelope.domain, subject, text, html)
    digest = sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()
    message = EmailMessage(policy=policy.default)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=envelope.to)
    message["Subject"] = subject
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = f"<{digest[:32]}@{envelope.domain}>"
    message.set_content(text, charset="utf-8", cte=_encoding(text))
    message.add_alternative(html, subtype="html", charset="utf-8", cte=_encoding(html))
    message["Content-Language"] = "en"
    for part in message.iter_parts():
        del part["MIME-Version"]
    message.set_boundary(f"=_{digest[32:]}")
    return message.as_string()


def _encoding(body: str) -> str:
    """Choose how a body travels: as it stands when every mail server lets it pass so, which people can read as well."""
    plain = body.isascii() and all(len(line) <= _LONGEST_LINE for line in body.split("\n"))
    return "7bit" if plain else "quoted-printable"

"""The test email of a rehearsal: made from the communications issue by somebody else's mail service."""

from __future__ import annotations

import re
from datetime import datetime
from html import escape

from secrel.papers.email.message import Envelope, Sender, compose
from secrel.words.patterns import pattern

_BLOCK = pattern(r"^(?P<fence>`{3,})\w*\n(?P<text>.*?)\n(?P=fence)$", re.MULTILINE | re.DOTALL)


_URL = pattern(r"<?(https://[^\s<>\"']+[^\s<>\"'.,;)])>?")


def _linked(text: str) -> str:
    """Make HTML of a paragraph, as a mail service does: escaped, addresses as links."""
    parts = _URL.split(text)
    return "".join(
        f'<a href="{escape(part)}">{escape(part)}</a>' if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def mail_of(body: str, sender: Sender, to: str, at: datetime, garbled: tuple[str, str] | None = None) -> bytes:
    """Make the mail that communications would send for an issue with this text.

    The first block of code is taken for the subject, the second for the text, as a person copies them. `garbled` is
    what went wrong on the way: the first text is replaced by the second, everywhere.
    """
    blocks = [match["text"] for match in _BLOCK.finditer(body)]
    subject, text = [*blocks, "", ""][:2]
    if garbled is not None:
        subject, text = (part.replace(*garbled) for part in (subject, text))
    paragraphs = (_linked(part) for part in text.split("\n\n"))
    html = f'<!DOCTYPE html><html lang="en"><body>{"".join(f"<p>{part}</p>" for part in paragraphs)}</body></html>'
    envelope = Envelope(sender, to, at, "vendor.example")
    return compose(envelope, subject, text, html).encode()

"""A mail as its reader's program takes it apart: headers, bodies, attachments, and mails inside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from email import policy
from email.message import Message
from email.parser import BytesParser

from secrel.plan.guard.packing import from_base64, unpacked
from secrel.plan.guard.unread import Unread
from secrel.words.patterns import pattern

MOST_PARTS = 100
"""Parts of a mail that is read at all, however they are nested."""

_HEADERS = pattern(r"\s*(?:[!-9;-~]{1,76}[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+\s")
_OF_MAILS = pattern(r"^(?:from|to|subject|mime-version|content-[a-z-]{1,40})[ \t]*:", re.IGNORECASE | re.MULTILINE)
_FOLDED = pattern(r"\r?\n[ \t]")
_BASE64 = pattern(r"\s*base64\b", re.IGNORECASE)
_FLOWING = pattern(r" \r?\n")
_NUMBERED = pattern(r"\*[0-9]{1000}")
_PART = pattern(r"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)


def is_mail(text: str) -> bool:
    """Say whether a text begins with the headers of a mail."""
    head = _HEADERS.match(text[:20_000])
    return head is not None and _OF_MAILS.search(head[0]) is not None


def mailed(text: str) -> Iterator[str]:
    """Give every text of a mail, as its reader gets it.

    Raises `Unread` for one of more than `MOST_PARTS`, and for a part that is no text.
    """
    if len(_PART.findall(text)) > MOST_PARTS:
        raise Unread(f"it is a mail of more than {MOST_PARTS} parts")
    if _NUMBERED.search(text):
        raise Unread("it is a mail with a parameter whose number has a thousand figures")
    message = BytesParser(policy=policy.compat32).parsebytes(text.lstrip().encode("utf-8", "replace"))
    for part in message.walk():
        yield "\n".join(str(value) for value in part.values())
        yield from (_parameter(value) for _, value in part.get_params([], unquote=True))
        yield part.get_filename() or ""
        if not part.is_multipart():
            yield _laid_out(part, _body(part))


def _parameter(value: str | tuple[str | None, str | None, str]) -> str:
    """Give what a parameter says, one that names its own character set among them (RFC 2231)."""
    if isinstance(value, str):
        return value
    charset, _, said = value
    with suppress(LookupError, ValueError):
        return said.encode("latin-1").decode(charset or "utf-8", "replace")
    return said


def _laid_out(part: Message, body: str) -> str:
    """Join the lines that a reader's program joins: folded ones of calendars and cards, flowing ones of texts."""
    if part.get_content_subtype() in ("calendar", "vcard", "directory"):
        return _FOLDED.sub("", body)
    return _FLOWING.sub("", body) if str(part.get_param("delsp", "")).lower() == "yes" else body


def _body(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if _BASE64.match(str(part.get("content-transfer-encoding", ""))):
        content = from_base64(str(part.get_payload()))
    charset = part.get_content_charset()
    with suppress(LookupError):
        return content.decode(charset, "replace") if charset else _unpacked(content)
    return _unpacked(content)


def _unpacked(content: bytes) -> str:
    found = unpacked(content)
    if found is None:
        raise Unread("a part of the mail is no text")
    return found

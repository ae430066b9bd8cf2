"""A received message, taken apart within limits: its headers and the bodies a reader sees (RFC 5322, RFC 2045)."""

from __future__ import annotations

import re
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.patterns import pattern

LARGEST = 5 * 1024 * 1024
"""Bytes of a message that is read at all."""
MOST_PARTS = 100
"""Parts of a message that is read at all, however they are nested."""
LARGEST_BODY = 1024 * 1024
"""Bytes of a text or HTML part that is read at all, once decoded."""
_LONGEST_HEADER = 16 * 1024
_BEGINNING = 4000
_PART = pattern(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_HEADER_END = pattern(rb"\r?\n\r?\n|\r\r")
_HEADER = pattern(rb"^[!-9;-~]{1,200}[ \t]*:", re.MULTILINE)
_NUMBERED = pattern(rb"\*[0-9]{1000}")
"""A continued parameter (RFC 2231) whose number the library of mails does not read."""
_BLANKS = pattern(r"\s+")
_REMEDY = "give the announcement's mail by itself"
_ENCODINGS = {"", "7bit", "8bit", "binary", "quoted-printable", "base64"}
_CHARSETS = pattern(
    r"utf-?8|utf-?16(?:le|be)?|us-?ascii|ascii|iso-?8859-\d{1,2}|latin-?1|(?:windows-|cp)(?:125\d|932|949|950)"
    r"|iso-2022-(?:jp|kr)|euc-(?:jp|kr)|shift_jis|gb2312|gbk|gb18030|big5|koi8-[ru]|tis-620",
    re.IGNORECASE,
)


class Decoded(Struct, frozen=True):
    """A message as text: the headers that matter, unfolded and decoded, its bodies, and what was broken in it.

    `text` and `html` are None when the message has no such part; `is_received`: a mail server has had it, and said so.
    """

    subject: str
    sender: str
    date: str
    text: str | None
    html: str | None
    faults: tuple[str, ...]
    is_received: bool = False


def decode(data: bytes) -> Decoded:
    """Take a message apart; a forwarded message that is attached is read in the place of its envelope.

    Broken encodings are read as far as they go and named in `faults`. Raises `Misused` for what is no message, and
    for one that is larger than `LARGEST`, has more than `MOST_PARTS` parts, or a body larger than `LARGEST_BODY`, and
    for a parameter that nobody's program reads.
    """
    if len(data) > LARGEST:
        raise Misused(
            f"the mail is larger than {LARGEST // 1024**2} MiB", remedy="save the message without attachments"
        )
    if sum(1 for _ in _PART.finditer(data)) > MOST_PARTS:
        raise Misused(f"the mail has more than {MOST_PARTS} parts", remedy=_REMEDY)
    if _NUMBERED.search(data):
        raise Misused("the mail has a parameter with a number of a thousand figures", remedy=_REMEDY)
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not _HEADER.search(_HEADER_END.split(data[:_BEGINNING], maxsplit=1)[0]):
        raise Misused("this is no mail: it does not begin with headers", remedy="save the message itself, as an .eml")
    envelope = BytesParser(policy=policy.compat32).parsebytes(data)
    message = _innermost(envelope)
    faults: list[str] = []
    bodies: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    for part in message.walk():
        kind = part.get_content_type()
        if kind in bodies and part.get_content_disposition() != "attachment":
            bodies[kind].append(_body(part, faults))
        faults += [f"{kind}: {type(defect).__name__}" for defect in part.defects]
    texts, htmls = bodies["text/plain"], bodies["text/html"]
    return Decoded(
        _header(message, "Subject", faults),
        _header(message, "From", faults),
        _header(message, "Date", faults),
        "\n".join(texts) if texts else None,
        "\n".join(htmls) if htmls else None,
        tuple(dict.fromkeys(faults)),
        is_received="Received" in envelope or "Received" in message,
    )


def _innermost(message: Message) -> Message:
    attached = (p for p in message.walk() if p is not message and p.get_content_type() == "message/rfc822")
    return next((inner for part in attached for inner in part.walk() if inner is not part), message)


def _header(message: Message, name: str, faults: list[str]) -> str:
    values = message.get_all(name, [])
    if len(values) != 1:
        faults.append(f"{name}: found {len(values)} times")
    raw = str(values[0]) if values else ""
    if len(raw) > _LONGEST_HEADER:
        faults.append(f"{name}: too long to be read to its end")
        raw = raw[:_LONGEST_HEADER]
    try:
        pieces = decode_header(_BLANKS.sub(" ", raw))
    except HeaderParseError:
        faults.append(f"{name}: cannot be decoded")
        pieces = [(raw, None)]
    said = (p if isinstance(p, str) else _decoded(p, charset or "utf-8", name, faults) for p, charset in pieces)
    return _BLANKS.sub(" ", "".join(said)).strip()


def _body(part: Message, faults: list[str]) -> str:
    kind = part.get_content_type()
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding not in _ENCODINGS:
        faults.append(f"{kind}: an unknown transfer encoding")
        return ""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if len(content) > LARGEST_BODY:
        raise Misused(f"the mail's {kind} part is too large to be an announcement", remedy=_REMEDY)
    return _decoded(content, part.get_content_charset("utf-8"), kind, faults)


def _decoded(content: bytes, charset: str, where: str, faults: list[str]) -> str:
    if not _CHARSETS.fullmatch(charset):
        faults.append(f"{where}: an unknown character set")
        charset = "utf-8"
    try:
        return content.decode(charset)
    except (UnicodeDecodeError, LookupError):
        faults.append(f"{where}: not in the character set it names")
        return content.decode("utf-8", "replace")

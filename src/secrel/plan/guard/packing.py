"""Text packed into letters and figures: base64 and its kin, figures byte by byte, and what was compressed before."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from secrel.plan.guard.unread import Unread
from secrel.words.patterns import pattern

LARGEST = 1024 * 1024
"""Bytes of a packed text that is read at all, once unpacked."""

_BASE64 = pattern(r"(?<![A-Za-z0-9+/_-])(?=[a-z/_-]*+[A-Z0-9+])[A-Za-z0-9+/_-]{8,}={0,2}")
_SLASH = pattern("/")
_MOST_STEPS = 8
_LONGEST_PATH = 4000
_PARTS = pattern(r"[^A-Za-z0-9]+")
_LINE = pattern(r"[ \t>]*([A-Za-z0-9+/_=-]+)[ \t\r]*")
_SPREAD = pattern(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{2,}+(?:[ \t]{1,9}+[A-Za-z0-9+/_-]{2,}+)++={0,2}")
"""Possessive throughout: a run is never looked at twice."""
_WRITTEN = pattern(r"[^\W_]|[^\x00-\x7f]")
_HEX = pattern(r"\b(?:0x)?[0-9a-fA-F]{2}(?:[ \t\r\n:,;-]{0,3}(?:0x)?[0-9a-fA-F]{2}){3,}\b")
_DECIMAL = pattern(r"\b[0-9]{1,3}(?:[ \t\r\n,;]{1,3}[0-9]{1,3}){3,}\b")
_BINARY = pattern(r"\b[01]{8}(?:[ \t\r\n,;]{0,3}[01]{8}){3,}\b")
_FIGURES = pattern(r"[01]{8}|[0-9]+")
_BYTES = 256
_BASE32 = pattern(r"\b(?:[A-Z2-7]{8})++(?:[A-Z2-7]{7}|[A-Z2-7]{5}|[A-Z2-7]{4}|[A-Z2-7]{2})?\b")
_UUENCODED = pattern(r"^begin [0-7]{3,4} [^\n]{1,200}\n((?:[ -`]{1,62}\n)+)end\b", re.MULTILINE)
_DIGITS = pattern(r"0x|[^0-9a-fA-F]")
_MAGIC = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_SOME = 4
_ANY = zlib.MAX_WBITS | 32


def unpacked(data: bytes) -> str | None:
    """Give bytes as the text that they are, uncompressed where they are compressed, or None when they are no text.

    Raises `Unread` for what is larger than `LARGEST` uncompressed.
    """
    if data.startswith(_MAGIC):
        unpacker = zlib.decompressobj(_ANY)
        try:
            data = unpacker.decompress(data, LARGEST)
        except zlib.error:
            return None
        if unpacker.unconsumed_tail:
            raise Unread(f"it holds something compressed of more than {LARGEST} bytes")
    texts = []
    for charset in _charsets(data):
        with suppress(UnicodeDecodeError):
            texts.append(data.decode(charset))
    return "\n".join(texts) if texts else None


def _charsets(data: bytes) -> Iterator[str]:
    """Name what bytes may be written in; in two bytes a sign, Latin letters betray themselves by every second one."""
    yield "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    if data.count(0) * _SOME > len(data):
        yield from ("utf-16-le", "utf-16-be")


def _runs(text: str) -> Iterator[str]:
    """Give whatever could be base64: single runs, their parts, whole lines one below the other, runs in one line."""
    lines: list[str] = []
    for line in text.split("\n"):
        match = _LINE.fullmatch(line)
        if match is not None:
            lines.append(match[1])
            continue
        yield "".join(lines)
        lines.clear()
    yield "".join(lines)
    for match in _BASE64.finditer(text):
        yield match[0]
        yield from _PARTS.split(match[0])
        # a path before it is made of the same signs
        if len(match[0]) < _LONGEST_PATH:
            yield from (match[0][slash.end() :] for slash in islice(_SLASH.finditer(match[0]), _MOST_STEPS))
    for match in _SPREAD.finditer(text):
        words = match[0].split()
        # cut into pieces of one length; the words before it are no part of it
        first = len(words) - 2
        while first and len(words[first - 1]) == len(words[-2]):
            first -= 1
        yield "".join(words[first:])


def _from_base64(run: str) -> bytes:
    plain = run.replace("-", "+").replace("_", "/").replace("=", "")
    return binascii.a2b_base64(plain[: len(plain) - (len(plain) % 4 == 1)] + "==")


def packed_in(text: str) -> Iterator[str]:
    """Give every text that is packed in a text, once.

    Raises `Unread` for what is larger than `LARGEST` when it is unpacked.
    """
    seen = dict.fromkeys(run for run in _runs(text) if len(run) >= 6)  # noqa: PLR2004 - four letters in base64
    for run in seen:
        found = unpacked(_from_base64(run))
        if found and _WRITTEN.search(found):
            yield found
    for data in _bytes_written(text):
        found = unpacked(data)
        if found and _WRITTEN.search(found):
            yield found


def _bytes_written(text: str) -> Iterator[bytes]:
    """Give what is written byte by byte in figures, in base32, and in the lines of uuencode."""
    for match in _HEX.finditer(text):
        figures = _DIGITS.sub("", match[0])
        yield bytes.fromhex(figures[: len(figures) // 2 * 2])
    for expression, radix in ((_DECIMAL, 10), (_BINARY, 2)):
        for match in expression.finditer(text):
            yield bytes(number for figures in _FIGURES.findall(match[0]) if (number := int(figures, radix)) < _BYTES)
    for match in _BASE32.finditer(text):
        yield base64.b32decode(match[0] + "=" * (-len(match[0]) % 8))
    for match in _UUENCODED.finditer(text):
        with suppress(binascii.Error):
            yield b"".join(binascii.a2b_uu(line) for line in match[1].split("\n"))

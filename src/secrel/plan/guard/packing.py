"""Text packed into letters and figures: base64 and its kin, figures byte by byte, and what was compressed before."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import chain, islice

import regex

from secrel.plan.guard.unread import Unread
from secrel.words.patterns import pattern

LARGEST = 1024 * 1024
"""Bytes of a packed text that is read at all, once unpacked."""

_BASE64 = pattern(r"(?<![A-Za-z0-9+/_-])(?=[a-z/_-]*+[A-Z0-9+])[A-Za-z0-9+/_-]{8,}={0,2}")
_UNENCODED = pattern("[^A-Za-z0-9+/=]")
_SLASH = pattern("/")
_MOST_STEPS = 8
_LONGEST_PATH = 4000
_PARTS = pattern(r"[^A-Za-z0-9]+")
_LINE = pattern(r"[ \t>]*(?:[-+*][ \t]+|\d{1,3}[.)][ \t]+)?(?=[+/_=-]*[A-Za-z0-9])([A-Za-z0-9+/_=-]+)[ \t\r,;\\]*")
_SPREAD = pattern(
    r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]++(?>(?:[^A-Za-z0-9+/_=-]{1,9}+[A-Za-z0-9+/_-]++)+)(?:[^A-Za-z0-9+/_=-]{0,9}=){0,2}"
)
"""Possessive throughout: a run is never looked at twice."""
_SPREAD_BY = pattern(r"[^A-Za-z0-9+/_=-]+")
_WRITTEN = pattern(r"[^\W_]|[^\x00-\x7f]")
_HEX = pattern(r"\b(?:0x)?[0-9a-fA-F]{2}h?(?:[\W_]{0,6}(?:0x)?[0-9a-fA-F]{2}h?){3,}\b")
_DECIMAL = pattern(r"\b[0-9]{1,6}(?:[\W_]{1,6}[0-9]{1,6}){3,}\b")
_OCTAL = pattern(r"\b(?:0o)?[0-3]?[0-7]{2}(?:[\W_]{1,6}(?:0o)?[0-3]?[0-7]{2}){3,}\b")
_BINARY = pattern(r"\b(?:0b)?[01]{7,8}(?:[\W_]{0,6}(?:0b)?[01]{7,8}){3,}\b")
_FIGURES = pattern(r"0[bo]|([01]{8}|[0-9]+)")
_BYTES, _FIRST_SHOWN, _LAST_POINT = 256, 32, 0x10FFFF
_BLANKS = frozenset({9, 10, 13})
_BASE32 = pattern(r"\b(?>(?:[A-Z2-7]{8})+)(?:[A-Z2-7]{7}|[A-Z2-7]{5}|[A-Z2-7]{4}|[A-Z2-7]{2})?\b")
_BASE32_HEX = pattern(r"\b(?>(?:[0-9A-V]{8})+)(?:[0-9A-V]{7}|[0-9A-V]{5}|[0-9A-V]{4}|[0-9A-V]{2})?\b")
_ASCII85 = pattern(r"<~([!-u\sz]++)~>")
_BASE85 = pattern(r"(?<!\S)[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{8,}+(?!\S)")
_BARE85 = pattern(r"(?<!\S)(?=[0-9A-Za-z]*+[!-/:-@\[-`][0-9A-Za-z]*+[!-/:-@\[-`])[!-u]{10,400}+(?!\S)")
_BASE58 = pattern(r"[1-9A-HJ-NP-Za-km-z]{8,200}")
_FIGURES58 = {sign: at for at, sign in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_UUENCODED = pattern(r"^([ \t>]{0,12})begin [0-7]{3,4} [^\n]{1,200}\n((?:\1[ -`]{1,62}\n)+)\1end\b", re.MULTILINE)
_DIGITS = pattern(r"0x|[^0-9a-fA-F]")
_MAGIC = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_ARCHIVES = (
    b"PK\x03\x04",
    b"\x28\xb5\x2f\xfd",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"%PDF-",
    *(b"BZh%d1AY&SY" % level for level in range(1, 10)),
)
"""How archives begin that nobody here looks into: zip, zstd, xz, 7z, rar, PDF, bzip2."""
_LIKELY = pattern("[\\s!-~\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3]+")
_MOST_PAGES = 2
_SHORTEST = 4
_LONGEST_KEPT = 100
_SECOND_PLANE = 0x10000
_UNSHOWN = regex.compile(r"[\s\p{Default_Ignorable_Code_Point}]")
_CONTROL = pattern(r"[\x00-\x08\x0e-\x1f]")
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


def _two_bytes(data: bytes, found: str | None) -> Iterator[str]:
    """Give bytes as the texts that they could be at two bytes a letter, when they are no text of one: `found`."""
    if len(data) < _SHORTEST or len(data) % 2 or (found is not None and _CONTROL.search(found) is None):
        return
    for charset in ("utf-16-le", "utf-16-be"):  # letters of other scripts betray themselves by nothing
        with suppress(UnicodeDecodeError):
            text = data.decode(charset)
            if _is_likely(text):
                yield text


def _texts(data: bytes) -> tuple[str | None, tuple[str, ...]]:
    found = unpacked(data)
    return found, tuple(_two_bytes(data, found))


def _of_bytes(data: bytes) -> tuple[str | None, tuple[str, ...]]:
    """Give the text that bytes are, where something is written in it, and those they could be at two bytes a letter.

    Raises `Unread` for an archive.
    """
    if data.startswith(_ARCHIVES):
        raise Unread("an archive is packed into it")
    found, guessed = _texts(data)
    return found if found and _WRITTEN.search(found) else None, guessed


def _of_run(run: str) -> tuple[str | None, tuple[str, ...]]:
    return _of_bytes(from_base64(run))


def _of_letters(run: str, read: Callable[[str], bytes]) -> str | None:
    """Give what a run of base85 or base58 holds, where something is written in it."""
    try:
        found = unpacked(read(run))
    except ValueError:
        return None
    return found if found and _WRITTEN.search(found) and not _CONTROL.search(found) else None


def _from_base58(run: str) -> bytes:
    number = 0
    for sign in run:
        number = number * 58 + _FIGURES58[sign]
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


_kept_run, _kept_letters = lru_cache(maxsize=16_384)(_of_run), lru_cache(maxsize=16_384)(_of_letters)
"""The same, kept: most words of a text are in every reading of it."""


def _is_likely(text: str) -> bool:
    """Say whether somebody may have written a text: its signs are of a script or two, and not from all over Unicode."""
    shown = _UNSHOWN.sub("", text)
    if len(set(shown)) == 1:
        return False
    is_of_few = len({_page(sign) for sign in shown}) <= _MOST_PAGES
    return is_of_few or _LIKELY.fullmatch(shown) is not None


def _page(sign: str) -> int:
    """Give the stretch of Unicode that a character is in: of 256 signs, and of 4096 beyond its first plane."""
    return ord(sign) >> (8 if ord(sign) < _SECOND_PLANE else 12)


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
        parts = _PARTS.split(match[0])
        yield from parts
        if len(parts) > _SHORTEST:
            yield "".join(parts)
        # a path before it is made of the same signs
        if len(match[0]) < _LONGEST_PATH:
            yield from (match[0][slash.end() :] for slash in islice(_SLASH.finditer(match[0]), _MOST_STEPS))
    for match in _SPREAD.finditer(text):
        yield from _pieces(_SPREAD_BY.split(match[0]))


def _pieces(words: list[str]) -> Iterator[str]:
    """Give what could have been cut into pieces of one length: words of one length, without and with the one behind.

    Of many of them, the first one and the last one could be words of another sentence.
    """
    first = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or len(words[place]) != len(words[first]):
            yield "".join(words[first:place])
            yield "".join(words[first : place + 1])
            if place - first >= _SHORTEST:
                yield "".join(words[first : place - 1])
                yield "".join(words[first + 1 : place])
            first = place


def from_base64(run: str) -> bytes:
    """Give the bytes of a run of base64 of whatever alphabet; each part that has an end of its own by itself."""
    parts = _UNENCODED.sub("", run.replace("-", "+").replace("_", "/")).split("=")
    return b"".join(binascii.a2b_base64(part[: len(part) - (len(part) % 4 == 1)] + "==") for part in parts if part)


def packed_in(text: str) -> Iterator[str]:
    """Give every text that is packed in a text, once.

    Raises `Unread` for what is larger than `LARGEST` when it is unpacked, and for an archive.
    """
    seen = dict.fromkeys(run for run in _runs(text) if len(run) >= 6)  # noqa: PLR2004 - four letters in base64
    likely: list[str] = []
    runs = (_kept_run(run) if len(run) < _LONGEST_KEPT else _of_run(run) for run in seen)
    for found, guessed in chain(runs, map(_of_bytes, _bytes_in_figures(text))):
        likely += guessed
        if found is not None:
            yield found
    in_base58 = (_read_by(run, _from_base58) for run in seen if _BASE58.fullmatch(run))
    for found in chain(_in_base85(text), in_base58, map(unpacked, _bytes_in_letters(text))):
        if found is not None and _WRITTEN.search(found):
            yield found
    if likely:
        yield "\n\n".join(dict.fromkeys(likely))


def _bytes_in_figures(text: str) -> Iterator[bytes]:
    """Give what is written byte by byte in figures."""
    for match in _HEX.finditer(text):
        figures = _DIGITS.sub("", match[0])
        yield bytes.fromhex(figures[: len(figures) // 2 * 2])
    for expression, radix in ((_DECIMAL, 10), (_OCTAL, 8), (_BINARY, 2)):
        for match in expression.finditer(text):
            numbers = (int(figures, radix) for figures in _FIGURES.findall(match[0]) if figures)
            shown = [number for number in numbers if _FIRST_SHOWN <= number <= _LAST_POINT or number in _BLANKS]
            if len(shown) >= _SHORTEST:
                is_bytes = max(shown) < _BYTES
                yield bytes(shown) if is_bytes else "".join(map(chr, shown)).encode("utf-8", "replace")


def _in_base85(text: str) -> Iterator[str | None]:
    for expression, read in ((_BASE85, base64.b85decode), (_BARE85, base64.a85decode)):
        for match in expression.finditer(text):
            yield _read_by(match[0], read)


def _read_by(run: str, read: Callable[[str], bytes]) -> str | None:
    return (_kept_letters if len(run) < _LONGEST_KEPT else _of_letters)(run, read)


def _bytes_in_letters(text: str) -> Iterator[bytes]:
    """Give what is written in base32 and Ascii85, and in the lines of uuencode."""
    for match in _BASE32.finditer(text):
        yield base64.b32decode(match[0] + "=" * (-len(match[0]) % 8))
    for match in _BASE32_HEX.finditer(text):
        yield base64.b32hexdecode(match[0] + "=" * (-len(match[0]) % 8))
    for match in _ASCII85.finditer(text):
        with suppress(ValueError):
            yield base64.a85decode(match[1])
    for match in _UUENCODED.finditer(text):
        with suppress(binascii.Error):
            lines = match[2].split("\n")
            yield b"".join(binascii.a2b_uu(line.removeprefix(match[1])) for line in lines)

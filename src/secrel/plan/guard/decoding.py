"""Text that stands for other text in its place: entities, percent signs, escapes, encoded words, addresses."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from html import unescape
from urllib.parse import unquote

from secrel.plan.guard.packing import from_base64
from secrel.plan.guard.unread import Unread
from secrel.words.patterns import pattern

MOST_ROUNDS = 6
"""How often a text may be encoded in itself."""

_ESCAPED_BYTES = pattern(
    r"(?:\\x[0-9a-fA-F]{2}|\\o\{[0-7]{1,3}\}|\\[0-3][0-7]{2}(?![0-9a-fA-F]))+|(?:\\[0-3]?[0-7]{1,2}(?![0-9a-fA-F])){3,}"
)
_ESCAPED_BYTE = pattern(r"x([0-9a-fA-F]{2})|([0-7]{1,3})")
_CALLED = pattern(
    r"(?:String\.from)?(?:chr|[Cc]har\w{0,9}|CHAR|CodePoint)\([ \t]{0,9}(?:0x([0-9a-fA-F]{1,6})|(\d{1,7}))[ \t]{0,9}\)"
    r"(?:[ \t]{0,9}[+.&][ \t]{0,9}(?=[A-Za-z.]{3,20}\())?"
)
"""What programs make of a number."""
_ESCAPED = pattern(
    r"\\(?:[ux]|unicode)\{x?([0-9a-fA-F]{1,6})\}|\\U([0-9a-fA-F]{8})|(?:\\u|%u)([0-9a-fA-F]{4})"
    r"|\b[Uu]\+([0-9a-fA-F]{4,6})\b(?: (?=[Uu]\+))?"
    r"|\\([0-9a-fA-F]{2,6})\b ?"
)
_ESCAPED_NAME = pattern(r"\\N\{([A-Z0-9 -]{1,80})\}")
_ESCAPED_BLANK = pattern(r"\\[nrtbfv]")
_QUOTED = pattern(r"=(?:\r?\n|[0-9A-Fa-f]{2})")
_WORD = pattern(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=")
_ENCODED_WORDS = pattern(rf"{_WORD.pattern}(?:\s{{0,20}}{_WORD.pattern})*")
_NUMBERED = pattern(r"#(\d{1,7});|\\(?:char|symbol\{)(\d{1,7})[ }]?")
"""An entity as diagrams of Mermaid write it, and a sign of a formula."""
_OF_FORMULAS = pattern(r"\\[A-Za-z]{2,20}\*?\{([^{}]{0,300})\}|\\[ ,;:!]|\\q?quad\b")
_DRAWN = pattern(r":(?:regional_indicator_([a-z])|(zero|one|two|three|four|five|six|seven|eight|nine)):")
_DEEPEST_FORMULA = 3
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PUNYCODE = pattern(r"\bxn--([a-z0-9-]{1,300})", re.IGNORECASE)
_UTF7 = pattern(r"\+([A-Za-z0-9+/]{3,})-?")
_TURNED = pattern("\u202e([^\u202e\u202c\n]*)\u202c?")
_WRAPPED = pattern(r"[-\u2010](?<=[^\s-].)[^\w\s]{0,9}[ \t]*\r?\n[ \t>]{0,40}(?=[^\s-])")
_UNSHOWN = pattern("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
"""The signs that people put between letters so that nobody sees them; a folded text is without all that there are."""
_TAGS = pattern("[\U000e0020-\U000e007e]")
"""Unshown doubles of ASCII: what looks for a hidden message reads them."""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _bytes_escaped(match: re.Match[str]) -> str:
    parts = _ESCAPED_BYTE.findall(match[0])
    return _text(bytes(int(hexa, 16) if hexa else int(octal, 8) % 256 for hexa, octal in parts))


def _escaped(match: re.Match[str]) -> str:
    return _sign(int(next(filter(None, match.groups())), 16), match)


def _called(match: re.Match[str]) -> str:
    return _sign(int(match[1], 16) if match[1] else int(match[2]), match)


def _sign(code: int, match: re.Match[str]) -> str:
    return chr(code) if code < 0x110000 else match[0]  # noqa: PLR2004 - the last code point


def _named(match: re.Match[str]) -> str:
    with suppress(KeyError):
        return unicodedata.lookup(match[1])
    return match[0]


def _escapes(text: str) -> str:
    is_slashed = "\\" in text
    plain = _ESCAPED_BYTES.sub(_bytes_escaped, _ESCAPED_NAME.sub(_named, text)) if is_slashed else text
    plain = _ESCAPED.sub(_escaped, plain)
    plain = _ESCAPED_BLANK.sub(" ", plain) if is_slashed else plain
    # halves of a pair that were written one by one
    return text if plain == text else plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _quoted(text: str) -> str:
    return _text(quopri.decodestring(text.encode("utf-8", "replace"))) if _QUOTED.search(text) else text


def _words(match: re.Match[str]) -> str:
    """Give neighbouring encoded words as what they say together: a letter may be cut in two between them."""
    said, charset, data = [], "", b""
    for word in _WORD.finditer(match[0]):
        own, inside = word[1].partition("*")[0].lower(), word[3].encode("utf-8", "replace")
        if own != charset:
            said.append(_in_charset(data, charset))
            charset, data = own, b""
        data += from_base64(word[3]) if word[2] in "bB" else quopri.decodestring(inside, header=True)
    return "".join((*said, _in_charset(data, charset)))


def _in_charset(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace") if data else ""
    except (LookupError, ValueError):
        return _text(data)


def _numbered(match: re.Match[str]) -> str:
    return _sign(int(match[1] or match[2]), match)


def _drawn(match: re.Match[str]) -> str:
    return match[1] or str(_NUMBERS.index(match[2]))


def _label(match: re.Match[str]) -> str:
    try:
        return match[1].encode("ascii").decode("punycode")
    except ValueError:
        return match[0]


def _utf7(match: re.Match[str]) -> str:
    try:
        return base64.b64decode(match[1] + "=" * (-len(match[1]) % 4)).decode("utf-16-be")
    except (binascii.Error, ValueError):
        return match[0]


def _turned(text: str) -> str:
    return _TURNED.sub(lambda match: match[1][::-1], text)


_WAYS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("=?", lambda text: _ENCODED_WORDS.sub(_words, text)),
    ("=", _quoted),
    ("&", unescape),
    ("\\", _escapes),
    ("(", lambda text: _CALLED.sub(_called, text)),
    ("+", _escapes),
    ("%", lambda text: unquote(_escapes(text))),
    ("--", lambda text: _PUNYCODE.sub(_label, text)),
    ("+", lambda text: _UTF7.sub(_utf7, text)),
    ("\u202e", _turned),
    ("\n", lambda text: _WRAPPED.sub("", text)),
    ("", lambda text: _TAGS.sub(lambda match: chr(ord(match[0]) - 0xE0000), text)),
    ("", lambda text: _UNSHOWN.sub("", text)),
)


def _drawings(text: str) -> Iterator[str]:
    """Give a text as diagrams, emoji and formulas show it, where it has any: what else it could be is read beside."""
    shown = _DRAWN.sub(_drawn, _NUMBERED.sub(_numbered, text))
    for _ in range(_DEEPEST_FORMULA):
        shown = _OF_FORMULAS.sub(lambda match: match[1] if match[1] is not None else " ", shown)
    if shown != text:
        yield shown


def decoded(text: str) -> Iterator[str]:
    """Give a text as it stands, then each step on the way to what nothing encoded is left in.

    Raises `Unread` when something is still encoded after `MOST_ROUNDS` rounds.
    """
    yield text
    yield from _drawings(text)
    for _ in range(MOST_ROUNDS):
        before = text
        for sign, way in _WAYS:
            after = way(text) if sign in text else text
            if after != text:
                text = after
                yield text
        if text == before:
            yield from _drawings(text)
            return
    raise Unread(f"it is encoded more than {MOST_ROUNDS} times over")

"""What no document may carry: control, invisible and direction-changing characters; and text brought to one line."""

from __future__ import annotations

import json
import unicodedata

from markupsafe import Markup, escape

from secrel.words.patterns import pattern

_LINE_ENDS = pattern(r"\r\n?|[\n\v\f\x1c-\x1f\x85\u2028\u2029]")
_BLANK_LINES = pattern(r"\n\s*\n")
_JOINERS = ("\u200c", "\u200d")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_ENDS = tuple(".!?\u2026\u3002\uff01\uff1f\uff0e\u061f\u06d4\u0964\u0589\u1362")
_CLOSING = ")]\"'\u201d\u2019\u00bb\u300d\u300f\uff09"


def clean(text: str) -> str:
    r"""Drop what a reader cannot see: control, format, private, unassigned characters and lone surrogates.

    Line ends of every kind become `\n` and tabs become blanks. A joiner stays where scripts need it, between two
    characters beyond ASCII; marks that turn the direction of writing, or hide letters inside a word, never stay.
    """
    if text.isascii() and text.isprintable():
        return text
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    if lines.isascii() and lines.replace("\n", "").isprintable():
        return lines
    return "".join(
        sign for place, sign in enumerate(lines) if sign == "\n" or _is_seen(sign) or _joins(lines, place, sign)
    )


def ended(text: str) -> str:
    """Give text as a sentence: with a full stop behind it, unless a sign of whatever script ends it already."""
    return text if not text or text.rstrip(_CLOSING).endswith(_ENDS) else f"{text}."


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in _UNSEEN


def _joins(text: str, place: int, sign: str) -> bool:
    around = (text[place - 1 : place], text[place + 1 : place + 2])
    return sign in _JOINERS and all(near and not near.isascii() and _is_seen(near) for near in around)


def one_line(text: str) -> str:
    """Bring text to one clean line: every run of white space is one blank, none at the ends."""
    # parted before it is cleaned, too: a joiner between a letter and a blank of another script joins nothing
    return " ".join(clean(" ".join(text.split())).split())


def paragraphs(text: str) -> list[str]:
    """Split text at its blank lines into clean paragraphs of one line each; no empty one."""
    found = (one_line(part) for part in _BLANK_LINES.split(clean(text)))
    return [paragraph for paragraph in found if paragraph]


_LAST_OF_FOUR_DIGITS = 0xFFFF


def html_text(text: str) -> Markup:
    """Give text for an HTML element or a quoted attribute: cleaned, and with every special sign as its entity."""
    return escape(clean(text))


def yaml_string(text: str) -> str:
    """Give text as one double-quoted YAML scalar on one line, which YAML 1.1 and 1.2 read back to exactly the text.

    A lone surrogate, which no file can hold, becomes U+FFFD.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    quoted = json.dumps(whole, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else _numbered(sign) for sign in quoted)


def _numbered(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) <= _LAST_OF_FOUR_DIGITS else f"\\U{ord(sign):08x}"

"""Other people's text inside HTML and inside YAML front matter."""

from __future__ import annotations

import json

from markupsafe import Markup, escape

from secrel.papers.text.cleaning import clean

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

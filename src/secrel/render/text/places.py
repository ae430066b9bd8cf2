"""Other people's text inside HTML and inside YAML front matter."""

from __future__ import annotations

import json
import re

from markupsafe import Markup, escape

from secrel.render.text.cleaning import clean

# YAML 1.2.2, 5.1: what may not stand as itself in a stream, and what some readers take for a line end or a mark
_UNPRINTABLE = re.compile(
    r"[\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def html_text(text: str) -> Markup:
    """Give text for an HTML element or a quoted attribute: cleaned, and with every special sign as its entity."""
    return escape(clean(text))


def yaml_string(text: str) -> str:
    """Give text as one double-quoted YAML scalar on one line, which YAML 1.1 and 1.2 read back to exactly the text.

    A lone surrogate, which no file can hold, becomes U+FFFD.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(whole, ensure_ascii=False))

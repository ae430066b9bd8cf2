"""Characters that a reader cannot see, made visible: what is approved must be what was read."""

from __future__ import annotations

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def visible(text: str) -> str:
    r"""Write every control, format, private, unassigned and direction-changing character as `\u202e` or `\x1b`.

    Line feeds and printable text stay as they are, so nothing else changes; a tab becomes `\t`.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(_shown(sign) for sign in text)


def _shown(sign: str) -> str:
    if sign == "\n" or unicodedata.category(sign) not in _HIDDEN:
        return sign
    return sign.encode("unicode_escape", "surrogatepass").decode("ascii")

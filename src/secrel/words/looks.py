"""Letters that look alike: Unicode's table of confusable characters (UTS #39), as a package carries it."""

from __future__ import annotations

from collections.abc import Iterable

from confusable_homoglyphs import confusables

from secrel.words.patterns import pattern

_MARKS = pattern("[\u200e\u200f]")


def _others(sign: str) -> list[str]:
    """Give what the table has beside a sign; it has every pair twice, in both directions."""
    keys = (sign, f"\u200e{sign}\u200e")  # as the table writes signs of scripts from right to left
    return [_MARKS.sub("", other["c"]) for key in keys for other in confusables.confusables_data.get(key, ())]


def _best(signs: Iterable[str]) -> str:
    """Choose who stands for signs that look alike: a Latin letter where there is one, and the same one always."""
    return min(signs, key=lambda sign: (not sign.isascii(), not sign.isalpha(), not sign.islower(), sign))


def _own(sign: str) -> str:
    others = _others(sign)
    single = [other for other in others if len(other) == 1]
    several = [other for other in others if len(other) > 1]
    if several and not sign.isascii():
        return several[0]
    if not single:
        return sign
    # every class is a star: a sign with one double is a ray of it, and its double the middle
    middle = single[0] if len(single) == 1 else sign
    return _best({sign, middle, *(other for other in _others(middle) if len(other) == 1)})


def looking_like(sign: str) -> str:
    """Give what a character is taken for: itself, another one, or several; r and n are taken for an m by whoever asks.

    A small letter of which only the capital has a Latin double (a Cyrillic ka) is taken for the small one of that.
    """
    own = _own(sign)
    if own.isascii() or len(own) > 1 or not sign.islower():
        return own
    capital = _own(sign.upper()).lower()
    return _own(capital) if len(capital) == 1 and capital.isascii() and capital.isalpha() else own

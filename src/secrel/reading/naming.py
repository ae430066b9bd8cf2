"""Names of the rows of people's tables: how they are compared, and which known ones a misspelt one can mean."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from secrel.words.patterns import pattern

ASIDE = pattern(r"(.+?)( \(.*\)| on .*)")
"""A name with an aside behind it."""
_DENIES = pattern(
    r"\b(?:not?|never|none|old|older|former(?:ly)?|previous(?:ly)?|wrong|incorrect|out(?:dated|-of-date)|obsolete|"
    r"deprecated|superseded|unsure|draft|proposed|except|without|ignore|ce|ee|foss|un\w+)\b|\?"
)
"""What makes of an aside another row, in small letters: it says of what the row is not, or of which part only."""
_ALIKE = 0.85
_LEAST = 3
"""The letters that a name has at least: of shorter ones each resembles many."""


def folded(name: str) -> str:
    """Give the name of a row as it is compared."""
    return " ".join(name.casefold().split()).strip(" :*?_")


def without_aside(name: str) -> str:
    """Give a name without the aside behind it; empty for none, and for an aside that denies or limits it."""
    aside = ASIDE.fullmatch(name)
    return folded(aside[1]) if aside and not _DENIES.search(aside[2]) else ""


def resembling(said: str, names: Sequence[str]) -> list[str]:
    """Give the names from which one letter is missing, too much, another or in the place of its neighbour.

    Where there is none, give those that are alike as a whole, two at most. Both are in small letters.
    """
    near = [name for name in names if min(len(said), len(name)) >= _LEAST and is_one_off(said, name)]
    return near or get_close_matches(said, names, 2, _ALIKE)


def is_one_off(one: str, other: str) -> bool:
    """Whether two different names differ by one letter, or by two neighbours that changed places."""
    longer, shorter = sorted((one, other), key=len, reverse=True)
    at = next((n for n, sign in enumerate(shorter) if sign != longer[n]), len(shorter))
    left, right = longer[at:], shorter[at:]
    if len(longer) > len(shorter):
        return left[1:] == right
    swapped = left[1::-1] == right[:2] and left[2:] == right[2:]
    return left[1:] == right[1:] or swapped

"""Letters as a person sees them: by what they mean, and by what they look like (Unicode's own tables, UTS #39)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from string import ascii_uppercase, digits

import regex

from secrel.words.looks import looking_like
from secrel.words.patterns import pattern

_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_UNBROKEN = regex.compile(
    r"[\p{Ideographic}\p{Hangul}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Line_Break=SA}"
    r"\p{Line_Break=AK}\p{Line_Break=AS}]"
)
"""Letters of scripts in which words stand without blanks, or take endings without any."""
_NAMED = pattern(
    r"(?:.* )?(?:LATIN|REGIONAL INDICATOR)(?: (CAPITAL)| SMALL| SYMBOL)? LETTER "
    r"(?:(?:SMALL CAPITAL|TURNED|REVERSED|SIDEWAYS|DOTLESS|INSULAR|SCRIPT|OPEN|LONG) )*([A-Z])(?: WITH .*)?"
)
_LONGEST = 8
"""Letters that one character is taken apart into; one that is a whole sentence (ﷺ) has more, and stands for itself."""
_KEPT = ("L", "N", "M")
_BETWEEN = pattern("[ -]+")
_LENGTHENING = frozenset("\u0640\u07fa\u0883\u0884\u0885\u180a\U00010ef2")
"""Letters that only draw the line between two others longer, as the Arabic tatweel does."""
_FIGURED = str.maketrans("23456789@$!\u20ac", "zeasgtbgasle")
"""Figures and signs that people write for letters; 0 and 1 look like theirs anyway."""
_DRAWN = (
    "l\u00a3s\u00a7t\u2020c\u00a2y\u00a5d\u00f0p\u00fe"
    "a\u20b3b\u0e3fc\u20b5e\u20acf\u20a3g\u20b2k\u20adn\u20a6p\u20b1s\u20b4t\u20aew\u20a9"
)
_LIKE_LETTERS = dict(zip(_DRAWN[1::2], _DRAWN[::2], strict=True))
"""Signs, of money most of them, that are a letter with a stroke to the eye, or an old one."""
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
"""Two letters that are one to the eye."""


class _Table(dict[int, str]):
    """What each character becomes, found when it is first met: `str.translate` asks it."""

    def __init__(self, becomes: Callable[[str], str]) -> None:
        super().__init__()
        self._becomes = becomes

    def __missing__(self, code: int) -> str:
        found = self[code] = self._becomes(chr(code))
        return found


_OUTLINED, _OF_OUTLINED = 0x1CCD6, f"{ascii_uppercase}{digits}"
"""Outlined letters and figures (Unicode 16): the tables of older Pythons do not have them."""
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
"""Hangul syllables (Unicode 3.12)."""


def _one(sign: str) -> str:
    """Keep a letter or a figure; a blank is a wide gap, another sign a narrow one, what is not shown nothing."""
    kind = unicodedata.category(sign)
    if sign.isspace() or kind[0] == "Z":
        return " "
    if unicodedata.combining(sign) or kind in ("Cc", "Cf", "Me"):
        return ""
    return sign if kind[0] in _KEPT else "-"


def _named(sign: str) -> str:
    """Give the Latin letter that a character is by its name, where it does not come apart: ł, ø, ᴋ, 🅚, 🇰."""
    match = _NAMED.fullmatch(unicodedata.name(sign, ""))
    return "" if match is None else match[2] if match[1] else match[2].lower()


def _plain(sign: str) -> str:
    """Take a character apart into plain letters with their capitals, without accents, and gaps."""
    if sign.isascii():
        return _one(sign)
    if _IGNORABLE.match(sign) or sign in _LENGTHENING:
        return ""
    if unicodedata.digit(sign, None) is not None:
        return str(unicodedata.digit(sign))
    if _OUTLINED <= ord(sign) < _OUTLINED + len(_OF_OUTLINED):
        return _OF_OUTLINED[ord(sign) - _OUTLINED]
    if _FIRST_SYLLABLE <= ord(sign) <= _LAST_SYLLABLE:
        return sign
    apart = unicodedata.normalize("NFKD", sign)
    letters = "".join(map(_one, _named(sign) or apart if apart == sign else apart[:_LONGEST]))
    return letters.strip("-") or letters[:1]


def _without_case(sign: str) -> str:
    return "".join(map(_plain, _plain(sign).casefold()))


def _seen(sign: str) -> str:
    """Give what a character looks like, with its capitals."""
    if sign in _LIKE_LETTERS:
        return _LIKE_LETTERS[sign]
    plain = _plain(sign)
    if plain.strip("- ") or not plain:
        return "".join("".join(map(_plain, looking_like(one))) for one in plain)
    like = "".join(map(_plain, looking_like(sign))) if not sign.isascii() else ""
    return like if like.isalnum() else plain


def _seen_without_case(sign: str) -> str:
    small = "".join(map(_without_case, _seen(sign)))
    # a capital i is an l to the eye, and so is every i once capitals do not count
    return "".join(map(looking_like, small)).replace("i", "l")


def _set_apart(becomes: Callable[[str], str]) -> _Table:
    return _Table(lambda sign: _UNBROKEN.sub(r" \g<0> ", becomes(sign)))


_MEANT, _SEEN, _CAPITALS = map(_set_apart, (_without_case, _seen_without_case, _seen))


def _paired(letters: str) -> str:
    for two, one in _PAIRS:
        letters = letters.replace(two, one)
    return letters


def meant(text: str) -> str:
    """Bring a text to its letters and figures by what they mean: without case, accents and what is not shown.

    A blank stands for white space, and around letters of scripts that have no blanks; a hyphen for any other sign.
    """
    return unicodedata.normalize("NFC", text).translate(_MEANT)


def seen(text: str) -> str:
    """Bring a text to what its letters look like: as `meant`, and letters that look the same are one."""
    return _paired(unicodedata.normalize("NFC", text).translate(_SEEN))


def figured(text: str) -> str:
    """Bring a text to what its letters look like, as `seen`, where figures and signs are written for letters."""
    return seen(text.translate(_FIGURED))


def with_capitals(text: str) -> str:
    """Bring a text to what its letters look like, as `seen`, with its capitals."""
    return _paired(unicodedata.normalize("NFC", text).translate(_CAPITALS))


def folded(text: str) -> str:
    """Bring a text to its words by what they mean, separated and surrounded by one blank each."""
    return f" {_BETWEEN.sub(' ', meant(text)).strip()} "

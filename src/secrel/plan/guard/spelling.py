"""Letters told by names and signs of their own: alphabets that people spell, tap and feel with, and letters doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_lowercase

from secrel.words.patterns import pattern

_SPOKEN = (
    "alfa|alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|juliett|kilo|lima|mike|november|oscar|papa|"
    "quebec|romeo|sierra|tango|uniform|victor|whiskey|whisky|x-ray|xray|yankee|zulu"
)
"""The alphabet of radio (ICAO Annex 10, volume II, 5.2.1.3), in every spelling: each word begins with its letter."""
_FIGURES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_WORD = rf"{_SPOKEN}|{'|'.join(_FIGURES)}r?|\d"
_SPOKEN_RUN = pattern(rf"\b(?:{_WORD})(?:[\W_]{{0,9}}(?:{_WORD})){{3,}}\b", re.IGNORECASE)
_ANY_WORD = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SAID = frozenset((*_SPOKEN.split("|"), *_FIGURES))
_FEWEST = 3
"""Different words of it, without which a text says nothing in that alphabet."""
_SPOKEN_WORD = pattern(_WORD, re.IGNORECASE)
_DOTS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
)
_MORSE = dict(zip(_DOTS.split(), "abcdefghijklmnopqrstuvwxyz0123456789", strict=True))
"""International Morse code (ITU-R M.1677-1, 1.1)."""
_POINTS, _DASHES = "\u00b7\u2022\u2219\u22c5", "\u2010\u2011\u2012\u2013\u2014\u2212_"
_DRAWN_DOTS = str.maketrans(_POINTS + _DASHES, "." * len(_POINTS) + "-" * len(_DASHES))
_TAP = f"[.{_POINTS}{_DASHES}-]{{1,6}}"
_TAPPED = pattern(rf"(?<![^\W_]){_TAP}(?:[\s|/]{{1,5}}{_TAP}){{3,}}(?![^\W_])")
_CELLS = (0x01, 0x03, 0x09, 0x19, 0x11, 0x0B, 0x1B, 0x13, 0x0A, 0x1A)
"""The dots of a to j in braille; k to t have dot 3 as well, u v x y z dots 3 and 6."""
_THIRD, _SIXTH, _W = 0x04, 0x20, 0x3A
_CAPITAL, _LETTER, _NUMBER, _BRAILLE = 0x20, 0x30, 0x3C, 0x2800
_LETTERS = {
    **{_BRAILLE + cell: letter for cell, letter in zip(_CELLS, "abcdefghij", strict=True)},
    **{_BRAILLE + (cell | _THIRD): letter for cell, letter in zip(_CELLS, "klmnopqrst", strict=True)},
    **{_BRAILLE + (cell | _THIRD | _SIXTH): letter for cell, letter in zip(_CELLS, "uvxyz", strict=False)},
    _BRAILLE + _W: "w",
    _BRAILLE + _CAPITAL: "",
    _BRAILLE + _LETTER: "",
    _BRAILLE: " ",
}
_FELT = pattern("[\u2801-\u283f]")
_FELT_NUMBER = pattern(f"{chr(_BRAILLE + _NUMBER)}([{''.join(chr(_BRAILLE + cell) for cell in _CELLS)}]+)")
_FELT_FIGURES = {_BRAILLE + cell: figure for cell, figure in zip(_CELLS, "1234567890", strict=True)}
_COUNTED = pattern(r"\b\d{1,2}(?:[\W_]{1,3}\d{1,2}){4,}\b")
_PLACE = pattern(r"\d+")
_DOUBLED = pattern(r"\b(?:(\w)\1){2,}\b")
_TRIPLED = pattern(r"\b(?:(\w)\1\1){2,}\b")


def _said(match: re.Match[str]) -> str:
    words = (word.lower().replace("niner", "nine") for word in _SPOKEN_WORD.findall(match[0]))
    return "".join(str(_FIGURES.index(word)) if word in _FIGURES else word[0] for word in words)


def _tapped(match: re.Match[str]) -> str:
    parts = match[0].translate(_DRAWN_DOTS).replace("|", " ").replace("/", " / ").split()
    return "".join(" " if part == "/" else _MORSE.get(part, "") for part in parts)


def _counted(match: re.Match[str]) -> str:
    """Give letters by their numbers in the alphabet; the numbers around them that are no letters are gaps."""
    numbers = map(int, _PLACE.findall(match[0]))
    return "".join(chr(ord("a") + number - 1) if 0 < number <= len(ascii_lowercase) else " " for number in numbers)


def _felt(text: str) -> str:
    return _FELT_NUMBER.sub(lambda match: match[1].translate(_FELT_FIGURES), text).translate(_LETTERS)


def spelled(text: str) -> Iterator[str]:
    """Give a text as whoever knows these alphabets reads it, where it is written in one."""
    is_spoken = len(_SAID.intersection(word.lower() for word in _ANY_WORD.findall(text))) >= _FEWEST
    runs = ((_SPOKEN_RUN, _said),) if is_spoken else ()
    for run, read in (*runs, (_TAPPED, _tapped), (_COUNTED, _counted)):
        yield from (said for match in run.finditer(text) if not (said := read(match)).isdigit())
    for shown in (
        _felt(text) if _FELT.search(text) else text,
        _DOUBLED.sub(lambda match: match[0][::2], text),
        _TRIPLED.sub(lambda match: match[0][::3], text),
    ):
        if shown != text:
            yield shown

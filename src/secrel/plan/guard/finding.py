"""Facts in texts: letter by letter, as whole words, whatever stands between the letters."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from string import ascii_letters, ascii_lowercase, ascii_uppercase

from msgspec import Struct

from secrel.plan.guard.folding import figured, meant, seen, with_capitals
from secrel.plan.guard.gathering import initials
from secrel.words.patterns import pattern

SHORT = 8
"""Letters and figures from which on a fact is nobody else's: it is found however its words are set apart."""
_LONGEST_NAME = 5
"""Words up to which a fact is found with its last word first, or its first one last, as names are in lists."""
TOGETHER = 6
"""Letters and figures from which on a short fact is found without its gaps, too: An Na is not Anna."""

_WIDE = pattern(" +")
_GAP = pattern("[ -]+")
_FILLED = pattern(r"(\{\w+\})")
_FIGURE = pattern("[0-9]")
_FROM_THE_END = str.maketrans(ascii_letters, ascii_lowercase[::-1] + ascii_uppercase[::-1])


class EmbargoedFact(Struct, frozen=True):
    """A text that must not become public yet; `label` tells people which one, without saying it.

    `is_pattern` when the text is a pattern of versions: `{version}` and `{number}` stand for any there could be.
    """

    label: str
    text: str
    is_pattern: bool = False


class Leaks(Struct, frozen=True):
    """Labels of the facts that are in a text, and of those that a person has to look at.

    Those are short facts that are ordinary words, or figures, as well: only a person can say which of both is meant.
    """

    certain: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


def is_ordinary(text: str) -> bool:
    """Say whether a fact could stand in any text: a short word of Latin letters, one sign, or figures alone."""
    letters = "".join(filter(str.isalnum, text))
    is_word = text.isascii() and text.strip().isalpha()
    return len(letters) < SHORT and (is_word or len(letters) == 1 or not any(map(str.isalpha, letters)))


def _is_wordy(text: str) -> bool:
    """Say whether a fact is written in enough letters, and in no two figures that people write for the same one."""
    return sum(map(str.isalpha, text)) >= TOGETHER and not {"6", "9"}.intersection(text)


def _places(words: Iterable[str]) -> frozenset[int]:
    """Give where words begin and end, counted in letters."""
    return frozenset(accumulate(map(len, words), initial=0))


class _Letters:
    """A folded text as its letters, and where its words begin and end."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self.letters = folded.replace(" ", "").replace("-", "")

    @cached_property
    def apart(self) -> frozenset[int]:
        """Give the ends of words, where every sign parts two of them."""
        return _places(_GAP.split(self._folded))

    @cached_property
    def wide(self) -> frozenset[int]:
        """Give the ends of words that white space parts."""
        return _places(_WIDE.split(self._folded.replace("-", "")))

    def inside(self, first: int, last: int) -> Iterator[frozenset[int]]:
        """Give the gaps within a stretch of letters, counted from its beginning: all of them, then the wide ones."""
        for places in (self.apart, self.wide):
            yield frozenset(place - first for place in range(first + 1, last) if place in places)


class _Wanted(Struct, frozen=True):
    """The letters of a fact; `gaps` are the ways in which it may be set apart, or None for any.

    `numbers` are the places between two figures that have to be parted as the fact parts them: 1-0 is not 10.
    """

    letters: str
    gaps: frozenset[frozenset[int]] | None
    numbers: Mapping[int, bool] = {}

    def is_in(self, text: _Letters) -> bool:
        place = text.letters.find(self.letters)
        while place >= 0:
            end = place + len(self.letters)
            if place in text.apart and end in text.apart and self._fits(text, place, end):
                return True
            place = text.letters.find(self.letters, place + 1)
        return False

    def _fits(self, text: _Letters, place: int, end: int) -> bool:
        if self.gaps is not None:
            return any(gaps in self.gaps for gaps in text.inside(place, end))
        if not self.numbers:
            return True
        gaps = next(text.inside(place, end))
        is_same = all((gap in gaps) == is_parted for gap, is_parted in self.numbers.items())
        return is_same or len(gaps) in (0, len(self.letters) - 1)


class _Texts:
    """Several readings of one text; what is in none of them, as nearly every fact, is seen by one search."""

    def __init__(self, texts: Sequence[_Letters]) -> None:
        self._texts = texts
        self._together = "\0".join(dict.fromkeys(text.letters for text in texts))

    def hold(self, wanted: _Wanted) -> bool:
        return wanted.letters in self._together and any(map(wanted.is_in, self._texts))


@lru_cache(maxsize=4096)
def _wanted(text: str, fold: Callable[[str], str]) -> tuple[_Wanted, ...]:
    """Give a fact as it is looked for; kept, since each text is held against every fact.

    That is in every order, each word turned around, with the letters half an alphabet further on (rot13), which
    programs for mail and news read, and from the alphabet's other end (atbash).
    """
    turned = " ".join(word[::-1] for word in text.split())
    others = (turned, codecs.encode(text, "rot13"), text.translate(_FROM_THE_END))
    ways = {**dict.fromkeys(others, TOGETHER), **dict.fromkeys(_ordered(text), 1)}
    found = []
    for way, least in ways.items():
        letters = _Letters(fold(way))
        if len(letters.letters) >= least:
            gaps = None if len(letters.letters) >= SHORT else _gaps(letters, fold(" ".join(way)))
            found.append(_Wanted(letters.letters, gaps, _numbers(way, fold)))
    return tuple(found)


def _numbers(text: str, fold: Callable[[str], str]) -> dict[int, bool]:
    """Give the places between two figures, counted in letters, and whether they are parted.

    None of a fact with so many of them that no other one has the same, however they are parted: an id.
    """
    figures = list(_FIGURE.finditer(text))
    if len(figures) >= SHORT:
        return {}
    neighbours = ((one.end(), other.start()) for one, other in pairwise(figures))
    return {
        len(_Letters(fold(text[:end])).letters): end < start
        for end, start in neighbours
        if not any(map(str.isalnum, text[end:start]))
    }


@lru_cache(maxsize=4096)
def _printed(text: str) -> frozenset[str]:
    """Give a fact half of what is printed further on (rot47), by its capitals: it is signs, which no fold keeps."""
    ways = (text, text.lower(), text.upper()) if len(_Letters(meant(text)).letters) >= TOGETHER else ()
    turned = ("".join(chr(33 + (ord(sign) + 14) % 94) if "!" <= sign <= "~" else sign for sign in way) for way in ways)
    return frozenset(turned) - set(ways)


def _ordered(text: str) -> Iterator[str]:
    """Give a fact and its orders: its letters and its words backwards, of a name its last word first, or first last.

    A sentence is no name, and neither is what has a number: with that of a version or of a list before it, another one
    of its kind would be taken for it.
    """
    yield from (text, text[::-1])
    words = text.split()
    is_name = 1 < len(words) <= _LONGEST_NAME and not any(word.strip(".,;:").isdigit() for word in words)
    if is_name or len(words) > _LONGEST_NAME:
        yield " ".join(reversed(words))
    if is_name:
        yield " ".join((words[-1], *words[:-1]))
        yield " ".join((*words[1:], words[0]))


def _gaps(letters: _Letters, spaced: str) -> frozenset[frozenset[int]]:
    """Give the ways in which a short fact may be set apart: its own, letter by letter, or none if it is longer."""
    length = len(letters.letters)
    ways = {*letters.inside(0, length), *_Letters(spaced).inside(0, length)}
    return frozenset(ways | {frozenset()} if length >= TOGETHER else ways)


@lru_cache(maxsize=64)
def _versions(text: str) -> re.Pattern[str]:
    """Give a pattern of versions as folded texts have it, with any signs between its parts."""
    parts = (part for part in _FILLED.split(text) if meant(part).strip(" -"))
    return re.compile(rf"(?<!\d){'[ -]{0,4}'.join(map(_part, parts))}(?![0-9a-z])", re.ASCII)


def _part(part: str) -> str:
    filled = {"{version}": r"\d{1,9}(?:[ -]{1,4}\d{1,9}){1,5}", "{number}": r"\d{1,9}"}
    return filled.get(part) or re.escape(meant(part).strip(" -"))


def _capitals(word: str) -> tuple[str, ...]:
    """Give the ways to write a word with its capitals, or more of them."""
    return tuple(dict.fromkeys((word, word[:1].upper() + word[1:], word.upper())))


def _in_initials(facts: Iterable[EmbargoedFact], told: Mapping[int, Sequence[str]]) -> set[EmbargoedFact]:
    """Give the facts that first letters say: longer ones within others, and as a word by themselves whichever."""
    wanted = {fact: letters for fact in facts if len(letters := _Letters(seen(fact.text)).letters) >= TOGETHER}
    found = set()
    for least, words in told.items() if wanted else ():
        row = f" {seen(' '.join(words))} "
        found |= {fact for fact, said in wanted.items() if (said if len(said) >= least else f" {said} ") in row}
    return found


def find(facts: Iterable[EmbargoedFact], readings: Sequence[str], plain: Sequence[str] = ()) -> Leaks:
    """Say which facts are in texts that can be read in several ways; `plain` are those as they stand.

    In these it is looked for in first letters as well, and written half of what is printed further on.
    """
    told = dict.fromkeys(facts)
    patterns, texts_told = [f for f in told if f.is_pattern], [f for f in told if not f.is_pattern]
    rare, ordinary = [f for f in texts_told if not is_ordinary(f.text)], [f for f in texts_told if is_ordinary(f.text)]
    certain: set[EmbargoedFact] = set()
    for fold in (meant, seen):
        texts = _Texts([_Letters(fold(reading)) for reading in readings] if rare else ())
        certain |= {fact for fact in rare if any(map(texts.hold, _wanted(fact.text, fold)))}
    wordy = [fact for fact in rare if _is_wordy(fact.text)]
    texts = _Texts([_Letters(figured(reading)) for reading in readings] if wordy else ())
    certain |= {fact for fact in wordy if any(map(texts.hold, _wanted(fact.text, figured)))}
    certain |= _in_initials(rare, initials(plain))
    certain |= {fact for fact in rare for way in _printed(fact.text) if any(way in text for text in plain)}
    certain |= {fact for fact in patterns if any(_versions(fact.text).search(meant(one)) for one in readings)}
    texts = _Texts([_Letters(with_capitals(reading)) for reading in readings] if ordinary else ())
    perhaps = {
        fact
        for fact in ordinary
        for word in _capitals(fact.text.strip())
        if any(map(texts.hold, _wanted(word, with_capitals)))
    }
    return Leaks(_labels(told, certain), _labels(told, perhaps))


def _labels(told: Iterable[EmbargoedFact], found: set[EmbargoedFact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.label for fact in told if fact in found))

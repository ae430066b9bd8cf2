"""Texts that stand in pieces: strings that a program joins, values of an address, labels, first letters, dumps."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import permutations

import regex

from secrel.words.patterns import pattern

ODD = 10
"""Letters of a fact from which on nobody writes it by chance with the first letters of lines."""
ODDER = 12
"""The same, with the first letters of words: there are more of them."""

_STRINGS = pattern(
    r"([\"'`])[^\"'`\n]{0,200}\1"
    r"(?:[ \t\r\n\\]{0,20}(?:\+|\.{1,2}|,|&|~|<>|\|\|)?[ \t\r\n]{0,20}\1[^\"'`\n]{0,200}\1)+"
)
_STRING = pattern(r"[\"'`]([^\"'`\n]*)[\"'`]")
_QUERY = pattern(r"\?([^\s\"'<>()#]{3,2000})")
_FENCES = pattern(r"`{3,}|~{3,}")
_DRAWN_BY = pattern(r"[ \t]*(?:mermaid|plantuml|puml|dot|graphviz|d2|nomnoml)\b", re.IGNORECASE)
_LABEL = pattern(r"[\[({|\"/>]([^\[\](){}|\"/<>\n]{1,200})[\])}|\"/<]")
_IMAGE = pattern(r"(?:!\[[^\[\]\n]{0,200}\]\(\s{0,2}<?|\bsrc=[\"']?)([^\s()<>\"']{1,400})")
_STEM = pattern(r"([^/?#]{1,200}?)(?:\.\w{1,5})?(?:[?#].*)?")
_MATTER = pattern(r"^---[ \t]*\n((?:(?!---)[^\n]*\n){1,100})---", re.MULTILINE)
_VALUE = pattern(r"^[ \t]*(?:- *)?(?:[\w.-]{1,60}:)?[ \t]*(?:[&!]\S{1,60}[ \t]*)*(?:[|>][-+]?\d?$)?", re.MULTILINE)
_MARKED_LETTER = pattern(r"(?:\*{1,3}|_{1,3}|<(?:b|strong|em|i|u|mark|code)>)(\w)(?:\*{1,3}|_{1,3}|</)")
_UNSHOWN = regex.compile("[\u200b-\u200f\u2060-\u2064\u180e\ufeff\u00ad\u034f\u061c]")
_SELECTORS = regex.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_FEWEST_BITS = 32
_SIGNS_OF_BITS = 3
_DUMPED = pattern(r"^[ \t>]{0,12}[0-9a-fA-F]{5,8}:?[ \t]{1,9}(\S[^\n]*)$", re.MULTILINE)
_DUMPED_WORD = pattern(r"(?:[0-9a-fA-F]{2}){1,4}|[0-7]{3}")
_IN_A_ROW = 16
"""Bytes in a line of a dump; what stands behind them is what they are."""
_OCTAL_BYTE, _OCTAL_WORD = 3, 6
_FIRST = pattern(r"([ \t>]*(?:[-+*][ \t]|\d{1,3}[.)][ \t]|#{1,6}[ \t]|\|)?)[^\w\n]*(\w)")
_LAST = pattern(r"(\w)[^\w\n]*$", re.MULTILINE)
_WORD = pattern(r"\b[^\W_]")
_SENTENCE = pattern(r"[.!?]\s|\n")


def _strings(text: str) -> Iterator[str]:
    for match in _STRINGS.finditer(text):
        yield "".join(_STRING.findall(match[0]))


def _values(text: str) -> Iterator[str]:
    for match in _QUERY.finditer(text):
        values = [part.partition("=")[2] or part for part in match[1].replace(";", "&").split("&")]
        if len(values) > 1:
            yield " ".join(values)


def _labels(text: str) -> Iterator[str]:
    for fenced in _FENCES.split(text)[1::2]:
        if _DRAWN_BY.match(fenced):
            yield " ".join(_LABEL.findall(fenced))


def _stems(text: str) -> Iterator[str]:
    names = [place.rstrip("/").rpartition("/")[2] for place in _IMAGE.findall(text)]
    if len(names) > 1:
        yield " ".join(match[1] for name in names if (match := _STEM.fullmatch(name)))


def _matter(text: str) -> Iterator[str]:
    for match in _MATTER.finditer(text):
        yield " ".join(_VALUE.sub("", match[1]).split())


def _marked(text: str) -> Iterator[str]:
    yield "".join(_MARKED_LETTER.findall(text))


def _bits(text: str) -> Iterator[str]:
    """Give what signs that nobody sees say bit by bit, and what a run of variation selectors says byte by byte."""
    for run in _SELECTORS.findall(text):
        yield _text(ord(sign) - (0xFE00 if sign < "\U000e0100" else 0xE0100 - 16) for sign in run)
    signs = [] if text.isascii() else _UNSHOWN.findall(text)
    kinds = [sign for sign, _ in Counter(signs).most_common(_SIGNS_OF_BITS)]
    if len(signs) < _FEWEST_BITS or len(kinds) == 1:
        return
    for nought, one in permutations(kinds, 2):
        told = "".join({nought: "0", one: "1"}.get(sign, " ") for sign in signs)
        bits = told.replace(" ", "")
        yield _text(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))
        yield "".join(chr(code) for part in told.split() if (code := int(part[:20], 2)) <= sys.maxunicode)


def _text(data: Iterable[int]) -> str:
    return bytes(data).decode("utf-8", "ignore")


def _dumped(text: str) -> Iterator[str]:
    """Give what a dump of bytes is of (xxd, hexdump, od), in words of either end first; not its places."""
    high, low, signs = bytearray(), bytearray(), []
    for row in _DUMPED.findall(text):
        signs += [sign for sign in row.split() if len(sign) == 1]
        data = [_of_word(word) for word in _words_of(row)]
        high += b"".join(data)
        low += b"".join(word[::-1] for word in data)
    yield " ".join(signs)
    for found in (high, low):
        yield found.decode("utf-8", "ignore")


def _words_of(row: str) -> Iterator[str]:
    size = 0
    for word in row.split():
        size += {_OCTAL_BYTE: 1, _OCTAL_WORD: 2}.get(len(word), len(word) // 2)
        if size > _IN_A_ROW or not _DUMPED_WORD.fullmatch(word):
            return
        yield word


def _of_word(word: str) -> bytes:
    if len(word) in (_OCTAL_BYTE, _OCTAL_WORD):
        with suppress(ValueError, OverflowError):
            return int(word, 8).to_bytes(len(word) // 3, "big")
        return b""
    return bytes.fromhex(word)


_WAYS: tuple[tuple[str, Callable[[str], Iterator[str]]], ...] = (
    ("?", _values),
    ("```", _labels),
    ("~~~", _labels),
    ("](", _stems),
    ("src=", _stems),
    ("---", _matter),
    ("", _strings),
    ("", _marked),
    ("", _bits),
    ("", _dumped),
)


def gathered(text: str) -> Iterator[str]:
    """Give what stands in pieces in a text as one, as the program that it is written for puts it together."""
    for sign, way in _WAYS:
        if sign in text:
            yield from filter(None, way(text))


def initials(texts: Iterable[str]) -> dict[int, list[str]]:
    """Give what first and last letters say, by how many letters a fact has to have to be meant by them.

    Those of the lines of a paragraph are a word by themselves; the others are in one row.
    """
    found: dict[int, list[str]] = {ODD: [], ODDER: []}
    for text in texts:
        rows: dict[str, list[str]] = {}
        for block in text.split("\n\n"):
            firsts = list(filter(None, map(_FIRST.match, block.split("\n"))))
            found[ODD].append("".join(match[2] for match in firsts))
            for match in firsts:
                rows.setdefault(match[1].strip(" \t>")[-1:], []).append(match[2])
            rows.setdefault("paragraphs", []).extend(match[2] for match in firsts[:1])
        found[ODD] += ["".join(row) for row in (*rows.values(), _LAST.findall(text))]
        said = ["".join(_WORD.findall(sentence)) for sentence in _SENTENCE.split(text)]
        found[ODDER] += [*said, "".join(said)]
    return found

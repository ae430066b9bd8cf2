"""Versions and series: published numbers, and the maintained lines they belong to, with their real order.

One grammar for release files, tags, records and running text. A version is numbers with dots, perhaps OpenSSL's letters
(`1.1.1l`, `0.9.8zg`), and after them any of these, as their projects order them: early stages (`-rc.1`, `.Alpha2`,
`-M21`, `.CR1`, `b2`, `.dev3`: PEP 440, SemVer, Maven), words for the finished version (`.Final`, `.GA`, `_RELEASE`),
and what comes after it (`.SP1`, `p2`, `-P1`, `.post1`, a package's `-4` and `+deb11u1`).
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import Any, Self

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.patterns import pattern


class VersionStage(IntEnum):
    """What stands behind a version's numbers, in the order in which it comes out."""

    DEV = 0
    ALPHA = 1
    BETA = 2
    MILESTONE = 3
    PREVIEW = 4
    CANDIDATE = 5
    SNAPSHOT = 6
    FINAL = 9
    AFTER = 10
    REVISION = 11
    BUILD = 12


_SAID = {
    VersionStage.DEV: "dev devel nightly canary",
    VersionStage.ALPHA: "alpha",
    VersionStage.BETA: "beta",
    VersionStage.MILESTONE: "milestone",
    VersionStage.PREVIEW: "pre preview prerelease next",
    VersionStage.CANDIDATE: "rc cr candidate",
    VersionStage.SNAPSHOT: "snapshot",
    VersionStage.FINAL: "final ga release rtm stable lts esr incubating",
    VersionStage.AFTER: "sp sr post pl patch patchlevel cp rev update hotfix cert ubuntu redhat",
}
_SAID_WITH_A_NUMBER = {
    VersionStage.ALPHA: "a",
    VersionStage.BETA: "b",
    VersionStage.MILESTONE: "m",
    VersionStage.CANDIDATE: "c",
    VersionStage.AFTER: "p r s u v",
}
_STAGES = {
    word: stage for said in (_SAID, _SAID_WITH_A_NUMBER) for stage, words in said.items() for word in words.split()
}


def _words(said: dict[VersionStage, str]) -> str:
    return "|".join(sorted((word for words in said.values() for word in words.split()), key=len, reverse=True))


_COUNT = r"\d{1,18}(?:\.\d{1,9}){0,3}"
_STAGE = rf"[-._~]?(?:(?:{_words(_SAID)})(?![a-z])(?:[-._]?{_COUNT})?|(?:{_words(_SAID_WITH_A_NUMBER)})[-._]?{_COUNT})"
_LETTERS = r"z?[a-z](?![a-z0-9])"
_REST = rf"(?:{_STAGE}|-\d{{1,9}}|\+[a-z]{{0,12}}\.?(?:{_COUNT})?){{0,4}}"
IN_TEXT = rf"(?:{_LETTERS})?(?:{_STAGE}){{0,3}}"
"""What may stand behind the numbers of a version in running text (ignoring case): letters and stages."""
TAIL = rf"(?:{_LETTERS})?{_REST}"
"""All that may stand behind the numbers of a version, a package's revision and a build's mark included."""
_VERSION = pattern(
    rf"(?P<numbers>\d{{1,9}}(?:\.\d{{1,9}}){{0,5}})(?P<letters>{_LETTERS})?(?P<tail>{_REST})",
    re.ASCII | re.IGNORECASE,
)
_PIECE = pattern(rf"(?P<sign>[-._~+]?)(?P<word>[a-z]*)[-._]?(?P<count>{_COUNT})?", re.ASCII | re.IGNORECASE)
_END = (int(VersionStage.FINAL), ())

Key = tuple[tuple[int, ...], str, tuple[tuple[int, tuple[int, ...]], ...]]


class _ByKey:
    """Compares by `key`, however it is written; a struct that compares nothing by itself derives none of it."""

    __slots__ = ()
    key: Any

    def __eq__(self, other: object) -> bool:
        """Whether both mean the same."""
        return isinstance(other, type(self)) and self.key == other.key

    def __ne__(self, other: object) -> bool:
        """Whether they do not."""
        return not self == other

    def __lt__(self, other: Self) -> bool:
        """Whether it comes before the other."""
        return bool(self.key < other.key)

    def __le__(self, other: Self) -> bool:
        """Whether it comes before the other, or means the same."""
        return bool(self.key <= other.key)

    def __gt__(self, other: Self) -> bool:
        """Whether it comes after the other."""
        return bool(self.key > other.key)

    def __ge__(self, other: Self) -> bool:
        """Whether it comes after the other, or means the same."""
        return bool(self.key >= other.key)

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.key)


class Version(_ByKey, Struct, frozen=True, eq=False):
    """One published number in a series, such as `18.5.2`, `1.1.1l`, `19.0.0-rc1` or `2.2.17.Final`.

    Equal when they mean the same number: `15.10` and `15.10.0` are equal, `2.2.17` and `2.2.17.Final` too, and each
    keeps the text it came with. `numbers` are those written, zeros at the end included.
    """

    text: str
    key: Key
    numbers: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version from exactly `text`; raises `Misused` when it is not one."""
        match = _VERSION.fullmatch(text)
        if match is None:
            raise Misused(f"{text[:40]!r} is not a version", remedy="write it as numbers with dots, such as 18.5.2")
        numbers = tuple(int(part) for part in match["numbers"].split("."))
        return cls(
            text, (_trimmed(numbers, 1), (match["letters"] or "").lower(), (*_pieces(match["tail"]), _END)), numbers
        )

    @property
    def letters(self) -> str:
        """The letters that follow the numbers, in lower case."""
        return self.key[1]

    @property
    def stages(self) -> tuple[tuple[VersionStage, tuple[int, ...]], ...]:
        """What stands behind the numbers, each with its count; words for the finished version say nothing."""
        return tuple((VersionStage(stage), count) for stage, count in self.key[2][:-1])

    @property
    def is_final(self) -> bool:
        """Whether this is a finished version, and not a candidate of one."""
        return all(stage >= VersionStage.FINAL for stage, _ in self.key[2])

    def __str__(self) -> str:
        """Give the text it came with."""
        return self.text


def _trimmed(numbers: tuple[int, ...], least: int) -> tuple[int, ...]:
    end = len(numbers)
    while end > least and numbers[end - 1] == 0:
        end -= 1
    return numbers[:end]


def _pieces(tail: str) -> list[tuple[int, tuple[int, ...]]]:
    """Read what stands behind the numbers, piece by piece."""
    found = []
    for piece in _PIECE.finditer(tail):
        sign, word, count = piece["sign"], piece["word"].lower(), piece["count"] or ""
        if not piece[0]:
            continue
        counted = _trimmed(tuple(int(part) for part in count.split(".")), 0) if count else ()
        stage = VersionStage.BUILD if sign == "+" else _STAGES.get(word, VersionStage.REVISION)
        if stage is VersionStage.FINAL and count:
            stage = VersionStage.AFTER  # Squid's STABLE14 came after STABLE13
        if stage is not VersionStage.FINAL:
            found.append((int(stage), counted))
    return found


class Series(_ByKey, Struct, frozen=True, eq=False):
    """A maintained line of versions, such as `18.5`; compared as numbers, so 9.1 comes before 18.5 and is 9.01.

    `text` is how it is written, as its versions are: `2026.03`.
    """

    numbers: tuple[int, ...]
    text: str = ""

    @classmethod
    def parse(cls, text: str) -> Series:
        """Read a series such as `18.5` or `7`; raises `Misused` when it is not one."""
        if not re.fullmatch(r"\d{1,9}(?:\.\d{1,9}){0,4}", text, re.ASCII):
            raise Misused(f"{text[:40]!r} is not a series", remedy="write it as numbers with dots, such as 18.5")
        return cls(tuple(int(part) for part in text.split(".")), text)

    @classmethod
    def of(cls, version: Version, depth: int = 2) -> Series:
        """Name the series of `version`: its first `depth` numbers, padded with zeros."""
        return _series(version.text, len(version.numbers), depth)

    def before(self, later: Series) -> Series:
        """Give where numbers go on behind this series on the way to a later one: 1.28 behind 1.27, or 2 before 2.4."""
        pairs = zip(self.numbers, later.numbers, strict=True)
        at = next((place for place, (one, other) in enumerate(pairs) if one != other), 0)
        return Series((*self.numbers[:at], self.numbers[at] + 1))

    @property
    def key(self) -> tuple[int, ...]:
        """What it is compared by."""
        return self.numbers

    def __contains__(self, version: Version) -> bool:
        """Whether `version` belongs to this series."""
        return Series.of(version, len(self.numbers)) == self

    def __str__(self) -> str:
        """Give it with dots."""
        return self.text or ".".join(str(number) for number in self.numbers)


@lru_cache(maxsize=4096)
def _series(text: str, count: int, depth: int) -> Series:
    """Name the series of a version by its text, which has `count` numbers: gates ask for the same few all the time."""
    written = [*re.findall(r"\d+", text, re.ASCII)[:count], *["0"] * depth][:depth]
    return Series(tuple(map(int, written)), ".".join(written))

"""Versions and series: published numbers, and the maintained lines they belong to, with their real order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import total_ordering

from secrel.words.errors import Misused

_VERSION = re.compile(
    r"(?P<numbers>\d{1,9}(?:\.\d{1,9}){0,5})(?P<letters>[a-z]{0,2})"
    r"(?:[-._]?(?P<stage>alpha|beta|pre|rc|dev|a|b|m)[-._]?(?P<stage_number>\d{0,6}))?",
    re.ASCII,
)
_STAGES = {"dev": 0, "alpha": 1, "a": 1, "m": 2, "beta": 3, "b": 3, "pre": 4, "rc": 5}
_FINAL = 9


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One published number in a series, such as `18.5.2`, `1.1.1l` or `19.0.0-rc1`.

    Equal when they mean the same number: `15.10` and `15.10.0` are equal, and each keeps the text it came with.
    """

    text: str
    key: tuple[tuple[int, ...], str, int, int] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version from exactly `text`; raises `Misused` when it is not one."""
        match = _VERSION.fullmatch(text)
        if match is None:
            raise Misused(f"{text[:40]!r} is not a version", remedy="write it as numbers with dots, such as 18.5.2")
        numbers = [int(part) for part in match["numbers"].split(".")]
        while len(numbers) > 1 and numbers[-1] == 0:
            numbers.pop()
        stage = _STAGES[match["stage"]] if match["stage"] else _FINAL
        return cls(text, (tuple(numbers), match["letters"], stage, int(match["stage_number"] or 0)))

    @property
    def is_final(self) -> bool:
        """Whether this is a finished version, and not a candidate of one."""
        return self.key[2] == _FINAL

    def __eq__(self, other: object) -> bool:
        """Same number, whatever the text."""
        return isinstance(other, Version) and self.key == other.key

    def __lt__(self, other: Version) -> bool:
        """Numeric order, candidates before their version."""
        return self.key < other.key

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.key)

    def __str__(self) -> str:
        """Give the text it came with."""
        return self.text


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """A maintained line of versions, such as `18.5`; ordered as numbers, so 9.1 comes before 18.5."""

    numbers: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Series:
        """Read a series such as `18.5` or `7`; raises `Misused` when it is not one."""
        if not re.fullmatch(r"\d{1,9}(?:\.\d{1,9}){0,4}", text, re.ASCII):
            raise Misused(f"{text[:40]!r} is not a series", remedy="write it as numbers with dots, such as 18.5")
        return cls(tuple(int(part) for part in text.split(".")))

    @classmethod
    def of(cls, version: Version, depth: int = 2) -> Series:
        """Name the series of `version`: its first `depth` numbers, padded with zeros."""
        numbers = version.key[0][:depth]
        return cls(numbers + (0,) * (depth - len(numbers)))

    def __contains__(self, version: Version) -> bool:
        """Whether `version` belongs to this series."""
        return Series.of(version, len(self.numbers)) == self

    def __str__(self) -> str:
        """Give it with dots."""
        return ".".join(str(number) for number in self.numbers)

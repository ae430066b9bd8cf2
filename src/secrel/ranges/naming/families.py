"""Families of tags: names that differ in their version alone, such as `v{version}` or `@app/node@{version}`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.history.graph import Ref
from secrel.words.patterns import pattern
from secrel.words.versions import TAIL, Version

IN_A_TAG = rf"\d{{1,9}}(?:[._]\d{{1,9}}){{0,5}}{TAIL}"
"""A version as tags have it (ignoring case): `_` may stand for the dots."""
_VERSION = pattern(rf"(?P<version>{IN_A_TAG})(?P<after>(?:[-._+][a-z]{{2,20}})?)", re.ASCII | re.IGNORECASE)
_BEGINS = pattern(r"(?:^|[-/@+ ]|(?<!\d)[._])[vV]?(?=\d)|(?<=[A-Za-z])(?=\d)", re.ASCII)
_HYPHENS = pattern(r"\d+(?:-\d+)+(?![.\d_])", re.ASCII)
_ALL_HYPHENS = pattern(r"(?<=[A-Za-z])(?:(?:19|20)\d\d-\d{1,2}|\d{1,9}(?:-\d{1,9}){2,5})$", re.ASCII)
_INSIDE = pattern(r"(?:^|[-@+ _]|[A-Za-z])\d{1,9}(?:[._-]\d)", re.ASCII)
_ONE_NUMBER = 1
_NUMBER = pattern(r"\d+", re.ASCII)
_LONGEST = 250


class TagParts(Struct, frozen=True):
    """A tag's name in parts: what stands before the version, the version, and what stands after it."""

    before: str
    version: Version
    after: str


class Family(Struct, frozen=True):
    """Tags that name versions in one way: `patterns` with `{version}` in them, the most frequent first."""

    patterns: tuple[str, ...]
    tags: tuple[Ref, ...]

    @property
    def mask(self) -> str:
        """What is written around the version, whatever numbers are in it: of `8.x-{version}`, `N.x-{version}`."""
        return _NUMBER.sub("N", self.patterns[0].lower())


def version_in_tag(text: str) -> Version:
    """Read a version as tags write it, `_` or `-` in place of dots too; raises `Misused` when it is none."""
    dotted = text.replace("_", ".")
    if match := _HYPHENS.match(text):
        dotted = match[0].replace("-", ".") + text[match.end() :].replace("_", ".")
    return Version.parse(dotted)


@lru_cache(maxsize=20_000)
def taken_apart(name: str) -> TagParts | None:
    """Find the version in a tag's name, whatever stands around it; None when there is none to be seen."""
    if len(name) > _LONGEST:
        return None
    if match := _ALL_HYPHENS.search(name):  # `r1-2-0`, `R2024-03`
        return TagParts(name[: match.start()], version_in_tag(match[0]), "")
    # a version stands behind a sign, where there is one: `icu4c-71.1`, but also `go1.20`
    starts = sorted(_BEGINS.finditer(name), key=lambda match: (not match[0] and match.start() > 0, match.start()))
    for start in (match.end() for match in starts):
        if match := _VERSION.fullmatch(name, start):
            with suppress(Misused):
                version = version_in_tag(match["version"])
                return None if _is_a_piece(name[:start], version) else TagParts(name[:start], version, match["after"])
    return None


def _is_a_piece(before: str, version: Version) -> bool:
    """Whether a lone number stands behind what is more of a version: `1.2.0-gabc1234`, `2.1-1_deb10u1`, a time."""
    return len(version.numbers) == _ONE_NUMBER and _INSIDE.search(before.rpartition("/")[2]) is not None


def families(tags: Sequence[Ref]) -> tuple[Family, ...]:
    """Sort tags into families, in whatever case and with whatever separators; the largest first.

    When two are equally large, the one with the shorter name comes first.
    """
    groups: dict[tuple[str, str], list[tuple[TagParts, Ref]]] = defaultdict(list)
    for tag in tags:
        if (named := taken_apart(tag.name)) is not None:
            groups[named.before.strip("-_./@ ").lower(), named.after.lower()].append((named, tag))
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), len(item[0][0]), item[0]))
    return tuple(Family(_patterns(members), tuple(tag for _, tag in members)) for _, members in ordered)


def _patterns(members: Sequence[tuple[TagParts, Ref]]) -> tuple[str, ...]:
    said = Counter(f"{named.before}{{version}}{named.after}" for named, _ in members)
    return tuple(pattern for pattern, _ in said.most_common())

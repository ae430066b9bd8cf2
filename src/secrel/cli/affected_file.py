"""The file of cases that `secrel affected --cases` reads: TOML or JSON, strictly; every complaint has its place."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from secrel.ranges.cases import Case, Change, Claim, Claimed, Role, SeriesPlan
from secrel.ranges.naming.catalogue import Published
from secrel.words.errors import Misused
from secrel.words.facts.phrases import read_range
from secrel.words.spans import Span
from secrel.words.versions import Series, Version

_LARGEST = 64 << 20  # bytes
_MOST_CASES = 20_000


class _Change(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    commits: list[str] = []
    requests: list[str] = []
    role: Role = Role.REQUIRED
    series: str = ""


class _Claim(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    claims: Claimed
    versions: str
    reason: str
    by: str
    series: str = ""


class _Vulnerability(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    fixes: list[_Change]
    origins: list[_Change] = []
    first: list[str] = []
    claims: list[_Claim] = []
    given: str = ""


class _Published(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    version: str
    date: str = ""
    tag: str = ""


class _Series(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    branch: str = ""
    supported: bool | None = None
    planned: str = ""


class _Tags(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    naming: list[str] = []
    prereleases: bool = False
    depth: int = 2


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    vulnerability: list[_Vulnerability]
    tags: _Tags = _Tags()
    published: list[_Published] | None = None
    series: list[_Series] = []


@dataclass(frozen=True, slots=True)
class CasesFile:
    """A file of cases, read: `given` are the ranges to compare with, by the name of the case."""

    cases: tuple[Case, ...]
    given: Mapping[str, tuple[Span, ...]]
    naming: tuple[str, ...] = ()
    prereleases: bool = False
    depth: int = 2
    published: tuple[Published, ...] | None = None
    plans: tuple[SeriesPlan, ...] = ()


def read_cases(path: Path) -> CasesFile:
    """Read a file of cases; raises `Misused` with the file and the place in it for whatever cannot be used."""
    told = _decoded(path)
    try:
        file = msgspec.convert(told, _File)
    except msgspec.ValidationError as fault:
        raise Misused(f"{fault}", where=str(path), remedy="see the form of the file in docs/affected.md") from fault
    if len(file.vulnerability) > _MOST_CASES:
        raise Misused(f"the file has more than {_MOST_CASES} cases", where=str(path), remedy="cut it in two")
    try:
        return CasesFile(
            cases=tuple(_case(one) for one in file.vulnerability),
            given={one.name: read_range(one.given) for one in file.vulnerability if one.given},
            naming=tuple(file.tags.naming),
            prereleases=file.tags.prereleases,
            depth=file.tags.depth,
            published=None if file.published is None else tuple(_published(one) for one in file.published),
            plans=tuple(_plan(one) for one in file.series),
        )
    except Misused as fault:
        raise Misused(fault.what, where=fault.where or str(path), remedy=fault.remedy) from fault


def read_published(path: Path) -> tuple[Published, ...]:
    """Read a list of published versions: one a line, with its date after a blank or comma where it is known."""
    found = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        words = line.partition("#")[0].replace(",", " ").split()
        if words:
            try:
                found.append(Published(Version.parse(words[0]), *words[1:2]))
            except Misused as fault:
                raise Misused(fault.what, where=f"{path}:{number}", remedy=fault.remedy) from fault
    return tuple(found)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise Misused("the file is too large", where=str(path), remedy="cut it in two")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise Misused(f"the file cannot be read ({type(fault).__name__})", where=str(path)) from fault


def _decoded(path: Path) -> Any:
    text = _text(path)
    try:
        return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        kind = "JSON" if path.suffix == ".json" else "TOML"
        raise Misused(f"this is not {kind}: {str(fault)[:200]}", where=str(path), remedy="check its syntax") from fault


def _case(told: _Vulnerability) -> Case:
    try:
        return Case(
            name=told.name,
            fixes=tuple(_change(one) for one in told.fixes),
            origins=tuple(_change(one) for one in told.origins),
            first=tuple(Version.parse(one) for one in told.first),
            claims=tuple(_claim(one) for one in told.claims),
        )
    except Misused as fault:
        raise Misused(f"{told.name[:80]!r}: {fault.what}", where=fault.where, remedy=fault.remedy) from fault


def _change(told: _Change) -> Change:
    series = Series.parse(told.series) if told.series else None
    return Change(tuple(told.commits), tuple(told.requests), told.role, series)


def _claim(told: _Claim) -> Claim:
    series = Series.parse(told.series) if told.series else None
    return Claim(told.claims, read_range(told.versions), told.reason, told.by, series)


def _published(told: _Published) -> Published:
    return Published(Version.parse(told.version), told.date, "" if told.tag == "none" else told.tag)


def _plan(told: _Series) -> SeriesPlan:
    planned = Version.parse(told.planned) if told.planned else None
    return SeriesPlan(Series.parse(told.name), told.branch, told.supported, planned)


def plans_of(branches: Sequence[str], ended: Sequence[str], planned: Sequence[str]) -> tuple[SeriesPlan, ...]:
    """Read series from flags: `16.11=16-11-stable-ee`, ended `16.8`, planned `16.11.3`."""
    plans: dict[Series, SeriesPlan] = {}
    for text in branches:
        name, _, branch = text.partition("=")
        series = Series.parse(name)
        plans[series] = SeriesPlan(series, branch)
    for name in ended:
        series = Series.parse(name)
        plans[series] = SeriesPlan(series, plans[series].branch if series in plans else "", supported=False)
    for text in planned:
        version = Version.parse(text)
        home = [series for series in plans if version in series]
        if not home:
            raise Misused(
                f"planned version {text} is in no series named here",
                remedy="name its series: --series 16.11=BRANCH",
            )
        series = max(home, key=lambda one: len(one.numbers))
        plan = plans[series]
        plans[series] = SeriesPlan(series, plan.branch, plan.supported, version)
    return tuple(plans.values())

"""The file of cases that `secrel affected --cases` reads: TOML or JSON, strictly; every complaint has its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Struct

from secrel.files import read_file
from secrel.ranges.cases import Case, Change, ChangeRole, Claimed, RangeClaim, SeriesPlan
from secrel.ranges.naming.catalogue import Published
from secrel.reading import largest
from secrel.reading.documents import Faults, malformed, plain_text
from secrel.reading.toml import read_json, read_toml
from secrel.words.errors import Misused, within
from secrel.words.facts.phrases import read_range
from secrel.words.patterns import pattern
from secrel.words.versions import Series, Version

S = TypeVar("S")
T = TypeVar("T")
_MOST_CASES = 20_000
_DATE = pattern(r"\d{4}-\d{2}(?:-\d{2})?(?:T|\Z)", re.ASCII)
_REMEDY = "see the form of the file: secrel manual affected"


class _Change(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    commits: list[str] = []
    requests: list[str] = []
    role: ChangeRole = ChangeRole.REQUIRED
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
    not_versions: list[str] = []
    prereleases: bool = False
    depth: int = 2


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    vulnerability: Annotated[
        list[_Vulnerability],
        msgspec.Meta(max_length=_MOST_CASES, description=f"a list of at most {_MOST_CASES} cases; cut the file in two"),
    ]
    tags: _Tags = _Tags()
    published: list[_Published] | None = None
    series: list[_Series] = []


class CasesFile(Struct, frozen=True):
    """A file of cases, read: `given` are the ranges to compare with, as written, by the name of the case."""

    cases: tuple[Case, ...]
    given: Mapping[str, str]
    naming: tuple[str, ...] = ()
    not_versions: tuple[str, ...] = ()
    prereleases: bool = False
    depth: int = 2
    published: tuple[Published, ...] | None = None
    plans: tuple[SeriesPlan, ...] = ()


def read_cases(path: Path) -> CasesFile:
    """Read a file of cases; raises `Misused` with the file and the line of whatever cannot be used."""
    read = read_json if path.suffix == ".json" else read_toml
    document = read(_data(path), str(path), most=largest.CASES, remedy=_REMEDY)
    file, faults = document.decode(_File), Faults(document)
    cases = faults.each(("vulnerability",), file.vulnerability, _case)
    published = faults.each(("published",), file.published or (), _published)
    plans = faults.each(("series",), file.series, _plan)
    faults.raise_if_any()
    _each_once([case.name for case, _ in cases], "vulnerabilities are called", path)
    _each_once([str(plan.series) for plan in plans], "series are called", path)
    return CasesFile(
        cases=tuple(case for case, _ in cases),
        given={case.name: given for case, given in cases if given},
        naming=tuple(file.tags.naming),
        not_versions=tuple(file.tags.not_versions),
        prereleases=file.tags.prereleases,
        depth=file.tags.depth,
        published=None if file.published is None else tuple(published),
        plans=tuple(plans),
    )


def _each_once(names: Sequence[str], what: str, path: Path) -> None:
    """Raise `Misused` when two have one name: what is told of it would be of one, and nobody could say of which."""
    for name, count in Counter(names).items():
        if count > 1:
            raise Misused(f"{count} {what} {name[:80]!a}", where=str(path), remedy="give each a name of its own")


def read_published(path: Path) -> tuple[Published, ...]:
    """Read a list of published versions: one a line, with its date after a blank or comma where it is known.

    What stands there and is no date may be a second version, which must not be lost.
    """
    found = []
    for number, line in enumerate(plain_text(_data(path), str(path), largest.CASES).splitlines(), start=1):
        words = line.partition("#")[0].replace(",", " ").split()
        if words:
            where = f"{path}:{number}"
            if words[1:] and not _DATE.match(words[1]):
                remedy = "write one version a line, and its date after it: 1.2.3 2026-01-14"
                raise malformed(where, f"{words[1][:40]!a} is no date", remedy)
            try:
                found.append(Published(Version.parse(words[0]), *words[1:2]))
            except Misused as fault:
                raise malformed(where, fault.what, fault.remedy) from fault
    return tuple(found)


def _data(path: Path) -> bytes:
    return read_file(path, "the file", most=largest.CASES, remedy="look at the file")


def _read(key: str, text: str, read: Callable[[str], T]) -> T:
    with within(key):
        return read(text)


def _each(key: str, told: Sequence[S], read: Callable[[S], T]) -> tuple[T, ...]:
    """Read every item of a list, and say which is wrong."""
    made = []
    for number, one in enumerate(told):
        with within(key, number):
            made.append(read(one))
    return tuple(made)


def _case(told: _Vulnerability) -> tuple[Case, str]:
    case = Case(
        name=told.name,
        fixes=_each("fixes", told.fixes, _change),
        origins=_each("origins", told.origins, _change),
        first=_each("first", told.first, Version.parse),
        claims=_each("claims", told.claims, _claim),
    )
    if told.given:
        _read("given", told.given, lambda text: read_range(text, after=lambda _: None))
    return case, told.given


def _series(text: str) -> Series | None:
    return _read("series", text, Series.parse) if text else None


def _change(told: _Change) -> Change:
    return Change(tuple(told.commits), tuple(told.requests), told.role, _series(told.series))


def _claim(told: _Claim) -> RangeClaim:
    return RangeClaim(
        told.claims, _read("versions", told.versions, read_range), told.reason, told.by, _series(told.series)
    )


def _published(told: _Published) -> Published:
    version = _read("version", told.version, Version.parse)
    return Published(version, told.date, "" if told.tag == "none" else told.tag)


def _plan(told: _Series) -> SeriesPlan:
    planned = _read("planned", told.planned, Version.parse) if told.planned else None
    return SeriesPlan(_read("name", told.name, Series.parse), told.branch, told.supported, planned)


def plans_of(branches: Sequence[str], ended: Sequence[str], planned: Sequence[str]) -> tuple[SeriesPlan, ...]:
    """Read series from flags: `16.11=16-11-stable-ee`, ended `16.8`, planned `16.11.3`."""
    plans: dict[Series, SeriesPlan] = {}
    for text in branches:
        name, _, branch = text.partition("=")
        series = Series.parse(name)
        if not branch:
            raise Misused(f"series {series} has no branch", remedy=f"name it: --series {series}=BRANCH")
        if series in plans:
            raise Misused(f"series {series} has two branches", remedy="name each series once")
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
        if plan.planned is not None:
            raise Misused(
                f"two versions are planned for series {series}: {plan.planned} and {version}",
                remedy="name the one that is next",
            )
        plans[series] = SeriesPlan(series, plan.branch, plan.supported, version)
    return tuple(plans.values())

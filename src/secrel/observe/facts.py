"""Facts as people write them, on issues and in release files, decoded strictly into words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from secrel.process.table import Process
from secrel.words.advisories import (
    Advisory,
    BugFix,
    Credit,
    CreditSource,
    CreditType,
    DependencyUpdate,
    UpgradeNote,
)
from secrel.words.errors import Misused
from secrel.words.ids import CveId, Cwe
from secrel.words.releases import Kind, Release, Shipment
from secrel.words.spans import Span, planned_spans
from secrel.words.vectors import Vector
from secrel.words.versions import Version

S = TypeVar("S")
T = TypeVar("T")
Path = tuple[str | int, ...]
"""The way from a table down to one of its facts."""
_LONGEST_TEXT = 20_000
_LONGEST_LINE = 255
_LONGEST_ADDRESS = 2_000
_MOST_DAYS = 2_000
_MOST_ITEMS = 500
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")


class SpanFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One affected range, half open; without `since` from the first version on, without `fixed` not fixed yet."""

    since: str | None = None
    fixed: str | None = None


class SinceFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The first affected version, or `all`; the release's own versions close the ranges."""

    since: str


class CreditFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Who found it; the fields of `Credit`."""

    name: str = ""
    source: CreditSource = CreditSource.HACKERONE
    type: CreditType = CreditType.FINDER
    profile: str = ""
    report: str = ""


class FixFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The details table of an implementation issue."""

    title: str
    description: str = ""
    product: str = ""
    edition: str = ""
    affected: SinceFacts | list[SpanFacts] | None = None
    vector: str = ""
    weakness: str = ""
    cve: str = ""
    no_cve: str = ""
    credits: list[CreditFacts] = []
    references: list[str] = []
    related: list[str] = []
    workaround: str = ""
    origins: list[str] = []


class ShipmentFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One product of a release, with its versions."""

    product: str
    versions: list[str]


class DependencyFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A third party's fix that ships with the release."""

    name: str
    version: str
    product: str = ""
    cves: list[str] = []
    affected: str = ""


class BugFixFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A change without security content."""

    version: str
    title: str
    url: str


class NoteFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A version whose upgrade needs care."""

    version: str
    kinds: list[str]


class ReleaseFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The details table of a tracking issue, and the head of a release file."""

    release: str
    kind: Kind
    due: datetime
    products: list[ShipmentFacts]
    disclosure_days: int = 30
    form: str = "2023"
    primary: str = ""
    secondary: str = ""
    dependencies: list[DependencyFacts] = []
    bug_fixes: list[BugFixFacts] = []
    upgrade_notes: list[NoteFacts] = []


class BadFact(Misused):
    """A fact that cannot be used; `path` says which, from its table down: `("affected", 0, "since")`."""

    def __init__(self, what: str, path: Path, *, where: str = "", remedy: str = "") -> None:
        """Keep the path beside the three parts; the field's name goes into the place."""
        where = ", ".join(filter(None, (where, str(path[0]) if path else "")))
        super().__init__(what, where=where, remedy=remedy, path=path)

    @property
    def field(self) -> str:
        """The name of the field; empty when it is about the table as a whole."""
        return str(self.path[0]) if self.path else ""


def decode(facts: Mapping[str, Any], kind: type[T], where: str) -> T:
    """Decode `facts` strictly; raises `BadFact` with the path of what is wrong."""
    try:
        return msgspec.convert(facts, kind, strict=False)
    except msgspec.ValidationError as fault:
        what, _, path = str(fault).partition(" - at `$")
        steps = [name or int(number) for name, number in _STEP.findall(path)]
        steps += _UNKNOWN.findall(what)
        remedy = "correct this field; docs/release-file.md has them all"
        raise BadFact(what[:300], tuple(steps), where=where, remedy=remedy) from fault


def _told(where: str, path: Path, read: Callable[[], T]) -> T:
    """Read one fact, and name it, and whose it is, in the complaint."""
    try:
        return read()
    except BadFact as fault:
        raise BadFact(fault.what, (*path, *fault.path), where=where, remedy=fault.remedy) from fault
    except Misused as fault:
        raise BadFact(fault.what, path, where=where, remedy=fault.remedy) from fault


def _bounded(text: str, most: int = _LONGEST_TEXT) -> str:
    if len(text) > most:
        raise Misused(f"this has {len(text)} characters, and {most} are the most", remedy="shorten it")
    return text


def _line(text: str, most: int = _LONGEST_LINE) -> str:
    if not text.strip():
        raise Misused("nothing is said", remedy="say it in one line")
    if len(text.splitlines()) > 1:
        raise Misused("this is more than one line", remedy="say it in one line")
    return _bounded(text, most)


def _address(text: str) -> str:
    return _line(text, _LONGEST_ADDRESS)


def _each(told: Sequence[S], read: Callable[[S], T]) -> tuple[T, ...]:
    """Read every item of a list, and say which is wrong."""
    if len(told) > _MOST_ITEMS:
        raise Misused(f"this has {len(told)} items, and {_MOST_ITEMS} are the most", remedy="shorten it")
    return tuple(_told("", (number,), lambda: read(one)) for number, one in enumerate(told))  # noqa: B023 - called at once


def _shipment(told: ShipmentFacts, process: Process) -> Shipment:
    product = process.product(told.product)
    if product is None:
        known = ", ".join(p.key for p in process.products)
        raise Misused(f"{told.product[:40]!r} is no product of the process", remedy=f"use one of: {known}")
    versions = sorted(_told("", ("versions",), lambda: _each(told.versions, Version.parse)), reverse=True)
    if not versions:
        raise Misused(f"{product.key} has no version", remedy="name the versions it ships, or leave the product out")
    series = [product.series_of(version) for version in versions]
    twice = next((s for s in series if series.count(s) > 1), None)
    if twice is not None:
        raise Misused(
            f"{product.key} has two versions in the series {twice}", remedy="a release ships one version of a series"
        )
    return Shipment(product, tuple(versions))


def _shipments(told: ReleaseFacts, process: Process) -> tuple[Shipment, ...]:
    if not told.products:
        raise Misused("the release has no product", remedy="name at least one product with its versions")
    shipments = _each(told.products, lambda product: _shipment(product, process))
    keys = [shipment.product.key for shipment in shipments]
    if len(set(keys)) != len(keys):
        raise Misused("a product stands twice in the release", remedy="put all its versions in one place")
    return shipments


def _release(told: ReleaseFacts, process: Process) -> Release:
    if told.due.tzinfo is None:
        raise BadFact("it has no time zone", ("due",), remedy="write it as 2026-11-25T16:00:00+00:00")
    if not 0 < told.disclosure_days <= _MOST_DAYS:
        raise BadFact("it is out of range", ("disclosure_days",), remedy="write a number of days, such as 30 or 90")
    if not re.fullmatch(r"[\w.+-]{1,80}", told.release):
        raise BadFact(
            "the name of the release is no name",
            ("release",),
            remedy="use letters, digits, dots and dashes: 2026-11",
        )
    shipments = _told("", ("products",), lambda: _shipments(told, process))
    return Release(told.release, told.kind, told.due, shipments, told.disclosure_days, told.form)


def read_release(facts: Mapping[str, Any], process: Process, where: str = "") -> tuple[Release, ReleaseFacts]:
    """Read a release from its facts; raises `BadFact` with the field that is wrong or contradicts another."""
    told = decode(facts, ReleaseFacts, where)
    return _told(where, (), lambda: _release(told, process)), told


def _span(told: SpanFacts) -> Span:
    since = _told("", ("since",), lambda: Version.parse(told.since) if told.since else None)
    fixed = _told("", ("fixed",), lambda: Version.parse(told.fixed) if told.fixed else None)
    return Span(since, fixed)


def _affected(told: FixFacts, shipment: Shipment) -> tuple[Span, ...] | None:
    match told.affected:
        case None:
            return None
        case SinceFacts(since=text):
            return planned_spans(None if text in ("all", "0") else Version.parse(text), shipment)
        case spans:
            if not spans:
                raise Misused("no range is given", remedy="give at least one, or leave `affected` out")
            return _each(spans, _span)


def _commit(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{7,64}", text):
        raise Misused(f"{text[:40]!r} is not a commit", remedy="give the commit's id, at least its first 7 digits")
    return text


def _credit(told: CreditFacts) -> Credit:
    for name in ("name", "profile", "report"):
        text = getattr(told, name)
        _told("", (name,), lambda: _address(text) if text else "")  # noqa: B023 - called at once
    return Credit(told.name, told.source, told.type, told.profile, told.report)


def _advisory(told: FixFacts, ref: str, url: str, release: Release) -> Advisory:
    product = told.product or release.main.product.key
    shipment = release.shipment(product)
    if shipment is None:
        raise BadFact(
            f"{product[:40]!r} is not shipped by this release",
            ("product",),
            remedy="add the product, or correct the fix",
        )

    def fact(name: str, read: Callable[[Any], T]) -> T:
        return _told("", (name,), lambda: read(getattr(told, name)))

    return Advisory(
        fix=ref,
        title=fact("title", _line),
        description=fact("description", _bounded),
        product=product,
        edition=fact("edition", lambda text: _line(text) if text else ""),
        affected=_told("", ("affected",), lambda: _affected(told, shipment)),
        vector=fact("vector", lambda text: Vector.parse(text) if text else None),
        weakness=fact("weakness", lambda text: Cwe.parse(text) if text else None),
        cve_id=fact("cve", lambda text: CveId.parse(text) if text else None),
        no_cve=fact("no_cve", _bounded),
        credits=fact("credits", lambda people: _each(people, _credit)),
        references=fact("references", lambda texts: _each(texts, _address)),
        related=fact("related", lambda texts: _each(texts, CveId.parse)),
        workaround=fact("workaround", _bounded),
        issue_url=url if url.startswith("https://") else "",
        origins=fact("origins", lambda texts: _each(texts, _commit)),
    )


def read_advisory(facts: Mapping[str, Any], ref: str, url: str, release: Release) -> Advisory:
    """Read the advisory of one fix from its facts; raises `BadFact` naming the fix and the field."""
    told = decode(facts, FixFacts, ref)
    return _told(ref, (), lambda: _advisory(told, ref, url, release))


def _dependency(told: DependencyFacts, main: str) -> DependencyUpdate:
    cves = _told("", ("cves",), lambda: _each(told.cves, CveId.parse))
    return DependencyUpdate(told.name, told.version, told.product or main, cves, told.affected)


def read_extras(
    told: ReleaseFacts, release: Release, where: str = ""
) -> tuple[tuple[DependencyUpdate, ...], tuple[BugFix, ...], tuple[UpgradeNote, ...]]:
    """Read what else the release carries: dependency updates, bug fixes, notes on upgrading.

    Raises `BadFact` naming the field.
    """
    main = release.main.product.key
    dependencies = _told(where, ("dependencies",), lambda: _each(told.dependencies, lambda one: _dependency(one, main)))
    bug_fixes = tuple(BugFix(b.version, b.title, b.url) for b in told.bug_fixes)
    notes = tuple(UpgradeNote(n.version, tuple(n.kinds)) for n in told.upgrade_notes)
    return dependencies, bug_fixes, notes

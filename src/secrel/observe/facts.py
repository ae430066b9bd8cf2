"""Facts as people write them, on issues and in release files, decoded strictly into words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
from secrel.words.planned import planned_spans
from secrel.words.releases import Kind, Release, Shipment
from secrel.words.spans import Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version

T = TypeVar("T")
_LONGEST_TEXT = 20_000
_MOST = 2_000


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


def decode(facts: Mapping[str, Any], kind: type[T], where: str) -> T:
    """Decode `facts` strictly; raises `Misused` with the path of what is wrong."""
    try:
        return msgspec.convert(facts, kind, strict=False)
    except msgspec.ValidationError as fault:
        raise Misused(
            str(fault)[:300], where=where, remedy="correct this field; docs/release-file.md has them all"
        ) from (fault)


def _bounded(text: str, field: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise Misused(f"{field} has {len(text)} characters, and {_LONGEST_TEXT} are the most", remedy="shorten it")
    return text


def _shipment(told: ShipmentFacts, process: Process) -> Shipment:
    product = process.product(told.product)
    if product is None:
        known = ", ".join(p.key for p in process.products)
        raise Misused(f"{told.product[:40]!r} is no product of the process", remedy=f"use one of: {known}")
    versions = sorted((Version.parse(v) for v in told.versions), reverse=True)
    if not versions:
        raise Misused(f"{product.key} has no version", remedy="name the versions it ships, or leave the product out")
    series = [product.series_of(version) for version in versions]
    twice = next((s for s in series if series.count(s) > 1), None)
    if twice is not None:
        raise Misused(
            f"{product.key} has two versions in the series {twice}", remedy="a release ships one version of a series"
        )
    return Shipment(product, tuple(versions))


def _placed(where: str, read: Callable[[], T]) -> T:
    """Read something, and name the place in the complaint."""
    try:
        return read()
    except Misused as fault:
        raise Misused(fault.what, where=where or fault.where, remedy=fault.remedy) from fault


def _release(told: ReleaseFacts, process: Process) -> Release:
    if told.due.tzinfo is None:
        raise Misused("`due` has no time zone", remedy="write it as 2026-11-25T16:00:00+00:00")
    if not told.products:
        raise Misused("the release has no product", remedy="name at least one product with its versions")
    if not 0 < told.disclosure_days <= _MOST:
        raise Misused("`disclosure_days` is out of range", remedy="write a number of days, such as 30 or 90")
    if not re.fullmatch(r"[\w.+-]{1,80}", told.release):
        raise Misused("the name of the release is no name", remedy="use letters, digits, dots and dashes: 2026-11")
    shipments = tuple(_shipment(product, process) for product in told.products)
    keys = [shipment.product.key for shipment in shipments]
    if len(set(keys)) != len(keys):
        raise Misused("a product stands twice in the release", remedy="put all its versions in one place")
    return Release(told.release, told.kind, told.due, shipments, told.disclosure_days, told.form)


def read_release(facts: Mapping[str, Any], process: Process, where: str = "") -> tuple[Release, ReleaseFacts]:
    """Read a release from its facts; raises `Misused` with the field that is wrong or contradicts another."""
    told = decode(facts, ReleaseFacts, where)
    return _placed(where, lambda: _release(told, process)), told


def _affected(told: FixFacts, release: Release) -> tuple[Span, ...] | None:
    if told.affected is None:
        return None
    if isinstance(told.affected, SinceFacts):
        shipment = release.shipment(told.product) or release.main
        text = told.affected.since
        return planned_spans(None if text in ("all", "0") else Version.parse(text), shipment)
    return tuple(
        Span(Version.parse(s.since) if s.since else None, Version.parse(s.fixed) if s.fixed else None)
        for s in told.affected
    )


def _commit(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{7,64}", text):
        raise Misused(f"{text[:40]!r} is not a commit", remedy="give the commit's id, at least its first 7 digits")
    return text


def _advisory(told: FixFacts, ref: str, url: str, release: Release) -> Advisory:
    product = told.product or release.main.product.key
    if release.shipment(product) is None:
        raise Misused(f"{product[:40]!r} is not shipped by this release", remedy="add the product, or correct the fix")
    return Advisory(
        fix=ref,
        title=_bounded(told.title, "title"),
        description=_bounded(told.description, "description"),
        product=product,
        edition=told.edition,
        affected=_affected(msgspec.structs.replace(told, product=product), release),
        vector=Vector.parse(told.vector) if told.vector else None,
        weakness=Cwe.parse(told.weakness) if told.weakness else None,
        cve_id=CveId.parse(told.cve) if told.cve else None,
        no_cve=told.no_cve,
        credits=tuple(Credit(c.name, c.source, c.type, c.profile, c.report) for c in told.credits),
        references=tuple(told.references),
        related=tuple(CveId.parse(c) for c in told.related),
        workaround=_bounded(told.workaround, "workaround"),
        issue_url=url if url.startswith("https://") else "",
        origins=tuple(_commit(text) for text in told.origins),
    )


def read_advisory(facts: Mapping[str, Any], ref: str, url: str, release: Release) -> Advisory:
    """Read the advisory of one fix from its facts; raises `Misused` naming the fix and the field."""
    told = decode(facts, FixFacts, ref)
    return _placed(ref, lambda: _advisory(told, ref, url, release))


def read_extras(
    told: ReleaseFacts, release: Release
) -> tuple[tuple[DependencyUpdate, ...], tuple[BugFix, ...], tuple[UpgradeNote, ...]]:
    """Read what else the release carries: dependency updates, bug fixes, notes on upgrading."""
    main = release.main.product.key
    dependencies = tuple(
        DependencyUpdate(d.name, d.version, d.product or main, tuple(CveId.parse(c) for c in d.cves), d.affected)
        for d in told.dependencies
    )
    bug_fixes = tuple(BugFix(b.version, b.title, b.url) for b in told.bug_fixes)
    notes = tuple(UpgradeNote(n.version, tuple(n.kinds)) for n in told.upgrade_notes)
    return dependencies, bug_fixes, notes

"""From stated facts to words: a release of the process's products, and the advisories of its fixes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from msgspec.structs import replace

from secrel.process.table import Process
from secrel.reading.documents import Faults
from secrel.reading.signs import Path
from secrel.verify import described
from secrel.verify.cve5 import addresses
from secrel.words.advisories import OURS, Advisory, DependencyUpdate
from secrel.words.errors import Misused, within
from secrel.words.facts.stated import FixFacts, ReleaseFacts, Shipped, read_facts
from secrel.words.releases import Release, Shipment
from secrel.words.versions import Version

F = TypeVar("F", FixFacts, ReleaseFacts)
T = TypeVar("T")


def facts_in(kind: type[F], table: Mapping[str, object], path: Path, faults: Faults) -> F | None:
    """Read the facts of a table that stands at `path` of a file; note every line that is wrong, and give None then."""
    stated = read_facts(kind, table)
    for fault in stated.faults:
        faults.refused(path, fault.path, fault.what, fault.remedy)
    return None if stated.faults else stated.of(kind)


def _needed(value: T | None, name: str) -> T:
    return _given(value or None, name)


def _given(value: T | None, name: str) -> T:
    if value is None:
        remedy = "add it; secrel manual release-file has every field"
        raise Misused(f"`{name}` is missing", remedy=remedy)
    return value


def _shipment(told: Shipped, process: Process) -> Shipment:
    product = process.product(told.product)
    if product is None:
        known = ", ".join(p.key for p in process.products)
        raise Misused(f"{told.product[:40]!r} is no product of the process", remedy=f"use one of: {known}")
    versions = sorted(told.versions, reverse=True)
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
    shipments = []
    for number, shipped in enumerate(told.products):
        with within("products", number):
            shipments.append(_shipment(shipped, process))
    keys = [shipment.product.key for shipment in shipments]
    if len(set(keys)) != len(keys):
        remedy = "put all its versions in one place"
        raise Misused("a product stands twice in the release", remedy=remedy, path=("products",))
    return tuple(shipments)


def read_release(told: ReleaseFacts, process: Process, where: str = "") -> Release:
    """Make a release of its facts; what they leave open is as the process's `[defaults]` say.

    Raises `Misused` with `where` and the field for what is missing, unknown to the process, or contradicts another.
    """
    with within(where=where):
        name, kind, due = _needed(told.release, "release"), _needed(told.kind, "kind"), _needed(told.due, "due")
        shipments = _shipments(told, process)
        days = process.defaults.disclosure_days if told.disclosure_days is None else told.disclosure_days
        form = _needed(told.form or process.defaults.form, "form")
        return Release(name, kind, due, _needed(shipments, "products"), _given(days, "disclosure_days"), form)


def read_advisory(told: FixFacts, ref: str, url: str, release: Release) -> Advisory:
    """Make the advisory of one fix of its facts, its description without what they say already.

    Raises `Misused` naming the fix and the field.
    """
    product = told.product or release.main.product.key
    shipment = release.shipment(product)
    with within(where=ref):
        if shipment is None:
            what, remedy = "is not shipped by this release", "add the product, or correct the fix"
            raise Misused(f"{product[:40]!r} {what}", remedy=remedy, path=("product",))
        _refuse_contradictions(told)
        _refuse_later(told.fixed_already, shipment)
        with within("affected"):
            affected = told.affected.closed_by(shipment, told.fixed_already) if told.affected else None
        advisory = Advisory(
            fix=ref,
            title=_needed(told.title, "title"),
            description=told.description,
            product=product,
            edition=told.edition,
            affected=affected,
            vector=told.vector,
            weakness=told.weakness,
            cve_id=told.cve,
            assigned_by=told.assigned_by,
            no_cve=told.no_cve,
            credits=told.credits,
            references=told.references,
            related=told.related,
            workaround=told.workaround,
            issue_url=url if url.startswith("https://") else "",
            origins=told.origins,
            disclosure_days=told.disclosure_days,
            fixed_already=told.fixed_already,
            hosted_only=told.hosted_only,
            allowed=told.allowed,
        )
        return replace(advisory, description=described.plainly(advisory, shipment))


def _refuse_later(already: tuple[Version, ...], shipment: Shipment) -> None:
    """Raise `Misused` for a version that cannot have been published before: of this release, or after it."""
    ships = dict(zip(shipment.series, shipment.versions, strict=True))
    for number, version in enumerate(already):
        ours = ships.get(shipment.product.series_of(version))
        if ours is not None and version >= ours:
            what = f"{version} was not published before this release, which ships {ours}"
            raise Misused(what, remedy="leave it out", path=("fixed_already", number))


_NONE_NEEDED = "leave one of them out"


_MOST_SAID = 3500
"""Characters of a text that a person gives: the field that a record has for it holds 4,096, with words of ours."""


def _refuse_contradictions(told: FixFacts) -> None:
    """Raise `Misused` for two facts of a fix of which only one can be so, and for what no document can say."""
    if told.no_cve and (told.cve or told.assigned_by):
        raise Misused("says that no CVE id is needed, and whose it is", remedy=_NONE_NEEDED, path=("no_cve",))
    if told.hosted_only and (told.affected or told.fixed_already):
        what = "says that only a hosted service was affected, and which versions that people run"
        raise Misused(what, remedy=_NONE_NEEDED, path=("hosted_only",))
    if told.hosted_only and told.assigned_by == OURS:
        what = "says that only a hosted service was affected, and no record of that is written here"
        raise Misused(what, remedy="leave out the id, or name the CNA that assigned it", path=("hosted_only",))
    if told.cve is not None and told.cve in told.related:
        raise Misused(
            f"{told.cve} is its own id", remedy="leave it out", path=("related", told.related.index(told.cve))
        )
    for name in ("description", "workaround"):
        if len(getattr(told, name) or "") > _MOST_SAID:
            what = f"it has over {_MOST_SAID:,} characters, and a CVE record has no room for it"
            raise Misused(what, remedy="say it shorter; what is more belongs on the issue", path=(name,))
    for number, address in enumerate(told.references):
        if addresses.canonical(address) is None:
            what, remedy = "this is no web address that a CVE record can hold", "write it as https://HOST/PATH"
            raise Misused(what, remedy=remedy, path=("references", number))


def dependencies_of(told: ReleaseFacts, release: Release) -> tuple[DependencyUpdate, ...]:
    """Give the dependency updates that the release carries, each with its product: without one, the main one."""
    main = release.main.product.key
    return tuple(
        DependencyUpdate(d.name, d.version, d.product or main, d.cves, d.affected, d.no_cve) for d in told.dependencies
    )

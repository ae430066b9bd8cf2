"""What a template may place: the release's versions, the words that agree with their number, updates and notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from secrel.papers.post.entries import linked_cves
from secrel.papers.post.form import Form
from secrel.papers.text import Markdown, link, one_line
from secrel.words.advisories import Contents
from secrel.words.errors import Misused
from secrel.words.releases import Release, Shipment, joined


class ShipmentView(Struct, frozen=True):
    """One product of the release: `said` is `version 16.0.1` or `versions 15.5.2, 15.4.4, and 15.3.5`."""

    name: str
    product: str
    versions: tuple[str, ...]
    said: str
    update_url: str


class UpdateView(Struct, frozen=True):
    """A third party's fix that we ship; `cves` are its existing ids, linked."""

    name: str
    version: str
    product: str
    cves: Markdown
    affected: str


def shipment_view(shipment: Shipment, form: Form) -> ShipmentView:
    """Make the view of one product's versions."""
    versions = tuple(str(version) for version in shipment.versions)
    listed = listed_versions(shipment, form)
    return ShipmentView(
        name=shipment.product.name,
        product=shipment.product.cve_product,
        versions=versions,
        said=f"version{'s' if len(versions) > 1 else ''} {listed}",
        update_url=shipment.product.update_url,
    )


def listed_versions(shipment: Shipment, form: Form) -> str:
    """List versions as the form's titles do: with a serial comma and `and`, or with commas alone."""
    return joined(shipment.versions) if form.says("title", "serial_comma") else ", ".join(map(str, shipment.versions))


def updates(contents: Contents, form: Form) -> list[UpdateView]:
    """Make the views of the dependency updates, in their order."""
    found = []
    for update in contents.dependencies:
        shipment = contents.release.shipment(update.product)
        if shipment is None:
            raise Misused(
                f"the product {update.product[:40]!r} is not in the release",
                where=f"release {contents.release.name}, dependency update",
                remedy=f"name one of its products: {joined(s.product.key for s in contents.release.shipments)}",
            )
        cves = linked_cves(update.cve_ids, form) if update.cve_ids else Markdown("")
        affected = one_line(update.affected).rstrip(".")
        product = shipment.product.cve_product
        found.append(UpdateView(one_line(update.name), one_line(update.version), product, cves, affected))
    return found


def bug_fixes(contents: Contents) -> list[tuple[str, list[Markdown]]]:
    """Give, for every version that has them, its heading and its linked changes, in the order of the versions."""
    headings = _version_headings(contents.release, (fix.version for fix in contents.bug_fixes), "bug fix")
    return [
        (heading, [link(fix.title, fix.url) for fix in contents.bug_fixes if fix.version == version])
        for version, heading in headings.items()
    ]


def upgrade_notes(contents: Contents) -> list[tuple[str, list[str]]]:
    """Give, for every kind of note in the order met, the versions that need that care."""
    headings = _version_headings(contents.release, (note.version for note in contents.upgrade_notes), "upgrade note")
    found: dict[str, list[str]] = {}
    for version, heading in headings.items():
        for note in contents.upgrade_notes:
            for kind in note.kinds if note.version == version else ():
                found.setdefault(one_line(kind), []).append(heading)
    return [(kind, list(dict.fromkeys(versions))) for kind, versions in found.items()]


def _version_headings(release: Release, wanted: Iterable[str], what: str) -> Mapping[str, str]:
    """Name the wanted versions as headings do, main product's bare; raises `Misused` for one that does not ship."""
    shipped: dict[str, str] = {}
    for shipment in release.shipments:
        prefix = "" if shipment is release.main else f"{shipment.product.cve_product} "
        for version in shipment.versions:
            shipped.setdefault(str(version), f"{prefix}{version}")
    asked = set(wanted)
    for unknown in sorted(asked - shipped.keys()):
        raise Misused(
            f"a {what} names version {unknown[:40]!r}, which the release does not ship",
            where=f"release {release.name}",
            remedy=f"name one of {joined(shipped)}",
        )
    return {version: heading for version, heading in shipped.items() if version in asked}

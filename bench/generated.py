"""A generated release on a real desk: many fixes, several series, several products, each fix with all its branches.

`make_desk(folder, Size())` gives the desk of whoever is Primary, with the release started and the clock standing still
nine days before it is due. Nothing is random: the same size is the same release. Vectors, weaknesses and ranges go
round, so that every severity occurs; every title is another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from secrel.cli.desk_files import example
from secrel.desk.desk import Desk
from secrel.desk.starting import start
from secrel.observe.release_file import ReleaseFile, read_release_file
from secrel.process.reading import builtin_text
from secrel.rehearsal.beginning import Beginning
from secrel.rehearsal.vendor import Vendor
from secrel.settings import load_settings
from secrel.wiring import make_site_repository, open_desk
from secrel.words.releases import Product, Shipment
from secrel.words.versions import Version

NAME = "2027-01-13"
DUE = datetime(2027, 1, 13, 16, tzinfo=UTC)
NOW = DUE - timedelta(days=9)
KEYS = ("product", "runner", "pages", "agent", "proxy")
VECTORS = (
    "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
    "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N",
    "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N",
    "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N",
)
WEAKNESSES = (
    "CWE-79: Cross-site Scripting",
    "CWE-284: Improper Access Control",
    "CWE-400: Uncontrolled Resource Consumption",
    "CWE-532: Insertion of Sensitive Information into Log File",
)
PARTS = (
    "notebooks",
    "tokens",
    "exports",
    "pipelines",
    "webhooks",
    "searches",
    "imports",
    "snippets",
    "wikis",
    "groups",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything: fixes in all, series of each product, products."""

    fixes: int = 200
    series: int = 5
    products: int = 3


def versions(size: Size) -> list[str]:
    """Name the versions of every product, highest first: one for each series."""
    return [f"18.{minor}.3" for minor in range(8, 8 - size.series, -1)]


def _product(key: str) -> str:
    return (
        f'\n[[product]]\nkey = "{key}"\nname = "Example {key.title()}"\nshort = "Example {key.title()}"\n'
        f'vendor = "Example Vendor"\ncve_product = "Example {key.title()}"\nrepository = "vendor/{key}"\n'
        'default_branch = "main"\nbranch = "{series}-stable"\ntag = "v{version}"\n'
    )


def _fix(number: int, size: Size) -> Iterator[str]:
    key = KEYS[number % size.products]
    first = f"17.{number % 9}"
    yield f"  - name: fix-{number}"
    yield f"    title: Weakness number {number} in {PARTS[number % len(PARTS)]}"
    yield f"    description: A crafted request to part {number} of the product read what it should not."
    yield f"    product: {key}"
    yield f'    affected: {{since: "{first}"}}'
    yield f"    vector: {VECTORS[number % len(VECTORS)]}"
    yield f'    weakness: "{WEAKNESSES[number % len(WEAKNESSES)]}"'
    yield f"    cve: CVE-2027-{10_000 + number}"
    yield "    assigned_by: us"
    yield f"    credits: [{{source: other, name: finder-{number}, report: report-{number}}}]"
    yield "    merge_requests:"
    for target in targets(size):
        yield f"      - {{branch: sec-{number}-{target}, target: {target}}}"


def targets(size: Size) -> list[str]:
    """Name the branches that every fix has to reach."""
    return ["main", *(f"{version.rpartition('.')[0]}-stable" for version in versions(size))]


def release_text(size: Size) -> str:
    """Write the release file."""
    shipped = ", ".join(versions(size))
    lines = [f"release: {NAME}", "kind: planned", f"due: {DUE.isoformat()}", "form: generic", "products:"]
    lines += [f"  - {{product: {key}, versions: [{shipped}]}}" for key in KEYS[: size.products]]
    lines += ["primary: amara", "secondary: bjorn", "fixes:"]
    for number in range(size.fixes):
        lines += _fix(number, size)
    return "\n".join(lines) + "\n"


def _repositories(folder: Path, size: Size) -> Iterator[str]:
    for key in KEYS[: size.products]:
        product = Product(key, key, key, "v", key, f"vendor/{key}", branch="{series}-stable")
        shipment = Shipment(product, tuple(Version.parse(version) for version in versions(size)))
        vendor = Vendor(folder / f"{key}.git", Beginning(shipment), DUE)
        for number in range(size.fixes):
            if KEYS[number % size.products] == key:
                for target in targets(size):
                    vendor.write_fix(f"sec-{number}-{target}", target, f"fix-{number}", DUE - timedelta(days=20))
        yield f'"vendor/{key}" = "{key}.git"'
    for place in ("site-private", "site"):
        make_site_repository(folder / f"{place}.git", "main", DUE - timedelta(days=90))
        yield f'"vendor/{place}" = "{place}.git"'


def make_desk(folder: Path, size: Size | None = None) -> Desk:
    """Make the desk in an empty folder, start the release, and give the desk of amara, who is Primary."""
    size = size or Size()
    folder.mkdir(parents=True, exist_ok=True)
    extra = "".join(_product(key) for key in KEYS[1 : size.products])
    (folder / "process.toml").write_text(builtin_text("generic") + extra, "utf-8")
    (folder / "team.toml").write_text(example("team.toml"), "utf-8")
    (folder / "release.yaml").write_text(release_text(size), "utf-8")
    repositories = "\n".join(_repositories(folder, size))
    settings = f'process = "process.toml"\n\n[forge]\nkind = "local"\n\n[repositories]\n{repositories}\n'
    (folder / "secrel.toml").write_text(settings, "utf-8")
    desk = open_desk(load_settings(folder), "amara", lambda: NOW, durable=False)
    start(desk, _file(desk, folder))
    return desk


def _file(desk: Desk, folder: Path) -> ReleaseFile:
    name = folder / "release.yaml"
    return read_release_file(name.read_text("utf-8"), str(name), desk.process)

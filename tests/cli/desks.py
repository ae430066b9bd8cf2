"""A real desk in a folder, and command lines run on it as a user would, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secrel.cli.main import run
from secrel.rehearsal.vendor import Vendor
from secrel.words.releases import Product, Shipment
from secrel.words.versions import Version

DUE = datetime.now(UTC).replace(microsecond=0) + timedelta(days=20)  # noqa: TID251 - commands read the real clock
VERSIONS = ("1.2.3", "1.1.9")

TEAM = """
[[person]]
username = "amara"
name = "Amara"
region = "emea"
zone = "UTC"
email = "amara@vendor.example"

[[person]]
username = "bjorn"
name = "Bjorn"
region = "amer"
zone = "America/Denver"
email = "bjorn@vendor.example"

[[person]]
username = "dewi"
name = "Dewi"
region = "apac"
zone = "Asia/Jakarta"
email = "dewi@vendor.example"
"""

RELEASE = f"""release: 2027-01
kind: planned
due: {DUE.isoformat()}
form: generic
products:
  - {{product: product, versions: [1.2.3, 1.1.9]}}
primary: amara
secondary: bjorn
fixes:
  - name: notebooks
    title: Stored script in notebooks
    description: A notebook could run script in the browser of whoever looked at it.
    affected: {{since: "1.0"}}
    vector: CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N
    weakness: "CWE-79: Cross-site Scripting"
    cve: CVE-2026-1111
    credits: [{{name: finder-one, report: report-1}}]
    merge_requests:
      - {{branch: security-notebooks-main, target: main}}
      - {{branch: security-notebooks-1.2-stable, target: 1.2-stable}}
      - {{branch: security-notebooks-1.1-stable, target: 1.1-stable}}
"""


@dataclass
class Answer:
    """What a command said and how it ended."""

    word: int
    out: str
    err: str


class User:
    """Runs commands on a desk in a folder, as amara unless said otherwise."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def __call__(self, *words: str, by: str = "amara") -> Answer:
        self.capsys.readouterr()
        ending = ["--desk", str(self.folder)]
        if by:
            ending += ["--by", by]
        word = run([*words, *ending])
        told = self.capsys.readouterr()
        return Answer(word, told.out, told.err)


def product() -> Product:
    """The product of the generic process."""
    return Product(
        "product",
        "Example Product",
        "Example Product",
        "Example Vendor",
        "Example Product",
        "vendor/product",
        branch="{series}-stable",
    )


def a_desk(folder: Path, capsys: pytest.CaptureFixture[str]) -> User:
    """Make a desk with a vendor's repository, a team and a release file; nothing is started."""
    shipment = Shipment(product(), tuple(Version.parse(v) for v in VERSIONS))
    vendor = Vendor(folder / "product.git", shipment, DUE)
    for target in vendor.targets(shipment):
        vendor.write_fix(f"security-notebooks-{target}", target, "notebooks", DUE - timedelta(days=30))
    assert run(["init", str(folder), "--process", "generic", "--repository", "vendor/product=product.git"]) == 0
    (folder / "team.toml").write_text(TEAM, "utf-8")
    (folder / "release.yaml").write_text(RELEASE, "utf-8")
    return User(folder, capsys)

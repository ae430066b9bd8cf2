"""A real desk in a folder, and command lines run on it as a user would, in this process."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secrel.cli.main import run
from secrel.rehearsal.beginning import Beginning
from secrel.rehearsal.vendor import Vendor
from secrel.words.releases import Product, Shipment
from secrel.words.versions import Version

DUE = datetime(2027, 1, 13, 16, tzinfo=UTC)
NOW = DUE - timedelta(days=20)
_AT = f"datetime.fromisoformat({NOW.isoformat()!r})"
SCRIPT = f"from datetime import datetime\nfrom secrel.cli.main import main\nmain(clock=lambda: {_AT})"
PROGRAM = (sys.executable, "-c", SCRIPT)
"""The program as a person runs it, but for the time."""
VERSIONS = ("1.2.3", "1.1.9")
NAMES = (
    *("--product", "Larkspur", "--vendor", "Larkspur Works", "--site", "https://www.larkspur"),
    *("--sender", "security@www.larkspur", "--cna", "7a4f9b52-1c3d-4e8f-9a06-5b2c8d7e1f30", "--cna-name", "Larkspur"),
)
"""What `secrel init` is told of the vendor, so that the desk may publish."""

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
    assigned_by: us
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
    """Runs commands on a desk in a folder, as amara unless said otherwise, at the time that `now` says."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.now = NOW

    def __call__(self, *words: str, by: str = "amara") -> Answer:
        self.capsys.readouterr()
        ending = ["--desk", str(self.folder)]
        if by:
            ending += ["--by", by]
        word = run([*words, *ending], clock=lambda: self.now)
        told = self.capsys.readouterr()
        return Answer(word, told.out, told.err)

    def elsewhere(self, *words: str) -> Answer:
        """Run a command that knows no desk."""
        self.capsys.readouterr()
        word = run([*words], clock=lambda: self.now)
        told = self.capsys.readouterr()
        return Answer(word, told.out, told.err)

    def as_process(self, *words: str, by: str = "amara", **environment: str) -> Answer:
        """Run a command in a process of its own, as a shell does, at the machine's time."""
        ending = ["--desk", str(self.folder), *(["--by", by] if by else [])]
        ended = subprocess.run(
            [*PROGRAM, *words, *ending],
            env={**clean_environment(), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return Answer(ended.returncode, ended.stdout, ended.stderr)


def clean_environment() -> dict[str, str]:
    """The environment of whoever runs the tests, without what would change an answer."""
    return {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "SECREL_DESK", "SECREL_BY"}}


def product() -> Product:
    """The product of the generic process."""
    return Product(
        "product",
        "Larkspur",
        "Larkspur",
        "Larkspur Works",
        "Larkspur",
        "vendor/product",
        branch="{series}-stable",
    )


def make_desk(folder: Path) -> None:
    """Make a desk with a vendor's repository, a team and a release file; nothing is started."""
    shipment = Shipment(product(), tuple(Version.parse(v) for v in VERSIONS))
    vendor = Vendor(folder / "product.git", Beginning(shipment), DUE)
    for target in vendor.targets(shipment):
        vendor.write_fix(f"security-notebooks-{target}", target, "notebooks", DUE - timedelta(days=30))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        repository = f"vendor/product={folder / 'product.git'}"
        assert run(["init", str(folder), "--repository", repository, *NAMES], clock=lambda: NOW) == 0
    (folder / "team.toml").write_text(TEAM, "utf-8")
    (folder / "release.yaml").write_text(RELEASE, "utf-8")


def a_desk(folder: Path, capsys: pytest.CaptureFixture[str]) -> User:
    """Make a desk, and give its user; nothing is started."""
    make_desk(folder)
    return User(folder, capsys)

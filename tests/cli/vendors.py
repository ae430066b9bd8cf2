"""Three vendors of different kinds, none like the one whose handbook ships, with what each says to begin.

A library without a CNA of its own, run by two people; a hosted product with two editions to install; a maker of devices
whose versions are days, without a repository that the desk may read.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.cli.desks import DUE

_ID = "7a4f9b52-1c3d-4e8f-9a06-5b2c8d7e1f30"


@dataclass(frozen=True)
class Vendor:
    """What `secrel init` is told, who is in the team (username, name, zone), the release, and repositories.

    `repositories` has for each folder the branch that fixes go to, the version that each series had, and the pattern of
    their branches. `ids` are assigned in the days before, by fix.
    """

    init: tuple[str, ...]
    people: tuple[tuple[str, str, str], ...]
    release: str
    ids: tuple[tuple[str, ...], ...]
    repositories: tuple[tuple[str, str, tuple[str, ...], str], ...] = ()

    def team(self) -> str:
        """The team file: everybody may do everything."""
        return "\n".join(
            f'[[person]]\nusername = "{username}"\nname = "{name}"\nzone = "{zone}"\n'
            f'region = "{zone.partition("/")[0].lower()}"\n'
            'roles = ["appsec", "release-manager", "communications", "developer"]\n'
            for username, name, zone in self.people
        )

    def build(self, folder: Path) -> None:
        """Make the repositories, with a branch for the fix of every series."""
        for name, main, versions, pattern in self.repositories:
            place = folder / name
            _git(folder, "init", "--quiet", "--initial-branch", main, name)
            for version in versions:
                _commit(place, version, {"VERSION": version})
                _git(place, "tag", f"v{version}")
                _git(place, "branch", pattern.format(version.rpartition(".")[0]))
            for target in (main, *(pattern.format(version.rpartition(".")[0]) for version in versions)):
                _git(place, "switch", "--quiet", "--create", f"fix-{target.rpartition('/')[2]}", target)
                _commit(place, "Stop earlier", {"fix.txt": "it stops earlier"})
            _git(place, "switch", "--quiet", "--detach", main)


def _git(place: Path, *words: str) -> None:
    who = {f"GIT_{part}_NAME": "Vendor" for part in ("AUTHOR", "COMMITTER")}
    who |= {f"GIT_{part}_EMAIL": "v@vendor.test" for part in ("AUTHOR", "COMMITTER")}
    subprocess.run(["git", *words], cwd=place, check=True, capture_output=True, env={**os.environ, **who})


def _commit(place: Path, message: str, files: dict[str, str]) -> None:
    for name, text in files.items():
        (place / name).write_text(text, "utf-8")
    _git(place, "add", "--all")
    _git(place, "commit", "--quiet", "--message", message)


LIBRARY = Vendor(
    (
        *("--repository", "vendor/product=library", "--without", "cna", "--product", "Parsley"),
        *("--vendor", "Parsley Project", "--site", "https://parsley.land", "--sender", "security@parsley.land"),
    ),
    (("olga", "Ольга Иванова", "Europe/Sofia"), ("wang", "王小明", "Asia/Shanghai")),
    f"""release: first
kind: planned
due: {DUE.isoformat()}
products:
  - {{product: product, versions: [3.0.1, 2.4.2]}}
fixes:
  - name: depth
    title: Uncontrolled recursion while parsing nested arrays
    description: A deeply nested document could exhaust the stack of the process that parses it.
    affected: {{since: "2.3"}}
    vector: CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N
    weakness: CWE-674
    assigned_by: Registry_M
    credits: [{{source: other, name: Дмитрий Петров, report: petrov@finder.land}}]
    merge_requests:
      - {{branch: fix-main, target: main}}
      - {{branch: fix-3.0, target: release/3.0}}
      - {{branch: fix-2.4, target: release/2.4}}
""",
    (("vendor/product#1", "cve=CVE-2026-41234"),),
    (("library", "main", ("2.4.1", "3.0.0"), "release/{}"),),
)
HOSTED = Vendor(
    (
        *("--repository", "vendor/product=server", "--product", "Ledgerly Server", "--vendor", "Ledgerly BV"),
        *("--site", "https://ledgerly.land/security", "--contact", "https://ledgerly.land/support"),
        *("--sender", "security@ledgerly.land", "--cna", _ID, "--cna-name", "Ledgerly"),
    ),
    (
        ("noor", "Noor de Vries", "Europe/Amsterdam"),
        ("tama", "Tāmati Ngata", "Pacific/Auckland"),
        ("lucia", "Lucía Peña", "America/Bogota"),
    ),
    f"""release: first
kind: planned
due: {DUE.isoformat()}
products:
  - {{product: product, versions: [26.10.2, 26.9.3]}}
fixes:
  - name: export
    title: Export of another tenant's invoices
    description: A user of one tenant could export the invoices of another tenant by guessing their numbers.
    affected: {{since: "26.8"}}
    vector: CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N
    weakness: CWE-639
    credits: [{{source: customer, name: "Zoë Müller-O'Brien", report: "https://support.ledgerly.land/tickets/811"}}]
    merge_requests:
      - {{branch: fix-trunk, target: trunk}}
      - {{branch: fix-26.10, target: support/26.10}}
      - {{branch: fix-26.9, target: support/26.9}}
  - name: sessions
    title: Sessions of the hosted service outlived a password change
    description: Sessions stayed valid for an hour after the password had been changed.
    hosted_only: Ledgerly Cloud
    vector: CVSS:3.1/AV:N/AC:H/PR:L/UI:N/S:U/C:L/I:L/A:N
    weakness: CWE-613
    credits: [{{source: internal}}]
""",
    (("vendor/product#1", "cve=CVE-2026-50001", "assigned_by=us"),),
    (("server", "trunk", ("26.9.2", "26.10.1"), "support/{}"),),
)
DEVICES = Vendor(
    (
        *("--without", "git", "--product", "Torvik NX router", "--vendor", "Torvik AS"),
        *("--site", "https://www.torvik.land", "--sender", "alerts@torvik.land", "--cna", _ID, "--cna-name", "Torvik"),
    ),
    (("ingrid", "Ingrid Åsen", "Europe/Oslo"), ("kenji", "佐藤 健二", "Asia/Tokyo")),
    f"""release: first
kind: unplanned
due: {DUE.isoformat()}
products:
  - {{product: product, versions: [2026.03.4, 2025.09.7]}}
fixes:
  - name: telnet
    title: Hard-coded password of the service account
    description: The service account of the management interface had the same password on every device.
    affected:
      - {{since: 2025.09.1, fixed: 2025.09.7}}
      - {{since: 2026.03.1, fixed: 2026.03.4}}
    vector: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
    weakness: CWE-798
    credits: [{{source: other, name: Søren Kjær, report: soren@finder.land}}]
    labels: ["severity::1"]
  - name: dhcp
    title: Restart on a malformed option
    description: A malformed option restarted the device.
    affected: [{{since: 2026.03.2, fixed: 2026.03.4}}]
    vector: CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H
    weakness: CWE-20
    credits: [{{source: internal}}]
""",
    (
        ("vendor/product#1", "cve=CVE-2026-60001", "assigned_by=us"),
        ("vendor/product#2", "cve=CVE-2026-60002", "assigned_by=us"),
    ),
)
VENDORS = {"library": LIBRARY, "hosted": HOSTED, "devices": DEVICES}

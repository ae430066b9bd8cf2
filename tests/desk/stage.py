"""A desk of the generic process in a folder, with a real forge, outbox, journal and repositories, and a clock to set.

The vendor ships 1.2.3 and 1.1.9 on Wednesday 25 November 2026, 14:00 UTC, with two fixes: `notebooks` and `tokens`.
A stage is built once for each point of the release (`POINTS`) and copied for each test.
"""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp

import pygit2
from msgspec.structs import replace

from secrel.adapters.localforge.forge import LocalForge
from secrel.adapters.localforge.repository.sites import make_site
from secrel.desk.carrying_out import carry_out_approved, carry_out_free
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.desk.mailing import verify_mail
from secrel.desk.proposing import propose
from secrel.desk.sending import outgoing, say_sent
from secrel.desk.starting import start
from secrel.evaluate.registry import vocabulary
from secrel.observe.release_file import read_release_file
from secrel.papers.email.current import email_now
from secrel.process.filling import VendorNames, filled
from secrel.process.reading import builtin_text, read_process
from secrel.rehearsal.beginning import Beginning
from secrel.rehearsal.vendor import Vendor
from secrel.settings import LocalForgeSettings, Settings, load_settings
from secrel.wiring import open_desk, open_forge
from secrel.words.forge import Issue, MergeRequest, Pipeline
from secrel.words.people import NOBODY, actor_of
from secrel.words.releases import Shipment
from secrel.words.versions import Version
from tests.adapters.localforge.details import write_lines
from tests.cli.desks import TEAM, product
from tests.packing import pack

DUE = datetime(2026, 11, 25, 14, tzinfo=UTC)
NAME = "2026-11"
VERSIONS = ("1.2.3", "1.1.9")
FIXES = ("notebooks", "tokens")
NOTEBOOKS, TOKENS = "vendor/product#1", "vendor/product#2"

RELEASE = f"""release: {NAME}
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
    description: A notebook could run script in the browser of whoever looked at it, without a warning of any kind.
    affected: {{since: "1.0"}}
    vector: CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N
    weakness: "CWE-79: Cross-site Scripting"
    credits: [{{name: finder-one, report: "https://reports.example/1"}}]
    merge_requests:
      - {{branch: security-notebooks-main, target: main}}
      - {{branch: security-notebooks-1.2-stable, target: 1.2-stable}}
      - {{branch: security-notebooks-1.1-stable, target: 1.1-stable}}
  - name: tokens
    title: Tokens in the log files of workers
    description: |
      Tokens of the service were written into log files by every worker that started twice.

      Whoever could read those files was able to act in the name of other people.
    affected: {{since: "1.1"}}
    vector: CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:H/I:N/A:N
    weakness: CWE-532
    credits: [{{name: finder-number-two, report: "https://reports.example/2"}}]
    merge_requests:
      - {{branch: security-tokens-main, target: main}}
      - {{branch: security-tokens-1.2-stable, target: 1.2-stable}}
      - {{branch: security-tokens-1.1-stable, target: 1.1-stable}}
"""

CHIDI = """
[[person]]
username = "chidi"
name = "Chidi"
region = "emea"
zone = "UTC"
email = "chidi@vendor.example"
"""

OWN = VendorNames(
    product="Larkspur",
    vendor="Larkspur Works",
    site="https://www.larkspur",
    sender="security@www.larkspur",
    cna="7a4f9b52-1c3d-4e8f-9a06-5b2c8d7e1f30",
    cna_name="Larkspur",
)
"""The vendor's own names: with those that ship, nothing could become public."""

PROCESS_TEXT, _ = filled(builtin_text("generic"), builtin_text("generic"), OWN.values())
PROCESS = read_process(PROCESS_TEXT, "process.toml", vocabulary())

SETTINGS = """process = "process.toml"

[repositories]
"vendor/product" = "product.git"
"vendor/site-private" = "private.git"
"vendor/site" = "public.git"
"""


@dataclass
class Stage:
    """One desk's folder, and the clock that everything in it reads."""

    folder: Path
    at: datetime
    opened: list[Desk] = field(default_factory=list)

    def clock(self) -> datetime:
        """Tell the time."""
        return self.at

    @cached_property
    def settings(self) -> Settings:
        """The desk's settings."""
        return load_settings(self.folder)

    def desk(self, by: str = "amara") -> Desk:
        """The desk, with somebody at it; opened once."""
        if not self.opened:
            self.opened.append(self.another_desk(by))
        desk = self.opened[0]
        return replace(desk, actor=actor_of(desk.team, by) if by else NOBODY)

    def another_desk(self, by: str = "amara") -> Desk:
        """A desk that shares nothing with the others but the files, as on another laptop."""
        return open_desk(self.settings, by, self.clock, durable=False)

    @cached_property
    def forge(self) -> LocalForge:
        """The forge, as people use it."""
        return open_forge(self.settings, PROCESS, self.clock, durable=False)

    def close(self) -> None:
        """Let go of all files."""
        for desk in self.opened:
            desk.journal.close()
            if isinstance(desk.forge, LocalForge):
                desk.forge.close()
        self.opened.clear()
        if "forge" in self.__dict__:
            self.forge.close()
            del self.__dict__["forge"]

    def quiet(self, by: str = "amara") -> None:
        """Carry out everything that is quiet."""
        carry_out_free(self.desk(by), NAME)

    def approve(self, by: str = "amara", only: tuple[str, ...] | None = None) -> list[str]:
        """Read the plan, approve it, carry it out; gives the keys of what was carried out."""
        desk = self.desk(by)
        digest = propose(desk, look(desk, NAME), only).to_approve.digest
        return [outcome.effect.key for outcome in carry_out_approved(desk, NAME, read=digest, only=only)]

    def send(self, by: str = "amara") -> list[str]:
        """Say that everything in the outbox was sent; gives the keys, oldest first."""
        desk = self.desk(by)
        keys = [one.key for one in outgoing(desk.journal.entries(NAME), look(desk, NAME))]
        return [said.about for said in say_sent(desk, NAME, keys, "")]

    def made(self) -> dict[str, Issue]:
        """Every issue that the desk opened, by the key of its effect."""
        projects = {"vendor/product", *PROCESS.projects.values()}
        refs = [f"{project}#{number}" for project in projects for number in range(1, 40)]
        return {issue.mark: issue for issue in self.forge.people.issues(refs).values() if issue.mark}

    def write(self, ref: str, lines: Mapping[str, object]) -> None:
        """Write lines of an issue's details table as a person does, whatever they say; None takes one away."""
        assert isinstance(self.settings.forge, LocalForgeSettings)
        write_lines(self.settings.forge.database, ref, lines)

    def issue(self, what: str) -> Issue:
        """The issue with this mark, of this release (`checklist`), as it is now."""
        found = self.forge.people.issue_made(f"{NAME}/{what}")
        assert found is not None, what
        return found

    def request(self, what: str) -> MergeRequest:
        """The merge request with this mark, of this release (`post/draft`), as it is now."""
        found = self.forge.people.merge_request_made(f"{NAME}/{what}")
        assert found is not None, what
        return found

    def files(self, folder: str) -> list[Path]:
        """The files in a folder of the outbox."""
        return sorted(path for path in (self.folder / "outbox" / folder).rglob("*") if path.is_file())


def _shipment() -> Shipment:
    return Shipment(product(), tuple(Version.parse(text) for text in VERSIONS))


def _begun(stage: Stage) -> None:
    vendor = Vendor(stage.folder / "product.git", Beginning(_shipment()), DUE)
    for fix in FIXES:
        for target in vendor.targets(_shipment()):
            vendor.write_fix(f"security-{fix}-{target}", target, fix, DUE - timedelta(days=30))
    for site in ("private.git", "public.git"):
        make_site(stage.folder / site, "main", stage.at)
    (stage.folder / "team.toml").write_text(TEAM + CHIDI, "utf-8")
    (stage.folder / "process.toml").write_text(PROCESS_TEXT, "utf-8")
    (stage.folder / "secrel.toml").write_text(SETTINGS, "utf-8")
    start(stage.desk(), read_release_file(RELEASE, "release.yaml", PROCESS))
    for fix in (NOTEBOOKS, TOKENS):
        for request in stage.forge.people.related(fix):
            stage.forge.people.set_pipeline(request.ref, Pipeline.PASSED)
            stage.forge.people.approve(request.ref, "chidi", stage.at, "maintainer")


def _requested(stage: Stage) -> None:
    stage.at = DUE - timedelta(days=10)
    stage.quiet()
    for number, fix in enumerate((NOTEBOOKS, TOKENS), start=1):
        request = stage.issue(f"cve/request/{fix}")
        note = f"CVE-2026-{number}{number}{number}{number} is assigned."
        stage.forge.people.add_note(request.ref, note, "cna", stage.at)
    stage.quiet()


def _drafted(stage: Stage) -> None:
    stage.at = DUE - timedelta(days=4)
    stage.quiet()


def _ready(stage: Stage) -> None:
    stage.at = DUE - timedelta(days=2)
    stage.forge.people.approve(stage.request("post/draft").ref, "bjorn", stage.at, "appsec")
    stage.at = DUE - timedelta(days=1)
    for fix in (NOTEBOOKS, TOKENS):
        for request in stage.forge.people.related(fix):
            stage.forge.people.merge(request.ref, "release-managers", stage.at)
    stage.at = DUE - timedelta(hours=2)
    repository = pygit2.Repository(stage.folder / "product.git")
    for version in _shipment().versions:
        branch = product().branch_of(product().series_of(version))
        head = repository.references[f"refs/heads/{branch}"].target
        repository.references.create(f"refs/tags/{product().tag_of(version)}", head)
    stage.quiet()


def _live(stage: Stage) -> None:
    stage.at = DUE + timedelta(minutes=1)
    stage.quiet()
    stage.approve("amara")
    stage.quiet()
    post = stage.request("post/release")
    stage.forge.people.merge(post.ref, "release-managers", stage.at)
    stage.at = DUE + timedelta(minutes=30)
    stage.quiet()
    verify_mail(stage.desk("bjorn"), NAME, email_now(look(stage.desk(), NAME)).eml.encode())


POINTS: dict[str, tuple[str, Callable[[Stage], None]]] = {
    "begun": ("", _begun),
    "requested": ("begun", _requested),
    "drafted": ("requested", _drafted),
    "ready": ("drafted", _ready),
    "live": ("ready", _live),
}
"""The points of a release, each with the one before it and the way from there."""


@cache
def _built(point: str) -> tuple[Path, datetime]:
    before, go_on = POINTS[point]
    folder = Path(mkdtemp(prefix=f"secrel-{point}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    at = DUE - timedelta(days=20)
    if before:
        earlier, at = _built(before)
        shutil.copytree(earlier, folder, dirs_exist_ok=True)
    stage = Stage(folder, at)
    go_on(stage)
    stage.close()
    pack(folder)
    return folder, stage.at


@contextmanager
def a_stage(point: str, folder: Path) -> Iterator[Stage]:
    """Give a stage of its own at one point of the release, in a folder that is not there yet."""
    built, at = _built(point)
    shutil.copytree(built, folder)
    stage = Stage(folder, at)
    try:
        yield stage
    finally:
        stage.close()

"""The embedded forge as a venue: its own people, and git repositories beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
import pygit2

from secrel.adapters.localforge.forge import LocalForge
from secrel.adapters.localforge.people import NewIssue, NewMergeRequest
from secrel.process.reading import builtin_text
from secrel.process.table import Process
from secrel.rehearsal.story import Story, team_text
from secrel.rehearsal.vendor import Vendor, commit_file
from secrel.rehearsal.venues.venue import Clock, FixReport, FixRequest, Laid
from secrel.settings import FILE, Settings, load_settings
from secrel.wiring import make_site_repository, open_desk, open_forge
from secrel.words.facts.stated import Facts
from secrel.words.forge import Issue, MergeRequest, Pipeline
from secrel.words.people import NOBODY
from secrel.words.releases import Product, Shipment
from secrel.words.versions import Version

SITES = ("security_site", "canonical_site")


class EmbeddedCode:
    """A product's repository on the disk."""

    def __init__(self, vendor: Vendor, clock: Clock) -> None:
        """Take the repository, and what tells the time."""
        self._vendor = vendor
        self._clock = clock

    def targets(self, shipment: Shipment) -> list[str]:
        """Name the branches every fix has to reach."""
        return self._vendor.targets(shipment)

    def write_fix(self, branch: str, target: str, name: str) -> None:
        """Commit a fix on a new branch."""
        self._vendor.write_fix(branch, target, name, self._clock())

    def revert_fix(self, target: str, name: str) -> None:
        """Take a fix out of a branch again, when it is there."""
        self._vendor.revert_fix(target, name, self._clock())

    def restore_fix(self, target: str, name: str) -> None:
        """Bring a fix that was taken back into a branch again."""
        self._vendor.restore_fix(target, name, self._clock())

    def tag_version(self, version: Version, *, lacking: str = "") -> None:
        """Tag a version."""
        self._vendor.tag_version(version, self._clock(), lacking=lacking)

    def holds(self, version: Version, name: str) -> bool:
        """Whether a version's tag has a fix."""
        return self._vendor.holds(version, name)


class EmbeddedActs:
    """What people do on the embedded forge, and in the repositories beside it."""

    def __init__(
        self, forge: LocalForge, settings: Settings, codes: Mapping[str, EmbeddedCode], site: str, clock: Clock
    ) -> None:
        """Take the forge, the products' repositories, and the project of the site that everybody reads."""
        self.forge = forge
        self.people = forge.people
        self._settings = settings
        self._codes = codes
        self._site = pygit2.Repository(settings.repositories[site])
        self._clock = clock

    def issues(self, refs: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues with these references, without those that do not exist."""
        return self.people.issues(refs)

    def issues_made(self, keys: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues that the desk opened by the effects with these keys."""
        return self.people.issues_made(keys)

    def issue_made(self, key: str) -> Issue | None:
        """Give the issue that the desk opened by this effect."""
        return self.people.issue_made(key)

    def merge_request_made(self, key: str) -> MergeRequest | None:
        """Give the merge request that the desk opened by this effect, with its files."""
        return self.people.merge_request_made(key)

    def linked(self, ref: str) -> frozenset[str]:
        """Give the references of what is linked to an issue now."""
        return frozenset(link.ref for link in self.people.linked(ref) if link.until is None)

    def public_site(self) -> Mapping[str, str]:
        """Give the newest commit of each branch of the site that everybody reads."""
        return {name: str(self._site.references[name].target) for name in self._site.references}

    def code(self, product: str) -> EmbeddedCode:
        """Give the repository of a product."""
        return self._codes[product]

    def report(self, new: FixReport, by: str) -> str:
        """Open the issue of a fix."""
        issue = NewIssue(new.project, new.title, by, self._clock(), labels=tuple(new.labels), facts=new.facts)
        return self.people.open_issue(issue)

    def open_beside(self, new: FixReport, by: str) -> str:
        """Open an issue that is no fix's."""
        return self.report(new, by)

    def disclosed(self, ref: str) -> str:
        """Give what becomes public of a fix: its issue, since nobody has a mirror here."""
        return ref

    def request(self, new: FixRequest, by: str) -> str:
        """Open a merge request of a fix."""
        told = NewMergeRequest(
            new.project,
            new.branch,
            new.target,
            new.title,
            by,
            self._clock(),
            issues=[new.issue],
            labels=tuple(new.labels),
            milestone=new.milestone,
            assignees=tuple(new.assignees),
            body=new.body,
        )
        return self.people.add_merge_request(told)

    def set_pipeline(self, ref: str, pipeline: Pipeline) -> None:
        """Let the pipeline of a merge request end so."""
        self.people.set_pipeline(ref, pipeline)

    def approve(self, ref: str, by: str, team: str = "") -> None:
        """Approve a merge request as it now is."""
        self.people.approve(ref, by, self._clock(), team)

    def withdraw(self, ref: str, by: str) -> None:
        """Take one's approval back."""
        self.people.withdraw(ref, by)

    def merge(self, ref: str, by: str) -> None:
        """Merge a merge request."""
        self.people.merge(ref, by, self._clock())

    def rewrite_file(self, request: MergeRequest, path: str, text: str, by: str) -> None:
        """Give a file on a merge request's branch another text."""
        repository = self._settings.repositories[request.ref.partition("!")[0]]
        commit_file(repository, request.branch, (path, text), by, self._clock())

    def link(self, ref: str, to: str, by: str) -> None:
        """Link an issue to another."""
        self.people.link(ref, to, by, self._clock())

    def unlink(self, ref: str, to: str, by: str) -> None:
        """Take the link away; the embedded forge does not keep who did."""
        del by
        self.people.unlink(ref, to, self._clock())

    def change_facts(self, ref: str, changes: Facts, lines: Iterable[str], by: str) -> None:
        """Make lines of an issue's details table say what `changes` says."""
        del by
        self.people.change_facts(ref, changes, lines)

    def set_body(self, ref: str, body: str, by: str) -> None:
        """Rewrite the text of an issue."""
        del by
        self.people.set_body(ref, body)

    def add_label(self, ref: str, label: str, by: str) -> None:
        """Put a label on an issue."""
        del by
        self.people.add_label(ref, label)

    def add_note(self, ref: str, body: str, by: str) -> None:
        """Leave a note on an issue."""
        self.people.add_note(ref, body, by, self._clock())


class EmbeddedVenue:
    """The embedded forge, made anew in the folder of the rehearsal."""

    def clock(self, begins: datetime) -> Clock:
        """Give the clock, which the forge reads, too."""
        return Clock(begins)

    def laid(self, folder: Path, story: Story, process: Process, clock: Clock) -> Laid:
        """Make the repositories, the team's file and the settings, and open the forge."""
        codes: dict[str, EmbeddedCode] = {}
        repositories: dict[str, str] = {}
        for beginning in story.beginnings:
            product = beginning.shipment.product
            place = f"repositories/{product.key}.git"
            codes[product.key] = EmbeddedCode(Vendor(folder / place, beginning, story.release.due), clock)
            repositories[product.repository] = place
        for name in SITES:
            place = f"repositories/{name}.git"
            branch = process.projects.get("site_branch", "main")
            project = process.named("projects", name)
            if project not in repositories:
                make_site_repository(folder / place, branch, clock())
                repositories[project] = place
        (folder / "team.toml").write_text(team_text(), "utf-8")
        named = process.name
        if story.own:
            named = "process.toml"
            (folder / named).write_text(with_products(builtin_text(process.name), story.own), "utf-8")
        (folder / FILE).write_text(_settings(named, repositories), "utf-8")
        settings = load_settings(folder)
        forge = open_forge(settings, process, clock, durable=False)
        acts = EmbeddedActs(forge, settings, codes, process.named("projects", "canonical_site"), clock)
        desk = partial(open_desk, settings, "", clock, durable=False)
        return Laid(settings, desk, forge, acts, frozenset({NOBODY.username}), forge.close)


def _settings(process: str, repositories: Mapping[str, str]) -> str:
    lines = [f'process = "{process}"', "", "[repositories]"]
    lines += [f"{json.dumps(project)} = {json.dumps(path)}" for project, path in repositories.items()]
    return "\n".join(lines) + "\n"


def with_products(text: str, products: Iterable[Product]) -> str:
    """Give the text of a process that lists these products as well: what a desk reads that goes on in the folder."""
    tables = [
        [f"{name} = {json.dumps(value)}" for name, value in msgspec.to_builtins(product).items()]
        for product in products
    ]
    return "\n".join([text.rstrip("\n"), *("\n".join(["", "[[product]]", *lines]) for lines in tables)]) + "\n"

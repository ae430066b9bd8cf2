"""The stage of a rehearsal: a folder with a desk, the vendor's repositories, an embedded forge, and a clock."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from secrel.desk.desk import Desk
from secrel.process.table import Process
from secrel.rehearsal.story import Story, team_text
from secrel.rehearsal.vendor import Vendor
from secrel.roster.team import read_team
from secrel.settings import FILE, Settings, load_settings
from secrel.wiring import make_site_repository, open_desk, open_forge
from secrel.words.people import NOBODY, Person, actor_of

SITES = ("security_site", "canonical_site")


class Clock(Struct):
    """The simulated clock; it only goes forward."""

    at: datetime

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at

    def move_to(self, at: datetime) -> None:
        """Move it forward."""
        self.at = max(self.at, at)


@lru_cache(maxsize=4)
def _team(text: str) -> tuple[Person, ...]:
    return read_team(text).people


class Stage:
    """Everything of one rehearsal that lives on the disk, and the desks that are opened on it."""

    def __init__(self, folder: Path, story: Story, process: Process, begins: datetime) -> None:
        """Build it in `folder`, which must be empty or absent."""
        self.folder = folder
        self.story = story
        self.process = process
        self.clock = Clock(begins)
        self.vendors: dict[str, Vendor] = {}
        folder.mkdir(parents=True, exist_ok=True)
        repositories: dict[str, str] = {}
        for shipment in story.release.shipments:
            product = shipment.product
            path = folder / "repositories" / f"{product.key}.git"
            self.vendors[product.key] = Vendor(path, shipment, story.release.due)
            repositories[product.repository] = f"repositories/{product.key}.git"
        for name in SITES:
            place = f"repositories/{name}.git"
            branch = process.projects.get("site_branch", "main")
            project = process.named("projects", name)
            if project not in repositories:
                make_site_repository(folder / place, branch, begins)
                repositories[project] = place
        (folder / "team.toml").write_text(team_text(), "utf-8")
        (folder / FILE).write_text(_settings(process.name, repositories), "utf-8")
        self.settings: Settings = load_settings(folder)
        self.forge = open_forge(self.settings, process, self.clock, durable=False)
        self._desk: Desk | None = None

    @property
    def team(self) -> tuple[Person, ...]:
        """The team as it is now, with everybody's absences."""
        return _team((self.folder / "team.toml").read_text("utf-8"))

    @property
    def usernames(self) -> frozenset[str]:
        """The handles of the team, and of the desk that acts for it."""
        return frozenset(person.username for person in self.team) | {NOBODY.username}

    def desk(self, by: str = "") -> Desk:
        """The desk, with this person at it, or with nobody."""
        if self._desk is None:
            self._desk = replace(open_desk(self.settings, by, self.clock, durable=False), process=self.process)
        return replace(self._desk, actor=actor_of(self.team, by) if by else NOBODY, team=self.team)


def _settings(process: str, repositories: dict[str, str]) -> str:
    lines = [f'process = "{process}"', "", "[repositories]"]
    lines += [f"{json.dumps(project)} = {json.dumps(path)}" for project, path in repositories.items()]
    return "\n".join(lines) + "\n"

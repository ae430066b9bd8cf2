"""A GitLab as a venue: projects below a group of it that is for rehearsals alone, people by their own tokens."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from secrel.adapters.gitlab.client import Client
from secrel.adapters.gitlab.tokens import InFile, read_token
from secrel.adapters.gitlab.waiting import Timing
from secrel.process.table import Process
from secrel.rehearsal.story import Story, team_text
from secrel.rehearsal.venues.gitlab_acts import GitLabActs, Seer
from secrel.rehearsal.venues.gitlab_code import GitLabCode
from secrel.rehearsal.venues.sandbox import Sandbox
from secrel.rehearsal.venues.venue import DEVELOPER, OUTSIDERS, Clock, Laid
from secrel.roster.team import read_team
from secrel.settings import FILE, load_settings
from secrel.wiring import open_reader
from secrel.words.errors import Misused
from secrel.words.parts import need

_DESK = "desk"


class GitLabVenue:
    """A sandbox on a GitLab; its projects, labels, milestones, rules of approval and members are there before."""

    def __init__(self, sandbox: Sandbox, clock: Clock | None = None) -> None:
        """Take the sandbox, and the clock that the GitLab takes from the rehearsal; nothing is asked yet.

        Without such a clock the GitLab has its own.
        """
        self.sandbox = sandbox
        self._clock = clock

    def clock(self, begins: datetime) -> Clock:
        """Give the clock: the one that the GitLab takes, or one by which a server is really waited for."""
        given = self._clock or Clock(begins, time.sleep)
        given.move_to(begins)
        return given

    def laid(self, folder: Path, story: Story, process: Process, clock: Clock) -> Laid:
        """Write the settings, open everybody's side of the GitLab, and make branches and earlier tags.

        Raises `Misused` when somebody has no token, or when a story was played there before.
        """
        (folder / "process.toml").write_text(self.sandbox.moved(story.process.name), "utf-8")
        (folder / FILE).write_text(self._settings(), "utf-8")
        settings = load_settings(folder)
        forge = open_reader(settings, process, clock)
        if need(forge.marks(story.release.name), self.sandbox.group):
            raise Misused(
                f"{story.release.name} was played there before",
                where=self.sandbox.group,
                remedy="make the group's projects anew",
            )
        names = [_DESK, *OUTSIDERS, process.people["release_managers"], process.people["cna"]]
        names += [person.username for person in read_team(team_text()).people]
        tokens = {name: read_token(InFile(self.sandbox.tokens / name), {}) for name in names}
        client = cache(lambda name: Client(self.sandbox.url, tokens[name], Timing(clock, clock.wait)))
        managers = client(process.people["release_managers"])
        codes = {
            shipment.product.key: GitLabCode(client(DEVELOPER), managers, shipment.product)
            for shipment in story.release.shipments
        }
        for shipment in story.release.shipments:
            codes[shipment.product.key].begin(shipment)
        seer = Seer(forge, process, story.release.name)
        acts = GitLabActs(seer, client, codes, process.named("projects", "canonical_site"))
        return Laid(settings, forge, acts, frozenset({acts.username(_DESK)}))

    def _settings(self) -> str:
        told: Mapping[str, Mapping[str, str]] = {
            "forge": {"kind": "gitlab", "url": self.sandbox.url, "profile": self.sandbox.profile},
            "forge.token": {"file": str(self.sandbox.tokens / _DESK)},
        }
        lines = ['process = "process.toml"']
        for name, table in told.items():
            lines += ["", f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
        return "\n".join(lines) + "\n"

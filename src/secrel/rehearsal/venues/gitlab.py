"""A GitLab as a venue: projects below a group of it that is for rehearsals alone, people by their own tokens."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from secrel.adapters.gitlab.client import Client
from secrel.adapters.gitlab.forge import GitLab
from secrel.adapters.gitlab.tokens import InFile, Token, read_token
from secrel.adapters.gitlab.waiting import Timing
from secrel.observe.observing import tracking_rule
from secrel.ports.forge import ForgeReader
from secrel.process.table import Process
from secrel.rehearsal.story import Story, team_text
from secrel.rehearsal.venues.gitlab_acts import GitLabActs, Seer
from secrel.rehearsal.venues.gitlab_code import GitLabCode
from secrel.rehearsal.venues.sandbox import Sandbox
from secrel.rehearsal.venues.venue import DEVELOPER, OUTSIDERS, Clock, Laid
from secrel.roster.team import read_team
from secrel.settings import FILE, load_settings
from secrel.wiring import open_desk
from secrel.words.errors import Misused
from secrel.words.parts import need

_DESK = "desk"


class SandboxPeople:
    """Whoever has a token, each with a client that is made when they first act."""

    def __init__(self, url: str, tokens: Mapping[str, Token], timing: Timing) -> None:
        """Take the address and the tokens; nothing is asked yet."""
        self._url, self._tokens, self._timing = url, tokens, timing
        self._clients: dict[str, Client] = {}

    def client(self, name: str) -> Client:
        """Give the client of somebody."""
        if name not in self._clients:
            self._clients[name] = Client(self._url, self._tokens[name], self._timing)
        return self._clients[name]

    def close(self) -> None:
        """Let go of their connections."""
        for client in self._clients.values():
            client.close()


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

        Raises `Misused` when somebody has no token, when a story was played there before, or when it has products of
        its own: their projects lie below no group.
        """
        if story.own:
            remedy = "play it on the embedded forge: leave out --forge"
            raise Misused("a story with products of its own is played on no GitLab", where=story.name, remedy=remedy)
        names = [_DESK, *OUTSIDERS, process.people["release_managers"], process.people["cna"]]
        names += [person.username for person in read_team(team_text()).people]
        tokens = {name: read_token(InFile(self.sandbox.tokens / name), {}) for name in names}
        (folder / "team.toml").write_text(team_text(), "utf-8")
        (folder / "process.toml").write_text(self.sandbox.moved(story.process.name), "utf-8")
        (folder / FILE).write_text(self._settings(), "utf-8")
        settings = load_settings(folder)
        desk = open_desk(settings, "", clock, durable=False)
        people = SandboxPeople(self.sandbox.url, tokens, Timing(clock, clock.wait))
        with ExitStack() as opened:
            opened.callback(people.close)
            if isinstance(desk.forge, GitLab):
                opened.callback(desk.forge.close)
            self._check_unplayed(desk.forge, process, story.release.name)
            acts = _acts(story, process, desk.forge, people)
            is_timed = self._clock is not None
            accounts = frozenset({acts.username(_DESK)})
            return Laid(settings, lambda: desk, desk.forge, acts, accounts, opened.pop_all().close, is_timed)

    def _check_unplayed(self, forge: ForgeReader, process: Process, name: str) -> None:
        if need(forge.marks(name, tracking_rule(process)), self.sandbox.group):
            raise Misused(
                f"{name} was played there before",
                where=self.sandbox.group,
                remedy="make the group's projects anew",
            )

    def _settings(self) -> str:
        told: Mapping[str, Mapping[str, str]] = {
            "forge": {"kind": "gitlab", "url": self.sandbox.url, "profile": self.sandbox.profile},
            "forge.token": {"file": str(self.sandbox.tokens / _DESK)},
        }
        lines = ['process = "process.toml"']
        for name, table in told.items():
            lines += ["", f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
        return "\n".join(lines) + "\n"


def _acts(story: Story, process: Process, forge: ForgeReader, people: SandboxPeople) -> GitLabActs:
    """Make every product's branches and earlier tags, and give what people do from then on."""
    managers = people.client(process.people["release_managers"])
    codes: dict[str, GitLabCode] = {}
    for beginning in story.beginnings:
        product = beginning.shipment.product
        codes[product.key] = GitLabCode(people.client(DEVELOPER), managers, product)
        codes[product.key].begin(beginning)
    seer = Seer(forge, process, story.release.name)
    return GitLabActs(
        seer, people.client, codes, process.named("projects", "canonical_site"), process.named("projects", "tracking")
    )

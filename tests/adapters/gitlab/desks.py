"""A whole desk on the double of GitLab: its projects, people who open things there by hand, and a clock to set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from secrel.adapters.gitlab.client import Client
from secrel.adapters.gitlab.forge import GitLab
from secrel.adapters.gitlab.profile import read_profile
from secrel.adapters.gitlab.tokens import Token
from secrel.adapters.gitlab.waiting import Timing
from secrel.adapters.gitlab.writing.writer import GitLabWriter
from secrel.adapters.outbox.outbox import Outbox
from secrel.desk.desk import Desk
from secrel.journal.journal import Journal
from secrel.process.table import Process
from secrel.roster.team import read_team
from secrel.wiring import writers_of
from secrel.words.people import actor_of
from tests.cli.desks import TEAM
from tests.desk.stage import PROCESS
from tests.gitlab_double import DEVELOPER, MAINTAINER, Clock, Double, World
from tests.gitlab_double.world.things import Issue, MergeRequest

PROFILE = 'tier = "premium"\naccounts = ["Desk-Bot"]\n'


@dataclass
class DeskOnGitLab:
    """A GitLab that has what a process names, and desks on it that share a journal in a folder."""

    folder: Path
    process: Process = PROCESS
    profile: str = PROFILE
    at: datetime = datetime(2026, 11, 5, 14, tzinfo=UTC)
    bot: str = "desk-bot"
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make projects, labels and people."""
        self.world = World(Clock(self.at))
        names = (self.bot, "release-bot", "developer", "amara", "bjorn", "dewi", *self.process.people.values())
        self.users = {name: self.world.user(name) for name in filter(None, dict.fromkeys(names))}
        levels = {user: MAINTAINER if name == self.bot else DEVELOPER for name, user in self.users.items()}
        named = {role: path for role, path in self.process.projects.items() if role != "site_branch"}
        public = {named.get("canonical_site", "")}
        paths = [*named.values(), *(product.repository for product in self.process.products)]
        self.projects = {
            path: self.world.project(path, members=levels, visibility="public" if path in public else "private")
            for path in dict.fromkeys(paths)
        }
        for project in self.projects.values():
            for label in dict.fromkeys(self.process.labels.values()):
                self.world.label(project, label)
            self.world.commit(project, "main", {"README.md": "# Here\n"}, message="begin")
        self.double = Double(self.world)

    @cached_property
    def _doors(self) -> tuple[GitLab, GitLabWriter]:
        projects = [path for role, path in self.process.projects.items() if role != "site_branch"]
        products = [product.repository for product in self.process.products]
        profile = read_profile(self.profile, "profile.toml", projects, products)

        def wait(seconds: float) -> None:
            self.waits.append(seconds)
            self.world.clock.wait(seconds)

        timing = Timing(self.clock, wait)
        token = Token(self.world.token(self.users[self.bot]))
        client = Client(self.world.site.url, token, timing, transport=self.double.transport())
        called = tuple(self.users)
        return GitLab(client, profile), GitLabWriter(client, timing, called, profile)

    @property
    def reader(self) -> GitLab:
        """What looks, and writes nothing."""
        return self._doors[0]

    @cached_property
    def journal(self) -> Journal:
        """What its desks remember."""
        return Journal(str(self.folder / "journal.db"), durable=False)

    def desk(self, by: str = "amara") -> Desk:
        """A desk with somebody at it, a minute later than anything before."""
        self.pass_time()
        team = read_team(TEAM, "team.toml", self.process.roles.known()).people
        forge, writer = self._doors
        return Desk(
            process=self.process,
            team=team,
            forge=forge,
            writers=writers_of(writer, Outbox(self.folder / "outbox", self.clock)),
            journal=self.journal,
            now=self.clock,
            actor=actor_of(team, by),
            targets=("GitLab", "outbox"),
        )

    def clock(self) -> datetime:
        """Tell the time."""
        return self.world.clock.now

    def pass_time(self, **more: float) -> None:
        """Let time pass: a minute, or more."""
        self.world.clock.now += timedelta(**(more or {"minutes": 1}))

    def open(self, project: str, title: str, body: str, by: str = "release-bot", **more: object) -> Issue:
        """Let somebody open an issue, confidential."""
        self.pass_time()
        told = {"confidential": True, "description": body, **more}
        return self.world.issue(self.projects[project], title, by=self.users[by], **told)

    def ref(self, thing: Issue | MergeRequest) -> str:
        """The reference of something."""
        path = next(path for path, project in self.projects.items() if project.id == thing.project_id)
        return f"{path}{'!' if isinstance(thing, MergeRequest) else '#'}{thing.iid}"

    def text(self, ref: str) -> str:
        """The description of something, as it stands there."""
        sign = "!" if "!" in ref else "#"
        path, _, number = ref.rpartition(sign)
        things = self.world.merge_requests if sign == "!" else self.world.issues
        return things[self.projects[path].id][int(number)].description or ""

"""Stories on the double of GitLab: a sandbox on it, filled as a team would have it before a rehearsal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from secrel.process.table import Process
from secrel.rehearsal.story import Story, team_text
from secrel.rehearsal.venues.gitlab import GitLabVenue
from secrel.rehearsal.venues.sandbox import Sandbox, read_sandbox
from secrel.rehearsal.venues.venue import OUTSIDERS, Clock, Laid
from secrel.roster.team import read_team
from tests.gitlab_double import MAINTAINER, Double, Site, World
from tests.gitlab_double import Clock as DoubleClock
from tests.gitlab_double.graphql.schema import schema
from tests.gitlab_double.serving import Served
from tests.gitlab_double.world.things import User

GROUP = "rehearsals"
DESK = "desk-bot"


class Shared(DoubleClock):
    """The rehearsal's clock, as the double reads it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    @property
    def now(self) -> datetime:  # type: ignore[override]
        """Tell the time."""
        return self.clock()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.wait(seconds)


def sandbox_on(folder: Path, url: str) -> Sandbox:
    """A sandbox file for the double that is served at this address, read."""
    file = folder / "sandbox.toml"
    file.write_text(f'sandbox = "{GROUP}"\nurl = "{url}"\n', "utf-8")
    (folder / "tokens").mkdir(exist_ok=True)
    return read_sandbox(file)


def filled(process: Process, time: DoubleClock, tokens: Path, url: str) -> World:
    """A GitLab with the projects of a process, its labels and people; everybody's token lies in a folder.

    The projects of products are mirrors that only members see; what is to become public lies beside the tracking issue.
    """
    world = World(time, Site(url=url))
    names = [*OUTSIDERS, process.people["release_managers"], process.people["cna"], process.people["release_bot"]]
    team = [person.username for person in read_team(team_text()).people]
    users: dict[str, User] = {name: world.user(name) for name in (DESK, *filter(None, names), *team)}
    group = world.group(GROUP, members=dict.fromkeys(users.values(), MAINTAINER))
    for label in process.labels.values():
        world.label(group, label)
    products = {product.repository: product.default_branch for product in process.products}
    site = process.projects["site_branch"]
    named = {one: site if "site" in role else "main" for role, one in process.projects.items() if role != "site_branch"}
    public = {process.projects["canonical_site"], process.projects["tracking"]}
    for path, branch in (named | products).items():
        project = world.project(path, visibility="public" if path in public else "private", default_branch=branch)
        world.milestone(project, "next")
        if path in products:
            world.rule(project, "Maintainers", 0, [users["maintainer"]])
        world.rule(project, "AppSec", 0, [users["security-engineer"], *(users[name] for name in team)])
    for name, user in users.items():
        (tokens / ("desk" if name == DESK else name)).write_text(world.token(user), "utf-8")
    return world


@dataclass
class OnDouble:
    """A venue on a double of its own, which takes the rehearsal's clock, or has one of its own from `own` on."""

    tmp: Path
    own: datetime | None = None
    doubles: list[Double] = field(default_factory=list)
    served: list[Served] = field(default_factory=list)
    opened: list[Laid] = field(default_factory=list)

    def clock(self, begins: datetime) -> Clock:
        """Give the clock; where the double has its own, time passes there when somebody waits."""
        return Clock(begins, self._waited if self.own else None)

    def _waited(self, seconds: float) -> None:
        self.doubles[-1].world.clock.wait(seconds)

    def opened_for(self, process: Process, clock: Clock) -> Sandbox:
        """Fill a double for a process, serve it, and give the sandbox on it."""
        schema()  # whoever has it not skips the test here, and not in the thread of the server
        time = DoubleClock(self.own) if self.own else Shared(clock)
        double = Double(World(time))
        server = double.served()
        url = server.__enter__()
        sandbox = sandbox_on(self.tmp, url)
        double.world = filled(process, time, sandbox.tokens, url)
        self.doubles.append(double)
        self.served.append(server)
        return sandbox

    def laid(self, folder: Path, story: Story, process: Process, clock: Clock) -> Laid:
        """Lay a venue on a double."""
        sandbox = self.opened_for(process, clock)
        laid = GitLabVenue(sandbox, None if self.own else clock).laid(folder, story, process, clock)
        self.opened.append(laid)
        return laid

    def close(self) -> None:
        """Let go of connections, and stop serving."""
        for laid in self.opened:
            laid.close()
        for server in self.served:
            server.__exit__(None, None, None)

"""A release on the double of GitLab, as people and a desk would have made it, and a reader of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import httpx2

from secrel.adapters.gitlab.client import Client, Limits
from secrel.adapters.gitlab.forge import GitLab
from secrel.adapters.gitlab.marks import line_of, together
from secrel.adapters.gitlab.profile import Profile
from secrel.adapters.gitlab.tokens import Token
from secrel.adapters.gitlab.waiting import Timing
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.forge import Issue
from secrel.words.sighting import TRACKING, Asked, Further, Sought
from tests.gitlab_double import DEVELOPER, GUEST, MAINTAINER, Clock, Double, World
from tests.gitlab_double.world.things import Issue as Item
from tests.gitlab_double.world.things import MergeRequest, Project, User

SECURITY, CANONICAL, CVES = "gitlab-org/security/gitlab", "gitlab-org/gitlab", "gitlab-org/cves"
SITE, BOARD = "gitlab-org/security/www-gitlab-com", "gitlab-com/gl-security/checklists"
PROJECTS = (SECURITY, CANONICAL, CVES, SITE, BOARD)
TEAMS = {"maintainers": "maintainer", "appsec": "appsec"}


@dataclass
class Stage:
    """A GitLab with the projects of the handbook, a bot that runs the desk, and people."""

    world: World = field(default_factory=lambda: World(Clock(datetime(2026, 11, 20, 12, tzinfo=UTC))))
    is_paid: bool = True
    teams: dict[str, str] = field(default_factory=lambda: dict(TEAMS))

    def __post_init__(self) -> None:
        self.bot, self.dev, self.guest = (self.world.user(name) for name in ("desk-bot", "amara", "guest"))
        members = {self.bot: MAINTAINER, self.dev: DEVELOPER, self.guest: GUEST}
        self.projects: dict[str, Project] = {
            name: self.world.project(name, members=members, visibility="public" if name == CANONICAL else "private")
            for name in PROJECTS
        }
        self.double = Double(self.world)
        self.transport: httpx2.BaseTransport = self.double.transport()
        self.waits: list[float] = []

    def at(self, name: str) -> Project:
        return self.projects[name]

    def pass_time(self, seconds: float = 60) -> None:
        self.world.clock.now += timedelta(seconds=seconds)

    def client(self, by: User | None = None, **limits: object) -> Client:
        def wait(seconds: float) -> None:
            self.waits.append(seconds)
            self.world.clock.wait(seconds)

        return Client(
            self.world.site.url,
            Token(self.world.token(by or self.bot)),
            Timing(lambda: self.world.clock.now, wait),
            transport=self.transport,
            limits=Limits(**limits),  # type: ignore[arg-type]
        )

    def forge(self, by: User | None = None, *, accounts: tuple[str, ...] = ("desk-bot",), **limits: object) -> GitLab:
        profile = Profile(accounts, self.teams, is_paid=self.is_paid, projects=PROJECTS)
        return GitLab(self.client(by, **limits), profile)

    def open(self, project: str, title: str, *, key: str = "", by: User | None = None, **more: object) -> Item:
        facts, words = more.pop("facts", None), str(more.pop("words", "what is in it"))
        text = together(words, facts=facts, mark=line_of(key) if key else "")  # type: ignore[arg-type]
        more = {"confidential": True, **more}
        return self.world.issue(self.at(project), title, by=by or self.bot, description=text, **more)

    def fix(self, number: int, tracking: Item, *, requests: int = 4) -> tuple[Item, list[MergeRequest]]:
        """A fix with its merge requests, each as ready as can be, linked to the tracking issue."""
        issue = self.open(
            SECURITY, f"fix {number}", by=self.dev, labels=["security"], facts=FixFacts(title=f"A fault {number}")
        )
        made = []
        for backport in range(requests):
            self.pass_time()
            request = self.world.merge_request(
                self.at(SECURITY), f"fix-{number}-{backport}", f"Fix {number}",
                by=self.dev, description=f"Related to #{issue.iid}\n\n- [x] done\n- [ ] open", labels=["security"],
                assignees=[self.bot],
            )  # fmt: skip
            made.append(request)
        self.pass_time()
        self.world.link(tracking, issue, by=self.bot)
        return issue, made


def ref(stage: Stage, thing: Item | MergeRequest) -> str:
    project = stage.world.projects[thing.project_id].path
    return f"{project}{'#' if isinstance(thing, Item) else '!'}{thing.iid}"


@dataclass
class Release:
    """What stands on the stage of one release."""

    stage: Stage
    tracking: Item
    checklist: Item
    draft: MergeRequest
    fixes: list[tuple[Item, list[MergeRequest]]]
    gone: Item
    cve: Item

    def asked(self, *, address: str | None = None, further: Callable[[Issue], Further] | None = None) -> Asked:
        where = ref(self.stage, self.tracking) if address is None else address
        return Asked(
            "2026-11",
            {
                TRACKING: Sought("2026-11/tracking", CANONICAL, where),
                "checklist": Sought("2026-11/checklist", BOARD),
                "comms": Sought("2026-11/comms", BOARD),
            },
            {"draft": Sought("2026-11/post/draft", SITE), "post": Sought("2026-11/post/release", CANONICAL)},
            cves=CVES,
            further=further or (lambda _tracking: Further({}, {SECURITY: ("v1.1.0", "v1.2.0")})),
            tags={CANONICAL: ("v1.0.0",)},
        )


def a_release(stage: Stage, *, fixes: int = 2, requests: int = 2) -> Release:
    """A release with everything: documents, fixes, one of them merged and tagged, and one taken out again."""
    world = stage.world
    facts = ReleaseFacts(release="2026-11")
    world.tag(stage.at(CANONICAL), "v1.0.0")
    tracking = stage.open(
        CANONICAL, "Security release", key="2026-11/tracking", facts=facts, due_date=date(2026, 11, 25),
        labels=["security", "upcoming security release"], assignees=[stage.bot, stage.dev],
    )  # fmt: skip
    checklist = stage.open(BOARD, "Checklist", key="2026-11/checklist", words="- [ ] one")
    stage.pass_time()
    made = [stage.fix(number, tracking, requests=requests) for number in range(fixes)]
    gone = stage.open(SECURITY, "taken out", by=stage.dev)
    link = world.link(tracking, gone, by=stage.dev)
    stage.pass_time()
    world.unlink(link, by=stage.bot)
    first = f"2026-11/cve/request/{ref(stage, made[0][0])}" if made else "2026-11/cve/request/none"
    cve = stage.open(CVES, "A CVE request", key=first, labels=["cve request"])
    world.note(cve, "assigned CVE-2026-0001", by=stage.dev)
    world.commit(stage.at(SITE), "2026-11-post", {"posts/post.md": "# Post\n"}, message="Draft", by=stage.bot)
    draft = world.merge_request(
        stage.at(SITE), "2026-11-post", "Draft: a post", by=stage.bot,
        description=together("please read", mark=line_of("2026-11/post/draft")), reviewers=[stage.dev],
    )  # fmt: skip
    world.note(tracking, together("a remark", mark=line_of("2026-11/say/1")), by=stage.bot)
    if made:
        world.approve(made[0][1][0], stage.bot)
        stage.pass_time()
        world.merge(made[0][1][0], by=stage.bot)
        world.tag(stage.at(SECURITY), "v1.1.0")
    return Release(stage, tracking, checklist, draft, made, gone, cve)

"""A stage for the exam on the double of GitLab: people act in its world, desks write and look through their clients."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from secrel.adapters.gitlab.client import Client, Limits
from secrel.adapters.gitlab.forge import GitLab
from secrel.adapters.gitlab.marks import taken_apart, together
from secrel.adapters.gitlab.profile import Profile, read_profile, shipped_text
from secrel.adapters.gitlab.tokens import Token
from secrel.adapters.gitlab.waiting import Timing
from secrel.adapters.gitlab.writing.texts import mark_line
from secrel.adapters.gitlab.writing.writer import GitLabWriter
from secrel.words.effects import Effect
from secrel.words.errors import Refused, SecrelError
from secrel.words.facts.stated import read_json
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.people import Actor
from tests.adapters.gitlab.breaking import ways
from tests.gitlab_double import DEVELOPER, MAINTAINER, Clock, Double, World, faults
from tests.gitlab_double.world.things import Issue, MergeRequest, Project, Reference, Thing

PRODUCT, SITE, BOARD = "group/app", "group/site", "group/board"
LABELS = ("security", "upcoming security release", "a", "b", "c", "other")
BOTS = ("desk-bot", "desk-bot-2")


class Died(BaseException):
    """The power failed."""


class GitLabDesk(GitLab, GitLabWriter):
    """A desk on one token: it looks and it writes."""

    def __init__(self, client: Client, timing: Timing, *, is_paid: bool = True) -> None:
        rows = read_profile(shipped_text(), "gitlab.toml").rows
        projects = (PRODUCT, SITE, BOARD)
        profile = Profile(BOTS, is_paid=is_paid, projects=projects, products=frozenset({PRODUCT}), rows=rows)
        GitLab.__init__(self, client, profile)
        GitLabWriter.__init__(self, client, timing, called=("@release-managers",), profile=profile)

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        return GitLabWriter.find(self, effect, begun=begun)

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        return GitLabWriter.do(self, effect, actor=actor)


class GitLabStage:
    """A GitLab with a product's project, a site's and a board, people, and two bots that run desks."""

    product, site, board = PRODUCT, SITE, BOARD

    def __init__(self, *, is_paid: bool = True) -> None:
        self.is_paid = is_paid
        self.world = World(Clock(datetime(2026, 11, 2, 9, tzinfo=UTC)))
        self.people = {name: self.world.user(name) for name in (*BOTS, "amara", "bjorn")}
        members = {user: MAINTAINER if name in BOTS else DEVELOPER for name, user in self.people.items()}
        for path in (PRODUCT, SITE, BOARD):
            visibility = "public" if path == BOARD else "private"
            project = self.world.project(path, members=members, visibility=visibility)
            for label in LABELS:
                self.world.label(project, label)
            self.world.milestone(project, "18.6")
        self.world.commit(self.at(PRODUCT), "main", {"src/a.txt": "broken\n", "src/b.txt": "fine\n"}, message="work")
        self.world.branch(self.at(PRODUCT), "stable", ref="main")
        self.world.commit(self.at(SITE), "main", {"index.md": "# Home\n"}, message="work")
        self.world.site.enterprise = is_paid
        self.double = Double(self.world)
        self.tokens = {name: self.world.token(self.people[name]) for name in BOTS}
        self.saved: World | None = None
        self.waited: list[float] = []

    def at(self, path: str) -> Project:
        found = self.world.by_path(path)
        assert found is not None
        return found

    def thing(self, ref: str) -> Thing:
        sign = "#" if "#" in ref else "!"
        project, _, number = ref.partition(sign)
        found = self.world.at(Reference(sign, self.at(project).id, int(number)))
        assert found is not None
        return found

    def client(self, bot: str = BOTS[0], **limits: Any) -> tuple[Client, Timing]:
        def wait(seconds: float) -> None:
            self.waited.append(seconds)
            self.world.clock.wait(seconds)

        timing = Timing(lambda: self.world.clock.now, wait)
        token = Token(self.tokens[bot])
        transport = self.double.transport()
        return Client(self.world.site.url, token, timing, transport=transport, limits=Limits(**limits)), timing

    def desk(self, bot: str = BOTS[0]) -> GitLabDesk:
        self._pass()
        return GitLabDesk(*self.client(bot), is_paid=self.is_paid)

    def _pass(self) -> None:
        self.world.clock.now += timedelta(minutes=1)

    def open_issue(self, title: str, body: str = "", labels: Sequence[str] = (), due: date | None = None) -> str:
        self._pass()
        more = {"description": body or None, "confidential": True, "labels": list(labels), "due_date": due}
        made = self.world.issue(self.at(BOARD), title, by=self.people["amara"], **more)
        return f"{BOARD}#{made.iid}"

    def edit(self, ref: str, body: str) -> None:
        self._pass()
        parts = taken_apart(self.thing(ref).description or "")
        text = together(body, facts=parts.facts, mark=mark_line(parts.mark))
        self.world.change(self.thing(ref), by=self.people["amara"], description=text)

    def publish(self, ref: str, *, confidential: bool = False) -> None:
        self._pass()
        self.world.change(self.thing(ref), by=self.people["amara"], confidential=confidential)

    def write(self, ref: str, lines: Mapping[str, object]) -> None:
        import json  # noqa: PLC0415

        self._pass()
        issue = self.thing(ref)
        parts = taken_apart(issue.description or "")
        table = {name: value for name, value in {**parts.facts.table, **lines}.items() if value is not None}
        text = together(parts.words, facts=read_json(json.dumps(table)), mark=mark_line(parts.mark))
        self.world.change(issue, by=self.people["amara"], description=text)

    def push(self, project: str, branch: str, files: Mapping[str, str]) -> str:
        self._pass()
        return self.world.commit(
            self.at(project), branch, files, message=f"work on {branch}", by=self.people["amara"]
        ).sha

    def open_merge_request(self, branch: str, target: str, issue: str) -> str:
        self._pass()
        made = self.world.merge_request(
            self.at(PRODUCT),
            branch,
            "Fix it",
            target=target,
            by=self.people["amara"],
            description=f"Related to {issue}",
        )
        return f"{PRODUCT}!{made.iid}"

    def merge(self, ref: str) -> str:
        self._pass()
        thing = self.thing(ref)
        assert isinstance(thing, MergeRequest)
        if thing.conflicts:
            raise Refused("it has conflicts")
        self.world.merge(thing, by=self.people["bjorn"])
        for other in self.world.merge_requests[thing.project_id].values():
            other.conflicts = other.state == "opened" and self._overlap(other, thing)
        return str(thing.merge_commit_sha)

    def _overlap(self, one: MergeRequest, other: MergeRequest) -> bool:
        """Whether two merge requests into one branch change a file in two ways: the double works no conflicts out."""
        commits = self.world.projects[one.project_id].repository.commits
        trees = [commits[str(sha)].tree for sha in (one.sha, other.sha)]
        known = {"src/a.txt": "broken\n", "src/b.txt": "fine\n"}
        changed = [{path for path, text in tree.items() if known.get(path) != text} for tree in trees]
        return one.target_branch == other.target_branch and any(
            trees[0][path] != trees[1][path] for path in changed[0] & changed[1] if path in known
        )

    def tag(self, name: str, branch: str) -> None:
        self.world.tag(self.at(PRODUCT), name, ref=branch)

    def save(self) -> None:
        self.saved = copy.deepcopy(self.world)

    def restore(self) -> None:
        assert self.saved is not None
        self.world = self.double.world = self.saved
        self.double.planned.clear()

    def breaks(self) -> Mapping[str, tuple[Callable[[], None], frozenset[str]]]:
        return ways(self.double)

    def race(self, effect: Effect) -> list[str]:
        told: list[str] = []
        barrier = threading.Barrier(2)

        def run(bot: str) -> None:
            desk = self.desk(bot)
            barrier.wait()
            try:
                told.append(desk.do(effect, actor=Actor("desk")).address)
            except SecrelError:  # the other was faster; what is there is looked for by the next run
                told.append("")

        racers = [threading.Thread(target=run, args=(bot,)) for bot in BOTS]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        return told

    def dies(self, effect: Effect, moment: int) -> bool:
        """Let a desk die before or after its request of this number is done: every other moment each."""
        number, is_done = divmod(moment - 1, 2)
        planned = self.double.fail("*", "/api/", faults.killed(Died, done=bool(is_done)), after=number)
        try:
            self.desk().do(effect, actor=Actor("desk"))
        except Died:
            return True
        finally:
            self.double.planned.remove(planned)
        return False


def issue_of(thing: Thing) -> Issue:
    assert isinstance(thing, Issue)
    return thing

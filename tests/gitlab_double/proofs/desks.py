"""A small release on the double, for the proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx2

from tests.gitlab_double import DEVELOPER, MAINTAINER, Clock, Double, Site, World
from tests.gitlab_double.world.things import Issue, MergeRequest, Project, User

NOW = datetime(2026, 9, 2, 9, 0, tzinfo=UTC)


@dataclass
class Desk:
    """Two projects, a tracking issue with a fix linked to it, and the fix's merge request."""

    world: World
    double: Double
    anna: User
    bot: User
    canonical: Project
    mirror: Project
    tracking: Issue
    fix: Issue
    change: MergeRequest
    token: str

    def client(self, token: str | None = None) -> httpx2.Client:
        """Give a client of the bot, or of another token; an empty one is sent none."""
        text = self.token if token is None else token
        headers = {"PRIVATE-TOKEN": text} if text else {}
        return httpx2.Client(
            base_url=f"{self.world.site.url}/api/v4", transport=self.double.transport(), headers=headers
        )

    def get(self, path: str, **params: Any) -> httpx2.Response:
        """Read as the bot."""
        return self.client().get(path, params=params)

    def post(self, path: str, **sent: Any) -> httpx2.Response:
        """Write as the bot."""
        return self.client().post(path, json=sent)

    def put(self, path: str, **sent: Any) -> httpx2.Response:
        """Change as the bot."""
        return self.client().put(path, json=sent)

    def ask(self, query: str, token: str | None = None, **variables: Any) -> dict[str, Any]:
        """Ask in GraphQL."""
        sent = {"query": query, "variables": variables}
        answer: dict[str, Any] = self.client(token).post(f"{self.world.site.url}/api/graphql", json=sent).json()
        return answer

    @property
    def here(self) -> str:
        """Where the mirror is."""
        return f"/projects/{self.mirror.id}"

    @property
    def notes(self) -> str:
        """Where the notes of the fix are."""
        return f"{self.here}/issues/{self.fix.iid}/notes"


def desk(site: Site | None = None) -> Desk:
    """Make one."""
    world = World(Clock(NOW), site)
    anna, bot = world.user("anna"), world.user("release-bot", bot=True)
    both = {anna: MAINTAINER, bot: DEVELOPER}
    canonical = world.project("gitlab-org/gitlab", visibility="public", members=both, default_branch="master")
    mirror = world.project("gitlab-org/security/gitlab", members=both, default_branch="master")
    labels = ["upcoming security release", "security"]
    tracking = world.issue(
        canonical, "Security release: 18.5.2", by=anna, labels=labels, confidential=True, due_date=date(2026, 9, 10)
    )
    fix = world.issue(mirror, "A title nobody may read", by=anna, labels=["security"])
    world.link(tracking, fix, by=anna)
    change = world.merge_request(mirror, "security-fix", "Fix it", by=anna, labels=["security"], assignees=[bot])
    return Desk(world, Double(world), anna, bot, canonical, mirror, tracking, fix, change, world.token(bot))

"""A planned release on the double of GitLab as bots and release managers leave it before the desk comes.

Titles, labels, days and who opens what are those of `gitlab-process.md` 2.1 and 5; of the templates, which are not
public, there is no more than their sections. No mark of a desk is on anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from secrel.process.table import Process
from secrel.rehearsal.cast.world import World as Cast
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import Story
from secrel.rehearsal.venues.venue import DEVELOPER
from secrel.words.releases import Release
from tests.gitlab_double.world.things import Issue, MergeRequest, Project, Thing, User
from tests.gitlab_double.world.world import World

_TRACKING = """## Version issues

{versions}

## Issues

Release managers link the implementation issues.

## Blog post

- Security: {draft}

## Other issues

- AppSec task issue: {checklist}
- Communications: {comms}
"""
_POST = """---
title: "GitLab Security Release: {versions}"
categories: releases
author: TODO
---

TODO
"""


def begin_by_hand(world: World, process: Process, release: Release, fixes: Sequence[str] = ()) -> dict[str, str]:
    """Open everything that is there two days before the desk comes, and give the references by document.

    `fixes` are the references of the fixes for which developers have asked for a CVE id.
    """
    versions = ", ".join(str(version) for version in sorted(release.main.versions, reverse=True))
    bot, managers = (_user(world, process.people[name]) for name in ("release_bot", "release_managers"))
    made: dict[str, str] = {}

    def issue(name: str, title: str, by: User, label: str, text: str) -> Issue:
        opened = world.issue(
            _project(world, process.projects[name]),
            title,
            by=by,
            description=text,
            labels=[process.labels[one] for one in label.split()],
            confidential=True,
            due_date=release.due.date(),
            assignees=[by],
        )
        made[name] = _ref(world, opened)
        return opened

    issue("checklist", f"Security patch release: {versions}", bot, "checklist", "- [ ] ping @release-managers\n")
    issue(
        "communications", f"Security Release Email Alert: {versions}", bot, "communications", "Release numbers: TODO\n"
    )
    for fix in fixes:
        request = world.issue(
            _project(world, process.projects["cves"]),
            "CVE ID request",
            by=_user(world, DEVELOPER),
            description=f"- Vulnerability: {fix}\n",
            labels=[process.labels["cve_request"]],
            confidential=True,
        )
        made[f"cve/{fix}"] = _ref(world, request)
    made["draft"] = _ref(world, _draft(world, process, release, versions))
    text = _TRACKING.format(
        versions="\n".join(f"- {version}" for version in release.main.versions),
        draft=made["draft"],
        checklist=made["checklist"],
        comms=made["communications"],
    )
    issue("tracking", f"Security release: {versions}", managers, "security upcoming", text)
    return made


def _draft(world: World, process: Process, release: Release, versions: str) -> MergeRequest:
    """The draft of the post that a bot opens, under a file name that the desk would not choose."""
    site, bot = _project(world, process.projects["security_site"]), _user(world, process.people["release_bot"])
    branch, day = f"create-{versions.split(',', maxsplit=1)[0].replace('.', '-')}-post", release.due.date()
    path = f"sites/uncategorized/source/releases/posts/{day}-security-release.html.md"
    world.commit(site, branch, {path: _POST.format(versions=versions)}, message="Add the post", by=bot)
    title = f"Draft: Security release post {versions}"
    return world.merge_request(site, branch, title, by=bot, labels=[process.labels["security"]])


def _project(world: World, path: str) -> Project:
    found = world.by_path(path)
    assert found is not None, path
    return found


def _user(world: World, name: str) -> User:
    found = world.by_username(name)
    assert found is not None, name
    return found


def _ref(world: World, thing: Thing) -> str:
    return f"{world.projects[thing.project_id].path}{'#' if isinstance(thing, Issue) else '!'}{thing.iid}"


class ByHand(Cast):
    """People around the desk who have opened everything before it comes, and linked what is ready."""

    def __init__(self, stage: Stage, story: Story, world: Callable[[], World]) -> None:
        """Take the stage, and what gives the world of the double once that is filled."""
        super().__init__(stage, story)
        self._world = world
        self.opened: dict[str, str] = {}

    def act(self, now: datetime) -> None:
        """Let everybody act, and at the first instant open what the desk is to find."""
        super().act(now)
        if not self.opened:
            there = list(self.known.issues.values())
            self.opened = begin_by_hand(self._world(), self.stage.process, self.story.release, there)
            ref = self.opened["tracking"]
            self._link_ready(self.acts.issues([ref])[ref], now)

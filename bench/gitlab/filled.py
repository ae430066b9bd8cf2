"""The release that is read, on the double of GitLab: fixes with merge requests in all states that a look tells."""

from __future__ import annotations

from datetime import UTC, datetime

from secrel.words.facts.stated import FixFacts
from secrel.words.sighting import TRACKING, Asked, Further, Sought
from tests.adapters.gitlab.worlds import BOARD, CANONICAL, CVES, SECURITY, SITE, Release, Stage, a_release, ref
from tests.gitlab_double import Clock, Site, World
from tests.gitlab_double.world import merging, saying
from tests.gitlab_double.world.things import Issue, MergeRequest

TARGETS = ("main", "18-5-stable", "18-4-stable", "18-3-stable")
PIPELINES = ("success", "failed", "running", "success")
TAGS = {CANONICAL: ("v1.0.0",)}
FURTHER = {SECURITY: ("v1.1.0", "v1.2.0")}
DOCUMENTS = {"checklist": BOARD, "comms": BOARD}
REQUESTS = {"draft": ("2026-11/post/draft", SITE), "post": ("2026-11/post/release", CANONICAL)}


def fill(fixes: int, requests: int) -> Release:
    """Give a release in a world where time stands still: the general throttle is off, since its minute never ends."""
    stage = Stage(World(Clock(datetime(2026, 11, 20, 12, tzinfo=UTC)), Site(requests_per_minute=None)))
    world, security = stage.world, stage.at(SECURITY)
    people = {name: world.user(name) for name in ("bjorn", "carla")}
    for rule, name in (("maintainers", "bjorn"), ("appsec", "carla")):
        world.rule(security, rule, 1, [people[name]])
    for branch in TARGETS[1:]:
        world.branch(security, branch)
    release = a_release(stage, fixes=0)
    for number in range(fixes):
        issue = _fix(release, number)
        made = [_request(release, issue, number, place) for place in range(requests)]
        release.fixes.append((issue, made))
        for place, one in enumerate(made):
            for who in list(people.values())[: (number + place) % 3]:
                stage.pass_time(1)
                world.approve(one, who)
            if number % 10 == 0:
                world.merge(one, by=stage.bot)
    world.tag(security, "v1.1.0")
    for requests_of in world.merge_requests.values():
        for one in requests_of.values():
            merging.settle(world, one)
    return release


def _fix(release: Release, number: int) -> Issue:
    stage = release.stage
    issue = stage.open(
        SECURITY, f"fix {number}", by=stage.dev, labels=["security", f"severity::{1 + number % 4}"],
        facts=FixFacts(title=f"A fault {number}"), confidential=number % 7 != 0, assignees=[stage.dev],
    )  # fmt: skip
    stage.pass_time()
    stage.world.link(release.tracking, issue, by=stage.bot if number % 2 else stage.dev)
    stage.world.note(issue, f"a word about {number}", by=stage.dev)
    key = f"2026-11/cve/request/{ref(stage, issue)}"
    cve = stage.open(CVES, f"A CVE request {number}", key=key, labels=["cve request", "advisory::queued"])
    stage.world.note(cve, f"assigned CVE-2026-{1000 + number}", by=stage.dev)
    return issue


def _request(release: Release, issue: Issue, number: int, place: int) -> MergeRequest:
    stage, world = release.stage, release.stage.world
    stage.pass_time()
    project = stage.at(SECURITY)
    request = world.merge_request(
        project, f"fix-{number}-{place}", f"{'Draft: ' if (number + place) % 9 == 1 else ''}Fix {number}",
        by=stage.dev, target=TARGETS[place % len(TARGETS)], labels=["security"], assignees=[stage.bot],
        description=f"Related to #{issue.iid}\n\n- [x] done\n- [ ] open", conflicts=(number + place) % 11 == 1,
    )  # fmt: skip
    if (number + place) % 5:
        world.pipeline(project, str(request.sha), PIPELINES[(number + place) % 4], ref=request.source_branch)
    world.note(request, f"a word about {number}, {place}", by=stage.dev)
    thread = world.discussion(request, "is this right?", by=stage.bot)
    if place % 2:
        saying.resolve(world, stage.dev, request, str(thread.discussion), resolved=True)
    return request


def asked(release: Release) -> Asked:
    """Give what the desk asks, with the address of the tracking issue known, as it is after the first day."""
    issues = {TRACKING: Sought("2026-11/tracking", CANONICAL, ref(release.stage, release.tracking))}
    issues |= {name: Sought(f"2026-11/{name}", project) for name, project in DOCUMENTS.items()}
    requests = {name: Sought(*told) for name, told in REQUESTS.items()}
    return Asked("2026-11", issues, requests, CVES, further=lambda _: Further({}, FURTHER), tags=TAGS)

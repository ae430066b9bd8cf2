"""Releases, deployments, who wrote what and in what (`ogr/Releases…`, `devlake`, `ogr/GenericCommands…`)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import Answer, Ask, refused
from tests.gitlab_double.rest.code.pipelines import job
from tests.gitlab_double.rest.code.repositories import commit
from tests.gitlab_double.rest.pages import paged
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import repositories as git
from tests.gitlab_double.world.asides import Release
from tests.gitlab_double.world.things import DEVELOPER, Pipeline, Project


def release(ask: Ask, project: Project, found: Release) -> dict[str, Any]:
    """Give a release (`ogr/Releases.test_create_release#3`)."""
    url = f"{ask.world.site.url}/{project.path}"
    sha = project.repository.tags[found.tag]
    name = project.path.rpartition("/")[2]
    archive = f"{url}/-/archive/{found.tag}/{name}-{found.tag}"
    at = ask.time(found.at)
    evidence = {
        "sha": git.digest(found.tag),
        "filepath": f"{url}/-/releases/{found.tag}/evidences/1.json",
        "collected_at": at,
    }
    return {
        "name": found.tag,
        "tag_name": found.tag,
        "description": found.description,
        "description_html": f"<p>{found.description}</p>",
        "created_at": at,
        "released_at": at,
        "upcoming_release": False,
        "author": shapes.user(ask.world, found.user_id),
        "commit": commit(ask, project, project.repository.commits[sha]),
        "commit_path": f"/{project.path}/-/commit/{sha}",
        "tag_path": f"/{project.path}/-/tags/{found.tag}",
        "assets": {
            "count": 4,
            "sources": [{"format": end, "url": f"{archive}.{end}"} for end in ("zip", "tar.gz", "tar.bz2", "tar")],
            "links": [],
        },
        "evidences": [evidence] if found.evidenced else [],
        "_links": {
            name: f"{url}/-/{rest}"
            for name, rest in {
                "closed_issues_url": f"issues?release_tag={found.tag}&scope=all&state=closed",
                "closed_merge_requests_url": f"merge_requests?release_tag={found.tag}&scope=all&state=closed",
                "merged_merge_requests_url": f"merge_requests?release_tag={found.tag}&scope=all&state=merged",
                "opened_issues_url": f"issues?release_tag={found.tag}&scope=all&state=opened",
                "opened_merge_requests_url": f"merge_requests?release_tag={found.tag}&scope=all&state=opened",
                "edit_url": f"releases/{found.tag}/edit",
                "self": f"releases/{found.tag}",
            }.items()
        },
    }


@route("GET", "/projects/:id/releases", "ogr/Releases.test_create_release#0")
def releases(ask: Ask) -> Answer:
    """List releases, newest first."""
    project = ask.project()
    return paged(ask, project.releases[::-1], lambda one: release(ask, project, one))


@route("POST", "/projects/:id/releases", "ogr/Releases.test_create_release#92")
def add_release(ask: Ask) -> Answer:
    """Say what a tag brings; a second word on it is refused."""
    project = ask.project(writes=DEVELOPER)
    ask.required("tag_name")
    name = ask.text("tag_name") or ""
    if any(one.tag == name for one in project.releases):
        raise refused(409, "Release already exists")
    if name not in project.repository.tags:
        raise refused(422, "Ref is not specified")
    made = ask.world.release(project, name, by=ask.someone(), description=ask.text("description") or "")
    return Answer(201, release(ask, project, made))


def _deployment(ask: Ask, project: Project, found: Pipeline) -> dict[str, Any]:
    at = ask.time(found.at)
    name = found.environment or ""
    return {
        "id": found.id,
        "iid": found.iid,
        "ref": found.ref,
        "sha": found.sha,
        "created_at": at,
        "updated_at": at,
        "user": shapes.user(ask.world, found.user_id),
        "environment": {"id": 1, "name": name, "slug": name, "external_url": None, "created_at": at, "updated_at": at},
        "deployable": job(ask, project, found, found.jobs[0]) if found.jobs else None,
        "status": found.status,
    }


@route("GET", "/projects/:id/deployments", "devlake")
def deployments(ask: Ask) -> Answer:
    """List deployments."""
    project = ask.project()
    found = [one for one in project.pipelines if one.environment is not None]
    return paged(ask, found, lambda one: _deployment(ask, project, one))


@route("GET", "/projects/:id/languages", "ogr/Service…")
def languages(ask: Ask) -> Answer:
    """Say which languages a project is in, by the ends of its file names."""
    project = ask.project()
    ends = {"py": "Python", "rb": "Ruby", "js": "JavaScript", "sh": "Shell"}
    sha = project.repository.branches.get(project.default_branch)
    tree = project.repository.commits[sha].tree if sha else {}
    sizes = Counter[str]()
    for path, content in tree.items():
        if name := ends.get(path.rpartition(".")[2]):
            sizes[name] += len(content)
    total = sum(sizes.values()) or 1
    return Answer(200, {name: round(100 * size / total, 2) for name, size in sizes.most_common()})


@route("GET", "/projects/:id/repository/contributors", "ogr/GenericCommands.test_get_contributors#3")
def contributors(ask: Ask) -> Answer:
    """List who wrote commits, and how many."""
    project = ask.project()
    counted = Counter(one.author_id for one in project.repository.commits.values())
    people = [(ask.world.users[one], count) for one, count in counted.items()]

    def shaped(pair: Any) -> dict[str, Any]:
        user, count = pair
        mail = f"{user.username}@example.com"
        return {"name": user.name, "email": mail, "commits": count, "additions": 0, "deletions": 0}

    return paged(ask, people, shaped, defaults={"order_by": "commits", "sort": "asc"})

"""Pipelines, jobs and commit statuses (s2, s8; `release-tools/…`, `ogr/…`, `devlake`)."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import NOT_FOUND, Answer, Ask, refused
from tests.gitlab_double.rest.code.repositories import commit
from tests.gitlab_double.rest.pages import paged
from tests.gitlab_double.rest.planning.merge_requests import opened
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world.things import DEVELOPER, Job, Pipeline, Project

_DEFAULTS = {"order_by": "id", "sort": "desc"}


def short(ask: Ask, found: Pipeline) -> dict[str, Any]:
    """Give a pipeline as lists do (`release-tools2/released#4`, `ogr` of 2020 and later)."""
    project = ask.world.projects[found.project_id]
    return {
        "id": found.id,
        "iid": found.iid,
        "project_id": found.project_id,
        "sha": found.sha,
        "ref": found.ref,
        "status": found.status,
        "source": found.source,
        "created_at": ask.time(found.at),
        "updated_at": ask.time(found.at),
        "web_url": f"{ask.world.site.url}/{project.path}/-/pipelines/{found.id}",
        "name": found.name,
    }


_DONE = ("success", "failed", "canceled", "skipped")


def pipeline(ask: Ask, found: Pipeline) -> dict[str, Any]:
    """Give a pipeline alone (`release-tools/pipeline#0`, `devlake`)."""
    done = ask.time(found.at) if found.status in _DONE else None
    return {
        **short(ask, found),
        "before_sha": "0" * 40,
        "tag": found.ref in ask.world.projects[found.project_id].repository.tags,
        "yaml_errors": None,
        "user": shapes.user(ask.world, found.user_id),
        "started_at": ask.time(found.at) if found.status not in ("created", "pending") else None,
        "finished_at": done,
        "committed_at": None,
        "duration": 60 if done else None,
        "queued_duration": 1,
        "coverage": None,
        "archived": False,
        "detailed_status": {
            "icon": f"status_{found.status}",
            "text": found.status.title(),
            "label": found.status,
            "group": found.status,
            "tooltip": found.status,
            "has_details": False,
            "details_path": f"/{ask.world.projects[found.project_id].path}/-/pipelines/{found.id}",
            "illustration": None,
            "favicon": f"/assets/ci_favicons/favicon_status_{found.status}.png",
        },
    }


def _chosen(ask: Ask, project: Project) -> list[Pipeline]:
    found = list(project.pipelines)
    for name in ("sha", "ref", "status", "source"):
        if wanted := ask.text(name):
            found = [one for one in found if getattr(one, name) == wanted]
    scope = ask.text("scope")
    if scope in ("tags", "branches"):
        found = [one for one in found if (one.ref in project.repository.tags) is (scope == "tags")]
    if scope in ("running", "pending"):
        found = [one for one in found if one.status == scope]
    if scope == "finished":
        found = [one for one in found if one.status in _DONE]
    return sorted(found, key=lambda one: one.id, reverse=ask.text("sort") != "asc")


@route("GET", "/projects/:id/pipelines", "s2: Link without x-total; release-tools/cng.no_pipeline#0 of 2019 has it")
def listed(ask: Ask) -> Answer:
    """List pipelines, newest first."""
    project = ask.project()
    return paged(
        ask,
        _chosen(ask, project),
        lambda one: short(ask, one),
        counted=ask.world.site.counts_pipelines,
        defaults=_DEFAULTS,
    )


@route("GET", "/projects/:id/merge_requests/:merge_request_iid/pipelines", "as the list of a project")
def of_merge_request(ask: Ask) -> Answer:
    """List the pipelines of a merge request, newest first."""
    found = ask.merge_request(opened(ask))
    project = ask.world.projects[found.source_project_id]
    ours = [one for one in project.pipelines if found.sha == one.sha or one.ref == found.source_branch]
    return paged(ask, ours[::-1], lambda one: short(ask, one))


def _one(ask: Ask, project: Project) -> Pipeline:
    number = ask.arg("pipeline_id")
    for found in reversed(project.pipelines):
        if number in (str(found.id), "latest"):
            return found
    raise refused(404, NOT_FOUND)


@route("GET", "/projects/:id/pipelines/:pipeline_id", "release-tools/pipeline#0; devlake")
def one(ask: Ask) -> Answer:
    """Give one pipeline."""
    return Answer(200, pipeline(ask, _one(ask, ask.project())))


def job(ask: Ask, project: Project, found: Pipeline, made: Job) -> dict[str, Any]:
    """Give a job (`release-tools2/pending#11`, `devlake`)."""
    repository = project.repository
    who = ask.world.users.get(found.user_id)
    failed = {"failure_reason": "script_failure"} if made.status == "failed" else {}
    return {
        **failed,
        "id": made.id,
        "status": made.status,
        "stage": made.stage,
        "name": made.name,
        "ref": found.ref,
        "tag": found.ref in repository.tags,
        "coverage": None,
        "allow_failure": made.allow_failure,
        "created_at": ask.time(made.at),
        "started_at": ask.time(made.at) if made.status in ("running", *_DONE) else None,
        "finished_at": ask.time(made.at) if made.status in _DONE else None,
        "erased_at": None,
        "duration": 60.0 if made.status in _DONE else None,
        "queued_duration": 1.0,
        "user": shapes.in_public(ask.world, who) if who else None,
        "commit": commit(ask, project, repository.commits[found.sha]) if found.sha in repository.commits else None,
        "pipeline": short(ask, found),
        "web_url": f"{ask.world.site.url}/{project.path}/-/jobs/{made.id}",
        "project": {"ci_job_token_scope_enabled": False},
        "artifacts": [],
        "runner": None,
        "artifacts_expire_at": None,
        "archived": False,
        "tag_list": [],
    }


@route("GET", "/projects/:id/pipelines/:pipeline_id/jobs", "release-tools2/pending#11; devlake")
def jobs(ask: Ask) -> Answer:
    """List the jobs of a pipeline, newest first; those that were run again only if asked for."""
    project = ask.project()
    found = _one(ask, project)
    scope = ask.names("scope")
    again = ask.flag("include_retried")
    shown = [one for one in found.jobs if (again or not one.retried) and (not scope or one.status in scope)]
    return paged(ask, shown[::-1], lambda one: job(ask, project, found, one))


@route("GET", "/projects/:id/jobs", "devlake; other-quotes/429-jobs")
def all_jobs(ask: Ask) -> Answer:
    """List the jobs of a project, newest first."""
    project = ask.project()
    shown = [(found, one) for found in project.pipelines for one in found.jobs]
    return paged(ask, shown[::-1], lambda pair: job(ask, project, *pair))


@route("POST", "/projects/:id/jobs/:job_id/play", "release-tools/cng.pending#2")
def play(ask: Ask) -> Answer:
    """Start a job by hand."""
    project = ask.project(writes=DEVELOPER)
    for found in project.pipelines:
        for made in found.jobs:
            if str(made.id) == ask.arg("job_id"):
                if made.status != "manual":
                    raise refused(400, "400 Bad request - Unplayable Job")
                made.status = "pending"
                return Answer(200, job(ask, project, found, made))
    raise refused(404, NOT_FOUND)


@route("GET", "/projects/:id/jobs/:job_id/trace", "sortie-quotes/042")
def trace(ask: Ask) -> Answer:
    """Give the log of a job."""
    project = ask.project()
    if any(str(made.id) == ask.arg("job_id") for found in project.pipelines for made in found.jobs):
        return Answer(200, "", kind="text/plain")
    raise refused(404, NOT_FOUND)


@route("GET", "/projects/:id/repository/commits/:sha/statuses", "s8; sortie-quotes/040; ogr/…set_commit_status#9")
def statuses_of(ask: Ask) -> Answer:
    """List the statuses of a commit: an unknown sha of 40 digits is not there, a short one has none (s8)."""
    project = ask.project()
    sha = ask.arg("sha")
    if len(sha) == 40 and sha not in project.repository.commits:
        raise refused(404, "404 Commit Not Found")
    shown = [(found, made) for found in project.pipelines if found.sha == sha for made in found.jobs]
    return paged(ask, shown, lambda pair: status(ask, *pair))


def status(ask: Ask, found: Pipeline, made: Job) -> dict[str, Any]:
    """Give a commit status (`ogr/GenericCommands.test_set_commit_status#9`)."""
    return {
        "id": made.id,
        "sha": found.sha,
        "ref": found.ref,
        "status": made.status,
        "name": made.name,
        "target_url": None,
        "description": None,
        "created_at": ask.time(made.at),
        "started_at": None,
        "finished_at": ask.time(made.at) if made.status in _DONE else None,
        "allow_failure": made.allow_failure,
        "coverage": None,
        "pipeline_id": found.id,
        "author": shapes.user(ask.world, found.user_id),
    }


@route("POST", "/projects/:id/statuses/:sha", "ogr/GenericCommands.test_set_commit_status#15; igitt/GitLabCommitTest…")
def set_status(ask: Ask) -> Answer:
    """Say how a commit fared elsewhere: a job of an external pipeline."""
    project = ask.project(writes=DEVELOPER)
    ask.required("state")
    word = ask.one_of("state", ("pending", "running", "success", "failed", "canceled", "skipped"), "")
    sha = ask.arg("sha")
    if sha not in project.repository.commits:
        raise refused(404, "404 Commit Not Found")
    ref = ask.text("ref") or project.default_branch
    made = ask.world.pipeline(project, sha, word, ref=ref, jobs={ask.text("name") or "default": word})
    made.source, made.user_id = "external", ask.someone().id
    shaped = status(ask, made, made.jobs[0])
    return Answer(201, shaped | {"target_url": ask.text("target_url"), "description": ask.text("description")})

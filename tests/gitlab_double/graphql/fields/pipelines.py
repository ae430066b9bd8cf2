"""Pipelines and jobs (s8, s9)."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.graphql.serving import Connection, Context, Node, attributes, constant, gid, serves
from tests.gitlab_double.rest.asking import written
from tests.gitlab_double.world import statuses
from tests.gitlab_double.world.things import Job, MergeRequest, Pipeline, Project, User

attributes("Pipeline", sha="sha", ref="ref", source="source", name="name")
constant("Pipeline", child=False, stuck=False, trigger=False, yamlErrors=False, coverage=None, usesNeeds=False)
Pair = tuple[Pipeline, Job]


@serves("MergeRequest", "headPipeline")
def head(source: MergeRequest, context: Context, _args: dict[str, Any]) -> Pipeline | None:
    """Give the pipeline of the head: null where the newest belongs to an older commit (s8)."""
    found = statuses.head_pipeline(context.world, source)
    return found if found is not None and found.sha == source.sha else None


@serves("MergeRequest", "pipelines")
def of_request(source: MergeRequest, context: Context, args: dict[str, Any]) -> Connection:
    """List pipelines of a merge request, newest first."""
    project = context.world.projects[source.source_project_id]
    return Connection(
        [one for one in project.pipelines if source.sha == one.sha or one.ref == source.source_branch][::-1], args
    )


@serves("MergeRequest", "hasCi")
def has_ci(source: MergeRequest, context: Context, _args: dict[str, Any]) -> bool:
    """Say whether there is any pipeline."""
    return statuses.head_pipeline(context.world, source) is not None


@serves("Project", "pipelines")
def of_project(source: Project, _context: Context, args: dict[str, Any]) -> Connection:
    """List pipelines, newest first."""
    found = source.pipelines
    for name in ("sha", "ref", "source"):
        if args.get(name):
            found = [one for one in found if getattr(one, name) == args[name]]
    if args.get("status"):
        found = [one for one in found if one.status.upper() == args["status"]]
    return Connection(found[::-1], args)


@serves("Project", "pipeline")
def one(source: Project, _context: Context, args: dict[str, Any]) -> Pipeline | None:
    """Give one pipeline by number, place or commit."""
    for found in reversed(source.pipelines):
        chosen = {"sha": found.sha, "iid": str(found.iid), "id": gid("Ci::Pipeline", found.id)}
        if all(str(told) == chosen[name] for name, told in args.items() if told is not None):
            return found
    return None


@serves("Pipeline", "id")
def number(source: Pipeline, _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("Ci::Pipeline", source.id)


@serves("Pipeline", "iid")
def iid(source: Pipeline, _context: Context, _args: dict[str, Any]) -> str:
    """Give the number in the project."""
    return str(source.iid)


@serves("Pipeline", "status")
def status(source: Pipeline, _context: Context, _args: dict[str, Any]) -> str:
    """Give the status; one with warnings only is a success (s8)."""
    return source.status.upper()


@serves("Pipeline", "active")
def active(source: Pipeline, _context: Context, _args: dict[str, Any]) -> bool:
    """Say whether it goes on."""
    return source.status in ("created", "pending", "running", "preparing")


@serves("Pipeline", "complete")
def complete(source: Pipeline, _context: Context, _args: dict[str, Any]) -> bool:
    """Say whether it is done."""
    return source.status in ("success", "failed", "canceled", "skipped")


@serves("Pipeline", "warnings")
def warnings(source: Pipeline, _context: Context, _args: dict[str, Any]) -> bool:
    """Say whether a job failed that may."""
    return any(job.status == "failed" and job.allow_failure for job in source.jobs)


@serves("Pipeline", "latest")
def latest(source: Pipeline, context: Context, _args: dict[str, Any]) -> bool:
    """Say whether it is the newest of its commit and branch."""
    ours = [
        one
        for one in context.world.projects[source.project_id].pipelines
        if (one.ref, one.sha) == (source.ref, source.sha)
    ]
    return ours[-1] is source


@serves("Pipeline", "createdAt", "updatedAt", "startedAt", "finishedAt")
def times(source: Pipeline, context: Context, _args: dict[str, Any]) -> str | None:
    """Give when it was made."""
    return written(context.world, source.at)


@serves("Pipeline", "path")
def path(source: Pipeline, context: Context, _args: dict[str, Any]) -> str:
    """Give the path of its page."""
    return f"/{context.world.projects[source.project_id].path}/-/pipelines/{source.id}"


@serves("Pipeline", "user")
def user(source: Pipeline, context: Context, _args: dict[str, Any]) -> User | None:
    """Give who started it."""
    return context.world.users.get(source.user_id)


@serves("Pipeline", "project")
def project(source: Pipeline, context: Context, _args: dict[str, Any]) -> Project:
    """Give the project."""
    return context.world.projects[source.project_id]


@serves("Pipeline", "detailedStatus")
def detailed(source: Pipeline, _context: Context, _args: dict[str, Any]) -> dict[str, Any]:
    """Give the status in words."""
    return {
        "id": source.status,
        "name": source.status.upper(),
        "text": source.status.title(),
        "label": source.status,
        "group": source.status,
        "icon": f"status_{source.status}",
        "hasDetails": False,
        "detailsPath": None,
    }


def _jobs(source: Pipeline, args: dict[str, Any]) -> list[Job]:
    found = source.jobs
    if (again := args.get("retried")) is not None:
        found = [job for job in found if job.retried is again]
    if words := args.get("statuses"):
        found = [job for job in found if job.status.upper() in words]
    return found


@serves("Pipeline", "jobs")
def jobs(source: Pipeline, _context: Context, args: dict[str, Any]) -> Connection:
    """List jobs, those that were run again among them unless they are not asked for."""
    return Connection([Node("CiJob", (source, job)) for job in _jobs(source, args)], args)


@serves("Pipeline", "totalJobs")
def total_jobs(source: Pipeline, _context: Context, _args: dict[str, Any]) -> int:
    """Count jobs."""
    return len(source.jobs)


@serves("Pipeline", "failedJobsCount")
def failed_jobs(source: Pipeline, _context: Context, _args: dict[str, Any]) -> int:
    """Count failed jobs."""
    return sum(job.status == "failed" for job in source.jobs)


def _of_job(name: str, attribute: str) -> None:
    serves("CiJob", name)(lambda source, _context, _args: getattr(source[1], attribute))


for _name, _attribute in {"name": "name", "allowFailure": "allow_failure", "retried": "retried"}.items():
    _of_job(_name, _attribute)


@serves("CiJob", "id")
def job_id(source: Pair, _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("Ci::Build", source[1].id)


@serves("CiJob", "status")
def job_status(source: Pair, _context: Context, _args: dict[str, Any]) -> str:
    """Give the status."""
    return source[1].status.upper()


@serves("CiJob", "manualJob")
def job_manual(source: Pair, _context: Context, _args: dict[str, Any]) -> bool:
    """Say whether somebody has to start it."""
    return source[1].status == "manual"


@serves("CiJob", "stage")
def job_stage(source: Pair, _context: Context, _args: dict[str, Any]) -> dict[str, Any]:
    """Give the stage."""
    return {"id": gid("Ci::Stage", 1), "name": source[1].stage, "status": source[0].status}


@serves("CiJob", "createdAt", "finishedAt", "startedAt")
def job_times(source: Pair, context: Context, _args: dict[str, Any]) -> str | None:
    """Give when it was made."""
    return written(context.world, source[1].at)


@serves("CiJob", "webPath")
def job_path(source: Pair, context: Context, _args: dict[str, Any]) -> str:
    """Give the path of its page."""
    return f"/{context.world.projects[source[0].project_id].path}/-/jobs/{source[1].id}"

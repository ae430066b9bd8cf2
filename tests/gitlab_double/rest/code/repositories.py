"""Branches, commits, tags and trees (s1, s2, s7; `osuny`, `ogr`, `release-tools`, `igitt`)."""

from __future__ import annotations

import difflib
from typing import Any

from tests.gitlab_double.rest.asking import Answer, Ask, refused
from tests.gitlab_double.rest.pages import paged
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import repositories as git
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.repositories import Commit
from tests.gitlab_double.world.things import DEVELOPER, Project

_CANNOT = (
    "Sorry, we cannot cherry-pick this commit automatically.\n                   This commit may already have been"
    " cherry-picked, or a more recent commit may have updated some of its content."
)


def commit(ask: Ask, project: Project, found: Commit, *, trailers: bool = True) -> dict[str, Any]:
    """Give a commit as it stands in lists, branches and tags (`ogr/GenericCommands.test_commits#0`)."""
    who = ask.world.users.get(found.author_id)
    name, mail = (who.name, f"{who.username}@example.com") if who else ("?", "?")
    at = f"{found.at:%Y-%m-%dT%H:%M:%S}.000+00:00"
    shaped: dict[str, Any] = {
        "id": found.sha,
        "short_id": found.sha[:8],
        "created_at": at,
        "parent_ids": list(found.parents),
        "title": found.message.partition("\n")[0],
        "message": found.message,
        "author_name": name,
        "author_email": mail,
        "authored_date": at,
        "committer_name": name,
        "committer_email": mail,
        "committed_date": at,
        "web_url": f"{ask.world.site.url}/{project.path}/-/commit/{found.sha}",
    }
    if trailers:
        shaped |= {"trailers": {}, "extended_trailers": {}}
    return shaped


def in_full(ask: Ask, project: Project, found: Commit) -> dict[str, Any]:
    """Give a commit alone (`ogr/GenericCommands.test_commit_comment#0`, `osuny/…update_on_gitlab#1`)."""
    from tests.gitlab_double.rest.code.pipelines import short  # noqa: PLC0415 - pipelines show commits

    ours = [one for one in project.pipelines if one.sha == found.sha]
    before = project.repository.commits[found.parents[0]].tree if found.parents else {}
    added, deleted = _counts(before, found.tree)
    return {
        **commit(ask, project, found),
        "stats": {"additions": added, "deletions": deleted, "total": added + deleted},
        "status": ours[-1].status if ours else None,
        "project_id": project.id,
        "last_pipeline": short(ask, ours[-1]) if ours else None,
    }


def _counts(before: dict[str, str], after: dict[str, str]) -> tuple[int, int]:
    added = deleted = 0
    for path in {*before, *after}:
        if before.get(path) != after.get(path):
            lines = difference(path, before.get(path), after.get(path))["diff"].splitlines()
            added += sum(line.startswith("+") for line in lines)
            deleted += sum(line.startswith("-") for line in lines)
    return added, deleted


def difference(path: str, old: str | None, new: str | None) -> dict[str, Any]:
    """Give how a file differs (`danger-js/getMergeRequestDiffs`)."""
    lines = difflib.unified_diff((old or "").splitlines(keepends=True), (new or "").splitlines(keepends=True))
    return {
        "diff": "".join([line for line in lines if not line.startswith(("---", "+++"))]),
        "collapsed": False,
        "too_large": False,
        "new_path": path,
        "old_path": path,
        "a_mode": "0" if old is None else "100644",
        "b_mode": "0" if new is None else "100644",
        "new_file": old is None,
        "renamed_file": False,
        "deleted_file": new is None,
        "generated_file": False,
    }


def branch(ask: Ask, project: Project, name: str) -> dict[str, Any]:
    """Give a branch (`ogr/PullRequests.test_target_branch_head_commit#1`)."""
    repository = project.repository
    sha = repository.branches[name]
    inside = {one.sha for one in git.history(repository, repository.branches.get(project.default_branch))}
    return {
        "name": name,
        "commit": commit(ask, project, repository.commits[sha]),
        "merged": name != project.default_branch and sha in inside,
        "protected": name in repository.protected,
        "developers_can_push": False,
        "developers_can_merge": False,
        "can_push": seeing.may_push(ask.world, ask.viewer, project, name),
        "default": name == project.default_branch,
        "web_url": f"{ask.world.site.url}/{project.path}/-/tree/{name}",
    }


@route("GET", "/projects/:id/repository/branches", "ogr/GenericCommands.test_branches#1")
def branches(ask: Ask) -> Answer:
    """List branches by name."""
    project = ask.project()
    wanted = (ask.text("search") or "").strip("^$")
    names = sorted(name for name in project.repository.branches if wanted in name)
    return paged(ask, names, lambda name: branch(ask, project, name))


@route("GET", "/projects/:id/repository/branches/:branch", "s1; ogr/PullRequests.test_target_branch_head_commit#1")
def one_branch(ask: Ask) -> Answer:
    """Give one branch."""
    project = ask.project()
    if ask.arg("branch") not in project.repository.branches:
        raise refused(404, "404 Branch Not Found")
    return Answer(200, branch(ask, project, ask.arg("branch")))


@route("POST", "/projects/:id/repository/branches", "s1; release-tools/create#0, /create_existing#0: 400")
def create_branch(ask: Ask) -> Answer:
    """Make a branch; its name is its natural key (s7)."""
    project = ask.project(writes=DEVELOPER)
    ask.required("branch", "ref")
    name, ref = ask.text("branch") or "", ask.text("ref") or ""
    if name in project.repository.branches:
        raise refused(400, "Branch already exists")
    if not name or any(sign in " ~^:?*[\\" for sign in name) or ".." in name or name.startswith("-"):
        raise refused(400, "Branch name is invalid")
    sha = git.resolve(project.repository, ref)
    if sha is None:
        raise refused(400, f"Invalid reference name: {ref}")
    project.repository.branches[name] = sha
    return Answer(201, branch(ask, project, name))


@route("DELETE", "/projects/:id/repository/branches/:branch", "sortie-quotes/038, /039")
def delete_branch(ask: Ask) -> Answer:
    """Take a branch away."""
    project = ask.project(writes=DEVELOPER)
    if ask.arg("branch") == project.default_branch:
        raise refused(405, "Cannot remove HEAD branch")
    if project.repository.branches.pop(ask.arg("branch"), None) is None:
        raise refused(404, "404 Branch Not Found")
    return Answer(204)


@route("GET", "/projects/:id/repository/commits", "s2: without x-total; ogr/GenericCommands.test_commits#0")
def commits(ask: Ask) -> Answer:
    """List commits, newest first."""
    project = ask.project()
    ref = ask.text("ref_name") or project.default_branch
    sha = git.resolve(project.repository, ref)
    if sha is None:
        raise refused(404, "404 Commit Not Found")
    found = list(git.history(project.repository, sha))
    if path := ask.text("path"):
        found = [one for one in found if git.last_change(project.repository, one.sha, path) == one.sha]
    defaults = {"order": "default", "ref_name": ref, "trailers": "false"}
    return paged(ask, found, lambda one: commit(ask, project, one), counted=False, defaults=defaults)


def _commit(ask: Ask, project: Project) -> Commit:
    sha = git.resolve(project.repository, ask.arg("sha"))
    if sha is None:
        raise refused(404, "404 Commit Not Found")
    return project.repository.commits[sha]


@route("GET", "/projects/:id/repository/commits/:sha", "s1; release-tools/commits-api#0: 404; ogr/…commit_comment#0")
def one_commit(ask: Ask) -> Answer:
    """Give one commit."""
    project = ask.project()
    return Answer(200, in_full(ask, project, _commit(ask, project)))


@route("GET", "/projects/:id/repository/commits/:sha/diff", "igitt/GitLabCommitTest.test_comment#1")
def commit_diff(ask: Ask) -> Answer:
    """Give what a commit changed."""
    project = ask.project()
    found = _commit(ask, project)
    before = project.repository.commits[found.parents[0]].tree if found.parents else {}
    paths = sorted(path for path in {*before, *found.tree} if before.get(path) != found.tree.get(path))
    return paged(ask, [difference(path, before.get(path), found.tree.get(path)) for path in paths], lambda one: one)


@route("GET", "/projects/:id/repository/commits/:sha/merge_requests", "danger-ruby/commit_merge_requests#0")
def commit_requests(ask: Ask) -> Answer:
    """List the merge requests that a commit is in."""
    from tests.gitlab_double.rest.planning.merge_requests import merge_request  # noqa: PLC0415 - they show commits

    project = ask.project()
    sha = _commit(ask, project).sha
    found = [
        one
        for one in ask.world.merge_requests[project.id].values()
        if sha in (one.sha, one.merge_commit_sha) or any(sha == each.sha for each in _of(ask, one))
    ]
    seen = [one for one in found if seeing.sees(ask.world, ask.viewer, one)]
    return paged(ask, seen, lambda one: merge_request(ask, one), defaults={"state": "opened"})


def _of(ask: Ask, found: Any) -> list[Commit]:
    repository = ask.world.projects[found.source_project_id].repository
    return git.between(repository, repository.branches.get(found.target_branch), found.sha)


@route("GET", "/projects/:id/repository/commits/:sha/refs", "as the branches and tags that hold it")
def commit_refs(ask: Ask) -> Answer:
    """List the branches and tags that hold a commit."""
    project = ask.project()
    sha = _commit(ask, project).sha
    kind = ask.text("type") or "all"
    found = []
    for word, names in (("branch", project.repository.branches), ("tag", project.repository.tags)):
        if kind in ("all", word):
            inside = [
                name for name, head in names.items() if any(sha == c.sha for c in git.history(project.repository, head))
            ]
            found += [{"type": word, "name": name} for name in inside]
    return paged(ask, found, lambda one: one)


@route("POST", "/projects/:id/repository/commits/:sha/cherry_pick", "s1; release-tools/success#0, /failure#0")
def cherry_pick(ask: Ask) -> Answer:
    """Put what a commit changed on another branch; what is there already cannot be."""
    project = ask.project(writes=DEVELOPER)
    ask.required("branch")
    found, name = _commit(ask, project), ask.text("branch") or ""
    if name not in project.repository.branches:
        raise refused(404, "404 Branch Not Found")
    before = project.repository.commits[found.parents[0]].tree if found.parents else {}
    onto = project.repository.commits[project.repository.branches[name]].tree
    files = {path: found.tree.get(path) for path in {*before, *found.tree} if before.get(path) != found.tree.get(path)}
    if all(onto.get(path) == content for path, content in files.items()):
        raise refused(400, _CANNOT)
    message = f"{found.message.rstrip()}\n\n(cherry picked from commit {found.sha})"
    made = ask.world.commit(project, name, files, message=message, by=ask.someone())
    return Answer(201, commit(ask, project, made))


@route("GET", "/projects/:id/repository/compare", "release-tools/merge-requests-api#5; dependabot/business_compare…")
def compare(ask: Ask) -> Answer:
    """Give what one commit has and another has not, oldest first."""
    project = ask.project()
    ask.required("from", "to")
    ends = [git.resolve(project.repository, ask.text(name) or "") for name in ("from", "to")]
    if None in ends:
        raise refused(404, "404 Ref Not Found")
    ours = git.between(project.repository, *ends)[::-1]
    old, new = (project.repository.commits[str(one)].tree for one in ends)
    paths = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    return Answer(
        200,
        {
            "commit": commit(ask, project, ours[-1]) if ours else None,
            "commits": [commit(ask, project, one) for one in ours],
            "diffs": [difference(path, old.get(path), new.get(path)) for path in paths],
            "compare_timeout": False,
            "compare_same_ref": ends[0] == ends[1],
            "web_url": f"{ask.world.site.url}/{project.path}/-/compare/{ask.text('from')}...{ask.text('to')}",
        },
    )


def tag(ask: Ask, project: Project, name: str) -> dict[str, Any]:
    """Give a tag (`ogr/Releases.test_create_release#86`)."""
    sha = project.repository.tags[name]
    return {
        "name": name,
        "message": project.repository.tag_messages.get(name, ""),
        "target": sha,
        "commit": commit(ask, project, project.repository.commits[sha]),
        "release": None,
        "protected": False,
        "created_at": None,
    }


@route("GET", "/projects/:id/repository/tags", "as one tag")
def tags(ask: Ask) -> Answer:
    """List tags, those of the newest names first."""
    project = ask.project()
    wanted = (ask.text("search") or "").strip("^$")
    names = sorted((name for name in project.repository.tags if wanted in name), reverse=True)
    return paged(ask, names, lambda name: tag(ask, project, name))


@route("GET", "/projects/:id/repository/tags/:tag_name", "s1; ogr/GenericCommands.test_get_sha_from_tag#0, #4: 404")
def one_tag(ask: Ask) -> Answer:
    """Give one tag."""
    project = ask.project()
    if ask.arg("tag_name") not in project.repository.tags:
        raise refused(404, "404 Tag Not Found")
    return Answer(200, tag(ask, project, ask.arg("tag_name")))


@route("POST", "/projects/:id/repository/tags", "as one tag; 400 as for branches")
def create_tag(ask: Ask) -> Answer:
    """Make a tag."""
    project = ask.project(writes=DEVELOPER)
    ask.required("tag_name", "ref")
    name, ref = ask.text("tag_name") or "", ask.text("ref") or ""
    if name in project.repository.tags:
        raise refused(400, f"Tag {name} already exists")
    if git.resolve(project.repository, ref) is None:
        raise refused(400, f"Target {ref} is invalid")
    ask.world.tag(project, name, ref=ref, message=ask.text("message") or "")
    return Answer(201, tag(ask, project, name))


@route("DELETE", "/projects/:id/repository/tags/:tag_name", "s1: 204; 404 as for one tag")
def delete_tag(ask: Ask) -> Answer:
    """Take a tag away."""
    project = ask.project(writes=DEVELOPER)
    if ask.arg("tag_name") not in project.repository.tags:
        raise refused(404, "404 Tag Not Found")
    del project.repository.tags[ask.arg("tag_name")]
    return Answer(204)

"""Repositories: commits and files (s9)."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from tests.gitlab_double.graphql.serving import Connection, Context, Node, gid, serves
from tests.gitlab_double.rest.asking import written
from tests.gitlab_double.world import repositories
from tests.gitlab_double.world.repositories import Commit
from tests.gitlab_double.world.things import Pipeline, Project, User

Made = tuple[Project, Commit]


@serves("Project", "repository")
def repository(source: Project, _context: Context, _args: dict[str, Any]) -> Node:
    """Give the repository."""
    return Node("Repository", source)


@serves("Repository", "rootRef")
def root_ref(source: Project, _context: Context, _args: dict[str, Any]) -> str:
    """Give the default branch."""
    return source.default_branch


@serves("Repository", "exists")
def exists(source: Project, _context: Context, _args: dict[str, Any]) -> bool:
    """Say whether there is one."""
    return bool(source.repository.commits)


@serves("Repository", "empty")
def empty(source: Project, _context: Context, _args: dict[str, Any]) -> bool:
    """Say whether it has no commit."""
    return not source.repository.commits


@serves("Repository", "branchNames")
def branch_names(source: Project, _context: Context, args: dict[str, Any]) -> list[str]:
    """List branches whose name fits a pattern with stars."""
    found = sorted(name for name in source.repository.branches if fnmatchcase(name, args["searchPattern"]))
    return found[args["offset"] :][: args["limit"]]


@serves("Repository", "commit")
def commit(source: Project, _context: Context, args: dict[str, Any]) -> Node | None:
    """Give a commit by branch, tag or sha."""
    sha = repositories.resolve(source.repository, args["ref"])
    return Node("Commit", (source, source.repository.commits[sha])) if sha else None


@serves("Repository", "commits")
def commits(source: Project, _context: Context, args: dict[str, Any]) -> Connection:
    """List commits, newest first."""
    sha = repositories.resolve(source.repository, args["ref"])
    return Connection([Node("Commit", (source, one)) for one in repositories.history(source.repository, sha)], args)


@serves("Repository", "blobs")
def blobs(source: Project, _context: Context, args: dict[str, Any]) -> Connection:
    """Give files by their paths; those that are not there are not in the list."""
    sha = repositories.resolve(source.repository, args.get("ref") or source.default_branch)
    tree = source.repository.commits[sha].tree if sha else {}
    found = [(path, tree[path]) for path in args["paths"] if path in tree]
    return Connection([Node("RepositoryBlob", pair) for pair in found], args)


@serves("RepositoryBlob", "path")
def blob_path(source: tuple[str, str], _context: Context, _args: dict[str, Any]) -> str:
    """Give the path."""
    return source[0]


@serves("RepositoryBlob", "name")
def blob_name(source: tuple[str, str], _context: Context, _args: dict[str, Any]) -> str:
    """Give the name."""
    return source[0].rpartition("/")[2]


@serves("RepositoryBlob", "rawBlob", "rawTextBlob", "plainData")
def blob_text(source: tuple[str, str], _context: Context, _args: dict[str, Any]) -> str:
    """Give the content."""
    return source[1]


@serves("RepositoryBlob", "size", "rawSize")
def blob_size(source: tuple[str, str], _context: Context, _args: dict[str, Any]) -> str:
    """Count the bytes."""
    return str(len(source[1].encode()))


# commits


def _of_commit(name: str, give: Any) -> None:
    serves("Commit", name)(lambda source, _context, _args: give(source[1]))


for _name, _give in {
    "id": lambda one: gid("CommitPresenter", one.sha),
    "sha": lambda one: one.sha,
    "shortId": lambda one: one.sha[:8],
    "title": lambda one: one.message.partition("\n")[0],
    "fullTitle": lambda one: one.message.partition("\n")[0],
    "message": lambda one: one.message,
    "description": lambda one: one.message.partition("\n")[2].strip(),
    "parentSha": lambda one: one.parents[0] if one.parents else None,
}.items():
    _of_commit(_name, _give)


@serves("Commit", "authoredDate", "committedDate")
def commit_time(source: Made, context: Context, _args: dict[str, Any]) -> str | None:
    """Give when it was made."""
    return written(context.world, source[1].at)


@serves("Commit", "author")
def commit_author(source: Made, context: Context, _args: dict[str, Any]) -> User | None:
    """Give who made it."""
    return context.world.users.get(source[1].author_id)


@serves("Commit", "authorName", "committerName")
def commit_name(source: Made, context: Context, _args: dict[str, Any]) -> str:
    """Give the name of who made it."""
    return context.world.users[source[1].author_id].name


@serves("Commit", "webUrl")
def commit_url(source: Made, context: Context, _args: dict[str, Any]) -> str:
    """Give the address."""
    return f"{context.world.site.url}/{source[0].path}/-/commit/{source[1].sha}"


@serves("Commit", "pipelines")
def commit_pipelines(source: Made, _context: Context, args: dict[str, Any]) -> Connection:
    """List its pipelines, newest first."""
    return Connection([one for one in source[0].pipelines if one.sha == source[1].sha][::-1], args)


@serves("Pipeline", "commit")
def pipeline_commit(source: Pipeline, context: Context, _args: dict[str, Any]) -> Node | None:
    """Give its commit."""
    project = context.world.projects[source.project_id]
    found = project.repository.commits.get(source.sha)
    return Node("Commit", (project, found)) if found else None

"""Commits over whole trees: what the repository routes need, and no git."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Commit:
    """A commit, with the whole tree it leads to."""

    sha: str
    parents: tuple[str, ...]
    message: str
    author_id: int
    at: datetime
    tree: dict[str, str]


@dataclass
class Repository:
    """Branches and tags over commits."""

    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    tag_messages: dict[str, str] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)


def digest(*parts: object) -> str:
    """Forty hexadecimal digits, the same for the same parts."""
    return hashlib.sha1("\0".join(map(repr, parts)).encode(), usedforsecurity=False).hexdigest()


def commit(
    repository: Repository, branch: str, files: Mapping[str, str | None], *, message: str, by: tuple[int, datetime]
) -> Commit:
    """Put a commit on a branch; a file of None is taken out."""
    parent = repository.branches.get(branch)
    tree = dict(repository.commits[parent].tree) if parent else {}
    for path, content in files.items():
        tree.pop(path, None)
        if content is not None:
            tree[path] = content
    parents = (parent,) if parent else ()
    return stored(repository, branch, Commit("", parents, message, by[0], by[1], tree))


def stored(repository: Repository, branch: str, made: Commit) -> Commit:
    """Give a commit its sha and let the branch stand on it."""
    number = len(repository.commits)
    made.sha = digest(number, made.parents, made.message, made.author_id, made.at, sorted(made.tree.items()))
    repository.commits[made.sha] = made
    repository.branches[branch] = made.sha
    return made


def resolve(repository: Repository, name: str) -> str | None:
    """Find a commit by branch, tag, sha or the beginning of one (at least seven digits)."""
    for names in (repository.branches, repository.tags):
        if name in names:
            return names[name]
    if name in repository.commits:
        return name
    if len(name) >= 7:
        return next((sha for sha in repository.commits if sha.startswith(name)), None)
    return None


def history(repository: Repository, sha: str | None) -> Iterator[Commit]:
    """Walk from a commit to the first one, newest first, each once."""
    waiting, seen = [sha] if sha else [], set[str]()
    while waiting:
        current = waiting.pop(0)
        if current in seen or current not in repository.commits:
            continue
        seen.add(current)
        found = repository.commits[current]
        yield found
        waiting.extend(found.parents)


def between(repository: Repository, old: str | None, new: str | None) -> list[Commit]:
    """Give the commits that `new` has and `old` has not, newest first."""
    had = {one.sha for one in history(repository, old)}
    return [one for one in history(repository, new) if one.sha not in had]


def last_change(repository: Repository, sha: str, path: str) -> str:
    """Give the sha of the last commit that changed a file."""
    for one in history(repository, sha):
        before = repository.commits[one.parents[0]].tree if one.parents else {}
        if before.get(path) != one.tree.get(path):
            return one.sha
    return sha

"""Files and the commits that write them (s1, s7; `osuny`, `igitt/GitLabContentTest…`, `ogr/…get_files`)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from tests.gitlab_double.rest.asking import Answer, Ask, invalid, refused
from tests.gitlab_double.rest.code.repositories import in_full
from tests.gitlab_double.rest.pages import paged
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import repositories as git
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.repositories import Commit
from tests.gitlab_double.world.things import DEVELOPER, Project

_STALE = "You are attempting to update a file that has changed since you started editing it."


def _blob(content: str) -> str:
    raw = content.encode()
    return hashlib.sha1(b"blob %d\0%s" % (len(raw), raw), usedforsecurity=False).hexdigest()


def _ref(ask: Ask, project: Project, *, needed: bool) -> tuple[str, Commit]:
    if needed:
        ask.required("ref")
    name = ask.text("ref") or "HEAD"
    sha = git.resolve(project.repository, project.default_branch if name == "HEAD" else name)
    if sha is None:
        raise refused(404, "404 Commit Not Found")
    return name, project.repository.commits[sha]


@route("GET", "/projects/:id/repository/files/:file_path", "osuny/…update_on_gitlab#0; igitt/…test_get_content#0")
def read(ask: Ask) -> Answer:
    """Give a file, with the last commit that changed it, which a later write may name (s7)."""
    project = ask.project()
    ref, at = _ref(ask, project, needed=True)
    path = ask.arg("file_path")
    if path not in at.tree:
        raise refused(404, "404 File Not Found")
    raw = at.tree[path].encode()
    shaped = {
        "file_name": path.rpartition("/")[2],
        "file_path": path,
        "size": len(raw),
        "encoding": "base64",
        "content_sha256": hashlib.sha256(raw).hexdigest(),
        "ref": ref,
        "blob_id": _blob(at.tree[path]),
        "commit_id": at.sha,
        "last_commit_id": git.last_change(project.repository, at.sha, path),
        "execute_filemode": False,
    }
    headers = {f"x-gitlab-{name.replace('_', '-')}": str(value) for name, value in shaped.items()}
    headers["x-gitlab-execute-filemode"] = "false"
    return Answer(200, {**shaped, "content": base64.b64encode(raw).decode()}, headers)


@route("GET", "/projects/:id/repository/files/:file_path/raw", "the content alone")
def raw(ask: Ask) -> Answer:
    """Give the content of a file as it is."""
    project = ask.project()
    _, at = _ref(ask, project, needed=False)
    if ask.arg("file_path") not in at.tree:
        raise refused(404, "404 File Not Found")
    return Answer(200, at.tree[ask.arg("file_path")], kind="text/plain; charset=utf-8")


@route("GET", "/projects/:id/repository/tree", "ogr/GenericCommands.test_get_files#0")
def tree(ask: Ask) -> Answer:
    """List the files and folders of a tree."""
    project = ask.project()
    name = ask.text("ref") or project.default_branch
    sha = git.resolve(project.repository, name)
    if sha is None:
        raise refused(404, "404 Tree Not Found")
    root = (ask.text("path") or "").strip("/")
    below = [path for path in project.repository.commits[sha].tree if not root or path.startswith(f"{root}/")]
    rest = [path[len(root) + 1 if root else 0 :].split("/") for path in below]
    deep = bool(ask.flag("recursive"))
    entries: dict[str, str] = {}
    for parts in rest:
        for depth in range(1, len(parts) + 1 if deep else 2):
            entries["/".join(([root] if root else []) + parts[:depth])] = "blob" if depth == len(parts) else "tree"
    shown = sorted(entries.items(), key=lambda pair: (pair[1] == "blob", pair[0]))
    content = project.repository.commits[sha].tree
    return paged(ask, shown, lambda pair: _entry(pair[0], pair[1], content.get(pair[0])))


def _entry(path: str, kind: str, content: str | None) -> dict[str, Any]:
    return {
        "id": git.digest(path) if content is None else _blob(content),
        "name": path.rpartition("/")[2],
        "type": kind,
        "path": path,
        "mode": "040000" if kind == "tree" else "100644",
    }


# writing


def _content(ask: Ask, sent: dict[str, Any]) -> str:
    content = str(sent.get("content") or "")
    if sent.get("encoding") == "base64":
        try:
            return base64.b64decode(content, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise invalid("content is invalid") from None
    return content


def _start(ask: Ask, project: Project, branch: str) -> Commit | None:
    """Give the commit that a write stands on, making the branch where `start_branch` or `start_sha` say from where."""
    repository = project.repository
    start = ask.text("start_sha") or ask.text("start_branch")
    if branch in repository.branches:
        if start is not None and not ask.flag("force"):
            raise refused(
                400, f"A branch called '{branch}' already exists. Switch to that branch in order to make changes"
            )
        if start is None:
            return repository.commits[repository.branches[branch]]
    if start is None:
        if repository.branches:
            raise refused(400, "You can only create or edit files when you are on a branch")
        return None
    sha = git.resolve(repository, start)
    if sha is None:
        raise refused(
            400, f"Cannot find start branch {start}" if ask.text("start_branch") else "Invalid reference name"
        )
    return repository.commits[sha]


def _applied(ask: Ask, project: Project, on: Commit | None, actions: list[dict[str, Any]]) -> dict[str, str | None]:
    """Work out what actions do to a tree, all or none (s7: `last_commit_id` is the guard of a file)."""
    tree: dict[str, str] = dict(on.tree) if on else {}
    files: dict[str, str | None] = {}
    for sent in actions:
        kind, path = str(sent.get("action")), str(sent.get("file_path") or "")
        if kind not in ("create", "update", "delete", "move", "chmod"):
            raise invalid("actions[0][action] does not have a valid value")
        before = str(sent.get("previous_path") or path)
        if kind == "create" and path in tree:
            raise refused(400, "A file with this name already exists")
        if kind != "create" and before not in tree:
            raise refused(400, "A file with this name doesn't exist")
        guard = sent.get("last_commit_id")
        if guard and on and kind != "create" and git.last_change(project.repository, on.sha, before) != guard:
            raise refused(400, _STALE)
        content = None if kind == "delete" else _content(ask, sent)
        if kind in ("move", "chmod") and "content" not in sent:
            content = tree[before]
        if kind == "move":
            files[before] = None
            tree.pop(before)
        files[path] = content
        tree.pop(path, None)
        if content is not None:
            tree[path] = content
    return files


def _write(ask: Ask, project: Project, actions: list[dict[str, Any]]) -> Commit:
    ask.required("branch", "commit_message")
    branch, message = ask.text("branch") or "", ask.text("commit_message") or ""
    if not seeing.may_push(ask.world, ask.viewer, project, branch):
        raise refused(403, "403 Forbidden - You are not allowed to push into this branch")
    on = _start(ask, project, branch)
    files = _applied(ask, project, on, actions)
    if on is not None:
        project.repository.branches[branch] = on.sha
    return ask.world.commit(project, branch, files, message=message, by=ask.someone())


@route("POST", "/projects/:id/repository/commits", "osuny/GitRepositoryTest…; dependabot/create_commit")
def commit(ask: Ask) -> Answer:
    """Commit several actions at once."""
    project = ask.project(writes=DEVELOPER)
    ask.required("branch", "commit_message", "actions")
    actions = ask.params["actions"]
    if not isinstance(actions, list) or not all(isinstance(one, dict) for one in actions):
        raise invalid("actions is invalid")
    return Answer(201, in_full(ask, project, _write(ask, project, actions)))


def _single(ask: Ask, kind: str) -> dict[str, Any]:
    sent = {name: ask.params[name] for name in ("content", "encoding", "last_commit_id") if ask.has(name)}
    return {**sent, "action": kind, "file_path": ask.arg("file_path")}


@route("POST", "/projects/:id/repository/files/:file_path", "igitt/GitLabContentTest.test_delete_content#0")
def create(ask: Ask) -> Answer:
    """Make a file."""
    project = ask.project(writes=DEVELOPER)
    ask.required("branch", "commit_message", "content")
    _write(ask, project, [_single(ask, "create")])
    return Answer(201, {"file_path": ask.arg("file_path"), "branch": ask.text("branch")})


@route("PUT", "/projects/:id/repository/files/:file_path", "igitt/GitLabContentTest.test_update_content#0")
def update(ask: Ask) -> Answer:
    """Change a file, if it is what `last_commit_id` says (s7)."""
    project = ask.project(writes=DEVELOPER)
    ask.required("branch", "commit_message", "content")
    _write(ask, project, [_single(ask, "update")])
    return Answer(200, {"file_path": ask.arg("file_path"), "branch": ask.text("branch")})


@route("DELETE", "/projects/:id/repository/files/:file_path", "igitt/GitLabContentTest.test_delete_content#1: 204")
def delete(ask: Ask) -> Answer:
    """Take a file away."""
    project = ask.project(writes=DEVELOPER)
    _write(ask, project, [_single(ask, "delete")])
    return Answer(204)

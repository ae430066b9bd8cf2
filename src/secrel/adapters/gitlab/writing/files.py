"""Files on a branch: read with the commit that last changed them, and committed only over what was read."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from secrel.adapters.gitlab.client import route
from secrel.adapters.gitlab.marks import token_of
from secrel.adapters.gitlab.neutral import neutral_line
from secrel.adapters.gitlab.writing.sender import AGAIN, GitLabSender
from secrel.words.errors import InDoubt, Misused, Refused

_TRAILER = "Secrel-Mark: "


class _Commit(msgspec.Struct, frozen=True):
    id: str
    message: str


class BranchHead(msgspec.Struct, frozen=True):
    """A branch, and its newest commit."""

    name: str
    commit: _Commit


class _File(msgspec.Struct, frozen=True):
    content: str
    last_commit_id: str
    encoding: str


class FileStanding(Struct, frozen=True):
    """A file as it is on a branch: its text, None where there is none; and the commit that last changed it."""

    text: str | None
    commit: str = ""


class Commit(Struct, frozen=True):
    """What is to be committed where: texts by path, None for a file that goes; `start` makes the branch from there."""

    project: str
    branch: str
    title: str
    key: str
    start: str = ""


def branch_at(sender: GitLabSender, project: str, name: str) -> BranchHead | None:
    """Give a branch as it is now, None when there is none."""
    path = route("projects", project, "repository", "branches", name)
    return sender.maybe(path, BranchHead, absent=("404 branch",), where=project)


def needed_branch(sender: GitLabSender, project: str, name: str) -> BranchHead:
    """Give a branch as it is now; raises `Misused` when there is none."""
    found = branch_at(sender, project, name)
    if found is None:
        remedy = "name a branch that is there, or make it first"
        raise Misused(f"there is no branch {name[:60]!r}", where=project, remedy=remedy)
    return found


def is_of(branch: BranchHead, key: str) -> bool:
    """Whether the newest commit of a branch is one that the effect `key` made."""
    return f"{_TRAILER}{token_of(key)}" in branch.commit.message.splitlines()


def standing(sender: GitLabSender, project: str, ref: str, paths: Iterable[str]) -> dict[str, FileStanding]:
    """Give files as they are on a branch."""
    found: dict[str, FileStanding] = {}
    for path in paths:
        where = route("projects", project, "repository", "files", path)
        one = sender.maybe(where, _File, ("ref", ref), absent=("404 file", "404 commit"), where=f"{project}, {path}")
        found[path] = FileStanding(None) if one is None else FileStanding(_text(one, path), one.last_commit_id)
    return found


def _text(found: _File, path: str) -> str:
    try:
        return base64.b64decode(found.content).decode() if found.encoding == "base64" else found.content
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("the file is no text", where=path, remedy=AGAIN) from None


def holds(found: Mapping[str, FileStanding], wanted: Mapping[str, str | None]) -> bool:
    """Whether files are as wanted, to the letter."""
    return all(found[path].text == text for path, text in wanted.items())


def commit(
    sender: GitLabSender, asked: Commit, found: Mapping[str, FileStanding], wanted: Mapping[str, str | None]
) -> None:
    """Commit what differs, all or nothing, and see it on the branch.

    Raises `Refused` when one of the files is not what was read any more, or the branch that was to be made is there.
    """
    actions = [_action(path, found[path], text) for path, text in wanted.items() if found[path].text != text]
    if not actions and not asked.start:
        return
    message = f"{neutral_line(asked.title)}\n\n{_TRAILER}{token_of(asked.key)}"
    body: dict[str, Any] = {"branch": asked.branch, "commit_message": message, "actions": actions}
    if asked.start:
        body["start_branch"] = asked.start

    def seen() -> bool | None:
        branch = branch_at(sender, asked.project, asked.branch)
        return (branch is not None and is_of(branch, asked.key)) or None

    where = f"{asked.project}, branch {asked.branch}"
    try:
        sender.send(
            "POST", route("projects", asked.project, "repository", "commits"), body, dict[str, Any], where=where
        )
    except InDoubt:
        if sender.until(seen) is None:
            raise
        return
    sender.until_seen(seen, where)


def _action(path: str, found: FileStanding, text: str | None) -> dict[str, Any]:
    if text is None:
        return {"action": "delete", "file_path": path, "last_commit_id": found.commit}
    if found.text is None:
        return {"action": "create", "file_path": path, "content": text}
    return {"action": "update", "file_path": path, "content": text, "last_commit_id": found.commit}


def checked(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give files by path; raises `Misused` for a path that leads outside, and for one that is named twice."""
    told: dict[str, str] = {}
    for path, text in files:
        parts = path.split("/")
        is_bad = any(part in {"", ".", ".."} or part.casefold() == ".git" for part in parts) or "\\" in path
        if is_bad or any(not sign.isprintable() for sign in path):
            raise Misused(f"{path[:60]!r} is no path of a file", remedy="write it as folder/name.md, from the top")
        if path in told:
            raise Misused(f"the file {path!r} is named twice")
        told[path] = text
    return told

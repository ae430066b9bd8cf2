"""What a recorded answer and the double's have in common, and what not: by kind of thing, not by recording."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

REVIEWED = Path(__file__).with_name("differences.toml")

KINDS = {
    "author": "user", "assignee": "user", "assignees": "user", "closed_by": "user", "merged_by": "user",
    "merge_user": "user", "user": "user", "reviewers": "user", "owner": "user", "created_by": "user",
    "resolved_by": "user", "commit": "commit", "commits": "commit", "last_pipeline": "pipeline", "pipeline": "pipeline",
    "head_pipeline": "pipeline", "milestone": "milestone", "namespace": "namespace", "forked_from_project": "project",
    "projects": "project", "project": "project", "shared_projects": "project", "notes": "note", "changes": "diff",
    "diffs": "diff", "release": "release", "deployable": "job", "target": "target", "_links": "links",
    "iteration": "iteration", "epic": "epic", "runner": "runner", "artifacts": "artifact", "environment": "environment",
}  # fmt: skip
"""What kind of thing stands under a key; anything else is of the kind it stands in, with its key behind a dot."""

ENDINGS = {
    "issues": "issue", ":issue_iid": "issue", "merge_requests": "merge request", ":merge_request_iid": "merge request",
    "changes": "merge request", "merge": "merge request", "unsubscribe": "merge request", "notes": "note",
    ":note_id": "note", "discussions": "discussion", "award_emoji": "award", ":award_id": "award",
    "labels": "label", "members": "member", "all": "member", "projects": "project", "forks": "project",
    "fork": "project", "commits": "commit", ":sha": "commit", "cherry_pick": "commit", "branches": "branch",
    ":branch": "branch", "tags": "tag", ":tag_name": "tag", "releases": "release", "pipelines": "pipeline",
    ":pipeline_id": "pipeline", "jobs": "job", "play": "job", "statuses": "status", "diff": "diff", "diffs": "diff",
    "comments": "remark", "files": "file", ":file_path": "file", "tree": "tree entry", "compare": "comparison",
    "user": "caller", "users": "user", ":user_id": "user", "groups": "group", "subgroups": "group", "hooks": "hook",
    "todos": "todo", "mark_as_done": "todo", "deployments": "deployment", "contributors": "contributor",
    "languages": "languages", "access_requests": "access request", "versions": "version",
}  # fmt: skip
ALONE = {"projects": "project", "groups": "group"}


def kind_of(endpoint: str) -> str:
    """Say what kind of thing an endpoint answers with."""
    parts = endpoint.split(" ")[1].strip("/").split("/")
    if parts[-1] == ":id":
        return ALONE[parts[-2]]
    if parts[:2] == ["projects", ":id"] and parts[-2] == "statuses":
        return "status"
    return ENDINGS.get(parts[-1], parts[-1])


def differences(kind: str, theirs: Any, ours: Any) -> Iterator[tuple[str, str, str]]:
    """Give the keys that one side has and the other lacks, as (side, kind, key); and where types are not alike."""
    if isinstance(theirs, list) and isinstance(ours, list):
        if theirs and ours:
            yield from differences(kind, _merged(theirs), _merged(ours))
        return
    if not isinstance(theirs, dict) or not isinstance(ours, dict):
        if None not in (theirs, ours) and _type(theirs) != _type(ours):
            yield ("type", kind, f"{_type(theirs)} and {_type(ours)}")
        return
    if kind == "languages":
        return
    yield from (("recorded", kind, key) for key in theirs.keys() - ours.keys())
    yield from (("double", kind, key) for key in ours.keys() - theirs.keys())
    for key in theirs.keys() & ours.keys():
        inner = KINDS.get(key, f"{kind}.{key}") if isinstance(theirs[key], dict | list) else f"{kind}.{key}"
        yield from differences(inner, theirs[key], ours[key])


def _merged(items: list[Any]) -> Any:
    """Give the keys that every thing of a list has, with the first value that says something."""
    if not all(isinstance(one, dict) for one in items):
        return items[0]
    shared = set.intersection(*(set(one) for one in items))
    return {key: next((one[key] for one in items if one[key] not in (None, [], {})), None) for key in shared}


def _type(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


HEADERS = (
    "content-type", "cache-control", "etag", "link", "vary", "x-page", "x-per-page", "x-next-page", "x-prev-page",
    "x-total", "x-total-pages", "ratelimit-limit", "ratelimit-observed", "ratelimit-remaining", "ratelimit-reset",
    "ratelimit-resettime", "ratelimit-name", "x-request-id", "x-runtime", "x-gitlab-meta", "date", "server",
    "x-gitlab-blob-id", "x-gitlab-commit-id", "x-gitlab-content-sha256", "x-gitlab-encoding", "x-gitlab-file-name",
    "x-gitlab-file-path", "x-gitlab-last-commit-id", "x-gitlab-ref", "x-gitlab-size", "x-gitlab-execute-filemode",
)  # fmt: skip
SAID_ALIKE = ("x-page", "x-per-page", "x-next-page", "x-prev-page", "x-total", "x-total-pages", "cache-control")


def header_differences(theirs: Mapping[str, str], ours: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give the headers that one side lacks, those that say something else, and links that are not alike."""
    for name in HEADERS:
        if (name in theirs) != (name in ours):
            yield ("recorded" if name in theirs else "double", "headers", name)
    for name in SAID_ALIKE:
        if name in theirs and name in ours and theirs[name] != ours[name]:
            yield ("value", "headers", f"{name}: {theirs[name]} and {ours[name]}")
    media = [headers.get("content-type", "").partition(";")[0] for headers in (theirs, ours)]
    if all(media) and media[0] != media[1]:
        yield ("value", "headers", f"content-type: {media[0]} and {media[1]}")
    if "link" in theirs and "link" in ours:
        old, new = links(theirs["link"]), links(ours["link"])
        if old.keys() != new.keys():
            yield ("value", "headers", f"link: {sorted(old)} and {sorted(new)}")
        for relation in old.keys() & new.keys():
            yield from (("recorded", "link query", name) for name in old[relation] - new[relation])
            yield from (("double", "link query", name) for name in new[relation] - old[relation])


def links(header: str) -> dict[str, set[str]]:
    """Read a Link header: the names of each relation's query (s2: the query is normalised)."""
    found = {}
    for part in header.split(", <"):
        address, _, relation = part.lstrip("<").partition('>; rel="')
        found[relation.rstrip('"')] = {
            name.removesuffix("[]") for name in parse_qs(urlsplit(address).query, keep_blank_values=True)
        }
    return found


@cache
def reviewed() -> dict[tuple[str, str, str], str]:
    """Give the differences that were looked at, each with its reason."""
    table = tomllib.loads(REVIEWED.read_text("utf-8"))
    return {
        (side, kind, key): reason
        for side in ("recorded", "double", "type", "value")
        for kind, keys in table.get(side, {}).items()
        for key, reason in keys.items()
    }


@cache
def artefacts() -> dict[str, str]:
    """Give the recordings that contradict themselves or are of no GitLab API, each with the reason."""
    return dict(tomllib.loads(REVIEWED.read_text("utf-8")).get("artefacts", {}))

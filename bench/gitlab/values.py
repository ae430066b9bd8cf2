"""What a look saw and what the script read, as the same plain values, so that they can be held against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bench.gitlab.script import Told
from secrel.adapters.gitlab.marks import taken_apart, unmarked
from secrel.words.forge import Issue, Link, MergeRequest, Note
from secrel.words.parts import Open, Part, Seen, Unseen
from secrel.words.sighting import TRACKING, Asked, LinkedFix, RemovedLink, Sighting

Values = dict[str, dict[str, Any]]
"""By what it is of (`request group/app!3`), what is known of it."""
PIPELINES = {None: "none", "success": "passed", "failed": "failed", "canceled": "failed", "skipped": "none"}


def differences(ours: Values, theirs: Values) -> list[str]:
    """List whatever is not the same in both, by what it is of."""
    return [
        f"{name}, {part}: ours {one.get(part, 'missing')!r}, theirs {other.get(part, 'missing')!r}"
        for name in sorted({*ours, *theirs})
        for one, other in [(ours.get(name, {}), theirs.get(name, {}))]
        for part in sorted({*one, *other})
        if one.get(part, "missing") != other.get(part, "missing")
    ]


def counted(values: Values) -> int:
    """Count the values, each list for one."""
    return sum(map(len, values.values()))


# of a look


def of_sighting(seen: Sighting) -> Values:
    """Give what a look saw; what it did not see stands there as unseen, and is a difference."""
    found: Values = {}
    for name, part in seen.issues.items():
        found[f"document {name}"] = _part(part, _issue)
    for name, request in seen.requests.items():
        found[f"document {name}"] = _part(request, _request)
    for project, tags in seen.tags.items():
        found[f"tags {project}"] = _part(tags, dict)
    found["links"] = _part(seen.linked, lambda fixes: {one.link.ref: _link(one.link) for one in fixes})
    found["links that were"] = _part(seen.removed, lambda fixes: {one.link.ref: _link(one.link) for one in fixes})
    for linked in seen.linked.value if isinstance(seen.linked, Seen) else ():
        found |= _fix(linked)
    for gone in seen.removed.value if isinstance(seen.removed, Seen) else ():
        found |= _gone(gone)
    return found


def _part(part: Part[Any], make: Any) -> dict[str, Any]:
    if isinstance(part, Unseen):
        return {"unseen": part.reason}
    told: dict[str, Any] = {"absent": True} if part.value is None else make(part.value)
    return told | ({"shortfall": part.shortfall} if part.shortfall else {})


def _fix(fix: LinkedFix) -> Values:
    requests = fix.requests.value if isinstance(fix.requests, Seen) else ()
    found = {f"request {one.ref}": _request(one) for one in requests}
    named = _part(fix.requests, lambda some: {"requests": sorted(one.ref for one in some)})
    held = _part(fix.holding, lambda tags: {"held by": sorted(tags)})
    return {
        f"issue {fix.link.ref}": _part(fix.issue, _issue),
        f"fix {fix.link.ref}": named | held,
        f"CVE request {fix.link.ref}": _part(fix.cve_request, _issue),
        **found,
    }


def _gone(fix: RemovedLink) -> Values:
    branches = _part(fix.branches, lambda names: {"branches": sorted(names)})
    held = _part(fix.holding, lambda tags: {"held by": sorted(tags)})
    return {
        f"issue {fix.link.ref}": _part(fix.issue, _issue),
        f"fix {fix.link.ref}": branches | held,
        f"CVE request {fix.link.ref}": _part(fix.cve_request, _issue),
    }


def _link(link: Link) -> tuple[datetime, datetime | None, str]:
    return link.since, link.until, link.by


def _issue(one: Issue) -> dict[str, Any]:
    return {
        "ref": one.ref, "title": one.title, "body": one.body, "url": one.url, "state": one.state.value,
        "labels": sorted(one.labels), "confidential": one.confidential, "assignees": sorted(one.assignees),
        "due": one.due, "milestone": one.milestone, "created": one.created_at, "facts": dict(one.facts.table),
        "notes": _notes(one.notes),
    }  # fmt: skip


def _notes(notes: Open[tuple[Note, ...]]) -> Any:
    return notes if isinstance(notes, Unseen) else [(note.by, note.at, note.body, note.internal) for note in notes]


def _request(one: MergeRequest) -> dict[str, Any]:
    assents = one.assents
    return {
        "ref": one.ref, "title": one.title, "body": one.body, "url": one.url, "state": one.state.value,
        "branch": one.branch, "target": one.target, "draft": one.is_draft,
        "pipeline": one.pipeline if isinstance(one.pipeline, Unseen) else one.pipeline.value,
        "conflicts": one.has_conflicts, "open boxes": one.open_boxes, "open discussions": one.open_discussions,
        "labels": sorted(one.labels), "milestone": one.milestone, "assignees": sorted(one.assignees),
        "reviewers": sorted(one.reviewers), "author": one.author, "commit": one.commit, "changed": one.changed_at,
        "approvals": assents if isinstance(assents, Unseen) else sorted((a.by, a.at, a.team) for a in assents),
        "merged": one.merged_at, "files": list(one.files), "notes": _notes(one.notes), "public": one.is_public,
    }  # fmt: skip


# of the script


def of_script(told: Told, asked: Asked, teams: Mapping[str, str]) -> Values:
    """Give what the script read."""
    tracking = told["tracking"]
    found: Values = {f"document {TRACKING}": _read_issue(tracking)}
    for name, sought in asked.issues.items():
        if name != TRACKING:
            found[f"document {name}"] = _read_issue(_marked(told["issues"][sought.project], sought.key))
    for name, sought in asked.requests.items():
        found[f"document {name}"] = _read_request(_marked(told["requests"][sought.project], sought.key), teams)
    found |= {f"tags {project}": dict(tags) for project, tags in told["tags"].items()}
    found["links"] = {
        one["references"]["full"]: (_at(one["link_created_at"]), None, _by(tracking, one["references"]["full"]))
        for one in tracking["links"]
    }
    found["links that were"] = dict(_ended(tracking))
    for one in (*tracking["links"], *tracking["gone"]):
        ref = one["references"]["full"]
        found[f"issue {ref}"] = _read_issue(one)
        cve = _marked(told["issues"][asked.cves], asked.cve_request(ref).key)
        found[f"CVE request {ref}"] = _read_issue(cve)
        named = {"requests": sorted(each["references"]["full"] for each in one["requests"])}
        if one in tracking["gone"]:
            named = {"branches": sorted(each["source_branch"] for each in one["requests"])}
        found[f"fix {ref}"] = {**named, "held by": sorted(one["holding"])}
        for each in one["requests"] if one in tracking["links"] else ():
            found[f"request {each['references']['full']}"] = _read_request(each, teams)
    return found


def _marked(things: list[Told], key: str) -> Told | None:
    for one in things:
        mark = taken_apart(one["description"] or "").mark
        if mark is not None and mark.is_of(key):
            return one
    return None


def _by(tracking: Told, ref: str) -> str:
    named = [note for full, note in tracking["named"] if full == ref and note["body"].startswith("marked")]
    return max(named, key=lambda note: str(note["created_at"]))["author"]["username"] if named else ""


def _ended(tracking: Told) -> Iterator[tuple[str, tuple[datetime | None, datetime | None, str]]]:
    for one in tracking["gone"]:
        ref = one["references"]["full"]
        times = {
            note["body"].partition(" ")[0]: _at(note["created_at"]) for full, note in tracking["named"] if full == ref
        }
        yield ref, (times.get("marked"), times.get("removed"), _by(tracking, ref))


def _at(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _people(told: list[Told]) -> list[str]:
    return sorted(one["username"] for one in told)


def _read_notes(one: Told) -> list[Any]:
    notes = sorted(
        (note for note in one["notes"] if not note["system"]), key=lambda note: (note["created_at"], note["id"])
    )
    return [
        (note["author"]["username"], _at(note["created_at"]), unmarked(note["body"])[0], note["internal"])
        for note in notes
    ]


def _read_issue(one: Told | None) -> dict[str, Any]:
    if one is None:
        return {"absent": True}
    parts = taken_apart(one["description"] or "")
    return {
        "ref": one["references"]["full"], "title": one["title"], "body": parts.words, "url": one["web_url"],
        "state": one["state"], "labels": sorted(one["labels"]), "confidential": one["confidential"] or one["private"],
        "assignees": _people(one["assignees"]), "due": date.fromisoformat(one["due_date"]) if one["due_date"] else None,
        "milestone": (one["milestone"] or {}).get("title", ""), "created": _at(one["created_at"]),
        "facts": dict(parts.facts.table), "notes": _read_notes(one),
    }  # fmt: skip


def _read_request(one: Told | None, teams: Mapping[str, str]) -> dict[str, Any]:
    if one is None:
        return {"absent": True}
    boxes, pipeline = one["task_completion_status"], (one["head_pipeline"] or {}).get("status")
    is_open, is_merged = one["state"] == "opened", one["state"] == "merged"
    pushed = [_at(note["created_at"]) for note in one["notes"] if note["system"] and "added" in note["body"]]
    moved = [_at(one["created_at"]), *pushed, *(_at(commit["committed_date"]) for commit in one["newest"])]
    return {
        "ref": one["references"]["full"], "title": one["title"], "url": one["web_url"], "state": one["state"],
        "body": taken_apart(one["description"] or "").words, "branch": one["source_branch"],
        "target": one["target_branch"], "draft": one["draft"], "pipeline": PIPELINES.get(pipeline, "running"),
        "conflicts": is_open and (one["has_conflicts"] or one["detailed_merge_status"] == "conflict"),
        "open boxes": boxes["count"] - boxes["completed_count"],
        "open discussions": sum(note["resolvable"] and not note["resolved"] for note in one["notes"]),
        "labels": sorted(one["labels"]), "milestone": (one["milestone"] or {}).get("title", ""),
        "assignees": _people(one["assignees"]), "reviewers": _people(one["reviewers"]),
        "author": one["author"]["username"], "commit": one["merge_commit_sha"] if is_merged else one["sha"],
        "changed": max(filter(None, moved)), "approvals": sorted(_approvals(one, teams)),
        "merged": _at(one["merged_at"]), "files": one.get("files", []), "notes": _read_notes(one),
        "public": not one["private"],
    }  # fmt: skip


def _approvals(one: Told, teams: Mapping[str, str]) -> Iterator[tuple[str, datetime | None, str]]:
    for given in one["approvals"]["approved_by"]:
        who = given["user"]["username"]
        counts = [
            teams[rule["name"].casefold()]
            for rule in one["rules"]
            if rule["name"].casefold() in teams and who in _people(rule["approved_by"])
        ]
        for team in counts or [""]:
            yield who, _at(given["approved_at"]), team

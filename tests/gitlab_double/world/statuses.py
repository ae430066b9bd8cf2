"""What keeps a merge request from being merged: one blocker at a time (s8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.gitlab_double.world.things import MergeRequest, Note, Pipeline, Rule

if TYPE_CHECKING:
    from tests.gitlab_double.world.world import World

OF_GRAPHQL = {
    "merge_request_blocked": "BLOCKED_STATUS",
    "status_checks_must_pass": "EXTERNAL_STATUS_CHECKS",
    "jira_association_missing": "JIRA_ASSOCIATION",
    "security_policy_violations": "SECURITY_POLICIES_VIOLATIONS",
    "title_regex": "TITLE_NOT_MATCHING",
}
"""The five that are spelled otherwise in GraphQL (s8)."""


def rules_of(world: World, thing: MergeRequest) -> list[Rule]:
    """Give the rules of approval that hold for a merge request."""
    return thing.rules if thing.rules is not None else world.projects[thing.project_id].rules


def given(thing: MergeRequest, rule: Rule) -> list[int]:
    """Give those whose approval counts for a rule."""
    return [one for one in thing.approvals if not rule.eligible or one in rule.eligible]


def lacking(world: World, thing: MergeRequest) -> list[Rule]:
    """Give the rules that want more approvals."""
    return [rule for rule in rules_of(world, thing) if len(given(thing, rule)) < rule.required]


def unresolved(thing: MergeRequest) -> list[Note]:
    """Give the notes that wait to be resolved."""
    return [note for note in thing.notes if note.resolvable and note.resolved_by is None]


def head_pipeline(world: World, thing: MergeRequest) -> Pipeline | None:
    """Give the newest pipeline of the source, whatever its commit: it may be older than the head (s8)."""
    project = world.projects[thing.source_project_id]
    known = {thing.sha, *project.repository.commits}
    refs = {thing.source_branch, f"refs/merge-requests/{thing.iid}/head"}
    found = [one for one in project.pipelines if one.sha == thing.sha or (one.ref in refs and one.sha in known)]
    return found[-1] if found else None


def _blockers(world: World, thing: MergeRequest) -> Iterator[str]:
    project = world.projects[thing.project_id]
    if thing.state != "opened":
        yield "not_open"
    yield from (word for word in (thing.stage, thing.blocker) if word is not None)
    if thing.draft:
        yield "draft_status"
    if project.discussions_must_resolve and unresolved(thing):
        yield "discussions_not_resolved"
    if thing.conflicts:
        yield "conflict"
    if project.pipelines_must_pass:
        yield from _by_pipeline(head_pipeline(world, thing))
    if world.site.enterprise and lacking(world, thing):
        yield "not_approved"


def _by_pipeline(pipeline: Pipeline | None) -> Iterator[str]:
    if pipeline is not None and pipeline.status in ("running", "pending", "created"):
        yield "ci_still_running"
    if pipeline is None or pipeline.status != "success":
        yield "ci_must_pass"


def detailed(world: World, thing: MergeRequest) -> str:
    """Give the first blocker there is, or `mergeable`; it hides all the others (s8)."""
    return next(_blockers(world, thing), "mergeable")


def simple(detailed_status: str, thing: MergeRequest) -> str:
    """Give the older `merge_status` (s8)."""
    if detailed_status in ("preparing", "checking"):
        return "checking"
    if detailed_status == "unchecked":
        return "unchecked"
    return "cannot_be_merged" if thing.conflicts else "can_be_merged"

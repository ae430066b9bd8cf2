"""Merge requests, as far as a release desk reads them (s8, s9)."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.graphql.fields import talk
from tests.gitlab_double.graphql.fields.people import labels, milestone, people
from tests.gitlab_double.graphql.fields.work_items import project_of, rights
from tests.gitlab_double.graphql.serving import Connection, Context, Node, attributes, constant, gid, serves
from tests.gitlab_double.rest.asking import written
from tests.gitlab_double.world import repositories, statuses
from tests.gitlab_double.world.things import MergeRequest, Project, Rule, User

attributes(
    "MergeRequest", title="title", name="title", description="description", state="state", draft="draft",
    sourceBranch="source_branch", targetBranch="target_branch", sourceProjectId="source_project_id",
    targetProjectId="project_id", projectId="project_id", diffHeadSha="sha", mergeCommitSha="merge_commit_sha",
    conflicts="conflicts", squash="squash", squashOnMerge="squash", discussionLocked="discussion_locked",
)  # fmt: skip
constant(
    "MergeRequest",
    upvotes=0,
    downvotes=0,
    mergeError=None,
    mergeWhenPipelineSucceeds=False,
    autoMergeEnabled=False,
    mergeOngoing=False,
    rebaseInProgress=False,
    shouldBeRebased=False,
    hidden=False,
    sourceBranchProtected=False,
    allowsMultipleAssignees=True,
    allowsMultipleReviewers=True,
    forceRemoveSourceBranch=None,
    subscribed=False,
    shouldRemoveSourceBranch=None,
    hasSecurityReports=False,
)
serves("MergeRequest", "notes")(talk.notes)
serves("MergeRequest", "discussions")(talk.discussions)


@serves("MergeRequest", "id")
def number(source: MergeRequest, _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("MergeRequest", source.id)


@serves("MergeRequest", "iid")
def iid(source: MergeRequest, _context: Context, _args: dict[str, Any]) -> str:
    """Give the number in the project."""
    return str(source.iid)


def _time(name: str) -> Any:
    return lambda source, context, _args: written(context.world, getattr(source, name))


for _name, _attribute in {
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "closedAt": "closed_at",
    "mergedAt": "merged_at",
    "preparedAt": "prepared_at",
}.items():
    serves("MergeRequest", _name)(_time(_attribute))


@serves("MergeRequest", "webUrl")
def address(source: MergeRequest, context: Context, _args: dict[str, Any]) -> str:
    """Give the address."""
    return context.world.address(source)


@serves("MergeRequest", "webPath")
def path(source: MergeRequest, context: Context, _args: dict[str, Any]) -> str:
    """Give the path of the address."""
    return context.world.address(source).removeprefix(context.world.site.url)


@serves("MergeRequest", "reference")
def reference(source: MergeRequest, context: Context, args: dict[str, Any]) -> str:
    """Give how it is written."""
    return f"{project_of(context, source).path if args.get('full') else ''}!{source.iid}"


@serves("MergeRequest", "project", "targetProject")
def project(source: MergeRequest, context: Context, _args: dict[str, Any]) -> Project:
    """Give the project of the target."""
    return project_of(context, source)


@serves("MergeRequest", "sourceProject")
def source_project(source: MergeRequest, context: Context, _args: dict[str, Any]) -> Project | None:
    """Give the project of the source."""
    return context.world.projects.get(source.source_project_id)


@serves("MergeRequest", "author")
def author(source: MergeRequest, context: Context, _args: dict[str, Any]) -> User | None:
    """Give who opened it."""
    return context.world.users.get(source.author_id)


@serves("MergeRequest", "mergeUser")
def merge_user(source: MergeRequest, context: Context, _args: dict[str, Any]) -> User | None:
    """Give who merged it."""
    return context.world.users.get(source.merged_by or -1)


@serves("MergeRequest", "assignees")
def assignees(source: MergeRequest, context: Context, args: dict[str, Any]) -> Connection:
    """List assignees."""
    return Connection(people(context, source.assignees), args)


@serves("MergeRequest", "reviewers")
def reviewers(source: MergeRequest, context: Context, args: dict[str, Any]) -> Connection:
    """List reviewers, each knowing what they review."""
    found = people(context, source.reviewers)
    return Connection([Node("MergeRequestReviewer", one, source) for one in found], args)


@serves("MergeRequest", "labels")
def request_labels(source: MergeRequest, context: Context, args: dict[str, Any]) -> Connection:
    """List labels."""
    return Connection(labels(context, project_of(context, source), source.labels), args)


@serves("MergeRequest", "milestone")
def request_milestone(source: MergeRequest, context: Context, _args: dict[str, Any]) -> Any:
    """Give the milestone."""
    return milestone(context, project_of(context, source), source.milestone_id)


@serves("MergeRequest", "userPermissions")
def permissions(source: MergeRequest, context: Context, _args: dict[str, Any]) -> dict[str, bool]:
    """Say what the caller may do."""
    from tests.gitlab_double.rest.shapes import may_merge  # noqa: PLC0415 - only this needs it

    merges = may_merge(context.world, context.viewer, source)
    return {**rights(context, source), "canMerge": merges, "canApprove": merges, "pushToSourceBranch": merges}


# what is in the way


@serves("MergeRequest", "detailedMergeStatus")
def detailed(source: MergeRequest, context: Context, _args: dict[str, Any]) -> str:
    """Give the blocker that is named, in the spelling of GraphQL; to ask lets GitLab think one step on."""
    context.looked_at.append(source)
    word = statuses.detailed(context.world, source)
    return statuses.OF_GRAPHQL.get(word, word.upper())


@serves("MergeRequest", "mergeStatusEnum")
def simple_enum(source: MergeRequest, context: Context, _args: dict[str, Any]) -> str:
    """Give the older status."""
    context.looked_at.append(source)
    return statuses.simple(statuses.detailed(context.world, source), source).upper()


@serves("MergeRequest", "mergeStatus")
def simple(source: MergeRequest, context: Context, _args: dict[str, Any]) -> str:
    """Give the older status in REST's spelling."""
    context.looked_at.append(source)
    return statuses.simple(statuses.detailed(context.world, source), source)


@serves("MergeRequest", "mergeable")
def mergeable(source: MergeRequest, context: Context, _args: dict[str, Any]) -> bool:
    """Say whether nothing is in the way."""
    return statuses.detailed(context.world, source) == "mergeable"


@serves("MergeRequest", "mergeableDiscussionsState")
def talked_out(source: MergeRequest, context: Context, _args: dict[str, Any]) -> bool:
    """Say whether discussions are in the way."""
    return not (project_of(context, source).discussions_must_resolve and statuses.unresolved(source))


def _discussed(source: MergeRequest) -> dict[str, bool]:
    """Give the discussions that can be resolved, each with whether it is."""
    found: dict[str, bool] = {}
    for note in source.notes:
        if note.resolvable:
            found[note.discussion] = found.get(note.discussion, True) and note.resolved_by is not None
    return found


@serves("MergeRequest", "resolvableDiscussionsCount")
def resolvable(source: MergeRequest, _context: Context, _args: dict[str, Any]) -> int:
    """Count discussions that can be resolved."""
    return len(_discussed(source))


@serves("MergeRequest", "resolvedDiscussionsCount")
def resolved(source: MergeRequest, _context: Context, _args: dict[str, Any]) -> int:
    """Count those that are."""
    return sum(_discussed(source).values())


# who approved


@serves("MergeRequest", "approved")
def approved(source: MergeRequest, context: Context, _args: dict[str, Any]) -> bool:
    """Say whether no rule lacks an approval; without rules that says nothing."""
    return not statuses.lacking(context.world, source) if context.world.site.enterprise else bool(source.approvals)


@serves("MergeRequest", "approvedBy")
def approved_by(source: MergeRequest, context: Context, args: dict[str, Any]) -> Connection:
    """List who approved."""
    return Connection(people(context, list(source.approvals)), args)


@serves("MergeRequest", "approvalsRequired")
def approvals_required(source: MergeRequest, context: Context, _args: dict[str, Any]) -> int:
    """Count the approvals that rules want."""
    return sum(rule.required for rule in statuses.rules_of(context.world, source))


@serves("MergeRequest", "approvalsLeft")
def approvals_left(source: MergeRequest, context: Context, _args: dict[str, Any]) -> int:
    """Count the approvals that are lacking."""
    lacking = statuses.lacking(context.world, source)
    return sum(rule.required - len(statuses.given(source, rule)) for rule in lacking)


@serves("MergeRequest", "approvalState")
def approval_state(source: MergeRequest, context: Context, _args: dict[str, Any]) -> dict[str, Any]:
    """Give the rules."""
    rules = [Node("ApprovalRule", (source, rule)) for rule in statuses.rules_of(context.world, source)]
    return {"approvalRulesOverwritten": source.rules is not None, "invalidApproversRules": [], "rules": rules}


constant(
    "ApprovalRule",
    invalid=False,
    allowMergeWhenInvalid=False,
    overridden=False,
    section=None,
    containsHiddenGroups=False,
)


@serves("ApprovalRule", "id")
def rule_id(source: tuple[MergeRequest, Rule], _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("ApprovalMergeRequestRule", source[1].id)


@serves("ApprovalRule", "name")
def rule_name(source: tuple[MergeRequest, Rule], _context: Context, _args: dict[str, Any]) -> str:
    """Give the name."""
    return source[1].name


@serves("ApprovalRule", "type")
def rule_type(source: tuple[MergeRequest, Rule], _context: Context, _args: dict[str, Any]) -> str:
    """Give the kind."""
    return "REGULAR" if source[1].eligible else "ANY_APPROVER"


@serves("ApprovalRule", "approvalsRequired")
def rule_required(source: tuple[MergeRequest, Rule], _context: Context, _args: dict[str, Any]) -> int:
    """Count what it wants."""
    return source[1].required


@serves("ApprovalRule", "approved")
def rule_approved(source: tuple[MergeRequest, Rule], _context: Context, _args: dict[str, Any]) -> bool:
    """Say whether it has that."""
    return len(statuses.given(*source)) >= source[1].required


@serves("ApprovalRule", "approvedBy")
def rule_approved_by(source: tuple[MergeRequest, Rule], context: Context, args: dict[str, Any]) -> Connection:
    """List whose approval counts for it."""
    return Connection(people(context, statuses.given(*source)), args)


@serves("ApprovalRule", "eligibleApprovers")
def rule_eligible(source: tuple[MergeRequest, Rule], context: Context, _args: dict[str, Any]) -> list[User]:
    """List whose approval would count."""
    return people(context, list(source[1].eligible))


# commits and branches


@serves("MergeRequest", "commits", "commitsWithoutMergeCommits")
def commits(source: MergeRequest, context: Context, args: dict[str, Any]) -> Connection:
    """List the commits, newest first."""
    return Connection([Node("Commit", (project_of(context, source), one)) for one in _commits(source, context)], args)


def _commits(source: MergeRequest, context: Context) -> list[Any]:
    here = context.world.projects[source.source_project_id].repository
    there = project_of(context, source).repository
    had = {one.sha for one in repositories.history(there, there.branches.get(source.target_branch))}
    had -= (
        {one.sha for one in repositories.history(there, source.merge_commit_sha)} if source.merge_commit_sha else set()
    )
    return [one for one in repositories.history(here, source.sha) if one.sha not in had]


@serves("MergeRequest", "commitCount")
def commit_count(source: MergeRequest, context: Context, _args: dict[str, Any]) -> int:
    """Count the commits."""
    return len(_commits(source, context))


@serves("MergeRequest", "sourceBranchExists")
def source_exists(source: MergeRequest, context: Context, _args: dict[str, Any]) -> bool:
    """Say whether the source is there."""
    return source.source_branch in context.world.projects[source.source_project_id].repository.branches


@serves("MergeRequest", "targetBranchExists")
def target_exists(source: MergeRequest, context: Context, _args: dict[str, Any]) -> bool:
    """Say whether the target is there."""
    return source.target_branch in project_of(context, source).repository.branches


@serves("MergeRequest", "diffRefs")
def diff_refs(source: MergeRequest, context: Context, _args: dict[str, Any]) -> dict[str, Any] | None:
    """Give the ends of the difference, null while GitLab prepares (s8)."""
    if source.stage == "preparing" or source.sha is None:
        return None
    base = next((one.parents[0] for one in _commits(source, context)[::-1] if one.parents), source.sha)
    return {"baseSha": base, "headSha": source.sha, "startSha": base}

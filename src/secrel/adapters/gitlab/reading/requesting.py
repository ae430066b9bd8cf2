"""Of answers, merge requests: each blocker is read by itself, since GitLab's own status names one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from secrel.adapters.gitlab.faults import harmless
from secrel.adapters.gitlab.marks import taken_apart
from secrel.adapters.gitlab.neutral import original
from secrel.adapters.gitlab.reading.forms import RequestForm
from secrel.adapters.gitlab.reading.making import Trust, acts, notes_of, state_of, writers_of
from secrel.adapters.gitlab.reading.things import Thing, Whole
from secrel.words.errors import Misused
from secrel.words.forge import Assent, MergeRequest, Pipeline, State
from secrel.words.parts import Open, Part, Seen, Unseen, unseen

_PASSED = frozenset({"SUCCESS"})
_FAILED = frozenset({"FAILED", "CANCELED", "CANCELING"})
_NONE = frozenset({"SKIPPED"})
_FINAL = frozenset(
    {
        "MERGEABLE", "CONFLICT", "CI_MUST_PASS", "CI_STILL_RUNNING", "COMMITS_STATUS", "DISCUSSIONS_NOT_RESOLVED",
        "DRAFT_STATUS", "LOCKED_LFS_FILES", "MERGE_TIME", "NEED_REBASE", "NOT_OPEN", "JIRA_ASSOCIATION", "LOCKED_PATHS",
        "BLOCKED_STATUS", "NOT_APPROVED", "REQUESTED_CHANGES", "SECURITY_POLICY_PIPELINE_CHECK",
        "SECURITY_POLICIES_VIOLATIONS", "EXTERNAL_STATUS_CHECKS", "TITLE_NOT_MATCHING",
    }
)  # fmt: skip
"""What GitLab says when it has looked whether something can be merged (gitlab-api.md 8)."""
_TRANSIENT = frozenset({"UNCHECKED", "CHECKING", "PREPARING", "APPROVALS_SYNCING"})


def is_settling(form: RequestForm) -> bool:
    """Whether GitLab is still looking at a merge request: what it says of conflicts does not hold yet."""
    return form.state == "opened" and (form.detailed_merge_status or "CHECKING") in _TRANSIENT


def request_of(
    thing: Thing[RequestForm], trust: Trust, teams: Mapping[str, str], files: Part[tuple[tuple[str, str], ...]]
) -> Part[MergeRequest]:
    """Make a merge request of what was found; `files` are those it changes, where they are asked for."""
    form = thing.form
    if isinstance(files, Unseen):
        return files
    try:
        state = state_of(form.state)
    except Misused as fault:
        return unseen(fault, thing.place.ref)
    parts = taken_apart(form.description or "")
    author = form.author.username if form.author else ""
    request = MergeRequest(
        ref=thing.place.ref,
        title=original(form.title),
        body=original(parts.words),
        url=form.web_url or "",
        branch=form.source_branch,
        target=form.target_branch,
        state=state,
        is_draft=form.draft,
        pipeline=_pipeline(form),
        has_conflicts=_conflicts(form, state),
        open_boxes=max(0, form.task_completion_status.count - form.task_completion_status.completed_count),
        open_discussions=_discussions(form),
        labels=frozenset(label.title for label in thing.list("labels").items),
        milestone=form.milestone.title if form.milestone else "",
        assignees=tuple(user.username for user in thing.list("assignees").items),
        reviewers=tuple(user.username for user in thing.list("reviewers").items),
        assents=_assents(thing, teams),
        author=author,
        commit=(form.merge_commit_sha if state is State.MERGED else None) or form.diff_head_sha or "",
        changed_at=_changed_at(thing),
        merged_at=form.merged_at,
        mark=trust.key_of(parts.mark, writers_of(form.author, thing.list("notes"))),
        files=files.value,
        notes=notes_of(thing.list("notes"), trust),
        is_public=thing.project.visibility != "private" if thing.project.visibility else Unseen("not shown"),
    )
    short = [thing.list(name).shortfall for name in ("labels", "assignees", "reviewers")]
    return Seen(request, form.web_url or thing.place.ref, "; ".join(filter(None, (*short, files.shortfall))))


def _pipeline(form: RequestForm) -> Open[Pipeline]:
    """Read the pipeline of the newest commit; that of an older one counts for nothing."""
    pipe = form.head_pipeline
    if pipe is None or pipe.status in _NONE:
        return Pipeline.NONE
    if pipe.status in _PASSED:
        return Pipeline.PASSED
    return Pipeline.FAILED if pipe.status in _FAILED else Pipeline.RUNNING


def _conflicts(form: RequestForm, state: State) -> Open[bool]:
    if state is not State.OPENED:
        return False
    if form.conflicts or form.detailed_merge_status == "CONFLICT":
        return True
    if is_settling(form):
        return Unseen("GitLab is still looking whether it can be merged")
    if form.detailed_merge_status not in _FINAL:
        return Unseen(f"GitLab says {harmless(form.detailed_merge_status or '')[:60]!r} of it, which is not known here")
    return False


def _discussions(form: RequestForm) -> Open[int]:
    if form.resolvable_discussions_count is None or form.resolved_discussions_count is None:
        return Unseen("its discussions are not shown")
    return max(0, form.resolvable_discussions_count - form.resolved_discussions_count)


def _changed_at(thing: Thing[RequestForm]) -> datetime | None:
    """Say when its branch last moved: the latest that anything tells of it, so that no old approval counts.

    That is when it was opened, when GitLab noted that commits were added, and when the newest commit was made. What was
    merged moves no more.
    """
    form = thing.form
    pushed = [note.created_at for note in acts(thing.list("notes"), "commit")]
    made = [head.committed_date for head in (form.commits.nodes or ()) if head] if form.commits else []
    return max([form.created_at, *pushed, *filter(None, made)])


def _assents(thing: Thing[RequestForm], teams: Mapping[str, str]) -> Open[tuple[Assent, ...]]:
    """Give who approves it now, since when (which system notes say), and for which teams by the rules' names."""
    given, notes = thing.list("approvedBy"), thing.list("notes")
    short = given.shortfall or notes.shortfall
    if short:
        return Unseen(short)
    if thing.form.commits is not None and (thing.form.commits.nodes is None or None in thing.form.commits.nodes):
        return Unseen("its newest commit is not shown, and nobody can tell which approval is older")
    at = {note.author.username: note.created_at for note in acts(notes, "approved") if note.author}
    by_team = dict[str, list[str]]()
    for team, name in _by_rule(thing.form, teams) if thing.form.approval_state else _by_name(given, teams):
        by_team.setdefault(name, []).append(team)
    return tuple(
        Assent(user.username, at.get(user.username, thing.form.created_at), team)
        for user in given.items
        for team in by_team.get(user.username, [""])
    )


def _by_name(given: Whole, teams: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Tell for whom people approve where there are no rules: the profile has their names."""
    return ((teams.get(user.username.casefold(), ""), user.username) for user in given.items)


def _by_rule(form: RequestForm, teams: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for rule in (form.approval_state.rules or ()) if form.approval_state else ():
        team = teams.get((rule.name or "").strip().casefold(), "")
        for user in (rule.approved_by.nodes or ()) if team and rule.approved_by else ():
            if user is not None:
                yield team, user.username

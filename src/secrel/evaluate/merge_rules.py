"""When a merge request is ready: the rules of gitlab-process.md 2.3, one function each, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from secrel.words.forge import Assent, MergeRequest, Pipeline


@dataclass(frozen=True, slots=True)
class Demands:
    """What a process asks of a merge request.

    `teams` have each to approve one that goes to the default branch, `approvals` is how many people have to approve
    one that goes elsewhere (and at least so many one that goes to the default branch, when no team is named); `label`
    and `bot` are empty when nothing is asked.
    """

    default_branch: str
    teams: tuple[str, ...] = ()
    approvals: int = 0
    label: str = ""
    bot: str = ""
    milestone: bool = False


def standing_assents(request: MergeRequest) -> list[Assent]:
    """Give the approvals that count: by somebody else than the author, and given since the branch last moved."""
    return [
        assent
        for assent in request.assents
        if assent.by != request.author and (request.changed_at is None or assent.at >= request.changed_at)
    ]


def faults(request: MergeRequest, demands: Demands) -> Iterator[str]:
    """Tell everything that keeps an open merge request from being ready, except a pipeline that is still running."""
    if request.pipeline is Pipeline.NONE:
        yield "has no pipeline"
    if request.pipeline is Pipeline.FAILED:
        yield "its pipeline has failed"
    if request.has_conflicts:
        yield "cannot be merged: it has conflicts"
    if request.is_draft:
        yield "is still a draft"
    if request.open_boxes:
        yield f"has {request.open_boxes} open boxes in its description"
    if demands.milestone and not request.milestone:
        yield "has no milestone"
    if request.open_discussions:
        yield f"has {request.open_discussions} open discussions"
    if demands.label and demands.label not in request.labels:
        yield f"lacks the label {demands.label!r}"
    yield from _missing_approvals(request, demands)
    if demands.bot and demands.bot not in request.assignees:
        yield f"is not assigned to {demands.bot}"


def _missing_approvals(request: MergeRequest, demands: Demands) -> Iterator[str]:
    given = standing_assents(request)
    stale = " since it last changed" if request.assents and not given else ""
    if request.target == demands.default_branch and demands.teams:
        for team in demands.teams:
            if not any(assent.team == team for assent in given):
                yield f"is not approved by {team}{stale}"
    elif len({assent.by for assent in given}) < demands.approvals:
        yield f"has {len({assent.by for assent in given})} of {demands.approvals} approvals{stale}"

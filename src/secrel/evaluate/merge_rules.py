"""When a merge request is ready: the rules of gitlab-process.md 2.3, one function each, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import Struct

from secrel.words.forge import Assent, MergeRequest, Pipeline
from secrel.words.parts import Open, Unseen, settled

T = TypeVar("T")
_PIPELINES = {Pipeline.NONE: "has no pipeline", Pipeline.FAILED: "its pipeline has failed"}


class Demands(Struct, frozen=True):
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
    """Give the approvals that count: by somebody else than the author, and given since the branch last moved.

    Raises `NotSeen` when the approvals could not be seen.
    """
    return [
        assent
        for assent in settled(request.assents, f"the approvals of {request.ref}")
        if assent.by != request.author and (request.changed_at is None or assent.at >= request.changed_at)
    ]


def faults(request: MergeRequest, demands: Demands) -> Iterator[str | Unseen]:
    """Tell everything that keeps an open merge request from being ready, except a pipeline that is still running.

    What the forge left open is told in its place.
    """
    yield from _told(request.pipeline, "its pipeline", lambda pipeline: _PIPELINES.get(pipeline, ""))
    yield from _told(
        request.has_conflicts,
        "whether it has conflicts",
        lambda has: "cannot be merged: it has conflicts" if has else "",
    )
    if request.is_draft:
        yield "is still a draft"
    if request.open_boxes:
        yield f"has {request.open_boxes} open boxes in its description"
    if demands.milestone and not request.milestone:
        yield "has no milestone"
    yield from _told(
        request.open_discussions, "its discussions", lambda count: f"has {count} open discussions" if count else ""
    )
    if demands.label and demands.label not in request.labels:
        yield f"lacks the label {demands.label!r}"
    yield from _missing_approvals(request, demands)
    if demands.bot and demands.bot not in request.assignees:
        yield f"is not assigned to {demands.bot}"


def _told(field: Open[T], name: str, fault: Callable[[T], str]) -> Iterator[str | Unseen]:
    """Tell what is wrong with a field, or that the forge left it open."""
    if isinstance(field, Unseen):
        yield Unseen(f"{name} could not be seen: {field.reason}")
    elif said := fault(field):
        yield said


def _missing_approvals(request: MergeRequest, demands: Demands) -> Iterator[str | Unseen]:
    if isinstance(request.assents, Unseen):
        yield Unseen(f"its approvals could not be seen: {request.assents.reason}")
        return
    given = standing_assents(request)
    stale = " since it last changed" if request.assents and not given else ""
    if request.target == demands.default_branch and demands.teams:
        for team in demands.teams:
            if not any(assent.team == team for assent in given):
                yield f"is not approved by {team}{stale}"
    elif len({assent.by for assent in given}) < demands.approvals:
        yield f"has {len({assent.by for assent in given})} of {demands.approvals} approvals{stale}"

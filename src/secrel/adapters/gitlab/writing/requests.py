"""Merge requests: one open at a time from branch to branch, and found by that, with the mark to tell whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from secrel.adapters.gitlab.addresses import ThingPlace, issue_place
from secrel.adapters.gitlab.client import route
from secrel.adapters.gitlab.marks import line_of, together
from secrel.adapters.gitlab.reading.answers import RequestAnswer, ThingAnswer
from secrel.adapters.gitlab.writing.files import (
    BranchHead,
    Commit,
    branch_at,
    checked,
    commit,
    holds,
    is_of,
    needed_branch,
)
from secrel.adapters.gitlab.writing.files import standing as files_at
from secrel.adapters.gitlab.writing.opening import names_of
from secrel.adapters.gitlab.writing.readers import is_open
from secrel.adapters.gitlab.writing.sender import ONE_ALONE, UNTIL_ABSENT, GitLabSender
from secrel.adapters.gitlab.writing.texts import described, is_marked, meant_by, titled
from secrel.words.effects import Effect, OpenMergeRequest, TrackBranch
from secrel.words.errors import InDoubt, Refused
from secrel.words.outcomes import Made, NotMade

Opening = OpenMergeRequest | TrackBranch


def found(sender: GitLabSender, effect: Effect, action: Opening, begun: datetime | None) -> Made | NotMade:
    """Say whether the merge request is there, by its branches and its mark."""
    waits = () if begun is None else UNTIL_ABSENT
    place = sender.until(lambda: _marked(sender, effect, action), waits)
    return Made(place.ref) if place else NotMade()


def _all(sender: GitLabSender, action: Opening, state: str) -> tuple[RequestAnswer, ...]:
    query = (("source_branch", action.branch), ("target_branch", action.target), ("state", state))
    path = f"{route('projects', action.project)}/merge_requests"
    listed = sender.list(path, RequestAnswer, *query, where=action.project)
    return tuple(one for one in listed if (one.source_branch, one.target_branch) == (action.branch, action.target))


def _marked(sender: GitLabSender, effect: Effect, action: Opening) -> ThingPlace | None:
    numbers = [one.iid for one in _all(sender, action, "all") if is_marked(sender, one, effect.key)]
    return ThingPlace(action.project, "!", min(numbers)) if numbers else None


def track(sender: GitLabSender, effect: Effect, action: TrackBranch) -> str:
    """Open a merge request for a branch that is there, and name the issue in it: GitLab relates the two by that."""
    issue = issue_place(action.issue, sender.client.instance)
    needed_branch(sender, action.project, action.target)
    needed_branch(sender, action.project, action.branch)
    sender.thing(issue)
    mark = line_of(effect.key, is_public=is_open(sender, action.project))
    fields = {
        "title": titled(action.title),
        "description": together(f"Related to {issue.ref}", mark=mark),
        "labels": ",".join(sender.labelled(action.project, action.labels)),
    }
    return _opened(sender, effect, action, fields)


def opened(sender: GitLabSender, effect: Effect, action: OpenMergeRequest) -> str:
    """Commit the files on a branch of their own, and open the merge request for it.

    The branch and its commit come first; what an earlier attempt has made of them is taken up.
    """
    needed_branch(sender, action.project, action.target)
    there = _marked(sender, effect, action)
    if there is not None:
        return there.ref
    _refuse_others_words(sender, action)
    is_public = is_open(sender, action.project)
    mark = line_of(effect.key, is_public=is_public)
    fields: dict[str, Any] = {
        "title": titled(action.title),
        "description": described(action.body, meant_by(sender, is_public=is_public), mark),
        "labels": ",".join(sender.labelled(action.project, action.labels)),
        "assignee_ids": [sender.person(name) for name in action.assignees],
        "reviewer_ids": [sender.person(name) for name in action.reviewers],
    }
    _branched(sender, effect, action)
    return _opened(sender, effect, action, fields)


def _refuse_others_words(sender: GitLabSender, action: OpenMergeRequest) -> None:
    """Raise `Refused` when somebody has changed a file where the merge request goes: it would undo that."""
    expected = dict(action.expects)
    if not holds(files_at(sender, action.project, action.target, expected), expected):
        where = f"{action.project}, branch {action.target}"
        remedy = "make the change there by hand, since it would undo theirs; nothing was changed"
        raise Refused("somebody has changed a file there since", where=where, remedy=remedy)


def _branched(sender: GitLabSender, effect: Effect, action: OpenMergeRequest) -> None:
    """See to it that the branch holds the files; raises `Refused` when it is somebody else's."""
    wanted: dict[str, str | None] = dict(checked(action.files))
    branch = branch_at(sender, action.project, action.branch)
    if branch is None:
        base = files_at(sender, action.project, action.target, wanted)
        start = Commit(action.project, action.branch, action.title, effect.key, action.target)
        try:
            commit(sender, start, base, wanted)
        except Refused:
            branch = branch_at(sender, action.project, action.branch)
            if branch is None:
                raise
        else:
            return
    _taken_up(sender, effect, action, branch, wanted)


def _taken_up(
    sender: GitLabSender, effect: Effect, action: OpenMergeRequest, branch: BranchHead, wanted: Mapping[str, str | None]
) -> None:
    if not is_of(branch, effect.key):
        raise Refused(
            f"the branch {action.branch} is there already, and is not what this effect makes",
            where=action.project,
            remedy="look at it, and delete it if nobody needs it",
        )
    stands = files_at(sender, action.project, action.branch, wanted)
    if not holds(stands, wanted):
        commit(sender, Commit(action.project, action.branch, action.title, effect.key), stands, wanted)


def _opened(sender: GitLabSender, effect: Effect, action: Opening, fields: Mapping[str, Any]) -> str:
    there = _marked(sender, effect, action)
    if there is not None:
        return there.ref
    asked = {"source_branch": action.branch, "target_branch": action.target, **fields}
    path = f"{route('projects', action.project)}/merge_requests"
    try:
        made = sender.send("POST", path, asked, RequestAnswer, where=action.project).value
    except Refused:
        there = sender.until(lambda: _marked(sender, effect, action), UNTIL_ABSENT)
        if there is not None:
            return there.ref
        if standing := _all(sender, action, "opened"):
            where = f"{action.project}!{standing[0].iid}"
            raise Refused("this branch has an open merge request already", where=where, remedy="use that one") from None
        raise
    except InDoubt:
        there = sender.until(lambda: _marked(sender, effect, action))
        if there is None:
            raise
        return there.ref
    place = ThingPlace(action.project, "!", made.iid)
    seen = sender.until_seen(lambda: sender.marked(place, lambda one: is_marked(sender, one, effect.key)), place.ref)
    _refuse_less(seen, action, place)
    return place.ref


def _refuse_less(seen: ThingAnswer, action: Opening, place: ThingPlace) -> None:
    """Say what GitLab left out of a new merge request without a word; it is there, and is not opened again."""
    wrong = [] if set(seen.labels) == set(action.labels) else ["its labels"]
    if isinstance(action, OpenMergeRequest):
        for name, people in (("assignees", action.assignees), ("reviewers", action.reviewers)):
            if names_of(getattr(seen, name)) != {one.casefold() for one in people}:
                wrong.append(f"its {name}")
    if wrong:
        remedy = f"put it right on GitLab, then run it again: the merge request is there, and is taken up{ONE_ALONE}"
        raise Refused(f"GitLab did not take {' and '.join(wrong)}", where=place.ref, remedy=remedy)

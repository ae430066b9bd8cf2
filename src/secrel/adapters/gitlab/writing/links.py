"""Links of issues: the pair is the natural key, and what is linked is not linked again (gitlab-api.md 6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from secrel.adapters.gitlab.addresses import ThingPlace, issue_place
from secrel.adapters.gitlab.reading.answers import LinkAnswer
from secrel.adapters.gitlab.writing.sender import GitLabSender, path_of
from secrel.words.effects import Effect, LinkIssue, UnlinkIssue
from secrel.words.errors import InDoubt, Misused, Refused
from secrel.words.outcomes import CannotTell, Made, NotMade

MOST = 100


def found(
    sender: GitLabSender, _effect: Effect, action: LinkIssue | UnlinkIssue, begun: datetime | None
) -> Made | NotMade | CannotTell:
    """Say whether the pair is linked, or is not any more."""
    del begun
    one, other = _ends(sender, action)
    try:
        there = is_linked(sender, one, other)
    except Misused:
        return sender.not_made(one, other)
    return Made(one.ref) if there is isinstance(action, LinkIssue) else NotMade()


def done(sender: GitLabSender, _effect: Effect, action: LinkIssue | UnlinkIssue) -> str:
    """Link the pair, or take the link away; nothing when it is so already."""
    one, other = _ends(sender, action)
    if isinstance(action, LinkIssue):
        link(sender, one, other)
    else:
        _unlink(sender, one, other)
    return one.ref


def _ends(sender: GitLabSender, action: LinkIssue | UnlinkIssue) -> tuple[ThingPlace, ThingPlace]:
    one, other = (issue_place(ref, sender.client.instance) for ref in (action.ref, action.to))
    if one == other:
        raise Misused(f"{one.ref} cannot be linked to itself")
    return one, other


def between(sender: GitLabSender, one: ThingPlace, other: ThingPlace) -> int | None:
    """Give the number of the link between two issues, None when there is none that this token may see."""
    sender.thing(other)
    for linked in sender.get(path_of(one, "links"), list[LinkAnswer], where=one.ref):
        if linked.references.full == other.ref:
            return linked.issue_link_id
    return None


def is_linked(sender: GitLabSender, one: ThingPlace, other: ThingPlace) -> bool:
    """Whether two issues are linked, either way round."""
    return between(sender, one, other) is not None


def link(sender: GitLabSender, one: ThingPlace, other: ThingPlace) -> None:
    """Link two issues, unless they are; raises `Refused` for one that has as many links as GitLab takes."""
    if is_linked(sender, one, other):
        return
    asked = {"target_project_id": sender.project(other.project).id, "target_issue_iid": other.iid}
    try:
        sender.send("POST", path_of(one, "links"), asked, dict[str, Any], where=one.ref)
    except Refused as refused:  # the pair is there already, or there are too many
        if is_linked(sender, one, other):
            return
        if "maximum number" in refused.what:
            raise Refused(
                f"{one.ref} cannot be linked to {other.ref}: GitLab takes {MOST} links, and one of them has as many",
                where=one.ref,
                remedy="take a link away that is needed no more; nothing was changed",
            ) from None
        raise
    except InDoubt:
        if not sender.until(lambda: is_linked(sender, one, other) or None):
            raise
        return
    sender.until_seen(lambda: is_linked(sender, one, other) or None, one.ref)


def _unlink(sender: GitLabSender, one: ThingPlace, other: ThingPlace) -> None:
    number = between(sender, one, other)
    if number is None:
        return
    try:
        sender.send("DELETE", path_of(one, "links", number), None, Any, where=one.ref)
    except (InDoubt, Misused):  # in doubt, or somebody was faster
        if not sender.until(lambda: not is_linked(sender, one, other) or None):
            raise
        return
    sender.until_seen(lambda: not is_linked(sender, one, other) or None, one.ref)

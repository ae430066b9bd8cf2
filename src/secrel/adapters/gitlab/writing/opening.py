"""Issues are opened once: found by their mark in a list, never by a search (gitlab-api.md 4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from secrel.adapters.gitlab.addresses import ThingPlace, issue_place
from secrel.adapters.gitlab.client import route
from secrel.adapters.gitlab.marks import line_of
from secrel.adapters.gitlab.reading.answers import IssueAnswer, MilestoneAnswer, ThingAnswer, UserAnswer
from secrel.adapters.gitlab.writing.links import is_linked, link
from secrel.adapters.gitlab.writing.readers import is_open
from secrel.adapters.gitlab.writing.sender import ONE_ALONE, UNTIL_ABSENT, UNTIL_SEEN, GitLabSender
from secrel.adapters.gitlab.writing.texts import described, is_marked, meant_by, titled
from secrel.words.effects import Effect, OpenIssue
from secrel.words.errors import InDoubt, Misused, Refused
from secrel.words.outcomes import CannotTell, Made, NotMade

_OWN = timedelta(days=400)
"""How far back issues of this token's user are looked through: no effect of a release is older."""
_OTHERS = timedelta(days=2)
"""How far back everybody's are: another desk that made it that long ago has said so in the journal."""


def found(
    sender: GitLabSender, effect: Effect, action: OpenIssue, begun: datetime | None
) -> Made | NotMade | CannotTell:
    """Say whether the issue is there with all its links, by its mark."""
    there = looked_for(sender, effect, action.project, begun)
    if not there:
        return NotMade()
    if len(there) > 1:
        return CannotTell(_several(there))
    place = there[0]
    missing = [ref for ref in action.links if not is_linked(sender, place, issue_place(ref, sender.client.instance))]
    return NotMade() if missing else Made(place.ref)


def done(sender: GitLabSender, effect: Effect, action: OpenIssue) -> str:
    """Open the issue, or take up the one that an earlier attempt has opened, and link it."""
    ends = [issue_place(ref, sender.client.instance) for ref in action.links]
    for end in ends:
        sender.thing(end)
    there = listed(sender, effect, action.project, None)
    if not there:
        there = [_opened(sender, effect, action)]
    if len(there) > 1:
        raise InDoubt(_several(there), where=effect.key)
    for end in ends:
        link(sender, there[0], end)
    return there[0].ref


def _several(there: list[ThingPlace]) -> str:
    return f"more than one desk has made it: {', '.join(place.ref for place in there)}; close all but one"


def looked_for(sender: GitLabSender, effect: Effect, project: str, begun: datetime | None) -> list[ThingPlace]:
    """Look for the issues that carry the effect's mark, as often as it takes to believe that there is none."""
    waits = UNTIL_ABSENT if begun is None else UNTIL_SEEN
    return sender.until(lambda: listed(sender, effect, project, begun) or None, waits) or []


def listed(sender: GitLabSender, effect: Effect, project: str, begun: datetime | None) -> list[ThingPlace]:
    """Give the issues of a project that carry the effect's mark: this user's own, and the newest of all others."""
    now = sender.now()
    since = min(now, begun or now)
    path = f"{route('projects', project)}/issues"
    numbers: set[int] = set()
    for narrow in (
        (("author_id", str(sender.me())), ("created_after", _instant(now - _OWN))),
        (("created_after", _instant(since - _OTHERS)),),
    ):
        query = (("scope", "all"), ("state", "all"), ("order_by", "created_at"), ("sort", "desc"), *narrow)
        numbers |= {
            one.iid
            for one in sender.list(path, IssueAnswer, *query, where=project)
            if is_marked(sender, one, effect.key)
        }
    return [ThingPlace(project, "#", iid) for iid in sorted(numbers)]


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _opened(sender: GitLabSender, effect: Effect, action: OpenIssue) -> ThingPlace:
    project = action.project
    is_public = not action.confidential and is_open(sender, project)
    mark = line_of(effect.key, is_public=is_public)
    text = described(action.body, meant_by(sender, is_public=is_public), mark, action.facts)
    asked: dict[str, Any] = {
        "title": titled(action.title),
        "description": text,
        "confidential": action.confidential,
        "issue_type": "issue",
        "labels": ",".join(sender.labelled(project, action.labels)),
        "assignee_ids": [sender.person(name) for name in action.assignees],
    }
    if action.due:
        asked["due_date"] = action.due.isoformat()
    if action.milestone:
        asked["milestone_id"] = milestone(sender, project, action.milestone)
    try:
        made = sender.send("POST", f"{route('projects', project)}/issues", asked, IssueAnswer, where=project).value
    except InDoubt:
        there = looked_for(sender, effect, project, sender.now())
        if len(there) != 1:
            raise
        return there[0]
    place = ThingPlace(project, "#", made.iid)
    seen = sender.until_seen(lambda: sender.marked(place, lambda one: is_marked(sender, one, effect.key)), place.ref)
    _refuse_less(seen, action, place)
    others = [one for one in listed(sender, effect, project, None) if one != place]
    if others:
        raise InDoubt(_several(sorted((place, *others), key=lambda one: one.iid)), where=effect.key)
    return place


def _refuse_less(seen: ThingAnswer, action: OpenIssue, place: ThingPlace) -> None:
    """Say of an issue what GitLab left out of it without a word; the issue is there, and taken up the next time."""
    told = {
        "its labels": (set(seen.labels), set(action.labels)),
        "its assignees": (names_of(seen.assignees), {name.casefold() for name in action.assignees}),
        "its day": (seen.due_date, action.due.isoformat() if action.due else None),
        "that it is confidential": (bool(seen.confidential), action.confidential),
    }
    wrong = [name for name, (there, wanted) in told.items() if there != wanted]
    if wrong:
        remedy = f"put it right on GitLab, then run it again: the issue is there, and is taken up{ONE_ALONE}"
        raise Refused(f"GitLab did not take {' and '.join(wrong)}", where=place.ref, remedy=remedy)


def names_of(people: list[UserAnswer]) -> set[str]:
    """Give the usernames, in lower case, as GitLab compares them."""
    return {one.username.casefold() for one in people}


def milestone(sender: GitLabSender, project: str, title: str) -> int:
    """Give the number of a milestone; raises `Misused` when there is none of this title."""
    path = f"{route('projects', project)}/milestones"
    query = (("title", title), ("include_ancestors", "true"))
    ids = [one.id for one in sender.list(path, MilestoneAnswer, *query, where=project) if one.title == title]
    if not ids:
        raise Misused(f"there is no milestone {title[:60]!r}", where=project, remedy="make it, or correct its name")
    return ids[0]

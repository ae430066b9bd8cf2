"""Titles, labels, people and days of issues and merge requests: only what the desk changes, and only what stood."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from secrel.adapters.gitlab.addresses import ThingPlace, place_at
from secrel.adapters.gitlab.neutral import original
from secrel.adapters.gitlab.reading.answers import ThingAnswer
from secrel.adapters.gitlab.writing.readers import everybody_reads
from secrel.adapters.gitlab.writing.sender import AGAIN, ONE_ALONE, GitLabSender
from secrel.adapters.gitlab.writing.texts import meant_by, redescribed, titled, words_in
from secrel.words.effects import Effect, SetHead
from secrel.words.errors import Misused, Refused
from secrel.words.heads import Head
from secrel.words.outcomes import CannotTell, Made, NotMade

_OF_ISSUES = ("title", "labels", "assignees", "due")
_OF_REQUESTS = ("title", "description", "labels", "assignees", "reviewers")


def found(
    sender: GitLabSender, _effect: Effect, action: SetHead, begun: datetime | None
) -> Made | NotMade | CannotTell:
    """Say whether all that was to be changed is as it was to be; what a person changed since tells nothing."""
    place = _place(sender, action)
    stands = sender.standing(place)
    news = _news(action, place)
    if stands is None:
        return NotMade()
    now = _values(stands, place)
    as_wanted = [name for name, value in news.items() if now[name] == value]
    if len(as_wanted) == len(news):
        return Made(place.ref)
    as_stood = [name for name in news if now[name] == _told(action.stood, place)[name]]
    if begun is None or not as_wanted or as_stood:
        return NotMade()
    return Made(place.ref)


def done(sender: GitLabSender, _effect: Effect, action: SetHead) -> str:
    """Change what the desk changes of a head, in one write."""
    place = _place(sender, action)
    news, stood = _news(action, place), _told(action.stood, place)
    stands = sender.thing(place)
    now = _values(stands, place)
    changed = next((name for name in news if now[name] not in (stood[name], news[name])), None)
    if changed:
        raise Refused(f"its {changed} is not what the desk last saw", where=place.ref, remedy=AGAIN)
    fields = _fields(sender, place, stands, {name: value for name, value in news.items() if now[name] != value})
    if not fields:
        return place.ref

    def wrong(stands: ThingAnswer) -> list[str]:
        values = _values(stands, place)
        return [name for name, value in news.items() if values[name] != value]

    def refuse(answer: ThingAnswer) -> None:
        if left := wrong(answer):
            remedy = f"put it right on GitLab{ONE_ALONE}"
            raise Refused(f"GitLab did not take its {' and its '.join(left)}", where=place.ref, remedy=remedy)

    return sender.change(place, fields, lambda now: not wrong(now), refuse)


def _place(sender: GitLabSender, action: SetHead) -> ThingPlace:
    place = place_at(action.ref, sender.client.instance)
    if place.note:
        raise Misused(f"{action.ref[:60]!r} is a note", remedy="name the issue or the merge request")
    return place


def _told(head: Head, place: ThingPlace) -> dict[str, Any]:
    """Give what of a head this kind of thing has, so that it can be compared."""
    names = _OF_ISSUES if place.sort == "#" else _OF_REQUESTS
    return {name: _plain(getattr(head, name)) for name in names}


def _plain(value: Any) -> Any:
    return frozenset(value) if isinstance(value, tuple) else value


def _news(action: SetHead, place: ThingPlace) -> dict[str, Any]:
    stood = _told(action.stood, place)
    return {name: value for name, value in _told(action.head, place).items() if value != stood[name]}


def _values(stands: ThingAnswer, place: ThingPlace) -> dict[str, Any]:
    due = datetime.fromisoformat(stands.due_date).date() if stands.due_date else None
    head = Head(
        title=original(stands.title),
        description=words_in(stands.text),
        labels=tuple(stands.labels),
        assignees=tuple(one.username for one in stands.assignees),
        reviewers=tuple(one.username for one in stands.reviewers),
        due=due,
    )
    return _told(head, place)


def _fields(sender: GitLabSender, place: ThingPlace, stands: ThingAnswer, news: dict[str, Any]) -> dict[str, Any]:
    """Say it in GitLab's parameters; of labels only the difference, so that one set meanwhile stays."""
    fields: dict[str, Any] = {}
    if "title" in news:
        fields["title"] = titled(news["title"])
    if "description" in news:
        meant = meant_by(sender, is_public=everybody_reads(sender, place))
        fields["description"] = redescribed(news["description"], meant, stands.text)
    if "labels" in news:
        more = tuple(sorted(news["labels"] - set(stands.labels)))
        told = {
            "add_labels": sender.labelled(place.project, more),
            "remove_labels": set(stands.labels) - news["labels"],
        }
        fields |= {name: ",".join(sorted(labels)) for name, labels in told.items() if labels}
    for name in ("assignees", "reviewers"):
        if name in news:
            fields[f"{name[:-1]}_ids"] = [sender.person(one) for one in sorted(news[name])] or [0]  # 0: nobody
    if "due" in news:
        fields["due_date"] = news["due"].isoformat() if news["due"] else ""
    return fields

"""Notes and discussions: found by their mark among all notes, since no search finds a note."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from secrel.adapters.gitlab.addresses import ThingPlace, merge_request_place, place_at
from secrel.adapters.gitlab.reading.answers import DiscussionAnswer, NoteAnswer, ThingAnswer, WriteAnswer
from secrel.adapters.gitlab.writing.readers import everybody_reads
from secrel.adapters.gitlab.writing.sender import AGAIN, UNTIL_ABSENT, UNTIL_SEEN, GitLabSender, path_of
from secrel.adapters.gitlab.writing.texts import is_marked, meant_by, noted, redescribed, same, words_in
from secrel.words.effects import ChangeDiscussion, Comment, Effect, OpenDiscussion
from secrel.words.errors import Broken, InDoubt, Misused, NotSeen, Refused
from secrel.words.outcomes import CannotTell, Made, NotMade


def found(
    sender: GitLabSender, effect: Effect, action: Comment | OpenDiscussion, begun: datetime | None
) -> Made | NotMade | CannotTell:
    """Say whether the note is there, by its mark."""
    place = _place(sender, action)
    waits = UNTIL_ABSENT if begun is None else UNTIL_SEEN
    try:
        there = sender.until(lambda: _listed(sender, effect, place) or None, waits) or []
    except Misused:
        return sender.not_made(place)
    if len(there) > 1:
        return CannotTell(_several(there))
    return Made(there[0]) if there else NotMade()


def done(sender: GitLabSender, effect: Effect, action: Comment | OpenDiscussion) -> str:
    """Write the note, or begin the discussion with it, and read it again; on a confidential issue it is internal."""
    place = _place(sender, action)
    there = _listed(sender, effect, place)
    if not there:
        is_public = everybody_reads(sender, place)
        thing = sender.thing(place)
        meant = meant_by(sender, is_public=is_public, more=_theirs(thing, action))
        told: dict[str, Any] = {"body": noted(action.body, meant, effect.key, is_public=is_public)}
        if thing.confidential:  # it may become public one day, and no note can be made internal then
            told["internal"] = True
        try:
            path = path_of(place, "notes" if isinstance(action, Comment) else "discussions")
            answer = sender.send("POST", path, told, WriteAnswer, where=place.ref).value
        except InDoubt:
            there = sender.until(lambda: _listed(sender, effect, place) or None) or []
            if not there:
                raise
        else:
            if answer.id is None:
                raise Broken("GitLab took the note for commands, and made none of it", where=place.ref)
            there = sender.until_seen(lambda: _listed(sender, effect, place) or None, place.ref)
    if len(there) > 1:
        raise InDoubt(_several(there), where=effect.key)
    return there[0]


def _theirs(thing: ThingAnswer, action: Comment | OpenDiscussion) -> list[str]:
    """Name whom a text may call beside those whom the desk calls: the assignees, and with a discussion the author."""
    begins = isinstance(action, OpenDiscussion)
    return [one.username for one in (*thing.assignees, *([thing.author] if begins and thing.author else []))]


def _place(sender: GitLabSender, action: Comment | OpenDiscussion) -> ThingPlace:
    if isinstance(action, OpenDiscussion):
        return merge_request_place(action.ref, sender.client.instance)
    place = place_at(action.ref, sender.client.instance)
    if place.note:
        raise Misused(f"{action.ref[:60]!r} is a note itself", remedy="name the issue or the merge request")
    return place


def _listed(sender: GitLabSender, effect: Effect, place: ThingPlace) -> list[str]:
    query = (("activity_filter", "only_comments"), ("order_by", "created_at"), ("sort", "asc"))
    notes = sender.list(path_of(place, "notes"), NoteAnswer, *query, where=place.ref)
    return [
        ThingPlace(place.project, place.sort, place.iid, one.id).address
        for one in notes
        if is_marked(sender, one, effect.key)
    ]


def _several(there: list[str]) -> str:
    return f"more than one desk has said it: {', '.join(there)}; delete all but one"


def change_found(
    sender: GitLabSender, _effect: Effect, action: ChangeDiscussion, begun: datetime | None
) -> Made | NotMade:
    """Say whether the discussion says what it is to say, and is resolved, or open, as it is to be."""
    place = place_at(action.ref, sender.client.instance)
    waits = UNTIL_ABSENT if begun is None else ()
    try:
        is_there = sender.until(lambda: _is_told(_discussion(sender, place), action) or None, waits)
    except Misused:
        return sender.not_made(place)
    return Made(place.address) if is_there else NotMade()


def change(sender: GitLabSender, _effect: Effect, action: ChangeDiscussion) -> str:
    """Let the discussion say it, then resolve it or open it again: each only where it is not so already."""
    place = place_at(action.ref, sender.client.instance)
    stands = _discussion(sender, place)
    first = stands.notes[0]
    if not _says(stands, action.body):
        if not _says(stands, action.expects):
            raise Refused("it does not say what the desk last saw", where=place.address, remedy=AGAIN)
        meant = meant_by(sender, is_public=everybody_reads(sender, place))
        news = {"body": redescribed(action.body, meant, first.text)}
        _put(sender, place, ("notes", str(place.note)), news, action)
    if first.resolved is not action.is_resolved:
        _put(sender, place, ("discussions", stands.id), {"resolved": action.is_resolved}, action)
    sender.until_seen(lambda: _is_told(_discussion(sender, place), action) or None, place.address)
    return place.address


def _discussion(sender: GitLabSender, place: ThingPlace) -> DiscussionAnswer:
    """Give the discussion that a note began; raises `Misused` when there is none that this token may see."""
    for one in sender.list(path_of(place, "discussions"), DiscussionAnswer, where=place.ref):
        if one.notes and one.notes[0].id == place.note:
            if one.notes[0].resolved is None:
                raise NotSeen("it is not shown whether the discussion is resolved", where=place.address, remedy=AGAIN)
            return one
    raise Misused("there is no such discussion, or this token may not see it", where=place.address, remedy=AGAIN)


def _says(stands: DiscussionAnswer, text: str) -> bool:
    return same(words_in(stands.notes[0].text), text)


def _is_told(stands: DiscussionAnswer, action: ChangeDiscussion) -> bool:
    return _says(stands, action.body) and stands.notes[0].resolved is action.is_resolved


def _put(
    sender: GitLabSender, place: ThingPlace, path: tuple[str, str], news: dict[str, Any], action: ChangeDiscussion
) -> None:
    """Change one thing of a discussion; without an answer it is looked at."""

    def is_there() -> bool:
        stands = _discussion(sender, place)
        return _says(stands, action.body) if "body" in news else _is_told(stands, action)

    sender.put(path_of(place, *path), news, Any, is_there, place.address)

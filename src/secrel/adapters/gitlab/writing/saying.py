"""Notes and discussions: found by their mark among all notes, since no search finds a note."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from secrel.adapters.gitlab.addresses import ThingPlace, merge_request_place, place_at
from secrel.adapters.gitlab.reading.answers import DiscussionAnswer, NoteAnswer, ThingAnswer, WriteAnswer
from secrel.adapters.gitlab.writing.hand import AGAIN, UNTIL_ABSENT, UNTIL_SEEN, Hand, path_of
from secrel.adapters.gitlab.writing.readers import everybody_reads
from secrel.adapters.gitlab.writing.texts import is_marked, meant_by, noted, redescribed, same, words_in
from secrel.words.effects import ChangeDiscussion, Comment, Effect, OpenDiscussion
from secrel.words.errors import Broken, InDoubt, Misused, NotSeen, Refused
from secrel.words.outcomes import CannotTell, Made, NotMade


def found(
    hand: Hand, effect: Effect, action: Comment | OpenDiscussion, begun: datetime | None
) -> Made | NotMade | CannotTell:
    """Say whether the note is there, by its mark."""
    place = _place(hand, action)
    waits = UNTIL_ABSENT if begun is None else UNTIL_SEEN
    try:
        there = hand.until(lambda: _listed(hand, effect, place) or None, waits) or []
    except Misused:
        return hand.not_made(place)
    if len(there) > 1:
        return CannotTell(_several(there))
    return Made(there[0]) if there else NotMade()


def done(hand: Hand, effect: Effect, action: Comment | OpenDiscussion) -> str:
    """Write the note, or begin the discussion with it, and read it again; on a confidential issue it is internal."""
    place = _place(hand, action)
    there = _listed(hand, effect, place)
    if not there:
        is_public = everybody_reads(hand, place)
        thing = hand.thing(place)
        meant = meant_by(hand, is_public=is_public, more=_theirs(thing, action))
        told: dict[str, Any] = {"body": noted(action.body, meant, effect.key, is_public=is_public)}
        if thing.confidential:  # it may become public one day, and no note can be made internal then
            told["internal"] = True
        try:
            path = path_of(place, "notes" if isinstance(action, Comment) else "discussions")
            answer = hand.send("POST", path, told, WriteAnswer, where=place.ref).value
        except InDoubt:
            there = hand.until(lambda: _listed(hand, effect, place) or None) or []
            if not there:
                raise
        else:
            if answer.id is None:
                raise Broken("GitLab took the note for commands, and made none of it", where=place.ref)
            there = hand.until_seen(lambda: _listed(hand, effect, place) or None, place.ref)
    if len(there) > 1:
        raise InDoubt(_several(there), where=effect.key)
    return there[0]


def _theirs(thing: ThingAnswer, action: Comment | OpenDiscussion) -> list[str]:
    """Name whom a text may call beside those whom the desk calls: the assignees, and with a discussion the author."""
    begins = isinstance(action, OpenDiscussion)
    return [one.username for one in (*thing.assignees, *([thing.author] if begins and thing.author else []))]


def _place(hand: Hand, action: Comment | OpenDiscussion) -> ThingPlace:
    if isinstance(action, OpenDiscussion):
        return merge_request_place(action.ref, hand.client.instance)
    place = place_at(action.ref, hand.client.instance)
    if place.note:
        raise Misused(f"{action.ref[:60]!r} is a note itself", remedy="name the issue or the merge request")
    return place


def _listed(hand: Hand, effect: Effect, place: ThingPlace) -> list[str]:
    query = (("activity_filter", "only_comments"), ("order_by", "created_at"), ("sort", "asc"))
    notes = hand.list(path_of(place, "notes"), NoteAnswer, *query, where=place.ref)
    return [
        ThingPlace(place.project, place.sort, place.iid, one.id).address
        for one in notes
        if is_marked(hand, one, effect.key)
    ]


def _several(there: list[str]) -> str:
    return f"more than one desk has said it: {', '.join(there)}; delete all but one"


def change_found(hand: Hand, _effect: Effect, action: ChangeDiscussion, begun: datetime | None) -> Made | NotMade:
    """Say whether the discussion says what it is to say, and is resolved, or open, as it is to be."""
    place = place_at(action.ref, hand.client.instance)
    waits = UNTIL_ABSENT if begun is None else ()
    try:
        is_there = hand.until(lambda: _is_told(_discussion(hand, place), action) or None, waits)
    except Misused:
        return hand.not_made(place)
    return Made(place.address) if is_there else NotMade()


def change(hand: Hand, _effect: Effect, action: ChangeDiscussion) -> str:
    """Let the discussion say it, then resolve it or open it again: each only where it is not so already."""
    place = place_at(action.ref, hand.client.instance)
    stands = _discussion(hand, place)
    first = stands.notes[0]
    if not _says(stands, action.body):
        if not _says(stands, action.expects):
            raise Refused("it does not say what the desk last saw", where=place.address, remedy=AGAIN)
        meant = meant_by(hand, is_public=everybody_reads(hand, place))
        news = {"body": redescribed(action.body, meant, first.text)}
        _put(hand, place, ("notes", str(place.note)), news, action)
    if first.resolved is not action.is_resolved:
        _put(hand, place, ("discussions", stands.id), {"resolved": action.is_resolved}, action)
    hand.until_seen(lambda: _is_told(_discussion(hand, place), action) or None, place.address)
    return place.address


def _discussion(hand: Hand, place: ThingPlace) -> DiscussionAnswer:
    """Give the discussion that a note began; raises `Misused` when there is none that this token may see."""
    for one in hand.list(path_of(place, "discussions"), DiscussionAnswer, where=place.ref):
        if one.notes and one.notes[0].id == place.note:
            if one.notes[0].resolved is None:
                raise NotSeen("it is not shown whether the discussion is resolved", where=place.address, remedy=AGAIN)
            return one
    raise Misused("there is no such discussion, or this token may not see it", where=place.address, remedy=AGAIN)


def _says(stands: DiscussionAnswer, text: str) -> bool:
    return same(words_in(stands.notes[0].text), text)


def _is_told(stands: DiscussionAnswer, action: ChangeDiscussion) -> bool:
    return _says(stands, action.body) and stands.notes[0].resolved is action.is_resolved


def _put(hand: Hand, place: ThingPlace, path: tuple[str, str], news: dict[str, Any], action: ChangeDiscussion) -> None:
    """Change one thing of a discussion; without an answer it is looked at."""

    def is_there() -> bool:
        stands = _discussion(hand, place)
        return _says(stands, action.body) if "body" in news else _is_told(stands, action)

    hand.put(path_of(place, *path), news, Any, is_there, place.address)

"""Notes on issues and merge requests: found by their mark among all notes, since no search finds a note."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from secrel.adapters.gitlab.addresses import ThingPlace, place_at
from secrel.adapters.gitlab.writing.hand import UNTIL_ABSENT, UNTIL_SEEN, Hand, NoteAnswer, WriteAnswer, path_of
from secrel.adapters.gitlab.writing.readers import everybody_reads
from secrel.adapters.gitlab.writing.texts import is_marked, meant_by, noted
from secrel.words.effects import Comment, Effect
from secrel.words.errors import Broken, InDoubt, Misused
from secrel.words.outcomes import CannotTell, Made, NotMade


def found(hand: Hand, effect: Effect, action: Comment, begun: datetime | None) -> Made | NotMade | CannotTell:
    """Say whether the note is there, by its mark."""
    place = _place(hand, action)
    waits = UNTIL_ABSENT if begun is None else UNTIL_SEEN
    try:
        there = hand.until(lambda: _listed(hand, effect, place) or None, waits) or []
    except Misused:
        return NotMade()
    if len(there) > 1:
        return CannotTell(_several(there))
    return Made(there[0]) if there else NotMade()


def done(hand: Hand, effect: Effect, action: Comment) -> str:
    """Write the note, and read it again; on a confidential issue it is an internal one."""
    place = _place(hand, action)
    there = _listed(hand, effect, place)
    if not there:
        is_public = everybody_reads(hand, place)
        thing = hand.thing(place)
        meant = meant_by(hand, is_public=is_public, more=[one.username for one in thing.assignees])
        told: dict[str, Any] = {"body": noted(action.body, meant, effect.key, is_public=is_public)}
        if thing.confidential:  # it may become public one day, and no note can be made internal then
            told["internal"] = True
        try:
            answer = hand.send("POST", path_of(place, "notes"), told, WriteAnswer, where=place.ref).value
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


def _place(hand: Hand, action: Comment) -> ThingPlace:
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

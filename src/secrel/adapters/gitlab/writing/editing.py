"""Texts of issues are rewritten: read again just before, compared, and read again after, since GitLab compares nothing.

Two opposing writes are both answered 200 (gitlab-api.md 7). What a person wrote before ours is refused to be lost; what
they wrote in the moment between our last look and our write shows in GitLab's own notes alone, and is said.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from secrel.adapters.gitlab.addresses import ThingPlace, issue_place, merge_request_place, place_at
from secrel.adapters.gitlab.marks import line_of, taken_apart, unmarked
from secrel.adapters.gitlab.neutral import DESCRIPTION, needed_length, original
from secrel.adapters.gitlab.reading.answers import NoteAnswer, ThingAnswer
from secrel.adapters.gitlab.writing.readers import everybody_reads
from secrel.adapters.gitlab.writing.sender import AGAIN, GitLabSender, path_of
from secrel.adapters.gitlab.writing.texts import meant_by, redescribed, restated, same, shown_mark, words_in
from secrel.words.effects import (
    Adopt,
    CloseIssue,
    CloseMergeRequest,
    Effect,
    LiftConfidentiality,
    RewriteIssue,
    SetFacts,
)
from secrel.words.errors import InDoubt, Refused
from secrel.words.merging import merge
from secrel.words.outcomes import CannotTell, Made, NotMade

_BY_HAND = "correct it on GitLab: one row for each fact, in a table with its head; nothing was changed"
_TOLD = "changed the description"


class _Rewriting(Struct, frozen=True):
    """What of an issue is to become what, and how that is known to be there."""

    place: ThingPlace
    fields: dict[str, Any]
    is_there: Callable[[ThingAnswer], bool]


def _newest(sender: GitLabSender, place: ThingPlace) -> list[NoteAnswer]:
    """Give GitLab's own newest notes on an issue, of which a rewritten text leaves one."""
    query = (("activity_filter", "only_activity"), ("order_by", "created_at"), ("sort", "desc"), ("per_page", "20"))
    return sender.get(path_of(place, "notes"), list[NoteAnswer], *query, where=place.ref)


def _rewritten(sender: GitLabSender, place: ThingPlace, change: Callable[[ThingAnswer], _Rewriting | None]) -> str:
    """Rewrite a text that is looked at just before; raises `InDoubt` when somebody else rewrote it in that moment."""
    before = {note.id for note in _newest(sender, place)}
    asked = change(sender.thing(place))
    if asked is None:
        return place.ref
    sender.change(asked.place, asked.fields, asked.is_there)
    times = sum(note.id not in before and note.body.startswith(_TOLD) for note in _newest(sender, place))
    if times > 1:
        remedy = "compare both in the issue's history, and put back what is missing"
        raise InDoubt("somebody rewrote its text in the same moment", where=place.ref, remedy=remedy)
    return place.ref


def adopt_found(sender: GitLabSender, effect: Effect, action: Adopt, begun: datetime | None) -> Made | NotMade:
    """Say whether the key's mark is on it, and a desk's account has changed its text: anybody can write the letters."""
    del begun
    place = place_at(action.ref, sender.client.instance)
    stands = sender.standing(place)
    return Made(place.ref) if stands is not None and _is_adopted(sender, effect, place, stands) else NotMade()


def _is_adopted(sender: GitLabSender, effect: Effect, place: ThingPlace, stands: ThingAnswer) -> bool:
    mark = unmarked(stands.text)[1]
    return mark is not None and mark.is_of(effect.key) and _has_written(sender, place)


def _has_written(sender: GitLabSender, place: ThingPlace) -> bool:
    """Whether an account of a desk has changed the text of something since it was opened."""
    query = (("activity_filter", "only_activity"),)
    notes = sender.list(path_of(place, "notes"), NoteAnswer, *query, where=place.ref)
    return any(note.system and note.body.startswith(_TOLD) and sender.trusts(note.author) for note in notes)


def adopt(sender: GitLabSender, effect: Effect, action: Adopt) -> str:
    """Leave the mark as the last line of its text; what stands above it stays to the letter.

    The mark of another key that no desk wrote there came along when people copied a text, and makes gitlab.
    """
    place = place_at(action.ref, sender.client.instance)

    def change(stands: ThingAnswer) -> _Rewriting | None:
        if _is_adopted(sender, effect, place, stands):
            return None
        text, mark = unmarked(stands.text)
        is_anothers = mark is not None and not mark.is_of(effect.key)
        if is_anothers and (sender.trusts(stands.author) or _has_written(sender, place)):
            raise Refused("a desk keeps it as something else", where=place.ref, remedy=AGAIN)
        if (original(stands.title), words_in(stands.text)) != action.stood:
            raise Refused("its title or text is not what the desk last saw", where=place.ref, remedy=AGAIN)
        line = line_of(effect.key, is_public=everybody_reads(sender, place))
        marked = needed_length("\n\n".join(filter(None, (text, line))), DESCRIPTION, "the text")
        return _Rewriting(place, {"description": marked}, lambda seen: same(seen.text, marked))

    return _rewritten(sender, place, change)


def rewrite_found(
    sender: GitLabSender, _effect: Effect, action: RewriteIssue, begun: datetime | None
) -> Made | NotMade:
    """Say whether the text is there, whole or with what people changed of it since."""
    place = issue_place(action.ref, sender.client.instance)
    stands = sender.standing(place)
    if stands is None:
        return NotMade()
    now = words_in(stands.text)
    if same(now, action.body):
        return Made(place.ref)
    if begun is None or same(now, action.expects):
        return NotMade()
    merged = merge(action.expects, action.body, now)
    is_in = not merged.conflicts and same(merged.text, now)
    return Made(place.ref) if is_in else NotMade()


def rewrite(sender: GitLabSender, _effect: Effect, action: RewriteIssue) -> str:
    """Replace the words of an issue; its table and its mark stay what they are."""
    place = issue_place(action.ref, sender.client.instance)

    def change(stands: ThingAnswer) -> _Rewriting | None:
        now = words_in(stands.text)
        if same(now, action.body):
            return None
        if not same(now, action.expects):
            raise Refused("its body is not what the desk last saw", where=place.ref, remedy=AGAIN)
        meant = meant_by(sender, is_public=everybody_reads(sender, place))
        text = redescribed(action.body, meant, stands.text)
        return _Rewriting(place, {"description": text}, lambda seen: same(seen.text, text))

    return _rewritten(sender, place, change)


def facts_found(sender: GitLabSender, _effect: Effect, action: SetFacts, begun: datetime | None) -> Made | NotMade:
    """Say whether the lines of the table say what they are to say."""
    del begun
    place = issue_place(action.ref, sender.client.instance)
    stands = sender.standing(place)
    return Made(place.ref) if stands is not None and _is_stated(sender, stands.text, action) else NotMade()


def _is_stated(sender: GitLabSender, text: str, action: SetFacts) -> bool:
    facts = taken_apart(text).stated(sender.rows)
    return facts.table == facts.changed(action.changes, action.lines).table


def set_facts(sender: GitLabSender, _effect: Effect, action: SetFacts) -> str:
    """Change lines of an issue's table; what stands around it stays to the letter."""
    place = issue_place(action.ref, sender.client.instance)

    def change(stands: ThingAnswer) -> _Rewriting | None:
        if _is_stated(sender, stands.text, action):
            return None
        parts = taken_apart(stands.text)
        if any(fault.line == "details" for fault in parts.facts.faults):
            remedy = "correct it on GitLab: as a block of code of JSON or YAML below the heading"
            raise Refused("its details table cannot be read, and nobody's words are written over", where=place.ref,
                          remedy=remedy)  # fmt: skip
        if parts.stated(sender.rows).only(action.lines).table != action.expects.table:
            raise Refused("its details changed meanwhile", where=place.ref, remedy=AGAIN)
        text = restated(parts, action.changes, action.lines, sender)
        if not _is_stated(sender, text, action):
            raise Refused("its tables cannot be corrected so that they are read back", where=place.ref, remedy=_BY_HAND)
        return _Rewriting(place, {"description": text}, lambda seen: _is_stated(sender, seen.text, action))

    return _rewritten(sender, place, change)


def _closing(sender: GitLabSender, action: CloseIssue | CloseMergeRequest) -> ThingPlace:
    read = issue_place if isinstance(action, CloseIssue) else merge_request_place
    return read(action.ref, sender.client.instance)


def close_found(
    sender: GitLabSender, _effect: Effect, action: CloseIssue | CloseMergeRequest, begun: datetime | None
) -> Made | NotMade:
    """Say whether the issue is closed, or the merge request, and not merged."""
    del begun
    place = _closing(sender, action)
    stands = sender.standing(place)
    return Made(place.ref) if stands is not None and stands.state == "closed" else NotMade()


def close(sender: GitLabSender, _effect: Effect, action: CloseIssue | CloseMergeRequest) -> str:
    """Close it; raises `Refused` for a merge request that is merged."""
    place = _closing(sender, action)
    stands = sender.thing(place)
    if stands.state == "merged":
        raise Refused("it is merged", where=place.ref, remedy=AGAIN)
    if stands.state == "closed":
        return place.ref
    return sender.change(place, {"state_event": "close"}, lambda seen: seen.state == "closed")


def lift_found(
    sender: GitLabSender, _effect: Effect, action: LiftConfidentiality, begun: datetime | None
) -> Made | NotMade | CannotTell:
    """Say whether the issue is public; what was published is not taken back, whatever it says by now."""
    del begun
    place = issue_place(action.ref, sender.client.instance)
    stands = sender.standing(place)
    return Made(place.ref) if stands is not None and stands.confidential is False else NotMade()


def lift(sender: GitLabSender, _effect: Effect, action: LiftConfidentiality) -> str:
    """Make an issue public that still is what the plan showed, with notes that everybody may read.

    A note that is there cannot be made internal by GitLab's interface: with one that may not be read it is refused. The
    key goes out of the mark in the same change.
    """
    place = issue_place(action.ref, sender.client.instance)
    stands = sender.thing(place)
    if stands.confidential is False:
        return place.ref
    parts = taken_apart(stands.text)
    if (original(stands.title), original(parts.words), parts.stated(sender.rows)) != (
        action.title,
        action.body,
        action.facts,
    ):
        raise Refused("it is not what the desk last saw, and all of it would be public", where=place.ref, remedy=AGAIN)
    query = (("activity_filter", "only_comments"),)
    notes = sender.list(path_of(place, "notes"), NoteAnswer, *query, where=place.ref)
    shown = [note for note in notes if not (note.system or note.internal or note.confidential)]
    inside = [note for note in shown if words_in(note.body) not in action.notes]
    if inside:
        raise Refused(
            f"{len(inside)} of its notes are not for everybody, and GitLab cannot make a note internal afterwards",
            where=place.ref,
            remedy="delete these notes, or leave the issue confidential; nothing was changed",
        )
    fields: dict[str, Any] = {"confidential": False}
    if text := shown_mark(stands.text):
        fields["description"] = text
    _hide_keys(sender, place, shown)
    return sender.change(place, fields, lambda seen: seen.confidential is False)


def _hide_keys(sender: GitLabSender, place: ThingPlace, notes: list[NoteAnswer]) -> None:
    """Take the keys out of the marks of notes that everybody is about to read."""
    for note in notes:
        if body := shown_mark(note.body):
            try:
                sender.send("PUT", path_of(place, "notes", note.id), {"body": body}, NoteAnswer, where=place.ref)
            except InDoubt as doubt:  # the issue is confidential still, and this may be done again
                raise Refused(doubt.what, where=place.ref, remedy="run it again") from None

"""Notes and discussions (s5, s6, s9)."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.graphql.serving import Connection, Context, Node, constant, gid, serves
from tests.gitlab_double.rest.asking import written
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.things import Note, Thing, User

constant("Note", imported=False, lastEditedAt=None, lastEditedBy=None, position=None, externalAuthor=None)
Pair = tuple[Thing, Note]


def _notes(source: Thing, context: Context, args: dict[str, Any]) -> list[Note]:
    wanted = str(args.get("filter") or "ALL_NOTES")
    chosen = [one for one in source.notes if wanted == "ALL_NOTES" or one.system is (wanted == "ONLY_ACTIVITY")]
    return [one for one in chosen if seeing.sees_note(context.world, context.viewer, source, one)]


def notes(source: Thing, context: Context, args: dict[str, Any]) -> Connection:
    """List notes, oldest first; those that the caller may not see are not among them (s5)."""
    return Connection([Node("Note", (source, one)) for one in _notes(source, context, args)], args)


def discussions(source: Thing, context: Context, args: dict[str, Any]) -> Connection:
    """List discussions, oldest first unless the newest are asked for."""
    grouped: dict[str, list[Note]] = {}
    for note in _notes(source, context, args):
        grouped.setdefault(note.discussion, []).append(note)
    found = [Node("Discussion", (source, group)) for group in grouped.values()]
    return Connection(found[::-1] if args.get("sort") == "CREATED_DESC" else found, args)


def _of_note(name: str, attribute: str) -> None:
    serves("Note", name)(lambda source, _context, _args: getattr(source[1], attribute))


for _name, _attribute in {
    "body": "body",
    "system": "system",
    "internal": "internal",
    "resolvable": "resolvable",
}.items():
    _of_note(_name, _attribute)


@serves("Note", "id")
def note_id(source: Pair, _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("DiscussionNote" if source[1].resolvable else "Note", source[1].id)


@serves("Note", "author")
def note_author(source: Pair, context: Context, _args: dict[str, Any]) -> User | None:
    """Give who said it."""
    return context.world.users.get(source[1].author_id)


@serves("Note", "createdAt")
def note_created(source: Pair, context: Context, _args: dict[str, Any]) -> str | None:
    """Give when it was said."""
    return written(context.world, source[1].created_at)


@serves("Note", "updatedAt")
def note_updated(source: Pair, context: Context, _args: dict[str, Any]) -> str | None:
    """Give when it was changed."""
    return written(context.world, source[1].updated_at)


@serves("Note", "resolved")
def note_resolved(source: Pair, _context: Context, _args: dict[str, Any]) -> bool:
    """Say whether it is resolved."""
    return source[1].resolved_by is not None


@serves("Note", "resolvedBy")
def note_resolver(source: Pair, context: Context, _args: dict[str, Any]) -> User | None:
    """Give who resolved it."""
    return context.world.users.get(source[1].resolved_by or -1)


@serves("Note", "resolvedAt")
def note_resolved_at(source: Pair, context: Context, _args: dict[str, Any]) -> str | None:
    """Give when it was resolved."""
    return written(context.world, source[1].resolved_at)


@serves("Note", "url")
def note_url(source: Pair, context: Context, _args: dict[str, Any]) -> str:
    """Give its address."""
    return f"{context.world.address(source[0])}#note_{source[1].id}"


@serves("Note", "systemNoteMetadata")
def metadata(source: Pair, _context: Context, _args: dict[str, Any]) -> dict[str, Any] | None:
    """Say what a system note is about: the action, not the text, is what stays the same (s5)."""
    note = source[1]
    if not note.system:
        return None
    return {"id": gid("SystemNoteMetadata", note.id), "action": note.action, "descriptionVersion": None}


@serves("Note", "systemNoteIconName")
def icon(source: Pair, _context: Context, _args: dict[str, Any]) -> str | None:
    """Give the icon."""
    return "link" if source[1].action in ("relate", "cross_reference") else None


@serves("Note", "discussion")
def note_discussion(source: Pair, _context: Context, _args: dict[str, Any]) -> Node:
    """Give the discussion it is in."""
    thing, note = source
    return Node("Discussion", (thing, [one for one in thing.notes if one.discussion == note.discussion]))


# discussions

Talk = tuple[Thing, list[Note]]


@serves("Discussion", "id", "replyId")
def discussion_id(source: Talk, _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("Discussion", source[1][0].discussion)


@serves("Discussion", "createdAt")
def discussion_created(source: Talk, context: Context, _args: dict[str, Any]) -> str | None:
    """Give when it began."""
    return written(context.world, source[1][0].created_at)


@serves("Discussion", "resolvable")
def discussion_resolvable(source: Talk, _context: Context, _args: dict[str, Any]) -> bool:
    """Say whether it can be resolved."""
    return any(one.resolvable for one in source[1])


@serves("Discussion", "resolved")
def discussion_resolved(source: Talk, _context: Context, _args: dict[str, Any]) -> bool:
    """Say whether it is resolved."""
    waiting = [one for one in source[1] if one.resolvable]
    return bool(waiting) and all(one.resolved_by is not None for one in waiting)


@serves("Discussion", "resolvedBy")
def discussion_resolver(source: Talk, context: Context, _args: dict[str, Any]) -> User | None:
    """Give who resolved it."""
    return next((context.world.users.get(one.resolved_by) for one in source[1] if one.resolved_by), None)


@serves("Discussion", "resolvedAt")
def discussion_resolved_at(source: Talk, context: Context, _args: dict[str, Any]) -> str | None:
    """Give when it was resolved."""
    return next((written(context.world, one.resolved_at) for one in source[1] if one.resolved_at), None)


@serves("Discussion", "notes")
def discussion_notes(source: Talk, context: Context, args: dict[str, Any]) -> Connection:
    """List its notes."""
    thing, group = source
    seen = [one for one in group if seeing.sees_note(context.world, context.viewer, thing, one)]
    return Connection([Node("Note", (thing, one)) for one in seen], args)

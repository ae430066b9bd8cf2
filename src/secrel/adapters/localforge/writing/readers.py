"""Who can read what an effect writes, looked at again at the moment of writing (design.md, Reveals)."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from secrel.adapters.localforge import given
from secrel.adapters.localforge.room import ForgeParts
from secrel.adapters.localforge.schema import issues, notes
from secrel.words.effects import LiftConfidentiality
from secrel.words.errors import Refused
from secrel.words.facts.stated import read_json
from secrel.words.readers import ToOpen

_AGAIN = "look again, and plan again; nothing was changed"
_CONFIDENTIAL = select(issues.c.confidential)


def reads_at(db: Connection, room: ForgeParts, place: str | ToOpen) -> bool:
    """Whether everybody can read a thing, or what is to be opened, as it is now."""
    if isinstance(place, ToOpen):
        return place.is_issue or place.project in room.public
    if "!" in place:
        return place.partition("!")[0] in room.public
    return "#" in place and db.scalar(_CONFIDENTIAL.where(issues.c.ref == given.issue_ref(place))) == 0


def lift(db: Connection, ref: str, action: LiftConfidentiality, at: str) -> str:
    """Make an issue public that still is what the plan showed; raises `Refused` for one that is another by now.

    Notes that outsiders may not read become internal first, in the same transaction.
    """
    row = db.execute(select(issues.c.title, issues.c.body, issues.c.facts).where(issues.c.ref == ref)).one()
    if (row.title, row.body, read_json(row.facts)) != (action.title, action.body, action.facts):
        raise Refused("it is not what the desk last saw, and all of it would be public", where=ref, remedy=_AGAIN)
    db.execute(update(notes).where((notes.c.issue == ref) & notes.c.body.not_in(list(action.notes))).values(internal=1))
    db.execute(update(issues).where(issues.c.ref == ref).values(confidential=0, public_since=at))
    return ref

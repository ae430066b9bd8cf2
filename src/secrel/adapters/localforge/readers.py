"""Who can read what an effect writes, looked at again at the moment of writing (design.md, Reveals)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select, update

from secrel.adapters.localforge import given
from secrel.adapters.localforge.room import ForgeParts
from secrel.adapters.localforge.schema import issues, notes
from secrel.words.effects import (
    Action,
    CloseIssue,
    CloseMergeRequest,
    Effect,
    LiftConfidentiality,
    OpenIssue,
    OpenMergeRequest,
    TrackBranch,
)
from secrel.words.errors import Refused
from secrel.words.facts.stated import read_json

_AGAIN = "look again, and plan again; nothing was changed"
_TELLS_NOTHING = (CloseIssue, CloseMergeRequest, LiftConfidentiality)
"""What writes no text: to close shows nothing new, and to lift says what it shows."""


def refuse_more_readers(db: Connection, room: ForgeParts, effect: Effect) -> None:
    """Raise `Refused` when everybody can read what the effect writes, and the plan said that only the team can."""
    if effect.reveals or isinstance(effect.action, _TELLS_NOTHING):
        return
    for place in _public(db, room, effect.action):
        raise Refused(
            f"everybody can read {place} by now, and the plan said that only the team can",
            where=effect.key,
            remedy=f"make it confidential again, or plan again; nothing was changed: {place}",
        )


def _public(db: Connection, room: ForgeParts, action: Action) -> Iterator[str]:
    if isinstance(action, OpenIssue) and not action.confidential:
        yield f"an issue of {action.project} that is not confidential"
    if isinstance(action, OpenMergeRequest | TrackBranch) and action.project in room.public:
        yield action.project
    for ref in (getattr(action, name, "") for name in ("ref", "to")):
        if "!" in ref and ref.partition("!")[0] in room.public:
            yield ref
        if "#" in ref and db.scalar(select(issues.c.confidential).where(issues.c.ref == given.issue_ref(ref))) == 0:
            yield ref


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

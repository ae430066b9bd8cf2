"""What the desk and people alike write to the embedded forge: links, details tables, notes; within one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from secrel.adapters.localforge import given
from secrel.adapters.localforge.forge_parts import needed as needed_in
from secrel.adapters.localforge.schema import issues, links, merge_requests, notes
from secrel.adapters.localforge.store import looking
from secrel.words.errors import Misused, Refused
from secrel.words.facts.stated import Facts, Stated, read_json
from secrel.words.facts.tables import as_table
from secrel.words.forge import MergeRequest, State

AGAIN = "look again; nothing was changed"
Seeing = Callable[[Connection, Sequence[str]], list[MergeRequest]]
"""Gives merge requests, by reference, as git says they stand, within a transaction that writes."""


def needed(db: Connection, ref: str) -> str:
    """Give back a reference of something that is there, within a transaction that writes; `Misused` otherwise."""
    return needed_in(looking(db), ref)


def next_number(db: Connection, table: Table, project: str) -> int:
    """Give the number the project's next issue or merge request gets."""
    return int(db.scalar(select(func.max(table.c.number)).where(table.c.project == project)) or 0) + 1


def _ends(one: str, other: str) -> dict[str, str]:
    if one == other:
        raise Misused(f"{one} cannot be linked to itself")
    return dict(zip(("one", "other"), sorted((one, other)), strict=True))


def link(db: Connection, one: str, other: str, by: str, at: datetime) -> None:
    """Link two issues, unless they are linked."""
    ends = _ends(needed(db, one), needed(db, other))
    open_link = select(links.c.id).filter_by(**ends, until=None)
    if db.scalar(open_link) is None:
        db.execute(insert(links).values(**ends, since=given.instant(at), by=by))


def unlink(db: Connection, one: str, other: str, at: datetime) -> None:
    """Take the link between two issues away, if there is one; that it was there stays written."""
    ends = _ends(needed(db, one), needed(db, other))
    db.execute(links.update().filter_by(**ends, until=None).values(until=given.instant(at)))


def refuse_a_second(db: Connection, seen: Seeing, where: tuple[str, str, str]) -> None:
    """Raise `Refused` when a branch (project, branch, target) has an open merge request already."""
    project, branch, target = where
    same = select(merge_requests.c.ref).filter_by(project=project, branch=branch, target=target, is_closed=0)
    refs = list(db.scalars(same))
    standing = next((found for found in seen(db, refs) if found.state is State.OPENED), None)
    if standing is not None:
        raise Refused("this branch has an open merge request already", where=standing.ref, remedy="use that one")


def change_facts(db: Connection, ref: str, changes: Facts, lines: Iterable[str], expects: Stated | None = None) -> str:
    """Make lines of an issue's details table say what `changes` says, and give the issue's reference.

    A line that it does not state goes away; the others stay as they were written. Raises `Refused` when a line is not
    as `expects` has it.
    """
    which = needed(db, given.issue_ref(ref))
    standing = db.scalar(select(issues.c.facts).where(issues.c.ref == which)) or "{}"
    named, said = tuple(lines), as_table(changes)
    if expects is not None and read_json(standing).only(named).table != expects.table:
        raise Refused("its details changed meanwhile", where=which, remedy=AGAIN)
    now = {**json.loads(standing), **{name: said.get(name) for name in named}}
    kept = {name: value for name, value in now.items() if value is not None}
    db.execute(update(issues).where(issues.c.ref == which).values(facts=given.facts(kept)))
    return which


def add_note(db: Connection, ref: str, told: dict[str, Any], at: datetime) -> str:
    """Hang a note (its columns, by name) on an issue or a merge request, and give its address."""
    where = {"issue" if "#" in ref else "merge_request": ref}
    given.body(told["body"], "the note")
    made = db.execute(insert(notes).values(**where, **told, at=given.instant(at)))
    return f"{ref}#note_{made.lastrowid}"


def note_at(db: Connection, address: str) -> Any:
    """Give the row of a note that began a discussion, by its address; raises `Misused` when there is none."""
    where, number = given.note_ref(address)
    hangs = notes.c.issue if given.item_ref(where) and "#" in where else notes.c.merge_request
    row = db.execute(
        select(notes).where((hangs == where) & (notes.c.id == number) & (notes.c.discussion != ""))
    ).first()
    if row is None:
        raise Misused("there is no such discussion", where=f"{where}#note_{number}")
    return row

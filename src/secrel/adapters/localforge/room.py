"""What the parts of the embedded forge share: the file, the repositories, the clock, and in whose name it acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, bindparam, func, insert, select

from secrel.adapters.localforge import given
from secrel.adapters.localforge.history import History
from secrel.adapters.localforge.schema import issues, links, merge_requests
from secrel.adapters.localforge.store import Store
from secrel.words.errors import Misused


@dataclass(frozen=True, slots=True)
class Room:
    """The parts, given once.

    `histories` has the git repository of each project that has one; `sites` names those whose merge requests show
    their files; `projects` those that may hold issues (None: any).
    """

    store: Store
    histories: Mapping[str, History]
    sites: frozenset[str]
    projects: frozenset[str] | None
    now: Callable[[], datetime]
    actor: str

    def history(self, project: str) -> History:
        """Give a project's repository; raises `Misused` when none was named."""
        found = self.histories.get(project)
        if found is None:
            raise Misused(
                f"no git repository is named for the project {project[:60]!r}",
                remedy="name its repository in the settings of the forge",
            )
        return found

    def project_for_issues(self, project: str) -> str:
        """Give a project's name, when it may hold issues."""
        given.project(project)
        if self.projects is not None and project not in self.projects and project not in self.histories:
            raise Misused(
                f"there is no project {project[:60]!r}", remedy="name one of the projects in the settings of the forge"
            )
        return project


_IS_ISSUE = select(issues.c.number).where(issues.c.ref == bindparam("ref"))
_IS_MERGE_REQUEST = select(merge_requests.c.number).where(merge_requests.c.ref == bindparam("ref"))


def next_number(db: Connection, table: Table, project: str) -> int:
    """Give the number the project's next issue or merge request gets."""
    return int(db.scalar(select(func.max(table.c.number)).where(table.c.project == project)) or 0) + 1


def needed(db: Connection, ref: str) -> str:
    """Give back a reference (in its one spelling) of something that is there; raises `Misused` otherwise."""
    if db.scalar(_IS_ISSUE if "#" in ref else _IS_MERGE_REQUEST, {"ref": ref}) is None:
        raise Misused(f"there is no {ref}", remedy="check the number; nothing was changed")
    return ref


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

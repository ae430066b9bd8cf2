"""What the parts of the embedded forge share: the file, the repositories and the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from secrel.adapters.localforge import given, rows
from secrel.adapters.localforge.repository.history import RepositoryReader
from secrel.adapters.localforge.store import Looking, Store
from secrel.words.errors import Misused


class ForgeParts(Struct, frozen=True):
    """The parts, given once.

    `histories` has the git repository of each project that has one; `sites` names those whose merge requests show
    their files; `public` those that everybody can read; `projects` those that may hold issues (None: any).
    """

    store: Store
    histories: Mapping[str, RepositoryReader]
    sites: frozenset[str]
    public: frozenset[str]
    projects: frozenset[str] | None
    now: Callable[[], datetime]

    def history(self, project: str) -> RepositoryReader:
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


def needed(db: Looking, ref: str) -> str:
    """Give back a reference (in its one spelling) of something that is there; raises `Misused` otherwise."""
    if db.first(rows.IS_ISSUE if "#" in ref else rows.IS_MERGE_REQUEST, {"ref": ref}) is None:
        raise Misused(f"there is no {ref}", remedy="check the number; nothing was changed")
    return ref

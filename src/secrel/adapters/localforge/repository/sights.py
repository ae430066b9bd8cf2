"""What git says in one look: asked of a repository whose names stand where they stood, it answers as it did then."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from secrel.adapters.localforge.repository.history import RepositoryReader
from secrel.adapters.localforge.repository.standing import BranchLook, RequestStanding
from secrel.answers import answered, is_keeping
from secrel.words.errors import SecrelError

T = TypeVar("T")


class Sights:
    """Looks at repositories, each by its project's name; where their names stand is read once."""

    def __init__(self, history: Callable[[str], RepositoryReader]) -> None:
        """Take what gives a project's repository; it raises `Misused` when none was named."""
        self._history = history
        self._names: dict[str, str] = {}

    def standings(self, project: str, rows: Sequence[Any], *, shows_files: bool) -> Callable[[Any], RequestStanding]:
        """Give what tells how one of these merge requests stands; raises `NotSeen` when git cannot be read."""

        def every() -> dict[str, RequestStanding]:
            sight = BranchLook(self._history(project), rows, shows_files=shows_files)
            return {row.ref: sight.standing(row) for row in rows}

        if is_keeping():
            asked = "standings with writers", shows_files, [tuple(row) for row in rows]
            try:
                has_all = lambda: self._has(project, rows)  # noqa: E731 - called here alone
                found = self._answered(project, asked, dict[str, RequestStanding], every, has_all)
            except SecrelError:
                pass  # whoever asks about each by itself is told which one it is
            else:
                return lambda row: found[row.ref]
        return BranchLook(self._history(project), rows, shows_files=shows_files).standing

    def tags(self, project: str, names: Collection[str]) -> Mapping[str, str]:
        """Give those of the named tags that exist, with the commit each points to."""
        asked = "tags", sorted(names)
        return self._answered(project, asked, dict[str, str], lambda: self._history(project).tags(names))

    def holding(self, project: str, names: Collection[str], commit: str) -> frozenset[str]:
        """Give those of the named tags that hold a commit."""
        asked = "holding", sorted(names), commit
        make = lambda: self._history(project).holding(names, commit)  # noqa: E731 - called here alone
        return self._answered(project, asked, frozenset[str], make)

    def _has(self, project: str, rows: Sequence[Any]) -> bool:
        """Whether every commit that was known of them is here: one that is not may come back while no name moves."""
        history = self._history(project)
        return all(history.has(one) for row in rows for one in (row.head, row.merge_commit) if one)

    def _answered(
        self, project: str, asked: object, kind: Any, make: Callable[[], T], lasts: Callable[[], bool] = lambda: True
    ) -> T:
        """Answer as before while no name moved; what moved while git was asked is asked again at the next look."""
        if not is_keeping():
            return make()
        history = self._history(project)
        names = self._names.get(project) or history.names()
        self._names[project] = names
        told = names, project, asked
        return answered("git", told, kind, make, lasts=lambda _: history.names() == names and lasts())

"""The port to a repository's history: what the room `ranges` needs to be told, and nothing of how it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from secrel.words.history.commits import Diff, Facts
from secrel.words.history.graph import Graph


class History(Protocol):
    """A repository that can be read; every method raises `NotSeen` or `Broken` sooner than answer with a part.

    Nothing here writes to the repository or reaches the network.
    """

    def graph(self) -> Graph:
        """Read all commits that a tag or a branch leads to, and where tags and branches stand."""
        ...

    def facts(self, graph: Graph) -> Facts:
        """Read what every commit of `graph` says of itself; what cannot be read is said in `Facts.unread`."""
        ...

    def diffs(self, commits: Sequence[str]) -> Mapping[str, Diff]:
        """Read what commits (full ids) change; those whose contents this copy lacks are absent from the answer."""
        ...

    def touching(self, paths: Sequence[str], *, since: int, until: int) -> Sequence[str]:
        """List commits (full ids, no merges) made from `since` to `until`, seconds since 1970, that change `paths`.

        Raises `NotSeen` when this copy lacks the trees that tell.
        """
        ...

    def containing(self, commit: str, *, without: Sequence[str]) -> frozenset[str]:
        """Ask git itself which tags contain `commit` and none of `without` (full ids): a second opinion."""
        ...

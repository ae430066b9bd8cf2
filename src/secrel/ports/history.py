"""The port to a repository's history: what the room `ranges` needs to be told, and nothing of how it is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from secrel.words.history.commits import Diff, Facts
from secrel.words.history.graph import Graph
from secrel.words.history.remains import Block, Copied, Remains


class History(Protocol):
    """A repository that can be read; every method raises `NotSeen` or `Broken` sooner than answer with a part.

    Nothing here writes to the repository or reaches the network.
    """

    def names(self) -> str:
        """Give a digest of all that reading starts from: where tags and branches stand, and where a copy ends.

        While it stays the same, so does the graph.
        """
        ...

    def graph(self) -> Graph:
        """Read all commits that a tag or a branch leads to, and where tags and branches stand."""
        ...

    def facts(self, graph: Graph) -> Facts:
        """Read what every commit of `graph` says of itself; what cannot be read is said in `Facts.unread`."""
        ...

    def has_contents(self) -> bool:
        """Whether this copy has files at all: some are made of commits and their messages alone."""
        ...

    def diffs(self, commits: Sequence[str]) -> Mapping[str, Diff]:
        """Read what commits (full ids) change; those whose contents this copy lacks are absent from the answer."""
        ...

    def touching(self, paths: Sequence[str], *, since: int, until: int) -> Sequence[str]:
        """List commits (full ids, no merges) made from `since` to `until`, seconds since 1970, that change `paths`.

        Raises `NotSeen` when this copy lacks the trees that tell.
        """
        ...

    def blocks(self, commits: Sequence[str]) -> Mapping[str, tuple[Block, ...]]:
        """Read what commits (full ids) changed, place by place; those whose contents this copy lacks are absent."""
        ...

    def steps(
        self, pairs: Sequence[tuple[str, str]], paths: Sequence[str]
    ) -> Mapping[tuple[str, str], tuple[Block, ...]]:
        """Read what commits changed in these files against one parent each (full ids); absent where it is not here."""
        ...

    def touched(self, asked: Mapping[tuple[str, str], Collection[str]]) -> Mapping[tuple[str, str], Collection[str]]:
        """Read which of these files commits changed against one parent each (full ids), and maybe of others.

        Raises `NotSeen` when this copy lacks the trees that tell.
        """
        ...

    def remains(
        self, asked: Mapping[str, Sequence[str]], paths: Mapping[str, Collection[str]]
    ) -> Mapping[tuple[str, str], tuple[Remains, ...]]:
        """Read what is left of each commit's blocks, in the order of `blocks`, at the other commits asked about.

        By commit and place; absent where the contents are not here. Blocks of other files than these `paths` of each
        commit are not looked for, and have no signs.
        """
        ...

    def copies(
        self,
        asked: Mapping[str, Sequence[str]],
        before: Mapping[str, Sequence[str]],
        paths: Mapping[str, Collection[str]],
    ) -> Mapping[tuple[str, str], tuple[Copied, ...]]:
        """Look at commits for other files that are as those of `paths` were before each commit, or at some `before` it.

        By commit and place. Raises `NotSeen` when this copy lacks the trees that tell.
        """
        ...

    def containing(self, commit: str, *, without: Sequence[str]) -> frozenset[str]:
        """Ask git itself which tags contain `commit` and none of `without` (full ids): a second opinion."""
        ...

"""Small histories as values, a naive reader of them, and random ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from secrel.ranges.cases import Case
from secrel.ranges.prove import Ground, proved, related
from secrel.ranges.resolve import asked
from secrel.ranges.results import Result
from secrel.words.history.commits import Facts, Says
from secrel.words.history.graph import Graph, Ref


def prove(ground: Ground, cases: Sequence[Case]) -> tuple[Result, ...]:
    """Prove cases in one step: what is looked for beside the commits that they name is left out."""
    looked_up = [asked(ground.graph, ground.facts, case) for case in cases]
    return proved(ground, looked_up, related(ground, looked_up))


def levels(offsets: Any, parents: Any) -> Any:
    """Compute the level of every commit (see `Graph`) in one walk."""
    count = len(offsets) - 1
    missing = np.diff(offsets).tolist()
    by_parent = np.argsort(parents, kind="stable")
    children = np.repeat(np.arange(count, dtype=np.int32), np.diff(offsets))[by_parent].tolist()
    starts = np.concatenate(([0], np.cumsum(np.bincount(parents, minlength=count)))).tolist()
    level = [1] * count
    ready = [commit for commit, left in enumerate(missing) if not left]
    while ready:
        commit = ready.pop()
        above = level[commit] + 1
        for child in children[starts[commit] : starts[commit + 1]]:
            level[child] = max(level[child], above)
            missing[child] -= 1
            if not missing[child]:
                ready.append(child)
    return np.array(level, dtype=np.int32)


def graph_of(
    ids: Any,
    parents: Sequence[Sequence[int]],
    *,
    cut: Sequence[int] = (),
    tags: Mapping[str, int] | None = None,
    branches: Mapping[str, int] | None = None,
) -> Graph:
    """Make a graph from ids (sorted) and the parents of each commit."""
    offsets = np.zeros(len(ids) + 1, dtype=np.int64)
    offsets[1:] = np.cumsum([len(mine) for mine in parents])
    flat = np.array([parent for mine in parents for parent in mine], dtype=np.int32)
    named, ahead = (tuple(Ref(name, at) for name, at in (refs or {}).items()) for refs in (tags, branches))
    return Graph(ids, offsets, flat, levels(offsets, flat), tuple(cut), named, ahead)


@dataclass(frozen=True)
class History:
    """Commits numbered oldest first: their parents, tags and branches by name, and which commits revert which."""

    parents: Sequence[Sequence[int]]
    tags: Mapping[str, int] = field(default_factory=dict)
    branches: Mapping[str, int] = field(default_factory=dict)
    reverts: Mapping[int, Sequence[int]] = field(default_factory=dict)  # commit: those that say they revert it
    order: Sequence[int] | None = None  # order[k]: the place of commit k among the ids

    @property
    def place(self) -> Sequence[int]:
        return self.order if self.order is not None else range(len(self.parents))

    def id(self, commit: int) -> str:
        return f"{self.place[commit] + 1:08x}".ljust(40, "0")

    def graph(self, cut: Sequence[int] = ()) -> Graph:
        count = len(self.parents)
        ids = np.zeros((count, 20), dtype=np.uint8)
        for rank in range(count):
            ids[rank] = np.frombuffer((rank + 1).to_bytes(4, "big").ljust(20, b"\0"), dtype=np.uint8)
        parents: list[list[int]] = [[] for _ in range(count)]
        for commit, mine in enumerate(self.parents):
            parents[self.place[commit]] = [self.place[parent] for parent in mine]
        return graph_of(
            ids,
            parents,
            cut=[self.place[commit] for commit in cut],
            tags={name: self.place[commit] for name, commit in self.tags.items()},
            branches={name: self.place[commit] for name, commit in self.branches.items()},
        )

    def facts(self, says: Sequence[tuple[int, Says, int]] = (), **keys: Mapping[int, int]) -> Facts:
        """Facts in which `by` says `how` of `named`, and columns have the keys given by commit."""
        graph = self.graph()
        rows = [(self.place[by], how, self.place[named]) for by, how, named in says]
        rows += [(self.place[by], Says.REVERTS, self.place[c]) for c, all_by in self.reverts.items() for by in all_by]
        count = len(self.parents)

        def column(name: str, kind: type) -> Any:
            found: Any = np.zeros(count, dtype=kind)
            for commit, key in keys.get(name, {}).items():
                found[self.place[commit]] = key
            return found

        return Facts(
            same=column("same", np.uint64),
            subject=column("subject", np.uint64),
            text=column("text", np.uint64),
            author=column("author", np.uint64),
            date=column("date", np.int64),
            words=column("words", np.uint8),
            named_by=np.array([by for by, _, _ in rows], dtype=np.int32),
            how=np.array([how for _, how, _ in rows], dtype=np.uint8),
            named=np.array([named for *_, named in rows], dtype=np.int32),
            named_key=np.array(
                [int.from_bytes(graph.ids[named, :8].tobytes(), "big") or 1 for *_, named in rows], dtype=np.uint64
            ),
            asked_by=np.zeros(0, dtype=np.int32),
            asked_how=np.zeros(0, dtype=np.uint8),
            asked=np.zeros(0, dtype=np.uint64),
        )

    def below(self, commit: int) -> set[int]:
        """Walk naively: the commit and everything it descends from."""
        found, waiting = {commit}, [commit]
        while waiting:
            for parent in self.parents[waiting.pop()]:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return found

    def counts(self, commit: int, held: set[int]) -> bool:
        """Whether a commit is in a set and not undone in it, by the definition."""
        return commit in held and not any(
            by != commit and commit in self.below(by) and self.counts(by, held) for by in self.reverts.get(commit, ())
        )

    def begun_anew(self, tag: str, origins: Sequence[int], fixes: Sequence[Sequence[int]]) -> bool:
        """Whether a tag has no commit in common with any origin, and not every part of the fix."""
        held = self.below(self.tags[tag])
        apart = bool(origins) and not any(held & self.below(origin) for origin in origins)
        return apart and not all(any(self.counts(fix, held) for fix in part) for part in fixes)

    def affected(self, tag: str, origins: Sequence[int], fixes: Sequence[Sequence[int]]) -> bool:
        """Decide naively for one tag; no origins: unknown."""
        held = self.below(self.tags[tag])

        def fixed(part: Sequence[int], origin: int | None) -> bool:
            return any(
                self.counts(fix, held) and (origin is None or fix == origin or fix not in self.below(origin))
                for fix in part
            )

        if not origins:
            return not all(fixed(part, None) for part in fixes)
        return any(self.counts(origin, held) and not all(fixed(part, origin) for part in fixes) for origin in origins)


@st.composite
def histories(draw: st.DrawFn, most: int = 14) -> History:
    """Draw a history with merges, several roots, criss-cross, reverts, and tags on and off branches."""
    count = draw(st.integers(1, most))
    parents = [
        draw(st.lists(st.integers(max(0, commit - 5), commit - 1), max_size=3, unique=True)) if commit else []
        for commit in range(count)
    ]
    commits = st.integers(0, count - 1)
    tagged = draw(st.lists(commits, min_size=1, max_size=8))
    reverts: dict[int, list[int]] = {}
    for by, named in draw(st.lists(st.tuples(commits, commits), max_size=4)):
        if by != named:
            reverts.setdefault(named, []).append(by)
    order = draw(st.permutations(range(count)))
    tags = {f"v1.{number}.0": commit for number, commit in enumerate(tagged)}
    return History(parents, tags, {"main": count - 1}, reverts, order)

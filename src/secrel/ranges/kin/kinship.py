"""Deciding which candidates are the same change: one walk of the graph, then each link is accepted or proposed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from secrel.ranges.containment import Reach, reach
from secrel.ranges.kin.links import (
    DISPUTED,
    FEWEST_WORDS,
    NEAR,
    WINDOW,
    Kin,
    Link,
    Names,
    Search,
    Signal,
    both_ways,
    groups_of,
)
from secrel.words.history.commits import Facts
from secrel.words.history.graph import Graph

_MOST_PROPOSED = 20
_INSTEAD = "it came in with the revert of that"

Weak = tuple[Mapping[int, Sequence[int]], Mapping[int, Sequence[int]], Mapping[int, Sequence[int]]]
"""Commits with the same subject, by its key; with the same report, by commit; that came in with a revert, by it."""


def kin_of(graph: Graph, facts: Facts, seeds: Sequence[int], seen: Sequence[Link] = ()) -> Kin:
    """Find for every seed (a commit that somebody named) the commits that carry the same change, and all reverts.

    `seen`: links that the contents of commits showed; they hold between lines that do not descend from each other.
    """
    names = Names.of(graph, facts)
    search = Search(graph, facts, names, both_ways(seen))
    edges = search.candidates(seeds)
    reverts = _reverts(names, edges)
    subjects = {key: rows for key, rows in groups_of(facts.subject, edges).items() if _telling(facts, rows)}
    reports = search.by_report(list(edges))
    replaced = search.beside(by for mine in reverts.values() for by in mine)
    probes = {*edges, *reverts}
    for rows in (*subjects.values(), *reports.values(), *reverts.values()):
        probes.update(rows)
    second = {p for commit in edges for p in graph.parents_of(commit)[1:2]}
    probes.update(second, (p for commit in second for p in graph.parents_of(commit)))
    firsts = {p for commit in edges for p in graph.parents_of(commit)[:1]}
    decision = _Decision(graph, facts, edges, reverts, reach(graph, probes, firsts))
    links = {seed: tuple(decision.accepted(seed)) for seed in seeds}
    proposals = {seed: tuple(decision.proposed(seed, links[seed], (subjects, reports, replaced))) for seed in seeds}
    origins = {seed: tuple(names.says_fixes.get(seed, ())) for seed in seeds}
    return Kin(links, proposals, reverts, {seed: found for seed, found in origins.items() if found})


def _telling(facts: Facts, rows: Sequence[int]) -> bool:
    return int(facts.words[rows[0]]) >= FEWEST_WORDS


def _reverts(names: Names, edges: Mapping[int, object]) -> dict[int, tuple[int, ...]]:
    """Collect the commits that say they revert one of these, and those that revert a revert, to the end."""
    found: dict[int, tuple[int, ...]] = {}
    waiting = list(edges)
    while waiting:
        commit = waiting.pop()
        if commit not in found and commit in names.reverted_by:
            found[commit] = tuple(dict.fromkeys(names.reverted_by[commit]))
            waiting.extend(found[commit])
    return found


@dataclass(slots=True)
class _Decision:
    graph: Graph
    facts: Facts
    edges: Mapping[int, Sequence[Link]]
    reverts: Mapping[int, Sequence[int]]
    reach: Reach
    settled: dict[tuple[int, ...], bool] = field(default_factory=dict)

    def accepted(self, seed: int) -> list[Link]:
        """Walk from the seed along the links that hold."""
        found: dict[int, Link] = {}
        waiting = [seed]
        while waiting:
            for link in self.edges[waiting.pop()]:
                if link.commit != seed and link.commit not in found and self.holds(link):
                    found[link.commit] = link
                    waiting.append(link.commit)
        return list(found.values())

    def holds(self, link: Link) -> bool:
        """Whether a strong signal is what it seems."""
        match link.signal:
            case Signal.SAME | Signal.TEXT:
                group = [other.commit for other in self.edges[link.like] if other.signal is link.signal]
                near = abs(int(self.facts.date[link.commit] - self.facts.date[link.like])) <= NEAR
                return (near or link.signal is Signal.SAME) and self.apart([link.like, *group])
            case Signal.MERGE:
                merge, inner = (link.like, link.commit)
                if self.graph.parents_of(merge)[1:2] != [inner]:
                    merge, inner = inner, merge
                return self.brings_one(merge, inner)
            case Signal.PATCH | Signal.LINES:
                return self.apart([link.like, link.commit])
            case _:
                return link.strong

    def apart(self, commits: Sequence[int]) -> bool:
        """Whether none descends from another, but for a change that was reverted and made again."""
        key = tuple(sorted(commits))
        if key not in self.settled:
            self.settled[key] = all(
                not self.reach.related(one, other) or self.made_again(one, other) for one, other in combinations(key, 2)
            )
        return self.settled[key]

    def made_again(self, one: int, other: int) -> bool:
        """Whether the older of two was reverted before the younger was made."""
        old, young = (one, other) if self.reach.below(one, other) else (other, one)
        return any(
            self.reach.below(old, revert) and self.reach.below(revert, young) for revert in self.reverts.get(old, ())
        )

    def brings_one(self, merge: int, inner: int) -> bool:
        """Whether a merge added one commit to its first parent's line, and no more."""
        first = self.graph.parents_of(merge)[0]
        before = self.graph.parents_of(inner)
        return len(before) == 1 and self.reach.contains(first, before[0]) and not self.reach.contains(first, inner)

    def proposed(self, seed: int, links: Sequence[Link], weak: Weak) -> list[Link]:
        """Collect what may be the same change: equal messages within a window, and strong signals that did not hold."""
        known = {seed, *(link.commit for link in links)}
        found: dict[int, Link] = {}
        for commit in known:
            for link in self.edges[commit]:
                if link.commit not in known and link.signal is not Signal.MERGE:
                    found[link.commit] = _weak(link)
        for link in self.weakly(known, weak):
            near = abs(int(self.facts.date[link.commit] - self.facts.date[link.like])) <= WINDOW
            apart = link.remark == _INSTEAD or (near and not self.reach.related(link.commit, link.like))
            if apart and link.commit not in known and link.commit not in found:
                found[link.commit] = link
        return list(found.values())[:_MOST_PROPOSED]

    def weakly(self, known: Iterable[int], weak: Weak) -> Iterator[Link]:
        """Go through what is alike, the more telling signals first."""
        subjects, reports, replaced = weak
        for commit in known:
            for revert in self.reverts.get(commit, ()):
                for other in replaced.get(revert, ()):
                    if other not in self.reverts.get(commit, ()):
                        yield Link(other, commit, Signal.REQUEST, strong=False, remark=_INSTEAD)
        for commit in known:
            for other in subjects.get(int(self.facts.subject[commit]), ()):
                yield Link(other, commit, Signal.SUBJECT, strong=False)
        for commit in known:
            for other in reports.get(commit, ()):
                yield Link(other, commit, Signal.REPORT, strong=False)


def _weak(link: Link) -> Link:
    if link.remark == DISPUTED:
        return link
    several = "the request brought several changes"
    remark = several if link.signal is Signal.REQUEST else "several such commits stand on one line, or it is long ago"
    return Link(link.commit, link.like, link.signal, strong=False, remark=remark)

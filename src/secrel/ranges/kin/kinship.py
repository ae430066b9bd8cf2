"""Deciding which candidates are the same change: one walk of the graph, then each link is accepted or proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from msgspec import Struct, field
from msgspec.structs import replace

from secrel.ranges.containment import Containment, reach
from secrel.ranges.kin.links import (
    FEWEST_WORDS,
    NEAR,
    WINDOW,
    CommitLink,
    Kin,
    Search,
    Signal,
)
from secrel.ranges.kin.names import CommitNames, groups_of
from secrel.ranges.kin.reverting import Undone, carried_over, undone
from secrel.ranges.kin.similar import certain, similar_first
from secrel.words.history.commits import Diff, Facts
from secrel.words.history.graph import Graph

_MOST_PROPOSED = 20
_INSTEAD = "it came in with the revert of that"


class _Weak(Struct, frozen=True):
    """What is alike.

    Commits with the same subject, by its key; with the same report or day, by commit; that came with a revert, by it.
    """

    subjects: Mapping[int, Sequence[int]]
    reports: Mapping[int, Sequence[int]]
    replaced: Mapping[int, Sequence[int]]
    days: Mapping[int, Sequence[int]]


class LookedInto(Struct, frozen=True):
    """What looking into commits showed: links by their contents, changes to propose, and the contents themselves.

    `links` count between lines that do not descend from each other, `further` are proposals. `contents` of None: they
    were asked for, and are not in this copy of the repository. `nearby` are commits that a search found on the same
    files: any of them may take a commit back. `looking`: contents can be asked for. `out` are those that took
    one out without a word. `partial`: commits that have not all of what another one changed, beside that.
    """

    links: tuple[CommitLink, ...] = ()
    further: tuple[CommitLink, ...] = ()
    contents: Mapping[int, Diff | None] = field(default_factory=dict)
    nearby: frozenset[int] = frozenset()
    looking: bool = False
    out: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    partial: frozenset[tuple[int, int]] = frozenset()


NOTHING_SEEN = LookedInto()
"""Nobody looked into commits."""


def kin_of(
    graph: Graph,
    facts: Facts,
    seeds: Sequence[int],
    seen: LookedInto = NOTHING_SEEN,
    origins: frozenset[int] = frozenset(),
) -> Kin:
    """Find for every seed (a commit that somebody named) the commits that carry the same change, and all reverts.

    A revert of one of the `origins` makes versions safe, so it is compared with contents more strictly.
    """
    names = CommitNames.of(graph, facts)
    search = Search(
        graph,
        facts,
        names,
        _both_ways(seen.links),
        seen.contents,
        nearby=seen.nearby if seen.looking else None,
        dropped=seen.out,
        freeing={*origins},
        partial=seen.partial,
    )
    back = _followed(search, seeds)
    edges = search.edges
    subjects = {key: rows for key, rows in groups_of(facts.subject, edges).items() if _telling(facts, rows)}
    reports = search.by_report(list(edges))
    replaced = search.beside(by for mine in back.surely.values() for by in mine)
    weak = _Weak(subjects, reports, replaced, search.by_day(edges) if seen.looking else {})
    probes = {*edges}
    for rows in (
        *subjects.values(),
        *reports.values(),
        *weak.days.values(),
        *back.surely.values(),
        *back.seemingly.values(),
    ):
        probes.update(rows)
    second = {p for commit in edges for p in graph.parents_of(commit)[1:2]}
    probes.update(second, (p for commit in second for p in graph.parents_of(commit)))
    firsts = {p for commit in edges for p in graph.parents_of(commit)[:1]}
    decision = _Decision(graph, facts, edges, back.surely, reach(graph, probes, firsts), seen)
    links = {seed: tuple(decision.accepted(seed)) for seed in seeds}
    classes = [(seed, *(link.commit for link in links[seed])) for seed in seeds]
    reverts = carried_over(classes, back.surely, decision.same)
    taken = [*classes, *([by] for mine in reverts.values() for by in mine)]
    proposals = {seed: decision.proposed(seed, links[seed], weak) for seed in seeds}
    every = [link for mine in proposals.values() for link in mine]
    wanted = {*search.wanted, *(commit for link in every for commit in (link.commit, link.like))}
    return Kin(
        links=links,
        proposals={seed: similar_first(mine, seen.contents) for seed, mine in proposals.items()},
        reverts=reverts,
        seeming=carried_over(taken, back.seemingly, lambda commit: (commit,)),
        named_origins={seed: tuple(named) for seed in seeds if (named := names.says_fixes.get(seed))},
        wanted=frozenset(wanted - seen.contents.keys()),
        dropped=frozenset(by for mine in seen.out.values() for by in mine),
        sure=certain(every, seen.contents, lambda link: facts.author[link.commit] == facts.author[link.like]),
    )


def _both_ways(links: Iterable[CommitLink]) -> dict[int, list[CommitLink]]:
    """Lay links out by the commit they start from, each of them from either end."""
    found: dict[int, list[CommitLink]] = defaultdict(list)
    for link in links:
        found[link.like].append(link)
        found[link.commit].append(replace(link, commit=link.like, like=link.commit))
    return found


def _followed(search: Search, seeds: Sequence[int]) -> Undone:
    """Follow the seeds, what takes back one of the commits found, what takes that back, and so on to the end."""
    search.follow(seeds)
    search.free(search.freeing)
    while True:
        back = undone(search, list(search.edges))
        fresh = [by for mine in back.surely.values() for by in mine if by not in search.edges]
        search.follow(fresh)
        # whoever takes back what took a fix back makes versions safe again
        more = search.free(by for commit, mine in back.surely.items() if commit not in search.freeing for by in mine)
        if not (fresh or more):
            return back


def _telling(facts: Facts, rows: Sequence[int]) -> bool:
    return int(facts.words[rows[0]]) >= FEWEST_WORDS


class _Decision(Struct):
    graph: Graph
    facts: Facts
    edges: Mapping[int, Sequence[CommitLink]]
    reverts: Mapping[int, Sequence[int]]
    reach: Containment
    seen: LookedInto
    settled: dict[tuple[int, ...], bool] = field(default_factory=dict)

    def same(self, commit: int) -> list[int]:
        """A commit, and all that count as the same change."""
        return [commit, *(link.commit for link in self.accepted(commit))]

    def accepted(self, seed: int) -> list[CommitLink]:
        """Walk from the seed along the links that hold."""
        found: dict[int, CommitLink] = {}
        waiting = [seed]
        while waiting:
            for link in self.edges.get(waiting.pop(), ()):
                if link.commit != seed and link.commit not in found and self.holds(link):
                    found[link.commit] = link
                    waiting.append(link.commit)
        return list(found.values())

    def holds(self, link: CommitLink) -> bool:
        """Whether a strong signal is what it seems."""
        if not link.strong:
            return False
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
            case Signal.AGAIN:
                return self.made_again(link.like, link.commit)
            case Signal.PATCH | Signal.LINES | Signal.WHEN:
                return self.apart([link.like, link.commit])
            case _:
                return True

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

    def proposed(self, seed: int, links: Sequence[CommitLink], weak: _Weak) -> list[CommitLink]:
        """Collect what may be the same change: equal messages within a window, and strong signals that did not hold."""
        known = {seed, *(link.commit for link in links)}
        found: dict[int, CommitLink] = {}
        for commit in known:
            for link in self.edges[commit]:
                if link.commit not in known and link.signal is not Signal.MERGE:
                    found[link.commit] = _weak(link)
        found.update(
            (link.commit, link) for link in self.seen.further if link.like in known and link.commit not in known
        )
        for link in self.weakly(known, weak):
            near = abs(int(self.facts.date[link.commit] - self.facts.date[link.like])) <= WINDOW
            apart = link.remark == _INSTEAD or (near and self.apart((link.commit, link.like)))
            if apart and link.commit not in known and link.commit not in found:
                found[link.commit] = link
        return list(found.values())[:_MOST_PROPOSED]

    def weakly(self, known: Iterable[int], weak: _Weak) -> Iterator[CommitLink]:
        """Go through what is alike, the more telling signals first."""
        for commit in known:
            for revert in self.reverts.get(commit, ()):
                for other in weak.replaced.get(revert, ()):
                    if other not in self.reverts.get(commit, ()):
                        yield CommitLink(other, commit, Signal.REQUEST, strong=False, remark=_INSTEAD)
        for commit in known:
            for other in weak.subjects.get(int(self.facts.subject[commit]), ()):
                yield CommitLink(other, commit, Signal.SUBJECT, strong=False)
        for signal, groups in ((Signal.REPORT, weak.reports), (Signal.DAY, weak.days)):
            yield from (
                CommitLink(other, commit, signal, strong=False) for commit in known for other in groups.get(commit, ())
            )


def _weak(link: CommitLink) -> CommitLink:
    if not link.strong and link.remark:
        return link
    several = "the request brought several changes"
    remark = several if link.signal is Signal.REQUEST else "several such commits stand on one line, or it is long ago"
    return CommitLink(link.commit, link.like, link.signal, strong=False, remark=remark)

"""Which commits are the same change: backports of fixes and of origins, each link with the signal that made it.

Strong signals count by themselves: what a message says in so many words, and on lines that do not descend from each
other the same author, author's date and subject, or subject and opening of the message. The rest are proposals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from secrel.words.history.commits import Facts, Keys, Says
from secrel.words.history.graph import Graph

_PICKS = (Says.PICKED, Says.BACKPORTED, Says.UPSTREAM, Says.REAPPLIES)
_MOST_OF_A_REPORT = 12  # commits that name one report, beyond which it says little
_LARGEST_GROUP = 60  # commits with equal keys beyond which the key says nothing
DISPUTED = "one names the other, but they name different originals and have neither date nor subject in common"
FEWEST_WORDS = 3  # of a subject that tells one change from another
NEAR = 120 * 86_400  # seconds between a fix and a backport that is known by its subject and opening
WINDOW = 400 * 86_400  # seconds between a fix and a backport that is known by its subject alone


class Signal(StrEnum):
    """How two commits are known, or thought, to be the same change."""

    GIVEN = "given"
    TRAILER = "trailer"
    SAME = "author, date and subject"
    MERGE = "merge of one commit"
    REQUEST = "merge request"
    TEXT = "subject and opening"
    PATCH = "patch id"
    SUBJECT = "subject"
    REPORT = "the same report"
    LINES = "changed lines"


@dataclass(frozen=True, slots=True)
class Link:
    """Commit `commit` carries the same change as `like`; `strong` links count, the others wait for a person."""

    commit: int
    like: int
    signal: Signal
    strong: bool = True
    remark: str = ""


def both_ways(links: Iterable[Link]) -> dict[int, list[Link]]:
    """Lay links out by the commit they start from, each of them from either end."""
    found: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        found[link.like].append(link)
        found[link.commit].append(replace(link, commit=link.like, like=link.commit))
    return found


@dataclass(frozen=True, slots=True)
class Kin:
    """For each seed: the links that count and those proposed; and for each commit the reverts that name it."""

    links: Mapping[int, tuple[Link, ...]]
    proposals: Mapping[int, tuple[Link, ...]]
    reverts: Mapping[int, tuple[int, ...]]
    named_origins: Mapping[int, tuple[int, ...]]

    def commits(self, seed: int) -> tuple[int, ...]:
        """The seed and every commit that counts as the same change."""
        return (seed, *(link.commit for link in self.links.get(seed, ())))


@dataclass(slots=True)
class Names:
    """What messages name, both ways, ready to be asked."""

    facts: Facts
    by_key: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    keys_of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    place: dict[int, int] = field(default_factory=dict)
    reverted_by: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    says_fixes: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    merged_second: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    disputed: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, graph: Graph, facts: Facts) -> Names:
        """Lay out the names of a graph's commits."""
        names = cls(facts)
        columns = (facts.named_by, facts.how, facts.named, facts.named_key)
        rows = list(zip(*(column.tolist() for column in columns), strict=True))
        picks = [(by, named, key) for by, how, named, key in rows if how in _PICKS and key and by != named]
        for by, _, key in picks:
            names.keys_of[by].append(key)
        disputed = {(by, key) for by, named, key in picks if named in names.keys_of and names.disputes(by, named, key)}
        for by, named, key in picks:
            if (by, key) in disputed:
                names.disputed[by].append(named)
                names.disputed[named].append(by)
            else:
                names.by_key[key].append(by)
                names.place[key] = named
        for by, key in disputed:
            names.keys_of[by].remove(key)
        for by, how, named, _ in rows:
            if how == Says.REVERTS and named >= 0:
                names.reverted_by[named].append(by)
            elif how == Says.FIXES and named >= 0:
                names.says_fixes[by].append(named)
        for named in set(names.place.values()) - {-1}:
            parents = graph.parents_of(named)
            if len(parents) == 2:  # noqa: PLR2004 - a merge of one branch
                names.merged_second[parents[1]].append(named)
        return names

    def disputes(self, by: int, named: int, key: int) -> bool:
        """Whether what `by` says it was picked from is another change: trailers are copied by hand, and slip by a line.

        They do where both name originals and have none in common, and agree in neither date, subject nor opening.
        """
        others = set(self.keys_of[by]) - {key}
        facts = self.facts
        known = bool(facts.author[by] and facts.author[named])
        return (
            known
            and bool(others)
            and others.isdisjoint(self.keys_of[named])
            and not any(
                column[by] == column[named] and column[by] for column in (facts.date, facts.subject, facts.text)
            )
        )


def groups_of(column: Keys, seeds: Iterable[int]) -> dict[int, list[int]]:
    """Find all commits that share a key with a seed, by key; keys that too many share are left out."""
    keys = column[list(seeds)]
    keys = np.unique(keys[keys != 0])
    found: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(np.isin(column, keys)).tolist():
        found[int(column[row])].append(row)
    return {key: rows for key, rows in found.items() if 1 < len(rows) <= _LARGEST_GROUP}


@dataclass(slots=True)
class Search:
    """One run over all seeds together: candidates first, then one walk of the graph, then the decision.

    `seen`: links that the contents of commits showed, by the commit at either end.
    """

    graph: Graph
    facts: Facts
    names: Names
    seen: Mapping[int, Sequence[Link]] = field(default_factory=dict)

    def key(self, commit: int) -> int:
        """Give the digest by which messages' names of this commit are found."""
        return int.from_bytes(self.graph.ids[commit, :8].tobytes(), "big")

    def by_trailer(self, commit: int) -> Iterator[Link]:
        """Picks of this commit, what it was picked from, and other picks of that."""
        for by in self.names.by_key.get(self.key(commit), ()):
            yield Link(by, commit, Signal.TRAILER)
        for key in self.names.keys_of.get(commit, ()):
            if self.names.place[key] >= 0:
                yield Link(self.names.place[key], commit, Signal.TRAILER)
            for sibling in self.names.by_key[key]:
                yield Link(sibling, commit, Signal.TRAILER, remark="both name the same original")
        for other in self.names.disputed.get(commit, ()):
            yield Link(other, commit, Signal.TRAILER, strong=False, remark=DISPUTED)

    def by_merge(self, commit: int) -> Iterator[Link]:
        """The one commit that a merge brought in, and merges that are picked elsewhere and brought in this commit."""
        parents = self.graph.parents_of(commit)
        if len(parents) == 2:  # noqa: PLR2004 - a merge of one branch
            yield Link(parents[1], commit, Signal.MERGE)
        for merge in self.names.merged_second.get(commit, ()):
            yield Link(merge, commit, Signal.MERGE)

    def candidates(self, seeds: Sequence[int]) -> dict[int, list[Link]]:
        """Follow trailers, merges and equal keys from every commit found, until nothing new turns up."""
        edges: dict[int, list[Link]] = {}
        frontier = list(dict.fromkeys(seeds))
        while frontier:
            same = groups_of(self.facts.same, frontier)
            text = groups_of(self.facts.text, frontier)
            requests = self.by_request(frontier)
            fresh: dict[int, None] = {}
            for commit in frontier:
                links = [*self.by_trailer(commit), *self.by_merge(commit), *requests.get(commit, ())]
                links += self.seen.get(commit, ())
                group = same.get(int(self.facts.same[commit]), [])
                links += [Link(other, commit, Signal.SAME) for other in group]
                links += [Link(other, commit, Signal.TEXT) for other in text.get(int(self.facts.text[commit]), ())]
                edges[commit] = [link for link in links if link.commit != commit]
                fresh.update((link.commit, None) for link in edges[commit])
            frontier = [commit for commit in fresh if commit not in edges]
        return edges

    def by_request(self, commits: Sequence[int]) -> dict[int, list[Link]]:
        """Commits that say they are a backport of the merge request that one of `commits` merged."""
        facts = self.facts
        rows = np.flatnonzero(np.isin(facts.asked_by, commits) & (facts.asked_how == Says.MERGES))
        if not len(rows):
            return {}
        owners: dict[int, list[int]] = defaultdict(list)
        for row in rows.tolist():
            owners[int(facts.asked[row])].append(int(facts.asked_by[row]))
        merging = np.flatnonzero(np.isin(facts.asked, facts.asked[rows]) & (facts.asked_how == Says.MERGES))
        changes: dict[int, set[int]] = defaultdict(set)
        for row in merging.tolist():
            changes[int(facts.asked[row])].add(int(facts.subject[facts.asked_by[row]]))
        found: dict[int, list[Link]] = defaultdict(list)
        wanted = np.flatnonzero(np.isin(facts.asked, facts.asked[rows]) & (facts.asked_how == Says.FROM_REQUEST))
        for row in wanted.tolist():
            for owner in owners[int(facts.asked[row])]:
                # of a request that brought several changes, one backport need not be that of this one
                one = len(changes[int(facts.asked[row])]) == 1
                found[owner].append(Link(int(facts.asked_by[row]), owner, Signal.REQUEST, strong=one))
        return found

    def by_report(self, commits: Sequence[int]) -> dict[int, list[int]]:
        """Commits that name the same report as one of these, unless they are known as another change's backport."""
        facts = self.facts
        told = facts.asked_how == Says.ABOUT
        mine = np.flatnonzero(told & np.isin(facts.asked_by, commits))
        rows = np.flatnonzero(told & np.isin(facts.asked, facts.asked[mine]))
        groups: dict[int, list[int]] = defaultdict(list)
        for row in rows.tolist():
            groups[int(facts.asked[row])].append(int(facts.asked_by[row]))
        twins = {
            row
            for rows in groups_of(facts.same, [by for group in groups.values() for by in group]).values()
            for row in rows
        }
        found: dict[int, list[int]] = defaultdict(list)
        for row in mine.tolist():
            group = groups[int(facts.asked[row])]
            if len(group) <= _MOST_OF_A_REPORT:
                found[int(facts.asked_by[row])] += [
                    by for by in group if by not in twins and not self.names.keys_of.get(by)
                ]
        return found

    def beside(self, reverts: Iterable[int]) -> dict[int, list[int]]:
        """Commits that came in by the same merge request as a revert: there a fix is often taken back for another."""
        facts = self.facts
        told = facts.asked_how == Says.MERGES
        mine = np.flatnonzero(told & np.isin(facts.asked_by, list(reverts)))
        groups: dict[int, list[int]] = defaultdict(list)
        for row in np.flatnonzero(told & np.isin(facts.asked, facts.asked[mine])).tolist():
            groups[int(facts.asked[row])].append(int(facts.asked_by[row]))
        found: dict[int, list[int]] = defaultdict(list)
        for row in mine.tolist():
            found[int(facts.asked_by[row])] += groups[int(facts.asked[row])]
        return found

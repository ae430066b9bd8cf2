"""Which commits are the same change: backports of fixes and of origins, each link with the signal that made it.

Strong signals count by themselves: what a message says in so many words, and on lines that do not descend from each
other the same author, author's date and subject, or subject and opening of the message, or author, date and changed
lines. What messages say is held to the contents of the commits, where those are known. The rest are proposals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from secrel.ranges.kin.contents import (
    LEFT_AWAY,
    NO_LINE,
    NO_PATH,
    NOTHING_CHANGED,
    alike,
    carries,
    one_in_other,
    other_lines,
)
from secrel.ranges.kin.names import LARGEST_GROUP, CommitNames, among, groups_of
from secrel.words.history.commits import Diff, Facts, Says
from secrel.words.history.graph import Graph
from secrel.words.history.remains import Copied

_MOST_OF_A_REPORT = 12  # commits that name one report, beyond which it says little
_MOST_OF_A_DAY = 16  # commits of one author nearest in time that are looked at
_MERGE = 2  # parents
DAY = 86_400  # seconds between changes that one author made to several series at once
SQUASHED = "the one carries several changes, of which the other is one"
DISPUTED = "one names the other, but they name different originals and have neither date nor subject in common"
FEWEST_WORDS = 3  # of a subject that tells one change from another
NEAR = 120 * 86_400  # seconds between a fix and a backport that is known by its subject and opening
WINDOW = 400 * 86_400  # seconds between a fix and a backport that is known by its subject alone


class Signal(StrEnum):
    """How two commits are known, or thought, to be the same change."""

    GIVEN = "given"
    TRAILER = "trailer"
    SAME = "author, date and subject"
    WHEN = "author, date and changed lines"
    AGAIN = "made again by its subject"
    MERGE = "merge of one commit"
    PART = "part of a merge"
    REQUEST = "merge request"
    TEXT = "subject and opening"
    PATCH = "patch id"
    SUBJECT = "subject"
    REPORT = "the same report"
    LINES = "changed lines"
    DAY = "author and day"


class CommitLink(Struct, frozen=True):
    """Commit `commit` carries the same change as `like`; `strong` links count, the others wait for a person."""

    commit: int
    like: int
    signal: Signal
    strong: bool = True
    remark: str = ""


class Kin(Struct, frozen=True):
    """What is known of each seed, and of commits that count as the same change.

    `links` count, `proposals` wait for a person, both by seed. `reverts` and `seeming`, by commit, are those that take
    it back, or only look as if they did; `named_origins`, by seed, what its message says it fixes. `wanted` are commits
    whose contents would tell more, and `sure` are the proposals that contents have made certain. `dropped` are those of
    `seeming` that took a commit out without a word, `empty` the seeds that change nothing;
    `there`, by commit: the versions' commits that have all of it; `alike`: those that have it without
    its commit; `uncompared` are those that contents do not tell of; `copied`, by commit and version's commit: a copy
    of what it mended; `flawed`, by fix: the commits of versions without the origin where what it mends is as it was.
    """

    links: Mapping[int, tuple[CommitLink, ...]]
    proposals: Mapping[int, tuple[CommitLink, ...]]
    reverts: Mapping[int, tuple[int, ...]]
    seeming: Mapping[int, tuple[int, ...]]
    named_origins: Mapping[int, tuple[int, ...]]
    wanted: frozenset[int] = frozenset()
    sure: tuple[CommitLink, ...] = ()
    dropped: frozenset[int] = frozenset()
    empty: frozenset[int] = frozenset()
    uncompared: frozenset[int] = frozenset()
    there: Mapping[int, frozenset[int]] = field(default_factory=dict)
    alike: Mapping[int, frozenset[int]] = field(default_factory=dict)
    copied: Mapping[int, Mapping[int, Copied]] = field(default_factory=dict)
    flawed: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def commits(self, seed: int) -> tuple[int, ...]:
        """The seed and every commit that counts as the same change."""
        return (seed, *(link.commit for link in self.links.get(seed, ())))


class Search(Struct):
    """One run over all seeds together: candidates first, then one walk of the graph, then the decision.

    `seen`: links that the contents of commits showed, by the commit at either end; `contents`, where they are known,
    are what links by messages are held to; `wanted` gathers the commits whose contents would tell. `nearby` are commits
    that a search found on the same files; None: contents cannot be asked for. `dropped`: what took commits out without
    a word. `freeing`: commits whose revert makes versions safe, such as origins. `partial`: commits that have not all
    of what another one changed, beside that.
    """

    graph: Graph
    facts: Facts
    names: CommitNames
    seen: Mapping[int, Sequence[CommitLink]] = field(default_factory=dict)
    contents: Mapping[int, Diff | None] = field(default_factory=dict)
    wanted: set[int] = field(default_factory=set)
    edges: dict[int, list[CommitLink]] = field(default_factory=dict)
    nearby: frozenset[int] | None = None
    dropped: Mapping[int, Sequence[int]] = field(default_factory=dict)
    freeing: set[int] = field(default_factory=set)
    partial: frozenset[tuple[int, int]] = frozenset()

    def key(self, commit: int) -> int:
        """Give the digest by which messages' names of this commit are found."""
        return int.from_bytes(self.graph.ids[commit, :8].tobytes(), "big")

    def by_trailer(self, commit: int) -> Iterator[CommitLink]:
        """Picks of this commit, what it was picked from, and other picks of that."""
        for by in self.names.by_key.get(self.key(commit), ()):
            yield CommitLink(by, commit, Signal.TRAILER)
        several = self.names.squashes(commit)
        for key in self.names.keys_of.get(commit, ()):
            if self.names.place[key] >= 0:
                original = CommitLink(self.names.place[key], commit, Signal.TRAILER)
                yield replace(original, strong=False, remark=SQUASHED) if several else original
            for sibling in self.names.by_key[key]:
                remark = SQUASHED if several else "both name the same original"
                yield CommitLink(sibling, commit, Signal.TRAILER, strong=not several, remark=remark)
        for other in self.names.disputed.get(commit, ()):
            yield CommitLink(other, commit, Signal.TRAILER, strong=False, remark=DISPUTED)

    def by_merge(self, commit: int) -> Iterator[CommitLink]:
        """The one commit that a merge brought in, and merges that are picked elsewhere and brought in this commit."""
        parents = self.graph.parents_of(commit)
        if len(parents) == 2:  # noqa: PLR2004 - a merge of one branch
            yield CommitLink(parents[1], commit, Signal.MERGE)
        for merge in self.names.merged_second.get(commit, ()):
            yield CommitLink(merge, commit, Signal.MERGE)

    def follow(self, seeds: Iterable[int]) -> None:
        """Follow trailers, merges and equal keys from every commit found, until nothing new turns up."""
        moment = self.facts.moment
        frontier = [commit for commit in dict.fromkeys(seeds) if commit not in self.edges]
        while frontier:
            same = groups_of(self.facts.same, frontier)
            text = groups_of(self.facts.text, frontier)
            when = groups_of(moment, frontier)
            requests, again = self.by_request(frontier), self.made_again(frontier)
            fresh: dict[int, None] = {}
            for commit in frontier:
                links = [self.carried(link) for link in (*self.by_trailer(commit), *requests.get(commit, ()))]
                links += [link for link in self.by_merge(commit) if not self.left_out(link)]
                links += again.get(commit, ())
                links += self.seen.get(commit, ())
                by_message = [
                    CommitLink(other, commit, signal)
                    for signal, groups, column in (
                        (Signal.SAME, same, self.facts.same),
                        (Signal.TEXT, text, self.facts.text),
                        (Signal.WHEN, when, moment),
                    )
                    for other in groups.get(int(column[commit]), ())
                    if other != commit
                ]
                links += [held for link in by_message if (held := self.held_to_contents(link)) is not None]
                self.edges[commit] = [
                    replace(link, strong=False, remark=LEFT_AWAY) if (link.commit, commit) in self.partial else link
                    for link in links
                    if link.commit != commit
                ]
                fresh.update((link.commit, None) for link in self.edges[commit])
            frontier = [commit for commit in fresh if commit not in self.edges]

    def free(self, commits: Iterable[int]) -> bool:
        """Note commits whose revert makes versions safe, with all that count as the same; whether any is new."""
        waiting, before = [*commits], len(self.freeing)
        known: set[int] = set()
        while waiting:
            commit = waiting.pop()
            if commit not in known:
                known.add(commit)
                waiting += [link.commit for link in self.edges.get(commit, ()) if link.strong]
        self.freeing |= known
        return len(self.freeing) > before

    def carried(self, link: CommitLink) -> CommitLink:
        """Hold what a message says it was picked from to what both change, where that is known."""
        one, other = self.contents.get(link.commit), self.contents.get(link.like)
        self.wanted.update((link.commit, link.like))
        if one is None or other is None or not link.strong:
            return link
        keys, names = (self.key(link.commit), self.key(link.like)), self.names
        if keys[0] in names.keys_of.get(link.like, ()):
            remark = carries(other, one, again=(link.like, keys[0]) in names.again)
        else:
            named = keys[1] in names.keys_of.get(link.commit, ())
            remark = carries(one, other, again=(link.commit, keys[1]) in names.again, named=named)
        return replace(link, strong=False, remark=remark) if remark else link

    def held_to_contents(self, link: CommitLink) -> CommitLink | None:
        """Hold a link by what messages say to what the commits change, where both are known.

        None: it is no link. A message may say the same of another change, or of a commit without changes;
        author and date without a word in common say nothing until the changed lines are seen.
        """
        one, other = self.contents.get(link.commit), self.contents.get(link.like)
        empty = one is not None and other is not None and not (one.paths and other.paths)
        if one is None or other is None or (empty and (link.signal is Signal.SAME or not (one.paths or other.paths))):
            self.wanted.update((link.commit, link.like))
            return None if link.signal is Signal.WHEN else link
        if empty:
            return None if link.signal is Signal.WHEN else replace(link, strong=False, remark=NOTHING_CHANGED)
        paths, lines = bool(one.paths & other.paths), bool(one.lines & other.lines)
        if link.signal is Signal.WHEN:
            moved = replace(link, strong=False, remark=NO_PATH) if one_in_other(one, other) else None
            return link if alike(one, other) else moved
        if link.signal is Signal.SAME and (paths or lines):
            return link
        if paths and not other_lines(one, other):
            return link
        telling = link.signal is Signal.SAME or int(self.facts.words[link.like]) >= FEWEST_WORDS
        return replace(link, strong=False, remark=NO_LINE if paths else NO_PATH) if lines or paths or telling else None

    def left_out(self, link: CommitLink) -> bool:
        """Whether a merge has nothing of the commit that it brought in, where the contents of both are known."""
        one, other = self.contents.get(link.commit), self.contents.get(link.like)
        self.wanted.update((link.commit, link.like))
        return one is not None and other is not None and bool(one.lines or other.lines) and not one.lines & other.lines

    def by_request(self, commits: Sequence[int]) -> dict[int, list[CommitLink]]:
        """Commits that say they are a backport of the merge request that one of `commits` merged."""
        facts = self.facts
        rows = np.flatnonzero(np.isin(facts.asked_by, commits) & (facts.asked_how == Says.MERGES))
        if not len(rows):
            return {}
        owners: dict[int, list[int]] = defaultdict(list)
        for row in rows.tolist():
            owners[int(facts.asked[row])].append(int(facts.asked_by[row]))
        merging = np.flatnonzero(among(facts.asked, facts.asked[rows]) & (facts.asked_how == Says.MERGES))
        changes: dict[int, set[int]] = defaultdict(set)
        for row in merging.tolist():
            changes[int(facts.asked[row])].add(int(facts.subject[facts.asked_by[row]]))
        found: dict[int, list[CommitLink]] = defaultdict(list)
        wanted = np.flatnonzero(among(facts.asked, facts.asked[rows]) & (facts.asked_how == Says.FROM_REQUEST))
        for row in wanted.tolist():
            for owner in owners[int(facts.asked[row])]:
                # of a request that brought several changes, one backport need not be that of this one
                one = len(changes[int(facts.asked[row])]) == 1
                found[owner].append(CommitLink(int(facts.asked_by[row]), owner, Signal.REQUEST, strong=one))
        return found

    def made_again(self, commits: Sequence[int]) -> dict[int, list[CommitLink]]:
        """Commits whose subject says that they make one of these again, and those that one of these makes again.

        A subject alone says little: it counts where contents bear it out.
        """
        facts = self.facts
        told = facts.asked_how == Says.SEEMS_TO_REAPPLY
        found: dict[int, list[CommitLink]] = defaultdict(list)
        if not told.any():
            return found
        rows = np.flatnonzero(told & (np.isin(facts.asked_by, commits) | among(facts.asked, facts.subject[commits])))
        subjects: dict[int, list[int]] = defaultdict(list)
        for commit in np.flatnonzero(among(facts.subject, facts.asked[rows])).tolist():
            subjects[int(facts.subject[commit])].append(commit)
        for row in rows.tolist():
            by, named = int(facts.asked_by[row]), subjects[int(facts.asked[row])]
            for commit in named if len(named) <= LARGEST_GROUP else ():
                one, other = self.contents.get(by), self.contents.get(commit)
                self.wanted.update((by, commit))
                remark = "" if one is None or other is None else carries(one, other, again=True)
                strong = one is not None and other is not None and not remark
                for end, like in ((by, commit), (commit, by)):
                    found[like].append(CommitLink(end, like, Signal.AGAIN, strong=strong, remark=remark))
        return found

    def by_day(self, commits: Iterable[int]) -> dict[int, list[int]]:
        """Commits that one author made within a day of these: whoever keeps several series often fixes all at once."""
        facts = self.facts
        found: dict[int, list[int]] = {}
        mine = [commit for commit in commits if facts.author[commit] and len(self.graph.parents_of(commit)) < _MERGE]
        rows = np.flatnonzero(among(facts.author, facts.author[mine]))
        authors, dates = facts.author[rows], facts.date[rows]
        for commit in mine:
            apart = np.abs(dates - facts.date[commit])
            near = np.flatnonzero((authors == facts.author[commit]) & (apart <= DAY))
            nearest = rows[near[np.argsort(apart[near], kind="stable")[: _MOST_OF_A_DAY + 1]]].tolist()
            found[commit] = [row for row in nearest if row != commit and len(self.graph.parents_of(row)) < _MERGE]
        return found

    def by_report(self, commits: Sequence[int]) -> dict[int, list[int]]:
        """Commits that name the same report as one of these, unless they are known as another change's backport."""
        facts = self.facts
        told = facts.asked_how == Says.ABOUT
        mine = np.flatnonzero(told & np.isin(facts.asked_by, commits))
        rows = np.flatnonzero(told & among(facts.asked, facts.asked[mine]))
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
        for row in np.flatnonzero(told & among(facts.asked, facts.asked[mine])).tolist():
            groups[int(facts.asked[row])].append(int(facts.asked_by[row]))
        found: dict[int, list[int]] = defaultdict(list)
        for row in mine.tolist():
            found[int(facts.asked_by[row])] += groups[int(facts.asked[row])]
        return found

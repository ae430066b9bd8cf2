"""Proving affected versions: read what is needed from a history, prove every case, and compare where asked to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import starmap

from secrel.ports.history import History
from secrel.ranges.cases import Case, SeriesPlan
from secrel.ranges.kin.links import Link
from secrel.ranges.kin.similar import by_contents, certain, similar_first, wanted_diffs
from secrel.ranges.naming.catalogue import AUTO, Catalogue, Naming, Published, catalogue
from secrel.ranges.prove import Ground, prove
from secrel.ranges.results import Result
from secrel.words.errors import NotSeen
from secrel.words.history.commits import Diff, Facts
from secrel.words.history.graph import Graph

_DAY = 86_400
_BEFORE, _AFTER = 30 * _DAY, 400 * _DAY  # seconds around the dates of the commits named
_MOST_PATHS = 60
_MOST_LOOKED_AT = 3_000


@dataclass(frozen=True, slots=True)
class Asking:
    """How versions are read from tags and where backports are looked for.

    `published` None: every tag that names a version is one. `links` False: only the commits named count. `diffs` False:
    proposals are not looked into. `search`: every commit near a fix or an origin, in time and in its files, is as well.
    """

    naming: Naming = AUTO
    published: tuple[Published, ...] | None = None
    prereleases: bool = False
    plans: tuple[SeriesPlan, ...] = ()
    depth: int = 2
    links: bool = True
    diffs: bool = True
    search: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Proved:
    """The answer: results in the order of the cases, with the graph and the versions that they speak of.

    `notes` say what could not be looked at; `digest` covers every tag's name and commit, so that a later tag that moved
    or vanished shows.
    """

    graph: Graph
    catalogue: Catalogue
    results: tuple[Result, ...]
    notes: tuple[str, ...]
    digest: str


def prove_affected(history: History, asking: Asking, cases: Sequence[Case]) -> Proved:
    """Read the history once and prove every case; raises `NotSeen` or `Broken` when it cannot be read whole."""
    graph = history.graph()
    versions = catalogue(graph.tags, asking.naming, published=asking.published, prereleases=asking.prereleases)
    facts = history.facts(graph) if asking.links else None
    notes = [facts.unread] if facts is not None and facts.unread else []
    ground = Ground(graph, versions, facts, asking.plans, asking.depth)
    results = prove(ground, cases)
    if facts is not None and (asking.diffs or asking.search):
        looking = _Looking(history, graph, facts, notes)
        searched = [looking.near(result) if asking.search else () for result in results]
        seen = looking.certain(results, searched)
        if seen:
            results = prove(replace(ground, seen=seen), cases)
        results = tuple(starmap(looking.ordered, zip(results, searched, strict=True)))
    return Proved(graph, versions, results, tuple(dict.fromkeys(notes)), tags_digest(graph))


@dataclass(slots=True)
class _Looking:
    """Looks into the contents of commits, each of them once."""

    history: History
    graph: Graph
    facts: Facts
    notes: list[str]
    known: dict[int, Diff | None] = field(default_factory=dict)

    def diffs(self, commits: Iterable[int]) -> dict[int, Diff]:
        """Read what these commits change; those whose contents are not here are absent."""
        wanted = list(dict.fromkeys(commits))
        fresh = [commit for commit in wanted if commit not in self.known]
        found = self.history.diffs([self.graph.hex(commit) for commit in fresh]) if fresh else {}
        self.known.update((commit, found.get(self.graph.hex(commit))) for commit in fresh)
        return {commit: diff for commit in wanted if (diff := self.known[commit]) is not None}

    def certain(self, results: Sequence[Result], searched: Sequence[Sequence[Link]]) -> tuple[Link, ...]:
        """Find the proposals that turn out to be the same patch."""
        wanted = wanted_diffs(results)
        seen = self.diffs(wanted)
        if len(seen) < len(wanted):
            self.notes.append(
                f"the contents of {len(wanted) - len(seen)} commits are not in this copy of the repository: "
                "patch ids, paths and changed lines were not compared for them"
            )
        proposals = [link for result in results for link in result.proposals]
        further = [link for links in searched for link in links]
        return certain([*proposals, *further], {**seen, **self.diffs(_ends(further))})

    def ordered(self, result: Result, further: Sequence[Link]) -> Result:
        """Put the likely proposals first, and after them what the search found besides."""
        seen = self.diffs(_ends(result.proposals))
        known = {link.commit for link in (*result.links, *result.proposals)}
        fresh = [link for link in further if link.commit not in known]
        return replace(result, proposals=(*similar_first(result.proposals, seen), *fresh))

    def near(self, result: Result) -> tuple[Link, ...]:
        """Find commits that make the same change, by their files, their time and their contents."""
        named = self.diffs(self.graph.find(commit) for commit in (*result.fixes, *result.origins))
        paths = sorted({path for diff in named.values() for path in diff.paths})
        if not paths or len(paths) > _MOST_PATHS:
            over = f"they are not here, or are of over {_MOST_PATHS} files"
            self.notes.append(f"{result.name}: not searched by contents: {over}")
            return ()
        dates = [int(self.facts.date[commit]) for commit in named]
        try:
            found = self.history.touching(paths, since=min(dates) - _BEFORE, until=max(dates) + _AFTER)
        except NotSeen as fault:
            self.notes.append(f"{result.name}: not searched by contents: {fault.what}")
            return ()
        if len(found) > _MOST_LOOKED_AT:
            many = f"of {len(found)} commits on the same files, {_MOST_LOOKED_AT} were looked into"
            self.notes.append(f"{result.name}: {many}")
        return by_contents(named, self.diffs(self.graph.find(commit) for commit in found[:_MOST_LOOKED_AT]))


def _ends(links: Iterable[Link]) -> list[int]:
    return [commit for link in links for commit in (link.commit, link.like)]


def tags_digest(graph: Graph) -> str:
    """Digest the names and commits of all tags."""
    lines = "".join(f"{graph.hex(tag.commit)} {tag.name}\n" for tag in graph.tags)
    return sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def checked_with_git(history: History, proved: Proved, cases: Sequence[Case]) -> Mapping[str, tuple[str, ...]]:
    """Ask git itself about every case with origins and a fix of one part: for each, the versions on which we disagree.

    Git knows neither backports nor claims nor reverts, so what it is asked is the commits that counted here.
    """
    found = {}
    for case, result in zip(cases, proved.results, strict=True):
        if not result.origins or result.parts != 1 or case.claims or case.first:
            continue
        tags = frozenset[str]().union(*(history.containing(one, without=result.fixes) for one in result.origins))
        theirs = {entry.version for entry in proved.catalogue.listed if tags & set(entry.tags)}
        ours = set(result.affected) - set(result.inferred)
        found[case.name] = tuple(str(version) for version in sorted(theirs ^ ours))
    return found

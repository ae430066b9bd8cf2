"""Proving affected versions: read what is needed from a history, prove every case, and compare where asked to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from secrel.ports.history import History
from secrel.ranges.cases import Case, SeriesPlan
from secrel.ranges.kin.similar import by_contents, similar_first, wanted_diffs
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
    results = prove(Ground(graph, versions, facts, asking.plans, asking.depth), cases)
    if asking.links and asking.diffs:
        results = _looked_into(history, graph, results, notes)
    if facts is not None and asking.search:
        results = tuple(_searched(history, graph, facts, result, notes) for result in results)
    return Proved(graph, versions, results, tuple(dict.fromkeys(notes)), tags_digest(graph))


def _looked_into(history: History, graph: Graph, results: tuple[Result, ...], notes: list[str]) -> tuple[Result, ...]:
    """Compare the contents of proposals with what they were proposed for."""
    wanted = wanted_diffs(results)
    seen = _diffs(history, graph, wanted)
    if len(seen) < len(wanted):
        notes.append(
            f"the contents of {len(wanted) - len(seen)} commits are not in this copy of the repository: "
            "patch ids, paths and changed lines were not compared for them"
        )
    return tuple(replace(one, proposals=similar_first(one.proposals, seen)) for one in results)


def _diffs(history: History, graph: Graph, commits: Sequence[int]) -> dict[int, Diff]:
    found = history.diffs([graph.hex(commit) for commit in commits]) if commits else {}
    return {commit: diff for commit in commits if (diff := found.get(graph.hex(commit))) is not None}


def _searched(history: History, graph: Graph, facts: Facts, result: Result, notes: list[str]) -> Result:
    """Propose commits that make the same change, found by their files, their time and their contents."""
    named = _diffs(history, graph, [graph.find(commit) for commit in (*result.fixes, *result.origins)])
    paths = sorted({path for diff in named.values() for path in diff.paths})
    if not paths or len(paths) > _MOST_PATHS:
        notes.append(f"{result.name}: not searched by contents: they are not here, or are of over {_MOST_PATHS} files")
        return result
    dates = [int(facts.date[commit]) for commit in named]
    try:
        near = history.touching(paths, since=min(dates) - _BEFORE, until=max(dates) + _AFTER)
    except NotSeen as fault:
        notes.append(f"{result.name}: not searched by contents: {fault.what}")
        return result
    if len(near) > _MOST_LOOKED_AT:
        notes.append(f"{result.name}: of {len(near)} commits on the same files, {_MOST_LOOKED_AT} were looked into")
    others = _diffs(history, graph, [graph.find(commit) for commit in near[:_MOST_LOOKED_AT]])
    known = {link.commit for link in (*result.links, *result.proposals)}
    fresh = [link for link in by_contents(named, others) if link.commit not in known]
    return replace(result, proposals=(*result.proposals, *fresh))


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

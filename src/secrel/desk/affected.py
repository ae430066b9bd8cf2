"""Proving affected versions: read what is needed from a history, prove every case, and compare where asked to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from secrel.ports.history import History
from secrel.ranges.cases import Case, SeriesPlan
from secrel.ranges.kin.similar import similar_first, wanted_diffs
from secrel.ranges.naming.catalogue import AUTO, Catalogue, Naming, Published, catalogue
from secrel.ranges.prove import Ground, prove
from secrel.ranges.results import Result
from secrel.words.history.graph import Graph


@dataclass(frozen=True, slots=True)
class Asking:
    """How versions are read from tags and where backports are looked for.

    `published` None: every tag that names a version is one. `links` False: only the commits named count. `diffs` False:
    proposals are not looked into.
    """

    naming: Naming = AUTO
    published: tuple[Published, ...] | None = None
    prereleases: bool = False
    plans: tuple[SeriesPlan, ...] = ()
    depth: int = 2
    links: bool = True
    diffs: bool = True


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
        wanted = wanted_diffs(results)
        diffs = history.diffs([graph.hex(commit) for commit in wanted]) if wanted else {}
        seen = {commit: diff for commit in wanted if (diff := diffs.get(graph.hex(commit))) is not None}
        results = tuple(replace(one, proposals=similar_first(one.proposals, seen)) for one in results)
        if len(seen) < len(wanted):
            notes.append(
                f"the contents of {len(wanted) - len(seen)} commits are not in this copy of the repository: "
                "patch ids, paths and changed lines were not compared for them"
            )
    return Proved(graph, versions, results, tuple(notes), tags_digest(graph))


def tags_digest(graph: Graph) -> str:
    """Digest the names and commits of all tags."""
    lines = "".join(f"{graph.hex(tag.commit)} {tag.name}\n" for tag in graph.tags)
    return sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def checked_with_git(history: History, proved: Proved, cases: Sequence[Case]) -> Mapping[str, tuple[str, ...]]:
    """Ask git itself about every case that has one origin and one fix: for each, the versions on which we disagree.

    Git knows neither backports nor claims nor reverts, so what it is asked is the commits that counted here.
    """
    found = {}
    for case, result in zip(cases, proved.results, strict=True):
        if not result.origins or not result.fixes or case.claims or case.first:
            continue
        tags = frozenset[str]().union(*(history.containing(one, without=result.fixes) for one in result.origins))
        theirs = {entry.version for entry in proved.catalogue.listed if tags & set(entry.tags)}
        ours = set(result.affected) - set(result.inferred)
        found[case.name] = tuple(str(version) for version in sorted(theirs ^ ours))
    return found

"""Who takes what back: by its id, by the merge that brought it in, its merge request, its contents, or its subject.

What takes a change back is carried over equivalence in both directions: a revert of one of its commits, and every pick
of that revert, undoes each of its commits that it descends from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from secrel.ranges.containment import reach
from secrel.ranges.kin.contents import takes_back
from secrel.ranges.kin.links import Search
from secrel.ranges.kin.names import CommitNames
from secrel.words.history.commits import Facts, Says
from secrel.words.history.graph import Graph

_MOST_LOOKED_INTO = 400  # reverts that do not say of what, the first ones after the commits asked about
_ALL = 0.8  # share of a change's lines that a commit undoes, which says that it takes something back
_SOME = 0.5

By = dict[int, list[int]]


class Undone(Struct, frozen=True):
    """For commits: those that say they take it back, and those that only look as if they did."""

    surely: Mapping[int, Sequence[int]]
    seemingly: Mapping[int, Sequence[int]]


def undone(search: Search, commits: Sequence[int]) -> Undone:
    """Find what takes one of `commits` back."""
    graph, facts, names = search.graph, search.facts, search.names
    said = [(commit, commit, one) for commit, by in _by_request(facts, commits).items() for one in by]
    said += [(commit, commit, one) for commit in commits for one in names.reverted_by.get(commit, ())]
    targets: dict[int, set[int]] = defaultdict(set)
    for commit, _, one in said:
        targets[one].add(commit)
    # a merge, as its one name says, is what it brought to its first parent's line
    said = [told for told in said if _mainline(graph, names, told[0], told[2]) in (*graph.parents_of(told[0])[:1], -1)]
    said += _by_merge(graph, facts, names, commits)
    for commit, _, one in said:
        targets[one].add(commit)
    surely: By = defaultdict(list)
    seemingly = _by_subject(facts, commits, targets)
    # what makes only a part of a change again leaves the rest of it taken back
    partly = {(commit, one) for one, _ in search.partial for commit in search.freeing}
    for commit, named, one in said:
        sure = (commit, one) not in partly and _borne_out(search, named, one, most=commit in search.freeing)
        (surely if sure else seemingly)[commit].append(one)
    for commit in commits:
        for one in names.seems_reverted_by.get(commit, ()):
            (surely if _whole(search, commit, one) else seemingly)[commit].append(one)
        seemingly[commit] += search.dropped.get(commit, ())
    for commit, one, certain in _by_contents(search, commits, search.nearby) if search.nearby is not None else ():
        (surely if certain and (commit, one) not in partly else seemingly)[commit].append(one)
    return Undone(_tidied(surely), _tidied(seemingly))


def _borne_out(search: Search, named: int, by: int, *, most: bool) -> bool:
    """Whether what a commit changes bears out that it takes another back; it does where either is not known.

    On another series, what it takes back is that one's backport: any that counts as the same will do.
    """
    search.wanted.update((named, by))
    one, other = search.contents.get(named), search.contents.get(by)
    if one is None or other is None or takes_back(one, other, most=most):
        return True
    alike = [search.contents.get(link.commit) for link in search.edges.get(named, ()) if link.strong]
    return any(like is not None and takes_back(like, other, most=most) for like in alike)


def _whole(search: Search, commit: int, by: int) -> bool:
    """Whether one that says it in doubtful words takes another back whole."""
    search.wanted.update((commit, by))
    one, other = search.contents.get(commit), search.contents.get(by)
    return one is not None and other is not None and one.undone_by(other) == 1


def _tidied(found: By) -> dict[int, tuple[int, ...]]:
    tidied = {commit: tuple(dict.fromkeys(one for one in by if one != commit)) for commit, by in found.items()}
    return {commit: by for commit, by in tidied.items() if by}


def _rows(facts: Facts, *kinds: Says) -> tuple[list[int], list[int]]:
    """Who says what of which key."""
    rows = np.isin(facts.asked_how, kinds)
    return facts.asked_by[rows].tolist(), facts.asked[rows].tolist()


def _taking_back(facts: Facts) -> By:
    """Those that take back a merge request, by its key."""
    found: By = defaultdict(list)
    for by, key in zip(*_rows(facts, Says.REVERTS_REQUEST), strict=True):
        found[key].append(by)
    return found


def _by_request(facts: Facts, commits: Iterable[int]) -> By:
    found: By = defaultdict(list)
    taking = _taking_back(facts)
    wanted = set(commits) if taking else set()
    for by, key in zip(*_rows(facts, Says.MERGES, Says.SQUASHES), strict=True) if wanted else ():
        if by in wanted:
            found[by] += taking.get(key, [])
    return found


def _by_subject(facts: Facts, commits: Iterable[int], targets: Mapping[int, set[int]]) -> By:
    """Those that quote a subject in `Revert "…"`, and do not name another commit of that subject."""
    found: By = defaultdict(list)
    quoting: By = defaultdict(list)
    for by, key in zip(*_rows(facts, Says.SEEMS_TO_REVERT), strict=True):
        if all(int(facts.subject[commit]) != key for commit in targets.get(by, ())):
            quoting[key].append(by)
    for commit in commits if quoting else ():
        if subject := int(facts.subject[commit]):
            found[commit] += quoting.get(subject, [])
    return found


def _by_contents(search: Search, commits: Sequence[int], nearby: frozenset[int]) -> Iterable[tuple[int, int, bool]]:
    """Those that undo what one of `commits` did, and whether they surely do.

    Whatever the words are, contents tell what is taken back: for those with a word for reverting in their subject that
    name no commit that is here, and for those nearby, which may as well have written anew what they remove.
    """
    facts = search.facts
    told, _ = _rows(facts, Says.TAKES_BACK)
    known = np.isin(facts.how, (Says.REVERTS, Says.REAPPLIES)) & (facts.named >= 0)
    level = search.graph.level
    lowest = int(level[list(commits)].min()) if commits else 0
    unsaid = {*told} - {*facts.named_by[known].tolist()}
    nearby -= unsaid
    later = sorted((by for by in unsaid if level[by] > lowest), key=lambda by: (int(level[by]), by))[:_MOST_LOOKED_INTO]
    later += sorted(nearby)
    if not later:
        return
    held = reach(search.graph, commits, later)
    holds = held.holds[np.ix_([held.columns[commit] for commit in commits], [held.rows[by] for by in later])]
    pairs = [(commits[one], later[by]) for by, one in np.argwhere(holds.T).tolist() if commits[one] != later[by]]
    search.wanted.update(commit for pair in pairs for commit in pair)
    for commit, by in pairs:
        one, other = search.contents.get(commit), search.contents.get(by)
        share = 0.0 if one is None or other is None else one.undone_by(other)
        if share >= _SOME:
            yield commit, by, share >= _ALL and by not in nearby


def _mainline(graph: Graph, names: CommitNames, merge: int, by: int) -> int:
    """Give the parent that a revert of a merge goes back to: the first one, where it names no other; -1 without one."""
    parents = graph.parents_of(merge)
    return next((parent for parent in parents if parent in names.back_to.get(by, ())), *parents[:1] or [-1])


def _by_merge(graph: Graph, facts: Facts, names: CommitNames, commits: Sequence[int]) -> list[tuple[int, int, int]]:
    """Those that take back a merge which brought one of `commits` in, and what contents are held to.

    Gives the commit, the merge, and each of them. Where one goes back to another parent than the first, it takes back
    what the merge has of the other lines, commit by commit.
    """
    merges: By = defaultdict(list)
    for named, by in names.reverted_by.items():
        if len(graph.parents_of(named)) > 1:
            merges[named] += by
    taking = _taking_back(facts)
    for merge, key in zip(*_rows(facts, Says.MERGES), strict=True) if taking else ():
        if key in taking and len(graph.parents_of(merge)) > 1:
            merges[merge] += taking[key]
    if not merges:
        return []
    pairs = {(merge, one): _mainline(graph, names, merge, one) for merge, by in merges.items() for one in by}
    held = reach(graph, commits, [*merges, *pairs.values()])
    return [
        (commit, merge if kept == graph.parents_of(merge)[0] else commit, one)
        for (merge, one), kept in pairs.items()
        for commit in commits
        if held.below(commit, merge) and not held.contains(kept, commit)
    ]


def carried_over(
    classes: Iterable[Sequence[int]], direct: Mapping[int, Sequence[int]], kin: Callable[[int], Sequence[int]]
) -> dict[int, tuple[int, ...]]:
    """Carry what takes back one commit of a class to all of it, the picks of reverts and their own reverts included.

    `kin` gives a commit and all that count as the same.
    """
    found: dict[int, tuple[int, ...]] = {}
    waiting = [tuple(mine) for mine in classes]
    while waiting:
        mine = waiting.pop()
        by = [revert for commit in mine for revert in direct.get(commit, ())]
        every = tuple(dict.fromkeys(one for revert in by for one in kin(revert)))
        fresh = [commit for commit in mine if not {*every} - {commit} <= {*found.get(commit, ())}]
        for commit in fresh:
            found[commit] = tuple(dict.fromkeys((*found.get(commit, ()), *(one for one in every if one != commit))))
        if fresh:
            waiting.append(every)
    return found

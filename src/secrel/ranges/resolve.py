"""From what people wrote to commits of the graph: ids looked up, merge requests found, equal changes put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from secrel.ranges.cases import Case, Change, ChangeRole
from secrel.ranges.containment import between
from secrel.ranges.kin.links import Kin
from secrel.words.errors import Misused
from secrel.words.history.commits import Facts, Says
from secrel.words.history.graph import Graph
from secrel.words.history.requests import request_keys

_MOST_BROUGHT = 200  # commits of one merge that are looked at one by one
_SHOWN = 12  # digits of a commit's id


class ResolvedChange(Struct, frozen=True):
    """One change, looked up: `seeds` are the commits that somebody named, `change` what they wrote.

    `whole`: commits that carry this change together with others, such as the merge of all of them. `merge` is one that
    was named and is taken apart: it has what its commits have, and nothing of one that was taken back.
    """

    change: Change
    seeds: tuple[int, ...]
    whole: tuple[int, ...] = ()
    merge: int | None = None

    @property
    def required(self) -> bool:
        """Whether a version without this change still has the vulnerability."""
        return self.change.role is ChangeRole.REQUIRED


class LookedUp(Struct):
    """One case, looked up; `faults` say what could not be, and then nothing is proved."""

    case: Case
    fixes: list[ResolvedChange] = field(default_factory=list)
    origins: list[ResolvedChange] = field(default_factory=list)
    faults: list[Misused] = field(default_factory=list)

    @property
    def seeds(self) -> list[int]:
        """Every commit that somebody named, or that a merge which somebody named brought in."""
        return [seed for part in (*self.fixes, *self.origins) for seed in (*part.seeds, *part.whole)]


def asked(graph: Graph, facts: Facts | None, case: Case) -> LookedUp:
    """Look one case up; what is unknown or ambiguous becomes a fault, and never an error for the other cases."""
    found = LookedUp(case)
    if not any(change.role is ChangeRole.REQUIRED for change in case.fixes):
        found.faults.append(Misused("no fix is named", remedy="say which commit or merge request removes it"))
    if case.origins and case.first:
        both = "both origin commits and first affected versions are given"
        found.faults.append(Misused(both, remedy="leave one of them out"))
    for changes, parts in ((case.fixes, found.fixes), (case.origins, found.origins)):
        for change in changes:
            try:
                parts.extend(_parts(graph, facts, change))
            except Misused as fault:
                found.faults.append(fault)
    return found


def _parts(graph: Graph, facts: Facts | None, change: Change) -> list[ResolvedChange]:
    seeds = tuple(dict.fromkeys(_commit(graph, text) for text in change.commits))
    parts = [ResolvedChange(change, seeds)] if seeds else []
    for text in change.requests:
        parts.extend(ResolvedChange(change, group) for group in _merged_by(graph, facts, text))
    if not parts:
        raise Misused("a change names neither a commit nor a merge request")
    return parts


def _commit(graph: Graph, text: str) -> int:
    """Find a commit; a tag or a branch in its place is named for what it is."""
    try:
        return graph.find(text)
    except Misused:
        _refuse_names(graph, text)
        raise


def _refuse_names(graph: Graph, text: str) -> None:
    """Raise `Misused` when `text` is the name of a tag or a branch: everything below it came in with it."""
    for what, refs in (("tag", graph.tags), ("branch", graph.branches)):
        for ref in refs:
            if ref.name in (text, text.removeprefix("refs/tags/").removeprefix("refs/heads/")):
                raise Misused(
                    f"{text[:80]!a} is a {what}, and stands on commit {graph.hex(ref.commit)[:_SHOWN]}",
                    remedy="name the commit or the merge request that made the change",
                )


def _merged_by(graph: Graph, facts: Facts | None, text: str) -> list[tuple[int, ...]]:
    """Find what a merge request brought: its merge commit, or else the commits that name it, by their subjects."""
    keys = request_keys(text)
    if not keys:
        _refuse_names(graph, text)
        raise Misused(f"{text[:80]!r} is no merge request", remedy="write it as !7, group/project!7 or its address")
    if facts is None:
        raise Misused("merge requests cannot be found without the index of commits", remedy="leave out --no-links")
    wanted = np.array(keys, dtype=np.uint64)
    named = np.isin(facts.asked, wanted)
    found: list[int] = []
    for how in (Says.MERGES, Says.SQUASHES):
        found = found or list(dict.fromkeys(facts.asked_by[named & (facts.asked_how == how)].tolist()))
    if not found:
        raise Misused(
            f"no commit says that it merges {text[:80]}",
            remedy="name the commit, or fetch the branch it was merged to",
        )
    merges = [commit for commit in found if len(graph.parents_of(commit)) > 1]
    groups: dict[int, list[int]] = defaultdict(list)
    for commit in merges or found:
        groups[int(facts.subject[commit])].append(commit)
    return [tuple(group) for group in groups.values()]


class CarriedChange(Struct, frozen=True):
    """One change with every commit that carries it; `required` ones make a fix together."""

    commits: tuple[int, ...]
    required: bool = True


def spread(graph: Graph, parts: Sequence[ResolvedChange]) -> list[ResolvedChange]:
    """Take merges of several commits apart: each commit that one brought in is a change of its own, needed as it was.

    Series get such a change by picks of its commits one by one, and then have the fix when they have all of them.
    Merges among those commits are nothing of their own: what they merged came in as well.
    """
    apart: list[ResolvedChange] = []
    for part in parts:
        for seed in part.seeds:
            parents = graph.parents_of(seed)
            brought = [commit for commit in brought_in(graph, seed) if len(graph.parents_of(commit)) == 1]
            if len(brought) > 1 or (brought and brought != [*parents[1:]]):
                # commits named beside a merge carry the whole change, too
                apart.extend(replace(part, seeds=(commit,), whole=part.seeds, merge=seed) for commit in brought)
                break
        else:
            apart.append(part)
    return apart


def brought_in(graph: Graph, merge: int) -> list[int]:
    """List all that a merge brought to its first parent's line, by whatever way; nothing, of very many."""
    parents = graph.parents_of(merge)
    found = between(graph, merge, parents[:1])[1:] if len(parents) > 1 else []
    return found if len(found) <= _MOST_BROUGHT else []


def carried(parts: Sequence[ResolvedChange], kin: Kin) -> list[CarriedChange]:
    """Gather for each change its commits, and join changes that turn out to be the same one.

    They are where one has a commit that was named for the other. A commit that carries both is no reason.
    """
    groups: list[tuple[set[int], set[int], set[int], bool]] = []
    for part in parts:
        seeds = {*part.seeds}
        commits = {commit for seed in part.seeds for commit in kin.commits(seed)}
        whole = {commit for seed in part.whole for commit in kin.commits(seed)} - {part.merge}
        required = part.required
        rest = []
        for named, group, others, needed in groups:
            if (named & commits or seeds & group) and needed == required:
                seeds, commits, whole = seeds | named, commits | group, whole | others
            else:
                rest.append((named, group, others, needed))
        groups = [*rest, (seeds, commits, whole, required)]
    return [CarriedChange(tuple(sorted(commits | whole)), required) for _, commits, whole, required in groups]


def every_commit(changes: Iterable[CarriedChange]) -> set[int]:
    """All commits of these changes."""
    return {commit for change in changes for commit in change.commits}

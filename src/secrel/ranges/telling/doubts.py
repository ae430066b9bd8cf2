"""Every reason why something is not proved: what was not seen, what does not fit, and what would change the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from secrel.ranges.containment import Flags
from secrel.ranges.decide import AFFECTED, FIXED, UNAFFECTED, UNSEEN, Decision, States
from secrel.ranges.kin.links import CommitLink
from secrel.ranges.resolve import CarriedChange, every_commit
from secrel.ranges.results import UNCOMPARED, NotProved
from secrel.ranges.telling.copies import copied
from secrel.ranges.telling.judged import (
    JudgedCase,
    VersionStates,
    affected_versions,
    changed_versions,
    out_of,
    standing,
)
from secrel.ranges.telling.lagging import lagging
from secrel.ranges.telling.left_out import beside, reading, tags_with
from secrel.ranges.telling.parts import in_parts
from secrel.words.history.text import SHORT_ID, printable
from secrel.words.versions import Version

_MOST_NAMED = 3


def doubts(judged: JudgedCase, found: VersionStates, of_units: States) -> Iterator[NotProved]:
    """Tell all that keeps the answer from being proved; nothing, when every version was judged and nothing is open."""
    order = judged.world.order
    if len(order.planned) == len(order.versions):
        yield _nothing_judged(judged)
        return
    told = [*_told(judged, found, of_units)]
    yield from told
    doubtful = {version for part in told for version in part.versions}
    yield from copied(judged, found, doubtful)
    told = [*_without_its_commit(judged, found, doubtful)]
    yield from told
    yield from _without_its_origin(judged, found, doubtful.union(*(part.versions for part in told)))


def _told(judged: JudgedCase, found: VersionStates, of_units: States) -> Iterator[NotProved]:
    yield from _not_seen(judged, found)
    yield from _nowhere(judged, found)
    yield from _empty(judged)
    yield from _uncompared(judged, found)
    yield from beside(judged, found)
    yield from in_parts(judged, found)
    yield from lagging(judged, found, of_units)
    yield from _would_change(judged, found)
    yield from _there_again(judged, found)


def _nothing_judged(judged: JudgedCase) -> NotProved:
    catalogue = judged.world.catalogue
    remedy = "say with --tags how tags name versions, such as --tags 'release-{version}'"
    tags = f"{len(catalogue.rejected)} tags name no version" if catalogue.rejected else "there is no tag that names one"
    if catalogue.early:
        tags = f"{len(catalogue.early)} tags name early versions, which are left out"
        remedy = f"count early versions too (--prereleases); or {remedy}"
    return NotProved("every version", f"no version was judged: {tags}", remedy=remedy)


def _not_seen(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell versions that nothing was seen of; those before the first tag once, together."""
    order = judged.world.order
    first = order.first_tagged
    unseen = [place for place in np.flatnonzero(found.states == UNSEEN).tolist() if place not in order.planned]
    older = [place for place in unseen if first is not None and place < first]
    if older and first is not None:
        begin = order.versions[first]
        yield NotProved(
            f"versions before {begin}",
            f"history begins at {begin}: {len(older)} published versions are older and have no tag",
            remedy="say which is the first affected one (--first), or claim what is known of them in a file of cases",
            versions=out_of(judged, older),
        )
    for place in unseen[len(older) :]:
        reason, remedy = _why(judged, place)
        yield NotProved(str(order.versions[place]), reason, remedy, (order.versions[place],))
    if judged.world.graph.cut and not judged.case.origin_known and not (found.states == AFFECTED).any():
        yield NotProved(
            "versions before those of this copy",
            "it is shallow, and no version in it is without the fix",
            "fetch all of it, and its tags (git fetch --unshallow --tags)",
            order.versions,
        )


def _why(judged: JudgedCase, place: int) -> tuple[str, str]:
    order, apart = judged.world.order, judged.apart(judged.world.decision)
    if place in order.several:
        return "its tags stand on different commits, and not all of them tell the same", "keep one way to name tags"
    if order.at[place] < 0:
        return "it has no tag", "name its tag in the list of published versions, or claim what is known of it"
    if apart is not None and apart[order.at[place]]:
        there = "look whether it has the flaw; name the commit that brought it in there beside the origin"
        return "its history has no commit in common with that of the origin", f"{there}, or claim that it has none"
    return "this copy of the repository is shallow, and what lies below its edge is not known", "fetch all of it"


def _nowhere(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell commits that somebody named and that are in no version, and on no branch of a series."""
    world = judged.world
    for what, parts in (("fix", judged.asked.fixes), ("origin", judged.asked.origins)):
        for part in parts:
            seeds = [seed for seed in part.seeds if not _somewhere(judged, seed)]
            if not seeds or (what == "fix" and not part.required):
                continue
            name = f"{what} {', '.join(world.graph.hex(seed)[:SHORT_ID] for seed in seeds)}"
            tags = [tag for seed in seeds for tag in tags_with(judged, seed)]
            only = f" (only tag {', '.join(map(printable, tags[:_MOST_NAMED]))} has it)" if tags else ""
            remedy = "name its series' branch with --series 1.2=BRANCH, or the commit that versions have"
            yield NotProved(
                name,
                f"it is in no version, and on no branch of a series{only}",
                remedy=f"{reading(judged, tags)}; or {remedy}" if tags else remedy,
                versions=affected_versions(judged, found) if what == "fix" else world.order.versions,
            )


def _empty(judged: JudgedCase) -> Iterator[NotProved]:
    """Tell commits that somebody named as a fix and that change nothing, or took nothing of what they merged."""
    world = judged.world
    parts = [part for part in judged.asked.fixes if part.required]
    for seed in dict.fromkeys(seed for part in parts for seed in (*part.seeds, *part.whole)):
        if seed in world.kin.empty:
            is_merge = len(world.graph.parents_of(seed)) > 1
            yield NotProved(
                f"commit {world.graph.hex(seed)[:SHORT_ID]}",
                "it is a merge, and took nothing of what it merged" if is_merge else "it changes nothing",
                "look at it, and name the commit that made the change",
                world.order.versions,
            )


def _uncompared(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell fixes of which a copy that has contents cannot show whether versions still have what they changed."""
    world = judged.world
    commits = sorted(every_commit(judged.required) & world.kin.uncompared) if world.looked else ()
    fixed = out_of(judged, np.flatnonzero(found.states == FIXED).tolist())
    if commits and fixed:
        yield NotProved(
            f"fix {', '.join(world.graph.hex(commit)[:SHORT_ID] for commit in commits[:_MOST_NAMED])}",
            f"{UNCOMPARED}: files are not in this copy of the repository, or a diff is too large",
            "prove it in a whole copy (git clone without --filter); or look only at commits and messages (--no-diffs)",
            fixed,
        )


def _somewhere(judged: JudgedCase, seed: int) -> bool:
    world = judged.world
    ahead = slice(len(world.catalogue.rejected) + len(world.catalogue.early), None)
    return any(
        bool(world.decision.held(commit).any()) or bool(world.aside.held(commit)[ahead].any())
        for commit in world.kin.commits(seed)
    )


def _would_change(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell what waits for a person and would change the answer: proposals, and what looks like a revert."""
    world = judged.world
    single = [(link,) for link in judged.proposals]
    for links in (*single, tuple(judged.proposals)) if len(single) > 1 else single:
        changed = _difference(judged, found, world.decision, links)
        names = ", ".join(world.graph.hex(link.commit)[:SHORT_ID] for link in links[:_MOST_NAMED])
        if changed:
            like = world.graph.hex(links[0].like)[:SHORT_ID]
            known = links[0].signal.value + (f"; {links[0].remark}" if links[0].remark else "")
            yield NotProved(
                f"commit {names}",
                f"it may be the same change as {like} ({known}), and the answer depends on it",
                remedy=f"look at it; if it is, name it beside the other: {like},{names}",
                versions=changed,
            )
    yield from _seemingly_taken_back(judged, found)


def _seemingly_taken_back(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell what looks like a revert and would change the answer, each with all that it seems to take back.

    Where it takes several of them together, such as a merge's and its commit's, that is told of the first.
    """
    world = judged.world
    back: dict[int, list[int]] = defaultdict(list)
    for commit in sorted(_with_reverts(judged) & world.kin.seeming.keys()):
        for by in world.kin.seeming[commit]:
            if world.decision.reach.below(commit, by):
                back[by].append(commit)

    def changed(every: Mapping[int, Sequence[int]]) -> tuple[Version, ...]:
        reverts = {commit: (*mine,) for commit, mine in world.decision.reverts.items()}
        for by, commits in every.items():
            reverts.update((commit, (*reverts.get(commit, ()), by)) for commit in commits)
        return _difference(judged, found, replace(world.decision, reverts=reverts, counts={}), ())

    rest = {*(changed(back) if back else ())}
    for by, commits in back.items():
        versions = changed({by: commits})
        if not rest.isdisjoint(versions):
            yield _taken_back(judged, commits[0], by, versions)
            rest.difference_update(versions)
    if rest:
        by = next(iter(back))
        yield _taken_back(judged, back[by][0], by, tuple(sorted(rest)))


def _with_reverts(judged: JudgedCase) -> set[int]:
    """Give every commit that counts, all that take one of them back, and all that take those back."""
    found, waiting = set[int](), [*judged.commits]
    while waiting:
        commit = waiting.pop()
        if commit not in found:
            found.add(commit)
            waiting += judged.world.decision.reverts.get(commit, ())
    return found


def _there_again(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell what was taken back, and is there all the same: made again without a word, or not taken back at all."""
    world = judged.world
    for commit in sorted(judged.commits & world.kin.there.keys()):
        counts = world.decision.counting(commit)
        here = np.array([unit in world.kin.there[commit] for unit in world.order.units], dtype=bool)
        again = here & world.decision.held(commit) & ~counts
        decision = replace(world.decision, counts={commit: counts | again})
        if again.any() and (changed := _difference(judged, found, decision, ())):
            name = world.graph.hex(commit)[:SHORT_ID]
            yield NotProved(
                f"commit {name}",
                f"it was taken back, and all that it changed is in {changed[0]} again",
                f"look for the commit that made it again, and name both: {name},COMMIT",
                changed,
            )


def _without_its_commit(judged: JudgedCase, found: VersionStates, doubtful: Collection[Version]) -> Iterator[NotProved]:
    """Tell series whose files have all that an origin or a fix changed, while their history does not have it.

    A fix that is known to be in doubt there is not told of again.
    """
    kin = judged.world.kin
    for commit in sorted(judged.commits & kin.alike.keys()):
        name = judged.world.graph.hex(commit)[:SHORT_ID]
        is_fix = any(commit in change.commits for change in judged.required)
        what, option, state = ("fix", "--fix", AFFECTED) if is_fix else ("origin", "--origin", UNAFFECTED)
        known = doubtful if is_fix else ()
        for series, last, versions in _series_with(judged, found.states == state, commit, kin.alike[commit], known):
            yield NotProved(
                series,
                f"the files of {last} have all that the {what}, {name}, brought in, and its history does not",
                f"look for the commit that brought it in there, and name both: {option} {name},COMMIT; or claim it",
                versions,
            )


def _without_its_origin(judged: JudgedCase, found: VersionStates, doubtful: Collection[Version]) -> Iterator[NotProved]:
    """Tell series whose files have what the fix mends, as it was, while their history does not have the origin."""
    world = judged.world
    for fix in sorted(judged.commits & world.kin.flawed.keys()):
        name = world.graph.hex(fix)[:SHORT_ID]
        origin = judged.asked.origins[0].seeds[0]
        flawed = world.kin.flawed[fix]
        for series, last, versions in _series_with(judged, found.states == UNAFFECTED, origin, flawed, doubtful):
            yield NotProved(
                series,
                f"the files of {last} have what the fix, {name}, mends, and its history does not have the origin",
                "look for the commit that brought it in there, and name both: "
                f"--origin {world.graph.hex(origin)[:SHORT_ID]},COMMIT; or claim it",
                versions,
            )


def _series_with(
    judged: JudgedCase, states: Flags, since: int, having: Collection[int], known: Collection[Version]
) -> Iterator[tuple[str, Version, tuple[Version, ...]]]:
    """Give each series with a version that has something, of those in a state that came out after a commit.

    One that is `known` to be in doubt is not told again.
    """
    order = judged.world.order
    for block in order.blocks:
        places = [place for place in range(block.start, block.end) if states[place]]
        places = [place for place in places if order.at[place] >= 0 and _younger(judged, place, since)]
        last = next((order.versions[place] for place in places if order.units[order.at[place]] in having), None)
        if last is not None and last not in known:
            yield f"series {block.series}", last, out_of(judged, places)


def _younger(judged: JudgedCase, place: int, commit: int) -> bool:
    """Whether a version was made after a commit, or nobody knows when."""
    order, facts = judged.world.order, judged.world.facts
    return facts is None or bool(facts.date[order.units[order.at[place]]] > facts.date[commit])


def _taken_back(judged: JudgedCase, commit: int, by: int, changed: tuple[Version, ...]) -> NotProved:
    """Tell what may have taken a change back, and how to say whether it did."""
    world = judged.world
    name, like = world.graph.hex(by)[:SHORT_ID], world.graph.hex(commit)[:SHORT_ID]
    reason = f"it looks like a revert of {like} by its words or by its contents, and not by both"
    if by in world.kin.dropped:
        what = "it is a merge, and left out" if len(world.graph.parents_of(by)) > 1 else "without a word it took out"
        reason = f"{what} what {like} had changed"
    of_origin = any(commit in change.commits for change in judged.origins)
    if commit not in judged.commits:
        again = f"if it makes again what {like} took back, name it beside that: --fix COMMIT,{name}, or --origin"
        return NotProved(f"commit {name}", reason, f"look at it; {again}", changed)
    if of_origin:
        fix = world.graph.hex(judged.asked.fixes[0].seeds[0])[:SHORT_ID]
        remedy = f"look at it; if it is gone there, name it beside the fix: --fix {fix},{name}"
    elif judged.origins:
        remedy = f"look at it; if it is gone there, name it as an origin too: --origin {name}"
    else:
        remedy = "look at it; if it is gone there, claim in a file of cases that versions with it are affected"
    there = f"--origin {name} as well" if of_origin else f"--fix {like},{name}"
    kept = f"; if it is there all the same, {there}" if of_origin else f"; if it is there in other words, {there}"
    return NotProved(f"commit {name}", reason, f"{remedy}{kept}", changed)


def _difference(
    judged: JudgedCase, found: VersionStates, decision: Decision, links: Sequence[CommitLink]
) -> tuple[Version, ...]:
    """Give the versions that would stand otherwise, if these links counted."""

    def more(change: CarriedChange) -> CarriedChange:
        known = {*change.commits}
        fresh = [link.commit for link in links if link.like in known and link.commit not in known]
        return replace(change, commits=(*change.commits, *fresh))

    other = replace(judged, origins=[*map(more, judged.origins)], fixes=[*map(more, judged.fixes)])
    then = standing(judged.case, judged.world.order, other.of_units(decision))
    return changed_versions(judged, then.states != found.states)

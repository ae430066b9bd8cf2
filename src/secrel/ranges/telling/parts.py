"""Fixes of several commits: whether these are one change or several, by which of them versions have together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np

from secrel.ranges.decide import AFFECTED
from secrel.ranges.results import NotProved
from secrel.ranges.telling.judged import JudgedCase, VersionStates, affected_versions, out_of
from secrel.ranges.telling.left_out import any_held
from secrel.words.history.text import SHORT_ID
from secrel.words.versions import Version


def in_parts(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell changes that may be one, and commits that were named as one change and may be several."""
    yield from _apart(judged, found)
    yield from _on_one_line(judged, found)


def _apart(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell changes that no version has together, or that look alike: they may be one fix, carried to two series."""
    world = judged.world
    for one, other in combinations(judged.required, 2):
        here, there = any_held(world.decision, one.commits), any_held(world.decision, other.commits)
        mine, theirs = {*one.commits} - {*other.commits}, {*other.commits} - {*one.commits}  # a squash carries both
        alike = any(
            {link.commit, link.like} & mine and {link.commit, link.like} & theirs
            for part in judged.asked.fixes
            for seed in part.seeds
            for link in world.kin.proposals.get(seed, ())
        )
        if alike or (here.any() and there.any() and not (here & there).any()):
            names = [world.graph.hex(min(commits))[:SHORT_ID] for commits in (mine, theirs)]
            yield NotProved(
                f"fixes {names[0]} and {names[1]}",
                "they look like one change" if alike else "no version has both: they may be one change on two series",
                remedy=f"if they are one change, --fix {','.join(names)}",
                versions=affected_versions(judged, found),
            )


def _on_one_line(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell commits that were named as one change and follow each other on one line: they may be needed together."""
    world = judged.world
    for part in judged.asked.fixes:
        for old, young in permutations(part.seeds if part.required else (), 2):
            if not world.decision.reach.below(old, young) or young in {
                *world.kin.commits(old),
                *world.kin.seeming.get(old, ()),
            }:
                continue
            for one, other, which in ((old, young, "first"), (young, old, "second")):
                versions = _with_one_alone(judged, found, one, other)
                if versions:
                    first, second = (world.graph.hex(commit)[:SHORT_ID] for commit in (old, young))
                    yield NotProved(
                        f"fix {first},{second}",
                        f"the second follows the first on one line, and {versions[0]} has only the {which}",
                        f"if both are needed, --fix {first} --fix {second}; if the {which} is enough, name it alone",
                        versions,
                    )


def _with_one_alone(judged: JudgedCase, found: VersionStates, one: int, other: int) -> tuple[Version, ...]:
    """Give the versions that count as safe with one of two commits; where the other may be there, that is asked."""
    world = judged.world
    have, both = (any_held(world.decision, world.kin.commits(commit)) for commit in (one, other))
    half = have & ~both & ~any_held(world.decision, [link.commit for link in world.kin.proposals.get(other, ())])
    places = np.flatnonzero(world.order.at_tags(half)).tolist()
    return out_of(judged, [place for place in places if found.states[place] != AFFECTED])

"""Tags that were left out, and know what no version that was read does: somebody may take them for versions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from secrel.ranges.containment import Flags
from secrel.ranges.decide import AFFECTED, UNSEEN, Decision
from secrel.ranges.naming.catalogue import ELSE, Rejected, spelled
from secrel.ranges.resolve import CarriedChange
from secrel.ranges.results import NotProved
from secrel.ranges.telling.judged import JudgedCase, VersionStates
from secrel.ranges.telling.runs import spans_of
from secrel.words.history.text import SHORT_ID, printable

_MOST_NAMED = 3


def beside(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell tags that look like versions, are none here, and know what no version of their series does."""
    families: dict[str, list[tuple[Rejected, str]]] = defaultdict(list)
    for what, changes in (("fix", judged.required), ("origin", judged.origins)):
        for change in changes:
            shown = judged.world.graph.hex(change.commits[0])[:SHORT_ID]
            for tag in _holding_alone(judged, change):
                families[tag.pattern].append((tag, f"has the {what}, {shown}, and no version read in its series has"))
    for tag, state in _contradicting(judged, found):
        families[tag.pattern].append((tag, f"{state}, and the range of the versions that were read says otherwise"))
    for pattern, [(tag, says), *_] in families.items():
        yield NotProved(
            f"tags named {printable(pattern)}",
            f"{printable(tag.name)} {says}",
            remedy=f"{reading(judged, [tag.name])}; if they are of something else, --not-versions {pattern!a}",
            versions=judged.world.order.versions,
        )
    yield from _unread(judged, found)


def _holding_alone(judged: JudgedCase, change: CarriedChange) -> Iterator[Rejected]:
    """Find rejected tags with a change that no version of their series has, nor any version on their own line."""
    world = judged.world
    if not world.beside:
        return
    held = any_held(world.aside, change.commits)
    places = [place for place in world.beside if held[place]]
    known = any_held(world.decision, change.commits) if places else held
    for place in places:
        if not known[world.beside[place]].any():
            yield world.catalogue.rejected[place]


def _contradicting(judged: JudgedCase, found: VersionStates) -> Iterator[tuple[Rejected, str]]:
    """Find rejected tags of a large family that the range is wrong about, where nobody chose the tags."""
    world = judged.world
    if not world.large:
        return
    states, held = judged.of_units(world.aside), any_held(world.aside, [*judged.commits])
    spans = spans_of(found.states, world.order.versions)
    for place in world.large:
        tag = world.catalogue.rejected[place]
        named = any(tag.looks_like in span for span in spans if tag.looks_like is not None)
        if states[place] != UNSEEN and named != (states[place] == AFFECTED):
            yield tag, "is not affected" if named else "is affected"
        elif not (spans or held[place] or world.decision.held(tag.commit).any()):
            yield tag, "has nothing of what was named"


def _unread(judged: JudgedCase, found: VersionStates) -> Iterator[NotProved]:
    """Tell tags that are affected where no version is: whoever knows them for versions would call that wrong."""
    catalogue = judged.world.catalogue
    if catalogue.closed or (found.states == AFFECTED).any():
        return
    states = judged.of_units(judged.world.aside)
    tags = [
        tag
        for place, tag in enumerate(catalogue.rejected)
        if states[place] == AFFECTED and tag.reason != ELSE and any(sign.isdigit() for sign in tag.name)
    ]
    if tags:
        names = " ".join(f"--not-versions {re.escape(tag.name)!a}" for tag in tags[:_MOST_NAMED])
        more = f" and {len(tags) - _MOST_NAMED} more" if len(tags) > _MOST_NAMED else ""
        yield NotProved(
            f"tags that name no version: {', '.join(printable(tag.name) for tag in tags[:_MOST_NAMED])}{more}",
            "they are affected, and no version that was read is",
            remedy=f"{reading(judged, [tag.name for tag in tags])}; if they are of something else, {names}",
            versions=judged.world.order.versions,
        )


def tags_with(judged: JudgedCase, seed: int) -> list[str]:
    """Name the tags that are no versions and hold a commit."""
    catalogue = judged.world.catalogue
    names = [*(tag.name for tag in catalogue.rejected), *(tag.name for tag in catalogue.early)]
    held = judged.world.aside.held(seed)[: len(names)]
    return [names[place] for place in np.flatnonzero(held).tolist()]


def reading(judged: JudgedCase, tags: Sequence[str]) -> str:
    """Say how tags that were left out can be read too."""
    catalogue = judged.world.catalogue
    patterns = {tag.name: tag.pattern for tag in catalogue.rejected}
    more = list(dict.fromkeys(pattern for tag in tags if (pattern := patterns.get(tag))))
    if not more:
        early = any(tag not in patterns for tag in tags)
        return "count early versions too (--prereleases)" if early else "say with --tags how they name versions"
    known = [pattern for pattern in catalogue.naming.split(", ") if pattern]
    return f"read them too ({spelled([*known, *more[:_MOST_NAMED]])})"


def any_held(decision: Decision, commits: Sequence[int]) -> Flags:
    """Say which units hold one of these commits."""
    found = np.zeros(len(decision.units), dtype=bool)
    for commit in commits:
        found |= decision.held(commit)
    return found

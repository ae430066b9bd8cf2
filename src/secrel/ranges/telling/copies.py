"""Versions that have the fix, and beside what it mended a copy that it did not mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

import numpy as np
from msgspec.structs import replace

from secrel.ranges.decide import AFFECTED, FIXED
from secrel.ranges.results import NotProved
from secrel.ranges.telling.judged import JudgedCase, VersionStates, changed_versions, standing
from secrel.words.history.remains import Copied
from secrel.words.history.text import SHORT_ID, printable
from secrel.words.versions import Version


def copied(judged: JudgedCase, found: VersionStates, doubtful: Collection[Version]) -> Iterator[NotProved]:
    """Tell copies in versions that are fixed, and would be affected if they counted as what they are copies of.

    A file that is itself as it was tells of one commit alone: the fix may be there in another form. Nothing is told of
    versions that are in doubt already.
    """
    world = judged.world
    told: dict[str, set[Version]] = defaultdict(set)
    for change in judged.required:
        having: dict[tuple[int, Copied], list[int]] = defaultdict(list)
        for commit in change.commits:
            for unit, copy in world.kin.copied.get(commit, {}).items():
                having[commit, copy].append(unit)
        for (commit, copy), units in having.items():
            here, is_back = np.isin(world.order.units, units), copy.whole and copy.at == copy.path
            without = [commit] if is_back else change.commits
            counts = {one: world.decision.counting(one) & ~here for one in without}
            then = standing(judged.case, world.order, judged.of_units(replace(world.decision, counts=counts)))
            versions = changed_versions(judged, (then.states == AFFECTED) & (found.states == FIXED))
            versions = tuple(version for version in versions if version not in {*doubtful, *told[copy.at]})
            told[copy.at].update(versions)
            if versions:
                yield (_is_back if is_back else _is_copy)(world.graph.hex(commit)[:SHORT_ID], copy, versions)


def _is_back(fix: str, copy: Copied, versions: tuple[Version, ...]) -> NotProved:
    return NotProved(
        f"file {printable(copy.at)}",
        f"{versions[0]} has it as it was before the fix, {fix}",
        "look at it, and claim in a file of cases whether these versions are affected",
        versions,
    )


def _is_copy(fix: str, copy: Copied, versions: tuple[Version, ...]) -> NotProved:
    path = printable(copy.path)
    how = f"it is as {path} was" if copy.whole else f"the places of the fix are in it as in {path}"
    return NotProved(
        f"file {printable(copy.at)}",
        f"{how} before the fix, {fix}, and {versions[0]} has it",
        f"look at it; if it has the flaw, name the commit that mends it as well: --fix {fix} --fix COMMIT; "
        "else, or if nothing mends it, claim in a file of cases what is known of these versions",
        versions,
    )

"""Looking for copies of what a fix mended, in the versions that have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from secrel.answers import answered_each
from secrel.ports.history import History
from secrel.ranges.elsewhere import CopyPlaces
from secrel.ranges.kin.copies import unmended, worth_seeking
from secrel.words.errors import NotSeen
from secrel.words.history.graph import Graph
from secrel.words.history.remains import Copied

_MOST_PATHS = 60  # of a fix that copies are looked for: a larger one is an import, or a release


def copies(
    history: History, graph: Graph, asked: Mapping[int, CopyPlaces], notes: list[str]
) -> dict[int, dict[int, Copied]]:
    """Find for each commit of a fix the versions' commits with a copy of what it mended, and that copy.

    What was found before is kept, by ids. Where it could not be looked for, that is noted.
    """
    names = {
        graph.hex(commit): ([graph.hex(at) for at in mine.mended], [graph.hex(at) for at in mine.flawed])
        for commit, mine in asked.items()
    }

    def look(fresh: Sequence[str]) -> dict[str, dict[str, Copied]]:
        blocks = history.blocks(fresh)
        paths = {name: worth_seeking(mine) for name, mine in blocks.items()}
        wanted = [name for name in blocks if len(paths[name]) <= _MOST_PATHS]
        told = history.copies(
            {name: names[name][0] for name in wanted}, {name: names[name][1] for name in wanted}, paths
        )
        found: dict[str, dict[str, Copied]] = {name: {} for name in wanted}
        for (name, at), mine in told.items():
            if (copy := unmended(blocks[name], mine)) is not None:
                found[name][at] = copy
        return found

    try:
        told = answered_each("copies", {name: (name, *mine) for name, mine in names.items()}, dict[str, Copied], look)
    except NotSeen as fault:
        notes.append(f"whether versions have copies of what was mended was not looked for: {fault.what}")
        return {}
    return {
        graph.find(name): {graph.find(at): copy for at, copy in mine.items()} for name, mine in told.items() if mine
    }

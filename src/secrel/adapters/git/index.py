"""The index of commits: every commit's message read once, and kept in the cache by its id."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from secrel.adapters.git.cache import IndexCache, Rows, packed
from secrel.adapters.git.plumbing import Git
from secrel.adapters.git.walk import locate, prefixes
from secrel.words.errors import SecrelError
from secrel.words.history.commits import Facts
from secrel.words.history.graph import Graph
from secrel.words.history.messages import Message, read_commit

_ENOUGH = 16  # hexadecimal digits of a shortened id that fill a 64-bit key
_CHUNK = 20_000  # commits read at a time: some tens of megabytes


def reachable(graph: Graph) -> list[int]:
    """List the commits that a tag or a branch leads to (a commit-graph file may hold others)."""
    seen = bytearray(len(graph))
    offsets, parents = graph.offsets.tolist(), graph.parents.tolist()
    waiting = list({ref.commit for ref in (*graph.tags, *graph.branches)})
    for commit in waiting:
        seen[commit] = 1
    while waiting:
        commit = waiting.pop()
        for parent in parents[offsets[commit] : offsets[commit + 1]]:
            if not seen[parent]:
                seen[parent] = 1
                waiting.append(parent)
    return np.flatnonzero(np.frombuffer(bytes(seen), dtype=np.uint8)).tolist()


def indexed(git: Git, graph: Graph, cache: IndexCache | None) -> Facts:
    """Give the facts of every commit of the graph that a tag or a branch leads to."""
    kept = cache.load(graph.ids.shape[1]) if cache else None
    known = np.zeros(len(graph), dtype=bool)
    if kept is not None:
        places = locate(graph.ids, kept.ids)
        known[places[places >= 0]] = True
    missing = [] if known.all() else [commit for commit in reachable(graph) if not known[commit]]
    unread = ""
    if missing:
        messages, unread = _read(git, graph, missing)
        fresh = packed(graph.ids[[commit for commit, _ in messages]], [message for _, message in messages])
        kept = fresh if kept is None else kept.joined(fresh)
        if cache:
            cache.save(kept)
    return _aligned(graph, kept, unread)


def _read(git: Git, graph: Graph, commits: list[int]) -> tuple[list[tuple[int, Message]], str]:
    found: list[tuple[int, Message]] = []
    for start in range(0, len(commits), _CHUNK):
        found.extend(_chunk(git, graph, commits[start : start + _CHUNK]))
    unread = len(commits) - len(found)
    why = f"{unread} commits could not be read: they are not in this copy of the repository, or are damaged"
    return found, why if unread else ""


def _chunk(git: Git, graph: Graph, commits: list[int]) -> Iterator[tuple[int, Message]]:
    """Read some commits; where git stops half way, halve until the one it cannot read stands alone."""
    try:
        read = [_one(kind, data) for _, kind, data in git.objects(graph.hex(commit) for commit in commits)]
    except SecrelError:
        if len(commits) > 1:
            middle = len(commits) // 2
            yield from _chunk(git, graph, commits[:middle])
            yield from _chunk(git, graph, commits[middle:])
        return
    yield from ((commit, message) for commit, message in zip(commits, read, strict=True) if message is not None)


def _one(kind: str, data: bytes) -> Message | None:
    return read_commit(data) if kind == "commit" else None


def _aligned(graph: Graph, kept: Rows | None, unread: str) -> Facts:
    """Lay the kept rows out in the graph's order, and find the commits that they name."""
    rows = kept if kept is not None else packed(graph.ids[:0], [])
    place = locate(graph.ids, rows.ids)
    here = place >= 0
    columns = {}
    for name in ("same", "subject", "text", "author", "date", "words"):
        column = getattr(rows, name)
        columns[name] = np.zeros(len(graph), dtype=column.dtype)
        columns[name][place[here]] = column[here]
    named_here = here[rows.named_by]
    named_by = place[rows.named_by[named_here]].astype(np.int32)
    named, digits = rows.named[named_here], rows.digits[named_here]
    asked_here = here[rows.asked_by]
    found = _targets(graph, named, digits)
    return Facts(
        **columns,
        named_by=named_by,
        how=rows.how[named_here],
        named=found.astype(np.int32),
        named_key=_keys(graph, found, named, digits),
        asked_by=place[rows.asked_by[asked_here]].astype(np.int32),
        asked_how=rows.asked_how[asked_here],
        asked=rows.asked[asked_here],
        unread=unread,
    )


def _targets(graph: Graph, named: npt.NDArray[np.uint8], digits: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Find the commits that messages name, in full or shortened; -1 for unknown ones and for those that fit several."""
    found = np.full(len(named), -1, dtype=np.int64)
    width = graph.ids.shape[1]
    whole = digits == 2 * width
    found[whole] = locate(graph.ids, named[whole])
    for row in np.flatnonzero(~whole).tolist():
        places = graph.starting_with(named[row].tobytes().hex()[: digits[row]], most=2)
        if len(places) == 1:
            found[row] = places[0]
    return found


def _keys(
    graph: Graph, found: npt.NDArray[np.int64], named: npt.NDArray[np.uint8], digits: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint64]:
    """Give what commits are named by, also those that are elsewhere: so siblings of one unseen original meet."""
    keys = np.where(digits >= _ENOUGH, prefixes(named), np.uint64(0))
    here = found >= 0
    keys[here] = prefixes(graph.ids[found[here]])
    return keys

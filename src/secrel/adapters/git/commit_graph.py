"""Git's commit-graph file, read directly: the whole graph in a few array operations.

Format: git's gitformat-commit-graph(5). A file that fails a check is not used at all: the history is walked instead.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from secrel.words.history.graph import Graph

_NONE = 0x70000000
_MORE = 0x80000000
_LAST = 0x80000000
_HEADER = 8
_ENTRY = 12
_HASHES = {1: ("sha1", 20), 2: ("sha256", 32)}


class Unusable(Exception):
    """The file cannot be trusted; the text says why."""


class _Layer(Struct, frozen=True):
    """One file: ids, and parents as positions that count from the lowest layer of the chain."""

    ids: npt.NDArray[np.uint8]
    first: npt.NDArray[np.uint32]
    second: npt.NDArray[np.uint32]
    level: npt.NDArray[np.uint32]
    edges: npt.NDArray[np.uint32]
    bases: int


def read_commit_graph(objects: Path) -> Graph | None:
    """Read the commit-graph of an object directory, or None when it has none; raises `Unusable` for a damaged one."""
    info = objects / "info"
    paths = [info / "commit-graph"]
    chain = info / "commit-graphs" / "commit-graph-chain"
    try:
        if chain.is_file():
            names = chain.read_text(encoding="ascii").split()
            if not names or not all(re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", name) for name in names):
                raise Unusable("its list of files is damaged")
            paths = [chain.parent / f"graph-{name}.graph" for name in names]
        elif not paths[0].is_file():
            return None
        layers = [_layer(path.read_bytes()) for path in paths]
    except (OSError, UnicodeDecodeError, ValueError) as fault:
        raise Unusable(f"it cannot be read ({type(fault).__name__})") from fault
    return _joined(layers)


def _layer(data: bytes) -> _Layer:
    if len(data) < _HEADER or data[:4] != b"CGPH" or data[4] != 1 or data[5] not in _HASHES:
        raise Unusable("it is not of a format known here")
    name, width = _HASHES[data[5]]
    if hashlib.new(name, data[:-width], usedforsecurity=False).digest() != data[-width:]:
        raise Unusable("its checksum is wrong")
    chunks = _chunks(data, width)
    ids = np.frombuffer(chunks[b"OIDL"], dtype=np.uint8).reshape(-1, width)
    rows = np.frombuffer(chunks[b"CDAT"], dtype=np.uint8).reshape(-1, width + 16)
    if len(rows) != len(ids):
        raise Unusable("its tables do not fit together")
    words = np.ascontiguousarray(rows[:, width:]).view(">u4").astype(np.uint32)
    edges = np.frombuffer(chunks.get(b"EDGE", b""), dtype=">u4").astype(np.uint32)
    return _Layer(ids, words[:, 0], words[:, 1], words[:, 2] >> np.uint32(2), edges, data[7])


def _chunks(data: bytes, width: int) -> dict[bytes, bytes]:
    marks = [
        (data[at : at + 4], int.from_bytes(data[at + 4 : at + _ENTRY], "big"))
        for at in range(_HEADER, _HEADER + _ENTRY * (data[6] + 1), _ENTRY)
    ]
    found = {}
    for (name, start), (_, end) in itertools.pairwise(marks):
        if not start <= end <= len(data) - width:
            raise Unusable("its table of contents is wrong")
        found[name] = data[start:end]
    if not {b"OIDL", b"CDAT"} <= found.keys():
        raise Unusable("a table is missing")
    return found


def _joined(layers: list[_Layer]) -> Graph:
    if any(layer.bases != place for place, layer in enumerate(layers)):
        raise Unusable("a file of its chain is missing")
    starts = np.cumsum([0, *(len(layer.edges) for layer in layers)])
    first = np.concatenate([layer.first for layer in layers])
    second = np.concatenate(
        # places in the list of further parents count within a file
        [
            np.where((layer.second & _MORE) != 0, layer.second + np.uint32(start), layer.second)
            for layer, start in zip(layers, starts[:-1], strict=True)
        ]
    )
    edges = np.concatenate([layer.edges for layer in layers])
    ids = np.concatenate([layer.ids for layer in layers])
    level = np.concatenate([layer.level for layer in layers]).astype(np.int32)
    offsets, parents = _parents(first, second, edges)
    if len(layers) > 1:
        order = np.lexsort(ids.T[::-1])
        ids, level = ids[order], level[order]
        offsets, parents = reordered(offsets, parents, order)
    _check(ids, offsets, parents, level)
    return Graph(ids, offsets, parents, level)


def _parents(
    first: npt.NDArray[np.uint32], second: npt.NDArray[np.uint32], edges: npt.NDArray[np.uint32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Write the two columns and the list of further parents as one flat list with offsets."""
    many = np.flatnonzero((second != _NONE) & ((second & _MORE) != 0))
    further = {int(commit): _further(edges, int(second[commit]) & 0x7FFFFFFF) for commit in many}
    counts = (first != _NONE).astype(np.int64) + (second != _NONE)
    for commit, more in further.items():
        counts[commit] = 1 + len(more)
    offsets = np.concatenate(([0], np.cumsum(counts)))
    parents = np.empty(offsets[-1], dtype=np.int64)
    has_first = first != _NONE
    parents[offsets[:-1][has_first]] = first[has_first]
    plain = (second != _NONE) & ((second & _MORE) == 0)
    parents[offsets[:-1][plain] + 1] = second[plain]
    for commit, more in further.items():
        parents[offsets[commit] + 1 : offsets[commit + 1]] = more
    if len(parents) and int(parents.max()) >= len(first):
        raise Unusable("it names a parent that it does not hold")
    return offsets, parents.astype(np.int32)


def _further(edges: npt.NDArray[np.uint32], start: int) -> list[int]:
    found = []
    for value in edges[start:].tolist():
        found.append(value & 0x7FFFFFFF)
        if value & _LAST:
            return found
    raise Unusable("its list of further parents has no end")


def reordered(
    offsets: npt.NDArray[np.int64], parents: npt.NDArray[np.int32], order: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Renumber commits so that the one at `order[k]` becomes `k`."""
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    counts = np.diff(offsets)[order]
    new = np.concatenate(([0], np.cumsum(counts)))
    at = np.repeat(offsets[:-1][order] - new[:-1], counts) + np.arange(new[-1])
    return new, place[parents[at]]


def _check(
    ids: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    parents: npt.NDArray[np.int32],
    level: npt.NDArray[np.int32],
) -> None:
    """Refuse ids out of order and parents that are not below their children: every later step relies on both."""
    names = np.ascontiguousarray(ids).view(f"S{ids.shape[1]}").ravel()
    if len(names) > 1 and not bool((names[:-1] < names[1:]).all()):
        raise Unusable("its ids are out of order")
    child = np.repeat(np.arange(len(ids)), np.diff(offsets))
    if not bool((level[parents] < level[child]).all()):
        raise Unusable("a parent is not below its child")

"""The graph from `git rev-list --topo-order --parents`: the slower way, where there is no commit-graph file."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from secrel.adapters.git.commit_graph import reordered
from secrel.words.errors import Broken, NotSeen
from secrel.words.history.graph import Graph

_BAD = 255
_NIBBLES = np.full(256, _BAD, dtype=np.uint8)
_NIBBLES[np.frombuffer(b"0123456789abcdef", dtype=np.uint8)] = np.arange(16, dtype=np.uint8)
_NEWLINE = 10
_PREFIX = 8

Bytes = npt.NDArray[np.uint8]


def locate(ids: Bytes, wanted: Bytes) -> npt.NDArray[np.int64]:
    """Find each row of `wanted` among the sorted rows of `ids`: its place, or -1."""
    if not len(ids) or not len(wanted):
        return np.full(len(wanted), -1, dtype=np.int64)
    keys, asked = prefixes(ids), prefixes(wanted)
    if bool((keys[1:] == keys[:-1]).any()):
        names, sought = _names(ids), _names(wanted)
        place = np.searchsorted(names, sought)
    else:
        place = np.searchsorted(keys, asked)
    place = np.minimum(place, len(ids) - 1)
    return np.where((ids[place] == wanted).all(axis=1), place, -1)


def prefixes(ids: Bytes) -> npt.NDArray[np.uint64]:
    """Read the first eight bytes of each id as a number."""
    return np.ascontiguousarray(ids[:, :_PREFIX]).view(">u8").ravel().astype(np.uint64)


def _names(ids: Bytes) -> npt.NDArray[np.bytes_]:
    return np.ascontiguousarray(ids).view(f"S{ids.shape[1]}").ravel()


def in_order(ids: Bytes) -> npt.NDArray[np.int64]:
    """Give the order that sorts ids; quick where they come as a few sorted runs."""
    return np.argsort(_names(ids), kind="stable")


def _tokens(told: bytes, width: int) -> tuple[Bytes, npt.NDArray[np.bool_]]:
    """Read fixed-width hexadecimal tokens: their bytes, and which of them begin a line."""
    step = 2 * width + 1
    if len(told) % step or (told and not told.endswith(b"\n")):
        raise Broken("git's list of commits is cut short", remedy="check the repository with git fsck")
    table = np.frombuffer(told, dtype=np.uint8).reshape(-1, step)
    nibbles = _NIBBLES[table[:, :-1]]
    if bool((nibbles == _BAD).any()):
        raise Broken("git's list of commits is damaged", remedy="check the repository with git fsck")
    heads: npt.NDArray[np.bool_] = np.concatenate(([True], table[:-1, -1] == _NEWLINE))[: len(table)]
    read: Bytes = ((nibbles[:, 0::2] << 4) | nibbles[:, 1::2]).astype(np.uint8)
    return read, heads


def grown(base: Graph | None, told: bytes, width: int) -> Graph:
    """Add to `base` the commits that `rev-list --topo-order --parents` told, children before parents.

    Raises `NotSeen` when a parent is neither told nor in `base`: then the list is not whole.
    """
    tokens, heads = _tokens(told, width)
    ids, parents = tokens[heads], tokens[~heads]
    child = (np.cumsum(heads) - 1)[~heads]
    old = 0
    level = len(ids) - np.arange(len(ids), dtype=np.int32)
    if base is not None and len(base):
        old = len(base)
        fresh = locate(base.ids, ids) < 0
        place = np.cumsum(fresh) - 1
        parents, child = parents[fresh[child]], place[child[fresh[child]]]
        ids, level = ids[fresh], level[fresh] + int(base.level.max())
    everything = ids if base is None or not old else np.concatenate([base.ids, ids])
    order = in_order(everything)
    everything = everything[order]
    found = locate(everything, parents)
    if bool((found < 0).any()):
        missing = parents[np.flatnonzero(found < 0)[0]].tobytes().hex()
        raise NotSeen(
            f"commit {missing} is named as a parent and is not in this copy of the repository",
            remedy="fetch the whole history, then check it with git fsck",
        )
    offsets = np.concatenate(([0], np.cumsum(np.bincount(child, minlength=len(ids))))).astype(np.int64)
    flat = order[found].astype(np.int32)  # in the numbering before sorting
    if base is not None and old:
        offsets = np.concatenate([base.offsets[:-1], base.offsets[-1] + offsets])
        flat = np.concatenate([base.parents, flat])
        level = np.concatenate([base.level, level])
    offsets, flat = reordered(offsets, flat, order)
    return Graph(everything, offsets, flat, level[order].astype(np.int32))

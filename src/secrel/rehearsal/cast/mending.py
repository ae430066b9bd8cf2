"""Mending a draft by hand: what contradicts the facts is put right, and all else that people wrote stays."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher

from secrel.verify.post.comparing import compare_post
from secrel.verify.post.facts.reading import read_post
from secrel.words.advisories import Contents

_Hunk = tuple[int, int, list[str]]


def _hunks(found: Sequence[str], wanted: Sequence[str]) -> list[_Hunk]:
    """Where `found` differs: from and to which piece of `wanted`, and what stands there instead."""
    codes = SequenceMatcher(None, wanted, found, autojunk=False).get_opcodes()
    return [(start, end, list(found[at:until])) for tag, start, end, at, until in codes if tag != "equal"]


def _pieces(text: str) -> list[str]:
    return re.findall(r"\w[\w.-]*|\s+|.", text, re.DOTALL)


def _edits(found: str, wanted: str) -> Iterator[_Hunk]:
    """The edits between two texts, by words: from and to in the characters of `wanted`, and what stands there."""
    lines, theirs = wanted.splitlines(keepends=True), found.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for first, last, put in _hunks(theirs, lines):
        words = _pieces("".join(lines[first:last]))
        at = [starts[first]]
        for word in words:
            at.append(at[-1] + len(word))
        for begins, ends, other in _hunks(_pieces("".join(put)), words):
            yield at[begins], at[ends], other


def _applied(wanted: str, edits: Sequence[_Hunk]) -> str:
    parts, done = [], 0
    for start, end, put in edits:
        parts += [wanted[done:start], *put]
        done = end
    return "".join([*parts, wanted[done:]])


def mended(found: str, wanted: tuple[str, str], contents: Contents, rules: Collection[str] | None) -> str:
    """Give the text of a draft without the edits that contradict the facts by these rules (None: by any).

    `wanted` is what the desk would write now (path, text).
    """
    path, expected = wanted[0], read_post(wanted[1], wanted[0])
    alike: dict[tuple[str, str], list[_Hunk]] = {}
    for start, end, put in _edits(found, wanted[1]):
        alike.setdefault((wanted[1][start:end], "".join(put)), []).append((start, end, put))
    kept: list[_Hunk] = []
    for edits in alike.values():  # what was changed everywhere in one way stays everywhere, or nowhere
        tried = sorted([*kept, *edits])
        if not compare_post(read_post(_applied(wanted[1], tried), path), contents, expected, rules=rules):
            kept = tried
    return _applied(wanted[1], kept)

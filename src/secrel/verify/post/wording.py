"""Rules about words: what people leave behind when they write and edit a post."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from secrel.verify.described.slipping import CODE, slips
from secrel.verify.post.disagreements import Found
from secrel.verify.post.facts.values import PostFacts
from secrel.words.patterns import pattern

_COMMENT = pattern(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_GLUED = pattern(r"[^\s(\[*_|>](\*\*[A-Z]\w*:?\*\*)")


def wording_right(facts: PostFacts, allowed: Collection[str] = ()) -> Found:
    """No leftovers, doubled words, labels run together, comments with addresses; every vulnerability is described.

    Words that are `allowed` are meant as they stand.
    """
    yield from _lines(facts, allowed)
    yield from _comments(facts)
    for entry in facts.entries:
        if not re.search(r"[^\W\d_]{2}", entry.description):
            yield f"{entry.title[:80]!r} has no description", entry.line


def _lines(facts: PostFacts, allowed: Collection[str]) -> Iterator[tuple[str, int]]:
    for line in facts.lines:
        if line.code:
            continue
        for slip in slips(line.text, allowed):
            yield slip.what, line.number
        for match in _GLUED.finditer(CODE.sub("`", line.text)):
            yield f"the label {match[1]!r} is glued to what stands before it", line.number


def _comments(facts: PostFacts) -> Iterator[tuple[str, int]]:
    text = "\n".join("" if line.code else line.text for line in facts.lines)
    for match in _COMMENT.finditer(text):
        if re.search(r"https?://|[\w./-]+[#!]\d+", match[1]):
            number = facts.lines[0].number + text.count("\n", 0, match.start())
            yield "a comment in the source names an address that readers are not meant to see", number

"""Rules about words: what people leave behind when they write and edit a post."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secrel.verify.post.disagreements import Found
from secrel.verify.post.facts.values import PostFacts

_LEFTOVER = re.compile(
    r"\b(?:TODO|FIXME|TBD|XXX|PLACEHOLDER|Lorem ipsum)\b|\bX+\.(?:X+|Y+)\.(?:X+|Z+)\b|\bCVE-(?:YYYY|XXXX|\d{4}-X+)\b"
    r"|^(?:<{7}|>{7}|={7})(?:\s|$)"
)
_DOUBLED = re.compile(r"(?<![\w'\u2019.-])(?P<words>[a-z]{1,30}(?: [a-z]{1,30})?) (?P=words)(?![\w'\u2019-])")
_CODE = re.compile(r"`+[^`]*`+|\]\([^()]*\)")
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_GLUED = re.compile(r"[^\s(\[*_|>](\*\*[A-Z]\w*:?\*\*)")


def wording_right(facts: PostFacts) -> Found:
    """No leftovers, doubled words, labels run together, comments with addresses; every vulnerability is described."""
    yield from _lines(facts)
    yield from _comments(facts)
    for entry in facts.entries:
        if not re.search(r"[^\W\d_]{2}", entry.description):
            yield f"{entry.title[:80]!r} has no description", entry.line


def _lines(facts: PostFacts) -> Iterator[tuple[str, int]]:
    for line in facts.lines:
        if line.code:
            continue
        text = _CODE.sub("`", line.text)
        for match in _LEFTOVER.finditer(text):
            yield f"{match[0]!r} was left in the text", line.number
        for match in _DOUBLED.finditer(text):
            yield f"the words {match[0]!r} are doubled", line.number
        for match in _GLUED.finditer(text):
            yield f"the label {match[1]!r} is glued to what stands before it", line.number


def _comments(facts: PostFacts) -> Iterator[tuple[str, int]]:
    text = "\n".join("" if line.code else line.text for line in facts.lines)
    for match in _COMMENT.finditer(text):
        if re.search(r"https?://|[\w./-]+[#!]\d+", match[1]):
            number = facts.lines[0].number + text.count("\n", 0, match.start())
            yield "a comment in the source names an address that readers are not meant to see", number

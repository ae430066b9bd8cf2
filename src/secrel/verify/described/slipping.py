"""What people leave behind when they write: placeholders, marks of a merge, doubled words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from secrel.words.patterns import pattern

_LEFTOVER = pattern(
    r"\b(?:TODO|FIXME|TBD|XXX|PLACEHOLDER|Lorem ipsum)\b|\bX+\.(?:X+|Y+)\.(?:X+|Z+)\b|\bCVE-(?:YYYY|XXXX|\d{4}-X+)\b"
    r"|^(?:<{7}|>{7}|={7})(?=\s|$)"
)
_DOUBLED = pattern(
    r"(?<![\w'\u2019.-])(?P<words>[A-Za-z][a-z]{0,29}(?: [a-z]{1,30})?) (?=[a-z])(?i:(?P=words))(?![\w'\u2019-])"
)
CODE = pattern(r"`+[^`]*`+|\]\([^()]*\)")
"""Code and targets of links: not the words of whoever writes."""


class Slip(Struct, frozen=True):
    """Words that stand in a line by mistake, what is said of them, and the words that belong there."""

    words: str
    what: str
    better: str


def slips(line: str, allowed: Collection[str] = ()) -> Iterator[Slip]:
    """Find what was left in one line by mistake, outside of code; what is `allowed` is meant so."""
    text = CODE.sub("`", line)
    for match in _LEFTOVER.finditer(text):
        if match[0] not in allowed:
            yield Slip(match[0], f"{match[0]!r} was left in the text", "")
    for match in _DOUBLED.finditer(text):
        if match[0] not in allowed:
            yield Slip(match[0], f"the words {match[0]!r} are doubled", match["words"])

"""From sentences to spans: the reverse of `secrel.words.spans.sentence`, and of what people write beside it.

Phrases in use are those of gitlab-process.md 5.3: `all versions from A before B`, `starting from A before B`, `from A
prior to B`, `all versions before B`, `A and later`, `affecting only version X`, `A to and including B`, and the forms
of records: `>=A, <B`. `up to B` is refused: people mean both "with B" and "without B" by it.
"""

from __future__ import annotations

import re

from secrel.words.errors import Misused
from secrel.words.spans import Span
from secrel.words.versions import Version

_LONGEST = 4_000
_V = r"v?(\d[\w.+-]{0,40}?)"
_END = r"(?=[\s,;.]*$)"
_SINCE = r"(?:(?:starting (?:from|with|at|in)|from|since|>=)(?: versions?)?)?"
_BEFORE = r"(?:and |to |up to )?(?:before|prior to|earlier than|but (?:not|before)|<(?!=)|until)"
_OPEN = re.compile(rf"{_SINCE} ?{_V} ?(?:and|or) (?:later|newer|above|up|all later versions|onwards?)", re.IGNORECASE)
_HALF_OPEN = re.compile(rf"{_SINCE} ?{_V} ?,? ?{_BEFORE} ?{_V}", re.IGNORECASE)
_ALL_BEFORE = re.compile(rf"{_BEFORE} ?{_V}", re.IGNORECASE)
_FROM = re.compile(rf"(?:starting (?:from|with|at|in)|from|since|>=)(?: versions?)? ?{_V}", re.IGNORECASE)
_ONLY = re.compile(rf"(?:only )?(?:affecting )?(?:only )?(?:=|in )?{_V}(?: only)?", re.IGNORECASE)
_UNCLEAR = re.compile(r"\bup to\b(?! and including)(?! before)|\bthrough\b|<=|\bto and including\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:this )?(?:issue |vulnerability )?(?:affects?|affecting|impacts?|in) )?(?:all |only )?(?:the )?"
    r"(?:versions?|releases?)?"
    r"(?: of [\w/ -]{1,60}?(?= (?:from|starting|before|prior|since|and)\b))?[:\s]*",
    re.IGNORECASE,
)


def parsed(text: str) -> tuple[Span, ...]:
    """Read a sentence about versions; raises `Misused` for one that is not understood whole, and names the part.

    A single version (`only 16.2.1`) cannot be written as a half-open span without its successor, and is refused too.
    """
    if len(text) > _LONGEST:
        raise Misused("the sentence about versions is too long", remedy="give the range alone")
    told = " ".join(text.split()).strip(" .;")
    if told.lower() in {"all versions", "all versions."}:
        return (Span(None, None),)
    if not told:
        raise Misused(
            "the sentence about versions is empty", remedy="write it as: all versions from 13.2 before 16.4.3"
        )
    return tuple(_span(part) for part in _parts(told))


def _parts(told: str) -> list[str]:
    """Cut at commas and `and`, but not within a pair such as `>=A, <B` or `A and later`."""
    joined = re.sub(r",\s*(?=(?:and )?(?:<|before\b|prior to\b|but\b))", " ", told)
    joined = re.sub(r"\s+and\s+(?=(?:before|prior)\b)", " ", joined)
    pieces = re.split(
        r"\s*[,;]\s*(?:and\s+)?|\s+and\s+(?!(?:later|newer|above|up|all later|onwards?|including)\b)", joined
    )
    return [piece for piece in pieces if piece]


def _span(part: str) -> Span:
    if unclear := _UNCLEAR.search(part):
        raise Misused(
            f"{part[:80]!r} does not say whether its end is still affected ({unclear[0]!r})",
            remedy="name the first version with the fix: from A before B",
        )
    bare = _LEAD.sub("", part.strip(), count=1).strip() or part
    bare = re.sub(r"^(?:all )?versions? ", "", bare, flags=re.IGNORECASE)
    if match := _OPEN.fullmatch(bare):
        return Span(_version(match[1]), None)
    if match := _HALF_OPEN.fullmatch(bare):
        return Span(_version(match[1]), _version(match[2]))
    if match := _ALL_BEFORE.fullmatch(bare):
        return Span(None, _version(match[1]))
    if match := _FROM.fullmatch(bare):
        return Span(_version(match[1]), None)
    raise Misused(
        f"{part[:80]!r} is not understood as a range of versions",
        remedy="write it as: all versions from 13.2 before 16.4.3, 16.5 before 16.5.3",
    )


def _version(text: str) -> Version:
    return Version.parse(text.strip().rstrip("."))

"""Affected ranges in words: the phrases that people use, found in a text, or read as the whole of one.

They are those of gitlab-process.md 5.3 (`all versions from A before B`, `starting from A prior to B`, `versions before
B`, `A and later`) and of records (`>=A, <B`); what `secrel.words.spans.sentence` writes is read back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.patterns import pattern
from secrel.words.spans import EARLIEST, Span, lower, sentence
from secrel.words.versions import IN_TEXT, TAIL, Version

_LONGEST = 4_000
_TAIL = rf"{IN_TEXT}(?![-.]?\w)"
VERSION = rf"(?<![\w.])\d{{1,9}}(?:\.\d{{1,9}}){{0,5}}{_TAIL}"
"""A version, wherever it stands in a text."""
DOTTED = rf"(?<![\w.])\d{{1,9}}(?:\.\d{{1,9}}){{1,5}}{_TAIL}"
"""A version of two numbers and more: a lone number may be anything."""
_WRITTEN = rf"(?<![\w.])\d{{1,9}}(?:\.\d{{1,9}}){{0,5}}{TAIL}(?<!\+)(?![-.+]?\w)"
"""A version where nothing but a range is written: with a package's revision and a build's mark."""
_ALONE = r"(?:(?:and |but |up to )?(?:before|prior to|earlier than|older than))"
_BEFORE = rf"(?:{_ALONE}|but not)"
_LATER = r"(?:and|or) (?:all )?(?:above|later|newer|higher|greater|up|onwards?)\b(?: (?:versions|releases)\b)?"
_GOES_ON = rf"(?:{_BEFORE}|prior|up|until|through|to)\b"
_LIMITS = r"(?!(?:not?|none|nothing|never|but|except|excluding|without|other|than|un\w+)\b)"
"""No name of a product has these words: they say of what it does not hold."""
_PRODUCT = rf"of (?:the )?(?:{_LIMITS}(?-i:[A-Z])[\w/-]{{0,40}}(?: and(?= (?-i:[A-Z])))?(?=\W|\Z) ?){{1,8}}"
_FILLER = pattern(
    r"(?>(?:[\s,;.:]|\b(?:and|all|only|the|this|issue|vulnerability|affects?|affecting|impacts?|in|versions?|releases?|"
    rf"starting|from|with|at|since)\b|\b{_PRODUCT})*)",
    re.IGNORECASE | re.ASCII,
)
_BEGINS = pattern(r":|\b(?:starting|from|since|with|at|in)\b", re.IGNORECASE)
_SINCE = r"(?:starting (?:from|with|at|in)|from|since)"
_INEXACT, _SINGLE = ("high", "most"), ("only", "also")
_FIRST, _FIXED = ("since", "low", "least", "later", "open"), ("fixed", "first", "start", "high", "most")
_UP_TO = pattern(
    rf"(?:(?:>=|\bfrom\b)\s*({_WRITTEN})\s*(?:,|and)?\s*)?(?:<=|\b(?:up )?to and including\b)\s*({_WRITTEN})",
    re.IGNORECASE | re.ASCII,
)
After = Callable[[Version], Version | None]
"""Gives the version that comes after one, or None."""
_UNCLEAR = pattern(r"\bup to\b(?! before\b)|\bthrough\b|\buntil\b|\bto and including\b|<=", re.IGNORECASE)


@lru_cache(maxsize=2)
def _grammar(version: str, dotted: str) -> re.Pattern[str]:
    """Give the phrases; `dotted` is what is a version where nothing but one word stands beside it."""
    return re.compile(
        "|".join(
            (
                rf"(?P<since>{version})(?: {_LATER})? {_BEFORE} (?:versions? )?(?P<fixed>{version})",
                rf"(?P<low>{version}) (?:up to|until|through|to) (?:versions? )?(?P<high>{dotted})",
                rf"between (?:versions? )?(?P<least>{dotted}) and (?P<most>{dotted})",
                rf"versions? {_ALONE} (?:versions? )?(?P<first>{version})",
                rf"{_ALONE} (?:versions? )?(?P<start>{dotted})",
                rf"(?P<later>{version}) {_LATER}",
                rf"{_SINCE} (?:versions? )?(?P<open>{dotted})(?!(?: {_LATER})? {_GOES_ON})(?: {_LATER})?",
                rf"only (?:in )?versions? (?P<only>{dotted})",
                rf"(?:, and|,| and) (?P<also>{dotted})(?! (?:{_GOES_ON}|and\b|or\b))",
                r"(?P<all>all (?:previous )?versions)(?! (?:starting|from|before|prior|since|between|up))",
            )
        ),
        re.IGNORECASE | re.ASCII,
    )


class Phrase(Struct, frozen=True):
    """What one phrase says of versions, and where it stands; `kind` is the last name in its row of the grammar."""

    kind: str
    since: Version | None
    fixed: Version | None
    start: int
    end: int

    @property
    def is_exact(self) -> bool:
        """Whether it says a range, and its end is told to have the fix: after `to` and `up to` nobody can tell."""
        return self.kind not in (*_INEXACT, *_SINGLE)

    def span(self) -> Span:
        """Give the range, as if its end had the fix; raises `Misused` for one that is empty, or a single version."""
        if self.kind in _SINGLE:
            raise Misused("a single version is no range", remedy="name the first version with the fix: from A before B")
        return Span(lower(self.since), self.fixed)


def phrases(text: str, *, only: bool = False) -> Iterator[Phrase]:
    """Find every phrase about versions in a text whose white space is folded, in its order.

    `only`: nothing but a range is written there, so that a lone number is a version, and a sign behind one is of it.
    """
    last = 0
    for match in (_grammar(_WRITTEN, _WRITTEN) if only else _grammar(VERSION, DOTTED)).finditer(text):
        kind, told = match.lastgroup or "", match.groupdict()
        if kind == "also" and match.start() != last:
            continue
        yield Phrase(kind, _version(told, _FIRST), _version(told, _FIXED), match.start(), match.end())
        last = last if kind == "all" else match.end()


def _version(told: dict[str, str | None], names: tuple[str, ...]) -> Version | None:
    return next((Version.parse(text) for name in names if (text := told[name])), None)


def _plain(text: str, after: After | None) -> str:
    """Say the signs of records in words."""
    told = re.sub(r"\bv(?=\d)", "", " ".join(text.split()).replace("≤", "<=").replace("≥", ">="))
    if after is not None:
        told = _UP_TO.sub(lambda match: _passed(match[1], match[2], after), told)
    told = re.sub(r",?\s*<(?!=)\s*", " before ", re.sub(r">=\s*", "from ", told))
    return re.sub(r",\s*(?=(?:and )?(?:before|prior to|but)\b)", " ", told).strip(" .;")


def _passed(since: str | None, last: str, after: After) -> str:
    """Say "up to and with `last`" by the version that comes next, if there is one."""
    following = after(Version.parse(last))
    begins = f"from {since} " if since else ""
    if following is None:
        return f"{begins}and later" if begins else "all versions"
    return f"{begins}before {following}"


def read_range(text: str, after: After | None = None) -> tuple[Span, ...]:
    """Read a text that says a range and nothing else; raises `Misused` for one that is not understood whole.

    Spans that overlap are refused: `from A, before B` says one range, `from A; from C` two that contradict. A single
    version (`only 16.2.1`) is no half-open range without its successor, and is refused too. So is `<= 1.2.2`,
    unless `after` tells which version comes next (None: none does).
    """
    if len(text) > _LONGEST:
        raise Misused("the sentence about versions is too long", remedy="give the range alone")
    told = _plain(text, after)
    if not told:
        raise Misused(
            "the sentence about versions is empty", remedy="write it as: all versions from 13.2 before 16.4.3"
        )
    found = list(phrases(told, only=True))
    unclear = [*_UNCLEAR.findall(told), *(told[p.start : p.end] for p in found if p.kind in _INEXACT)]
    if unclear:
        raise Misused(
            f"{told[:80]!r} does not say whether its end is still affected ({unclear[0][:40]!r})",
            remedy="name the first version with the fix: from A before B",
        )
    edges = [0, *(edge for phrase in found for edge in (phrase.start, phrase.end)), len(told)]
    gaps = [told[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    if not found or not all(map(_FILLER.fullmatch, gaps)) or not _is_one_telling(found, gaps):
        raise Misused(
            f"{told[:80]!r} is not understood as a range of versions",
            remedy="write it as: all versions from 13.2 before 16.4.3, 16.5 before 16.5.3",
        )
    spans = tuple(phrase.span() for phrase in found if phrase.kind != "all") or (Span(None, None),)
    _disjoint(spans)
    return spans


def _is_one_telling(found: Sequence[Phrase], gaps: Sequence[str]) -> bool:
    """Whether `all versions`, where it stands, is all that is said or begins what is said of the range after it."""
    kinds = [phrase.kind for phrase in found]
    if "all" not in kinds or len(kinds) == 1:
        return True
    says_where = kinds[1] not in {"fixed", "later"} or _BEGINS.search(gaps[1]) is not None
    return kinds.index("all") == 0 and kinds.count("all") == 1 and says_where


def _disjoint(spans: Sequence[Span]) -> None:
    """Raise `Misused` for spans of which two hold the same versions: nobody can tell which of them was meant."""
    rising = sorted(spans, key=lambda span: span.since or EARLIEST)
    for one, after in pairwise(rising):
        if one.fixed is None or (after.since or EARLIEST) < one.fixed:
            raise Misused(
                f"the ranges {sentence([one])!r} and {sentence([after])!r} overlap",
                remedy="write each affected version in one range alone: 13.2 before 16.4.3, 16.5 before 16.5.3",
            )

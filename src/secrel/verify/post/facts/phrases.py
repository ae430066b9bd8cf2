"""Affected versions as people write them, read back: the phrases of published posts (gitlab-process.md 5.3)."""

from __future__ import annotations

import re

from secrel.verify.post.facts.values import RangeEnd, Ranges
from secrel.words.errors import Misused
from secrel.words.spans import Span
from secrel.words.versions import Version

# as `secrel.words.versions` reads them; a lone number is a version only where the words around it say so
_TAIL = r"[a-z]{0,2}(?:[-._]?(?:alpha|beta|pre|rc|dev|a|b|m)(?:[-._]?\d{1,6})?)?(?![-.]?\w)"
ANY_VERSION = rf"(?<![\w.])\d{{1,9}}(?:\.\d{{1,9}}){{0,5}}{_TAIL}"
DOTTED_VERSION = rf"(?<![\w.])\d{{1,9}}(?:\.\d{{1,9}}){{1,5}}{_TAIL}"
_GOES_ON = r"(?:before|prior|up|until|through|to)\b"
_PHRASES = re.compile(
    "|".join(
        (
            rf"(?P<since>{ANY_VERSION}) (?:before|prior to) (?:versions? )?(?P<fixed>{ANY_VERSION})",
            rf"(?P<low>{ANY_VERSION}) (?:up to|until|through|to) (?:versions? )?(?P<high>{DOTTED_VERSION})",
            rf"between (?:versions? )?(?P<least>{DOTTED_VERSION}) and (?P<most>{DOTTED_VERSION})",
            rf"versions? (?:before|prior to|earlier than|older than) (?:versions? )?(?P<first>{ANY_VERSION})",
            rf"(?:before|prior to|earlier than|older than) (?:versions? )?(?P<start>{DOTTED_VERSION})",
            rf"(?P<later>{ANY_VERSION}) (?:and|or) (?:above|later|newer|higher|greater|up)\b",
            rf"(?:starting (?:from|with)|from|since) (?:versions? )?(?P<open>{DOTTED_VERSION})(?! {_GOES_ON})",
            rf"only (?:in )?versions? (?P<only>{DOTTED_VERSION})",
            rf"(?:, and|,| and) (?P<also>{DOTTED_VERSION})(?! (?:{_GOES_ON}|and\b|or\b))",
            r"(?P<all>all (?:previous )?versions)(?! (?:starting|from|before|prior|since|between|up))",
        )
    ),
    re.IGNORECASE | re.ASCII,
)


def read_ranges(text: str) -> Ranges:
    """Read every affected range that `text` tells, in its order.

    `A before B`, `A prior to B`, `A and later` and `all versions` are exact. After `to`, `up to` and `between`, nobody
    can tell whether the end is affected or has the fix, and it is read as if it had the fix; a single version, and a
    phrase that makes no sense, make no span and the whole inexact.
    """
    spans: list[Span] = []
    ends: list[RangeEnd] = []
    exact, everything, last = True, False, 0
    for match in _PHRASES.finditer(" ".join(text.split())):
        kind = match.lastgroup or ""
        if kind == "all":
            everything = True
        elif kind != "also" or match.start() == last:
            span, end = _said({name: value for name, value in match.groupdict().items() if value})
            exact = exact and span is not None and (end is None or end.excluded)
            spans += [span] if span else []
            ends += [end] if end else []
            last = match.end()
    if everything and not spans:
        spans = [Span(None, None)]
    return Ranges(tuple(spans), tuple(ends), is_exact=exact and bool(spans))


def _said(parts: dict[str, str]) -> tuple[Span | None, RangeEnd | None]:
    """Read one phrase: its span, when it makes one, and its end, when it has one."""
    since = _version(*(parts.get(name, "") for name in ("since", "low", "least", "later", "open")))
    fixed = _version(*(parts.get(name, "") for name in ("fixed", "first", "start", "high", "most")))
    end = RangeEnd(fixed, excluded=not {"high", "most"} & parts.keys()) if fixed else None
    if since is None and fixed is None:
        return None, None
    if since is not None and not any(since.key[0]):
        since = None
    try:
        return Span(since, fixed), end
    except Misused:
        return None, end


def _version(*texts: str) -> Version | None:
    """Read the one version among `texts`, if any."""
    return next((Version.parse(text.lower()) for text in texts if text), None)

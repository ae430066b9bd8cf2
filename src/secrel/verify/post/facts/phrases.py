"""Affected versions as people write them, read back: the phrases of published posts (gitlab-process.md 5.3)."""

from __future__ import annotations

from secrel.verify.post.facts.values import RangeEnd, Ranges
from secrel.words.errors import Misused
from secrel.words.facts.phrases import phrases
from secrel.words.spans import Span


def read_ranges(text: str) -> Ranges:
    """Read every affected range that `text` tells, in its order.

    `A before B`, `A prior to B`, `A and later` and `all versions` are exact. After `to`, `up to` and `between`, nobody
    can tell whether the end is affected or has the fix, and it is read as if it had the fix; a single version, and a
    phrase that makes no sense, make no span and the whole inexact.
    """
    found = list(phrases(" ".join(text.split())))
    told = [phrase for phrase in found if phrase.kind != "all"]
    spans: list[Span] = []
    exact = all(phrase.is_exact for phrase in told)
    for phrase in told:
        try:
            spans.append(phrase.span())
        except Misused:
            exact = False
    if not spans and len(told) < len(found):
        spans = [Span(None, None)]
    ends = tuple(RangeEnd(phrase.fixed, phrase.is_exact) for phrase in told if phrase.fixed is not None)
    return Ranges(tuple(spans), ends, is_exact=exact and bool(spans))

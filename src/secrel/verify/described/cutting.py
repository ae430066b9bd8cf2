"""Take what is computed out of a sentence, so that the rest of it still stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from secrel.verify.described.reading import SMALL_WORDS, SaidKind, Statement
from secrel.words.patterns import pattern

_PARENTHESIS = pattern(r"\s*\(([^()]*)\)")
_VERB = pattern(
    r", (?=(?:allow|cause|enable|expose|lead|let|make|permit)(?:s|d|ed)?\b"
    r"|(?:led|made|could|can|may|might|is|are|was|were)\b)"
)
"""A comma that a clause left before the verb of its sentence."""
_CLAUSE = pattern(
    r"(?P<mark>,)?\s*(?<!\w)(?:affecting|impacting|present in|[Ii]n|for|of|on) "
    r"(?P<name>(?!All |Any |The |Versions? )[A-Z][\w/+.-]*(?: [A-Z][\w/+.-]*){0,3} )?"
    r"(?:(?:[Aa]ll|any|the|older|affected|[Vv]ersions?|releases?|starting|from|since) )*$"
)


def without(sentence: str, told: Sequence[Statement], names: Collection[str], *, is_all: bool) -> str:
    """Leave out one thing that was told: the whole sentence when it says nothing else, a parenthesis, or a clause.

    `is_all` says that nothing else that documents compute stands in it. What a sentence does not stand without stays.
    """
    if is_all and _is_empty(_rest(sentence, 0, len(sentence), told), names):
        return ""
    for match in _PARENTHESIS.finditer(sentence):
        inside = [one for one in told if match.start(1) <= one.start and one.end <= match.end(1)]
        if inside and _is_empty(_rest(sentence, match.start(1), match.end(1), inside), names):
            return sentence[: match.start()] + sentence[match.end() :]
    ranges = [one for one in told if one.kind is SaidKind.RANGE]
    return _without_clause(sentence, ranges[-1]) if ranges else sentence


def clause(sentence: str, told: Statement) -> str:
    """Give the words that go with what was told when it is taken out: a range with the preposition before it."""
    lead = _CLAUSE.search(sentence[: told.start]) if told.kind is SaidKind.RANGE else None
    begins = told.start if lead is None else lead.end("name") if lead["name"] else lead.start()
    return sentence[begins : told.end].lstrip(" ,")


def _rest(sentence: str, start: int, end: int, told: Sequence[Statement]) -> str:
    """Give a stretch of a sentence without what was told in it."""
    kept, place = [], start
    for one in told:
        kept.append(sentence[place : one.start])
        place = one.end
    return " ".join([*kept, sentence[place:end]])


def _is_empty(rest: str, names: Collection[str]) -> bool:
    return all(word in SMALL_WORDS or word in names for word in re.split(r"[\W_]+", rest.lower()) if word)


def _without_clause(sentence: str, told: Statement) -> str:
    before, after = sentence[: told.start], sentence[told.end :]
    lead = _CLAUSE.search(before)
    if lead is None:
        return sentence  # the range is a part of what is said, and the sentence does not stand without it
    left = before[: lead.start()].rstrip()
    if lead["name"]:
        left = before[: lead.end("name")].rstrip()
    if not left:
        return _capital(after.lstrip(" ,")) if after.startswith(",") else sentence
    both = lead["mark"] is not None and after.startswith(",") and not lead["name"]
    return left + (after[1:] if both or _VERB.match(after) else after)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""A sentence of a description, read: what it says that documents compute, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.facts.phrases import DOTTED, Phrase, phrases
from secrel.words.ids import CVE
from secrel.words.patterns import pattern
from secrel.words.spans import Span
from secrel.words.versions import Version


class SaidKind(StrEnum):
    """What documents compute of a fix, and a description does not say; in the words that findings use."""

    RANGE = "range"
    VERSION = "version"
    SCORE = "score"
    VECTOR = "vector"
    SEVERITY = "severity"
    CVE = "CVE id"
    THANKS = "thanks"
    ADDRESS = "address"


class Statement(Struct, frozen=True):
    """One such thing: its words from `start` to `end` of the sentence, and its value as text.

    `spans` are those of a range; empty for one that can be read in two ways.
    """

    kind: SaidKind
    start: int
    end: int
    value: str
    spans: tuple[Span, ...] = ()


_WORDS = "none|low|medium|moderate|high|critical"
_FAULT = "issues?|vulnerabilit(?:y|ies)|flaws?|bugs?|weakness(?:es)?"
_THANKS = (
    r"\b(?:[Tt]hanks to|[Tt]hank you|[Tt]hank(?:s,?)?|[Tt]hanking|[Kk]udos(?: to)?,?|[Pp]rops to|[Ss]hout-?out to|"
    r"[Hh]at tip to|[Cc]redits? to|[Cc]redits?:|[Cc]redit goes to|"
    r"(?:[Rr]eported|[Dd]iscovered|[Dd]isclosed|[Ff]ound) (?:\w{1,20}ly )?by) "
    r"(?:(?:the |an? )?(?:independent )?(?:security )?(?:researchers?|finders?|reporters?) )?"
)
_NOBODY = (
    "a|all|an|any|anybody|anyone|chance|customers?|default|design|everybody|everyone|his|how|it|its|itself|many|"
    "missing|no|one|our|ours|several|some|somebody|someone|staff|that|the|their|them|these|this|those|us|users?|"
    "what|who|you"
)
_DASH = r"[-_ \u2010-\u2015\u2212]"
_PATTERNS: tuple[tuple[SaidKind, re.Pattern[str]], ...] = (
    (SaidKind.VECTOR, pattern(r"\bCVSS:[34]\.\d(?:/[A-Z]{1,3}:[A-Z]{1,2}){4,32}")),
    (SaidKind.ADDRESS, pattern(r"\bhttps?://[^\s<>\"'`)\]]*[^\s<>\"'`)\].,;:!?]")),
    (SaidKind.ADDRESS, pattern(r"(?<![\w.+/-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    (
        SaidKind.ADDRESS,
        pattern(r"(?<![\w/.-])[\w-]{1,60}(?:/[\w.-]{1,60}){1,5}[#!]\d{1,9}\b|(?<!\S)\(?[#!]\d{2,9}\b"),
    ),
    (
        SaidKind.ADDRESS,
        pattern(
            r"(?<![\w@/.-])(?:[a-z0-9-]{1,63}\.){1,4}(?:app|cloud|co|com|corp|de|dev|edu|eu|example|gov|internal|io|"
            r"local|net|org|test|uk)/[^\s<>\"'`)\]]*[^\s<>\"'`)\].,;:!?]",
            re.IGNORECASE,
        ),
    ),
    (SaidKind.ADDRESS, pattern(r"\bGHSA(?:-[a-z0-9]{4}){3}\b|(?<![\w/])[0-9a-f]{40}(?!\w)", re.IGNORECASE)),
    (
        SaidKind.ADDRESS,
        pattern(
            r"\b(?:issue|merge request|pull request|MR|PR|report|ticket|incident) (?:[#!]\d{1,9}|\d{5,9})\b(?!\.\d)",
            re.IGNORECASE,
        ),
    ),
    (SaidKind.CVE, pattern(CVE.pattern, re.ASCII)),
    (SaidKind.CVE, pattern(rf"\bCVE{_DASH}\d{{4}}{_DASH}\d{{4,19}}\b", re.IGNORECASE)),
    (SaidKind.SEVERITY, pattern(rf"\b(?P<value>{_WORDS})[- ]severity\b", re.IGNORECASE)),
    (SaidKind.SEVERITY, pattern(rf"\bseverity::\d\b|\b[SP][1-4](?= (?:{_FAULT})\b)", re.IGNORECASE)),
    (
        SaidKind.SEVERITY,
        pattern(rf"\bseverity(?: rating| level)?(?: is| was| of|:)? (?P<value>{_WORDS})\b", re.IGNORECASE),
    ),
    (
        SaidKind.SEVERITY,
        pattern(
            rf"\b(?:rated|considered|deemed|ranked|classified|assessed)(?: as| at| to be)? (?P<value>{_WORDS})\b",
            re.IGNORECASE,
        ),
    ),
    (
        SaidKind.SEVERITY,
        pattern(
            rf"\b(?P<value>{_WORDS})(?=(?:[- ]risk| security)? (?:{_FAULT})\b"
            r"(?! (?:count|number|tracker|report|list)s?\b))",
            re.IGNORECASE,
        ),
    ),
    (
        SaidKind.SCORE,
        pattern(
            r"\b(?:(?:CVSS(?: ?v?[34](?:\.\d)?)?:? )?(?:base )?score(?: of(?: this| it)?)?(?: is| was|:)?|"
            r"CVSS(?: ?v?[34](?:\.\d)?)?(?: of|:)?|scor(?:ed|es|ing)|rated(?: at)?) "
            r"(?!(?:2\.0|3\.0|3\.1|4\.0)\b)(?P<value>\d{1,2}(?:\.\d)?)\b(?!\.\d)",
            re.IGNORECASE,
        ),
    ),
    (SaidKind.SCORE, pattern(r"(?<=:[A-Z])`?,? \(?(?P<value>\d{1,2}\.\d)\b(?!\.\d)")),
    (
        SaidKind.SCORE,
        pattern(r"(?<![\w./])(?P<value>\d{1,2}(?:\.\d)?) ?(?:/ ?|out of )10\b(?![\w./]\d)", re.IGNORECASE),
    ),
    (
        SaidKind.THANKS,
        pattern(
            rf"{_THANKS}(?P<value>`[^`]{{1,80}}`|\[[^\]]{{1,80}}\]|"
            r"@?[A-Z0-9@][\w.@-]*\w(?: [A-Z](?:[\w.-]*\w)?){0,3})"
        ),
    ),
    (
        SaidKind.THANKS,
        pattern(
            rf"{_THANKS}(?P<value>(?!(?:{_NOBODY})\b)[a-z][\w.-]{{0,40}}\w)"
            r"(?=!|[.]?$| (?:for|who) (?:report|find|found|discover|disclos|the report|this)"
            r"| (?:via|through|on|at) (?:our |the )?(?:[Hh]acker[Oo]ne|[Bb]ugcrowd|[Ii]ntigriti|bug bounty|e?-?mail))"
        ),
    ),
    (
        SaidKind.THANKS,
        pattern(
            r"(?<!\w)(?P<value>@[\w.-]{0,38}\w|[A-Z][\w.-]*\w(?: [A-Z](?:[\w.-]*\w)?){1,3})(?= (?:has |have )?"
            r"(?:\w{1,20}ly )?(?:reported|discovered|disclosed|found) (?:this|the|it)\b)"
        ),
    ),
)
_NUMBERS = r"\bv?\d{1,9}(?:\.\d{1,9}){1,5}"
_UNITS = r"(?:[KMGT]i?B|(?:milli|micro)?seconds?|minutes?|hours?|days?|weeks?|months?|years?|percent)\b"
_OTHERWISE: tuple[re.Pattern[str], ...] = tuple(
    pattern(told, re.IGNORECASE | re.ASCII)
    for told in (
        rf"(?:\b(?:up to(?: and including)?|until|through|thru)|[<>]=?|[\u2264\u2265]) ?{_NUMBERS}(?![-.]?\w)",
        rf"(?<![\w.]){_NUMBERS} ?[-\u2013\u2014] ?{_NUMBERS}(?![-.]?\w)",
        rf"{DOTTED} (?:and|or) (?:all )?(?:below|earlier|lower|older|previous|prior|under)\b",
        r"(?<![\w.])\d{1,9}(?:\.\d{1,9}){0,3}\.[x*](?!\w)",
        rf"\b(?:versions?|releases?) (?:below|under|above|after|over|beyond|past) {_NUMBERS}(?![-.]?\w)",
        rf"\b(?:newer|higher|greater|later|lower) than (?:versions? )?{_NUMBERS}(?![-.]?\w)(?! ?{_UNITS})",
    )
)
"""Ways to say which versions are concerned that leave open which version has the fix, or are for a person to read."""
_ONE = pattern(
    r"\b(?:versions?|releases?|(?:fixed|patched|mitigated|affected|introduced|present) in|"
    rf"(?:introduced|present) (?:since|with|from|by)|as of|upgrade to) {DOTTED}|{DOTTED}(?= (?:series|branch|line)\b)",
    re.IGNORECASE | re.ASCII,
)
_SEVERAL = pattern(
    rf"\b(?:versions?|releases?|both) {DOTTED}(?:(?:,| and| or|, and|, or) {DOTTED})+", re.IGNORECASE | re.ASCII
)
"""Versions that are listed: each of them is one."""
_DOTTED = pattern(DOTTED, re.IGNORECASE | re.ASCII)
_BARE = pattern(r"(?<![\w.])v?(?P<value>\d{1,9}(?:\.\d{1,9}){2,5})(?![.-]?[A-Za-z0-9_])", re.ASCII)
_LAST = pattern(r"[^\W_]+(?=[\s(]*$)")
_AHEAD = frozenset(
    [
        *("ab", "above", "after", "al", "antes", "avant", "before", "below", "beyond", "bis", "da", "dal", "dalla"),
        *("de", "del", "della", "dem", "den", "depuis", "der", "des", "desde", "die", "do", "du", "earlier"),
        *("fino", "fra", "fram", "la", "le", "lower", "newer", "od", "older", "over", "past", "prima", "prior"),
        *("przed", "que", "seit", "since", "than", "through", "til", "till", "tot", "under", "until", "up", "van"),
        *("vanaf", "voor", "vor"),
    ]
)
"""Words of several languages behind which a version stands that is meant of the product."""
_BETWEEN = pattern(
    r"[\s,;]*(?:(?:and|[Aa]ll|versions?|releases?|starting|from|in|of(?: [A-Z][\w/+-]*){0,3})(?![\w.])[\s,;]*)*"
)
_LEAD = pattern(
    r"(?:\b(?:all|any|the|affected|older|versions?|releases?|starting|from|since|of|in|on)\s+)*$", re.IGNORECASE
)
_NAME = pattern(r"(?<![\w.])([A-Z][\w+/-]*(?:\.[\w+/-]+)?(?: [A-Z][\w+/-]*)*)\s+$")
_OF = pattern(r" of ([A-Z][\w+/-]*)")
SMALL_WORDS = frozenset(
    [
        *("a", "affected", "affecting", "affects", "all", "an", "and", "any", "are", "as", "assigned", "assigns"),
        *("base", "been", "before", "bounty", "bug", "by", "credit", "credits", "cve", "cvss", "disclosed"),
        *("discovered", "each", "every", "fixed", "flaw", "for", "found", "from", "goes", "hackerone", "has"),
        *("have", "id", "identified", "impacted", "impacting", "impacts", "in", "included", "internally", "is"),
        *("issue", "it", "its", "later", "latest", "mitigated", "no", "now", "of", "on", "only", "our", "patched"),
        *("program", "public", "rated", "rating", "release", "released", "releases", "report", "reported"),
        *("reporting", "responsibly", "s", "score", "security", "severity", "starting", "team", "thank", "thanks"),
        *("that", "the", "they", "this", "through", "to", "upgrade", "us", "vector", "version", "versions"),
        *("vulnerability", "vulnerable", "was", "we", "were", "with", "you", "your"),
    ]
)
"""Words with which people say what documents compute: a sentence of nothing else says nothing else."""


def read(sentence: str, names: Collection[str]) -> list[Statement]:
    """Read a sentence whose white space is folded; `names` are small words that a product is called by.

    A version that stands behind another name is somebody else's, and says nothing of this product.
    """
    found = [
        Statement(kind, m.start(), m.end(), _value(m))
        for kind, pattern in _PATTERNS
        for m in pattern.finditer(sentence)
    ]
    ours = [one for told in _of_versions(sentence) if _is_ours(sentence, told, names) for one in _each(sentence, told)]
    kept: list[Statement] = []
    for told in (*found, *ours):
        if not any(told.start < other.end and other.start < told.end for other in kept):
            kept.append(told)
    return sorted(kept, key=lambda told: told.start)


def _of_versions(sentence: str) -> Iterator[Statement]:
    """Give all that is said of versions, whoever's they are: ranges first, then lists, then single ones."""
    yield from _ranges(sentence)
    for told in _OTHERWISE:
        yield from (Statement(SaidKind.RANGE, m.start(), m.end(), m[0]) for m in told.finditer(sentence))
    for told in (_SEVERAL, _ONE):
        yield from (Statement(SaidKind.VERSION, m.start(), m.end(), m[0]) for m in told.finditer(sentence))


def _each(sentence: str, told: Statement) -> Iterator[Statement]:
    """Give each version of several that are listed together; the first stands with the word before it."""
    if told.kind is not SaidKind.VERSION:
        yield told
        return
    for number, one in enumerate(_DOTTED.finditer(sentence, told.start, told.end)):
        yield Statement(SaidKind.VERSION, one.start() if number else told.start, one.end(), one[0])


def bare(sentence: str, names: Collection[str]) -> list[Statement]:
    """Give the versions of three numbers or more that no other words are around, in whatever language a text is.

    One behind a word that is neither small nor the product's may be of something else, and is left alone; so is one
    of which the words around it say whose it is.
    """
    said = list(_of_versions(sentence))
    found = [Statement(SaidKind.VERSION, m.start(), m.end(), m["value"]) for m in _BARE.finditer(sentence)]
    alone = [one for one in found if not any(one.start < told.end and told.start < one.end for told in said)]
    return [told for told in alone if _is_bare(sentence[: told.start], names)]


def _is_bare(before: str, names: Collection[str]) -> bool:
    last = _LAST.search(before)
    word = last[0].casefold() if last else ""
    return not word or not word.isascii() or word in SMALL_WORDS or word in names or word in _AHEAD


def _value(match: re.Match[str]) -> str:
    return (match.groupdict().get("value") or match[0]).strip("`[]@(")


def _ranges(sentence: str) -> Iterator[Statement]:
    """Give runs of phrases with nothing but small words between them."""
    run: list[Phrase] = []
    for phrase in phrases(sentence):
        if run and not _BETWEEN.fullmatch(sentence[run[-1].end : phrase.start]):
            yield _range(sentence, run)
            run = []
        run.append(phrase)
    if run:
        yield _range(sentence, run)


def _range(sentence: str, run: list[Phrase]) -> Statement:
    start, end = run[0].start, run[-1].end
    said = [phrase for phrase in run if phrase.kind != "all"] or run
    try:
        spans = tuple(phrase.span() for phrase in said) if all(phrase.is_exact for phrase in said) else ()
    except Misused:
        spans = ()
    return Statement(SaidKind.RANGE, start, end, sentence[start:end], spans)


def _is_ours(sentence: str, told: Statement, names: Collection[str]) -> bool:
    """Whether the name before a version, or in or after *all versions of*, is the product's, or there is none."""
    before = _NAME.search(_LEAD.sub("", sentence[: told.start]))
    name = before or _OF.search(sentence, told.start, told.end) or _OF.match(sentence, told.end)
    words = {word for word in re.split(r"[\W_]+", name[1].lower()) if word} if name else set()
    return not words - SMALL_WORDS or bool(words & set(names))


def is_version_of(value: str, known: Collection[Version]) -> bool:
    """Whether a version as written is one of those that are known."""
    return Version.parse(value) in known

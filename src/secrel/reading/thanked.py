"""Whom a cell of a table thanks: links to profiles, handles and names, or that somebody inside found it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from secrel.reading.tables import LINK, Cell
from secrel.words.advisories import Credit, CreditSource
from secrel.words.errors import Misused
from secrel.words.patterns import pattern

ADDRESS = pattern(r"https?://[^\s<>()|]{1,1900}[^\s<>()|.,;]")
"""An address of the web, as it stands in words."""
_REMEDY = (
    "write names, @handles or [name](address of the profile) alone, or that it was found internally and nothing else"
)
_REPORT = pattern(r"https?://(?:www\.)?hackerone\.com/reports/\d+\S*", re.IGNORECASE)
_PROFILE = pattern(
    r"https?://(?:www\.)?hackerone\.com/(?!(?:hacktivity|directory|reports|users|bugs|opportunities|leaderboard)\b)"
    r"([\w.-]+)/?(?:\?\S*)?",
    re.IGNORECASE | re.ASCII,
)
_OTHER_PLACE = pattern(r"https?://(?:www\.)?hackerone\.com(?:/|\Z)|\S*/-/", re.IGNORECASE)
_INSIDE = pattern(
    r"(?:(?:this )?(?:issue|vulnerability) (?:was|has been) )?(?:(?:found|discovered|reported|identified) )?(?:"
    r"internal(?:ly)?(?: (?:finding|discovery|report|team))?(?: by (?:the |an? |our )?(?:own )?team(?: members?)?)?"
    r"|(?:by )?(?:the |an? )?(?:our )?(?:own )?(?:internal )?team members?|(?:by )?our (?:own )?team)\.?",
    re.IGNORECASE,
)
_BETWEEN = pattern(r"\s*(?:\n|,|;|&|\band\b)\s*")
_VIA = pattern(r"\s*\((?:via |on )?hackerone\)|\s+(?:via|on|from) hackerone", re.IGNORECASE)
_THANKS = pattern(r"(?:thanks to|(?:found|reported|discovered) by):? (?=\S)", re.IGNORECASE)
_REPORTED = "\1"
_OF_REPORT = pattern(r"\A\x01\s*(?:by )?|\s*\(?\x01\)?\Z")
_PERSON = pattern(rf"(?:(?P<name>[^{LINK}]+?)\s*)?(?P<link>\(?{LINK}\)?)?")
_HANDLE = pattern(r"@?([\w.-]{1,60})", re.ASCII)
_NAMED = r"(?:[^\W\d_a-z][\w.'\u2019-]*|de|da|di|du|do|dos|del|la|le|van|von|der|den|ter|zu|bin|ibn|al|el|y)"
_NAME = pattern(rf"[^\W\d_a-z][\w.'\u2019-]*(?: {_NAMED}){{0,5}}")
_PROSE = pattern(
    r"(?<![\w-])(?:yes|no|not?|tb[acd]|todo|unknown|unsure|unclear|pending|maybe|later|anonymous(?:ly)?|nobody|no-one|"
    r"noone|some(?:body|one)|any(?:body|one)|everyone|external(?:ly)?|internal(?:ly)?|hackerone|h1|reporters?|"
    r"researchers?|finders?|authors?|here|there|links?|profiles?|reports?|issues?|tickets?|this|that|same|above|below|"
    r"see|please|thanks?|thank|found|reported|discovered|by|to|from|via|team|members?|us|we|me|him|her|them|it|as|in|"
    r"the|who|whoever|name|credits?|wants|stay|jr|sr|ii|iii|phd|inc|ltd|llc|gmbh)(?![\w-])",
    re.IGNORECASE,
)


class _Linked(Struct, frozen=True):
    words: str
    address: str


def thanked(cell: Cell) -> tuple[Credit, ...]:
    """Give everybody whom a cell names, in its order; raises `Misused` for words of which it is not sure who is meant.

    A report on HackerOne is where the one person of its cell reported it, and names nobody.
    """
    words, links = _taken_apart(cell)
    if not links and _INSIDE.fullmatch(" ".join(words.split())):
        return (Credit(source=CreditSource.INTERNAL),)
    reports = [one.address for one in links if _REPORT.fullmatch(one.address)]
    people = iter([one for one in links if not _REPORT.fullmatch(one.address)])
    source = CreditSource.HACKERONE if reports or _VIA.search(words) else CreditSource.UNSAID
    told = _THANKS.sub("", words, count=1) if _THANKS.match(words) else words
    parts = [_OF_REPORT.sub("", part.strip()).strip() for part in _BETWEEN.split(told)]
    found = [_credit(part, people, source) for part in parts if part]
    if not found or len(reports) > 1 or (reports and len(found) > 1):
        raise Misused("it does not say who is thanked", remedy=_REMEDY)
    report = reports[0] if reports else ""
    return (Credit(found[0].name, found[0].source, found[0].type, found[0].profile, report), *found[1:])


def _taken_apart(cell: Cell) -> tuple[str, list[_Linked]]:
    """Give the words with a sign for each link and each bare address, and those in their order."""
    left = iter(cell.links)
    links: list[_Linked] = []

    def sign(match: re.Match[str]) -> str:
        words, address = next(left) if match[0] == LINK else ("", match[0])
        links.append(_Linked("" if words == address else words, address))
        return _REPORTED if _REPORT.fullmatch(address) else LINK

    text = re.sub(rf"{LINK}|{ADDRESS.pattern}", sign, cell.beside)
    return text, links


def _credit(part: str, people: Iterator[_Linked], source: CreditSource) -> Credit:
    """Read one person: a name, a link, or a name with the bare address of a profile beside it."""
    match = _PERSON.fullmatch(_VIA.sub("", part).strip())
    name = match["name"] if match else None
    if match is None or (name is None and match["link"] is None):
        raise Misused("it does not say in a way that can be read who is thanked", remedy=_REMEDY)
    if match["link"] is None:
        return Credit(_name(name or ""), source)
    link = next(people)
    of_hackerone = _PROFILE.fullmatch(link.address)
    if name and link.words:
        raise Misused("words stand beside a link, and it does not say who is thanked", remedy=_REMEDY)
    if of_hackerone is None and _OTHER_PLACE.match(link.address):
        raise Misused("a link in it leads to no profile, and it does not say who is thanked", remedy=_REMEDY)
    said = _name(name) if name else link.words.removeprefix("@")
    if not said and of_hackerone is None:
        raise Misused(f"{link.address[:80]!r} does not say who it is", remedy=_REMEDY)
    if not name and link.words and not link.words.startswith("@") and _is_prose(link.words):
        raise Misused("the words of a link are no name, and it does not say who is thanked", remedy=_REMEDY)
    named = said or (of_hackerone[1] if of_hackerone else "")
    return Credit(named, CreditSource.HACKERONE if of_hackerone else source, profile=link.address)


def _is_prose(words: str) -> bool:
    """Whether words speak of somebody rather than name them; a suffix after a comma is part of a name in a link."""
    return _PROSE.search(words.partition(",")[0]) is not None


def _name(words: str) -> str:
    is_handle = words.startswith("@") and _HANDLE.fullmatch(words)
    if is_handle or ((_HANDLE.fullmatch(words) or _NAME.fullmatch(words)) and not _PROSE.search(words)):
        return words.removeprefix("@")
    raise Misused("it does not say in a way that can be read who is thanked", remedy=_REMEDY)

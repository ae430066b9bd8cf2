"""Claims: what only a person can say, as they said it, a yes or a no; and waivers, a person's signed exceptions."""

from __future__ import annotations

import re

from msgspec.structs import replace

from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, order
from secrel.evaluate.people import subject_of
from secrel.journal.entries import entry_of
from secrel.papers.scene import Scene
from secrel.process.roles import Act
from secrel.words.errors import Misused
from secrel.words.patterns import pattern
from secrel.words.people import Claim

_A_YES = pattern(
    r"\W*(?:yes|yeah|yep|agreed?|ok(?:ay)?|sure|fine|confirmed|approved|done"
    r"|no(?:t an?)? (?:objections?|problems?|concerns?|worries|issues?|doubts?|blockers?|complaints?))\b"
    r"(?!\W*(?:but|no|nope|not|never)\b)",
    re.IGNORECASE,
)
_A_NO = pattern(
    r"^\W*(?:no|not|never|nope|nah|nay|nein|non|negative|rejected|refused|denied|declined)\b"
    r"|^\W*(?:n|wait|hold|stop|on hold|blocked|wrong)\b|\bno\W*$|^\s*-1\b|[\u274c\U0001f44e]"
    r"|\b(?:cannot|never|nobody|disagree[ds]?|refused?|against|objects?|nack|a (?:clear |firm |hard )?no)\b"
    r"|\b(?:rejected|declined|vetoe[ds]|withdr[ae]wn?|withdrew|revoked?|hold off)\b"
    r"|\b(?:do|does|did|would|could|should|must|is|are|was|were|has|have|ca|wo)nt\b"
    r"|\b(?:do|does|did|will|would|can|could|should|must|may|shall|is|are|am|was|were|has|have)(?: not|n['\u2019]t)\b"
    r"|\b(?:ca|wo|sha)n['\u2019]t\b",
    re.IGNORECASE,
)

_UNDECIDED = pattern(
    r"(?:[?\u2026]|\.\.\.)\W*$|^\W*$"
    r"|\b(?:maybe|perhaps|unsure|unclear|undecided|unconfirmed|unanswered|tb[acd]|pending|awaiting|waiting)\b"
    r"|\bto be (?:decided|confirmed|determined|discussed|agreed|clarified|announced|seen)\b"
    r"|\blet(?: me|['\u2019]?s) (?:ask|check|see|think|look)\b|\bask (?:me|us|them|him|her|again|later)\b"
    r"|(?:\b(?:will|shall|must|(?:have|has|need|needs) to)|['\u2019]ll)"
    r" (?:ask|check|see|look|think|decide|discuss|clarify)\b",
    re.IGNORECASE,
)


def claim(desk: Desk, name: str, gate: str, words: str, *, waives: bool = False) -> Claim:
    """Record that somebody says of a gate that it holds, or signs an exception from it.

    It is said of what is so now; which facts those are is in the gate's row. Raises `Misused` for a release that there
    is not, a gate that the process does not have, a claim or waiver without words, and a yes whose words are a no, or
    decide nothing; `Refused` for somebody whose word it is not.
    """
    where, is_open = f"{name}, {gate[:60]}", not waives and bool(words.strip()) and not _A_YES.match(words)
    if is_open and _A_NO.search(words):
        remedy = "add --no; or begin with a yes, where they mean one"
        raise Misused("these words say no, and would count as a yes", where=where, remedy=remedy)
    if is_open and _UNDECIDED.search(words):
        remedy = "claim it once it is answered; or begin with a yes, where they mean one"
        raise Misused("these words decide nothing, and would count as a yes", where=where, remedy=remedy)
    if waives and words.strip() and not any(map(str.isalnum, words)):
        raise Misused("these words give no reason for an exception", where=where, remedy='say why: --words "…"')
    return _said(desk, Claim(name, gate, desk.by, desk.now(), words.strip(), waives=waives))


def deny(desk: Desk, name: str, gate: str, words: str) -> Claim:
    """Record a no: that a gate does not hold, whatever its check says, until somebody claims that it does.

    Raises what `claim` raises.
    """
    return _said(desk, Claim(name, gate, desk.by, desk.now(), words.strip(), denies=True))


def _said(desk: Desk, said: Claim) -> Claim:
    row = desk.process.gate_called(said.gate)
    if row is None:
        known = ", ".join(g.name for g in desk.process.gates)
        raise Misused(f"there is no gate {said.gate[:60]!r}", where=said.release, remedy=f"name one of: {known}")
    if not said.words:
        raise Misused("the words are empty", where=f"{said.release}, {said.gate}", remedy='say it: --words "…"')
    told: list[Claim] = []

    def ordered(seen: Scene) -> Ordered:
        about = "" if said.waives else subject_of(seen.snapshot, row.told("about") or ())
        told[:] = [replace(said, gate=row.name, about=about)]
        return Ordered(entries=(entry_of(told[0]),))

    order(desk, said.release, Act.WAIVE if said.waives else Act.CLAIM, ordered, row)
    return told[0]

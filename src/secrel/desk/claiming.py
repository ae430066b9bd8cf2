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


def claim(desk: Desk, name: str, gate: str, words: str, *, waives: bool = False) -> Claim:
    """Record that somebody says of a gate that it holds, or signs an exception from it.

    It is said of what is so now; which facts those are is in the gate's row. Raises `Misused` for a release that there
    is not, a gate that the process does not have, a claim or waiver without words, and a yes whose words are a no;
    `Refused` for somebody whose word it is not.
    """
    if _A_NO.search(words) and not _A_YES.match(words) and not waives:
        remedy = "add --no; or begin with a yes, where they mean one"
        raise Misused("these words say no, and would count as a yes", where=f"{name}, {gate[:60]}", remedy=remedy)
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

"""Claims: what only a person can say, as they said it; and waivers, a person's signed exceptions."""

from __future__ import annotations

from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, order
from secrel.journal.entries import entry_of
from secrel.process.roles import Act
from secrel.words.errors import Misused
from secrel.words.people import Claim


def claim(desk: Desk, name: str, gate: str, words: str, *, waives: bool = False) -> Claim:
    """Record what the person at the desk says of a gate.

    Raises `Misused` for a release that there is not, a gate that the process does not have, and for a claim or waiver
    without words; `Refused` for somebody whose word it is not.
    """
    row = desk.process.gate(gate)
    if row is None:
        known = ", ".join(g.name for g in desk.process.gates)
        raise Misused(f"there is no gate {gate[:60]!r}", where=name, remedy=f"name one of: {known}")
    if not words.strip():
        raise Misused("nothing is said", where=f"{name}, {gate}", remedy='say it: --words "…"')
    said = Claim(name, gate, desk.by, desk.now(), words.strip(), waives=waives)
    order(desk, name, Act.WAIVE if waives else Act.CLAIM, lambda _: Ordered(entries=(entry_of(said),)), row)
    return said

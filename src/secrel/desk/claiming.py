"""Claims: what only a person can say, as they said it; and waivers, a person's signed exceptions."""

from __future__ import annotations

from secrel.desk.desk import Desk
from secrel.observe.observing import releases
from secrel.words.effects import Claim
from secrel.words.errors import Misused


def claim(desk: Desk, name: str, gate: str, words: str, *, waives: bool = False) -> Claim:
    """Record what the person at the desk says of a gate.

    Raises `Misused` for a release that there is not, a gate that the process does not have, and for a claim or waiver
    without words.
    """
    if name not in {found.release for found in releases(desk.forge, desk.process)}:
        raise Misused(f"there is no release {name[:60]!r}", remedy="start it: secrel start --from release.yaml")
    if desk.process.gate(gate) is None:
        known = ", ".join(g.name for g in desk.process.gates)
        raise Misused(f"there is no gate {gate[:60]!r}", where=name, remedy=f"name one of: {known}")
    if not words.strip():
        raise Misused("nothing is said", where=f"{name}, {gate}", remedy='say it: --words "…"')
    said = Claim(name, gate, desk.by, desk.now(), words.strip(), waives=waives)
    desk.journal.claimed(said)
    return said

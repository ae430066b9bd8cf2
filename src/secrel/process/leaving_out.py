"""A process without what a vendor does not have, a git repository of the product or a CNA (mission M1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from secrel.process.table import CNA, GIT, Lacking, Process

_NEEDING: Final[Mapping[Lacking, frozenset[str]]] = {
    GIT: frozenset({"merge_requests_ready", "versions_tagged", "fixes_in_tags", "ranges_proved"}),
    CNA: frozenset({"cve_updates", "ask_about_ids"}),
}
"""The checks and lines of work that nobody can do without it."""


def left_out(process: Process) -> Process:
    """Give a process without the gates that need what the vendor lacks, and with the order of the rest.

    Gates at which a person says what could be looked at if it were there are left out where it is. Without a CNA
    others are asked and told, and nothing is said of one's own: `[cna]` is empty then.
    """
    needing = frozenset[str]().union(*(_NEEDING[one] for one in process.lacks))
    moot = {gate.name for gate in process.gates if gate.only_without and gate.only_without not in process.lacks}
    here = tuple(
        replace(gate, after=tuple(one for one in gate.after if one not in moot))
        for gate in process.gates
        if gate.name not in moot
    )
    process = replace(process, gates=here)
    for gate in here:
        if needing & {gate.check, gate.makes}:
            process = process.without(gate.name)
    return replace(process, cna={}) if CNA in process.lacks else process

"""A process file in; a process out, or every fault of it with its line (mission M1, M3; style 4.4, 4.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from secrel.process.keys import note_labels, note_missing
from secrel.process.linting import note_faults
from secrel.process.table import CNA, GIT, Gate, Lacking, Process
from secrel.reading import largest
from secrel.reading.documents import Faults, Malformed
from secrel.reading.signs import Path
from secrel.reading.toml import read_toml
from secrel.shipped import text_beside
from secrel.words.errors import Misused

BUILTIN_NAMES = ("gitlab", "generic")
_REMEDY = "correct the line; secrel manual process-file has every key"


class Vocabulary(Struct, frozen=True):
    """What other rooms know of a process table, passed in because they stand above this one.

    `params` gives the kind of what a check is told, by the check's name, and raises `Misused` for a name that is none;
    `cadence` is the kind of the train's rule; `works` are the names of the lines of work, None where nobody compares
    them.
    """

    params: Callable[[str], type[msgspec.Struct]]
    cadence: Any
    works: frozenset[str] | None = None


def read_process(text: str | bytes, file: str, vocabulary: Vocabulary) -> Process:
    """Read a process file; `file` is how complaints call it. Raises `Malformed` with all its faults."""
    try:
        return _right(text, vocabulary)
    except Malformed:
        return _read(text, file, vocabulary)


@lru_cache(maxsize=8)  # a command asks for it where it opens the desk, and where it opens what people do on the forge
def _right(text: str | bytes, vocabulary: Vocabulary) -> Process:
    return _read(text, "", vocabulary)


def _read(text: str | bytes, file: str, vocabulary: Vocabulary) -> Process:
    document = read_toml(text, file, most=largest.PROCESS, remedy=_REMEDY)
    process = document.decode(Process)
    faults = Faults(document)
    note_faults(process, vocabulary.works, faults)
    note_missing(left_out(process), faults)
    gates = tuple(_told(gate, ("gate", number), vocabulary, faults) for number, gate in enumerate(process.gates))
    cadence = process.cadence and faults.decode(process.cadence, vocabulary.cadence, ("cadence",))
    read = replace(process, gates=gates, cadence=cadence)
    note_labels(read, faults)
    faults.raise_if_any()
    return left_out(read)


def _told(gate: Gate, row: Path, vocabulary: Vocabulary, faults: Faults) -> Gate:
    """Give a gate with what its check is told, decoded as that check wants it."""
    kind = faults.attempt((*row, "check"), lambda: vocabulary.params(gate.check))
    told = {} if gate.params is None else gate.params
    return gate if kind is None else replace(gate, params=faults.decode(told, kind, (*row, "params")))


def builtin_text(name: str) -> str:
    """Give the text of a process that ships with the program; raises `Misused` for a name that is none."""
    if name not in BUILTIN_NAMES:
        raise Misused(
            f"no process named {name[:60]!r} ships with secrel",
            remedy=f"name one of {', '.join(BUILTIN_NAMES)}, or the path of your own process file",
        )
    return text_beside("secrel.process", f"builtin/{name}.toml")


def builtin(name: str, vocabulary: Vocabulary) -> Process:
    """Read a process that ships with the program; raises `Misused` for a name that is none."""
    return read_process(builtin_text(name), f"{name}.toml", vocabulary)


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

"""A process file in; a process out, or every fault of it with its line (mission M1, M3; style 4.4, 4.7)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from importlib import resources
from typing import Any

from secrel.process.due import read_due
from secrel.process.linting import faults_of_gate, faults_of_order, faults_of_product
from secrel.process.places import find_places
from secrel.process.rows import Fault, Row
from secrel.process.table import Gate, Phase, Process
from secrel.words.errors import Misused
from secrel.words.releases import Kind, Product

BUILTIN_NAMES = ("gitlab", "generic")
_LONGEST = 1_000_000
_SHOWN = 20
_SECTIONS = ("projects", "channels", "labels", "people", "addresses", "cna")
_TOP = ("name", "title", "phase", "gate", "product", "cadence", "defaults", *_SECTIONS)
_GATE = tuple(f.name for f in fields(Gate) if f.name != "place")
_PRODUCT = tuple(f.name for f in fields(Product))
_DEFAULTS = ("disclosure_days", "form", "series")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names a table may use: each check with what it may be told, and the lines of work.

    They belong to other rooms, so they are passed in; None: they are not known here and not compared. `cadence` reads
    the rule of the train with its parameters, and raises `Misused` for one that is none.
    """

    checks: Mapping[str, frozenset[str]] | None = None
    works: frozenset[str] | None = None
    cadence: Callable[[str, Mapping[str, object]], object] | None = None


ANY_NAMES = Vocabulary()


def lint(text: str, file: str, vocabulary: Vocabulary = ANY_NAMES) -> tuple[Fault, ...]:
    """Give every fault of a process file, in the order of its lines; none when it can be used."""
    return _read(text, file, vocabulary)[1]


def read_process(text: str, file: str, vocabulary: Vocabulary = ANY_NAMES) -> Process:
    """Read a process file; `file` is how complaints call it. Raises `Misused` with all its faults."""
    process, faults = _read(text, file, vocabulary)
    if process is None or faults:
        first, *more = faults
        listed = [f"{fault.place}: {fault.what}" for fault in more[:_SHOWN]]
        left = [f"and {len(more) - _SHOWN} more"] if len(more) > _SHOWN else []
        raise Misused("\n".join([first.what, *listed, *left]), where=first.place, remedy=first.remedy)
    return process


def builtin_text(name: str) -> str:
    """Give the text of a process that ships with the program; raises `Misused` for a name that is none."""
    if name not in BUILTIN_NAMES:
        raise Misused(
            f"no process named {name[:60]!r} ships with secrel",
            remedy=f"name one of {', '.join(BUILTIN_NAMES)}, or the path of your own process file",
        )
    return (resources.files("secrel.process") / "builtin" / f"{name}.toml").read_text(encoding="utf-8")


def builtin(name: str, vocabulary: Vocabulary = ANY_NAMES) -> Process:
    """Read a process that ships with the program; raises `Misused` for a name that is none."""
    return read_process(builtin_text(name), f"{name}.toml", vocabulary)


def _read(text: str, file: str, vocabulary: Vocabulary) -> tuple[Process | None, tuple[Fault, ...]]:
    try:
        if len(text) > _LONGEST:
            raise ValueError(f"it is longer than {_LONGEST} characters")  # noqa: TRY301 - told like what the parser says
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        said = str(fault)[:200]
        line = re.search(r"at line (\d+)", said)
        last = text.rstrip("\n").count("\n") + 1 if "end of document" in said else 1
        return None, (
            Fault(
                f"{file}:{line[1] if line else last}", f"this is not TOML ({said})", "mend the line, then read it again"
            ),
        )
    return _process(Row("", 0, document, find_places(text, file)), vocabulary)


def _process(top: Row, vocabulary: Vocabulary) -> tuple[Process, tuple[Fault, ...]]:
    top.only(_TOP)
    phases = [Phase(r.text("name", needed=True), r.text("title", needed=True)) for r in _rows(top, "phase", _PHASE)]
    gate_rows, product_rows = _rows(top, "gate", _GATE), _rows(top, "product", _PRODUCT)
    gates = [_gate(row) for row in gate_rows]
    products = [_product(row) for row in product_rows]
    for row, gate in zip(gate_rows, gates, strict=True):
        faults_of_gate(row, gate, [phase.name for phase in phases], (vocabulary.checks, vocabulary.works))
    for row, product in zip(product_rows, products, strict=True):
        faults_of_product(row, product, [p.key for p in products])
    faults_of_order(gate_rows, gates)
    if not gates:
        top.fault("gate", "the process has no gate", "add at least one [[gate]]")
    process = Process(
        name=top.text("name", needed=True),
        title=top.text("title", needed=True),
        phases=tuple(phases),
        gates=tuple(gates),
        products=tuple(products),
        cadence=_cadence(top, vocabulary),
        defaults=_defaults(top),
        **{name: _texts(top, name) for name in _SECTIONS},
    )
    # gates share the list of faults of the whole file; those without a line of their own come first
    return process, tuple(sorted(top.faults, key=lambda fault: int(fault.place.rpartition(":")[2])))


_PHASE = ("name", "title")


def _rows(top: Row, table: str, allowed: tuple[str, ...]) -> list[Row]:
    found = top.values.get(table, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        top.fault(table, f"{table} is not an array of tables", f"write each one under its own [[{table}]]")
        return []
    rows = [Row(table, number, values, top.places, top.faults) for number, values in enumerate(found)]
    for row in rows:
        row.only(allowed)
    return rows


def _gate(row: Row) -> Gate:
    return Gate(
        name=row.text("name", needed=True),
        title=row.text("title", needed=True),
        phase=row.text("phase", needed=True),
        owner=row.text("owner", needed=True),
        check=row.text("check", needed=True),
        after=row.texts("after"),
        opens=row.parsed("opens", read_due),
        due=row.parsed("due", read_due),
        makes=row.text("makes"),
        remedy=row.text("remedy"),
        why=row.text("why"),
        source=row.text("source"),
        kinds=_kinds(row),
        params=row.section("params"),
        place=row.place(),
        lasting=row.flag("lasting"),
        moot_if_waived=row.texts("moot_if_waived"),
    )


def _kinds(row: Row) -> frozenset[Kind]:
    if "kinds" not in row.values:
        return frozenset(Kind)
    words = row.texts("kinds")
    for word in words:
        if word not in list(Kind):
            row.fault("kinds", f"unknown kind of release {word[:60]!r}", f"the kinds are {', '.join(Kind)}")
    if not words:
        row.fault("kinds", "a gate of no kind of release is never asked", "leave kinds out for every kind")
    return frozenset(kind for kind in Kind if kind in words)


def _product(row: Row) -> Product:
    given: dict[str, Any] = {key: row.text(key) for key in _PRODUCT if key in row.values and key != "depth"}
    needed = ("key", "name", "short", "vendor", "cve_product", "repository")
    given |= {key: row.text(key, needed=True) for key in needed}
    return Product(**given, depth=row.number_of("depth", 2))


def _texts(top: Row, name: str) -> dict[str, str]:
    row = Row(name, 0, top.section(name), top.places, top.faults)
    return {key: row.text(key) for key in row.values}


def _cadence(top: Row, vocabulary: Vocabulary) -> dict[str, object]:
    row = Row("cadence", 0, top.section("cadence"), top.places, top.faults)
    if row.values and (rule := row.text("rule", needed=True)) and vocabulary.cadence is not None:
        try:
            vocabulary.cadence(rule, {key: value for key, value in row.values.items() if key != "rule"})
        except Misused as misused:
            row.fault("rule", misused.what, misused.remedy)
    return dict(row.values)


def _defaults(top: Row) -> dict[str, object]:
    row = Row("defaults", 0, top.section("defaults"), top.places, top.faults)
    row.only(_DEFAULTS)
    said: dict[str, object] = {key: row.number_of(key, 1) for key in ("disclosure_days", "series") if key in row.values}
    return said | ({"form": row.text("form")} if "form" in row.values else {})

"""What a process table keeps to beyond its types: names that exist, no circles, remedies that can be filled."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from string import Formatter

from secrel.process.rows import Row
from secrel.process.table import Gate
from secrel.words.releases import Product

OWNERS = ("primary", "secondary", "release-manager", "developer", "communications", "cna")
PLACEHOLDERS = ("release", "fix", "gate")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BRANCH = ("series", "major", "minor")


def unknown_placeholders(pattern: str, allowed: Collection[str]) -> list[str]:
    """Name what stands in braces in `pattern` and is not allowed; a brace that does not close is `{`."""
    try:
        parts = [(field, form, conversion) for _, field, form, conversion in Formatter().parse(pattern)]
    except ValueError:
        return ["{"]
    return [
        field for field, form, conversion in parts if field is not None and (field not in allowed or form or conversion)
    ]


def faults_of_gate(
    row: Row,
    gate: Gate,
    phases: Collection[str],
    names: tuple[Mapping[str, frozenset[str]] | None, frozenset[str] | None],
) -> None:
    """Note what is wrong with one gate by itself; `names` are the checks with their parameters, and lines of work."""
    checks, works = names
    if gate.name and not _NAME.fullmatch(gate.name):
        row.fault("name", f"{gate.name[:60]!r} is not a name for a gate", "use small letters, figures and hyphens")
    if gate.phase and gate.phase not in phases:
        row.fault("phase", f"unknown phase {gate.phase[:60]!r}", f"the phases are {', '.join(phases)}")
    if gate.owner and gate.owner not in OWNERS:
        row.fault("owner", f"unknown owner {gate.owner[:60]!r}", f"the owners are {', '.join(OWNERS)}")
    for field in unknown_placeholders(gate.remedy, PLACEHOLDERS):
        row.fault(
            "remedy", f"unknown placeholder {field[:60]!r} in the remedy", "it may use {release}, {fix} and {gate}"
        )
    if works is not None and gate.makes and gate.makes not in works:
        known = ", ".join(sorted(works))
        row.fault("makes", f"no line of work is named {gate.makes[:60]!r}", f"the lines of work are {known}")
    if checks is not None and gate.check:
        _faults_of_check(row, gate, checks)


def _faults_of_check(row: Row, gate: Gate, checks: Mapping[str, frozenset[str]]) -> None:
    if gate.check not in checks:
        row.fault("check", f"no check is named {gate.check[:60]!r}", f"the checks are {', '.join(sorted(checks))}")
        return
    for name in gate.params:
        if name not in checks[gate.check]:
            known = ", ".join(sorted(checks[gate.check])) or "nothing"
            row.fault("params", f"the check {gate.check} is told nothing named {name[:60]!r}", f"it is told {known}")


def faults_of_product(row: Row, product: Product, keys: Sequence[str]) -> None:
    """Note what is wrong with one product."""
    if keys.count(product.key) > 1:
        row.fault("key", f"two products have the key {product.key[:60]!r}", "give each product its own key")
    for key, pattern, allowed in (("branch", product.branch, _BRANCH), ("tag", product.tag, ("version",))):
        wrong = unknown_placeholders(pattern, allowed)
        if wrong or not any(f"{{{name}}}" in pattern for name in allowed):
            may = ", ".join(f"{{{name}}}" for name in allowed)
            row.fault(key, f"{pattern[:60]!r} is not a pattern for a {key}", f"it has to use {may}, and nothing else")


def faults_of_order(rows: Sequence[Row], gates: Sequence[Gate]) -> None:
    """Note names that stand twice, references to gates that do not exist, and circles."""
    lines: dict[str, str] = {}
    for row, gate in zip(rows, gates, strict=True):
        if gate.name in lines:
            row.fault("name", f"two gates are named {gate.name[:60]!r}; the other is at {lines[gate.name]}")
        lines.setdefault(gate.name, row.place("name"))
    for row, gate in zip(rows, gates, strict=True):
        for key, others in (("after", gate.after), ("moot_if_waived", gate.moot_if_waived)):
            for other in others:
                if other not in lines:
                    row.fault(key, f"no gate is named {other[:60]!r}", "name a gate of this file")
    _faults_of_circles(rows, gates)


def _faults_of_circles(rows: Sequence[Row], gates: Sequence[Gate]) -> None:
    """Take away, again and again, every gate that waits for nobody left; what stays waits for itself."""
    left = {gate.name: {*gate.after, *gate.moot_if_waived} for gate in gates}
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    for row, gate in zip(rows, gates, strict=True):
        if gate.name in left:
            waits = ", ".join(sorted(left[gate.name] & left.keys()))
            row.fault("after", f"{gate.name} waits for itself, by way of {waits}", "take one `after` out of the circle")

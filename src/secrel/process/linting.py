"""What a process table keeps to beyond its types: names that exist, no circles, remedies that can be filled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from string import Formatter

from secrel.process.table import Gate, Process
from secrel.reading.documents import Faults
from secrel.words.releases import Product

PLACEHOLDERS = ("release", "fix", "gate")
_BRANCH = ("series", "major", "minor")
_INTERNAL = ("version", "number")


def unknown_placeholders(pattern: str, allowed: Collection[str]) -> list[str]:
    """Name what stands in braces in `pattern` and is not allowed; a brace that does not close is `{`."""
    try:
        parts = [(field, form, conversion) for _, field, form, conversion in Formatter().parse(pattern)]
    except ValueError:
        return ["{"]
    return [
        field for field, form, conversion in parts if field is not None and (field not in allowed or form or conversion)
    ]


def note_faults(process: Process, works: frozenset[str] | None, faults: Faults) -> None:
    """Note what is wrong with a process whose parts are sound in themselves; `works` None compares no line of work."""
    names = [gate.name for gate in process.gates]
    phases = [phase.name for phase in process.phases]
    faults.once("the name", ((("gate", number, "name"), name) for number, name in enumerate(names)))
    faults.once("the key", ((("product", number, "key"), one.key) for number, one in enumerate(process.products)))
    for number, gate in enumerate(process.gates):
        row = ("gate", number)
        faults.known((*row, "phase"), gate.phase, phases, "phase")
        for key, others in (("after", gate.after), ("moot_if_waived", gate.moot_if_waived)):
            for place, other in enumerate(others):
                faults.known((*row, key, place), other, names, "gate")
        for key in ("claimed_by", "waived_by", "not_by"):
            for place, role in enumerate(getattr(gate, key)):
                faults.known((*row, key, place), role, sorted(process.roles.known()), "role")
        for field in unknown_placeholders(gate.remedy, PLACEHOLDERS):
            remedy = "it may use {release}, {fix} and {gate}"
            faults.add((*row, "remedy"), f"unknown placeholder {field[:60]!r} in the remedy", remedy)
        if works is not None and gate.makes:
            faults.known((*row, "makes"), gate.makes, sorted(works), "line of work")
    for number, product in enumerate(process.products):
        _note_patterns(product, number, faults)
    _note_circles(process.gates, faults)


def _note_patterns(product: Product, number: int, faults: Faults) -> None:
    patterns = [("branch", "a branch", product.branch, _BRANCH), ("tag", "a tag", product.tag, ("version",))]
    if product.internal:
        patterns.append(("internal", "internal versions", product.internal, _INTERNAL))
    for key, said, pattern, allowed in patterns:
        wrong = unknown_placeholders(pattern, allowed)
        if wrong or not any(f"{{{name}}}" in pattern for name in allowed):
            may = ", ".join(f"{{{name}}}" for name in allowed)
            what = f"{pattern[:60]!r} is not a pattern for {said}"
            faults.add(("product", number, key), what, f"it has to use {may}, and nothing else")


def _note_circles(gates: Sequence[Gate], faults: Faults) -> None:
    """Take away, again and again, every gate that waits for nobody left, or for which nobody waits: circles stay."""
    left = {gate.name: {*gate.after, *gate.moot_if_waived} for gate in gates}
    if len(left) < len(gates):
        return  # a name stands twice, which is told: nobody knows which of them is meant
    while free := [
        name
        for name, others in left.items()
        if not others & left.keys() or not any(name in waited for waited in left.values())
    ]:
        for name in free:
            del left[name]
    for number, gate in enumerate(gates):
        if gate.name in left:
            waits = ", ".join(sorted(left[gate.name] & left.keys()))
            what = f"{gate.name} waits for itself, by way of {waits}"
            faults.add(("gate", number, "after"), what, "take one `after` out of the circle")

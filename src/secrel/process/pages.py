"""The pages about gates, made from the table: what the manual says is what the program does (style 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from secrel.process.roles import Act
from secrel.process.table import Gate, Process
from secrel.words.releases import Kind

_NOTE = "<!-- made from src/secrel/process/builtin/{name}.toml; change the table, then make the pages again -->"


def pages(processes: Iterable[Process]) -> Mapping[str, str]:
    """Give every page by its path below `docs/process`: an index, and one page for each gate of each process."""
    told = tuple(processes)
    made = {"index.md": _index(told)}
    for process in told:
        made |= {f"{process.name}/{gate.name}.md": _page(process, gate) for gate in process.gates}
    return made


def _index(processes: Iterable[Process]) -> str:
    lines = [
        "# Gates",
        "",
        "A gate is a thing that must hold by a due time. The tables that ship with secrel have these, in this order;",
        "each page says why, who is to act, and what to run.",
    ]
    for process in processes:
        lines += ["", f"## {process.title} (`{process.name}`)"]
        for phase in process.phases:
            gates = [gate for gate in process.gates if gate.phase == phase.name]
            lines += [
                "",
                f"### {phase.title}",
                "",
                "| gate | what must hold | owner | due |",
                "| --- | --- | --- | --- |",
            ]
            lines += [
                f"| [{gate.name}]({process.name}/{gate.name}.md) | {gate.title} | {gate.owner} | {_due(gate)} |"
                for gate in gates
            ]
    return "\n".join([*lines, ""])


def _page(process: Process, gate: Gate) -> str:
    lines = [
        _NOTE.format(name=process.name),
        "",
        f"# {gate.name}",
        "",
        f"{gate.title}.",
        "",
        gate.why,
        "",
        *(f"- **{label}**: {said}" for label, said in _facts(process, gate) if said),
    ]
    return "\n".join([*lines, ""])


def _facts(process: Process, gate: Gate) -> Iterator[tuple[str, str]]:
    title = next((phase.title for phase in process.phases if phase.name == gate.phase), gate.phase)
    yield "Process", f"{process.title} (`{process.name}`), {title}"
    yield "Owner", gate.owner
    yield "After", _links(gate.after)
    yield "Before", _links(other.name for other in process.gates if gate.name in other.after)
    yield "Opens", gate.opens.text if gate.opens else ""
    yield "Due", _due(gate)
    yield "Releases", "" if gate.kinds == frozenset(Kind) else ", ".join(sorted(gate.kinds))
    yield "Check", f"`{gate.check}`{_params(gate)}"
    yield "What that means", _told(gate)
    yield "The desk makes it hold", f"by `{gate.makes}`, as part of a plan" if gate.makes else "no, a person has to act"
    yield "What to run", f"`{gate.remedy}`" if gate.remedy else ""
    yield "Once it holds", "it stays passed, whatever changes before it" if gate.lasting else ""
    yield "Falls away", f"when {_links(gate.moot_if_waived)} is waived" if gate.moot_if_waived else ""
    yield "Claimed by", _any_of(process.roles_for(Act.CLAIM, gate)) if gate.check == "claimed" else ""
    yield "Waived by", f"{_any_of(process.roles_for(Act.WAIVE, gate))}{_barred(gate)}"
    yield "Source", gate.source


def _any_of(roles: Iterable[str]) -> str:
    return ", ".join(sorted(roles))


def _barred(gate: Gate) -> str:
    return f"; never by {' or '.join(gate.not_by)}" if gate.not_by else ""


def _due(gate: Gate) -> str:
    return gate.due.text if gate.due else "as soon as its turn has come"


def _links(names: Iterable[str]) -> str:
    return ", ".join(f"[{name}]({name}.md)" for name in names)


def _params(gate: Gate) -> str:
    params = {} if gate.params is None else msgspec.structs.asdict(gate.params)
    told = (
        f"`{name}`: {_value(value)}" for name, value in params.items() if value is not False and value not in ("", ())
    )
    listed = "; ".join(told)
    return f" with {listed}" if listed else ""


def _told(gate: Gate) -> str:
    """Give what the check of a gate says of its params; nothing where it is told none."""
    has_params = gate.params is not None and bool(msgspec.structs.fields(gate.params))
    return " ".join((type(gate.params).__doc__ or "").split()) if has_params else ""


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return "yes" if value is True else str(value)

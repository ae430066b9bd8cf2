"""Whether a lock is closed: whatever is asked for on a machine is met by a line of the lock, and nothing resolves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name

from tests.house.locked import Facts, Line

_Asked = tuple[str, Requirement]


def missing(
    lines: Sequence[Line],
    facts: Mapping[str, Facts],
    roots: Iterable[Requirement],
    machines: Mapping[str, Mapping[str, str]],
) -> list[str]:
    """Say what keeps a lock from being closed, one sentence for each thing, with the machines where it is so.

    `roots` is what the project asks for; `facts` are by distribution and version. No sentence: the lock is closed.
    """
    asked = list(roots)
    found: dict[str, list[str]] = {}
    for name, machine in machines.items():
        for sentence in set(_Walk(machine, facts).over(lines, asked)):
            found.setdefault(sentence, []).append(name)
    return sorted(f"{sentence} ({_places(names, len(machines))})" for sentence, names in found.items())


def _places(names: list[str], of: int) -> str:
    if len(names) == of:
        return "everywhere"
    return names[0] if len(names) == 1 else f"{names[0]}, and {len(names) - 1} more of {of}"


@cache
def _requirement(text: str) -> Requirement:
    return Requirement(text)


@cache
def _pythons(text: str) -> SpecifierSet:
    return SpecifierSet(text)


@dataclass
class _Walk:
    """Follows on one machine what is asked for, from the project to the last distribution."""

    machine: Mapping[str, str]
    facts: Mapping[str, Facts]
    reached: set[tuple[NormalizedName, str]] = field(default_factory=set)

    def over(self, lines: Iterable[Line], roots: Iterable[Requirement]) -> Iterator[str]:
        here: dict[NormalizedName, Line] = {}
        for line in lines:
            if line.is_for(self.machine):
                if line.name in here:
                    yield f"{line.name} is locked twice: as {here[line.name].version} and as {line.version}"
                here[line.name] = line
        for line in here.values():
            yield from self._unfit(line)
        waiting = [("the project", one) for one in roots if self._is_meant(one, "")]
        while waiting:
            asker, asked = waiting.pop()
            line_or_none = here.get(canonicalize_name(asked.name))
            yield from _unmet(asker, asked, line_or_none)
            if line_or_none is not None:
                waiting += self._next(line_or_none, asked)
        yield from (f"nobody asks for {name}" for name in here if (name, "") not in self.reached)

    def _unfit(self, line: Line) -> Iterator[str]:
        facts = self.facts.get(line.key)
        if facts is None:
            yield f"nothing is known of {line.key}: make lock"
            return
        if not _pythons(facts.python).contains(self.machine["python_full_version"], prereleases=True):
            yield f"{line.key} is for Python {facts.python} alone"
        for extra in sorted(line.extras - {canonicalize_name(one) for one in facts.extras}):
            yield f"{line.key} has no extra {extra}"

    def _next(self, line: Line, asked: Requirement) -> Iterator[_Asked]:
        """Give what a distribution asks for in its turn, the first time that it or one of its extras is reached."""
        for extra in ("", *sorted(asked.extras)):
            step = (line.name, canonicalize_name(extra))
            if step in self.reached:
                continue
            self.reached.add(step)
            for text in self.facts.get(line.key, Facts()).requires:
                if self._is_meant(_requirement(text), extra):
                    yield line.key, _requirement(text)

    def _is_meant(self, asked: Requirement, extra: str) -> bool:
        return asked.marker is None or asked.marker.evaluate({**self.machine, "extra": extra})


def _unmet(asker: str, asked: Requirement, line: Line | None) -> Iterator[str]:
    told = f"{asker} asks for {str(asked).partition(';')[0]}"
    if line is None:
        yield f"{told}, and no line names it"
        return
    if not asked.specifier.contains(line.version, prereleases=True):
        yield f"{told}, and the line says {line.version}"
    for extra in sorted({canonicalize_name(one) for one in asked.extras} - line.extras):
        yield f"{told}, and the line has no extra {extra}"

"""Both locks are closed: an install takes what is written and decides nothing (docs/decisions/0017)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from importlib import metadata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from tests.house.closing import missing
from tests.house.locked import (
    Facts,
    Line,
    asked_for,
    facts_of,
    machines,
    read_facts,
    read_line,
    read_lock,
    written_facts,
)
from tests.house.sources import ROOT

GROUPS = {"requirements.lock": "build", "requirements-dev.lock": "dev"}
"""Each lock, and the dependency group that it has beside what the program itself asks for."""
MACHINES = machines()
_FEW = {
    name: MACHINES[f"Python {name}"]
    for name in ("3.11.0 on Linux x86_64", "3.11.99 on Windows AMD64", "3.14.0 on macOS arm64")
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _lock(name: str) -> list[Line]:
    return read_lock((ROOT / name).read_text("utf-8"))


def _known() -> dict[str, Facts]:
    return read_facts((ROOT / "requirements.facts.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", GROUPS)
def test_a_lock_is_closed_on_every_machine(name: str) -> None:
    assert missing(_lock(name), _known(), asked_for(PROJECT, GROUPS[name]), MACHINES) == []


@pytest.mark.parametrize("name", GROUPS)
def test_no_line_and_no_extra_of_a_lock_can_be_left_out(name: str) -> None:
    roots, lines, known = asked_for(PROJECT, GROUPS[name]), _lock(name), _known()
    for at, line in enumerate(lines):
        assert missing([*lines[:at], *lines[at + 1 :]], known, roots, _FEW), line
        for extra in line.extras:
            poorer = replace(line, extras=line.extras - {extra})
            assert missing([*lines[:at], poorer, *lines[at + 1 :]], known, roots, _FEW), f"{line}: {extra}"


def test_the_facts_are_of_what_is_locked_and_of_nothing_else() -> None:
    text = (ROOT / "requirements.facts.toml").read_text("utf-8")
    assert set(_known()) == {line.key for name in GROUPS for line in _lock(name)}
    assert "://" not in text
    assert text == written_facts(_known()), "write it again: make lock"


def test_what_is_installed_is_what_was_locked_and_says_what_we_think_it_says() -> None:
    here = {key: str(value) for key, value in default_environment().items()}
    known = _known()
    wrong = []
    for line in _lock("requirements-dev.lock"):
        if line.is_for(here):
            found = metadata.distribution(line.name)
            if (Version(found.version), facts_of(found)) != (line.version, known[line.key]):
                wrong.append(line.key)
    assert wrong == []


def test_a_line_that_is_not_exact_is_none() -> None:
    for text in ("numpy>=2", "numpy", "numpy==2.1,!=2.2", "numpy==2.*"):
        with pytest.raises(ValueError):  # noqa: PT011 - each says it in its own words
            read_line(text)


_NAMES = [canonicalize_name(name) for name in ("amber", "basalt", "chalk", "flint", "slate")]
_EXTRAS = [canonicalize_name(extra) for extra in ("fast", "toml")]
_VERSION = Version("2.1")
_MARKERS = ("sys_platform == 'win32'", "python_version < '3.13'", "python_full_version > '3.11.5'")


@dataclass(frozen=True)
class World:
    """A lock that is closed: every name has a line, with all its extras, and the project asks for every name."""

    lines: dict[NormalizedName, Line]
    facts: dict[str, Facts]

    def lacks(self) -> list[str]:
        roots = [Requirement(name) for name in _NAMES]
        return missing(list(self.lines.values()), self.facts, roots, _FEW)

    def asking(self, asker: NormalizedName, text: str) -> World:
        key = self.lines[asker].key
        facts = replace(self.facts[key], requires=(*self.facts[key].requires, text))
        return replace(self, facts={**self.facts, key: facts})

    def with_line(self, line: Line) -> World:
        return replace(self, lines={**self.lines, line.name: line})


@st.composite
def _requirements(draw: st.DrawFn, extra: str = "") -> str:
    wanted = ",".join(draw(st.lists(st.sampled_from(_EXTRAS), unique=True)))
    markers = [draw(st.sampled_from(["", *_MARKERS])), f"extra == '{extra}'" if extra else ""]
    marker = " and ".join(one for one in markers if one)
    specifier = draw(st.sampled_from(["", ">=2", "<3", "~=2.0", "==2.1"]))
    text = f"{draw(st.sampled_from(_NAMES))}{f'[{wanted}]' if wanted else ''}{specifier}"
    return f"{text}; {marker}" if marker else text


@st.composite
def worlds(draw: st.DrawFn) -> World:
    facts = {}
    for name in _NAMES:
        requires = draw(st.lists(_requirements(), max_size=2))
        for extra in _EXTRAS:
            requires += draw(st.lists(_requirements(extra), max_size=1))
        facts[f"{name} {_VERSION}"] = Facts(tuple(requires), tuple(_EXTRAS), ">=3.11")
    return World({name: Line(name, _VERSION, frozenset(_EXTRAS), None) for name in _NAMES}, facts)


names = st.sampled_from(_NAMES)


@settings(max_examples=25)
@given(worlds())
def test_a_closed_lock_lacks_nothing(world: World) -> None:
    assert world.lacks() == []


@settings(max_examples=25)
@given(worlds(), names)
def test_a_line_that_was_dropped_is_missed(world: World, name: NormalizedName) -> None:
    left = replace(world, lines={key: line for key, line in world.lines.items() if key != name})
    assert f"the project asks for {name}, and no line names it (everywhere)" in left.lacks()


@settings(max_examples=25)
@given(worlds(), names, names, st.sampled_from(_EXTRAS))
def test_an_extra_that_was_dropped_is_missed(
    world: World, asker: NormalizedName, name: NormalizedName, extra: NormalizedName
) -> None:
    line = replace(world.lines[name], extras=world.lines[name].extras - {extra})
    found = world.asking(asker, f"{name}[{extra}]").with_line(line).lacks()
    assert f"{asker} 2.1 asks for {name}[{extra}], and the line has no extra {extra} (everywhere)" in found


@settings(max_examples=25)
@given(worlds(), names, names)
def test_what_only_an_extra_asks_for_is_missed(world: World, asker: NormalizedName, name: NormalizedName) -> None:
    asking = world.asking(asker, f"{name}[fast]").asking(name, "pumice; extra == 'fast'")
    assert f"{name} 2.1 asks for pumice, and no line names it (everywhere)" in asking.lacks()


@settings(max_examples=25)
@given(worlds(), names, st.sampled_from(_MARKERS))
def test_a_line_for_too_few_machines_is_missed_on_the_others(world: World, name: NormalizedName, marker: str) -> None:
    narrow = Marker(marker)
    others = [where for where, machine in _FEW.items() if not narrow.evaluate(dict(machine))]
    found = world.with_line(replace(world.lines[name], marker=narrow)).lacks()
    (told,) = (one for one in found if one.startswith(f"the project asks for {name}, and no line names it"))
    assert told.endswith(f"({others[0]}, and 1 more of 3)" if others[1:] else f"({others[0]})")


@settings(max_examples=25)
@given(worlds(), names, names, st.sampled_from(["<2", ">2.1", "!=2.1", "==2.1.1", "~=3.0"]))
def test_a_version_outside_of_what_is_asked_for_is_missed(
    world: World, asker: NormalizedName, name: NormalizedName, specifier: str
) -> None:
    found = world.asking(asker, f"{name}{specifier}").lacks()
    assert f"{asker} 2.1 asks for {name}{specifier}, and the line says 2.1 (everywhere)" in found


def test_every_other_way_of_being_open_is_told() -> None:
    plain = Facts(python=">=3.11")
    lines = [read_line(text) for text in ("amber[fast]==2.1", "basalt==2.1", "basalt==2.2", "chalk==2.1", "flint==2.1")]
    facts = {"amber 2.1": plain, "basalt 2.1": plain, "basalt 2.2": plain, "chalk 2.1": Facts(python=">=3.12")}
    roots = [Requirement(name) for name in ("amber", "basalt", "flint", "slate; sys_platform == 'linux'")]
    machines_of_3_11 = {name: machine for name, machine in MACHINES.items() if "3.11.0 on Windows ARM64" in name}
    assert missing(lines, facts, roots, machines_of_3_11) == [
        "amber 2.1 has no extra fast (everywhere)",
        "basalt is locked twice: as 2.1 and as 2.2 (everywhere)",
        "chalk 2.1 is for Python >=3.12 alone (everywhere)",
        "nobody asks for chalk (everywhere)",
        "nothing is known of flint 2.1: make lock (everywhere)",
    ]

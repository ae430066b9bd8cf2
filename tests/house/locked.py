"""Locks, what the locked distributions say of themselves, and the machines that a lock is for."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from typing import Any

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {
    "Linux x86_64": ("linux", "Linux", "posix", "x86_64"),
    "Linux aarch64": ("linux", "Linux", "posix", "aarch64"),
    "macOS x86_64": ("darwin", "Darwin", "posix", "x86_64"),
    "macOS arm64": ("darwin", "Darwin", "posix", "arm64"),
    "Windows AMD64": ("win32", "Windows", "nt", "AMD64"),
    "Windows ARM64": ("win32", "Windows", "nt", "ARM64"),
}
"""What Python calls each system: `sys_platform`, `platform_system`, `os_name` and `platform_machine`."""
_HEAD = "# What each locked distribution says of itself, as its wheels have it: `make lock` writes this.\n"


@dataclass(frozen=True)
class Line:
    """One line of a lock: a distribution, its extras, its one version, and the machines it is for."""

    name: NormalizedName
    version: Version
    extras: frozenset[NormalizedName]
    marker: Marker | None

    @property
    def key(self) -> str:
        """How the distribution is named where facts are kept: `numpy 2.4.6`."""
        return f"{self.name} {self.version}"

    def is_for(self, machine: Mapping[str, str]) -> bool:
        """Whether the line is one for this machine."""
        return self.marker is None or self.marker.evaluate(dict(machine))


@dataclass(frozen=True)
class Facts:
    """What a distribution says of itself: what it requires, which extras it has, and for which Pythons it is."""

    requires: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    python: str = ""


def read_line(text: str) -> Line:
    """Read a line without its digests; raises `ValueError` when it is not one exact version."""
    requirement = Requirement(text)
    (exactly,) = requirement.specifier
    if exactly.operator != "==":
        raise ValueError(f"not exact: {text}")
    extras = frozenset(canonicalize_name(extra) for extra in requirement.extras)
    return Line(canonicalize_name(requirement.name), Version(exactly.version), extras, requirement.marker)


def read_lock(text: str) -> list[Line]:
    """Read a lock; its digests are pip's business."""
    heads = (line for line in text.splitlines() if line and not line.startswith((" ", "#")))
    return [read_line(head.removesuffix("\\").strip()) for head in heads]


def machines() -> dict[str, dict[str, str]]:
    """Give every machine that a lock is for, as markers see it; each Python with its first and a late patch."""
    found = {}
    for python in PYTHONS:
        for full in (f"{python}.0", f"{python}.99"):
            for name, (platform, system, family, machine) in SYSTEMS.items():
                found[f"Python {full} on {name}"] = {
                    "implementation_name": "cpython",
                    "implementation_version": full,
                    "os_name": family,
                    "platform_machine": machine,
                    "platform_python_implementation": "CPython",
                    "platform_system": system,
                    "python_full_version": full,
                    "python_version": python,
                    "sys_platform": platform,
                }
    return found


def asked_for(project: Mapping[str, Any], group: str) -> list[Requirement]:
    """Give what `pyproject.toml` asks for: to be built, to run with every extra that is locked, and for a group."""
    told: list[str] = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    told += [one for extra in ("affected", "gitlab") for one in project["project"]["optional-dependencies"][extra]]
    waiting = [group]
    while waiting:
        for one in project["dependency-groups"][waiting.pop()]:
            if isinstance(one, str):
                told.append(one)
            else:
                waiting.append(one["include-group"])
    return [Requirement(one) for one in told]


def facts_of(distribution: Distribution) -> Facts:
    """Give the facts of a distribution that is installed."""
    told = distribution.metadata
    return Facts(
        tuple(told.get_all("Requires-Dist", ())),
        tuple(told.get_all("Provides-Extra", ())),
        "".join(told.get_all("Requires-Python", ())),
    )


def read_facts(text: str) -> dict[str, Facts]:
    """Read the file of facts, by distribution and version: `numpy 2.4.6`."""
    return {
        key: Facts(tuple(one.get("requires", ())), tuple(one.get("extras", ())), one.get("python", ""))
        for key, one in tomllib.loads(text).items()
    }


def written_facts(facts: Mapping[str, Facts]) -> str:
    """Give the text of the file of facts: TOML, in the order of the names."""
    return _HEAD + "".join(f"\n[{_quoted(key)}]\n{_written(one)}" for key, one in sorted(facts.items()))


def _written(one: Facts) -> str:
    text = f"python = {_quoted(one.python)}\n" if one.python else ""
    for field, values in (("extras", one.extras), ("requires", one.requires)):
        text += f"{field} = [\n{''.join(_rows(values))}]\n" if values else ""
    return text


def _rows(values: Iterable[str]) -> Iterable[str]:
    return (f"  {_quoted(value)},\n" for value in values)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if "'" in text or '"' not in text else f"'{text}'"

"""Found by name: the name in the process table is the name of the file (style 4.5); and the checks, found so."""

from __future__ import annotations

import pkgutil
from collections.abc import Collection, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType

from secrel.evaluate import checks
from secrel.evaluate.verdicts import Check
from secrel.process.reading import Vocabulary
from secrel.roster.cadence import cadence_of
from secrel.words.errors import Misused


@cache
def names_in(folder: ModuleType) -> tuple[str, ...]:
    """Name every file of a folder that has one for each thing of a kind, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(folder.__path__)))


def file_named(folder: ModuleType, name: str) -> ModuleType:
    """Load one of those files."""
    return import_module(f"{folder.__name__}.{name}")


def check_names() -> tuple[str, ...]:
    """Name every check that there is, in alphabetical order."""
    return names_in(checks)


@cache
def check_named(name: str) -> Check:
    """Find a check; raises `Misused` for a name that is none."""
    if name not in check_names():
        raise Misused(f"no check is named {name[:60]!r}", remedy=f"name one of {', '.join(check_names())}")
    found: Check = file_named(checks, name).check
    return found


@cache
def parameters() -> Mapping[str, frozenset[str]]:
    """Give every check with the names of what its row may tell it."""
    return {name: frozenset(file_named(checks, name).PARAMS) for name in check_names()}


def vocabulary(works: Collection[str] | None = None) -> Vocabulary:
    """Give the names that a process file may use: pass it to `process.reading` to have all of them compared."""
    return Vocabulary(parameters(), None if works is None else frozenset(works), cadence_of)

"""Found by name: the name in the process table is the name of the file (style 4.5); and the checks, found so."""

from __future__ import annotations

import pkgutil
from collections.abc import Collection
from functools import cache
from importlib import import_module
from types import ModuleType

import msgspec

from secrel.evaluate import checks
from secrel.evaluate.verdicts import Check
from secrel.process.reading import Vocabulary, builtin
from secrel.process.table import Process
from secrel.roster.cadence import TrainRule
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


def _module(name: str) -> ModuleType:
    if name not in check_names():
        raise Misused(f"no check is named {name[:60]!r}", remedy=f"name one of {', '.join(check_names())}")
    return file_named(checks, name)


@cache
def check_named(name: str) -> Check:
    """Find a check; raises `Misused` for a name that is none."""
    found: Check = _module(name).check
    return found


@cache
def params_named(name: str) -> type[msgspec.Struct]:
    """Give the kind of what a check is told by its row; raises `Misused` for a name that is none."""
    kind: type[msgspec.Struct] = _module(name).Params
    return kind


def vocabulary(works: Collection[str] | None = None) -> Vocabulary:
    """Give what a process file may name and tell, for `process.reading`; `works` None compares none."""
    return Vocabulary(params_named, TrainRule, None if works is None else frozenset(works))


@cache
def shipped(name: str) -> Process:
    """Give a process that ships with the program; raises `Misused` for a name that is none."""
    return builtin(name, vocabulary())

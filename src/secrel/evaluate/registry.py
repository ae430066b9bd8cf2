"""The checks by their names: the name in the table is the name of the file (style 4.5)."""

from __future__ import annotations

import pkgutil
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
def check_names() -> tuple[str, ...]:
    """Name every check that there is, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(checks.__path__)))


def _module(name: str) -> ModuleType:
    if name not in check_names():
        raise Misused(f"no check is named {name[:60]!r}", remedy=f"name one of {', '.join(check_names())}")
    return import_module(f"{checks.__name__}.{name}")


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


def vocabulary(makers: frozenset[str] | None = None) -> Vocabulary:
    """Give what a process file may name and tell, for `process.reading`; `makers` None compares none."""
    return Vocabulary(params_named, TrainRule, makers)


@cache
def shipped(name: str) -> Process:
    """Give a process that ships with the program; raises `Misused` for a name that is none."""
    return builtin(name, vocabulary())

"""The checks by their names: the name in the table is the name of the file (style 4.5)."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from secrel.evaluate import checks
from secrel.evaluate.verdicts import Check
from secrel.process.reading import Vocabulary
from secrel.roster.cadence import cadence_of
from secrel.words.errors import Misused


@cache
def check_names() -> tuple[str, ...]:
    """Name every check that there is, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(checks.__path__)))


@cache
def check_named(name: str) -> Check:
    """Find a check; raises `Misused` for a name that is none."""
    if name not in check_names():
        raise Misused(f"no check is named {name[:60]!r}", remedy=f"name one of {', '.join(check_names())}")
    found: Check = import_module(f"{checks.__name__}.{name}").check
    return found


@cache
def parameters() -> Mapping[str, frozenset[str]]:
    """Give every check with the names of what its row may tell it."""
    return {name: frozenset(import_module(f"{checks.__name__}.{name}").PARAMS) for name in check_names()}


def vocabulary(makers: frozenset[str] | None = None) -> Vocabulary:
    """Give the names that a process file may use: pass it to `process.reading` to have all of them compared."""
    return Vocabulary(parameters(), makers, cadence_of)

"""A module is loaded when something of it is first used: the one mechanism by which a command waits for no more.

Imports stand at the top of every file. `from secrel.papers import email` or `import numpy as np` names a module, which
is read when a name in it is first asked for; `from secrel.papers.email import render_email` asks at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from os.path import isfile
from threading import RLock
from types import ModuleType

THEIRS = frozenset(
    {"confusable_homoglyphs.confusables", "cvss", "cyclopts", "dataclasses", "difflib", "email.utils"}
    | {"holidays", "html", "icalendar", "importlib.resources", "inspect", "ipaddress", "jinja2"}
    | {"jsonschema_rs", "locale", "markdown_it", "msgspec.inspect", "numpy", "numpy._core._add_newdocs"}
    | {"pickle", "pygit2", "pyromark", "ruamel.yaml", "sqlalchemy", "tempfile", "textwrap", "tokenize"}
)
"""What takes long to load of others, and waits as well where it is imported under this name."""
_ASKED_BEFORE = frozenset({"__class__", "__loader__", "__name__", "__spec__"})


class _Waiting(ModuleType):
    """A module that was found, and not read yet."""

    def __getattribute__(self, name: str) -> object:
        if name not in _ASKED_BEFORE:
            loader = self.__loader__
            if isinstance(loader, _Later):
                loader.read(self)
        return ModuleType.__getattribute__(self, name)  # by now it may be an ordinary module


class _Later(SourceFileLoader):
    """Loads a module in two steps: what importing asks for is there at once, and all else when it is first used."""

    def __init__(self, name: str, path: str) -> None:
        """Find the module's file at `path`; nothing is read."""
        super().__init__(name, path)
        self._lock, self._is_read = RLock(), False

    def exec_module(self, module: ModuleType) -> None:
        """Let it wait."""
        module.__class__ = _Waiting

    def read(self, module: ModuleType) -> None:
        """Read it, once; a thread that comes second waits, and a module that asks itself sees what it has by then."""
        with self._lock:
            if self._is_read:
                return
            self._is_read = True
            try:
                super().exec_module(module)
            except BaseException:
                self._is_read = False
                raise
            module.__class__ = ModuleType


class _There:
    """Gives a module that its package brought along, while that was read because somebody asked for the module."""

    def __init__(self, module: ModuleType) -> None:
        """Take the module, with what it is known by."""
        self._module, self._spec = module, module.__spec__

    def create_module(self, _spec: ModuleSpec) -> ModuleType:
        """Give it."""
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it is."""
        module.__spec__ = self._spec


class _Finder:  # without the base of importlib.abc, which takes longer to load than the first page of help
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find ours and those libraries as Python does, to be read later; nothing of others, or without a source.

        Python asks whether a module is there before it asks the package for its place, which reads the package.
        """
        if target is None and fullname in sys.modules:
            there = _There(sys.modules[fullname])
            return ModuleSpec(fullname, there)  # type: ignore[arg-type]  # it has no base of importlib.abc
        if fullname.startswith("secrel."):
            return _ours(fullname, path or ())
        if fullname not in THEIRS:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or type(spec.loader) is not SourceFileLoader:
            return None
        spec.loader = _Later(spec.loader.name, spec.loader.path)
        return spec


def _ours(name: str, folders: Sequence[str]) -> ModuleSpec | None:
    """Find one of our modules by where it lies: Python would list every folder on the way, and try each ending."""
    for folder in folders:
        stem = f"{folder}/{name.rpartition('.')[2]}"
        if isfile(file := f"{stem}.py"):  # noqa: PTH113 - a path of pathlib is made for each module that is found
            return spec_from_file_location(name, file, loader=_Later(name, file))
        if isfile(file := f"{stem}/__init__.py"):  # noqa: PTH113 - as above
            return spec_from_file_location(name, file, loader=_Later(name, file), submodule_search_locations=[stem])
    return None


def wait_for_use() -> None:
    """Let every module wait from now on; those that are here stay."""
    if not any(isinstance(one, _Finder) for one in sys.meta_path):
        sys.meta_path.insert(0, _Finder())

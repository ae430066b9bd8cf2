"""A module waits until something of it is used, is read once, and says its faults to whoever uses it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any

import pytest

from secrel.loading import _Finder, _Later, _Waiting, wait_for_use
from tests.house.sources import SOURCE


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Callable[[str, dict[str, object]], Any]]:
    """Make a module of a text, found and not read; what its text may use beside is given, and it tells in `told`."""
    names: list[str] = []

    def make(text: str, given: dict[str, object]) -> ModuleType:
        name = f"waiting_{len(names)}"
        names.append(name)
        file = tmp_path / f"{name}.py"
        file.write_text(text, "utf-8")
        spec = spec_from_file_location(name, file, loader=_Later(name, str(file)))
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = module_from_spec(spec)
        vars(module).update(given)
        spec.loader.exec_module(module)
        return module

    yield make
    for name in names:
        del sys.modules[name]


def test_it_is_read_when_something_of_it_is_used_and_once(waiting: Callable[..., Any]) -> None:
    told: list[str] = []
    module = waiting("told.append('read')\nvalue = 3\n", {"told": told})
    assert module.__name__ == "waiting_0"
    assert module.__spec__.origin.endswith("waiting_0.py")
    assert (told, type(module)) == ([], _Waiting)
    assert (module.value, module.value, told) == (3, 3, ["read"])
    assert type(module) is ModuleType


def test_what_it_does_not_have_is_missed_as_of_any_module(waiting: Callable[..., Any]) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'other'"):
        _ = waiting("value = 3\n", {}).other


def test_a_fault_is_said_to_whoever_uses_it_every_time(waiting: Callable[..., Any]) -> None:
    told: list[str] = []
    module = waiting("told.append('read')\nraise ValueError('broken')\n", {"told": told})
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            _ = module.value
    assert told == ["read", "read"]


def test_a_second_thread_waits_until_it_is_read_whole(waiting: Callable[..., Any]) -> None:
    begun, go_on = Event(), Event()
    module = waiting("begun.set()\ngo_on.wait(60)\nvalue = 3\n", {"begun": begun, "go_on": go_on})
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(lambda: module.value)
        assert begun.wait(60)
        second = pool.submit(lambda: module.value)
        go_on.set()
        assert (first.result(60), second.result(60)) == (3, 3)


def test_only_modules_of_ours_and_of_the_list_wait() -> None:
    finder = _Finder()
    assert finder.find_spec("turtle", None) is None
    assert finder.find_spec("secrel_of_others", None) is None
    assert finder.find_spec("secrel.no_such_module", sys.modules["secrel"].__path__) is None
    found = finder.find_spec("secrel.settings", sys.modules["secrel"].__path__, ModuleType("secrel.settings"))
    assert found is not None
    assert isinstance(found.loader, _Later)


def test_it_is_set_up_once() -> None:
    before = list(sys.meta_path)
    wait_for_use()
    assert sys.meta_path == before


def test_no_package_hands_on_a_name_that_one_of_its_modules_has() -> None:
    # Python would put the module in the place of the name when it is imported after the package was read
    shared = []
    for file in SOURCE.rglob("__init__.py"):
        modules = {one.stem for one in file.parent.glob("*.py")} | {one.name for one in file.parent.iterdir()}
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{_name(file.parent)}."):
                shared += [f"{_name(file.parent)}.{one.name}" for one in node.names if one.name in modules]
    assert shared == []


def _name(folder: Path) -> str:
    return ".".join(("secrel", *folder.relative_to(SOURCE).parts))


def test_a_module_that_its_package_brings_along_is_there_once() -> None:
    program = (
        "from secrel.verify.described.slipping import slips\n"
        "import sys, secrel.verify.described as package\n"
        "assert package.slips is slips\n"
        "assert slips.__globals__ is vars(sys.modules['secrel.verify.described.slipping'])\n"
        "from markdown_it.token import Token\n"
        "import markdown_it\n"
        "assert type(markdown_it.MarkdownIt().parse('x')[0]) is Token\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_a_module_that_its_package_brought_along_is_given_as_it_is() -> None:
    there = sys.modules["secrel.loading"]
    before, spec = there.__spec__, _Finder().find_spec("secrel.loading", None)
    assert spec is not None
    assert spec.loader is not None
    assert module_from_spec(spec) is there
    spec.loader.exec_module(there)
    assert there.__spec__ is before

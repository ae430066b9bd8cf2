"""Which tests coverage is measured in: `make measured` writes `unmeasured.txt` anew.

Measuring makes a test about twice as slow. A test whose every line and branch other tests reach as well proves what it
proves without being measured, so the dear ones of that kind are listed, and nobody measures them. When the list and the
tests have grown apart, a room owes coverage (`coverage_gate`), and the list is to be written anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import pkgutil
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import secrel
from tests.house.coverage_gate import THINKING, room_of
from tests.house.sources import ROOT

FOLDERS = ("tests/house/", "tests/transcripts/", "tests/rehearsal/test_mishaps.py::")
"""Tests of the house itself, transcripts and plays: never measured."""
LIST = Path(__file__).with_name("unmeasured.txt")
NOTES = ROOT / "build" / "measuring"
BY_EXAMPLE = NOTES / "by-example.txt"
"""The tests whose examples are measured each by itself, and then no test is that is on the list."""
DEAR, DEAR_EXAMPLE = 0.1, 0.02
"""Seconds of CPU from which on it is worth it to leave a test unmeasured, and an example of one that is measured."""
LOSS, LOSS_BY_EXAMPLE = 0.005, 0.001
"""The part of what was reached in a room that owes less than all, which the list may lose in it by either."""

Arc = tuple[str, int, int]


@cache
def listed() -> frozenset[str]:
    """The lines of `unmeasured.txt`: a test with all of its examples, or one of them, as pytest names them."""
    return frozenset(LIST.read_text("utf-8").splitlines())


def function_of(nodeid: str) -> str:
    """Name the test of an example: `tests/a.py::test_b[c]` is one of `tests/a.py::test_b`."""
    return nodeid.partition("[")[0]


def is_measured(nodeid: str) -> bool:
    """Say whether coverage is measured in an example of a test."""
    return not nodeid.startswith(FOLDERS) and listed().isdisjoint((nodeid, function_of(nodeid)))


def coverage_of(config: pytest.Config) -> Any:
    """Give what measures coverage, None where nobody does."""
    return getattr(config.pluginmanager.getplugin("_cov"), "cov_controller", None)


@contextmanager
def paused(config: pytest.Config) -> Generator[None]:
    """Measure nothing inside: what is said, or what a play that many tests look at does as all others do."""
    controller = coverage_of(config)
    if controller is None or not controller.started:
        yield
        return
    controller.pause()
    try:
        yield
    finally:
        controller.resume()


def load_the_house() -> None:
    """Read every module, so that none is first read where nobody measures."""
    for module in pkgutil.walk_packages(secrel.__path__, "secrel."):
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            vars(import_module(module.name))  # it is read when its names are asked for


def forget_what_is_kept() -> None:
    """Empty every cache of a function of the house, so that its lines run again."""
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] == "secrel":
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


def spared(
    costs: Mapping[str, float], arcs: Mapping[str, Collection[Arc]], dear: float = DEAR, loss: float = LOSS
) -> list[str]:
    """Give the tests that need not be measured, the dearest first; one that costs less than `dear` stays.

    One is spared while each of its arcs in a thinking room is another measured test's as well, and every other room
    loses at most `loss` of what is reached in it.
    """
    reached = Counter(arc for found in arcs.values() for arc in found)
    rooms = Counter(room_of(path) for path, _, _ in reached)
    lost: Counter[str] = Counter()
    chosen = []
    for test, cost in sorted(costs.items(), key=lambda one: (-one[1], one[0])):
        if cost < dear:
            continue
        mine = arcs.get(test, ())
        alone = Counter(room_of(arc[0]) for arc in mine if reached[arc] == 1)
        if all(room not in THINKING and lost[room] + count <= loss * rooms[room] for room, count in alone.items()):
            reached.subtract(mine)
            lost += alone
            chosen.append(test)
    return chosen


def _reached(data: Path) -> dict[str, list[Arc]]:
    # coverage documents the schema of its data file: its API asks for one context and one file at a time
    found: dict[str, list[Arc]] = defaultdict(list)
    known: dict[Arc, Arc] = {}
    rows = (
        "SELECT context.context, file.path, arc.fromno, arc.tono FROM arc JOIN context ON context.id = arc.context_id"
    )
    with contextlib.closing(sqlite3.connect(data)) as store, store:
        for context, path, start, end in store.execute(f"{rows} JOIN file ON file.id = arc.file_id"):
            arc = (path, start, end)
            found[context].append(known.setdefault(arc, arc))
    return found


def _costs(notes: Iterable[Path]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for note in notes:
        for name, seconds in json.loads(note.read_text("utf-8")):
            found[name] += seconds
    return found


def _by_example() -> frozenset[str]:
    return frozenset(BY_EXAMPLE.read_text("utf-8").splitlines()) if BY_EXAMPLE.exists() else frozenset()


class Notes:
    """A plugin of `make measured`: measures every test by itself, and notes its CPU with that of its processes."""

    def __init__(self) -> None:
        self.costs: list[tuple[str, float]] = []
        self.by_example = _by_example()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what is on the list already, where examples are measured."""
        if self.by_example:
            items[:] = [item for item in items if is_measured(item.nodeid)]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Measure into a context that has the test's name, or its example's."""
        test = function_of(item.nodeid)
        name = item.nodeid if test in self.by_example else test
        controller = coverage_of(item.config)
        if controller is not None:
            controller.cov.switch_context(name)
        before = sum(os.times()[:4])
        try:
            return (yield)
        finally:
            self.costs.append((name, sum(os.times()[:4]) - before))

    def pytest_sessionfinish(self) -> None:
        """Keep what was noted, by worker."""
        NOTES.mkdir(parents=True, exist_ok=True)
        name = f"{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.json"
        NOTES.joinpath(name).write_text(json.dumps(self.costs), "utf-8")


def _measured(dear: float, loss: float) -> tuple[dict[str, float], list[str]] | None:
    """Run the tests that are not long, each measured by itself: what each cost, and which need not be measured."""
    for old in NOTES.glob("*.json"):
        old.unlink()
    options = ["-q", "-n", "2", "--dist", "worksteal", "-m", "not long", "--cov", "--cov-report="]
    ran = subprocess.run([sys.executable, "-m", "pytest", "--measured-by-test", *options], cwd=ROOT, check=False)
    if ran.returncode:
        sys.stdout.write("a test failed: mend it first, and run this again\n")
        return None
    costs = _costs(NOTES.glob("gw*.json"))
    theirs = {name: cost for name, cost in costs.items() if not name.startswith(FOLDERS)}
    return costs, spared(theirs, _reached(ROOT / ".coverage"), dear, loss)


def _write(lines: Iterable[str]) -> None:
    LIST.write_text("".join(f"{line}\n" for line in sorted(lines)), "utf-8")


def main() -> int:
    """Choose tests, then examples of the others that are dear; write the list. Takes three whole runs' time."""
    BY_EXAMPLE.unlink(missing_ok=True)
    if (tests := _measured(DEAR, LOSS)) is None:
        return 1
    costs, chosen = tests
    _write(chosen)
    listed.cache_clear()
    BY_EXAMPLE.write_text("".join(f"{name}\n" for name, cost in costs.items() if cost >= DEAR and is_measured(name)))
    examples = _measured(DEAR_EXAMPLE, LOSS_BY_EXAMPLE)
    BY_EXAMPLE.unlink()
    if examples is None:
        return 1
    _write((*chosen, *examples[1]))
    seconds = sum(costs[test] for test in chosen) + sum(examples[0][one] for one in examples[1])
    told = f"{len(chosen) + len(examples[1])} tests and examples of others are not measured"
    sys.stdout.write(f"{told}: {seconds:.0f} of {sum(costs.values()):.0f} s of CPU\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

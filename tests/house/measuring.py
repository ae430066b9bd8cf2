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
DEAR = 0.1
"""Seconds of CPU from which on it is worth it to leave a test unmeasured, all of its examples together."""
LOSS = 0.005
"""The part of what was reached in a room that owes less than all, which the list may lose in it."""

Arc = tuple[str, int, int]


@cache
def listed() -> frozenset[str]:
    """The tests of `unmeasured.txt`: one a line, as pytest names them, without their examples."""
    return frozenset(LIST.read_text("utf-8").split())


def test_of(nodeid: str) -> str:
    """Name the test of an example: `tests/a.py::test_b[c]` is one of `tests/a.py::test_b`."""
    return nodeid.partition("[")[0]


def is_measured(nodeid: str) -> bool:
    """Say whether coverage is measured in an example of a test."""
    return not nodeid.startswith(FOLDERS) and test_of(nodeid) not in listed()


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


def spared(costs: Mapping[str, float], arcs: Mapping[str, Collection[Arc]]) -> list[str]:
    """Give the tests that need not be measured, the dearest first.

    One is spared while each of its arcs in a thinking room is another measured test's as well, and every other room
    loses at most `LOSS` of what is reached in it.
    """
    reached = Counter(arc for found in arcs.values() for arc in found)
    rooms = Counter(room_of(path) for path, _, _ in reached)
    lost: Counter[str] = Counter()
    chosen = []
    for test, cost in sorted(costs.items(), key=lambda one: (-one[1], one[0])):
        if cost < DEAR:
            continue
        mine = arcs.get(test, ())
        alone = Counter(room_of(arc[0]) for arc in mine if reached[arc] == 1)
        if all(room not in THINKING and lost[room] + count <= LOSS * rooms[room] for room, count in alone.items()):
            reached.subtract(mine)
            lost += alone
            chosen.append(test)
    return chosen


def _reached(data: Path) -> dict[str, set[Arc]]:
    # coverage documents the schema of its data file: its API asks for one context and one file at a time
    found: dict[str, set[Arc]] = defaultdict(set)
    rows = (
        "SELECT context.context, file.path, arc.fromno, arc.tono FROM arc JOIN context ON context.id = arc.context_id"
    )
    with contextlib.closing(sqlite3.connect(data)) as store, store:
        for context, path, start, end in store.execute(f"{rows} JOIN file ON file.id = arc.file_id"):
            found[context].add((path, start, end))
    return found


def _costs(notes: Iterable[Path]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for note in notes:
        for nodeid, seconds in json.loads(note.read_text("utf-8")):
            found[test_of(nodeid)] += seconds
    return found


class Notes:
    """A plugin of `make measured`: measures every test by itself, and notes its CPU with that of its processes."""

    def __init__(self) -> None:
        self.costs: list[tuple[str, float]] = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Measure into a context that has the test's name."""
        controller = coverage_of(item.config)
        if controller is not None:
            controller.cov.switch_context(test_of(item.nodeid))
        before = sum(os.times()[:4])
        try:
            return (yield)
        finally:
            self.costs.append((item.nodeid, sum(os.times()[:4]) - before))

    def pytest_sessionfinish(self) -> None:
        """Keep what was noted, by worker."""
        NOTES.mkdir(parents=True, exist_ok=True)
        name = f"{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.json"
        NOTES.joinpath(name).write_text(json.dumps(self.costs), "utf-8")


def main() -> int:
    """Run every test that is not long, each measured by itself; write the list. Takes two or three whole runs' time."""
    for old in NOTES.glob("*.json"):
        old.unlink()
    options = ["-q", "-n", "2", "--dist", "worksteal", "-m", "not long", "--cov", "--cov-report="]
    ran = subprocess.run([sys.executable, "-m", "pytest", "--measured-by-test", *options], cwd=ROOT, check=False)
    if ran.returncode:
        sys.stdout.write("a test failed: mend it first, and unmeasured.txt stays as it was\n")
        return 1
    costs = _costs(NOTES.glob("gw*.json"))
    chosen = spared(
        {test: cost for test, cost in costs.items() if not test.startswith(FOLDERS)}, _reached(ROOT / ".coverage")
    )
    LIST.write_text("".join(f"{test}\n" for test in sorted(chosen)), "utf-8")
    seconds = sum(costs[test] for test in chosen)
    sys.stdout.write(f"{len(chosen)} tests are not measured: {seconds:.0f} of {sum(costs.values()):.0f} s of CPU\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

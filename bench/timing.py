"""How benchmarks time: a piece of work in this process, or a whole command in one of its own."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the results: what was timed, ours and the naive way in seconds, and how it was made."""

    what: str
    ours: float
    naive: float | None
    how: str

    def line(self) -> str:
        """Give it as a row of a Markdown table."""
        naive = f"{shown(self.naive)}" if self.naive is not None else ""
        ratio = f"{self.naive / self.ours:.1f}" if self.naive is not None and self.ours else ""
        return f"| {self.what} | {shown(self.ours)} | {naive} | {ratio} | {self.how} |"


def shown(seconds: float) -> str:
    """Write a time as people read it."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def best(work: Callable[[], object], times: int = 3) -> float:
    """Give the shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def side_by_side(one: Callable[[], object], other: Callable[[], object], times: int = 5) -> tuple[float, float]:
    """Run two pieces of work in turn, so that both meet the same machine, and give the shortest run of each."""
    found: list[tuple[float, float]] = [(best(one, 1), best(other, 1)) for _ in range(times)]
    return min(first for first, _ in found), min(second for _, second in found)


def cpu_of(work: Callable[[], object], times: int = 5) -> float:
    """Give the least processor time that a command takes, in seconds: what a machine without other work waits for."""
    found = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        work()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found)


PROGRAM = os.path.join(os.path.dirname(sys.executable), "secrel")  # noqa: PTH118, PTH120 - no link is followed


def command(words: Sequence[str], desk: str = "") -> Callable[[], object]:
    """Give the work of running one command line as a person does: a new process, from start to end."""
    return _process([PROGRAM, *words], desk)


def script(text: str, desk: str = "") -> Callable[[], object]:
    """Give the work of running a few lines of Python in a process of their own."""
    return _process([sys.executable, "-c", text], desk)


def _process(words: Sequence[str], desk: str) -> Callable[[], object]:
    environment = {**os.environ, "SECREL_DESK": desk} if desk else dict(os.environ)

    def run() -> None:
        ended = subprocess.run(words, env=environment, capture_output=True, check=False)
        assert ended.returncode in {0, 3, 5}, ended.stderr.decode()

    return run


def machine() -> str:
    """Say on what all this was measured, and how busy that was."""
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, load {load}"

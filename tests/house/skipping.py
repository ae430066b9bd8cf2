"""What was not proved is said aloud; on CI, a skip that `skips.txt` does not foresee fails the run."""

from __future__ import annotations

import os
from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

FORESEEN = Path(__file__).with_name("skips.txt")


def foreseen(text: str) -> list[str]:
    """Read the patterns of `skips.txt`: one a line, `*` for anything; `#` begins a comment."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def unforeseen(reasons: list[str], patterns: list[str]) -> list[str]:
    """Give the reasons that no pattern matches."""
    return [reason for reason in reasons if not any(fnmatchcase(reason, pattern) for pattern in patterns)]


def reason_of(longrepr: object) -> str:
    """Take the reason out of what pytest keeps of a skip: `(file, line, reason)`, or a text."""
    text = str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ").strip()


class SkipsAreSaid:
    """Collects every skip of a session, and says at its end what was not proved."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.skipped: dict[str, list[str]] = defaultdict(list)

    def _note(self, name: str, reason: str) -> None:
        if name not in self.skipped[reason]:
            self.skipped[reason].append(name)

    @property
    def _refused(self) -> list[str]:
        patterns = foreseen(FORESEEN.read_text("utf-8"))
        return unforeseen(sorted(self.skipped), patterns) if self.strict else []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            expected = getattr(report, "wasxfail", None)
            self._note(report.nodeid, reason_of(report.longrepr) if expected is None else f"xfail: {expected}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._note(report.nodeid, reason_of(report.longrepr))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._refused and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.skipped:
            return
        terminalreporter.section("NOT PROVED", sep="*", red=bool(self._refused), bold=True)
        for reason, names in sorted(self.skipped.items()):
            terminalreporter.line(f"{len(names)} skipped: {reason}")
            for name in names if reason in self._refused else ():
                terminalreporter.line(f"    {name}")
        if self._refused:
            terminalreporter.line("FAILED: on CI nothing is skipped but for the reasons in tests/house/skips.txt")


def install(config: pytest.Config) -> None:
    """Watch the skips of this session, in the process that sums up."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipsAreSaid(strict=os.environ.get("CI") == "true"), "skips-are-said")

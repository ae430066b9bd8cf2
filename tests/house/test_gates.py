"""The gates themselves: coverage by room, and skips that are said aloud."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.house import coverage_gate
from tests.house.skipping import FORESEEN, foreseen, unforeseen
from tests.house.sources import ROOT, SOURCE


def _file(lines: tuple[int, int], branches: tuple[int, int]) -> dict[str, object]:
    return {
        "summary": {
            "covered_lines": lines[0],
            "num_statements": lines[1],
            "covered_branches": branches[0],
            "num_branches": branches[1],
        },
        "missing_lines": list(range(7, 7 + lines[1] - lines[0])),
        "missing_branches": [[3, -1]] * (branches[1] - branches[0]),
    }


def test_a_thinking_room_owes_every_branch() -> None:
    report = {"files": {"src/secrel/plan/guard.py": _file((100, 100), (19, 20))}}
    holds, text = coverage_gate.verdict(report)
    assert not holds
    assert "OWES plan" in text
    assert "src/secrel/plan/guard.py: 3->exit" in text


def test_another_room_owes_95_per_cent_of_lines_and_branches_together() -> None:
    right = {"files": {"src/secrel/cli/main.py": _file((90, 92), (5, 8))}}
    wrong = {"files": {"src/secrel/cli/main.py": _file((90, 92), (4, 8))}}
    assert coverage_gate.verdict(right)[0]
    assert not coverage_gate.verdict(wrong)[0]


def test_without_the_data_beside_the_clone_what_is_tested_with_it_is_not_judged_and_says_so() -> None:
    thin = {"files": {"src/secrel/adapters/gitlab/forge.py": _file((80, 100), (0, 0))}}
    assert not coverage_gate.verdict(thin)[0]
    holds, text = coverage_gate.verdict(thin, has_data=False)
    assert holds
    assert "80.00 % of 95 %; not judged: shared data absent" in text
    for name in ("cli/main", "plan/guard"):
        other = {"files": {f"src/secrel/{name}.py": _file((80, 100), (0, 0))}}
        assert not coverage_gate.verdict(other, has_data=False)[0], "no other room is excused"


def test_files_of_a_room_count_together_and_single_modules_are_rooms() -> None:
    report = {
        "files": {
            "src/secrel/cli/a.py": _file((10, 10), (0, 0)),
            "src/secrel/cli/b.py": _file((30, 30), (0, 0)),
            "src/secrel/wiring.py": _file((5, 5), (0, 0)),
        }
    }
    assert {room.name: room.wanted for room in coverage_gate.rooms(report)} == {"cli": 40, "wiring": 5}


def test_the_gate_fails_the_run(tmp_path: Path) -> None:
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps({"files": {"src/secrel/words/x.py": _file((1, 2), (0, 0))}}), "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.house.coverage_gate", str(report)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, "OWES words" in ended.stdout) == (1, True)


def test_every_thinking_room_is_there() -> None:
    assert [name for name in coverage_gate.THINKING if not (SOURCE / name).is_dir()] == []


def test_a_reason_is_foreseen_by_a_pattern() -> None:
    patterns = foreseen("# why\n\nshared data absent: *   # told elsewhere\n")
    assert patterns == ["shared data absent: *"]
    assert unforeseen(["shared data absent: x", "because"], patterns) == ["because"]


def test_every_line_of_skips_txt_says_why() -> None:
    lines = [line for line in FORESEEN.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not line.partition("#")[2].strip()] == []


_CONFTEST = """
import pytest
from tests.house import skipping


def pytest_configure(config: pytest.Config) -> None:
    skipping.install(config)
"""

_TESTS = """
import pytest


def test_a() -> None:
    pytest.skip("{reason}")


def test_b() -> None:
    pass
"""


@pytest.mark.parametrize(
    ("reason", "is_ci", "ends", "workers"),
    [
        ("shared data absent: x", "true", 0, "0"),
        ("no wish to", "true", 1, "0"),
        ("no wish to", "", 0, "0"),
        pytest.param("shared data absent: x", "true", 0, "1", marks=pytest.mark.long),  # a worker may be slow to end
        pytest.param("no wish to", "true", 1, "1", marks=pytest.mark.long),
    ],
)
def test_an_unforeseen_skip_fails_the_run_on_ci_and_is_said_everywhere(
    tmp_path: Path, reason: str, is_ci: str, ends: int, workers: str
) -> None:
    (tmp_path / "conftest.py").write_text(_CONFTEST, "utf-8")
    (tmp_path / "test_it.py").write_text(_TESTS.replace("{reason}", reason), "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(tmp_path), "-p", "xdist", "-n", workers],
        env={**os.environ, "CI": is_ci, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == ends, ended.stdout + ended.stderr
    assert "NOT PROVED" in ended.stdout
    assert f"1 skipped: {reason}" in ended.stdout
    assert "1 passed, 1 skipped" in ended.stdout.splitlines()[-1]
    assert ("test_it.py::test_a" in ended.stdout) is bool(ends)


def test_properties_draw_the_same_examples_every_time() -> None:
    assert settings.get_profile("secrel").derandomize
    assert not settings.get_profile("explore").derandomize


def test_ci_runs_the_gates_the_long_tests_and_the_newcomers_path() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("make ")] == ["make test", "make long", "make newcomer"]

"""What is in the source tree is in the package, and the locks are exact."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.house.sources import ROOT, SOURCE, tracked

LOCKS = ("requirements.lock", "requirements-dev.lock")


def test_the_package_holds_every_file_of_the_source(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("secrel/")}
    wanted = {p.relative_to(SOURCE.parent).as_posix() for p in tracked() if p.is_relative_to(SOURCE)}
    assert wanted - packed == set()
    assert {"secrel/py.typed", "secrel/process/builtin/gitlab.toml", "secrel/cli/help.txt"} <= packed
    assert any(name.endswith(".yaml") for name in packed)
    assert any(name.endswith(".j2") for name in packed)


def _locked(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    heads = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert all(re.match(r"[\w.-]+==[\w.+!-]+( ; .+)? \\$", line) for line in heads)
    return {line.partition("==")[0]: line.partition("==")[2].split()[0] for line in heads}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_exact_and_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert _locked(name)
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=sha256:[0-9a-f]{64})", text, re.MULTILINE)


def test_both_locks_name_the_same_versions() -> None:
    run, develop = (_locked(name) for name in LOCKS)
    assert {name: develop.get(name) for name in run} == run


def _plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def test_every_declared_dependency_is_locked() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = told["dependency-groups"]
    run = {_plain(one) for one in [*told["project"]["dependencies"], *groups["build"]]}
    develop = {_plain(one) for one in groups["dev"] if isinstance(one, str)}
    assert run - set(_locked("requirements.lock")) == set()
    assert (run | develop) - set(_locked("requirements-dev.lock")) == set()

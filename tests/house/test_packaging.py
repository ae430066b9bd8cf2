"""What is in the source tree is in the package, and the locks are exact."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from tests.house.locked import read_lock
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
    with zipfile.ZipFile(wheel) as archive:
        everything = archive.namelist()
        packed = {name for name in archive.namelist() if name.startswith("secrel/")}
        (told,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    wanted = {p.relative_to(SOURCE.parent).as_posix() for p in tracked() if p.is_relative_to(SOURCE)}
    assert wanted - packed == set()
    assert {"secrel/py.typed", "secrel/process/builtin/gitlab.toml", "secrel/cli/help.txt"} <= packed
    assert any(name.endswith("/share/man/man1/secrel.1") for name in everything)
    assert any(name.endswith(".yaml") for name in packed)
    assert any(name.endswith(".j2") for name in packed)
    assert "License-Expression: Apache-2.0" in told.partition("\n\n")[0].splitlines()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_exact_and_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert read_lock(text)
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=sha256:[0-9a-f]{64})", text, re.MULTILINE)
    without = [head for head in re.split(r"\n(?=\S)", text) if "--hash=sha256:" not in head]
    assert without == [], "every line has its digests"


def test_both_locks_name_the_same_versions() -> None:
    run, develop = ({line.key for line in read_lock((ROOT / name).read_text("utf-8"))} for name in LOCKS)
    assert run - develop == set()


def test_a_failed_install_says_what_to_do_and_leaves_no_stamp(tmp_path: Path) -> None:
    program = tmp_path / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    program.chmod(0o755)
    stamp = tmp_path / ".venv" / ".installed-to-run"
    stamp.touch()
    (tmp_path / "some.lock").write_text(f"nowhere==1.0 \\\n    --hash=sha256:{'0' * 64}\n", "utf-8")
    ended = subprocess.run(
        [ROOT / ".ci" / "install", "some.lock", "test"],
        cwd=tmp_path,
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    python = ".".join(map(str, sys.version_info[:3]))
    assert ended.returncode == 2
    assert f"NOT INSTALLED: some.lock, with Python {python} and pip {metadata.version('pip')}" in ended.stderr
    assert "rm -rf .venv && make test\n" in ended.stderr
    assert not stamp.exists()

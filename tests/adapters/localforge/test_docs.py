"""The page about the embedded forge says what is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from secrel.adapters.localforge.given import LINE_LENGTH
from secrel.adapters.localforge.people import People
from secrel.adapters.localforge.repository.history import CLOCK_SLACK
from tests.adapters.localforge.stage import START, commit, init

PAGE = (Path(__file__).parents[3] / "docs" / "localforge.md").read_text(encoding="utf-8")


def test_the_example_works_as_it_stands(tmp_path: Path) -> None:
    commit(init(tmp_path / "app.git", {"a.txt": "broken"}), "fix-1", {"a.txt": "fixed"}, START)
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    run = [sys.executable, "-c", found[1]]
    done = subprocess.run(run, cwd=tmp_path, check=True, capture_output=True, text=True, env=dict(os.environ))
    assert done.stdout == "opened\n"


def test_everything_people_can_do_is_named() -> None:
    for name in vars(People):
        if not name.startswith("_"):
            assert re.search(rf"\b{name}\b", PAGE), name


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{timedelta(seconds=CLOCK_SLACK).days} days" in PAGE
    assert f"{LINE_LENGTH} characters" in PAGE

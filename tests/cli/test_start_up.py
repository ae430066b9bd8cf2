"""A command loads what it uses: what a person waits for is mostly the loading of libraries."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from secrel.cli.main import COMMANDS
from secrel.wiring import OF_THE_EXTRA, check_extra
from secrel.words.errors import Misused
from tests.cli.desks import NOW, User, clean_environment
from tests.house.sources import ROOT

HEAVY = frozenset(
    {"alembic", "asyncio", "holidays", "icalendar", "jsonschema_rs", "markdown_it", "nh3", "numpy", "sqlalchemy"}
)


def _loaded(user: User, *words: str) -> set[str]:
    program = (
        "import sys\nfrom datetime import datetime\nfrom secrel.cli.main import run\n"
        f"run({[*words, '--desk', str(user.folder)]!r}, clock=lambda: datetime.fromisoformat({NOW.isoformat()!r}))\n"
        "sys.stderr.write('\\n' + ' '.join(sys.modules))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], env=clean_environment(), capture_output=True, text=True, check=True
    )
    return set(ended.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("words", [("status", "2027-01"), ("fix", "show"), ("journal",), ("check-merge-requests",)])
def test_a_look_at_a_release_loads_nothing_that_it_does_not_use(started: User, words: tuple[str, ...]) -> None:
    assert _loaded(started, *words) & HEAVY == set()


def test_help_of_a_command_builds_no_stage(started: User) -> None:
    loaded = _loaded(started, "doctor")
    assert "secrel.rehearsal.playing" not in loaded
    assert "sqlalchemy" not in loaded, "a desk that is up to date is looked at without what changes it"


LIGHT = f"import sys\nfor name in {OF_THE_EXTRA!r}: sys.modules[name] = None\n"
"""What a light install does when something asks for what only the extra brings: it has none."""


def _light(program: str, *words: str, at: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LIGHT + program, *words]
    return subprocess.run(command, cwd=at, env=clean_environment(), capture_output=True, text=True, check=False)


def test_the_extra_brings_what_the_program_looks_for() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]["affected"]
    assert {re.split(r"[^\w-]", one)[0] for one in told} == set(OF_THE_EXTRA)
    check_extra()
    with pytest.raises(Misused, match="extra `affected`, which is not installed") as told_so:
        check_extra(("no_such_package",))
    assert told_so.value.remedy == 'pip install "secrel[affected]"'


def test_without_the_extra_every_command_but_one_is_loaded(tmp_path: Path) -> None:
    places = [place.partition(":")[0] for name, place in COMMANDS.items() if name != "affected"]
    ended = _light("import importlib\nfor place in sys.argv[1:]: importlib.import_module(place)", *places, at=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_without_the_extra_what_needs_it_says_so_before_it_begins(user: User, tmp_path: Path) -> None:
    program = (
        "from secrel.cli.main import run\n"
        "for words in sys.argv[1:]: sys.stdout.write(f'ended {run(words.split()):d}\\n')"
    )
    needing = [
        "rehearse",
        "affected product",
        "init made",
        f"status --desk {user.folder}",
        f"doctor --desk {user.folder}",
    ]
    ended = _light(program, *needing, at=tmp_path)
    assert ended.stderr.count('to go on: pip install "secrel[affected]"') == len(needing) - 1
    assert 'to go on: pip install "secrel[affected]"' in ended.stdout, "the doctor finds it"
    assert ended.stdout.count("ended 2\n") == len(needing)
    assert not (tmp_path / "made").exists()

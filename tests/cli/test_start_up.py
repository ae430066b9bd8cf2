"""A command loads what it uses: what a person waits for is mostly the loading of libraries."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.desks import NOW, User, clean_environment

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

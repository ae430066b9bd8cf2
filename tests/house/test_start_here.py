"""The newcomer's page works: its commands are run as they stand, in an empty folder and with an empty home."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from secrel.rehearsal.playing import play
from secrel.rehearsal.story import read_story
from tests.house.pages import marked
from tests.house.sources import DOCS, ROOT

pytestmark = pytest.mark.long

PAGE = DOCS / "start-here.md"
_EXPECTED = re.compile(r"^# exit (\d+)$")


def _environment(home: Path) -> dict[str, str]:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": programs, "HOME": str(home), "LANG": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "100"}


def _script(text: str) -> str:
    """Turn a block into a script: a line `# exit 4` says how the command before it ends, all others end well."""
    lines = text.replace("\\\n", " ").splitlines()
    made = []
    for number, line in enumerate(lines):
        expected = _EXPECTED.match(lines[number + 1]) if number + 1 < len(lines) else None
        if expected is not None:
            made.append(f'ended=0; {line} || ended=$?; [ "$ended" = {expected[1]} ] || exit 99')
        elif not _EXPECTED.match(line):
            made.append(line)
    return "set -euo pipefail\n" + "\n".join(made) + "\n"


def test_every_command_of_the_first_steps_does_what_the_page_says(tmp_path: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash absent: the commands of docs/start-here.md were not run")
    home, place = tmp_path / "home", tmp_path / "place"
    home.mkdir()
    place.mkdir()
    text = "".join(_script(block.text) for block in marked(PAGE, "run"))
    assert text.count("secrel ") > 10
    ended = subprocess.run(
        ["bash", "-c", text], cwd=place, env=_environment(home), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, f"{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"
    for wanted in re.findall(r"<!-- leaves: (\S+) -->", PAGE.read_text("utf-8")):
        assert list(place.glob(wanted)), f"the page says that {wanted} is there, and it is not"


def test_the_story_that_a_reader_may_copy_plays_and_ends_right(tmp_path: Path) -> None:
    (block,) = marked(DOCS / "stories.md", "story")
    played = play(read_story(block.text, "our-first.yaml"), tmp_path / "rehearsal")
    assert played.wrongs == ()
    assert played.last is not None
    assert played.last.look.snapshot.announced_at is not None


def test_the_readme_has_the_two_commands() -> None:
    commands = "".join(
        block.text for word in ("the-newcomer-runs", "a-developer-runs") for block in marked(ROOT / "README.md", word)
    )
    assert commands.split("\n") == ["make rehearsal", "make test", ""]

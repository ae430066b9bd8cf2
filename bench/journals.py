"""What the releases before cost a command: a status with 25 releases in the journal; `python -m bench journals`.

Whole processes. Each release has as many entries as a whole rehearsal of 17 fixes leaves. The naive way reads all of
them, with every text that was sent, before it answers.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from bench.commands import STORY
from bench.timing import PROGRAM, Row, command, cpu_of, script, side_by_side
from secrel.journal.entries import Entry
from secrel.journal.journal import Journal
from secrel.rehearsal.playing import play
from secrel.rehearsal.story import read_story

RELEASES = 25
WHOLE = f"""
import sys
from pathlib import Path
from secrel.cli.main import run
from secrel.wiring import desk_at
kept = [entry.whole() for entry in desk_at(Path("{{folder}}"), "amara").journal.entries()]
sys.exit(run(["status", "{STORY}"]))
"""


def remember_others(file: Path, count: int) -> None:
    """Copy what a journal remembers of one release under `count` other names."""
    journal = Journal(str(file), durable=False)
    told = [(entry, json.dumps(entry.whole())) for entry in journal.entries()]
    for number in range(count):
        other = f"other-{number:02}"
        for entry, body in told:
            key = f"{other}/{entry.key.removeprefix(f'{STORY}/')}"
            journal.add(Entry(entry.at, other, entry.kind, key, entry.who, json.loads(body.replace(STORY, other))))
    journal.close()


def megabytes(words: Sequence[str], folder: Path) -> float:
    """Give the most memory that a command takes, in megabytes."""
    with subprocess.Popen(
        [PROGRAM, *words], env={**os.environ, "SECREL_DESK": str(folder)}, stdout=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_maxrss / 1024


def measure() -> Iterator[Row]:
    """Give one row: with 25 releases beside the naive way, and how that compares with one release."""
    text = (resources.files("secrel.rehearsal") / "stories" / f"{STORY}.yaml").read_text("utf-8")
    status = ["status", STORY]
    with tempfile.TemporaryDirectory() as place:
        one, many = Path(place) / "one", Path(place) / "many"
        play(read_story(text, STORY), one)
        shutil.copytree(one, many)
        remember_others(many / "journal.db", RELEASES - 1)
        alone, ours = side_by_side(command(status, str(one)), command(status, str(many)), 7)
        _, naive = side_by_side(command(status, str(many)), script(WHOLE.format(folder=many), str(many)), 3)
        busy = cpu_of(command(status, str(many)), 7) / cpu_of(command(status, str(one)), 7)
        more = megabytes(status, many) - megabytes(status, one)
    yield Row(
        f"`secrel status`, {RELEASES} releases in the journal",
        ours,
        naive,
        f"whole process, best of 7: {ours / alone:.2f} times as long as with one release, {busy:.2f} times the "
        f"processor, {more:.0f} MB more memory (the goal is 1.2 and 50 MB); naive: everything remembered is read first",
    )

"""A whole rehearsal: the release of 17 fixes, 160 days of it; `python -m bench rehearsals`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

from bench.commands import STORY
from bench.timing import Row, best, command, cpu_of, shown
from secrel.rehearsal.playing import ENDS, play
from secrel.rehearsal.story import BEGINS, Story, read_story


def hourly(story: Story) -> Iterator[datetime]:
    """Give every hour from its beginning to its end: the naive way to choose when to look."""
    at = story.release.due - BEGINS
    while at <= max(story.dues) + ENDS:
        yield at
        at += timedelta(hours=1)


def measure() -> Iterator[Row]:
    """Give a row for the whole rehearsal as a person runs it, and one for how its moments are chosen."""
    text = (resources.files("secrel.rehearsal") / "stories" / f"{STORY}.yaml").read_text("utf-8")
    with tempfile.TemporaryDirectory() as place:
        rehearse = command(["rehearse", "--story", STORY, "--out", f"{place}/whole"])
        whole, busy = best(rehearse, 3), shown(cpu_of(rehearse, 1))
        how = f"whole process, best of 3, of it {busy} on the processor; the goal is under 10 s"
        yield Row("`secrel rehearse`, 17 fixes, whole", whole, None, how)
        ours = best(lambda: play(read_story(text, STORY), Path(place) / "ours"), 1)
        naive = best(lambda: play(read_story(text, STORY), Path(place) / "naive", looks=hourly), 1)
        yield Row("play 17 fixes", ours, naive, "in process, one run; naive: the desk looks every hour")

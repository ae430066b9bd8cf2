"""`secrel rehearse`: play a whole release on an embedded forge, with a simulated clock."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

from secrel.cli.session import note, say
from secrel.desk.carrying_out import Carried
from secrel.evaluate.verdicts import Passed, Waived
from secrel.rehearsal.playing import BEGINS, ENDS, play
from secrel.rehearsal.results import Phases, summary, write_results
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import Story, read_story
from secrel.words.errors import Exit, Misused

_WIDTH = 30
_A_DAY = timedelta(days=1)


def story_names() -> list[str]:
    """Name the stories that ship."""
    folder = resources.files("secrel.rehearsal") / "stories"
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))


def _story(named: str) -> Story:
    if named in story_names():
        name = f"{named}.yaml"
        return read_story((resources.files("secrel.rehearsal") / "stories" / name).read_text("utf-8"), name)
    file = Path(named)
    try:
        return read_story(file.read_text("utf-8"), named)
    except (OSError, UnicodeDecodeError) as fault:
        raise Misused(
            f"there is no story {named[:80]!r}",
            remedy=f"name one of {', '.join(story_names())}, or the path of a story file (docs/stories.md)",
        ) from fault


class _Progress:
    """Draws how far the rehearsal is, on a terminal; and slows it down when somebody wants to watch."""

    def __init__(self, story: Story, speed: float) -> None:
        self.begins = story.release.due - BEGINS
        self.length = (ENDS + BEGINS) / _A_DAY
        self.speed = speed
        self.day = self.begins
        self.is_drawn = sys.stderr.isatty()

    def show(self, stage: Stage, carried: Carried) -> None:
        """Draw one step."""
        at = stage.clock()
        if self.speed and at - self.day >= _A_DAY:
            time.sleep((at - self.day) / _A_DAY / self.speed)
            self.day = at
        if not self.is_drawn:
            return
        gates = carried.look.assessment.gates
        held = sum(isinstance(judged.verdict, Passed | Waived) for judged in gates)
        part = min(1.0, (at - self.begins) / _A_DAY / self.length)
        bar = "#" * round(part * _WIDTH)
        fixes = len(carried.look.snapshot.tracked_fixes)
        sys.stderr.write(f"\r[{bar:<{_WIDTH}}] {at:%Y-%m-%d}  {fixes} fixes  {held} of {len(gates)} gates hold ")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self.is_drawn:
            sys.stderr.write("\n")


def rehearse(*, story: str = "2021-10-28", out: Path | None = None, until: str = "", speed: float = 0.0) -> int:
    """Play a whole release, from sixty days before to a hundred after, and leave every document in a folder.

    Example: `secrel rehearse`, another story: `secrel rehearse --story 2023-05-05`, your own:
    `secrel rehearse --story mine.yaml --out rehearsal-mine`, or to watch it: `secrel rehearse --speed 10`.

    Exit words: 0 done and ended right, 2 misused, 3 blocked when it ended wrong.

    Parameters
    ----------
    story
        A story that ships (2021-10-28, 2022-01-11, 2023-05-05, 2026-09-10), or a story file (docs/stories.md).
    out
        The folder for everything it leaves; without it, rehearsal-STORY. An earlier rehearsal in it is replaced.
    until
        End it on this day, YYYY-MM-DD, and look at the release as it then is.
    speed
        Simulated days per second; 0 as fast as it goes.
    """
    told = _story(story)
    folder = out or Path(f"rehearsal-{told.name}")
    progress, phases = _Progress(told, speed), Phases()
    began = time.monotonic()

    def watch(stage: Stage, carried: Carried) -> None:
        progress.show(stage, carried)
        phases.note(stage, carried)

    played = play(told, folder, until=_day(until, told), watch=watch)
    took = time.monotonic() - began
    progress.end()
    file = write_results(played, phases, took)
    say(summary(played, took))
    note(f"everything is in {folder}; begin with {file}")
    return Exit.BLOCKED if played.wrongs else Exit.DONE


def _day(text: str, story: Story) -> datetime | None:
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Misused(f"{text[:40]!r} is no day", remedy="write it as YYYY-MM-DD: --until 2021-10-20") from fault
    at = day if day.tzinfo else day.replace(tzinfo=story.release.due.tzinfo)
    if at < story.release.due - BEGINS:
        begins = story.release.due - BEGINS
        raise Misused(f"the rehearsal begins on {begins:%Y-%m-%d}", remedy="choose a later day")
    return at

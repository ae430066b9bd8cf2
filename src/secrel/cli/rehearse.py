"""`secrel rehearse`: play a whole release on an embedded forge or a GitLab, with a simulated clock."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from secrel.cli.session import note, say
from secrel.evaluate import registry, verdicts
from secrel.files import read_file
from secrel.reading import largest
from secrel.rehearsal import playing, results
from secrel.rehearsal import story as rehearsal_story
from secrel.rehearsal import summary as rehearsal_summary
from secrel.rehearsal.venues import gitlab
from secrel.rehearsal.venues import sandbox as venues_sandbox
from secrel.rehearsal.venues import venue as venues_venue
from secrel.wiring import check_extra, now
from secrel.wiring.hosted import check_gitlab
from secrel.words.errors import Exit, Misused

if TYPE_CHECKING:  # the stage is built when somebody plays, and not for a page of help
    from secrel.desk.carrying_out import Carried
    from secrel.rehearsal.stage import Stage
    from secrel.rehearsal.story import Story
    from secrel.rehearsal.venues.sandbox import Sandbox
    from secrel.rehearsal.venues.venue import Venue

_WIDTH = 30
_LINE = 79
_A_DAY = timedelta(days=1)


def _shipped() -> dict[str, str]:
    """Give the text of every story that ships, by its name."""
    folder = resources.files("secrel.rehearsal") / "stories"
    files = (file for file in folder.iterdir() if file.name.endswith(".yaml"))
    return {file.name.removesuffix(".yaml"): file.read_text("utf-8") for file in sorted(files, key=lambda f: f.name)}


def _title(text: str) -> str:
    found = re.search(r'^title: "?(.*?)"?$', text, re.MULTILINE)
    return found[1] if found else ""


def _story(named: str, sandbox: Sandbox | None) -> Story:
    process = sandbox.process if sandbox else registry.shipped
    shipped = _shipped()
    if named in shipped:
        return rehearsal_story.read_story(shipped[named], f"{named}.yaml", process)
    remedy = "see those that ship: secrel rehearse --list, or give the path of a story file (secrel manual stories)"
    text = read_file(Path(named), f"the story {named[:80]!r}", most=largest.STORY, remedy=remedy)
    return rehearsal_story.read_story(text, named, process)


class _Progress:
    """Draws how far the rehearsal is, on a terminal; and slows it down when somebody wants to watch."""

    def __init__(self, begins: datetime, ends: datetime, speed: float) -> None:
        self.begins = begins
        self.length = (ends - begins) / _A_DAY
        self.speed = speed
        self.day = begins
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
        held = sum(isinstance(judged.verdict, verdicts.Passed | verdicts.Waived) for judged in gates)
        part = min(1.0, (at - self.begins) / _A_DAY / self.length)
        bar = "#" * round(part * _WIDTH)
        fixes = len(carried.look.snapshot.tracked_fixes)
        told = f"[{bar:<{_WIDTH}}] {at:%Y-%m-%d}  {fixes} fixes  {held} of {len(gates)} gates hold"
        sys.stderr.write(f"\r{told:<{_LINE}}")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self.is_drawn:
            sys.stderr.write("\n")


def rehearse(
    *,
    story: str = "2021-10-28",
    forge: Path | None = None,
    out: Path | None = None,
    until: str = "",
    speed: float = 0.0,
    lists: Annotated[bool, Parameter(name="--list")] = False,
    clock: Annotated[Callable[[], datetime], Parameter(parse=False)] = now,
) -> int:
    """Play a whole release, from sixty days before to a hundred after, and leave every document in a folder.

    Example: `secrel rehearse`, another story: `secrel rehearse --story 2023-05-05`, your own:
    `secrel rehearse --story mine.yaml --out rehearsal-mine`, on a GitLab: `secrel rehearse --forge sandbox.toml`, or to
    watch it: `secrel rehearse --speed 10`.

    Exit words: 0 done and ended right, 2 misused, 3 blocked when it ended wrong.

    Parameters
    ----------
    story
        A story that ships, or a story file (secrel manual stories).
    forge
        A file that names a GitLab and a group there for rehearsals alone (secrel manual stories); without it, an
        embedded forge.
    out
        The folder for everything it leaves; without it, rehearsal-STORY. An earlier rehearsal in it is replaced.
    until
        End it on this day, YYYY-MM-DD, and look at the release as it then is.
    speed
        Simulated days per second; 0 as fast as it goes.
    lists
        Name the stories that ship, and play none.
    """
    if lists:
        say("\n".join(f"{name}  {_title(text)}" for name, text in _shipped().items()))
        return Exit.DONE
    if speed < 0:
        raise Misused("a speed below zero", remedy="give days per second, such as --speed 10, or 0 for no waiting")
    check_extra()
    sandbox = _sandbox(forge) if forge is not None else None
    told = _story(story, sandbox)
    if sandbox is None:
        return _play(told, out, until, speed)

    taken = clock if isinstance(clock, venues_venue.Clock) else None
    if taken is None:  # the GitLab has its own: what happens there is pressed into minutes, and the story begins now
        told = told.begun_after(clock())
    return _play(told, out, until, speed, gitlab.GitLabVenue(sandbox, taken))


def _sandbox(file: Path) -> Sandbox:
    check_gitlab()

    return venues_sandbox.read_sandbox(file)


def _play(told: Story, out: Path | None, until: str, speed: float, venue: Venue | None = None) -> int:
    folder = out or Path(f"rehearsal-{told.name}")
    begins = told.release.due - rehearsal_story.BEGINS
    ends = _day(until, told, begins)
    progress, phases = _Progress(begins, ends or told.release.due + playing.ENDS, speed), results.Phases()
    began = time.monotonic()

    def watch(stage: Stage, carried: Carried) -> None:
        progress.show(stage, carried)
        phases.note(stage, carried)

    try:
        played = playing.play(told, folder, until=ends, watch=watch, venue=venue)
    finally:
        progress.end()
    took = time.monotonic() - began
    file = results.write_results(played, phases, took)
    played.stage.close()
    say(rehearsal_summary.summary(played, took))
    note(f"everything is in {folder}; begin with {file}")
    return Exit.BLOCKED if played.ended_wrong else Exit.DONE


def _day(text: str, story: Story, begins: datetime) -> datetime | None:
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Misused(f"{text[:40]!r} is no day", remedy="write it as YYYY-MM-DD: --until 2021-10-20") from fault
    at = day if day.tzinfo else day.replace(tzinfo=story.release.due.tzinfo)
    if at < begins:
        raise Misused(f"the rehearsal begins on {begins:%Y-%m-%d}", remedy="choose a later day")
    return at

"""Play a story: the clock moves, the world acts, the crew works; then the judge looks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from secrel.desk.carrying_out import Carried
from secrel.observe.release_file import ReleaseFile
from secrel.process.table import Process
from secrel.rehearsal.crew import Crew, Press
from secrel.rehearsal.happening import happen
from secrel.rehearsal.judge import Judge, Wrong
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import Story
from secrel.rehearsal.world import World
from secrel.words.errors import Misused
from secrel.words.releases import Kind

BEGINS = timedelta(days=60)
ENDS = timedelta(days=100)
_NEAR_BEFORE = timedelta(days=3)
_WEEK_BEFORE = timedelta(days=9)
_WEEK_AFTER = timedelta(days=4)
_NEAR_AFTER = timedelta(days=1)
MARK = ".secrel-rehearsal"


@dataclass(frozen=True, slots=True)
class Played:
    """A rehearsal that was played: what people did, what ended wrong, how often the desk looked."""

    story: Story
    stage: Stage
    presses: tuple[Press, ...]
    wrongs: tuple[Wrong, ...]
    looks: int
    last: Carried | None


Watcher = Callable[[Stage, Carried], None]
"""Is told after each step of a release that was started: the stage with its clock, and what the desk saw and did."""


def ticks(story: Story) -> Iterator[datetime]:
    """Give the instants at which somebody looks: hourly near the release, every four hours in its week.

    Further away it is every seventeen hours, so that every hour of the day, and with it every region's working day,
    has its turn. The moments of the story, and a minute after the time the release is due, are among them.
    """
    due = story.release.due
    last = max([due, *(e.at for e in story.events), *_moved(story)])
    begins, ends = due - BEGINS, last + ENDS
    at, wanted = begins, set[datetime]()
    while at <= ends:
        wanted.add(at)
        if due - _NEAR_BEFORE <= at <= last + _NEAR_AFTER:
            at += timedelta(hours=1)
        elif due - _WEEK_BEFORE <= at <= last + _WEEK_AFTER:
            at += timedelta(hours=4)
        else:
            at += timedelta(hours=17)
    wanted |= {due - _WEEK_BEFORE, due - _NEAR_BEFORE}
    wanted |= {event.at for event in story.events if begins <= event.at <= ends}
    wanted |= {moment + timedelta(minutes=1) for moment in (due, *_moved(story))}
    return iter(sorted(wanted))


def _moved(story: Story) -> list[datetime]:
    return [datetime.fromisoformat(event.told.to) for event in story.events if event.happens == "due moves"]


def prepare_folder(folder: Path) -> None:
    """Empty the folder of an earlier rehearsal; raises `Misused` for one that holds anything else."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise Misused(
                "the folder is not empty, and no rehearsal made it",
                where=str(folder),
                remedy="name another one: --out FOLDER",
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("A rehearsal of secrel; safe to delete.\n", "utf-8")


def _release_file(story: Story) -> ReleaseFile:
    return ReleaseFile(story.release, {key: value for key, value in story.facts.items() if key != "fixes"}, ())


def _starts(story: Story) -> datetime:
    """When the release is started: at once when it is planned; when the first fix is there when it is not."""
    if story.release.kind is Kind.PLANNED or not story.fixes:
        return story.release.due - BEGINS
    return min(fix.arrives for fix in story.fixes) + timedelta(hours=2)


def play(  # noqa: PLR0913 - each has its default, and none belongs to another
    story: Story,
    folder: Path,
    *,
    process: Process | None = None,
    until: datetime | None = None,
    watch: Watcher = lambda _stage, _carried: None,
    looks: Callable[[Story], Iterable[datetime]] = ticks,
) -> Played:
    """Play `story` in `folder`; `process` in the place of the story's own, `until` ends it early.

    `looks` gives the instants at which the clock stops and everybody acts.

    Raises what the desk raises when it cannot go on at all; what merely goes wrong is in the result.
    """
    prepare_folder(folder)
    moments = sorted(looks(story))
    stage = Stage(folder, story, process or story.process, moments[0])
    world, crew = World(stage), Crew(stage)
    events = list(story.events)
    carried: Carried | None = None
    count = 0
    for at in moments:
        if until is not None and at > until:
            break
        stage.clock.move_to(at)
        while events and events[0].at <= at:
            happen(world, events.pop(0), at)
        world.act(at)
        if world.tracking() is None:
            if at >= _starts(story):
                crew.begin(stage.team[0].username, _release_file(story))
            continue
        carried = crew.work()
        count += 1
        watch(stage, carried)
    entries = stage.desk("clockwork").journal.entries()
    wrongs = tuple(Judge(world, entries, stage.team).wrongs()) if until is None else ()
    return Played(story, stage, tuple(crew.presses), wrongs, count, carried)

"""Play a story: the clock moves, the world acts, the crew works; then the judge looks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from secrel.desk.carrying_out import Carried
from secrel.observe.release_file import ReleaseFile
from secrel.process.table import Process
from secrel.rehearsal.cast.crew import Crew, Press
from secrel.rehearsal.cast.public import Public
from secrel.rehearsal.cast.world import World
from secrel.rehearsal.events import Event
from secrel.rehearsal.happening import happen
from secrel.rehearsal.judging.judge import judged
from secrel.rehearsal.judging.sight import EndedWrong, Sight
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import BEGINS, Story, team_text
from secrel.rehearsal.venues.venue import Venue
from secrel.roster.presence import end_of_day, shifts_ended
from secrel.roster.team import read_team
from secrel.words.errors import Misused

ENDS = timedelta(days=100)
_NEAR_BEFORE = timedelta(days=3)
_FORTNIGHT_BEFORE = timedelta(days=15)
_WEEK_BEFORE = timedelta(days=9)
_WEEK_AFTER = timedelta(days=4)
_NEAR_AFTER = timedelta(days=1)
_CLOSES = timedelta(days=12)
MARK = ".secrel-rehearsal"


class Played(Struct, frozen=True):
    """A rehearsal that was played: what people did, what they were refused, what ended wrong, how often they looked.

    `handovers` are those that people sent, counted apart from what else they did. `missed` are events that never came
    about: there was nothing to do them to. `until` is when it was ended early.
    """

    story: Story
    world: World
    presses: tuple[Press, ...]
    wrongs: tuple[EndedWrong, ...]
    looks: int
    last: Carried | None
    refused: tuple[Press, ...] = ()
    missed: tuple[Event, ...] = ()
    until: datetime | None = None
    handovers: tuple[Press, ...] = ()

    @property
    def stage(self) -> Stage:
        """The stage it was played on."""
        return self.world.stage


Watcher = Callable[[Stage, Carried], None]
"""Is told after each step of a release that was started: the stage with its clock, and what the desk saw and did."""


def ticks(story: Story) -> Iterator[datetime]:
    """Give the instants at which somebody looks: hourly near the release, every four hours in its week.

    Further away it is every seventeen or forty-one hours, so that every hour of the day, and with it every region's
    working day, has its turn; seventeen again when the issues become public. The moments of the story, a minute after
    the time the release is due, and the ends of working days in the fortnight before are among them.
    """
    first, last = min(story.dues), max([*story.dues, *(event.at for event in story.events)])
    begins, ends = story.release.due - BEGINS, last + ENDS
    public, *later = (last + timedelta(days=days) for days in story.public)
    ends = max([ends, *(at + _CLOSES for at in later)])
    paces = (
        (first - _FORTNIGHT_BEFORE, timedelta(hours=41)),
        (first - _WEEK_BEFORE, timedelta(hours=17)),
        (first - _NEAR_BEFORE, timedelta(hours=4)),
        (last + _NEAR_AFTER, timedelta(hours=1)),
        (last + _WEEK_AFTER, timedelta(hours=4)),
        (public - _NEAR_AFTER, timedelta(hours=41)),
        (public + _WEEK_BEFORE, timedelta(hours=17)),
        (ends, timedelta(hours=65)),
    )
    at, wanted = begins, set[datetime]()
    for until, pace in paces:
        while at < until:
            wanted.add(at)
            at += pace
        at = max(begins, min(at, until))
    wanted |= {event.at for event in story.events if begins <= event.at}
    wanted |= {at + n * timedelta(hours=17) for at in later for n in range(12)}
    wanted |= {moment + timedelta(minutes=1) for moment in story.dues}
    people = read_team(team_text()).people
    evenings = {end_of_day(one, day).astimezone(UTC) for one in people for day in shifts_ended(one, begins, ends)}
    wanted |= {evening for evening in evenings if first - _FORTNIGHT_BEFORE <= evening <= last + _WEEK_AFTER}
    return iter(sorted({*wanted, ends}))


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
    return ReleaseFile(story.release, story.facts, ())


def play(  # noqa: PLR0913 - each has its default, and none belongs to another
    story: Story,
    folder: Path,
    *,
    process: Process | None = None,
    until: datetime | None = None,
    watch: Watcher = lambda _stage, _carried: None,
    looks: Callable[[Story], Iterable[datetime]] = ticks,
    venue: Venue | None = None,
    cast: Callable[[Stage], World] = World,
) -> Played:
    """Play `story` in `folder`; `process` in the place of the story's own, `until` ends it early.

    `looks` gives the instants at which the clock stops and everybody acts; `venue` None is the embedded forge; `cast`
    is who acts around the desk.

    Raises what the desk raises when it cannot go on at all; what merely goes wrong is in the result.
    """
    prepare_folder(folder)
    moments = sorted(looks(story))
    stage = Stage(folder, story, process or story.process, moments[0], venue)
    world, crew = cast(stage), Crew(stage)
    public = Public(world)
    events = list(story.events)
    carried: Carried | None = None
    count = 0
    for at in moments:
        if until is not None and at > until:
            break
        stage.clock.move_to(at)
        events = [event for event in events if event.at > at or not happen(world, event, at)]
        world.act(at)
        if world.tracking() is None:
            if at >= story.starts:
                crew.begin(stage.team[0].username, _release_file(story))
            continue
        carried = crew.work()
        public.look(carried.look.snapshot.release.due, at)
        count += 1
        watch(stage, carried)
    entries = stage.desk().journal.entries()
    wrongs = judged(Sight(world, entries, stage.team)) if until is None else ()
    missed = tuple(event for event in events if event.at <= stage.clock())
    told = tuple(tuple(one) for one in (crew.presses, crew.refused, crew.handovers))
    return Played(story, world, told[0], wrongs, count, carried, told[1], missed, until, told[2])

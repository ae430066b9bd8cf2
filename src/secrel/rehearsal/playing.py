"""Play a story: the clock moves, the world acts, the crew works; then the judge looks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from secrel.desk.carrying_out import Carried
from secrel.observe.release_file import ReleaseFile
from secrel.process.table import Process
from secrel.rehearsal.cast.crew import Crew, Press
from secrel.rehearsal.cast.world import Public, World
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
    about: there was nothing to do them to. `until` is when it was ended early. `beside` is the same of every other
    release of the story.
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
    beside: tuple[Played, ...] = ()

    @property
    def ended_wrong(self) -> bool:
        """Whether anything ended wrong, of any release of the story."""
        return any(part.wrongs for part in (self, *self.beside))

    @property
    def stage(self) -> Stage:
        """The stage it was played on."""
        return self.world.stage


Watcher = Callable[[Stage, Carried], None]
"""Is told after each step of a release that was started: the stage with its clock, and what the desk saw and did."""
Cast = Callable[[Stage, Story], World]
"""Gives who acts around the desk in one release of a story."""


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
    cast: Cast = World,
) -> Played:
    """Play `story` in `folder`; `process` in the place of the story's own, `until` ends it early.

    `looks` gives the instants at which the clock stops and everybody acts; `venue` None is the embedded forge; `cast`
    is who acts around the desk.

    Raises what the desk raises when it cannot go on at all; what merely goes wrong is in the result.
    """
    prepare_folder(folder)
    parts = (story, *story.beside)
    moments = sorted({at for part in parts for at in looks(part)})
    stage = Stage(folder, story, process or story.process, moments[0], venue)
    played = [_Part(stage, part, cast) for part in parts]
    worlds = {part.world.name: part.world for part in played}
    for part in played:
        part.world.beside = {name: world for name, world in worlds.items() if name != part.world.name}
    for at in moments:
        if until is not None and at > until:
            break
        stage.clock.move_to(at)
        for part in played:
            part.step(at, watch)
    first, *beside = [part.played(until) for part in played]
    return replace(first, beside=tuple(beside))


class _Part:
    """One release of a story while it is played: its world, whoever is at the desk for it, and the public."""

    def __init__(self, stage: Stage, story: Story, cast: Cast) -> None:
        self.stage, self.story = stage, story
        self.world, self.crew = cast(stage, story), Crew(stage, story)
        self.public = Public(self.world)
        self.events = list(story.events)
        self.carried: Carried | None = None
        self.count = 0

    def step(self, at: datetime, watch: Watcher) -> None:
        """Let everybody do what it is time for."""
        self.events = [event for event in self.events if event.at > at or not happen(self.world, event, at)]
        self.world.act(at)
        if self.world.tracking() is None:
            if at >= self.story.starts:
                self.crew.begin(self.stage.team[0].username, _release_file(self.story))
            return
        self.carried = self.crew.work()
        self.public.look(self.carried.look.snapshot.release.due, at)
        self.count += 1
        watch(self.stage, self.carried)

    def played(self, until: datetime | None) -> Played:
        """Tell how it was played, judged when it was played to its end."""
        entries = self.stage.desk().journal.entries()
        wrongs = judged(Sight(self.world, entries, self.stage.team)) if until is None else ()
        missed = tuple(event for event in self.events if event.at <= self.stage.clock())
        told = [tuple(one) for one in (self.crew.presses, self.crew.refused, self.crew.handovers)]
        carried = self.carried
        return Played(self.story, self.world, told[0], wrongs, self.count, carried, told[1], missed, until, told[2])

"""A story: a release's facts, and what happens around it; never an outcome (docs/stories.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from typing import Annotated, Any, Literal

import msgspec

from secrel.evaluate.registry import shipped
from secrel.observe.facts import (
    FixFacts,
    ReleaseFacts,
    SinceFacts,
    SpanFacts,
    read_advisory,
    read_extras,
    read_release,
)
from secrel.process.table import Process
from secrel.reading.documents import Faults
from secrel.reading.yaml import read_yaml
from secrel.rehearsal.events import Event, EventTold, Known, contradictions, read_event
from secrel.rehearsal.moments import read_length, read_moment
from secrel.roster.team import read_team
from secrel.words.errors import Misused, within
from secrel.words.ids import CveId
from secrel.words.releases import Kind, Release

BEGINS = timedelta(days=60)
_EARLIEST = timedelta(days=45)
_SPREAD = timedelta(days=20)
_TAKES = timedelta(days=5)
_READY = timedelta(days=3)
_CALLED = timedelta(hours=2)
_REMEDY = "correct the file; docs/stories.md has every field"
_StoryName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A\w[\w .+-]{0,79}\Z",
        description="up to 80 letters, digits, blanks, dots and dashes: it names a folder, too",
    ),
]
_FixName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[A-Za-z0-9]+((\.|[_-]+)[A-Za-z0-9]+)*(?<!\.lock)\Z",
        max_length=60,
        description="letters and digits with dots and dashes between, such as notebooks-2: it goes into branches",
    ),
]


class _FixTold(FixFacts, forbid_unknown_fields=True, frozen=True, kw_only=True):
    name: _FixName
    arrives: str = ""
    ready: str = ""
    cna_takes: str = "1 day"
    range_given: Literal["at once", "when asked", "never"] = "at once"
    labels: list[str] = msgspec.field(default_factory=list)


class _StoryTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    story: _StoryName
    title: str
    release: dict[str, Any]
    fixes: list[_FixTold] = []
    sources: list[str] = []
    process: str = "gitlab"
    events: list[EventTold] = []


@dataclass(frozen=True, slots=True)
class StoryFix:
    """One fix of a story: its facts as the developer gives them, when it arrives and is ready, what the CNA assigns.

    `withheld` is the affected range that nobody gives until somebody asks; None when it is given at once, or never.
    """

    name: str
    facts: FixFacts
    arrives: datetime
    ready: datetime
    cve: str
    cna_takes: timedelta
    withheld: SinceFacts | list[SpanFacts] | None
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A whole story: the release as its managers know it at the start, the fixes, the events in order."""

    name: str
    title: str
    process: Process
    release: Release
    release_facts: ReleaseFacts
    facts: dict[str, Any]
    fixes: tuple[StoryFix, ...]
    events: tuple[Event, ...]
    sources: tuple[str, ...]

    def fix(self, name: str) -> StoryFix:
        """The fix of this name; the reader has made sure that there is one."""
        return next(fix for fix in self.fixes if fix.name == name)

    @property
    def starts(self) -> datetime:
        """When the release is started: at once when it is planned; when the first fix is there when it is not."""
        return _starts(self.release, self.fixes)

    @property
    def dues(self) -> tuple[datetime, ...]:
        """Every instant at which it was to be announced, one after the other."""
        return (self.release.due, *(event.to for event in self.events if event.to is not None))


def team_text() -> str:
    """The team file of the rehearsals."""
    return (resources.files("secrel.rehearsal") / "stories" / "team.toml").read_text("utf-8")


def _starts(release: Release, fixes: tuple[StoryFix, ...]) -> datetime:
    if release.kind is Kind.PLANNED or not fixes:
        return release.due - BEGINS
    return max(release.due - BEGINS, min(fix.arrives for fix in fixes) + _CALLED)


def _ready(told: _FixTold, arrives: datetime, release: Release) -> datetime:
    if not told.ready:
        return max(arrives, min(arrives + _TAKES, release.due - _READY))
    ready = read_moment(told.ready, release.due)
    if ready < arrives:
        raise Misused("it is ready before it arrives", remedy="correct `ready` or `arrives`")
    return ready


def _fix(told: _FixTold, early: datetime, release: Release) -> StoryFix:
    with within("arrives"):
        arrives = read_moment(told.arrives, release.due) if told.arrives else early
    with within("ready"):
        ready = _ready(told, arrives, release)
    with within("cve"):
        _ = CveId.parse(told.cve) if told.cve else None
    with within("cna_takes"):
        takes = read_length(told.cna_takes)
    facts = FixFacts(**{**{name: getattr(told, name) for name in FixFacts.__struct_fields__}, "cve": ""})
    read_advisory(msgspec.to_builtins(facts), told.name, "", release)
    if told.range_given != "at once":
        facts = msgspec.structs.replace(facts, affected=None)
    withheld = told.affected if told.range_given == "when asked" else None
    return StoryFix(told.name, facts, arrives, ready, told.cve, takes, withheld, tuple(told.labels))


def _fixes(told: _StoryTold, release: Release, faults: Faults) -> tuple[StoryFix, ...]:
    for key in ("name", "cve"):
        faults.once(f"the {key}", ((("fixes", n, key), getattr(fix, key)) for n, fix in enumerate(told.fixes)))
    first, spread = release.due - _EARLIEST, _SPREAD / max(len(told.fixes), 1)
    arriving = [(fix, first + number * spread) for number, fix in enumerate(told.fixes)]
    return tuple(faults.each(("fixes",), arriving, lambda pair: _fix(*pair, release)))


def _events(told: _StoryTold, known: Known, faults: Faults) -> tuple[Event, ...]:
    events = faults.each(("events",), told.events, lambda event: read_event(event, known))
    faults.raise_if_any()
    ordered = tuple(sorted(events, key=lambda event: event.at))
    for event, what in contradictions(ordered, known.release.due):
        remedy = "move it to an earlier moment, or the release to a later one"
        faults.add(("events", events.index(event)), what, remedy)
    return ordered


def read_story(text: str | bytes, name: str) -> Story:
    """Read a story file, which messages call `name`; raises `Malformed` with file and line.

    The fixes are held to the release, the events to the fixes: each part is judged once what it needs can be read.
    """
    document = read_yaml(text, name, remedy=_REMEDY)
    told, faults = document.decode(_StoryTold), Faults(document)
    process = faults.attempt(("process",), lambda: shipped(told.process))
    if process is None:
        raise faults.error
    read = faults.attempt(("release",), lambda: read_release(told.release, process))
    if read is None:
        raise faults.error
    release, facts = read
    faults.attempt(("release",), lambda: read_extras(facts, release))
    fixes = _fixes(told, release, faults)
    faults.raise_if_any()
    starts = _starts(release, fixes)
    if starts >= release.due:
        remedy = "an unplanned release is called when its first fix is there: correct `arrives`, or `due`"
        faults.add(("fixes",), "no fix arrives before the release is due", remedy)
    team = frozenset(person.username for person in read_team(team_text()).people)
    events = _events(told, Known(release, process, fixes, starts, team), faults)
    faults.raise_if_any()
    return Story(told.story, told.title, process, release, facts, told.release, fixes, events, tuple(told.sources))

"""A story: a release's facts, and what happens around it; never an outcome (docs/stories.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import resources
from typing import Any, TypeVar

import msgspec

from secrel.evaluate.registry import shipped
from secrel.observe.facts import (
    BadFact,
    FixFacts,
    ReleaseFacts,
    SinceFacts,
    SpanFacts,
    read_advisory,
    read_extras,
    read_release,
)
from secrel.observe.yaml_files import Document, read_yaml
from secrel.process.table import Process
from secrel.rehearsal.events import Contradiction, Event, EventTold, Known, check_together, read_event
from secrel.rehearsal.moments import read_length, read_moment
from secrel.roster.team import read_team
from secrel.words.errors import Misused
from secrel.words.ids import CveId
from secrel.words.releases import Kind, Release

T = TypeVar("T")
BEGINS = timedelta(days=60)
_EARLIEST = timedelta(days=45)
_SPREAD = timedelta(days=20)
_TAKES = timedelta(days=5)
_READY = timedelta(days=3)
_CALLED = timedelta(hours=2)
_STORY = re.compile(r"\w[\w .+-]{0,79}")
_NAME = re.compile(r"[A-Za-z0-9]+(?:(?:\.|[_-]+)[A-Za-z0-9]+)*(?<!\.lock)")
_LONGEST_NAME = 60
RANGES = ("at once", "when asked", "never")
"""When the developer gives the affected range."""


class _FixTold(FixFacts, forbid_unknown_fields=True, frozen=True, kw_only=True):
    name: str
    arrives: str = ""
    ready: str = ""
    cna_takes: str = "1 day"
    range_given: str = "at once"
    labels: list[str] = msgspec.field(default_factory=list)


class _StoryTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    story: str
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
        raise BadFact("it is ready before it arrives", ("ready",), remedy="correct `ready` or `arrives`")
    return ready


def _fix(told: _FixTold, early: datetime, release: Release) -> StoryFix:
    arrives = _field("arrives", lambda: read_moment(told.arrives, release.due)) if told.arrives else early
    ready = _field("ready", lambda: _ready(told, arrives, release))
    if told.range_given not in RANGES:
        raise BadFact("this says no time", ("range_given",), remedy=f"write one of: {', '.join(RANGES)}")
    if told.cve:
        _field("cve", lambda: CveId.parse(told.cve))
    takes = _field("cna_takes", lambda: read_length(told.cna_takes))
    facts = FixFacts(**{**{name: getattr(told, name) for name in FixFacts.__struct_fields__}, "cve": ""})
    read_advisory(msgspec.to_builtins(facts), told.name, "", release)
    if told.range_given != "at once":
        facts = msgspec.structs.replace(facts, affected=None)
    withheld = told.affected if told.range_given == "when asked" else None
    return StoryFix(told.name, facts, arrives, ready, told.cve, takes, withheld, tuple(told.labels))


def _field(name: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except Misused as fault:
        raise BadFact(fault.what, (name,), remedy=fault.remedy) from fault


def _placed(document: Document, path: tuple[str | int, ...], read: Callable[[], T]) -> T:
    try:
        return read()
    except Misused as fault:
        more = fault.path if isinstance(fault, BadFact) else ()
        named = f"{more[0]}: " if more else ""
        raise Misused(f"{named}{fault.what}", where=document.place(*path, *more), remedy=fault.remedy) from fault


def _check_names(document: Document, told: _StoryTold) -> None:
    if not _STORY.fullmatch(told.story):
        raise Misused(
            f"{told.story[:60]!r} is no name for a story: it names its folder, too",
            where=document.place("story"),
            remedy="write up to 80 letters, digits, blanks, dots and dashes; the title may say more",
        )
    for number, fix in enumerate(told.fixes):
        if not _NAME.fullmatch(fix.name) or len(fix.name) > _LONGEST_NAME:
            raise Misused(
                f"{fix.name[:60]!r} is no name for a fix: it goes into keys and branches",
                where=document.place("fixes", number, "name"),
                remedy="use letters and digits with dots and dashes between them, such as notebooks-2",
            )
    for what, values in (("name", [f.name for f in told.fixes]), ("cve", [f.cve for f in told.fixes])):
        for number, value in enumerate(values):
            if value and value in values[:number]:
                raise Misused(
                    f"two fixes have the {what} {value[:60]!r}",
                    where=document.place("fixes", number, what),
                    remedy="give each its own",
                )


def _fixes(document: Document, told: _StoryTold, release: Release) -> Iterator[StoryFix]:
    spread = _SPREAD / max(len(told.fixes), 1)
    for number, fix in enumerate(told.fixes):
        early = release.due - _EARLIEST + number * spread
        yield _placed(document, ("fixes", number), partial(_fix, fix, early, release))


def _events(document: Document, told: _StoryTold, known: Known) -> tuple[Event, ...]:
    events = [
        _placed(document, ("events", n), partial(read_event, event, known)) for n, event in enumerate(told.events)
    ]
    ordered = tuple(sorted(events, key=lambda event: event.at))
    try:
        check_together(ordered, known.release.due)
    except Contradiction as fault:
        place = document.place("events", events.index(fault.event))
        raise Misused(fault.what, where=place, remedy=fault.remedy) from fault
    return ordered


def read_story(text: str, name: str) -> Story:
    """Read the text of a story file, which messages call `name`; raises `Misused` with file and line."""
    document = read_yaml(text, name)
    told = document.decode(_StoryTold)
    process = _placed(document, ("process",), lambda: shipped(told.process))
    release, facts = _placed(document, ("release",), lambda: read_release(told.release, process))
    _placed(document, ("release",), lambda: read_extras(facts, release))
    _check_names(document, told)
    fixes = tuple(_fixes(document, told, release))
    starts = _starts(release, fixes)
    if starts >= release.due:
        raise Misused(
            "no fix arrives before the release is due",
            where=document.place("fixes"),
            remedy="an unplanned release is called when its first fix is there: correct `arrives`, or `due`",
        )
    team = frozenset(person.username for person in read_team(team_text()).people)
    events = _events(document, told, Known(release, process, fixes, starts, team))
    return Story(told.story, told.title, process, release, facts, told.release, fixes, events, tuple(told.sources))

"""A story: a release's facts, and what happens around it; never an outcome (docs/stories.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import msgspec

from secrel.observe.facts import FixFacts, ReleaseFacts, SinceFacts, SpanFacts, read_advisory, read_release
from secrel.observe.yaml_files import read_yaml
from secrel.process.reading import builtin
from secrel.process.table import Process
from secrel.rehearsal.moments import read_length, read_moment
from secrel.words.errors import Misused
from secrel.words.ids import CveId
from secrel.words.releases import Release

T = TypeVar("T")

HAPPENINGS = {
    "pipeline fails": ("fix",),
    "pipeline passes": ("fix",),
    "fix taken out": ("fix",),
    "falls ill": ("who", "days"),
    "due moves": ("to",),
    "version bumped": ("product", "old", "new"),
    "fix missing from tag": ("fix", "version"),
    "draft edited": ("find", "put"),
    "checklist edited": ("put",),
    "test mail garbled": ("find",),
}
"""What can happen, with the fields each needs."""


class _FixTold(FixFacts, forbid_unknown_fields=True, frozen=True, kw_only=True):
    name: str
    arrives: str = ""
    ready: str = ""
    cna_takes: str = "1 day"
    range_given: str = "at once"
    labels: list[str] = msgspec.field(default_factory=list)


class _EventTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    at: str
    happens: str
    fix: str = ""
    target: str = ""
    who: str = ""
    days: int = 0
    to: str = ""
    product: str = ""
    old: str = ""
    new: str = ""
    version: str = ""
    find: str = ""
    put: str = ""


class _StoryTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    story: str
    title: str
    release: dict[str, Any]
    fixes: list[_FixTold]
    sources: list[str] = []
    process: str = "gitlab"
    events: list[_EventTold] = []


@dataclass(frozen=True, slots=True)
class StoryFix:
    """One fix of a story: its facts as the developer gives them, when it arrives and is ready, what the CNA assigns.

    `withheld` is the affected range that nobody gives until somebody asks; None when it is given at once.
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
class Event:
    """Something that happens at a moment; the fields that its kind needs are filled."""

    at: datetime
    happens: str
    told: _EventTold


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


def _fix(told: _FixTold, early: datetime, release: Release) -> StoryFix:
    arrives = read_moment(told.arrives, release.due) if told.arrives else early
    ready = read_moment(told.ready, release.due) if told.ready else arrives + timedelta(days=5)
    if ready < arrives:
        raise Misused("it is ready before it arrives", remedy="correct `ready` or `arrives`")
    if told.range_given not in ("at once", "when asked"):
        raise Misused("`range_given` is neither `at once` nor `when asked`", remedy="write one of them")
    if told.cve:
        CveId.parse(told.cve)
    takes = read_length(told.cna_takes)
    withheld = told.affected if told.range_given == "when asked" else None
    given = {name: getattr(told, name) for name in FixFacts.__struct_fields__}
    facts = FixFacts(**{**given, "cve": "", "affected": None if withheld is not None else told.affected})
    read_advisory(msgspec.to_builtins(facts), told.name, "", release)
    return StoryFix(told.name, facts, arrives, ready, told.cve, takes, withheld, tuple(told.labels))


def _event(told: _EventTold, fixes: Sequence[StoryFix], release: Release) -> Event:
    needed = HAPPENINGS.get(told.happens)
    if needed is None:
        remedy = f"use one of: {', '.join(HAPPENINGS)}"
        raise Misused(f"{told.happens[:60]!r} is nothing that can happen", remedy=remedy)
    missing = [name for name in needed if not getattr(told, name)]
    if missing:
        raise Misused(f"{told.happens!r} needs {', '.join(missing)}", remedy="add it")
    fix = next((fix for fix in fixes if fix.name == told.fix), None)
    if told.fix and fix is None:
        raise Misused(f"no fix is named {told.fix[:60]!r}", remedy="name one of the story's fixes")
    at = read_moment(told.at, release.due)
    if fix is not None and at < fix.arrives:
        raise Misused(f"this happens to {told.fix[:60]!r} before it arrives", remedy="move it, or the fix")
    return Event(at, told.happens, told)


def _placed(place: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except Misused as fault:
        raise Misused(fault.what, where=place, remedy=fault.remedy) from fault


def read_story(text: str, name: str) -> Story:
    """Read the text of a story file, which messages call `name`; raises `Misused` with file and line."""
    document = read_yaml(text, name)
    told = document.decode(_StoryTold)
    process = _placed(document.place("process"), lambda: builtin(told.process))
    release, facts = _placed(document.place("release"), lambda: read_release(told.release, process))
    names = [fix.name for fix in told.fixes]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        place = document.place("fixes", len(names) - 1 - names[::-1].index(twice))
        raise Misused(f"two fixes are named {twice[:60]!r}", where=place, remedy="give each its own name")
    spread = timedelta(days=20) / max(len(names), 1)
    fixes = [
        _placed(
            document.place("fixes", n),
            partial(_fix, fix, release.due - timedelta(days=45) + n * spread, release),
        )
        for n, fix in enumerate(told.fixes)
    ]
    events = [
        _placed(document.place("events", n), partial(_event, event, fixes, release))
        for n, event in enumerate(told.events)
    ]
    return Story(
        told.story,
        told.title,
        process,
        release,
        facts,
        told.release,
        tuple(fixes),
        tuple(sorted(events, key=lambda event: event.at)),
        tuple(told.sources),
    )

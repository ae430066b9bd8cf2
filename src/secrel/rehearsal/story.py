"""A story: a release's facts, and what happens around it; never an outcome (docs/stories.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from importlib import resources
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Struct

from secrel.evaluate.registry import shipped
from secrel.observe.facts import facts_in, read_advisory, read_release
from secrel.observe.release_file import read_head
from secrel.process.table import Process
from secrel.reading import largest
from secrel.reading.documents import Faults
from secrel.reading.yaml import read_yaml
from secrel.rehearsal.beginning import Beginning
from secrel.rehearsal.events import Cast, Event, EventTold, contradictions, read_event
from secrel.rehearsal.moments import read_length, read_moment
from secrel.roster.team import read_team
from secrel.words.advisories import OURS
from secrel.words.errors import Misused, within
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.releases import Kind, Release, Shipment
from secrel.words.spans import Affected
from secrel.words.versions import Version

BEGINS = timedelta(days=60)
_EARLIEST = timedelta(days=45)
_SPREAD = timedelta(days=20)
_TAKES = timedelta(days=5)
_READY = timedelta(days=3)
_CALLED = timedelta(hours=2)
_REMEDY = "correct the file; secrel manual stories has every field"
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


class _FixTold(msgspec.Struct, frozen=True):
    name: _FixName
    arrives: str = ""
    ready: str = ""
    cna_takes: str = "1 day"
    range_given: Literal["at once", "when asked", "never"] = "at once"
    labels: tuple[str, ...] = ()


class _StoryTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    story: _StoryName
    title: str
    release: dict[str, Any]
    fixes: list[_FixTold] = []
    sources: list[str] = []
    process: str = "gitlab"
    events: list[EventTold] = []


class StoryFix(Struct, frozen=True):
    """One fix of a story: its facts as the developer gives them, when it arrives and is ready, what the CNA assigns.

    `cve` is the id that it has in the end: what our CNA assigns, or another one has.
    `withheld` is the affected range that nobody gives until somebody asks; None when it is given at once, or never.
    `shipped_before`: versions published before the release have it, and nothing is left to do.
    """

    name: str
    facts: FixFacts
    arrives: datetime
    ready: datetime
    cve: str
    cna_takes: timedelta
    withheld: Affected | None
    labels: tuple[str, ...]
    shipped_before: bool = False

    @property
    def has_own_id(self) -> bool:
        """Whether its CVE id is ours to assign: another CNA does not, and it needs one."""
        return _is_ours(self.facts) and not self.facts.no_cve and not self.facts.hosted_only

    def targets(self, shipment: Shipment, branches: Iterable[str]) -> list[str]:
        """Choose the branches that it has to reach, of all: none where a version published before has it.

        A hosted service runs what the default branch has.
        """
        product = shipment.product
        if self.facts.hosted_only:
            return [product.default_branch]
        had = {product.branch_of(product.series_of(version)) for version in self.facts.fixed_already}
        return [] if self.shipped_before else [branch for branch in branches if branch not in had]


class Story(Struct, frozen=True):
    """A whole story: the release as its managers know it at the start, the fixes, the events in order."""

    name: str
    title: str
    process: Process
    release: Release
    facts: ReleaseFacts
    fixes: tuple[StoryFix, ...]
    events: tuple[Event, ...]
    sources: tuple[str, ...]

    def fix(self, name: str) -> StoryFix:
        """The fix of this name; the reader has made sure that there is one."""
        return next(fix for fix in self.fixes if fix.name == name)

    @property
    def beginnings(self) -> tuple[Beginning, ...]:
        """What the repository of each product begins with."""
        return tuple(
            Beginning(shipment, tuple(_had(self.fixes, shipment.product.key, self.release.main.product.key)))
            for shipment in self.release.shipments
        )

    @property
    def public(self) -> tuple[int, ...]:
        """How many days after the announcement issues become public: those of the release, and of single fixes."""
        days = {fix.facts.disclosure_days or self.release.disclosure_days for fix in self.fixes}
        return tuple(sorted({self.release.disclosure_days, *days}))

    @property
    def starts(self) -> datetime:
        """When the release is started: at once when it is planned; when the first fix is there when it is not."""
        return _starts(self.release, self.fixes)

    def begun_after(self, at: datetime) -> Story:
        """Give the same story some whole weeks later or earlier, so that it begins in the week after an instant."""
        by = timedelta(days=7 * -((self.release.due - BEGINS - at) // timedelta(days=7)))
        later = msgspec.structs.replace
        return later(
            self,
            release=later(self.release, due=self.release.due + by),
            facts=later(self.facts, due=self.release.due + by),
            fixes=tuple(later(fix, arrives=fix.arrives + by, ready=fix.ready + by) for fix in self.fixes),
            events=tuple(later(one, at=one.at + by, to=one.to and one.to + by) for one in self.events),
        )

    @property
    def dues(self) -> tuple[datetime, ...]:
        """Every instant at which it was to be announced, one after the other."""
        return (self.release.due, *(event.to for event in self.events if event.to is not None))


def team_text() -> str:
    """The team file of the rehearsals."""
    return (resources.files("secrel.rehearsal") / "stories" / "team.toml").read_text("utf-8")


def _had(fixes: Iterable[StoryFix], product: str, main: str) -> Iterator[tuple[str, Version]]:
    for fix in fixes:
        if (fix.facts.product or main) == product:
            yield from ((fix.name, version) for version in fix.facts.fixed_already)


def _is_ours(facts: FixFacts) -> bool:
    return facts.assigned_by in ("", OURS)


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


def _fix(told: _FixTold, given: FixFacts, early: datetime, release: Release) -> StoryFix:
    with within("arrives"):
        arrives = read_moment(told.arrives, release.due) if told.arrives else early
    with within("ready"):
        ready = _ready(told, arrives, release)
    with within("cna_takes"):
        takes = read_length(told.cna_takes)
    facts = msgspec.structs.replace(given, cve=None) if _is_ours(given) else given
    before = read_advisory(facts, told.name, "", release).shipped_before
    if told.range_given != "at once":
        facts = msgspec.structs.replace(facts, affected=None)
    withheld = given.affected if told.range_given == "when asked" else None
    return StoryFix(told.name, facts, arrives, ready, str(given.cve or ""), takes, withheld, told.labels, before)


def _facts(told: _StoryTold, tables: list[dict[str, Any]], faults: Faults) -> list[FixFacts | None]:
    own = _FixTold.__struct_fields__
    given = [
        facts_in(FixFacts, {name: value for name, value in table.items() if name not in own}, ("fixes", n), faults)
        for n, table in enumerate(tables)
    ]
    faults.once("the name", ((("fixes", n, "name"), fix.name) for n, fix in enumerate(told.fixes)))
    faults.once("the cve", ((("fixes", n, "cve"), str(one.cve or "")) for n, one in enumerate(given) if one))
    return given


def _fixes(told: _StoryTold, stated: list[FixFacts | None], release: Release, faults: Faults) -> tuple[StoryFix, ...]:
    first, spread = release.due - _EARLIEST, _SPREAD / max(len(told.fixes), 1)
    fixes = [
        faults.attempt(("fixes", n), partial(_fix, fix, given, first + n * spread, release))
        for n, (fix, given) in enumerate(zip(told.fixes, stated, strict=True))
        if given is not None
    ]
    return tuple(fix for fix in fixes if fix is not None)


def _events(told: _StoryTold, known: Cast, faults: Faults) -> tuple[Event, ...]:
    events = faults.each(("events",), told.events, lambda event: read_event(event, known))
    faults.raise_if_any()
    ordered = tuple(sorted(events, key=lambda event: event.at))
    for event, what in contradictions(ordered, known.release.due):
        remedy = "move it to an earlier moment, or the release to a later one"
        faults.add(("events", events.index(event)), what, remedy)
    return ordered


def read_story(text: str | bytes, name: str, named: Callable[[str], Process] = shipped) -> Story:
    """Read a story file, which messages call `name`; raises `Malformed` with file and line.

    `named` gives the process of the name that the story says: the one that ships, or that with its projects elsewhere.

    The fixes are held to the release, the events to the fixes: each part is judged once what it needs can be read.
    """
    document = read_yaml(text, name, most=largest.STORY, remedy=_REMEDY)
    told, faults = document.decode(_StoryTold), Faults(document)
    process = faults.attempt(("process",), lambda: named(told.process))
    facts = read_head(told.release, ("release",), faults)
    stated = _facts(told, document.data.get("fixes", []), faults)
    if process is None or facts is None:
        raise faults.error
    release = faults.attempt(("release",), lambda: read_release(facts, process))
    if release is None:
        raise faults.error
    fixes = _fixes(told, stated, release, faults)
    faults.raise_if_any()
    starts = _starts(release, fixes)
    if starts >= release.due:
        remedy = "an unplanned release is called when its first fix is there: correct `arrives`, or `due`"
        faults.add(("fixes",), "no fix arrives before the release is due", remedy)
    team = frozenset(person.username for person in read_team(team_text()).people)
    events = _events(told, Cast(release, process, fixes, starts, team), faults)
    faults.raise_if_any()
    return Story(told.story, told.title, process, release, facts, fixes, events, tuple(told.sources))

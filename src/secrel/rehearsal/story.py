"""A story: a release's facts, and what happens around it; never an outcome (docs/stories.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
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
from secrel.shipped import text_beside
from secrel.words.advisories import OURS
from secrel.words.errors import Misused, within
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.facts.tables import Path
from secrel.words.releases import Kind, Product, Release, Shipment
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


class _BesideTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    release: dict[str, Any]
    fixes: list[_FixTold] = []
    events: list[EventTold] = []


class _StoryTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    story: _StoryName
    title: str
    release: dict[str, Any]
    fixes: list[_FixTold] = []
    sources: list[str] = []
    process: str = "gitlab"
    products: list[Product] = []
    events: list[EventTold] = []
    beside: list[_BesideTold] = []


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
    """A whole story: the release as its managers know it at the start, the fixes, the events in order.

    `beside` are other releases on the same desk, each a story of its own with the name of this one. `own` are products
    that the process does not list itself; `process` lists them as well.
    """

    name: str
    title: str
    process: Process
    release: Release
    facts: ReleaseFacts
    fixes: tuple[StoryFix, ...]
    events: tuple[Event, ...]
    sources: tuple[str, ...]
    beside: tuple[Story, ...] = ()
    own: tuple[Product, ...] = ()

    def fix(self, name: str) -> StoryFix:
        """The fix of this name; the reader has made sure that there is one."""
        return next(fix for fix in self.fixes if fix.name == name)

    @property
    def beginnings(self) -> tuple[Beginning, ...]:
        """What the repository of each product begins with: every series, before the first version that ships of it."""
        every = (self, *self.beside)
        ships = [shipment for part in every for shipment in part.release.shipments]
        had = [one for part in every for one in _had(part)]
        return tuple(
            Beginning(shipment, tuple((name, one) for key, name, one in had if key == product))
            for product, shipment in _first_of_each(ships).items()
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
        return _moved(self, timedelta(days=7 * -((self.release.due - BEGINS - at) // timedelta(days=7))))

    @property
    def dues(self) -> tuple[datetime, ...]:
        """Every instant at which it was to be announced, one after the other."""
        return (self.release.due, *(event.to for event in self.events if event.to is not None))


def _moved(story: Story, by: timedelta) -> Story:
    later = msgspec.structs.replace
    return later(
        story,
        release=later(story.release, due=story.release.due + by),
        facts=later(story.facts, due=story.release.due + by),
        fixes=tuple(later(fix, arrives=fix.arrives + by, ready=fix.ready + by) for fix in story.fixes),
        events=tuple(later(one, at=one.at + by, to=one.to and one.to + by) for one in story.events),
        beside=tuple(_moved(part, by) for part in story.beside),
    )


def team_text() -> str:
    """The team file of the rehearsals."""
    return text_beside("secrel.rehearsal", "stories/team.toml")


def _had(part: Story) -> list[tuple[str, str, Version]]:
    """Give what shipped before a release: the product, the fix, and a version that has it."""
    main = part.release.main.product.key
    return [(f.facts.product or main, f.name, version) for f in part.fixes for version in f.facts.fixed_already]


def _first_of_each(shipments: Iterable[Shipment]) -> dict[str, Shipment]:
    """Give of each product the first version that any release ships of each series."""
    found: dict[str, Shipment] = {}
    for one in shipments:
        known = found.get(one.product.key, one)
        series_of = one.product.series_of
        first = {series_of(v): v for v in sorted({*known.versions, *one.versions}, reverse=True)}
        found[one.product.key] = msgspec.structs.replace(known, versions=tuple(sorted(first.values(), reverse=True)))
    return found


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


class _Telling(Struct, frozen=True):
    """One release of a story as it is told: the one that the story is about, or one beside it, with its place."""

    told: _BesideTold | _StoryTold
    table: dict[str, Any]
    at: Path

    def facts(self, faults: Faults) -> list[FixFacts | None]:
        """Read what is stated of its fixes."""
        own = _FixTold.__struct_fields__
        tables: list[dict[str, Any]] = self.table.get("fixes", [])
        return [
            facts_in(FixFacts, {k: v for k, v in one.items() if k not in own}, (*self.at, "fixes", n), faults)
            for n, one in enumerate(tables)
        ]

    def fixes(self, stated: list[FixFacts | None], release: Release, faults: Faults) -> tuple[StoryFix, ...]:
        """Read its fixes, each held to the release."""
        first, spread = release.due - _EARLIEST, _SPREAD / max(len(self.told.fixes), 1)
        fixes = [
            faults.attempt((*self.at, "fixes", n), partial(_fix, fix, given, first + n * spread, release))
            for n, (fix, given) in enumerate(zip(self.told.fixes, stated, strict=True))
            if given is not None
        ]
        return tuple(fix for fix in fixes if fix is not None)

    def events(self, known: Cast, faults: Faults) -> tuple[Event, ...]:
        """Read what happens to it, in order."""
        if known.starts >= known.release.due:
            remedy = "an unplanned release is called when its first fix is there: correct `arrives`, or `due`"
            faults.add((*self.at, "fixes"), "no fix arrives before the release is due", remedy)
        place = (*self.at, "events")
        events = faults.each(place, self.told.events, lambda event: read_event(event, known))
        faults.raise_if_any()
        ordered = tuple(sorted(events, key=lambda event: event.at))
        for event, what in contradictions(ordered, known.release.due):
            remedy = "move it to an earlier moment, or the release to a later one"
            faults.add((*place, events.index(event)), what, remedy)
        return ordered


def _held_once(tellings: list[_Telling], stated: list[list[FixFacts | None]], faults: Faults) -> None:
    """Note what two releases of a story, or two of its fixes, have in common and may not."""
    of_fixes = [
        ((*one.at, "fixes", n), fix.name, str(facts.cve or "") if facts else "")
        for one, given in zip(tellings, stated, strict=True)
        for n, (fix, facts) in enumerate(zip(one.told.fixes, given, strict=True))
    ]
    faults.once("the name", (((*at, "name"), name) for at, name, _ in of_fixes))
    faults.once("the cve", (((*at, "cve"), cve) for at, _, cve in of_fixes))
    names = (((*one.at, "release", "release"), str(one.told.release.get("release", ""))) for one in tellings)
    faults.once("the release", names)


def read_story(text: str | bytes, name: str, named: Callable[[str], Process] = shipped) -> Story:
    """Read a story file, which messages call `name`; raises `Malformed` with file and line.

    `named` gives the process of the name that the story says: the one that ships, or that with its projects elsewhere.

    The fixes are held to the release, the events to the fixes: each part is judged once what it needs can be read.
    """
    document = read_yaml(text, name, most=largest.STORY, remedy=_REMEDY)
    told, faults = document.decode(_StoryTold), Faults(document)
    process = faults.attempt(("process",), lambda: named(told.process))
    process = process and _with_products(process, told.products, faults)
    tellings = [_Telling(told, document.data, ())]
    tellings += [_Telling(one, document.data["beside"][n], ("beside", n)) for n, one in enumerate(told.beside)]
    heads = [read_head(one.told.release, (*one.at, "release"), faults) for one in tellings]
    stated = [one.facts(faults) for one in tellings]
    _held_once(tellings, stated, faults)
    if process is None or not all(heads):
        raise faults.error
    releases = [
        faults.attempt((*one.at, "release"), partial(read_release, head, process))
        for one, head in zip(tellings, heads, strict=True)
        if head is not None
    ]
    if not all(releases):
        raise faults.error
    known = [release for release in releases if release is not None]
    fixes = [one.fixes(given, release, faults) for one, given, release in zip(tellings, stated, known, strict=True)]
    faults.raise_if_any()
    team = frozenset(person.username for person in read_team(team_text()).people)
    parts = []
    for one, head, release, theirs in zip(tellings, heads, known, fixes, strict=True):
        others = frozenset(other.name for other in known if other is not release)
        events = one.events(Cast(release, process, theirs, _starts(release, theirs), team, others), faults)
        parts.append(Story(told.story, told.title, process, release, head or ReleaseFacts(), theirs, events, ()))
    faults.raise_if_any()
    first, *beside = parts
    own = tuple(told.products)
    return msgspec.structs.replace(first, beside=tuple(beside), sources=tuple(told.sources), own=own)


def _with_products(process: Process, products: list[Product], faults: Faults) -> Process:
    """Give the process with the story's own products, which are others than those that it lists."""
    for what in ("key", "repository"):
        known = [getattr(one, what) for one in process.products]
        for n, one in enumerate(products):
            if getattr(one, what) in known:
                faults.add(("products", n, what), f"the process has a product of this {what}", "give it one of its own")
            known.append(getattr(one, what))
    return msgspec.structs.replace(process, products=(*process.products, *products))

"""The view of a release: one value that the status in a terminal, as a page and for programs is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct, field

from secrel.evaluate.looking import existed_since
from secrel.evaluate.verdicts import Judged
from secrel.faces.status.summary import Summary, summarise
from secrel.papers.merge_requests.rows import FixRows, Row, blocks_of
from secrel.papers.scene import Scene
from secrel.papers.wording import word_of
from secrel.plan.plan import Plan
from secrel.process.table import GIT, Phase
from secrel.roster.presence import shifts_within
from secrel.roster.zones import zone_named
from secrel.words.advisories import Advisory
from secrel.words.errors import NotSeen
from secrel.words.parts import known
from secrel.words.people import Person


class Milestone(Struct, frozen=True):
    """A turning point: `at` when it is due, or where `was` says so when it happened; None where nobody says.

    `holds` is whether it lies behind.
    """

    title: str
    at: datetime | None
    holds: bool
    was: bool = False


class Stretch(Struct, frozen=True):
    """One phase with its gates, in the order of the process."""

    phase: Phase
    gates: tuple[Judged, ...]

    @property
    def holding(self) -> int:
        """How many of its gates hold."""
        return sum(word_of(judged.verdict).holds for judged in self.gates)


class Seat(Struct, frozen=True):
    """Who is on duty in one of the two places: `local` their own time now, None for whoever the team does not have.

    `shifts` are their working hours, in their zone and oldest first, from the day it is in the release's zone to a week
    after it.
    """

    role: str
    username: str
    name: str
    zone: str
    local: datetime | None
    shifts: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def shift(self) -> tuple[datetime, datetime] | None:
        """The working hours that they are in, or that come next; None where there are none within a week."""
        now = self.local
        return next((hours for hours in self.shifts if now and now.astimezone(UTC) < hours[1].astimezone(UTC)), None)

    @property
    def is_at_work(self) -> bool | None:
        """Whether they are at work now; None for whoever the team does not have."""
        if self.local is None:
            return None
        return self.shift is not None and self.shift[0].astimezone(UTC) <= self.local.astimezone(UTC)


class Tag(Struct, frozen=True):
    """The tag of one version of the release, and whether it is there: None where nobody could look."""

    name: str
    is_there: bool | None


class FixLine(Struct, frozen=True):
    """One fix across the branches that it has to reach; a branch that is not in `rows` need not be reached."""

    block: FixRows
    advisory: Advisory | None
    rows: Mapping[str, Row]


class Board(Struct, frozen=True):
    """A release as it stands: what every form of the status says.

    `reader` is the zone of whoever reads it, None where nobody is named; `plan` what waits
    for a person, None where nobody asked; `documents` what the world will read, by title.
    """

    scene: Scene
    summary: Summary
    stretches: tuple[Stretch, ...]
    milestones: tuple[Milestone, ...]
    seats: tuple[Seat, ...]
    tags: tuple[Tag, ...]
    branches: tuple[str, ...]
    fixes: tuple[FixLine, ...]
    reader: tzinfo | None = None
    plan: Plan | None = None
    documents: Mapping[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> tzinfo | None:
        """The release's own zone."""
        return self.scene.snapshot.release.due.tzinfo

    @property
    def now(self) -> datetime:
        """When it was looked at."""
        return self.scene.assessment.at

    @property
    def midnight(self) -> datetime:
        """When the day began on which it was looked at, in the release's zone."""
        return _midnight(self.scene)


def board_of(scene: Scene, *, plan: Plan | None = None, documents: Mapping[str, str] | None = None) -> Board:
    """Make the view of what was seen; `scene.by` is who reads it, `plan` what waits for a person."""
    gates, snapshot = scene.assessment.gates, scene.snapshot
    stretches = (Stretch(p, tuple(j for j in gates if j.gate.phase == p.name)) for p in scene.process.phases)
    blocks = blocks_of(snapshot, scene.process, ())
    told = {advisory.fix: advisory for advisory in snapshot.contents.advisories}
    lines = [
        FixLine(one, told.get(one.fix.ref), {row.target: row for row in one.rows if row.is_needed}) for one in blocks
    ]
    branches = dict.fromkeys(target for line in lines for target in line.rows)
    return Board(
        scene,
        summarise(scene.assessment),
        tuple(one for one in stretches if one.gates),
        tuple(_milestones(scene)),
        tuple(_seats(scene)),
        tuple(_tags(scene)),
        tuple(branches),
        tuple(lines),
        _reader(scene),
        plan,
        documents or {},
    )


def _reader(scene: Scene) -> tzinfo | None:
    person = scene.snapshot.person(scene.by) if scene.by else None
    return zone_named(person.zone) if person else None


def _seats(scene: Scene) -> Iterator[Seat]:
    duty = scene.snapshot.duty
    for role, username in (("Primary", duty.primary), ("Secondary", duty.secondary)) if duty else ():
        person = scene.snapshot.person(username) if username else None
        if person is None:
            yield Seat(role, username, username or "nobody", "", None)
        else:
            yield _seat(role, person, scene)


def _seat(role: str, person: Person, scene: Scene) -> Seat:
    day, local = _midnight(scene), scene.now.astimezone(zone_named(person.zone))
    shifts = tuple(shifts_within(person, day, day + _SHIFTS_SHOWN))
    return Seat(role, person.username, person.name, person.zone, local, shifts)


def _midnight(scene: Scene) -> datetime:
    here = scene.now.astimezone(scene.snapshot.release.due.tzinfo)
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


def _tags(scene: Scene) -> Iterator[Tag]:
    for shipment in scene.snapshot.release.shipments if GIT not in scene.process.lacks else ():
        there = known(scene.snapshot.tags_of(shipment.product), None)
        for version in shipment.versions:
            name = shipment.product.tag_of(version)
            yield Tag(name, None if there is None else name in there)


_SHIFTS_SHOWN = timedelta(days=8)
_Picked = Callable[[Judged], bool]
_LAST_FIX = "Last fix"
_POINTS: tuple[tuple[str, _Picked], ...] = (
    (_LAST_FIX, lambda judged: judged.gate.check == "no_late_fix"),
    ("Post reviewed", lambda judged: judged.gate.check == "draft_reviewed"),
    ("Announcement", lambda judged: judged.gate.check == "post_live"),
    ("Mail and records", lambda judged: judged.gate.makes in ("email", "cve_records")),
    ("Issues public", lambda judged: judged.gate.makes == "public_issues"),
)


def _milestones(scene: Scene) -> Iterator[Milestone]:
    """Give the turning points that the process has; one holds when all its gates do.

    That no fix came late is so from the beginning, and settled only when its time has come.
    """
    begun = _begun(scene)
    yield Milestone("Started", begun, begun is not None, was=True)
    for title, picks in _POINTS:
        gates = [judged for judged in scene.assessment.gates if picks(judged)]
        if gates:
            holds = all(word_of(judged.verdict).holds for judged in gates)
            was = title == "Announcement" and scene.snapshot.announced_at is not None
            at = _when(title, gates, scene)
            is_open = title == _LAST_FIX and at is not None and at > scene.now
            yield Milestone(title, at, holds and not is_open, was=was)


def _begun(scene: Scene) -> datetime | None:
    try:
        return existed_since(scene.snapshot)
    except NotSeen:
        return None


def _when(title: str, gates: list[Judged], scene: Scene) -> datetime | None:
    release, announced = scene.snapshot.release, scene.snapshot.announced_at
    if title == "Announcement":
        return announced or release.due
    if title == "Issues public":
        return (announced or release.due) + timedelta(days=release.disclosure_days)
    return max((judged.due for judged in gates if judged.due), default=None)

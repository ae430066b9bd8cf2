"""What can happen in a story: each kind with the fields it needs, read and checked before anything is played."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from secrel.observe.facts import read_advisory
from secrel.process.table import Process
from secrel.rehearsal.moments import read_moment
from secrel.words.errors import Misused, within
from secrel.words.facts.stated import FixFacts, amended, read_facts
from secrel.words.releases import Release, Shipment
from secrel.words.versions import Version

HAPPENINGS = {
    "pipeline fails": ("fix",),
    "pipeline passes": ("fix",),
    "approval withdrawn": ("fix",),
    "approval given": ("fix",),
    "facts corrected": ("fix", "facts"),
    "fix taken out": ("fix",),
    "fix put back": ("fix",),
    "exception signed": ("gate", "words"),
    "falls ill": ("who", "days"),
    "due moves": ("to",),
    "version bumped": ("product", "old", "new"),
    "fix missing from tag": ("fix", "version"),
    "fix reverted": ("fix", "target"),
    "draft edited": ("find", "put"),
    "checklist edited": ("put",),
    "test mail garbled": ("find",),
    "release cancelled": ("words",),
    "release joined": ("into", "words"),
    "release split": ("fix", "into", "words"),
}
"""What can happen, with the fields each needs."""
NO_FACTS = FixFacts()


class EventTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Something that happens, as a story file tells it."""

    at: str
    happens: str
    fix: str = ""
    target: str = ""
    facts: dict[str, Any] = {}
    gate: str = ""
    words: str = ""
    who: str = ""
    days: int = 0
    to: str = ""
    product: str = ""
    old: str = ""
    new: str = ""
    version: str = ""
    find: str = ""
    put: str = ""
    into: str = ""


class Event(Struct, frozen=True):
    """Something that happens at a moment; the fields that its kind needs are filled.

    `to` is the instant that `due moves` names; `facts` what `facts corrected` makes of the lines that it names.
    """

    at: datetime
    happens: str
    told: EventTold
    to: datetime | None = None
    facts: FixFacts = NO_FACTS

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of a fix's facts that are corrected."""
        return tuple(self.told.facts)


class _Fix(Protocol):
    """What reading events has to know of a fix."""

    @property
    def name(self) -> str: ...
    @property
    def facts(self) -> FixFacts: ...
    @property
    def arrives(self) -> datetime: ...
    def targets(self, shipment: Shipment, branches: Iterable[str]) -> list[str]:
        """Choose the branches that it has to reach."""
        ...


class Cast(Struct, frozen=True):
    """What a story has told before its events: the release, its fixes, when it is started, who is in the team.

    `others` are the names of the releases beside it.
    """

    release: Release
    process: Process
    fixes: Sequence[_Fix]
    starts: datetime
    team: frozenset[str]
    others: frozenset[str] = frozenset()

    def fix(self, name: str) -> _Fix:
        """The fix of this name; raises `Misused` when there is none."""
        found = next((fix for fix in self.fixes if fix.name == name), None)
        if found is None:
            raise Misused(f"no fix is named {name[:60]!r}", remedy="name one of the story's fixes")
        return found

    def shipment(self, key: str) -> Shipment:
        """The shipment of a product, or the main one; raises `Misused` when there is none."""
        found = self.release.shipment(key) if key else self.release.main
        if found is None:
            keys = ", ".join(s.product.key for s in self.release.shipments)
            raise Misused(f"the release has no product {key[:60]!r}", remedy=f"name one of: {keys}")
        return found


def read_event(told: EventTold, known: Cast) -> Event:
    """Read one event; raises `Misused` for what cannot happen."""
    needed = HAPPENINGS.get(told.happens)
    if needed is None:
        remedy = f"use one of: {', '.join(HAPPENINGS)}"
        raise Misused(f"{told.happens[:60]!r} is nothing that can happen", remedy=remedy)
    missing = [name for name in needed if not getattr(told, name)]
    if missing:
        raise Misused(f"{told.happens!r} needs {', '.join(missing)}", remedy="add it")
    at = read_moment(told.at, known.release.due)
    if at < known.starts:
        raise Misused(
            f"this happens before the release is started ({known.starts:%Y-%m-%d %H:%M %Z})",
            remedy="move it to a later moment",
        )
    if told.fix and at < known.fix(told.fix).arrives:
        raise Misused(f"this happens to {told.fix[:60]!r} before it arrives", remedy="move it, or the fix")
    _CHECKS.get(told.happens, _anything)(told, known)
    to = read_moment(told.to, known.release.due) if told.to else None
    return Event(at, told.happens, told, to, _facts(told))


def _anything(_told: EventTold, _known: Cast) -> None:
    pass


def _check_target(told: EventTold, known: Cast) -> None:
    shipment = known.shipment(known.fix(told.fix).facts.product)
    every = [shipment.product.default_branch, *(shipment.product.branch_of(s) for s in shipment.series)]
    targets = known.fix(told.fix).targets(shipment, every)
    if not targets:
        raise Misused(f"{told.fix} has no merge request: it shipped before", remedy="name another fix")
    if told.target and told.target not in targets:
        raise Misused(
            f"{told.fix} has no merge request for {told.target[:60]!r}", remedy=f"name one of: {', '.join(targets)}"
        )


def _facts(told: EventTold) -> FixFacts:
    stated = {name: value for name, value in told.facts.items() if value is not None}
    with within("facts"):
        return read_facts(FixFacts, stated).whole(FixFacts)


def _check_facts(told: EventTold, known: Cast) -> None:
    fix = known.fix(told.fix)
    if "cve" in told.facts:
        raise Misused("`cve` is the CNA's to give, and is not corrected here", remedy="leave it out")
    facts = amended(fix.facts, _facts(told), told.facts)
    with within("facts"):
        read_advisory(facts, fix.name, "", known.release)


def _check_gate(told: EventTold, known: Cast) -> None:
    if known.process.gate(told.gate) is None:
        gates = ", ".join(gate.name for gate in known.process.gates)
        raise Misused(f"the process has no gate {told.gate[:60]!r}", remedy=f"name one of: {gates}")


def _check_person(told: EventTold, known: Cast) -> None:
    people = ("primary", "secondary", *sorted(known.team))
    if told.who not in people:
        raise Misused(f"{told.who[:60]!r} is nobody in the team", remedy=f"name one of: {', '.join(people)}")
    if told.days < 0:
        raise Misused("`days` is less than one", remedy="write how many days they are away")


def _check_move(told: EventTold, known: Cast) -> None:
    to, at = read_moment(told.to, known.release.due), read_moment(told.at, known.release.due)
    if to <= at:
        raise Misused("the release moves to a time that is past by then", remedy="correct `to`, or `at`")


def _check_bump(told: EventTold, known: Cast) -> None:
    shipment = known.shipment(told.product)
    old, new = Version.parse(told.old), Version.parse(told.new)
    if shipment.product.series_of(old) != shipment.product.series_of(new):
        raise Misused(f"{old} and {new} are not of one series", remedy="bump a version within its series")
    if shipment.product.series_of(old) not in shipment.series:
        raise Misused(f"the release ships nothing of the series of {old}", remedy="name a version of the release")


def _check_version(told: EventTold, known: Cast) -> None:
    shipment, version = known.shipment(known.fix(told.fix).facts.product), Version.parse(told.version)
    if shipment.product.series_of(version) not in shipment.series:
        raise Misused(f"the release ships nothing of the series of {version}", remedy="name a version of the release")


def _check_into(told: EventTold, known: Cast) -> None:
    if told.into not in known.others:
        remedy = f"name one of: {', '.join(sorted(known.others))}" if known.others else "tell of one, in `beside`"
        raise Misused(f"no release beside it is called {told.into[:60]!r}", remedy=remedy)


_CHECKS: Mapping[str, Callable[[EventTold, Cast], None]] = {
    "pipeline fails": _check_target,
    "pipeline passes": _check_target,
    "approval withdrawn": _check_target,
    "approval given": _check_target,
    "facts corrected": _check_facts,
    "exception signed": _check_gate,
    "falls ill": _check_person,
    "due moves": _check_move,
    "version bumped": _check_bump,
    "fix missing from tag": _check_version,
    "fix reverted": _check_target,
    "release joined": _check_into,
    "release split": _check_into,
}


def contradictions(events: Sequence[Event], due: datetime) -> Iterator[tuple[Event, str]]:
    """Give the events, of all in order, that contradict another, or the release, with what is wrong.

    A release that is out cannot be changed any more.
    """
    over = next((event for event in events if event.happens in _ENDS), None)
    gone: set[str] = set()
    for event in events:
        if event.told.fix in gone:
            yield event, f"{event.told.fix} was split off by then, and is of another release"
        if event.happens == "release split":
            gone.add(event.told.fix)
        if over is not None and event.at > over.at:
            yield event, f"its release is over by then: {over.happens}"
        if event.happens in _BEFORE_DUE and event.at >= due:
            yield event, f"the release is due at {due:%Y-%m-%d %H:%M %Z}, and this happens after it"
        if event.to is not None:
            due = event.to


_BEFORE_DUE = frozenset(
    {
        "fix taken out",
        "fix put back",
        "due moves",
        "version bumped",
        "fix missing from tag",
        "fix reverted",
        "release cancelled",
        "release joined",
        "release split",
    }
)
_ENDS = frozenset({"release cancelled", "release joined"})

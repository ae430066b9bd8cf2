"""CVE requests that people opened: linked to the issue of a fix, or to its canonical issue (gitlab-process.md 1.2).

What the desk opened is told by its mark. People link a request to the canonical issue, which is linked to the issue of
the fix on the mirror, or to that one itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from msgspec import Struct

from secrel.adapters.gitlab.addresses import ThingPlace
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.forms import ItemForm
from secrel.adapters.gitlab.reading.making import linked_places
from secrel.adapters.gitlab.reading.room import Instance
from secrel.adapters.gitlab.reading.things import Thing
from secrel.words.parts import Part, Seen, Unseen

Item = Part[Thing[ItemForm] | None]
"""An issue as it was found; None for one that is not there."""
_LINKS = ("linkedItems",)
_WHOSE = "a CVE request hangs on one of several issues that it is linked to, and nobody can tell whether it is for it"


class Linked(Struct, frozen=True):
    """What is linked to one issue: CVE issues, issues that may be its canonical one, and what could not be seen."""

    cves: tuple[ThingPlace, ...]
    canonical: tuple[ThingPlace, ...]
    short: tuple[str, ...]


def requested_by_people(
    instance: Instance, fixes: Mapping[ThingPlace, Item], cves: str, others: frozenset[ThingPlace]
) -> dict[ThingPlace, Item]:
    """Give the CVE request that is linked to each of these fixes, in two waves of questions.

    `cves` is the project of such requests; `others` are issues that are no canonical ones, such as the tracking issue.
    One that has several is unseen: nobody can tell which counts. So is one that is reached through one of several
    issues: people link a fix to what it reminds them of, and that has the request of another flaw.
    """
    near = {place: _linked(instance, place, part, cves, others) for place, part in fixes.items()}
    asked = list(dict.fromkeys(chain.from_iterable(one.canonical for one in near.values())))
    found = instance.things.issues(asked, _LINKS) if asked else {}
    far = {place: _linked(instance, place, part, cves, others) for place, part in found.items()}
    every = {place: _joined(one, far) for place, one in near.items()}
    wanted = list(dict.fromkeys(chain.from_iterable(one.cves for one in every.values())))
    seen = instance.things.issues(wanted, texts.DOCUMENT) if wanted else {}
    return {place: _only(one, seen) for place, one in every.items()}


def _linked(instance: Instance, place: ThingPlace, part: Item, cves: str, others: frozenset[ThingPlace]) -> Linked:
    if isinstance(part, Unseen):
        return Linked((), (), (_unread(place, part.reason),))
    if part.value is None:
        return Linked((), (), ())
    places, short = linked_places(part.value, instance.instance)
    theirs = tuple(one for one in places if one.project == cves)
    away = tuple(one for one in places if one.project not in (cves, place.project) and one not in others)
    return Linked(theirs, away, (_unread(place, short),) if short else ())


def _unread(place: ThingPlace, why: str) -> str:
    return f"not all of its links could be seen: {place.ref}: {why}"


def _joined(near: Linked, far: Mapping[ThingPlace, Linked]) -> Linked:
    through = [far[place] for place in near.canonical]
    theirs = tuple(dict.fromkeys([*near.cves, *chain.from_iterable(one.cves for one in through)]))
    short = (*near.short, *chain.from_iterable(one.short for one in through))
    if len(through) > 1 and theirs != near.cves:
        refs = ", ".join(place.ref for place in near.canonical)
        return Linked(near.cves, (), (*short, f"{_WHOSE}: {refs}; link the request to its own issue"))
    return Linked(theirs, (), short)


def _only(linked: Linked, seen: Mapping[ThingPlace, Item]) -> Item:
    if len(linked.cves) > 1:
        refs = ", ".join(one.ref for one in linked.cves)
        return Unseen(f"{len(linked.cves)} CVE requests are linked to it, and nobody can tell which counts: {refs}")
    if linked.cves:
        return seen[linked.cves[0]]
    return Unseen("; ".join(linked.short)) if linked.short else Seen(None)

"""What people linked to the issue of a fix: its canonical issue, and the CVE request (gitlab-process.md 1.2, 2.1).

What the desk opened is told by its mark. People link a request to the canonical issue, which is linked to the issue of
the fix on the mirror, or to that one itself. The canonical issue is the one that becomes public where only members can
read the mirror: it lies in a project that others can read, and is confidential, or was until somebody made it visible.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import chain

from msgspec import Struct

from secrel.adapters.gitlab.addresses import ThingPlace
from secrel.adapters.gitlab.marks import taken_apart
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.forms import ItemForm
from secrel.adapters.gitlab.reading.instance import Instance
from secrel.adapters.gitlab.reading.making import acts, linked_places
from secrel.adapters.gitlab.reading.things import Thing
from secrel.words.parts import Part, Seen, Unseen

Item = Part[Thing[ItemForm] | None]
"""An issue as it was found; None for one that is not there."""
_WHOSE = "a CVE request hangs on one of several issues that it is linked to, and nobody can tell whether it is for it"


class Linked(Struct, frozen=True):
    """What is linked to one issue: CVE issues, issues that may be its canonical one, and what could not be seen."""

    cves: tuple[ThingPlace, ...]
    canonical: tuple[ThingPlace, ...]
    short: tuple[str, ...]


class Around(Struct, frozen=True):
    """What is linked to issues of fixes, by their places: CVE requests, and for those on a mirror canonical issues."""

    cves: Mapping[ThingPlace, Item] = {}
    canonical: Mapping[ThingPlace, Item] = {}


def linked_around(
    instance: Instance,
    fixes: Mapping[ThingPlace, Item],
    cves: str,
    unknown: Collection[ThingPlace],
    others: frozenset[ThingPlace],
) -> Around:
    """Give what people linked to the issues of these fixes, in two waves of questions.

    `cves` is the project of CVE requests, looked for by these links for the `unknown` fixes; `others` are issues that
    are no canonical ones, such as the tracking issue. Of several nobody can tell which counts: then it is unseen. So is
    a request that is reached through one of several issues: people link a fix to what it reminds them of, and that has
    the request of another flaw.
    """
    near = {place: _linked(instance, place, part, cves, others) for place, part in fixes.items()}
    mirrored = [place for place, part in fixes.items() if _is_closed(part)]
    looked = dict.fromkeys([*unknown, *mirrored])
    asked = list(dict.fromkeys(chain.from_iterable(near[place].canonical for place in looked)))
    found = instance.things.issues(asked, texts.TRACKING) if asked else {}
    far = {place: _linked(instance, place, part, cves, others) for place, part in found.items()}
    every = {place: _joined(near[place], far) for place in unknown}
    wanted = list(dict.fromkeys(chain.from_iterable(one.cves for one in every.values())))
    seen = instance.things.issues(wanted, texts.DOCUMENT) if wanted else {}
    return Around(
        {place: _only(one, seen) for place, one in every.items()},
        {place: _canonical(near[place], found) for place in mirrored},
    )


def _is_closed(part: Item) -> bool:
    return isinstance(part, Seen) and part.value is not None and part.value.is_private


def _canonical(linked: Linked, found: Mapping[ThingPlace, Item]) -> Item:
    """Give the one issue that may become public: no document of a desk, and nothing that was never confidential."""
    short, places = list(linked.short), []
    for place in linked.canonical:
        part = found[place]
        if isinstance(part, Unseen):
            short.append(_unread(place, part.reason))
        elif part.value is not None and not part.value.is_private:
            may_be, why = _was_hidden(part.value)
            short += [_unread(place, why)] if why else []
            places += [place] if may_be else []
    if len(places) > 1:
        refs = ", ".join(one.ref for one in places)
        return Unseen(f"{len(places)} issues that could become public are linked to it, leave one: {refs}")
    why = "; ".join(short)
    if places:
        part = found[places[0]]
        return part if isinstance(part, Unseen) else Seen(part.value, part.where, why)
    return Unseen(why) if why else Seen(None)


def _was_hidden(thing: Thing[ItemForm]) -> tuple[bool, str]:
    """Say whether an issue that people made is confidential, or was; and why that cannot be told."""
    if taken_apart(thing.form.description or "").mark is not None:
        return False, ""
    notes = thing.list("notes")
    if thing.form.confidential or acts(notes, "visible"):
        return True, ""
    return False, notes.shortfall


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

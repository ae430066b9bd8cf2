"""Of answers, words: issues, their notes, and links with since when and until when."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from secrel.adapters.gitlab.addresses import ThingPlace, place_at
from secrel.adapters.gitlab.marks import Mark, taken_apart, unmarked
from secrel.adapters.gitlab.neutral import original
from secrel.adapters.gitlab.profile import is_among
from secrel.adapters.gitlab.reading.forms import ItemForm, LinkForm, NoteForm, User
from secrel.adapters.gitlab.reading.things import Thing, Whole
from secrel.reading.rows import NO_ROWS, RowNames
from secrel.words.documents import CALLS, TABLE
from secrel.words.errors import Misused
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.forge import Issue, Link, Note, State
from secrel.words.parts import Open, Part, Seen, Unseen, unseen
from secrel.words.patterns import pattern

_STATES = {"OPEN": State.OPENED, "opened": State.OPENED, "locked": State.OPENED, "CLOSED": State.CLOSED}
_STATES |= {"closed": State.CLOSED, "merged": State.MERGED}
_REFERRED = pattern(r"(?<![\w./-])([\w.-]+(?:/[\w.-]+)*)?#([1-9]\d{0,8})(?![\w#])", re.ASCII)
_ADDRESS = pattern(r"https?://[^\s)\]]+/(?:issues|work_items)/\d+", re.ASCII)


class Trust(Struct, frozen=True):
    """Whose marks count, the keys by which a mark without its key is read, and the rows of people's tables."""

    accounts: frozenset[str]
    keys: tuple[str, ...] = ()
    rows: RowNames = NO_ROWS

    def key_of(self, mark: Mark | None, writers: Collection[str], release: str = "") -> str:
        """Give the key of the effect that left a mark; empty for none, and for one that no account of a desk wrote.

        `writers` are those who wrote the text it stands in, `release` the one that the thing itself names, where it
        does.
        """
        if mark is None or not any(is_among(writer, self.accounts) for writer in writers):
            return ""
        named = keys_of(release) if release else ()
        return mark.key or next((key for key in (*self.keys, *named) if mark.is_of(key)), "")


_REPEATED = 20
"""How often a document is opened again at most, as far as its mark is read where it stands without its key."""


def keys_of(release: str) -> Iterator[str]:
    """Give the keys that can be told without reading them: what a public thing bears has its letters alone."""
    for identity in TABLE.values():
        if not identity.is_per_fix:
            yield identity.opening(release)
        if identity.is_repeated:
            yield from (identity.opening(release, str(number)) for number in range(2, _REPEATED + 1))
    yield from (f"{release}/{end}" for ends in CALLS.values() for end in ends)


def state_of(told: str) -> State:
    """Read a state; a merge request that is just being merged is still open. Raises `Misused` for an unknown one."""
    if told not in _STATES:
        raise Misused(f"it is in a state that is not known: {told[:40]!r}")
    return _STATES[told]


def notes_of(told: Whole, trust: Trust) -> Open[tuple[Note, ...]]:
    """Give what people wrote, oldest first; unseen when not all of it was read."""
    if told.shortfall:
        return Unseen(told.shortfall)
    forms: list[NoteForm] = sorted(told.items, key=_when)
    if any(form.resolvable and form.discussion is None for form in forms):
        return Unseen("of a note it is not shown which discussion it is in")
    return tuple(_note(form, trust) for form in forms if not form.system)


def _note(form: NoteForm, trust: Trust) -> Note:
    words, mark = unmarked(form.body)
    by = form.author.username if form.author else ""
    is_open = form.resolvable and not form.resolved
    thread = form.discussion.id if form.resolvable and form.discussion else ""
    return Note(by, form.created_at, original(words), bool(form.internal), trust.key_of(mark, {by}), is_open, thread)


def _when(form: NoteForm) -> tuple[datetime, int]:
    number = form.id.rpartition("/")[2]
    return form.created_at, int(number) if number.isdecimal() and len(number) < 20 else 0  # noqa: PLR2004 - a number


def acts(told: Whole, *names: str) -> list[NoteForm]:
    """Give the system notes about these actions, oldest first."""
    return sorted((form for form in told.items if form.system and _action(form) in names), key=_when)


def _action(form: NoteForm) -> str:
    return (form.system_note_metadata.action if form.system_note_metadata else None) or ""


def missing(thing: Thing[ItemForm], names: Iterable[str]) -> str:
    """Say what of these lists of a thing could not be read."""
    return "; ".join(filter(None, (thing.list(name).shortfall for name in names)))


def issue_of(thing: Thing[ItemForm], trust: Trust) -> Part[Issue]:
    """Make an issue of what was found."""
    form = thing.form
    try:
        state = state_of(form.state)
    except Misused as fault:
        return unseen(fault, thing.place.ref)
    parts = taken_apart(form.description or "")
    widgets = [widget for widget in form.widgets or () if widget is not None]
    notes = thing.list("notes")
    is_hidden = form.confidential or thing.is_private
    issue = Issue(
        ref=thing.place.ref,
        title=original(form.title),
        body=original(parts.words),
        url=form.web_url or "",
        state=state,
        labels=frozenset(label.title for label in thing.list("labels").items),
        confidential=is_hidden,
        members_only=thing.is_private,
        public_since=None if is_hidden else _public_since(form, notes),
        assignees=tuple(user.username for user in thing.list("assignees").items),
        due=next((widget.due_date for widget in widgets if widget.due_date), None),
        milestone=next((widget.milestone.title for widget in widgets if widget.milestone), ""),
        created_at=form.created_at,
        author=form.author.username if form.author else "",
        mark=trust.key_of(parts.mark, writers_of(form.author, notes), parts.facts.of(ReleaseFacts).release),
        facts=parts.stated(trust.rows),
        notes=notes_of(notes, trust),
    )
    return Seen(issue, form.web_url or thing.place.ref, missing(thing, ("labels", "assignees")))


def writers_of(author: User | None, notes: Whole) -> frozenset[str]:
    """Say who wrote a description: whoever opened the thing, and everybody who has changed the text since."""
    changed = (note.author for note in acts(notes, "description"))
    return frozenset(one.username for one in (author, *changed) if one is not None)


def _public_since(form: ItemForm, notes: Whole) -> datetime | None:
    """Say since when everybody can read an issue: since it was last made visible, or since it is there."""
    if notes.shortfall:
        return None
    shown = acts(notes, "visible", "confidential")
    return shown[-1].created_at if shown else form.created_at


def links_of(tracking: Thing[ItemForm], instance: str) -> tuple[list[Link], list[Link], str]:
    """Give what is linked to an issue, what was and is no more, and what of it could not be seen.

    Who linked, and that somebody took a link away, stands in system notes alone.
    """
    linked, notes = tracking.list("linkedItems"), tracking.list("notes")
    told = list(_told(notes, tracking.place, instance))
    _, shortfall = linked_places(tracking, instance)
    current: dict[str, Link] = {}
    for form in linked.items:
        if place := _place(form, instance):
            by = next((by for at, act, ref, by in reversed(told) if ref == place.ref and act == "relate"), "")
            current[place.ref] = Link(place.ref, form.link_created_at, None, by)
    gone: dict[str, Link] = {}
    since: dict[str, tuple[datetime, str]] = {}
    for at, act, ref, by in told:
        if act == "relate":
            since[ref] = at, by
        elif ref not in current:
            began, who = since.pop(ref, (tracking.form.created_at, ""))
            gone[ref] = Link(ref, began, at, who)
    by_time = sorted(current.values(), key=lambda link: link.since)
    return by_time, sorted(gone.values(), key=lambda link: link.since), shortfall


def linked_places(thing: Thing[ItemForm], instance: str) -> tuple[list[ThingPlace], str]:
    """Give the issues that are linked to one, and what of them could not be seen."""
    linked = thing.list("linkedItems")
    found = [_place(form, instance) for form in linked.items]
    hidden = sum(place is None for place in found)
    unseen = f"{hidden} of its links lead to what cannot be seen" if hidden else ""
    return [place for place in found if place is not None], "; ".join(filter(None, (linked.shortfall, unseen)))


def _place(form: LinkForm, instance: str) -> ThingPlace | None:
    try:
        return place_at(form.work_item.reference, instance) if form.work_item else None
    except Misused:
        return None


def _told(notes: Whole, home: ThingPlace, instance: str) -> Iterator[tuple[datetime, str, str, str]]:
    for form in acts(notes, "relate", "unrelate"):
        for ref in referred(form.body, home, instance):
            yield form.created_at, _action(form), ref, form.author.username if form.author else ""


def referred(text: str, home: ThingPlace, instance: str) -> list[str]:
    """Read the issues that a system note names: `#1` is one beside `home`, `other#1` one of the same group."""
    found: list[str] = []
    for address in _ADDRESS.findall(text):
        try:
            found.append(place_at(address, instance).ref)
        except Misused:
            continue
    for project, number in _REFERRED.findall(_ADDRESS.sub(" ", text)):
        group = home.project.rpartition("/")[0]
        full = home.project if not project else project if "/" in project or not group else f"{group}/{project}"
        found.append(f"{full}#{number}")
    return found

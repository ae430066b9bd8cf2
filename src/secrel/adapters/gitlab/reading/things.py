"""Issues and merge requests as GitLab has them: found by their numbers, with every page of what hangs on them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from msgspec import Struct

from secrel.adapters.gitlab.addresses import ThingPlace
from secrel.adapters.gitlab.faults import Failed, harmless
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.asking import Answered, Batch, Questions, decoded
from secrel.adapters.gitlab.reading.forms import ItemForm, More, ProjectForm, RequestForm, Some
from secrel.words.errors import SecrelError
from secrel.words.parts import Part, Seen, Unseen, unseen

F = TypeVar("F", ItemForm, RequestForm)

_READERS = frozenset({"private", "internal", "public"})
_INVISIBLE = "it is not there, or cannot be seen: the token's user is no member of {} that may read all of it"


class Whole(Struct, frozen=True):
    """All of a list that hangs on a thing; `shortfall` says what of it is missing, empty: nothing."""

    items: tuple[Any, ...] = ()
    shortfall: str = ""


class Thing(Struct, Generic[F], frozen=True):
    """An issue or a merge request as found: its place, its form, the lists on it, and the project around it."""

    place: ThingPlace
    form: F
    project: ProjectForm
    lists: Mapping[str, Whole]

    def list(self, name: str) -> Whole:
        """Give a list by its name."""
        return self.lists.get(name, Whole())

    @property
    def is_private(self) -> bool:
        """Whether only members can read its project."""
        return self.project.visibility == "private"


class _Sort(Struct, Generic[F], frozen=True):
    """One sort of things: how they are asked for, which lists hang on them, how their form is read."""

    name: str
    form: type[F]
    lists: tuple[str, ...]
    text: Callable[[int], str]
    further: Callable[[str], str]


def _issues(parts: tuple[str, ...]) -> _Sort[ItemForm]:
    name = f"issues {' '.join(parts)}"
    return _Sort(name, ItemForm, parts, lambda n: texts.issues(n, parts), texts.further_of_issue)


def _requests(*, rules: bool, files: bool) -> _Sort[RequestForm]:
    name = f"merge requests {rules} {files}"
    lists = tuple(texts.REQUEST_PARTS)
    text = partial(texts.merge_requests, rules=rules, files=files)
    return _Sort(name, RequestForm, lists, text, texts.further_of_request)


class Things:
    """Gives issues and merge requests by their places, None for one that is certainly not there."""

    def __init__(self, asking: Questions) -> None:
        """Take what asks."""
        self._asking = asking

    def issues(
        self, places: Sequence[ThingPlace], parts: tuple[str, ...]
    ) -> dict[ThingPlace, Part[Thing[ItemForm] | None]]:
        """Give issues with these lists."""
        return self._found(_issues(parts), places)

    def requests(
        self, places: Sequence[ThingPlace], *, rules: bool, files: bool = False
    ) -> dict[ThingPlace, Part[Thing[RequestForm] | None]]:
        """Give merge requests, with approval rules where the tier has them, and with the names of their files."""
        return self._found(_requests(rules=rules, files=files), places)

    def _found(self, sort: _Sort[F], places: Sequence[ThingPlace]) -> dict[ThingPlace, Part[Thing[F] | None]]:
        batch = Batch(sort.name, partial(_written, sort), partial(_read, sort))
        found = self._asking.each(batch, places)
        unfinished = [
            (place, name, begun)
            for place, part in found.items()
            if isinstance(part, Seen) and part.value is not None
            for name in sort.lists
            if isinstance(begun := part.value.lists[name], _Begun)
        ]
        jobs = [partial(self._rest, sort, place, name, begun) for place, name, begun in unfinished]
        for (place, name, _), whole in zip(unfinished, self._asking.together(*jobs), strict=True):
            found[place] = _with(found[place], name, whole)
        return found

    def _rest(self, sort: _Sort[F], place: ThingPlace, name: str, begun: _Begun) -> Whole:
        """Follow a list to its last page; what cannot be had of it is said."""
        items, after, seen, short = list(begun.items), begun.after, {begun.after}, begun.shortfall
        while True:
            variables = {"p": place.project, "i": str(place.iid), "deep": 100, "after": after}
            try:
                page = _page(self._asking.query(sort.further(name), variables), name)
            except SecrelError as fault:
                return Whole(tuple(items), f"{len(items):,} of its {_said(name)} read: {fault.what}")
            more, hidden = _shown(page.nodes or (), name)
            items += more
            short = short or hidden or ("" if page.nodes is not None else f"its {_said(name)} are not shown")
            if not page.page_info.has_next_page:
                return Whole(tuple(items), short)
            after = page.page_info.end_cursor or ""
            if after in seen or len(seen) >= self._asking.client.limits.pages:
                return Whole(tuple(items), f"{len(items):,} of its {_said(name)} read, and more follow")
            seen.add(after)


class _Begun(Whole, frozen=True):
    """The first page of a list that goes on after the cursor `after`."""

    after: str = ""


def _said(name: str) -> str:
    return re.sub(r"(?=[A-Z])", " ", name).lower()


def _attribute(name: str) -> str:
    return re.sub(r"(?=[A-Z])", "_", name).lower()


def _with(part: Part[Thing[F] | None], name: str, whole: Whole) -> Part[Thing[F] | None]:
    if isinstance(part, Unseen) or part.value is None:
        return part
    thing = part.value
    return Seen(Thing(thing.place, thing.form, thing.project, {**thing.lists, name: whole}), part.where)


def _by_project(places: Sequence[ThingPlace]) -> list[tuple[str, list[ThingPlace]]]:
    grouped: defaultdict[str, list[ThingPlace]] = defaultdict(list)
    for place in places:
        grouped[place.project].append(place)
    return sorted(grouped.items())


def _written(sort: _Sort[F], places: Sequence[ThingPlace], deep: int) -> tuple[str, dict[str, Any]]:
    groups = _by_project(places)
    variables: dict[str, Any] = {"deep": deep}
    for number, (project, theirs) in enumerate(groups):
        variables |= {f"p{number}": project, f"i{number}": [str(place.iid) for place in theirs]}
        variables[f"n{number}"] = len(theirs)
    return sort.text(len(groups)), variables


def _read(sort: _Sort[F], places: Sequence[ThingPlace], answered: Answered) -> dict[ThingPlace, Part[Thing[F] | None]]:
    found: dict[ThingPlace, Part[Thing[F] | None]] = {}
    for number, (project, theirs) in enumerate(_by_project(places)):
        try:
            around = answered.part(f"p{number}", ProjectForm)
        except Failed as fault:
            found |= dict.fromkeys(theirs, unseen(fault))
            continue
        found |= _of_project(sort, project, theirs, _Told(f"p{number}", around, answered))
    return found


class _Told(Struct, frozen=True):
    """What was answered of one project: its name in the query, its form, and the whole answer."""

    name: str
    around: ProjectForm | None
    answered: Answered


def _of_project(
    sort: _Sort[F], project: str, places: Sequence[ThingPlace], told: _Told
) -> dict[ThingPlace, Part[Thing[F] | None]]:
    """Read the things of one project: those that are missing are absent only when everything of it can be seen."""
    around, said = told.around, told.answered.said
    if around is None:
        return dict.fromkeys(places, Unseen(said or _INVISIBLE.format(project), project))
    if around.full_path.casefold() != project.casefold():
        what = f"{project} has moved to {harmless(around.full_path)}"
        return dict.fromkeys(places, Unseen(what, project, "put its new path into the process"))
    if around.visibility not in _READERS:
        return dict.fromkeys(places, Unseen(said or f"it is not shown who can read {project}", project))
    forms, hidden, why = _forms(sort, around, told)
    is_open = sort.form is RequestForm and around.visibility == "public"
    is_certain = is_open or around.max_access_level.reads_all
    if around.things is None or around.things.nodes is None or said:
        why = why or said or f"{project} does not show its {sort.name.partition(' ')[0]}"
    elif around.things.page_info.has_next_page:
        why = why or f"{project} shows {len(forms)} of the {len(places)} that were asked for, and no more in a page"
    found: dict[ThingPlace, Part[Thing[F] | None]] = {}
    for place in places:
        form = forms.get(str(place.iid))
        if str(place.iid) in hidden:
            found[place] = Unseen(hidden[str(place.iid)], place.ref)
        elif form is not None:
            found[place] = Seen(Thing(place, form, around, _lists(sort, form)), place.ref)
        elif why:
            found[place] = Unseen(why, place.ref)
        else:
            found[place] = Seen(None, place.ref) if is_certain else Unseen(_INVISIBLE.format(project), place.ref)
    return found


def _forms(sort: _Sort[F], around: ProjectForm, told: _Told) -> tuple[dict[str, F], dict[str, str], str]:
    """Read each thing by itself; one that has another form leaves the others as they are.

    Gives them by number, those of which a part could not be had with the reason, and why one may be missing: a null in
    a thing is nobody's "none" when the server says that it failed there.
    """
    forms: dict[str, F] = {}
    hidden: dict[str, str] = {}
    why = ""
    for number, raw in enumerate((around.things.nodes or ()) if around.things else ()):
        try:
            form = decoded(raw, sort.form)
        except Failed as fault:
            why = fault.what
            continue
        short = told.answered.missing(told.name, "things", "nodes", number)
        if form is None:
            why = short or f"{around.full_path} does not show one of them"
        elif short:
            hidden[form.iid] = short
        else:
            forms[form.iid] = form
    return forms, hidden, why


def _lists(sort: _Sort[F], form: F) -> dict[str, Whole]:
    return {name: _begun(_some(form, name), name) for name in sort.lists}


def _some(form: ItemForm | RequestForm | More, name: str) -> Some[Any] | None:
    """Find the page of a list on a thing: among its widgets, or on itself."""
    own: Some[Any] | None = getattr(form, _attribute(name), None)
    for widget in getattr(form, "widgets", None) or ():
        own = own or getattr(widget, _attribute(name), None)
    return own


def _begun(page: Some[Any] | None, name: str) -> Whole:
    if page is None or page.nodes is None:
        return Whole((), f"its {_said(name)} are not shown")
    items, short = _shown(page.nodes, name)
    if page.page_info.has_next_page and page.page_info.end_cursor:
        return _Begun(items, short, page.page_info.end_cursor)
    return Whole(items, short or (f"more of its {_said(name)} follow" if page.page_info.has_next_page else ""))


def _shown(nodes: Sequence[Any], name: str) -> tuple[tuple[Any, ...], str]:
    """Give what a page shows, and what is said of nulls in it: GitLab leaves out what may not be seen."""
    items = tuple(item for item in nodes if item is not None)
    hidden = len(nodes) - len(items)
    return items, f"{hidden} of its {_said(name)} could not be had" if hidden else ""


def _page(answered: Answered, name: str) -> Some[Any]:
    if answered.said:
        raise _Gone(answered.said)
    around = answered.part("project", ProjectForm)
    nodes = (around.things.nodes or []) if around and around.things else []
    more = decoded(nodes[0], More) if nodes else None
    page = _some(more, name) if more else None
    if page is None:
        raise _Gone("it is not shown any more")
    return page


class _Gone(SecrelError):
    """A page that was there is not."""

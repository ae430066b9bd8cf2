"""What accounts of the desk made, found by listing and matching on our side: a search proves nothing (section 4)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from msgspec import Struct

from secrel.adapters.gitlab.addresses import ThingPlace
from secrel.adapters.gitlab.marks import Mark, unmarked
from secrel.adapters.gitlab.profile import is_among
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.asking import decoded
from secrel.adapters.gitlab.reading.forms import ProjectForm, ThingMade
from secrel.adapters.gitlab.reading.instance import Instance
from secrel.words.errors import NotSeen, SecrelError
from secrel.words.parts import Part, Seen, Unseen, unseen

T = TypeVar("T")


class Marked(Struct, frozen=True):
    """A thing that an account of the desk made, with the mark in its text."""

    place: ThingPlace
    mark: Mark


class Making:
    """What accounts of the desk made, listed once for each project of a look: found by matching on our side."""

    def __init__(self, gitlab: Instance) -> None:
        """Take the instance; nothing is asked yet."""
        self._gitlab = gitlab
        self._lists: dict[tuple[str, str], Future[Part[tuple[Marked, ...]]]] = {}
        self._lock = threading.Lock()

    def of(self, project: str, sort: str) -> Part[tuple[Marked, ...]]:
        """Give what bears a mark among the issues (`#`) or merge requests (`!`) of a project, oldest first."""
        with self._lock:
            future = self._lists.get((project, sort))
            is_first = future is None
            future = self._lists.setdefault((project, sort), future or Future())
        if is_first:
            try:
                future.set_result(part_of(lambda: self._listed(project, sort), project))
            except BaseException as fault:
                future.set_exception(fault)
                raise
        return future.result()

    def place(self, project: str, sort: str, key: str) -> Part[ThingPlace | None]:
        """Say where the effect `key` made something; None when it certainly made nothing there."""
        projects = (project,) if project else self._gitlab.profile.projects
        listed = [self.of(one, sort) for one in projects]
        for part in listed:
            for one in part.value if isinstance(part, Seen) else ():
                if one.mark.is_of(key):
                    return Seen(one.place)
        return next((part for part in listed if isinstance(part, Unseen)), None) or _cut(listed) or Seen(None)

    def _listed(self, project: str, sort: str) -> Part[tuple[Marked, ...]]:
        accounts = self._gitlab.accounts()
        found: list[Marked] = []
        short: list[str] = []
        for form, place in self._each(project, sort, accounts, short):
            _, mark = unmarked(form.description or "")
            if mark is not None and form.author is None:
                short.append(f"{place.ref}: it bears a mark, and it is not shown who opened it")
            elif mark is not None and form.author is not None and is_among(form.author.username, accounts):
                found.append(Marked(place, mark))
        return Seen(tuple(found), project, "; ".join(short))

    def _each(
        self, project: str, sort: str, accounts: Sequence[str], short: list[str]
    ) -> Iterator[tuple[ThingMade, ThingPlace]]:
        text = texts.MADE_ISSUES if sort == "#" else texts.MADE_REQUESTS
        for account in accounts:
            for form in listed(self._gitlab, text, {"p": project, "by": account}, short):
                yield form, ThingPlace(project, sort, int(form.iid))


def _cut(listed: Sequence[Part[Any]]) -> Unseen | None:
    return next(
        (Unseen(part.shortfall, part.where) for part in listed if isinstance(part, Seen) and part.shortfall), None
    )


def part_of(look: Callable[[], Part[T]], where: str) -> Part[T]:
    """Give the part that `look` gives, or why it could not be seen."""
    try:
        return look()
    except SecrelError as fault:
        return unseen(fault, where)


def listed(gitlab: Instance, text: str, variables: Mapping[str, Any], short: list[str]) -> Iterator[ThingMade]:
    """Give every page of a list of things; raises `SecrelError` when it cannot be seen, and notes what is cut off."""
    after, seen = "", {""}
    while True:
        answered = gitlab.asking.query(text, {**variables, "deep": 100, "after": after or None})
        around = answered.part("project", ProjectForm)
        if answered.said or around is None or around.things is None or around.things.nodes is None:
            raise NotSeen(answered.said or f"{variables['p']} is not there, or the token's user is no member of it")
        page = around.things
        for raw in page.nodes or ():
            form = decoded(raw, ThingMade)
            if form is None:
                short.append(f"one of what was made in {variables['p']} could not be had")
            elif form.iid.isdecimal() and len(form.iid) < 10:  # noqa: PLR2004 - a number
                yield form
        if not page.page_info.has_next_page:
            return
        after = page.page_info.end_cursor or ""
        if after in seen or len(seen) >= gitlab.asking.client.limits.pages:
            short.append(f"{len(seen)} pages of what was made in {variables['p']} read, and more follow")
            return
        seen.add(after)

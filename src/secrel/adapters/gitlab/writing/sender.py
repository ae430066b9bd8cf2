"""What writes to a GitLab: it reads before and after, sends, and waits for some time to see what it sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from secrel.adapters.gitlab.addresses import ThingPlace
from secrel.adapters.gitlab.client import Client, Reply, route
from secrel.adapters.gitlab.faults import Failed, FaultKind
from secrel.adapters.gitlab.profile import is_among
from secrel.adapters.gitlab.reading.answers import NamedThing, ProjectAnswer, ThingAnswer, UserAnswer, form_of
from secrel.adapters.gitlab.waiting import Timing, backoff
from secrel.reading.rows import NO_ROWS, RowNames
from secrel.words.errors import InDoubt, Misused, NotSeen, Refused
from secrel.words.outcomes import NotMade

T = TypeVar("T")
AGAIN = "look again, and plan again; nothing was changed"
ONE_ALONE = '; where its tier takes one assignee alone: tier = "free" in the profile'
"""What to look at, besides, when GitLab left people out without a word."""
_TRIES = 4
_SAFE = frozenset({FaultKind.LOCKED, FaultKind.TOO_MANY, FaultKind.UNREACHABLE})
"""Refusals after which it is certain that nothing happened, and the same may be sent again."""
_WRONG = frozenset({FaultKind.FORBIDDEN, FaultKind.TAKEN, FaultKind.INVALID, FaultKind.NOT_YET})
UNTIL_SEEN = (1.0, 4.0, 20.0, 35.0)
"""For how many seconds to wait between looks for what was begun: replicas may lag a minute (gitlab-api.md 7)."""
UNTIL_ABSENT = (1.0, 2.0)
"""As before, for what nobody here has begun: another desk may have made it a moment ago."""


class GitLabSender(Struct, frozen=True):
    """Reads and writes for the writers. Raises `Misused` for what is not there, `Refused` for what GitLab refuses.

    `called` are the handles of the people and groups that the desk may call by a text, `accounts` those whose marks
    count beside those of the token's own user, `rows` those of people's tables.
    """

    client: Client
    timing: Timing
    called: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    rows: RowNames = NO_ROWS
    _known: dict[str, Any] = field(default_factory=dict)
    _written: list[str] = field(default_factory=list)

    def begun(self) -> GitLabSender:
        """Give a sender for one effect, which knows what this one knows, and has written nothing yet."""
        return replace(self, _written=[])

    @property
    def has_written(self) -> bool:
        """Whether it wrote anything, or may have."""
        return bool(self._written)

    def now(self) -> datetime:
        """Give the time at which it is asked."""
        return self.timing.now()

    def thing(self, place: ThingPlace) -> ThingAnswer:
        """Give an issue or a merge request as it is now."""
        return self.get(path_of(place), form_of(place), where=place.ref)

    def get(self, path: str, kind: type[T], *query: tuple[str, str], where: str = "") -> T:
        """Give one answer."""
        with said(where):
            return self.client.get(path, kind, query)

    def maybe(self, path: str, kind: type[T], *query: tuple[str, str], absent: tuple[str, ...], where: str) -> T | None:
        """Give one answer, or None where GitLab says one of `absent` of it: `404 file`.

        Raises `NotSeen` where it says so of what is around it: then nobody can tell.
        """
        try:
            with said(where, kept=FaultKind.NOT_THERE):
                return self.client.get(path, kind, query)
        except Failed as failed:
            told = failed.fault
            if told.kind is not FaultKind.NOT_THERE:
                raise
            if told.said.casefold().startswith(absent):
                return None
            raise NotSeen(f"it cannot be seen ({told.said})", where=where, remedy=failed.remedy) from None

    def standing(self, place: ThingPlace) -> ThingAnswer | None:
        """Give an issue or a merge request as it is now, None where the project shows none of this number."""
        return self.maybe(path_of(place), form_of(place), absent=("404 not found",), where=place.ref)

    def not_made(self, *places: ThingPlace) -> NotMade:
        """Say so of what is on things of which one is not there; raises `NotSeen` where it is their project."""
        for place in places:
            self.standing(place)
        return NotMade()

    def list(self, path: str, kind: type[T], *query: tuple[str, str], where: str = "") -> tuple[T, ...]:
        """Give a whole list; raises `InDoubt` for one that is longer than anybody reads."""
        with said(where):
            listed = self.client.pages(path, kind, query)
        if listed.cut:
            raise InDoubt(f"the list is too long to be read whole: {listed.cut}", where=where)
        return listed.items

    def project(self, path: str) -> ProjectAnswer:
        """Give a project as it is now."""
        return self.get(route("projects", path), ProjectAnswer, where=path)

    def person(self, username: str) -> int:
        """Give the number of a user; raises `Misused` when there is none of this name."""
        key = f"user:{username}"
        if key not in self._known:
            found = self.get("/users", list[UserAnswer], ("username", username), where=username)
            ids = [one.id for one in found if one.username.casefold() == username.casefold()]
            if not ids:
                raise Misused("there is no such user", where=username, remedy="correct the handle in the team file")
            self._known[key] = ids[0]
        return int(self._known[key])

    def me(self) -> int:
        """Give the number of the user whose token this is."""
        if "me" not in self._known:
            self._known["me"] = self.get("/user", UserAnswer, where="the token's user").id
        return int(self._known["me"])

    def trusts(self, author: UserAnswer | None) -> bool:
        """Whether a mark counts that stands in something of this author: anybody can write the letters of one.

        Raises `NotSeen` where it is not shown who it is of.
        """
        if author is None:
            raise NotSeen("it is not shown who wrote a text with the mark of a desk", remedy=AGAIN)
        return is_among(author.username, self.accounts) or author.id == self.me()

    def labelled(self, project: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """Give labels back if each exists, written so; raises `Misused`: GitLab would make a new one without a word."""
        for name in names:
            key = f"label:{project}:{name}"
            if key in self._known:
                continue
            path = f"{route('projects', project)}/labels"
            found = self.list(path, NamedThing, ("search", name), ("include_ancestor_groups", "true"), where=project)
            if all(one.name != name for one in found):
                like = next((one.name for one in found if one.name.casefold() == name.casefold()), "")
                what = f"the label is written {like!r}" if like else "there is no such label"
                raise Misused(
                    what,
                    where=f"{project}, label {name!r}",
                    remedy="name it in the process as it is there: secrel doctor",
                )
            self._known[key] = True
        return names

    def send(self, method: str, path: str, body: Mapping[str, Any] | None, kind: type[T], where: str = "") -> Reply[T]:
        """Send one write; again only where it is certain that nothing happened. Raises `InDoubt` where it is not."""
        for attempt in range(_TRIES):
            try:
                with said(where):
                    reply = self.client.send(method, path, body, kind)
            except InDoubt:
                self._written.append(path)
                raise
            except Failed as failed:
                fault = failed.fault
                pause = backoff(attempt, fault.wait, is_limit=fault.kind is FaultKind.TOO_MANY)
                if fault.kind not in _SAFE or attempt + 1 == _TRIES or pause > self.client.limits.patience:
                    raise
                self.client.rest(pause, failed.what)
            else:
                self._written.append(path)
                return reply
        raise AssertionError

    def put(
        self, path: str, fields: Mapping[str, Any], kind: type[T], is_there: Callable[[], bool], where: str
    ) -> T | None:
        """Send a change, and give its answer; None when none came, and the change is there all the same."""
        try:
            return self.send("PUT", path, fields, kind, where=where).value
        except InDoubt:
            if self.until(lambda: is_there() or None) is None:
                raise
            return None

    def change(
        self,
        place: ThingPlace,
        fields: Mapping[str, Any],
        is_there: Callable[[ThingAnswer], bool],
        refuse: Callable[[ThingAnswer], None] = lambda _answer: None,
    ) -> str:
        """Send a change of an issue or a merge request, and see it by another look; raises `InDoubt` when it is not.

        `refuse` looks at the answer, and raises for what GitLab did not take.
        """
        answer = self.put(path_of(place), fields, form_of(place), lambda: is_there(self.thing(place)), place.ref)
        if answer is not None:
            refuse(answer)
            self.until_seen(lambda: is_there(self.thing(place)) or None, place.ref)
        return place.ref

    def marked(self, place: ThingPlace, is_marked: Callable[[ThingAnswer], bool]) -> ThingAnswer | None:
        """Give a thing that was just made, once it can be seen with its mark: a replica that lags has it later."""
        try:
            one = self.thing(place)
        except Misused:
            return None
        return one if is_marked(one) else None

    def until(self, look: Callable[[], T | None], waits: tuple[float, ...] = UNTIL_SEEN) -> T | None:
        """Look until something is seen, with the waits between; None when it is not seen to the end."""
        for wait in (*waits, None):
            found = look()
            if found is not None or wait is None:
                return found
            self.client.rest(wait, "GitLab does not show yet what was looked for")
        return None

    def until_seen(self, look: Callable[[], T | None], where: str) -> T:
        """Look for what was written until it is seen; raises `InDoubt` when it is not."""
        found = self.until(look)
        if found is None:
            raise InDoubt("it was sent, and cannot be seen", where=where, remedy="look whether it is there")
        return found


def path_of(place: ThingPlace, *more: str | int) -> str:
    """Give the route of an issue or a merge request, or of something below it."""
    return route("projects", place.project, "issues" if place.sort == "#" else "merge_requests", place.iid, *more)


@contextmanager
def said(where: str, *, kept: FaultKind | None = None) -> Iterator[None]:
    """Say what GitLab refuses for good in the words of the port; what passes stays what it is, and so does `kept`."""
    try:
        yield
    except Failed as failed:
        fault = failed.fault
        if fault.kind is kept:
            raise
        if fault.kind is FaultKind.NOT_THERE:
            raise Misused(
                f"it does not exist, or this token may not see it ({fault.said})", where=where, remedy=failed.remedy
            ) from None
        if fault.kind in _WRONG:
            raise Refused(failed.what, where=where, remedy=failed.remedy or AGAIN) from None
        raise

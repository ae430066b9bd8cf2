"""Answers of GitLab that are nearly right: what could not be had of them is unseen, in its own place, never "no"."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from secrel.adapters.gitlab.addresses import ThingPlace, issue_place, merge_request_place
from secrel.adapters.gitlab.profile import Profile
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.asking import Questions
from secrel.adapters.gitlab.reading.instance import Instance
from secrel.adapters.gitlab.reading.listing import Making
from secrel.adapters.gitlab.reading.making import issue_of
from secrel.adapters.gitlab.reading.requesting import request_of
from secrel.words.parts import Seen, Unseen, need
from tests.adapters.gitlab.clients import Served, client_on
from tests.adapters.gitlab.clients import json as answered
from tests.adapters.gitlab.worlds import BOARD, PROJECTS, Stage, a_release, ref
from tests.gitlab_double.graphql.serving import encoded

Change = Callable[[Any], None]
SAID = "the server did not manage it in time"


class Odd(httpx2.BaseTransport):
    """Hands on what is asked, and changes what GraphQL answers."""

    def __init__(self, inner: httpx2.BaseTransport) -> None:
        self._inner = inner
        self.change: Change = lambda _told: None
        self.last: Any = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        if not request.url.path.endswith("/graphql"):
            return response
        response.read()
        told = json.loads(response.content)
        self.last = copy.deepcopy(told)
        self.change(told)
        return httpx2.Response(200, json=told)


class Look:
    """A merge request and an issue of a release, read one by one through answers that a test changes."""

    def __init__(self) -> None:
        stage = Stage()
        release = a_release(stage, fixes=1, requests=1)
        self.odd = Odd(stage.transport)
        stage.transport = self.odd
        self.room = Instance(Questions(stage.client()), Profile(("desk-bot",), projects=PROJECTS))
        self.request = merge_request_place(ref(stage, release.draft), self.room.instance)
        self.issue = issue_place(ref(stage, release.tracking), self.room.instance)

    def of(self, place: ThingPlace) -> object:
        """What is seen of one of them, as words."""
        if place.sort == "!":
            request = self.room.things.requests([place], rules=False)[place]
            if isinstance(request, Unseen) or request.value is None:
                return request
            return request_of(request.value, self.room.trust(), {}, Seen(()))
        issue = self.room.things.issues([place], texts.TRACKING)[place]
        if isinstance(issue, Unseen) or issue.value is None:
            return issue
        short = "; ".join(filter(None, (one.shortfall for one in issue.value.lists.values())))
        return Unseen(short) if short else issue_of(issue.value, self.room.trust())


@pytest.fixture(scope="session")
def look() -> Look:
    return Look()


def ways(told: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every way into an answer, to the leaves and to all that is above them."""
    for name, inner in told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ():
        yield (*way, name)
        yield from ways(inner, (*way, name))


def put(told: Any, way: tuple[str | int, ...], value: object) -> None:
    for name in way[:-1]:
        told = told[name]
    told[way[-1]] = value


@pytest.mark.parametrize("sort", ["request", "issue"])
@pytest.mark.parametrize("is_said", [True, False], ids=["said", "not said"])
def test_a_null_at_any_place_is_not_taken_for_none(look: Look, sort: str, *, is_said: bool) -> None:
    """Where the server says that it failed there; and where it says nothing, of lists and of what is in them."""
    place = getattr(look, sort)
    look.odd.change = lambda _told: None
    look.of(place)
    for way in ways(look.odd.last["data"]["p0"], ("p0",)):
        is_list = way[-1] in {"nodes", "things", "visibility"} or (isinstance(way[-1], int) and way[-2] != "widgets")
        is_beside = way[1] == "maxAccessLevel" or way[1:3] == ("things", "pageInfo")  # what is absent hangs on it
        if is_beside or not (is_said or is_list):
            continue

        def change(told: Any, way: tuple[str | int, ...] = way) -> None:
            put(told["data"], way, None)
            if is_said:
                told["errors"] = [{"message": SAID, "path": list(way)}]

        look.odd.change = change
        part = look.of(place)
        assert isinstance(part, Unseen) or _is_cut(part), f"null at {way} is taken for none: {part}"


def _is_cut(part: object) -> bool:
    value = getattr(part, "value", None)
    return (
        bool(getattr(part, "shortfall", ""))
        or (value is not None and isinstance(value.notes, Unseen))
        or (isinstance(getattr(value, "assents", None), Unseen))
    )


ODD: dict[str, tuple[tuple[str | int, ...], object]] = {
    "a time without its zone": (("createdAt",), "2026-11-20T12:00:00"),
    "a number for a text": (("title",), 7),
    "a text for a number": (("taskCompletionStatus",), {"count": "1", "completedCount": 0}),
    "a word for yes": (("draft",), "yes"),
    "a state that is not known": (("state",), "frozen"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_value_of_another_form_leaves_its_thing_unseen(look: Look, name: str) -> None:
    way, value = ODD[name]
    look.odd.change = lambda told: put(told["data"], ("p0", "things", "nodes", 0, *way), value)
    assert isinstance(look.of(look.request), Unseen)


@pytest.mark.parametrize("status", ["SOMETHING_NEW", "", None, "mergeable"])
def test_a_merge_status_that_is_not_known_says_nothing_of_conflicts(look: Look, status: str | None) -> None:
    look.odd.change = lambda told: put(told["data"], ("p0", "things", "nodes", 0, "detailedMergeStatus"), status)
    request: Any = need(look.of(look.request), "it")  # type: ignore[arg-type]  # parts of either sort
    assert isinstance(request.has_conflicts, Unseen)


PAGES: dict[str, Change] = {
    "no nodes": lambda told: told["data"]["project"]["things"].update(nodes=None),
    "a null among them": lambda told: told["data"]["project"]["things"].update(nodes=[None]),
    "a fault beside them": lambda told: told.update(errors=[{"message": SAID}]),
    "more follow, from nowhere": lambda told: told["data"]["project"]["things"].update(
        nodes=[], pageInfo={"hasNextPage": True, "endCursor": None}
    ),
    "more follow, from the same place": lambda told: told["data"]["project"]["things"].update(
        nodes=[], pageInfo={"hasNextPage": True, "endCursor": encoded(0)}
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_list_that_was_not_read_whole_has_nothing_absent(look: Look, name: str) -> None:
    look.odd.change = lambda told: PAGES[name](told) if "project" in told["data"] else None
    assert isinstance(Making(look.room).place(BOARD, "#", "2026-11/nothing"), Unseen)


HEADERS: dict[str, tuple[int, dict[str, str], bool]] = {
    "a full page, and nothing is said of more": (100, {}, False),
    "a full page that is the last": (100, {"x_next_page": ""}, True),
    "a full page that says which it is": (100, {"link": '<https://gitlab.example.com/x?page=1>; rel="first"'}, True),
    "a short page, and nothing is said of more": (3, {}, True),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_full_page_without_a_word_of_the_next_is_not_all(name: str) -> None:
    count, headers, is_whole = HEADERS[name]
    page = answered(200, list(range(count)), **headers)
    assert (client_on(Served([page])).pages("/x", int).cut == "") is is_whole

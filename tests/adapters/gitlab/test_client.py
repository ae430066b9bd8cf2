"""The one client of GitLab: what it makes of every answer, when it asks again, and that it tells once."""

from __future__ import annotations

from types import NoneType
from typing import Any

import httpx2
import msgspec
import pytest

from secrel.adapters.gitlab.client import Client, Limits, route
from secrel.adapters.gitlab.faults import Failed, FaultKind
from secrel.adapters.gitlab.tokens import Token
from secrel.words.errors import InDoubt, Misused
from tests.adapters.gitlab.clients import SECRET, START, Clock, Served, client_on, json

TOO_MANY = {"message": {"error": "This endpoint has been requested too many times. Try again later."}}


class Thing(msgspec.Struct, frozen=True):
    iid: int


def failure(client: Client, path: str = "/projects/1") -> Failed:
    with pytest.raises(Failed) as caught:
        client.get(path, Thing)
    return caught.value


def html(status: int, text: str = "<html><title>502 Bad Gateway</title></html>") -> httpx2.Response:
    return httpx2.Response(status, text=text, headers={"content-type": "text/html"})


STATUSES = [
    # (status, body, kind): gitlab-api.md section 1, and the quotes of August 2026
    (400, {"message": "Branch already exists"}, FaultKind.TAKEN),
    (400, {"message": {"name": ["has already been taken"]}}, FaultKind.TAKEN),
    (400, {"message": '400 Bad request - Note {:note=>["can\'t be blank"]}'}, FaultKind.INVALID),
    (400, {"error": "state does not have a valid value"}, FaultKind.INVALID),
    (401, {"message": "401 Unauthorized"}, FaultKind.WRONG_TOKEN),
    (401, {"error": "invalid_token", "error_description": "Token was revoked. Re-authorize."}, FaultKind.REVOKED_TOKEN),
    (401, {"error": "invalid_token", "error_description": "Token is expired."}, FaultKind.EXPIRED_TOKEN),
    (401, {"errors": [{"message": "Invalid token"}]}, FaultKind.WRONG_TOKEN),
    (403, {"message": "403 Forbidden"}, FaultKind.FORBIDDEN),
    (403, {"error": "insufficient_scope", "error_description": "The request requires more."}, FaultKind.NARROW_TOKEN),
    (403, {"error": "insufficient_granular_scope", "error_description": "more"}, FaultKind.NARROW_TOKEN),
    (404, {"message": "404 Project Not Found"}, FaultKind.NOT_THERE),
    (404, {"message": "404 Not found"}, FaultKind.NOT_THERE),
    (404, {"error": "404 Not Found"}, FaultKind.NO_ROUTE),
    (404, {"message": "404 Award Emoji Name has already been taken Not Found"}, FaultKind.TAKEN),
    (405, {"message": "405 Method Not Allowed"}, FaultKind.NOT_YET),
    (409, {"message": ["Another open merge request already exists for this source branch: !59"]}, FaultKind.TAKEN),
    (409, {"message": "409 Conflict: Resource lock"}, FaultKind.LOCKED),
    (412, {"message": "412 Precondition Failed"}, FaultKind.NOT_YET),
    (418, {"message": "I'm a teapot"}, FaultKind.INVALID),
    (422, {"message": "Branch cannot be merged"}, FaultKind.NOT_YET),
    (422, {"message": "x cannot be added: This issue would exceed the maximum number"}, FaultKind.INVALID),
    (429, TOO_MANY, FaultKind.TOO_MANY),
    (301, {"message": "This resource has been moved permanently"}, FaultKind.MOVED),
    (500, {"message": "500 Internal Server Error"}, FaultKind.GATEWAY),
    (503, {"errors": [{"message": "Request timed out. Please try a less complex query"}]}, FaultKind.TOO_COMPLEX),
]


@pytest.mark.parametrize(("status", "body", "kind"), STATUSES, ids=[f"{row[0]}-{row[2]}" for row in STATUSES])
def test_every_refusal_has_its_kind(status: int, body: object, kind: FaultKind) -> None:
    served = Served(lambda _: json(status, body))
    fault = failure(client_on(served, limits=Limits(attempts=1))).fault
    assert (fault.kind, fault.status) == (kind, status)
    assert fault.said


@pytest.mark.parametrize(
    ("status", "kind"), [(200, FaultKind.UNREADABLE), (403, FaultKind.UNREADABLE), (502, FaultKind.GATEWAY)]
)
def test_a_page_of_a_proxy_is_no_answer(status: int, kind: FaultKind) -> None:
    served = Served(lambda _: html(status))
    assert failure(client_on(served, limits=Limits(attempts=1))).fault.kind is kind


@pytest.mark.parametrize(
    "body", [b"", b"[", b'{"iid": "7"}', b"\xff", b'{"iid": ' + b"[" * 100_000, b'{"other": 1}'], ids=len
)
def test_what_has_another_form_is_no_answer(body: bytes) -> None:
    served = Served(lambda _: httpx2.Response(200, content=body, headers={"content-type": "application/json"}))
    assert failure(client_on(served)).fault.kind is FaultKind.UNREADABLE


def test_an_answer_is_read_no_further_than_its_bound() -> None:
    served = Served(lambda _: json(200, {"iid": 1, "filler": "x" * 5_000}))
    assert failure(client_on(served, limits=Limits(largest=4_000))).fault.kind is FaultKind.TOO_LARGE


WAITS: list[tuple[str, dict[str, str], list[float]]] = [
    ("nothing said", {}, [60.0]),
    ("seconds", {"retry-after": "7"}, [7.0]),
    ("a date", {"retry-after": "Fri, 20 Nov 2026 12:00:30 GMT"}, [30.0]),
    ("a date by the server's clock",
     {"retry-after": "Fri, 20 Nov 2026 13:00:30 GMT", "date": "Fri, 20 Nov 2026 13:00:00 GMT"}, [30.0]),
    ("a date that has passed", {"retry-after": "Fri, 20 Nov 2026 11:00:00 GMT"}, [0.0]),
    ("another limit", {"ratelimit-remaining": "595", "ratelimit-reset": str(int(START.timestamp()) + 9)}, [60.0]),
    ("this limit", {"ratelimit-remaining": "0", "ratelimit-reset": str(int(START.timestamp()) + 9)}, [9.0]),
    ("nonsense", {"retry-after": "soon", "ratelimit-remaining": "0", "ratelimit-reset": "x"}, [60.0]),
]  # fmt: skip


@pytest.mark.parametrize(("_said", "headers", "waits"), WAITS, ids=[row[0] for row in WAITS])
@pytest.mark.parametrize("is_json", [True, False])
def test_a_read_waits_as_a_429_says_and_asks_again(
    _said: str, headers: dict[str, str], waits: list[float], *, is_json: bool
) -> None:
    refusal = (
        httpx2.Response(429, json=TOO_MANY, headers=headers)
        if is_json
        else httpx2.Response(429, text="Retry later\n", headers=headers | {"content-type": "text/plain"})
    )
    clock = Clock()
    assert client_on(Served([refusal, json(200, {"iid": 3})]), clock).get("/x", Thing) == Thing(3)
    assert clock.waits == waits


def test_a_read_gives_up_when_it_would_have_to_wait_too_long() -> None:
    clock = Clock()
    served = Served(lambda _: json(429, TOO_MANY, retry_after="600"))
    assert failure(client_on(served, clock)).fault.wait == 600
    assert (len(served.requests), clock.waits) == (1, [])


@pytest.mark.parametrize(
    "step",
    [
        httpx2.ConnectError("no"),
        httpx2.ReadTimeout("no"),
        httpx2.RemoteProtocolError("no"),
        httpx2.ReadError("no"),
        json(502, {"message": "502"}),
    ],
    ids=repr,
)
def test_a_read_is_tried_again_with_growing_pauses_and_then_given_up(step: httpx2.Response | Exception) -> None:
    clock, served = Clock(), Served(lambda _: step)
    assert failure(client_on(served, clock)).fault.passes
    assert len(served.requests) == 5
    assert clock.waits == [1, 2, 4, 8]


def test_whoever_waits_for_a_read_hears_why_and_not_at_every_attempt() -> None:
    clock = Clock()
    client = client_on(Served(lambda _: json(502, {"message": "502"})), clock)
    failure(client)
    assert clock.said == ["GitLab: server or gateway failed (502): 502; asked again in 2 seconds"]
    failure(client)
    assert len(clock.said) == 2, "fifteen seconds later it is said again"
    quiet = Clock()
    failure(client_on(Served([json(502, {"message": "502"}), json(404, {"message": "404 Not found"})]), quiet))
    assert quiet.said == [], "a moment is not worth a word"


CERTAIN = [
    httpx2.ConnectError(SECRET),
    httpx2.ConnectTimeout(SECRET),
    httpx2.PoolTimeout(SECRET),
    httpx2.LocalProtocolError(SECRET),
    json(429, TOO_MANY),
    httpx2.Response(429, text="Retry later", headers={"content-type": "text/plain"}),
    json(409, {"message": "409 Conflict: Resource lock"}),
    json(403, {"message": "403 Forbidden"}),
    json(301, {"message": "moved"}, location="https://elsewhere.example/"),
    html(403),
]
DOUBTFUL = [
    httpx2.ReadTimeout(SECRET),
    httpx2.WriteTimeout(SECRET),
    httpx2.WriteError(SECRET),
    httpx2.ReadError(SECRET),
    httpx2.RemoteProtocolError(SECRET),
    httpx2.DecodingError(SECRET),
    json(500, {"message": "500 Internal Server Error"}),
    html(502),
    html(200),
    json(201, {"iid": "x"}),
    httpx2.Response(201, content=b'{"iid": 1', headers={"content-type": "application/json"}),
]


@pytest.mark.parametrize("step", CERTAIN, ids=repr)
def test_of_a_write_that_was_refused_it_is_certain_that_nothing_happened(step: httpx2.Response | Exception) -> None:
    served, clock = Served(lambda _: step), Clock()
    with pytest.raises(Failed) as caught:
        client_on(served, clock).send("POST", "/projects/1/issues", {"title": "x"}, Thing)
    assert (len(served.requests), clock.waits) == (1, [])
    assert not caught.value.fault.may_have_happened
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("step", DOUBTFUL, ids=repr)
def test_a_write_without_an_answer_is_in_doubt_and_not_sent_again(step: httpx2.Response | Exception) -> None:
    served, clock = Served(lambda _: step), Clock()
    with pytest.raises(InDoubt) as caught:
        client_on(served, clock).send("POST", "/projects/1/issues", {"title": "x"}, Thing)
    assert (len(served.requests), clock.waits) == (1, [])
    assert SECRET not in str(caught.value)


def test_a_write_gives_its_status_and_what_it_was_answered() -> None:
    served = Served([json(201, {"iid": 9}), httpx2.Response(204), json(202, {"commands_changes": {}})])
    client = client_on(served)
    assert (made := client.send("POST", "/x", {"a": 1}, Thing)).value == Thing(9)
    assert made.status == 201
    assert client.send("DELETE", "/x/9", None, NoneType).value is None
    assert client.send("POST", "/x/notes", {"body": "/close"}, dict[str, Any]).status == 202


def test_sixty_notes_go_in_a_minute_and_the_next_waits() -> None:
    clock = Clock()
    client = client_on(Served(lambda _: json(201, {"iid": 1})), clock)
    for _ in range(60):
        client.send("POST", "/projects/1/issues/2/notes", {"body": "x"}, Thing)
    client.send("POST", "/projects/1/issues", {"title": "x"}, Thing)
    client.send("PUT", "/projects/1/issues/2/notes/3", {"body": "x"}, Thing)
    assert clock.waits == []
    client.send("POST", "/projects/1/merge_requests/2/discussions", {"body": "x"}, Thing)
    assert clock.waits == [60]
    assert clock.said == ["GitLab takes 60 notes in a minute, and that many were made; asked again in 60 seconds"]


def test_every_page_is_followed_however_short() -> None:
    served = Served(
        [
            json(200, [{"iid": 1}], x_next_page="2"),
            json(200, [], x_next_page="3"),
            json(200, [{"iid": 3}], x_next_page="", link='<https://gitlab.example.com/x?page=1>; rel="first"'),
        ]
    )
    assert client_on(served).pages("/issues", Thing, [("state", "all")]).items == (Thing(1), Thing(3))
    assert [dict(request.url.params)["per_page"] for request in served.requests] == ["100"] * 3
    assert [dict(request.url.params).get("page") for request in served.requests] == [None, "2", "3"]


def test_a_cursor_is_followed_and_the_token_goes_nowhere_else() -> None:
    link = '<https://evil.example/api/v4/other?cursor=abc&per_page=1>; rel="next"'
    served = Served([json(200, [{"iid": 1}], link=link), json(200, [{"iid": 2}])])
    assert client_on(served).pages("/issues", Thing).items == (Thing(1), Thing(2))
    assert str(served.requests[1].url) == "https://gitlab.example.com/api/v4/issues?per_page=100&cursor=abc"


@pytest.mark.parametrize("headers", [{"x_next_page": "2"}, {"link": '<https://x/?cursor=a>; rel="next"'}])
def test_a_list_that_never_ends_is_cut_and_said_to_be(headers: dict[str, str]) -> None:
    served = Served(lambda _: json(200, [{"iid": 1}], **headers))
    assert "more follow" in client_on(served).pages("/issues", Thing).cut
    assert len(served.requests) == 2


def test_a_query_gives_its_data_and_what_could_not_be_had() -> None:
    body = {"data": {"iid": 4}, "errors": [{"message": "not yours", "path": ["a", 0]}], "correlationId": "01J"}
    told = client_on(Served([json(200, body)])).ask("query { iid }", {}, Thing)
    assert told.data == Thing(4)
    assert [(fault.message, fault.path) for fault in told.faults] == [("not yours", ["a", 0])]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Query has complexity of 201, which exceeds max complexity of 200", FaultKind.TOO_COMPLEX),
        ("Query too large", FaultKind.TOO_COMPLEX),
        ("Field 'x' doesn't exist on type 'Project'", FaultKind.INVALID),
    ],
)
def test_a_query_that_is_refused_says_why(said: str, kind: FaultKind) -> None:
    with pytest.raises(Failed) as caught:
        client_on(Served([json(200, {"errors": [{"message": said}]})])).ask("query { iid }", {}, Thing)
    assert caught.value.fault.kind is kind


def test_a_query_that_is_too_long_is_not_sent() -> None:
    served = Served([])
    with pytest.raises(Failed) as caught:
        client_on(served).ask("x" * 10_001, {}, Thing)
    assert caught.value.fault.kind is FaultKind.TOO_COMPLEX
    assert served.requests == []


def test_a_path_is_encoded_exactly_once() -> None:
    served = Served([json(200, {"iid": 1})])
    client_on(served).get(route("projects", "gitlab-org/gitlab", "repository/files", "a b/ç.md"), Thing)
    wanted = b"/api/v4/projects/gitlab-org%2Fgitlab/repository%2Ffiles/a%20b%2F%C3%A7.md"
    assert served.requests[0].url.raw_path == wanted


def test_no_cookie_is_kept() -> None:
    served = Served([json(200, {"iid": 1}, set_cookie="_gitlab_session=1; path=/"), json(200, {"iid": 1})])
    client = client_on(served)
    client.get("/x", Thing)
    client.get("/x", Thing)
    assert "cookie" not in served.requests[1].headers


def test_a_server_that_repeats_the_token_does_not_show_it() -> None:
    fault = failure(client_on(Served([json(403, {"message": f"no: {SECRET}\x1b[31m"})])))
    assert SECRET not in str(fault)
    assert "\x1b" not in str(fault)


@pytest.mark.parametrize("url", ["gitlab.com", "https://u:p@gitlab.com", "https://gitlab.com/?a=1", "ftp://x", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Misused):
        Client(url, Token(SECRET), Clock().timing)


@pytest.mark.parametrize(("is_job", "name"), [(True, "job-token"), (False, "authorization")])
def test_the_token_goes_into_its_header(*, is_job: bool, name: str) -> None:
    served = Served([json(200, {"iid": 1})])
    transport = httpx2.MockTransport(served)
    client = Client("https://x.example", Token(SECRET, is_job=is_job), Clock().timing, transport=transport)
    client.get("/x", Thing)
    assert SECRET in served.requests[0].headers[name]
    assert SECRET not in str(served.requests[0].url)
    client.close()

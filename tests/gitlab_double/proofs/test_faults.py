"""Each fault that a test can plan, as httpx2 sees it in process and over a socket."""

from __future__ import annotations

import httpx2
import pytest

from tests.gitlab_double import faults
from tests.gitlab_double.faults import Fault
from tests.gitlab_double.proofs.desks import Desk, desk


def said(one: Desk) -> int:
    return sum(not note.system for note in one.fix.notes)


@pytest.mark.parametrize(
    ("fault", "status", "kind", "done"),
    [
        (faults.throttled(), 429, "text/plain", False),
        (faults.too_many(), 429, "application/json", False),
        (faults.too_many(None), 429, "application/json", False),
        (faults.too_many("date"), 429, "application/json", False),
        (faults.too_many(string=True), 429, "application/json", False),
        (faults.throttled_page(), 429, "text/html", False),
        (faults.bad_gateway(), 502, "text/html", False),
        (faults.bad_gateway(504, done=True), 504, "text/html", True),
        (faults.proxy_page(), 200, "text/html; charset=utf-8", False),
        (faults.resource_lock(), 409, "application/json", False),
        (faults.answering(403, {"message": "no"}), 403, "application/json", False),
    ],
)
def test_an_answer_in_place_of_the_answer(fault: Fault, status: int, kind: str, *, done: bool) -> None:
    one = desk()
    one.double.fail("POST", "/notes$", fault)
    answer = one.post(one.notes, body="x")
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    assert said(one) == done
    assert one.post(one.notes, body="x").status_code == 201, "once"


def test_what_the_two_429_say_of_waiting() -> None:
    one = desk()
    for fault in (faults.throttled(7), faults.too_many(9), faults.too_many("date"), faults.too_many(None)):
        one.double.fail("GET", "/user", fault)
    told = [one.get("/user").headers.get("retry-after") for _ in range(4)]
    assert told == ["7", "9", "Wed, 02 Sep 2026 09:00:00 +0000", None]


@pytest.mark.parametrize(
    ("fault", "error", "done"),
    [
        (faults.refused_connection(), httpx2.ConnectError, False),
        (faults.reset(), httpx2.ReadError, False),
        (faults.reset(done=True), httpx2.ReadError, True),
        (faults.cut(), httpx2.RemoteProtocolError, True),
        (faults.timeout(), httpx2.ReadTimeout, True),
        (faults.timeout(done=False), httpx2.ReadTimeout, False),
        (faults.killed(done=False), KeyboardInterrupt, False),
        (faults.killed(done=True), KeyboardInterrupt, True),
    ],
)
def test_a_connection_that_breaks(fault: Fault, error: type[BaseException], *, done: bool) -> None:
    one = desk()
    plan = one.double.fail("POST", "/notes$", fault)
    with pytest.raises(error):
        one.post(one.notes, body="x")
    assert (said(one), plan.met) == (done, 1)
    assert [each.status for each in one.double.log] == [None]


@pytest.mark.parametrize(
    ("fault", "done"), [(faults.reset(done=True), True), (faults.cut(), True), (faults.refused_connection(), False)]
)
def test_a_connection_that_breaks_over_a_socket(fault: Fault, *, done: bool) -> None:
    one = desk()
    one.double.fail("POST", "/notes$", fault)
    with one.double.served() as url, pytest.raises(httpx2.TransportError):
        httpx2.post(f"{url}/api/v4{one.notes}", json={"body": "x"}, headers={"PRIVATE-TOKEN": one.token})
    assert said(one) == done


def test_a_fault_is_planned_by_method_path_text_and_turn() -> None:
    one = desk()
    one.double.fail("*", "/issues/1$", faults.bad_gateway(), times=2, after=1)
    one.double.fail("POST", "/notes$", faults.resource_lock(), text="second")
    statuses = [one.get(f"{one.here}/issues/1").status_code for _ in range(4)]
    assert statuses == [200, 502, 502, 200]
    assert [one.post(one.notes, body=body).status_code for body in ("first", "second", "second")] == [201, 409, 201]


def test_the_log_has_no_token() -> None:
    one = desk()
    one.client("").get("/user", params={"private_token": one.token})
    one.get("/user")
    assert one.token not in repr(one.double.log)


# replicas


def test_a_replica_shows_another_token_the_state_of_before_for_two_reads() -> None:
    one = desk()
    one.double.lag(2)
    path = f"{one.here}/issues"
    made = one.post(path, title="New").json()["iid"]
    assert one.get(f"{path}/{made}").status_code == 200, "the writer is kept on the primary"
    other = one.client(one.world.token(one.anna))
    assert [other.get(f"{path}/{made}").status_code for _ in range(3)] == [404, 404, 200]


def test_a_replica_may_lag_for_the_writer_too() -> None:
    one = desk()
    one.double.lag(2, own=True)
    path = f"{one.here}/issues"
    made = one.post(path, title="New").json()["iid"]
    assert [one.get(f"{path}/{made}").status_code for _ in range(3)] == [404, 404, 200]


def test_a_write_on_a_stale_read_meets_the_primary() -> None:
    one = desk()
    one.double.lag(50)
    other = one.client(one.world.token(one.anna))
    one.post(f"{one.here}/issues/1/notes", body="first")
    assert [note for note in other.get(one.notes).json() if not note["system"]] == []
    other.post(one.notes, json={"body": "second"})
    assert said(one) == 2

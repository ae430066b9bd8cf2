"""What goes wrong between a client and GitLab, planned by request (s1, s3, s7).

A fault either stands in place of an answer (nothing was done), or comes after GitLab did what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any, Literal

from tests.gitlab_double.rest.asking import Answer
from tests.gitlab_double.world.world import World

Break = Literal["refused", "reset", "cut", "timeout"]
"""How a connection ends: refused before anything is sent; reset without an answer; reset half-way through the answer;
no answer in time."""


@dataclass(frozen=True)
class Fault:
    """One way to fail: with an answer, a broken connection or an error of the test's own."""

    answer: Callable[[World], Answer] | None = None
    breaks: Break | None = None
    raises: BaseException | type[BaseException] | None = None
    """In process only: what a killed program looks like from inside."""
    done: bool = False
    """Whether GitLab did it all the same."""


@dataclass
class Planned:
    """A fault for the next requests that match."""

    method: str
    path: re.Pattern[str]
    fault: Fault
    left: int
    skip: int = 0
    text: str = ""
    met: int = field(default=0)

    def takes(self, method: str, path: str, content: bytes) -> bool:
        """Whether a request is met by it; counts down."""
        fits = self.method in ("*", method) and self.path.search(path) and self.text.encode() in content
        if not fits or self.left <= 0:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.left -= 1
        self.met += 1
        return True


_TOO_MANY = "This endpoint has been requested too many times. Try again later."


def throttled(seconds: int = 30, text: str = "Retry later\n") -> Fault:
    """The general throttle's 429: text, with Retry-After and all RateLimit-* (s3: rack_attack.rb)."""

    def answer(world: World) -> Answer:
        at = int(world.clock.now.timestamp()) + seconds
        limit = world.site.requests_per_minute or 2000
        headers = {
            "retry-after": str(seconds),
            "ratelimit-limit": str(limit),
            "ratelimit-name": "throttle_authenticated_api",
            "ratelimit-observed": str(limit + 1),
            "ratelimit-remaining": "0",
            "ratelimit-reset": str(at),
        }
        return Answer(429, text, headers, "text/plain")

    return Fault(answer)


def too_many(
    retry_after: int | Literal["date", "as the version"] | None = "as the version",
    *,
    seconds: int = 60,
    string: bool = False,
) -> Fault:
    """The application's 429 as JSON: before 18.5 without Retry-After, and with RateLimit-* of another limit (s3)."""
    return Fault(lambda world: limited(world, seconds=seconds, retry_after=retry_after, string=string))


def limited(
    world: World,
    *,
    seconds: int,
    retry_after: int | Literal["date", "as the version"] | None = "as the version",
    string: bool = False,
) -> Answer:
    """Give the application's 429 (other-quotes/429-full, /429-notes, /429-since-18.5)."""
    told: str | None = None
    if retry_after == "date":
        told = format_datetime(world.clock.now.replace(microsecond=0), usegmt=False)
    elif retry_after == "as the version":
        told = str(seconds) if world.site.retry_after else None
    elif retry_after is not None:
        told = str(retry_after)
    headers = {"cache-control": "no-cache"}
    if told is not None:
        headers["retry-after"] = told
    elif world.site.requests_per_minute is not None:  # those of the general throttle: 429-full
        left = world.site.requests_per_minute - 5
        headers |= {"ratelimit-observed": "5", "ratelimit-remaining": str(left)}
        headers["ratelimit-reset"] = str(int(world.clock.now.timestamp()) + 60)
    message: Any = _TOO_MANY if string else {"error": _TOO_MANY}
    return Answer(429, {"message": message}, headers)


def throttled_page() -> Fault:
    """A 429 of a web server in front: HTML (other-quotes/429-html)."""
    page = "<!DOCTYPE html>\n<html>\n<head>\n  <title>429 Too Many Requests</title>\n</head>\n</html>\n"
    return Fault(lambda _: Answer(429, page, {}, "text/html"))


def bad_gateway(status: int = 502, *, done: bool = False) -> Fault:
    """A page of the web server in front (s1: gateway errors may be HTML; s10: the body is recorded nowhere)."""
    words = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Time-out"}
    title = f"{status} {words.get(status, 'Error')}"
    head = f"<head><title>{title}</title></head>"
    page = f"<html>\r\n{head}\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    return Fault(lambda _: Answer(status, page, {}, "text/html"), done=done)


def proxy_page(status: int = 200) -> Fault:
    """A page of a proxy in place of JSON: a sign-in, a block page."""
    page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form></form></body></html>\n"
    return Fault(lambda _: Answer(status, page, {}, "text/html; charset=utf-8"))


def resource_lock() -> Fault:
    """A stale row or a lost lease: nothing was written (s1)."""
    return Fault(lambda _: Answer(409, {"message": "409 Conflict: Resource lock"}))


def graphql_error(status: int, message: str) -> Fault:
    """A refusal of the GraphQL controller: 403, 500, 503 (s9)."""
    return Fault(lambda _: Answer(status, {"errors": [{"message": message}]}))


def answering(status: int, body: Any, headers: dict[str, str] | None = None, kind: str = "application/json") -> Fault:
    """Any other answer."""
    return Fault(lambda _: Answer(status, body, dict(headers or {}), kind))


def refused_connection() -> Fault:
    """Nobody listens: nothing was sent."""
    return Fault(breaks="refused")


def reset(*, done: bool = False) -> Fault:
    """The connection is reset before the answer."""
    return Fault(breaks="reset", done=done)


def cut() -> Fault:
    """The connection is reset half-way through the answer; what was asked is done."""
    return Fault(breaks="cut", done=True)


def timeout(*, done: bool = True) -> Fault:
    """No answer in time; GitLab did it all the same, unless said otherwise."""
    return Fault(breaks="timeout", done=done)


def killed(error: BaseException | type[BaseException] = KeyboardInterrupt, *, done: bool) -> Fault:
    """The program dies: before it sent anything, or after GitLab did it. In process only."""
    return Fault(raises=error, done=done)

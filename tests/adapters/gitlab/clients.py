"""A client of GitLab on answers that a test gives, with a clock that goes on when somebody waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import httpx2

from secrel.adapters.gitlab.client import Client, Limits
from secrel.adapters.gitlab.tokens import Token
from secrel.adapters.gitlab.waiting import Timing

SECRET = "glpat-0123456789abcdefghij"
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
Step = httpx2.Response | Exception


class Clock:
    """Time as a test wants it: it passes when somebody waits."""

    def __init__(self) -> None:
        self.now = START
        self.waits: list[float] = []
        self.said: list[str] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.now, self.wait, self.said.append)


class Served:
    """Answers one request after the other with what it was given, and remembers what was asked."""

    def __init__(self, steps: Iterable[Step] | Callable[[httpx2.Request], Step]) -> None:
        self._next = steps if callable(steps) else self._in_order(list(steps))
        self.requests: list[httpx2.Request] = []

    @staticmethod
    def _in_order(steps: list[Step]) -> Callable[[httpx2.Request], Step]:
        return lambda _request: steps.pop(0)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        step = self._next(request)
        if isinstance(step, Exception):
            raise step
        return step


def json(status: int, body: object, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json=body, headers={name.replace("_", "-"): told for name, told in headers.items()})


def client_on(served: Served, clock: Clock | None = None, limits: Limits | None = None) -> Client:
    timing = (clock or Clock()).timing
    transport = httpx2.MockTransport(served)
    return Client("https://gitlab.example.com", Token(SECRET), timing, transport=transport, limits=limits)

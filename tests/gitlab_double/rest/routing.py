"""Which route a path is, and what each is known from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tests.gitlab_double.rest.asking import Answer, Ask

Handler = Callable[[Ask], Answer]


@dataclass(frozen=True)
class Route:
    """A route: `:name` in its pattern is one segment, which holds no slash unless it is encoded (s2)."""

    method: str
    pattern: str
    cites: str
    """The section, recording or quote that its answers are from."""
    handler: Handler
    paid: bool = False
    """Whether there is no such route on an instance that is not enterprise (s1: 404, key `error`)."""

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The pattern as a regular expression."""
        return re.compile(re.sub(r":(\w+)", r"(?P<\1>[^/]+)", self.pattern) + "/?")


ROUTES: list[Route] = []


def route(method: str, pattern: str, cites: str, *, paid: bool = False) -> Callable[[Handler], Handler]:
    """Register a route."""

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(method, pattern, cites, handler, paid))
        return handler

    return register


def candidates(method: str, path: str, *, enterprise: bool) -> Iterator[tuple[Route, Mapping[str, str]]]:
    """Every route that a path is; HEAD is answered as GET."""
    wanted = "GET" if method == "HEAD" else method
    for one in ROUTES:
        if one.method == wanted and (enterprise or not one.paid) and (found := one.expression.fullmatch(path)):
            yield one, found.groupdict()


def allowed(path: str, *, enterprise: bool) -> list[str]:
    """Give the methods that a path takes; none where there is no such route."""
    known = {one.method for one in ROUTES if (enterprise or not one.paid) and one.expression.fullmatch(path)}
    return sorted(known | ({"HEAD"} if "GET" in known else set()))


def find(method: str, path: str, *, enterprise: bool) -> tuple[Route, Mapping[str, str]] | None:
    """Give the route of a path, the one with the fewest names in it first."""
    found = candidates(method, path, enterprise=enterprise)
    return min(found, key=lambda one: len(one[1]), default=None)

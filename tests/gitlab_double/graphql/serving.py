"""Which field of which type is served from what, and the pages of connections (s9)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.gitlab_double.world.things import User
from tests.gitlab_double.world.world import World


class NotServed(AssertionError):
    """The double has nothing for a field of the schema: a fault of the test or of the double, never a null."""


@dataclass
class Context:
    """What resolvers need to know."""

    world: World
    viewer: User | None
    score: int
    limit: int
    looked_at: list[Any] = field(default_factory=list)
    """Merge requests whose status was asked for: GitLab thinks about them afterwards (s8)."""


Resolver = Callable[[Any, Context, dict[str, Any]], Any]
FIELDS: dict[tuple[str, str], Resolver] = {}
NAMES: dict[type, str] = {}


def serves(type_: str, *names: str) -> Callable[[Resolver], Resolver]:
    """Register a resolver for fields of a type."""

    def register(resolver: Resolver) -> Resolver:
        FIELDS.update({(type_, name): resolver for name in names})
        return resolver

    return register


def attributes(type_: str, **fields: str) -> None:
    """Serve fields from attributes of the thing behind them."""
    for name, attribute in fields.items():
        FIELDS[type_, name] = _attribute(attribute)


def _attribute(name: str) -> Resolver:
    return lambda source, _context, _args: getattr(source, name)


def constant(type_: str, **fields: Any) -> None:
    """Serve fields that are the same for every thing."""
    for name, value in fields.items():
        FIELDS[type_, name] = _constant(value)


def _constant(value: Any) -> Resolver:
    return lambda _source, _context, _args: value


@dataclass(frozen=True)
class Node:
    """Something under the name of a type of the schema, where the thing alone does not say which."""

    type: str
    value: Any
    more: Any = None


@dataclass(frozen=True)
class Connection:
    """A list that is given in pages, 100 at most (s9)."""

    items: Sequence[Any]
    args: dict[str, Any]

    @property
    def page(self) -> tuple[int, int]:
        """Give where the page begins and ends."""
        first, last = self.args.get("first"), self.args.get("last")
        begin = decoded(self.args.get("after")) + 1 if self.args.get("after") else 0
        end = decoded(self.args.get("before")) if self.args.get("before") else len(self.items)
        end = min(end, len(self.items))
        if last is not None:
            begin = max(begin, end - min(last, 100))
        size = 100 if first is None else min(max(first, 0), 100)
        return begin, min(begin + size, end)

    @property
    def shown(self) -> Sequence[Any]:
        """Give the things of the page."""
        begin, end = self.page
        return self.items[begin:end]

    @property
    def info(self) -> dict[str, Any]:
        """Give `pageInfo`."""
        begin, end = self.page
        some = end > begin
        return {
            "hasNextPage": end < len(self.items),
            "hasPreviousPage": begin > 0,
            "startCursor": encoded(begin) if some else None,
            "endCursor": encoded(end - 1) if some else None,
        }


def encoded(place: int) -> str:
    """Write a cursor."""
    return base64.urlsafe_b64encode(json.dumps({"place": str(place)}).encode()).decode().rstrip("=")


def decoded(cursor: Any) -> int:
    """Read a cursor."""
    text = str(cursor)
    return int(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))["place"])


def gid(kind: str, number: object) -> str:
    """Write a global id (s9)."""
    return f"gid://gitlab/{kind}/{number}"


def number_of(told: Any) -> int:
    """Read the number of a global id, or of a bare one."""
    tail = str(told).rpartition("/")[2]
    return int(tail) if tail.isdecimal() else -1

"""A request as it came in: its path still encoded, its parameters read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from tests.gitlab_double.rest.asking import Answer, Refused


@dataclass(frozen=True)
class Incoming:
    """A request; header names are in lower case."""

    method: str
    target: str
    """Path and query as sent: a slash in a project's path is `%2F` here (s2)."""
    headers: dict[str, str]
    content: bytes

    @property
    def path(self) -> str:
        """The path, encoded as it was sent."""
        return self.target.partition("?")[0]

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """The query, decoded."""
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def writes(self) -> bool:
        """Whether it is meant to change something; a GraphQL query is not."""
        if self.path.rstrip("/") == "/api/graphql":
            return b"mutation" in self.content
        return self.method not in ("GET", "HEAD")

    @cached_property
    def body(self) -> Any:
        """The body, read as JSON or as a form; None where there is none."""
        if not self.content:
            return None
        kind = self.headers.get("content-type", "")
        if kind.startswith("application/x-www-form-urlencoded"):
            return nested(parse_qsl(self.content.decode(), keep_blank_values=True))
        if not kind.startswith("application/json"):
            return None
        try:
            return json.loads(self.content)
        except ValueError:
            raise Refused(Answer(400, {"error": "Problems parsing JSON"})) from None

    def params(self) -> dict[str, Any]:
        """Query and body together."""
        body = self.body if isinstance(self.body, dict) else {}
        return {**nested(self.query), **body}


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Read names with brackets as Rails does: `labels[]=a`, `actions[][action]=create`, `not[labels]=b`."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        first, *rest = re.split(r"\[|\]\[|\]", name)
        keys = rest[:-1] if name.endswith("]") else rest
        if not keys:
            found[first] = value
        elif keys == [""]:
            kept = found.get(first)
            found[first] = [*kept, value] if isinstance(kept, list) else [value]
        elif keys[0] == "" and len(keys) == 2:
            items = found.setdefault(first, [])
            if not items or keys[1] in items[-1]:
                items.append({})
            items[-1][keys[1]] = value
        else:
            found.setdefault(first, {})[keys[0]] = value
    return found

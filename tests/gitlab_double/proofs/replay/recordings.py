"""The recordings, read from the data beside the repository."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "data" / "gitlab-recordings"


@dataclass(frozen=True)
class Recording:
    """A recorded exchange, or what of it the repository kept."""

    id: str
    kind: str
    endpoint: str
    day: str | None
    method: str
    path: str
    query: Mapping[str, Any]
    sent: Any
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def whole(self) -> bool:
        """Whether headers and envelope were kept."""
        return self.kind == "recording"

    @property
    def target(self) -> str:
        """Path and query, as they are sent."""
        pairs = [
            (name, one) for name, told in self.query.items() for one in (told if isinstance(told, list) else [told])
        ]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    @property
    def content(self) -> tuple[str, bytes]:
        """The body to send, with its kind: forms as forms, anything else as JSON."""
        if isinstance(self.sent, dict) and "__form__" in self.sent:
            return "application/x-www-form-urlencoded", urlencode(
                [tuple(pair) for pair in self.sent["__form__"]]
            ).encode()
        return "application/json", b"" if self.sent is None else json.dumps(self.sent).encode()


def read(line: str) -> Recording:
    """Read a line of a file of recordings."""
    row = json.loads(line)
    asked, answered = row["request"], row["response"]
    return Recording(
        row["id"],
        row["kind"],
        row["endpoint"],
        row.get("recorded"),
        asked["method"],
        asked["path"],
        asked["query"] or {},
        asked["body"],
        answered["status"],
        answered["headers"] or {},
        answered["body"],
    )


def recordings() -> Iterator[Recording]:
    """Every recording; skipped aloud where the data is not there."""
    if not FOLDER.exists():
        pytest.skip("shared data absent: gitlab-recordings, no recording is replayed")
    for path in sorted((FOLDER / "recordings").glob("*.jsonl")):
        yield from (read(line) for line in path.read_text("utf-8").splitlines() if line.strip())


def quotes(name: str) -> Iterator[dict[str, Any]]:
    """Every quoted exchange, or every example of the documentation."""
    if not FOLDER.exists():
        pytest.skip(f"shared data absent: gitlab-recordings/{name}")
    yield from (json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines())

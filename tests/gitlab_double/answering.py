"""From an answer to bytes: headers as the recordings have them (s2, s3)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from email.utils import format_datetime

from tests.gitlab_double import tokens
from tests.gitlab_double.faults import Break
from tests.gitlab_double.limits import Limits
from tests.gitlab_double.rest.asking import Answer, Refused
from tests.gitlab_double.sending import Incoming
from tests.gitlab_double.world.world import World


@dataclass
class Reply:
    """What goes over the wire."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes
    breaks: Break | None = None

    def header(self, name: str) -> str | None:
        """Give a header by its name in lower case."""
        return dict(self.headers).get(name)


_CONDITIONAL = ("/issues", "/notes", "/merge_requests")


def finished(world: World, incoming: Incoming, answer: Answer, limits: Limits) -> Reply:
    """Give an answer its headers and bytes; HEAD gets no bytes, and a known ETag gets 304 (s2)."""
    content = _content(answer)
    success = answer.status in (200, 201)
    headers = {
        "server": "cloudflare" if world.site.requests_per_minute else "nginx",
        "date": format_datetime(world.clock.now.replace(microsecond=0)).replace("+0000", "GMT"),
        "cache-control": "max-age=0, private, must-revalidate" if success and content else "no-cache",
        "vary": "Origin, Accept-Encoding",
        "x-request-id": hashlib.sha256(f"{incoming.target}{world.clock.now}".encode()).hexdigest()[:26].upper(),
        "x-runtime": "0.048500",
        "x-gitlab-meta": '{"correlation_id":"DOUBLE","version":"1"}',
    }
    if answer.body is not None:
        headers["content-type"] = answer.kind
        headers["content-length"] = str(len(content))
    if success and content and answer.kind == "application/json":
        headers["etag"] = f'W/"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
    headers |= limits.headers(world, _who(world, incoming)) | answer.headers
    known = incoming.headers.get("if-none-match")
    if known and known == headers.get("etag") and _may_be_known(incoming):
        return Reply(304, [pair for pair in headers.items() if not pair[0].startswith("content-")], b"")
    return Reply(answer.status, list(headers.items()), b"" if incoming.method == "HEAD" else content)


def _may_be_known(incoming: Incoming) -> bool:
    path = incoming.path.rstrip("/")
    return incoming.method == "GET" and (path.endswith(_CONDITIONAL) or "/merge_requests/" in path)


def _who(world: World, incoming: Incoming) -> int:
    try:
        held = tokens.presented(world, incoming)
    except Refused:
        return 0
    return held.user.id if held.user else 0


def _content(answer: Answer) -> bytes:
    if answer.body is None:
        return b""
    if isinstance(answer.body, str) and not answer.kind.startswith("application/json"):
        return answer.body.encode()
    return json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode()

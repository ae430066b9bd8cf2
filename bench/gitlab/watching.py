"""What a server of the double saw of a client: every request with its times, what it asked, and what came of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.adapters.gitlab.worlds import BOARD, CANONICAL, CVES, SECURITY
from tests.gitlab_double.answering import Reply
from tests.gitlab_double.sending import Incoming

_CVES, _BOARD, _CANONICAL = (f'"p0?":"{name}"' for name in (CVES, BOARD, CANONICAL))
KINDS = (
    ("further page", r'iids: \[\$i\]|"after":"|[?&]page=(?!1(?!\d))'),
    ("list of the CVE requests", f"authorUsername.*{_CVES}"),
    ("list of what the desk made", r"authorUsername"),
    ("tracking issue", f"linkedItems.*{_CANONICAL}"),
    ("files of documents", r"blobs\("),
    ("documents that are merge requests", r"mergeRequests\(iids.*diffStats"),
    ("merge requests of fixes", r"mergeRequests\(iids"),
    ("CVE requests", rf"workItems\(iids.*{_CVES}"),
    ("documents that are issues", rf"workItems\(iids.*{_BOARD}"),
    ("issues of fixes", r"workItems\(iids"),
    ("merge requests of an issue", r"/related_merge_requests"),
    ("tags of the release", f"/{quote(SECURITY, safe='')}/repository/tags/"),
    ("tags", r"/repository/tags/"),
    (
        "projects of products",
        r"p0: project\(fullPath: \$p0\) \{ fullPath visibility maxAccessLevel \{ integerValue \} \}",
    ),
    ("tags that hold a commit", r"/refs"),
)
AFTER = {
    "issues of fixes": "tracking issue",
    "merge requests of an issue": "tracking issue",
    "list of the CVE requests": "tracking issue",
    "projects of products": "tracking issue",
    "tags of the release": "tracking issue",
    "CVE requests": "list of the CVE requests",
    "documents that are issues": "list of what the desk made",
    "documents that are merge requests": "list of what the desk made",
    "merge requests of fixes": "merge requests of an issue",
    "files of documents": "documents that are merge requests",
    "tags that hold a commit": "merge requests of fixes",
}
"""What has to be answered, one request of it at least, before this can be asked: how `Look` is built.

A test holds back every answer that is not in the longest of these rows, and the row goes on without them.
"""


@dataclass(frozen=True)
class Request:
    """A request as the server met it; times are seconds of one clock, `work` those of the processor in the double."""

    began: float
    ended: float
    work: float
    method: str
    target: str
    """The path with its query, as sent."""
    asked: str
    is_refused: bool

    @property
    def kind(self) -> str:
        """What it asks, of a look; empty for none of that."""
        text = self.asked or self.target
        return next((name for name, pattern in KINDS if re.search(pattern, text, re.DOTALL)), "")

    @property
    def call(self) -> str:
        """What it asks of the REST API: its path with projects, numbers and names left out."""
        path = self.target.partition("?")[0].removeprefix("/api/v4")
        path = re.sub(r"(?<=/tags/).+|(?<=/files/).+|(?<=/commits/)[0-9a-f]{40}|(?<=/projects/)[^/]+", "…", path)
        return re.sub(r"(?<=/)\d+", "…", path)


@dataclass
class Watched:
    """Answers after a delay that every request has, and remembers all of them; what waits does not wait in turn."""

    reply: Callable[[Incoming], Reply]
    delay: float
    requests: list[Request] = field(default_factory=list)

    def __call__(self, incoming: Incoming) -> Reply:
        """Answer one request."""
        began = time.perf_counter()
        time.sleep(self.delay)
        busy = time.thread_time()
        reply = self.reply(incoming)
        work = time.thread_time() - busy
        asked = incoming.content.decode()
        refused = b"exceeds max complexity" in reply.content[:1000]
        ended = time.perf_counter()
        self.requests.append(Request(began, ended, work, incoming.method, incoming.target, asked, refused))
        return reply


def waves(requests: list[Request]) -> dict[str, int]:
    """Give the wave of each kind of question that was asked: one more than that of what it waits for.

    Raises `ValueError` for a question that nobody knows, or that was asked before anything it waits for was answered:
    then `AFTER` is not how the look is built.
    """
    by_kind: dict[str, list[Request]] = {}
    for one in requests:
        if not one.kind:
            raise ValueError(f"what is asked here? {one.method} {one.target} {one.asked[:200]}")
        by_kind.setdefault(one.kind, []).append(one)
    for kind, some in by_kind.items():
        before = [one.ended for one in by_kind.get(AFTER.get(kind, ""), ())]
        if before and min(one.began for one in some) < min(before):
            raise ValueError(f"{kind}: asked before any {AFTER[kind]} was answered")

    def wave(kind: str) -> int:
        return 1 + (wave(AFTER[kind]) if kind in AFTER else 0)

    return {kind: wave(kind) for kind in by_kind if kind != "further page"}


def longest(requests: list[Request]) -> list[Request]:
    """Give the longest row of requests of which each began after the one before had been answered.

    It is never shorter than the waves are many: refused batches, further pages and requests that waited for one of the
    client's threads are in it too.
    """
    row: list[Request] = []
    for one in sorted(requests, key=lambda each: each.ended):
        if not row or one.began >= row[-1].ended:
            row.append(one)
    return row


def again(requests: list[Request]) -> int:
    """Count the questions that were asked a second time, word for word, after an answer that was no refusal."""
    asked = [(one.target, one.asked) for one in requests if not one.is_refused]
    return len(asked) - len(set(asked))

"""Ask a recorded request of a double that is filled for it, and say how the answers differ."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.gitlab_double.proofs.replay.comparing import differences, header_differences, kind_of
from tests.gitlab_double.proofs.replay.filled import Filled
from tests.gitlab_double.proofs.replay.recordings import Recording
from tests.gitlab_double.sending import Incoming

Difference = tuple[str, str, str]


def replayed(recording: Recording) -> Iterator[Difference]:
    """Give the differences of the answers: first of all the status, then envelope, keys and headers."""
    filled = Filled(recording)
    kind, content = recording.content
    if filled.sent is not None:
        content = json.dumps(filled.sent).encode()
    headers = {"private-token": filled.token, "content-type": kind}
    reply = filled.double.reply(Incoming(recording.method, filled.target, headers, content))
    if reply.status != recording.status:
        yield ("value", "status", f"{recording.endpoint}: {recording.status} and {reply.status}")
        return
    ours = json.loads(reply.content) if reply.content and "json" in (reply.header("content-type") or "") else None
    theirs = recording.body
    if recording.kind == "recorded-item" and isinstance(ours, list):
        ours = ours[0]
    if recording.status >= 400:
        if theirs != ours:
            yield ("value", "refusal", f"{recording.endpoint}: {json.dumps(theirs)} and {json.dumps(ours)}")
    elif type(theirs) is not type(ours) and recording.method != "HEAD":
        yield ("type", "envelope", f"{recording.endpoint}: {type(theirs).__name__} and {type(ours).__name__}")
    else:
        yield from differences(kind_of(recording.endpoint), theirs, ours)
    if recording.whole:
        yield from header_differences(recording.headers, dict(reply.headers))

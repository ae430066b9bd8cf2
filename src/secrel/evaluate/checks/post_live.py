"""The post is live: the release post is merged.

Rule: docs/process/gitlab/post-live.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import by_people, document, person_behind, place_of
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import MergeRequest

Params = Told


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at when the release post was merged."""
    post = document(snapshot, "post")
    if isinstance(post, MergeRequest) and post.merged_at is not None:
        yield Evidence(post.ref, f"live since {post.merged_at:%Y-%m-%d %H:%M %Z}{place_of(post)}")
        return
    who = person_behind(question.gate.owner, snapshot, question.process)
    merging = by_people(post, f"secrel forge merge {quoted(post.ref)}") if isinstance(post, MergeRequest) else ""
    yield Pending(post.ref if post else snapshot.release.name, "the release post is not merged yet", who, merging)

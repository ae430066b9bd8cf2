"""No other release of this desk ships, or has published, a version of this one.

Rule: docs/process/gitlab/versions-free.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import announced
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.parts import need
from secrel.words.releases import claimed_elsewhere

Params = Told


def check(snapshot: Snapshot, _question: Question[Params]) -> Iterator[Said]:
    """Compare the versions with those of every other release; what was announced with its versions keeps them."""
    release = snapshot.release
    if announced(snapshot) is not None:
        yield Evidence(release.name, "the release is announced, and its versions with it")
        return
    others = need(snapshot.others, "the other releases of this desk")
    taken = list(claimed_elsewhere(release, others))
    for what, who in taken:
        yield Finding(release.name, f"{what} is a version of {who} as well")
    if not taken:
        yield Evidence(release.name, f"none of its versions is that of another release ({len(others)} looked at)")

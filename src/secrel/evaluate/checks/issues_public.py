"""Confidentiality is lifted from the issues of the release, unless their label keeps it.

Where only members can read the project of a fix's issue, its canonical issue is what everybody has to be able to read.

Rule: docs/process/gitlab/issues-public.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import (
    NO_CANONICAL,
    becomes_public_at,
    disclosed,
    each_fix,
    label_named,
    stays_confidential,
)
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import Fix


class Params(Told, frozen=True):
    """`label`: the role of the label that keeps an issue confidential."""

    label: str = "keep_confidential"


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at the issue of every fix."""
    keep = label_named(question, question.params.label)

    def say(fix: Fix) -> Iterator[Said]:
        if stays_confidential(fix, keep):
            yield Evidence(fix.ref, f"stays confidential: {keep}")
            return
        shown = disclosed(fix)
        if shown is None:
            yield Finding(fix.ref, NO_CANONICAL, f"link its canonical issue to {fix.ref}, or put {keep!r} on it")
            return
        which = "" if shown.ref == fix.ref else f"its canonical issue {shown.ref} "
        lifts = becomes_public_at(snapshot, fix.ref)
        if shown.confidential and lifts is not None and question.now < lifts:
            yield Pending(fix.ref, f"{which}becomes public at {lifts:%Y-%m-%d %H:%M %Z}")
        elif shown.confidential:
            yield Finding(fix.ref, f"{which}is still confidential")
        else:
            yield Evidence(fix.ref, f"{which}is public")

    yield from each_fix(snapshot, say)

"""A fix that left one release goes into another: the CVE request that was made for it, and its id, go with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from secrel.journal.entries import Entry, Remembered, receipts, written
from secrel.journal.intents import intent_of
from secrel.words.documents import TABLE, document_of
from secrel.words.effects import Effect, OpenIssue
from secrel.words.heads import NO_HEAD

_REQUEST = TABLE["cve"]


def request_of_before(entries: Iterable[Entry], release: str, ref: str, by: str, at: datetime) -> Iterator[Entry]:
    """Give what lets `release` find the CVE request of a fix that an earlier release made, and go on from its text.

    `entries` are those about the fix, of every release. Nothing where none was made, or where the release has one of its own.
    """
    told = [entry for entry in entries if document_of(entry.key) == _REQUEST.of(ref)]
    earlier = [entry for entry in told if entry.release != release and entry.kind is Remembered.RECEIPT]
    key = _REQUEST.opening(release, ref)
    if not earlier or key in receipts(told):
        return
    theirs = earlier[-1].release
    ours = [entry for entry in told if entry.release == theirs]
    last, made = written(ours).get(_REQUEST.of(ref)), receipts(ours).get(_REQUEST.opening(theirs, ref))
    if last is None or made is None:
        return
    head = last.head or NO_HEAD
    opened = OpenIssue(made.address.partition("#")[0], head.title, last.text, head.labels)
    begun = intent_of(Effect(key, opened, f"go on with the CVE request of {ref}"))
    yield Entry(at, release, Remembered.INTENT, key, by, begun)
    yield Entry(at, release, Remembered.RECEIPT, key, by, {"address": made.address, "found": True})

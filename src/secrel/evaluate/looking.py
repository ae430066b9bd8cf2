"""Looking at a snapshot the way most checks do: a document by its name, the fixes, whose a role is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal
from unicodedata import normalize

from secrel.evaluate.verdicts import Hidden, Question
from secrel.process.table import Process
from secrel.snapshot.seen import Seen, Snapshot, Unseen
from secrel.words.advisories import Advisory
from secrel.words.fixes import Fix
from secrel.words.forge import Issue, MergeRequest
from secrel.words.people import Duty

Document = Issue | MergeRequest
DocumentName = Literal["tracking", "checklist", "draft", "post", "comms", "next_tracking"]
DOCUMENTS: Mapping[DocumentName, str] = {
    "tracking": "the tracking issue",
    "checklist": "the checklist issue",
    "draft": "the draft post",
    "post": "the release post",
    "comms": "the communications issue",
    "next_tracking": "the next release's tracking issue",
}


def document(snapshot: Snapshot, name: DocumentName) -> Seen[Document | None] | Hidden:
    """Give a document of the release as it was seen."""
    part: Seen[Issue | None] | Seen[MergeRequest | None] | Unseen = getattr(snapshot, name)
    if isinstance(part, Unseen):
        return Hidden(f"{DOCUMENTS[name]} could not be seen: {part.reason}")
    return Seen(part.value, part.where)


def linked_fixes(snapshot: Snapshot) -> tuple[Fix, ...] | Hidden:
    """Give the fixes that are linked to the release, or why they could not be seen."""
    if isinstance(snapshot.fixes, Unseen):
        return Hidden(f"the fixes could not be seen: {snapshot.fixes.reason}")
    return snapshot.fixes.value


def told_of(snapshot: Snapshot) -> Mapping[str, Advisory]:
    """Give the advisories by the reference of their fix."""
    return {advisory.fix: advisory for advisory in snapshot.contents.advisories}


def duty_of(snapshot: Snapshot) -> tuple[str, ...]:
    """Give the usernames of Primary and Secondary, those that are named."""
    duty = snapshot.duty or Duty("", "", "")
    return tuple(filter(None, (duty.primary, duty.secondary)))


def person_behind(role: str, snapshot: Snapshot, process: Process) -> str:
    """Give the username or group behind a role; the role itself when nobody is named."""
    if role in {"primary", "secondary"}:
        return (getattr(snapshot.duty, role) if snapshot.duty else "") or role
    word = role.replace("-", "_")
    return process.people.get(word) or process.people.get(f"{word}s") or role


def label_named(question: Question[Any], role: str) -> str:
    """Give the label that plays a role, such as `keep_confidential`; the role itself when the table has none."""
    return question.process.labels.get(role, role)


def lacking(body: str, facts: Iterable[tuple[str, str]]) -> list[str]:
    """Name the facts (label, text) that a document's text does not hold.

    Only letters and figures count, so that neither quoting nor wrapping hides a fact; a version is found whole only.
    """
    there = f" {_bare(body)} "
    return [label for label, text in facts if (bare := _bare(text)) and f" {bare} " not in there]


def tells(body: str, prose: str) -> bool:
    """Whether a document's text holds a passage of prose, letter for letter and figure for figure.

    Neither quoting, wrapping, unseen signs nor the escapes of a quoted YAML text hide it.
    """
    return _letters(prose) in _letters(body)


@lru_cache(maxsize=512)
def _letters(text: str) -> str:
    plain = re.sub(r"\\(?:[nrt]|u[\da-fA-F]{4}|U[\da-fA-F]{8})", " ", text)
    return re.sub(r"[\W_]+", "", normalize("NFKC", plain))


@lru_cache(maxsize=2048)
def _bare(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+(?:\.[^\W_]+)*", text))

"""What people do on a forge of their own: the side of the embedded forge that has no web page to click on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from secrel.words.facts.stated import Facts
from secrel.words.forge import Issue, MergeRequest, Pipeline


class ForgePeople(Protocol):
    """A person at a forge. Raises `Misused` for what is not there, `Refused` for what cannot be done now."""

    def approve(self, ref: str, by: str, at: datetime, team: str = "") -> None:
        """Approve a merge request as its branch now is."""
        ...

    def withdraw(self, ref: str, by: str) -> None:
        """Take one's approvals of a merge request back."""
        ...

    def set_pipeline(self, ref: str, pipeline: Pipeline) -> None:
        """Say how a merge request's pipeline ended."""
        ...

    def merge(self, ref: str, by: str, at: datetime) -> str:
        """Merge a merge request, and give the commit."""
        ...

    def issues(self, refs: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues with these references, without those that do not exist."""
        ...

    def merge_requests(self, refs: Sequence[str]) -> Mapping[str, MergeRequest]:
        """Give the merge requests with these references, without those that do not exist."""
        ...

    def set_title(self, ref: str, title: str) -> None:
        """Rewrite the title of an issue or a merge request."""
        ...

    def set_body(self, ref: str, body: str) -> None:
        """Rewrite the text of an issue or a merge request."""
        ...

    def close(self, ref: str) -> None:
        """Close an issue or a merge request."""
        ...

    def reopen(self, ref: str) -> None:
        """Open it again."""
        ...

    def add_note(self, ref: str, body: str, by: str, at: datetime, *, discussion: bool = False) -> str:
        """Leave a note, and give its address."""
        ...

    def resolve(self, note: str) -> None:
        """Resolve the discussion that a note began, by the note's address."""
        ...

    def add_label(self, ref: str, label: str) -> None:
        """Put a label on an issue or a merge request."""
        ...

    def remove_label(self, ref: str, label: str) -> None:
        """Take a label off."""
        ...

    def set_confidential(self, ref: str, *, confidential: bool) -> None:
        """Make an issue confidential or public."""
        ...

    def set_assignees(self, ref: str, usernames: Sequence[str]) -> None:
        """Say whose turn it is."""
        ...

    def change_facts(self, ref: str, changes: Facts, lines: Iterable[str]) -> None:
        """Make lines of an issue's details table say what `changes` says; one that it does not state goes away."""
        ...

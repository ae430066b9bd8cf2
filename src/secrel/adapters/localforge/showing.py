"""What people and scripts see of the embedded forge, as they would on its pages: nothing is half seen here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from secrel.adapters.localforge import given, rows
from secrel.adapters.localforge.forge_parts import ForgeParts
from secrel.adapters.localforge.reading import Reading
from secrel.adapters.localforge.store import Looking
from secrel.words.forge import Issue, Link, MergeRequest
from secrel.words.parts import Part, need

T = TypeVar("T")


class Showing:
    """The pages of the embedded forge. Raises `Broken` or `NotSeen` for what cannot be read."""

    def __init__(self, forge: ForgeParts, reading: Reading) -> None:
        """Take the parts of the forge, and what reads them."""
        self._forge = forge
        self._reading = reading
        self._seen = reading.within

    def _asked(self, read: Callable[[Looking], T]) -> T:
        with self._forge.store.reading() as db:
            return read(db)

    def issues(self, refs: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues with these references, without those that do not exist."""
        asked = [given.issue_ref(ref) for ref in refs]
        return _there(self._asked(lambda db: self._reading.issues(db, asked)))

    def merge_requests(self, refs: Sequence[str]) -> Mapping[str, MergeRequest]:
        """Give the merge requests with these references, without those that do not exist."""
        asked = [given.merge_request_ref(ref) for ref in refs]
        seen = self._asked(lambda db: self._reading.standings(db, asked))
        self._reading.remember(seen.values())
        return {ref: found[2] for ref, found in _there(seen).items()}

    def issues_made(self, keys: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues that the effects with these keys opened, by key, without those that do not exist."""
        refs = self._asked(lambda db: self._reading.marked(db, rows.ISSUES_MARKED, keys))
        found = self.issues(list(refs.values()))
        return {key: found[ref] for key, ref in refs.items()}

    def issue_made(self, key: str) -> Issue | None:
        """Give the issue that the effect with this key opened."""
        return self.issues_made([key]).get(key)

    def merge_request_made(self, key: str) -> MergeRequest | None:
        """Give the merge request that the effect with this key opened, with its files as they are on its branch now."""
        ref = self._asked(lambda db: self._reading.marked(db, rows.MERGE_REQUESTS_MARKED, [key])).get(key)
        return self.merge_requests([ref])[ref] if ref else None

    def linked(self, ref: str) -> tuple[Link, ...]:
        """Give all that is and was linked to an issue, from either side, oldest first."""
        return self._asked(lambda db: self._reading.links(db, given.issue_ref(ref)))

    def related(self, ref: str) -> tuple[MergeRequest, ...]:
        """Give the merge requests of an issue, by number."""
        issue = given.issue_ref(ref)
        theirs = self._asked(lambda db: self._reading.requests_of(db, [issue]))[issue]
        return tuple(self.merge_requests([one for one, _ in theirs]).values())


def _there(seen: Mapping[str, Part[T | None]]) -> dict[str, T]:
    found = {ref: need(part, ref) for ref, part in seen.items()}
    return {ref: one for ref, one in found.items() if one is not None}

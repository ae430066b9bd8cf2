"""Fixes: the changes that remove vulnerabilities, as the forge and git show them (gitlab-process.md 2)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from secrel.words.advisories import Advisory
from secrel.words.forge import Issue, MergeRequest
from secrel.words.ids import CveId
from secrel.words.parts import NOT_ASKED, Open, Part, Seen, Unseen, mapped


class Fix(Struct, frozen=True):
    """One fix: its implementation issue, since when it is linked to the release, its merge requests.

    `product` is a product key; `cve_request` the CVE request issue when there is one; `tags` the names of the tags
    that hold *every* merged commit of the fix for their own series; `rejected` are
    ids that our CNA has taken back, as far as that was seen. `canonical` is the issue that becomes public where only
    members can read the project of its own one; None when there is none, or its own one is what becomes public.
    """

    ref: str
    issue: Part[Issue]
    product: Open[str]
    linked_at: datetime
    merge_requests: Part[tuple[MergeRequest, ...]] = NOT_ASKED
    cve_request: Part[Issue | None] = NOT_ASKED
    tags: Part[frozenset[str]] = NOT_ASKED
    rejected: tuple[CveId, ...] = ()
    canonical: Part[Issue | None] = Seen(None)


class Companion(Struct, frozen=True):
    """An issue that goes along with a release and is no fix, such as the incident that called for it.

    People open it and link it to the tracking issue; the process names its project, and the label that tells what it
    is.
    """

    ref: str
    issue: Part[Issue]


class RemovedFix(Struct, frozen=True):
    """A fix that was in the release and is no more: since when, and its issue as it now is.

    `cve_id` is the id that the CNA assigned to it, when it did; `branches` are the names of its branches; `advisory` is
    what its issue says of it, None while that cannot be read; `cve_request` the issue that asks for its id; `tags` the
    names of the tags of the release that hold a merged commit of it all the same; `merge_requests` what it changes,
    merged or not; `public_with` the release with which the desk announced it and made its issue public, if it did.
    """

    ref: str
    issue: Part[Issue]
    removed_at: datetime
    cve_id: Part[CveId | None] = NOT_ASKED
    branches: Part[tuple[str, ...]] = NOT_ASKED
    advisory: Part[Advisory | None] = NOT_ASKED
    cve_request: Part[Issue | None] = NOT_ASKED
    tags: Part[frozenset[str]] = NOT_ASKED
    merge_requests: Part[tuple[MergeRequest, ...]] = NOT_ASKED
    public_with: str = ""

    @property
    def own_id(self) -> Part[CveId | None]:
        """Give the CVE id that our CNA assigned to it, by its note or by what is stated; None: it has none of ours."""
        if isinstance(self.cve_id, Unseen) or self.cve_id.value is not None:
            return self.cve_id
        return mapped(self.advisory, lambda told: told.cve_id if told is not None and told.has_own_id else None)

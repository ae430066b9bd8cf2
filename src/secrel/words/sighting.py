"""What a forge is asked about one release, and what it answers: the values that cross the port to read with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from secrel.words.documents import TABLE
from secrel.words.errors import SecrelError
from secrel.words.forge import Issue, Link, MergeRequest
from secrel.words.parts import NOT_ASKED, Part, Seen, unseen

TRACKING = "tracking"
"""The document whose links are the release."""
FOLLOWING = "next_tracking"
"""The tracking issue of the release that follows."""


class Sought(Struct, frozen=True):
    """One document that is looked for: made by the effect `key` in `project`; `address` where that is known.

    A forge looks at the address, and where there is none for the very key; it takes nothing that only resembles it.
    """

    key: str
    project: str
    address: str = ""


class LabelRule(Struct, frozen=True):
    """How issues of one kind, such as tracking issues, are told from others, whoever opens them.

    They are opened in `project` and carry every one of `labels`.
    """

    project: str
    labels: tuple[str, ...]


class EmbargoRule(Struct, frozen=True):
    """How the issues are told of which nothing may be said: confidential, in one of `projects`, and labelled so."""

    projects: tuple[str, ...]
    label: str


class Tracked(Struct, frozen=True):
    """A tracking issue, and the release it is of."""

    release: str
    issue: Issue


class Further(Struct, frozen=True):
    """What only the tracking issue tells: further issues to look for, by name; the tags to look for, by repository."""

    issues: Mapping[str, Sought] = field(default_factory=dict)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def nothing_further(_tracking: Issue) -> Further:
    """Ask for nothing that the tracking issue would tell."""
    return Further()


class Asked(Struct, frozen=True):
    """What a forge is asked about one release; made of the process and the journal, without asking anybody.

    `issues` and `requests` are its documents by name. Without a tracking issue among them no fix is looked for.
    `further` reads the tracking issue, once it was seen, and asks nobody either. The CVE requests of fixes are in the
    project `cves`; `known` are the addresses of what the desk made, by the key of the effect. `tags` are looked for by
    repository, whether there is a tracking issue or not.
    """

    release: str
    issues: Mapping[str, Sought]
    requests: Mapping[str, Sought] = field(default_factory=dict)
    cves: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    further: Callable[[Issue], Further] = nothing_further
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cve_request(self, ref: str) -> Sought:
        """Say which issue requests the CVE id of the fix `ref`."""
        key = TABLE["cve"].opening(self.release, ref)
        return Sought(key, self.cves, self.known.get(key, ""))


class LinkedFix(Struct, frozen=True):
    """One issue that is linked to the tracking issue, with everything of it that a release needs.

    `holding` are those of the tags that were asked for that hold the merged commits of its merge requests; `canonical`
    is the issue that becomes public in its place, where only members can read the project that it lies in.
    """

    link: Link
    issue: Part[Issue]
    requests: Part[tuple[MergeRequest, ...]]
    cve_request: Part[Issue | None]
    holding: Part[frozenset[str]]
    canonical: Part[Issue | None] = Seen(None)


class RemovedLink(Struct, frozen=True):
    """One issue that was linked to the tracking issue and is no more: what would give its fix away, and its id.

    `holding` are those of the tags that were asked for that hold a merged commit of it: it ships all the same.
    `requests` are its merge requests, merged or not: what they change can come into a tag by other commits, too.
    """

    link: Link
    issue: Part[Issue]
    branches: Part[tuple[str, ...]]
    cve_request: Part[Issue | None]
    holding: Part[frozenset[str]]
    requests: Part[tuple[MergeRequest, ...]]


class Sighting(Struct, frozen=True):
    """What a forge answers about one release: each part seen, or unseen with its reason, in its own place.

    `issues` and `requests` have every document that was asked for, None for one that is certainly not there; `linked`
    and `removed` are in the order in which they were linked; `tags` has, by repository, those of the tags asked for
    that exist, with the commit of each.
    """

    issues: Mapping[str, Part[Issue | None]]
    requests: Mapping[str, Part[MergeRequest | None]] = field(default_factory=dict)
    linked: Part[tuple[LinkedFix, ...]] = NOT_ASKED
    removed: Part[tuple[RemovedLink, ...]] = NOT_ASKED
    tags: Mapping[str, Part[Mapping[str, str]]] = field(default_factory=dict)

    def issue(self, name: str) -> Part[Issue | None]:
        """Give an issue by its name; unseen when it was not asked for."""
        return self.issues.get(name, NOT_ASKED)

    def request(self, name: str) -> Part[MergeRequest | None]:
        """Give a merge request by its name; unseen when it was not asked for."""
        return self.requests.get(name, NOT_ASKED)


def blind(asked: Asked, fault: SecrelError) -> Sighting:
    """Give the answer of a forge that cannot be read at all."""
    blank = unseen(fault)
    return Sighting(dict.fromkeys(asked.issues, blank), dict.fromkeys(asked.requests, blank), blank, blank)

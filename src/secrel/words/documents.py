"""Documents that the desk opens once and then keeps up to date: what each is called, where it is, and by which keys."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from msgspec import Struct

from secrel.words.patterns import pattern


class Identity(Struct, frozen=True):
    """What tells one document of a release from all others.

    `name` is its name in the snapshot and in process tables, `said` how people speak of it (`planned`: in plans, where
    that differs). `key` ends the key of the effect that opens it, `edits` those of the effects that bring its text up
    to date; empty: the desk does that to none of its kind. `project` and `label` are the roles of its project and of
    its label in the process. `kept_by` is the line of work that keeps it up to date once it is there, whatever the
    gates say, or with `in_turn` while none of the gates that want it waits: they decide what belongs in it. `heading`
    is its name in the head of the checklist, `link` its name in a handover, in which `{team}` stands for how the team
    calls itself; empty: it is not in there. One that `is_repeated` is opened again once what was opened is merged: the
    keys of the second and later ones end with their number.
    """

    name: str
    said: str
    key: str
    edits: str = ""
    project: str = ""
    label: str = ""
    kept_by: str = ""
    in_turn: bool = False
    heading: str = ""
    link: str = ""
    planned: str = ""
    is_merge_request: bool = False
    is_per_fix: bool = False
    is_repeated: bool = False

    def opening(self, release: str, about: str = "") -> str:
        """Give the key of the effect that opens it; `about` is the fix, of a document that each fix has."""
        return "/".join(filter(None, (release, self.key, about)))

    def openings(self, release: str, done: Collection[str]) -> tuple[str, ...]:
        """Give the keys of the effects that opened it, of those that are done, in their order; none before the first.

        There is one at most, but of a document that is repeated.
        """
        keys = [self.opening(release)]
        while self.is_repeated and keys[-1] in done:
            keys.append(self.opening(release, str(len(keys) + 1)))
        return tuple(key for key in keys if key in done)

    def next_opening(self, release: str, done: Collection[str]) -> str:
        """Give the key of the effect that opens the next one of a document that is repeated."""
        number = len(self.openings(release, done)) + 1
        return self.opening(release, str(number) if number > 1 else "")

    def editing(self, release: str, about: str = "") -> str:
        """Give what the keys of the effects that rewrite it begin with; a slash and the number of the edit follow."""
        return "/".join(filter(None, (release, self.edits, about)))

    def heading_of(self, release: str, about: str = "") -> str:
        """Give what the keys of the effects that change its head begin with; a slash and a number follow."""
        return "/".join(filter(None, (release, self.key, "head", about)))

    def of(self, about: str = "") -> str:
        """Name one document of this identity: `checklist`, `cve/acme/app#4`."""
        return f"{self.name}/{about}" if about else self.name

    def written_by(self, key: str) -> str:
        """Name the document of this identity that the effect `key` writes; empty for an effect that writes none."""
        _, _, path = key.partition("/")
        edited, _, number = path.rpartition("/")
        again = edited if number.isdigit() else ""
        known = [(again, f"{self.key}/head"), (again, self.edits), (path, self.key)]
        known += [(again, self.key)] if self.is_repeated else []
        for end, own in known if self.edits else ():
            if self.is_per_fix and end.startswith(f"{own}/"):
                return self.of(end.removeprefix(f"{own}/"))
            if not self.is_per_fix and end == own:
                return self.name
        return ""


CORRECTION = "correction"
"""What brings a post that is live in line with facts that came after it; looked for once the desk has made it.

When the last one is merged, later facts get another one.
"""
LIVE = "post/live"
"""What a post that is live should say, or the open correction of it, by its name among what the desk would write."""

TABLE: Mapping[str, Identity] = {
    identity.name: identity
    for identity in (
        Identity(
            "tracking",
            "the tracking issue",
            key="tracking",
            edits="tracking/edit",
            project="tracking",
            kept_by="tracking_issue",
            heading="Tracking issue",
            link="Security release issue",
        ),
        Identity(
            "cve",
            "the CVE request",
            key="cve/request",
            edits="cve/update",
            project="cves",
            label="cve_request",
            kept_by="cve_updates",
            is_per_fix=True,
        ),
        Identity(
            "checklist",
            "the checklist issue",
            key="checklist",
            edits="checklist/edit",
            project="checklist",
            label="checklist",
            kept_by="checklist",
            link="{team}security release checklist",
            planned="the checklist",
        ),
        Identity(
            "draft",
            "the draft post",
            key="post/draft",
            edits="post/draft/edit",
            project="security_site",
            label="security",
            kept_by="draft_post",
            in_turn=True,
            heading="Draft post",
            link="Release draft blog post MR",
            is_merge_request=True,
        ),
        Identity(
            "post",
            "the release post",
            key="post/release",
            edits="post/release/edit",
            project="canonical_site",
            heading="Release post",
            link="Release blog post MR",
            is_merge_request=True,
        ),
        Identity(
            CORRECTION,
            "the correction of the post",
            key="post/correction",
            edits="post/correction/edit",
            project="canonical_site",
            is_merge_request=True,
            is_repeated=True,
        ),
        Identity(
            "comms",
            "the communications issue",
            key="comms",
            edits="comms/edit",
            project="communications",
            label="communications",
            kept_by="comms_issue",
            heading="Communications issue",
            link="Release communications issue",
        ),
        Identity("next_tracking", "the next release's tracking issue", key="tracking", project="tracking"),
    )
}
"""Every document by its name, in the order in which the desk speaks of them."""


CALLS: Mapping[str, tuple[str, ...]] = {
    "tell_release_managers": ("ask/release-managers", "tell/release-managers"),
    "ask_to_merge": ("post/ask-merge", "post/tell-marketing"),
    "ask_for_test_email": ("email/ask-test",),
}
"""What people are asked and go by until the announcement, by the line of work that asks: the ends of its keys."""

READY = "The fix is ready."
"""What release managers are told when it is: as they are asked, or later, where an estimate was promised to them."""

FAULTS, EDIT = "faults", "edit"
"""Where the keys of discussions about merge requests begin, below their release, and those of changes to one."""
_OF_FAULTS = pattern(rf"({FAULTS}/.+!\d+)(?:/{EDIT}/\d+)?", re.ASCII)
AGAIN = "again"
"""What the key of a call has behind it, before a number, when it is said again because the facts have changed.

So has that of an issue which is made public again, since somebody had made it confidential meanwhile.
"""


@lru_cache(4096)
def document_of(key: str) -> str | None:
    """Name the document that the effect `key` writes, of those that are edited: `checklist`, `cve/REF`; else None.

    A call counts as one, under the end of its key, `email/ask-test`; so does the desk's discussion on a merge request,
    `faults/REF`.
    """
    first, _, number = key.rpartition(f"/{AGAIN}/")
    call = (first if number.isdigit() else key).partition("/")[2]
    if (faults := _OF_FAULTS.fullmatch(call)) is not None:
        return faults[1]
    if any(call in calls for calls in CALLS.values()):
        return call
    return next((name for identity in TABLE.values() if (name := identity.written_by(key))), None)

"""The fixes of a release as values, told alike to people and to programs (docs/schemas)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from secrel.papers.merge_requests.words import UNSEEN, field_said, title_of
from secrel.papers.text import one_line
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory, by_severity
from secrel.words.fixes import Fix
from secrel.words.forge import State
from secrel.words.parts import Unseen, known, shortfalls
from secrel.words.spans import sentence

VERSION = 1
"""The version of all JSON of this room."""


class FixTold(Struct, frozen=True):
    """One fix with its advisory; None when what is written about it cannot be read, or with `unseen`: be seen."""

    fix: Fix
    advisory: Advisory | None
    unseen: str = ""

    @property
    def title(self) -> str:
        """Its title: the advisory's, or the issue's."""
        return one_line(title_of(self.fix, self.advisory))

    @property
    def merged(self) -> str:
        """How many of its merge requests are merged; `unseen` when nobody could look."""
        if isinstance(self.fix.merge_requests, Unseen):
            return UNSEEN
        if not self.fix.merge_requests.value:
            return "no merge request"
        count = sum(request.state is State.MERGED for request in self.fix.merge_requests.value)
        return f"{count} of {len(self.fix.merge_requests.value)} merged"


def told_fixes(snapshot: Snapshot) -> Iterator[FixTold]:
    """Give all fixes of a release, the most severe first."""
    advisories = {advisory.fix: advisory for advisory in snapshot.contents.advisories}
    order = {advisory.fix: place for place, advisory in enumerate(by_severity(advisories.values()))}
    for fix in sorted(snapshot.tracked_fixes, key=lambda f: (order.get(f.ref, len(order)), f.ref)):
        unseen = snapshot.untold.get(fix.ref)
        yield FixTold(fix, advisories.get(fix.ref), unseen.reason if unseen else "")


def affected(told: FixTold) -> str:
    """Tell the affected versions, or why nobody can."""
    advisory = told.advisory
    if advisory is None:
        return UNSEEN if told.unseen else "cannot be read"
    if advisory.hosted_only:
        return f"only {one_line(advisory.hosted_only)}"
    return sentence(advisory.affected) if advisory.affected else "nobody said"


def score(advisory: Advisory | None) -> str:
    """Give the base score with one digit; empty without a vector."""
    return f"{advisory.vector.score:.1f}" if advisory and advisory.vector else ""


def severity(advisory: Advisory | None) -> str:
    """Give the word for the score; empty without a vector."""
    return str(advisory.vector.severity) if advisory and advisory.vector else ""


def summary(told: FixTold) -> dict[str, Any]:
    """Give what a list of fixes says of one, for programs."""
    advisory = told.advisory
    vector = advisory.vector if advisory else None
    requests = known(told.fix.merge_requests, ())
    return {
        "fix": told.fix.ref,
        "title": told.title,
        "readable": advisory is not None,
        "cve_id": str(advisory.cve_id) if advisory and advisory.cve_id else None,
        "no_cve": one_line(advisory.without_cve) if advisory and advisory.without_cve else None,
        "score": vector.score if vector else None,
        "severity": str(vector.severity) if vector else None,
        "affected": sentence(advisory.affected) if advisory and advisory.affected else None,
        "merge_requests": len(requests),
        "merged": sum(request.state is State.MERGED for request in requests),
        "unseen": [f"{where}: {why}" for where, why in shortfalls(told.fix)],
    }


def everything(told: FixTold, snapshot: Snapshot) -> dict[str, Any]:
    """Give all that is known of one fix, for programs."""
    fix, advisory = told.fix, told.advisory
    request = known(fix.cve_request, None)
    facts: dict[str, Any] = {}
    if advisory is not None:
        facts = {
            "product": advisory.product,
            "edition": advisory.edition,
            "description": advisory.description,
            "vector": str(advisory.vector) if advisory.vector else None,
            "weakness": str(advisory.weakness) if advisory.weakness else None,
            "credits": [credit.name for credit in advisory.credits],
        }
    return {
        **summary(told),
        **facts,
        "linked_at": fix.linked_at.isoformat(),
        "cve_request": request.ref if request else None,
        "requests": [
            {"ref": one.ref, "target": one.target, "state": str(one.state), "pipeline": field_said(one.pipeline)}
            for one in known(fix.merge_requests, ())
        ],
        "complaints": [{"field": c.field, "what": c.what} for c in snapshot.complaints if c.ref == fix.ref],
    }

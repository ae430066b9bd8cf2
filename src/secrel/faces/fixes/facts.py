"""The fixes of a release as values, told alike to people and to programs (docs/schemas)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from secrel.papers.text import one_line
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory, by_severity
from secrel.words.fixes import Fix
from secrel.words.spans import sentence

VERSION = 1
"""The version of all JSON of this room."""


@dataclass(frozen=True, slots=True)
class Told:
    """One fix with its advisory; None when what is written about it cannot be read."""

    fix: Fix
    advisory: Advisory | None

    @property
    def title(self) -> str:
        """Its title: the advisory's, or the issue's."""
        return one_line(self.advisory.title if self.advisory else self.fix.issue.title)

    @property
    def merged(self) -> str:
        """How many of its merge requests are merged."""
        count = sum(request.state == "merged" for request in self.fix.merge_requests)
        return f"{count} of {len(self.fix.merge_requests)} merged"


def told_fixes(snapshot: Snapshot) -> Iterator[Told]:
    """Give all fixes of a release, the most severe first."""
    advisories = {advisory.fix: advisory for advisory in snapshot.contents.advisories}
    order = {advisory.fix: place for place, advisory in enumerate(by_severity(advisories.values()))}
    for fix in sorted(snapshot.tracked_fixes, key=lambda f: (order.get(f.ref, len(order)), f.ref)):
        yield Told(fix, advisories.get(fix.ref))


def affected(advisory: Advisory | None) -> str:
    """Tell the affected versions, or why nobody can."""
    if advisory is None:
        return "cannot be read"
    return sentence(advisory.affected) if advisory.affected else "nobody said"


def score(advisory: Advisory | None) -> str:
    """Give the base score with one digit; empty without a vector."""
    return f"{advisory.vector.score:.1f}" if advisory and advisory.vector else ""


def severity(advisory: Advisory | None) -> str:
    """Give the word for the score; empty without a vector."""
    return str(advisory.vector.severity) if advisory and advisory.vector else ""


def summary(told: Told) -> dict[str, Any]:
    """Give what a list of fixes says of one, for programs."""
    advisory = told.advisory
    vector = advisory.vector if advisory else None
    return {
        "fix": told.fix.ref,
        "title": told.title,
        "readable": advisory is not None,
        "cve_id": str(advisory.cve_id) if advisory and advisory.cve_id else None,
        "no_cve": one_line(advisory.no_cve) if advisory and advisory.no_cve else None,
        "score": vector.score if vector else None,
        "severity": str(vector.severity) if vector else None,
        "affected": sentence(advisory.affected) if advisory and advisory.affected else None,
        "merge_requests": len(told.fix.merge_requests),
        "merged": sum(request.state == "merged" for request in told.fix.merge_requests),
    }


def everything(told: Told, snapshot: Snapshot) -> dict[str, Any]:
    """Give all that is known of one fix, for programs."""
    fix, advisory = told.fix, told.advisory
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
        "cve_request": fix.cve_request.ref if fix.cve_request else None,
        "requests": [
            {"ref": one.ref, "target": one.target, "state": str(one.state), "pipeline": str(one.pipeline)}
            for one in fix.merge_requests
        ],
        "complaints": [{"field": c.field, "what": c.what} for c in snapshot.complaints if c.ref == fix.ref],
    }

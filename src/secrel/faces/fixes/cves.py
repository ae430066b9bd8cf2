"""The CVE of every fix: its id, its request, and what the request still lacks (mission M5)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec import Struct

from secrel.evaluate.looking import fix_of
from secrel.faces.fixes.facts import VERSION
from secrel.faces.fixes.table import fitted
from secrel.papers.cve_request.fields import missing_fields
from secrel.papers.scene import Scene
from secrel.papers.text import markdown_cell, one_line
from secrel.verify.cve_form import unsaid
from secrel.words.parts import need

_HEAD = ("fix", "CVE id", "request", "state", "title")


class CveStanding(Struct, frozen=True):
    """How the CVE of one fix stands.

    `cve_id` empty: not assigned; `no_cve` why none is needed; `request` the issue that asks for it, empty: none;
    `missing` the fields that a request needs and nobody gave; `otherwise` what the request does not say as the facts
    do, one sentence each; `other_cna` another CNA whose id it is.
    """

    fix: str
    title: str
    cve_id: str = ""
    no_cve: str = ""
    request: str = ""
    missing: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    other_cna: str = ""


def cve_standing(scene: Scene, ref: str) -> CveStanding:
    """Say how one fix's CVE stands, and what its request still lacks; raises `Misused` for no fix of the release."""
    advisory = scene.advisory(ref)
    fix = fix_of(scene.snapshot, ref)
    is_ours = advisory.needs_cve and not advisory.other_cna
    request = need(fix.cve_request, f"the CVE request of {ref}") if fix else None
    return CveStanding(
        fix=ref,
        title=advisory.title,
        cve_id=str(advisory.cve_id or ""),
        no_cve=advisory.without_cve,
        request=request.ref if request else "",
        missing=missing_fields(advisory, scene.snapshot.contents) if is_ours else (),
        otherwise=tuple({said: said for _, said in unsaid(request.body, advisory)}) if is_ours and request else (),
        other_cna=advisory.other_cna,
    )


def _row(one: CveStanding) -> tuple[str, ...]:
    cve = one.cve_id or ("none needed" if one.no_cve else "not assigned")
    others = f"{one_line(one.other_cna)}'s: cited only" if one.other_cna else ""
    lacks = [f"missing: {', '.join(one.missing)}"] if one.missing else []
    state = one_line(one.no_cve) or others or "; ".join(map(one_line, (*lacks, *one.otherwise))) or "complete"
    return (one.fix, cve, one.request or "no request", state, one_line(one.title))


def cves_told(release: str, standings: Sequence[CveStanding], form: str = "text", width: int = 100) -> str:
    """Tell how the CVEs of a release stand; `form` is `text`, `markdown` or `json`."""
    if form == "json":
        told = [
            {
                "fix": one.fix,
                "cve_id": one.cve_id or None,
                "no_cve": one_line(one.no_cve) or None,
                "request": one.request or None,
                "missing": list(one.missing),
                "otherwise": list(map(one_line, one.otherwise)),
            }
            for one in standings
        ]
        return json.dumps({"version": VERSION, "release": release, "cves": told}, indent=2)
    rows = [_row(one) for one in standings]
    if form == "markdown":
        lines = [_HEAD, tuple("---" for _ in _HEAD), *(tuple(map(markdown_cell, row)) for row in rows)]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return fitted(_HEAD, rows, width) if rows else f"{release} has no fix"

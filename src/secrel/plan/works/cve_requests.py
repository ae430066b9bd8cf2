"""Request a CVE id for every fix that needs one and has no request (mission M5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.documents import sheet_of
from secrel.papers.scene import Scene
from secrel.plan.adopting import is_theirs
from secrel.plan.making import Step, once
from secrel.words.documents import TABLE
from secrel.words.effects import Effect, OpenIssue
from secrel.words.fixes import Fix
from secrel.words.parts import Unseen

_REQUEST = TABLE["cve"]


def work(scene: Scene) -> Iterator[Step]:
    """Want a request for every fix whose range is there: the CNA takes none without one, and the others do not wait."""
    requested = {fix.ref for fix in scene.snapshot.tracked_fixes if _may_have_one(fix)}
    for advisory in scene.snapshot.contents.advisories:
        ref = advisory.fix
        is_wanted = advisory.asks_for_id and advisory.affected and ref not in requested
        if is_wanted and not is_theirs(scene, _REQUEST.of(ref)):
            yield from once(scene, _REQUEST.opening(scene.name, ref), partial(_request, scene, ref))


def _may_have_one(fix: Fix) -> bool:
    return isinstance(fix.cve_request, Unseen) or fix.cve_request.value is not None


def _request(scene: Scene, ref: str, key: str) -> Effect:
    sheet, project = sheet_of("cve", scene, ref), scene.process.named("projects", _REQUEST.project)
    action = OpenIssue(project, sheet.head.title, sheet.body, labels=sheet.head.labels, links=(ref,))
    return Effect(key, action, f"request a CVE id for {ref}")

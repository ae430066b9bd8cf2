"""Bring every CVE request up to date, with what people did to it (mission M5)."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.papers.scene import Scene
from secrel.plan.keeping import rewritten
from secrel.plan.making import Step
from secrel.words.documents import TABLE
from secrel.words.parts import known


def work(scene: Scene) -> Iterator[Step]:
    """Rewrite the requests that are behind; one whose id another CNA assigned asks for nothing any more."""
    requests = {fix.ref: known(fix.cve_request, None) for fix in scene.snapshot.tracked_fixes}
    for advisory in scene.snapshot.contents.advisories:
        request = requests.get(advisory.fix)
        if request is not None and not advisory.other_cna:
            yield from rewritten(TABLE["cve"], scene, request, advisory.fix)

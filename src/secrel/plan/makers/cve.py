"""CVE requests, and the records once the release is public (mission M5)."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.plan.making import Maker, Scene, Text, Want, seen_issue
from secrel.words.effects import Effect, OpenIssue, PublishRecord, RewriteIssue
from secrel.words.fixes import Fix
from secrel.words.forge import Issue
from secrel.words.parts import NOT_ASKED, Unseen, known


def _request_wants(scene: Scene) -> Iterator[Want]:
    """Want a request for every fix whose range is there: the CNA takes none without one, and the others do not wait."""
    requested = {fix.ref for fix in scene.snapshot.tracked_fixes if _may_have_a_request(fix)}
    for advisory in scene.snapshot.contents.advisories:
        if advisory.needs_cve and advisory.affected and advisory.fix not in requested:
            yield Want(scene.key("cve", "request", advisory.fix), "cve_requests", advisory.fix)


def _may_have_a_request(fix: Fix) -> bool:
    return isinstance(fix.cve_request, Unseen) or fix.cve_request.value is not None


def _request(want: Want, text: Text, scene: Scene) -> Effect:
    action = OpenIssue(
        scene.process.projects["cves"],
        text.title,
        text.body,
        labels=(scene.process.labels.get("cve_request", "cve request"),),
        links=(want.about,),
    )
    return Effect(want.key, action, f"request a CVE id for {want.about}")


def _request_of(scene: Scene, ref: str) -> Issue:
    part = next((fix.cve_request for fix in scene.snapshot.tracked_fixes if fix.ref == ref), NOT_ASKED)
    return seen_issue(part, f"the CVE request of {ref}")


def _update_wants(scene: Scene) -> Iterator[Want]:
    for advisory in scene.snapshot.contents.advisories:
        fix = next((f for f in scene.snapshot.tracked_fixes if f.ref == advisory.fix), None)
        if fix is not None and known(fix.cve_request, None) is not None:
            prefix = scene.key("cve", "update", advisory.fix)
            number = scene.next_number(prefix)
            yield Want(f"{prefix}/{number}", "cve_updates", advisory.fix, number)


def _update(want: Want, text: Text, scene: Scene) -> Effect:
    request = _request_of(scene, want.about)
    action = RewriteIssue(request.ref, text.body, request.body, text.desk_text)
    return Effect(want.key, action, f"bring the CVE request of {want.about} up to date")


def _record_wants(scene: Scene) -> Iterator[Want]:
    for advisory in scene.snapshot.contents.advisories:
        if advisory.cve_id is not None and advisory.needs_cve:
            yield Want(scene.key("cve", "publish", advisory.cve_id.text), "cve_records", advisory.fix)


def _record(want: Want, text: Text, scene: Scene) -> Effect:
    action = PublishRecord(text.title, text.body)
    return Effect(
        want.key, action, f"publish the record {text.title}", reveals=True, not_before=scene.snapshot.release.due
    )


MAKERS = {
    "cve_requests": Maker(_request_wants, _request),
    "cve_updates": Maker(_update_wants, _update),
    "cve_records": Maker(_record_wants, _record),
}
"""The makers of this file."""

"""Request a CVE id for every fix that needs one: of our CNA in its project, of another by a message (mission M5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.papers.documents import sheet_of
from secrel.papers.messages.cnas import ask_other_cna
from secrel.papers.scene import Scene
from secrel.papers.text import unmarked
from secrel.plan.adopting import is_theirs
from secrel.plan.making import Step, in_place, once, sending
from secrel.process.table import CNA
from secrel.words.advisories import Advisory
from secrel.words.documents import TABLE
from secrel.words.effects import Effect, OpenIssue, PostMessage, plain
from secrel.words.fixes import Fix
from secrel.words.parts import Unseen

_REQUEST = TABLE["cve"]


def work(scene: Scene) -> Iterator[Step]:
    """Want a request for every fix whose range is there: a CNA takes none without one, and the others do not wait.

    A vendor without a CNA asks another one in a message, which a person sends, and anew when its facts change.
    """
    is_alone = CNA in scene.process.lacks
    requested = {fix.ref for fix in scene.snapshot.tracked_fixes if _may_have_one(fix)}
    for advisory in scene.snapshot.contents.advisories:
        ref = advisory.fix
        if is_alone and advisory.asks_other_cna and advisory.affected:
            yield from sending(scene, scene.key("cve", "ask", ref), partial(_question, scene, advisory))
        is_wanted = advisory.asks_for_id and not is_alone and advisory.affected and ref not in requested
        if is_wanted and not is_theirs(scene, _REQUEST.of(ref)):
            yield from once(scene, _REQUEST.opening(scene.name, ref), partial(_request, scene, ref))


def _may_have_one(fix: Fix) -> bool:
    return isinstance(fix.cve_request, Unseen) or fix.cve_request.value is not None


def _request(scene: Scene, ref: str, key: str) -> Effect:
    sheet, project = sheet_of("cve", scene, ref), scene.process.named("projects", _REQUEST.project)
    action = OpenIssue(project, sheet.head.title, sheet.body, labels=sheet.head.labels, links=(ref,))
    return Effect(key, action, f"request a CVE id for {ref}")


def _question(scene: Scene, advisory: Advisory, key: str) -> Effect:
    """Ask whoever is to assign an id: they are of the embargo's people from then on, as our own CNA is."""
    cna = advisory.other_cna
    text = unmarked(ask_other_cna(advisory, scene.contents, templates=scene.wording))
    action = PostMessage(cna, plain(in_place(scene, key, text)))
    return Effect(key, action, f"ask {cna} for the CVE id of {advisory.fix}")

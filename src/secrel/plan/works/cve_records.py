"""Publish the record of every CVE id of ours, and tell other CNAs that theirs are public (mission M5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.looking import announced
from secrel.papers.cve5.current import record_now
from secrel.papers.messages.cnas import tell_other_cna
from secrel.papers.post.current import post_address
from secrel.papers.scene import Scene
from secrel.papers.text import unmarked
from secrel.plan.making import Step, in_place, sending
from secrel.process.table import CNA
from secrel.words.advisories import Advisory
from secrel.words.effects import Audience, Effect, PostMessage, PublishRecord, plain


def work(scene: Scene) -> Iterator[Step]:
    """Want the record of every id of ours, at the earliest when the release is due, and word of the post for others.

    A vendor without a CNA tells whoever assigned an id; what a vendor with one cites of others is theirs alone.
    """
    for advisory in scene.snapshot.contents.advisories:
        cve_id = advisory.cve_id.text if advisory.cve_id else ""
        if advisory.has_own_id:
            make = partial(_record, scene, advisory.fix, cve_id)
            yield from sending(scene, scene.key("cve", "publish", cve_id), make)
        elif cve_id and advisory.other_cna and CNA in scene.process.lacks:
            yield from sending(scene, scene.key("cve", "tell", cve_id), partial(_word, scene, advisory))


def _record(scene: Scene, ref: str, cve_id: str, key: str) -> Effect:
    action = PublishRecord(cve_id, record_now(scene, ref), scene.snapshot.recorded.get(cve_id, ()))
    due = scene.snapshot.release.due
    return Effect(key, action, f"publish the record {cve_id}", audience=Audience.EVERYBODY, not_before=due)


def _word(scene: Scene, advisory: Advisory, key: str) -> Effect:
    cna, due = advisory.other_cna, scene.snapshot.release.due
    on = announced(scene.snapshot) or due
    text = unmarked(tell_other_cna(advisory, scene.contents, post_address(scene), on, templates=scene.wording))
    action = PostMessage(cna, plain(in_place(scene, key, text)))
    said = f"tell {cna} that {advisory.cve_id} is public"
    return Effect(key, action, said, audience=Audience.OUTSIDERS, not_before=due)

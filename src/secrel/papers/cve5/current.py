"""The CVE record of one fix as the facts are now."""

from __future__ import annotations

from secrel.answers import kept
from secrel.evaluate.looking import announced
from secrel.papers.cve5 import record
from secrel.papers.cve5.publishing import Cna, Dates
from secrel.papers.post.current import post_address
from secrel.papers.scene import Scene
from secrel.words.advisories import Advisory, Contents
from secrel.words.effects import plain


def record_now(scene: Scene, ref: str) -> str:
    """Write the record of one fix, proven against the official schema; raises `Misused` when a fact is missing."""
    advisory, process = scene.cited(ref), scene.process
    public = announced(scene.snapshot)
    dates = Dates(published=public, public=public)
    vendor = Cna(process.named("cna", "org_id"), process.named("cna", "short_name"))
    return _written(advisory, scene.contents, vendor, post_address(scene), dates)


@kept(str, size=512)
def _written(advisory: Advisory, contents: Contents, vendor: Cna, address: str, dates: Dates) -> str:
    return plain(record.text_of(record.render_record(advisory, contents, vendor, address, dates)))

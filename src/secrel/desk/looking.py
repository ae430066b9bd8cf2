"""Look at a release, and judge it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace

from secrel.desk import adopting
from secrel.desk.desk import Desk
from secrel.desk.provable import proved_ranges
from secrel.desk.remembering import refuse_known
from secrel.evaluate.assessing import assess
from secrel.evaluate.verdicts import Assessment
from secrel.journal.entries import Entry
from secrel.journal.intents import prepared
from secrel.observe.observing import observe
from secrel.papers.documents import disputes, texts_now
from secrel.papers.post.current import wanted_post
from secrel.papers.scene import Scene
from secrel.plan.outdated import outdated, unwanted, would_prepare
from secrel.plan.pacing import behind
from secrel.snapshot.seen import Snapshot
from secrel.words.effects import PublishRecord
from secrel.words.errors import Misused
from secrel.words.ids import record_digest

_MOST_LOOKS = 3
_RECORD = "/cve/publish/"


def look(desk: Desk, name: str, named: Collection[str] = ()) -> Scene:
    """Look at the release `name` now; raises what observing raises.

    `named` are references and addresses of what people opened, and somebody means for a document that is not there.

    What the post would say now is written before anything is judged: the gates compare the post as found with it. So is
    what people and facts disagree about in each document, and what was prepared for sending and is old by now. Only
    then can be told whether the checklist says what is so.
    """
    now = desk.now()
    seen, entries = _seen(desk, name, now, named)
    scene = Scene(seen, desk.process, now, Assessment(name, now, ()), desk.templates, desk.by, desk.targets)
    wanted = wanted_post(scene) | texts_now(scene)
    steps = would_prepare(scene)
    sent = prepared(entries)
    old, gone = outdated(scene, steps, sent), unwanted(scene, steps)
    proved = proved_ranges(desk, seen)
    snapshot = replace(
        seen,
        wanted=wanted,
        disputed=disputes(scene),
        proved=proved,
        outdated=old,
        unwanted=gone,
        recorded=_recorded(desk, seen),
    )
    judged = replace(scene, snapshot=snapshot, assessment=assess(snapshot, desk.process, now))
    rests = behind(judged)
    if not rests:
        return judged
    snapshot = replace(snapshot, behind=rests)
    return replace(scene, snapshot=snapshot, assessment=assess(snapshot, desk.process, now))


def _recorded(desk: Desk, seen: Snapshot) -> dict[str, tuple[str, ...]]:
    """Give the digests of the CVE records that the desk prepared of this release's ids, for whichever release.

    An id may be announced again by a later release. Before a release is announced no record takes another one's place.
    """
    if seen.announced_at is None:
        return {}
    ids = {one.cve_id.text for one in seen.contents.advisories if one.cve_id is not None and one.has_own_id}
    about = [one for one in desk.journal.about(_RECORD) if one.key.partition(_RECORD)[2].partition("/")[0] in ids]
    found: dict[str, tuple[str, ...]] = {}
    for one in prepared(about).values():
        if isinstance(one, PublishRecord):
            found[one.cve_id] = (*found.get(one.cve_id, ()), record_digest(one.record.encode()))
    return found


def _seen(desk: Desk, name: str, now: datetime, named: Collection[str]) -> tuple[Snapshot, Sequence[Entry]]:
    """Observe the release, and what people opened for documents that are not there; with what the journal had then.

    A document that another desk opened between the two is not people's: then all of it is looked at again.
    """
    looks = 0
    while True:
        entries = desk.journal.entries(name)
        try:
            seen = observe(name, desk.sources(entries), now)
        except Misused:
            refuse_known(desk, name)
            raise
        seen = replace(seen, alike=adopting.alike(desk, seen, named))
        looks += 1
        if looks == _MOST_LOOKS or not adopting.made_since(desk, seen):
            return seen, entries

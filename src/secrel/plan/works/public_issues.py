"""Make the issues of what was announced public, once their days of disclosure are over (mission M8).

The plan shows all that outsiders will be able to read. What must never be public is taken out of the details table
first: where a finder reported, why there is no CVE id, and a commit that a flaw under embargo came from as well. Notes
stay among the people of the project, unless somebody said that they may go. Where only members can read the project of
a fix's issue, all of this is said of its canonical issue: that is what becomes public.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

import msgspec

from secrel.evaluate.looking import NO_CANONICAL, becomes_public_at, disclosed, readable_notes, stays_confidential
from secrel.evaluate.looking import announced as announced_at
from secrel.papers.messages.announcing import remind_of_disclosure
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.words.advisories import Advisory
from secrel.words.documents import AGAIN
from secrel.words.effects import Audience, Comment, Effect, LiftConfidentiality, SetFacts, plain
from secrel.words.errors import Misused, NotSeen
from secrel.words.facts.stated import FixFacts, Stated
from secrel.words.fixes import Fix
from secrel.words.forge import Issue, State
from secrel.words.parts import known
from secrel.words.people import notes_digest, notes_gate

_LINES = ("credits", "no_cve", "origins")
_UNTOLD = "decided before the release"
"""What the table says in the place of a reason that is not for the public."""


def work(scene: Scene) -> Iterator[Step]:
    """Want the issue of every fix that was announced to be public, once its own days are over.

    What was linked only afterwards was not announced. Whoever is on duty is reminded of it once: it needs an approval,
    and a month after the release nobody thinks of it.
    """
    announced = announced_at(scene.snapshot)
    if announced is None:
        return
    wanted = list(_due(scene, announced))
    tracking = known(scene.snapshot.tracking, None)
    if wanted and tracking is not None and tracking.state is State.OPENED:
        yield from once(scene, scene.key("remind", "public"), partial(_reminded, scene, len(wanted)))
    for fix, lifts in wanted:
        prefix = scene.key("public-details", fix.ref)
        yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", partial(_cleared, scene, fix, lifts))
        yield from once(scene, _lifting(scene, fix), partial(_lifted, scene, fix, lifts))


def _due(scene: Scene, announced: datetime) -> Iterator[tuple[Fix, datetime]]:
    keep = scene.process.named("labels", "keep_confidential")
    for fix in scene.snapshot.tracked_fixes:
        lifts = becomes_public_at(scene.snapshot, fix.ref)
        if fix.linked_at <= announced and lifts is not None and lifts <= scene.now and _is_wanted(fix, keep):
            yield fix, lifts


def _reminded(scene: Scene, issues: int, key: str) -> Effect:
    duty, keep = scene.snapshot.duty, scene.process.named("labels", "keep_confidential")
    asked = (duty.primary, duty.secondary) if duty else (scene.process.named("people", "team"),)
    text = remind_of_disclosure(scene.contents, asked, issues, keep, templates=scene.wording)
    action = Comment(scene.issue("tracking").ref, plain(text))
    return Effect(key, action, "remind those on duty that issues can become public")


def _lifting(scene: Scene, fix: Fix) -> str:
    """Give the key under which an issue is made public: another one where somebody made it confidential again."""
    key = scene.key("public", fix.ref)
    prefix = f"{key}/{AGAIN}"
    return f"{prefix}/{scene.next_number(prefix)}" if key in scene.snapshot.receipts else key


def _is_wanted(fix: Fix, keep: str) -> bool:
    """Whether an issue is to be made public, or it has to be said why none can be."""
    if known(fix.issue, None) is None:
        return False
    try:
        shown = disclosed(fix)
        return not stays_confidential(fix, keep) and (shown is None or shown.confidential)
    except NotSeen:
        return True


def _cleared(scene: Scene, fix: Fix, lifts: datetime, key: str) -> Effect | None:
    """Take out of the details table what must never be public, in the plan that makes the rest of it public."""
    issue = disclosed(fix)
    if issue is None:
        return None
    shown = _for_the_public(scene, fix, issue)
    if shown == issue.facts:
        return None
    changes = shown.whole(FixFacts, issue.ref)
    action = SetFacts.seen(issue.ref, issue.facts, changes, _LINES)
    summary = f"take out of {issue.ref} what must not become public"
    return Effect(key, action, summary, audience=Audience.EVERYBODY, not_before=lifts)


def _for_the_public(scene: Scene, fix: Fix, issue: Issue) -> Stated:
    """Give the details table without what must never be public; raises `Misused` when a line cannot be read."""
    told = issue.facts.whole(FixFacts, issue.ref)
    embargoed = {origin for other in _still_embargoed(scene, fix.ref) for origin in other.origins}
    changes = FixFacts(
        credits=tuple(msgspec.structs.replace(credit, report="") for credit in told.credits),
        no_cve=_UNTOLD if told.no_cve else "",
        origins=tuple(origin for origin in told.origins if origin not in embargoed),
    )
    return issue.facts.changed(changes, _LINES)


def _still_embargoed(scene: Scene, ref: str) -> Iterator[Advisory]:
    """Give the advisories of other fixes that are not announced: of other releases, and those that were taken out."""
    for seen in scene.beyond.releases if scene.beyond else ():
        yield from seen.contents.advisories if seen.announced_at is None else ()
    for removed in scene.snapshot.removed_fixes:
        advisory = known(removed.advisory, None)
        if advisory is not None and advisory.fix != ref:
            yield advisory


def _lifted(scene: Scene, fix: Fix, lifts: datetime, key: str) -> Effect:
    issue = disclosed(fix)
    if issue is None:
        raise Misused(f"{fix.ref} {NO_CANONICAL}", remedy=f"link its canonical issue to {fix.ref}")
    notes = readable_notes(issue)
    may_go = any(
        claim.gate == notes_gate(fix.ref) and claim.about == notes_digest(notes) for claim in scene.snapshot.claims
    )
    action = LiftConfidentiality(
        issue.ref, issue.title, issue.body, _for_the_public(scene, fix, issue), notes if may_go else ()
    )
    return Effect(key, action, f"make {issue.ref} public", audience=Audience.EVERYBODY, not_before=lifts)

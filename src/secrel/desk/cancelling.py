"""Cancel a release: what is open is closed, whoever was asked is told, what was reserved is kept or given up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from msgspec import Struct

from secrel.apply.applying import Done, Outcome
from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, order
from secrel.evaluate.looking import announced
from secrel.journal.entries import entry_of
from secrel.papers.messages.cancelling import Cancelled, Place, release_cancelled
from secrel.papers.post.current import section_alone
from secrel.papers.scene import Scene
from secrel.plan.audience import as_read
from secrel.process.roles import Act
from secrel.snapshot.seen import Snapshot
from secrel.words.documents import CALLS, TABLE
from secrel.words.effects import (
    Action,
    CloseIssue,
    CloseMergeRequest,
    Comment,
    Effect,
    PostMessage,
    UnlinkIssue,
    plain,
)
from secrel.words.errors import Misused, NotSeen
from secrel.words.fixes import Fix
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.parts import Seen, known, need
from secrel.words.people import CANCELLED, Claim
from secrel.words.sighting import FOLLOWING

_Step = tuple[str, Action, str]
"""The end of an effect's key, its action, and what it is."""
_NAMES = [name for name, one in TABLE.items() if not one.is_per_fix and name not in ("tracking", FOLLOWING)]
_LEFT = "everybody could read it; make confidential what it writes on and cancel again, or tell them another way"
_OF_A_RELEASE = (*_NAMES, "tracking")
"""The documents of a release, the tracking issue last: as long as that is open the release is not over."""


def cancel_release(desk: Desk, name: str, reason: str, *, gives_up: bool = False) -> list[Outcome]:
    """Cancel a release that is not announced: no gate of it wants anything from then on.

    Its fixes leave it with the text that was written for them, and their CVE ids are kept for a later release; or, when
    `gives_up`, the CNA is asked to reject them. What everybody could read is left out, and is among the outcomes.
    Raises `Misused` without a reason, and for a release that is announced;
    `NotSeen` while a document or a fix of it cannot be seen; `Refused` for somebody who may not.
    """
    if not reason.strip():
        raise Misused("no reason is given", where=name, remedy='say why: --reason "the fix is not ready"')

    left: list[Outcome] = []

    def ordered(seen: Scene) -> Ordered:
        if announced(seen.snapshot) is not None:
            raise Misused("the release is announced", where=name, remedy="what is public cannot be cancelled")
        _look_at_all_of(seen.snapshot)
        wanted = [*_Cancelling(seen, reason.strip(), gives_up=gives_up).effects()]
        effects = tuple(effect for effect in wanted if not as_read(effect, seen).reveals)
        left[:] = (Outcome(effect, Done.LEFT, "", why=_LEFT) for effect in wanted if effect not in effects)
        said = Claim(name, CANCELLED, desk.by, desk.now(), reason.strip())
        return Ordered(effects, () if seen.snapshot.cancelled else (entry_of(said),))

    return [*order(desk, name, Act.CANCEL, ordered), *left]


def _look_at_all_of(snapshot: Snapshot) -> None:
    """Raise `NotSeen` while something could not be seen that would have to be closed, or told."""
    for name in _OF_A_RELEASE:
        need(snapshot.document(name), TABLE[name].said)
    for fix in need(snapshot.fixes, "the fixes"):
        need(fix.cve_request, f"the CVE request of {fix.ref}")


class _Cancelling(Struct, frozen=True):
    seen: Scene
    reason: str
    gives_up: bool

    def effects(self) -> Iterator[Effect]:
        """Give what is still to be done."""
        for key, action, summary in (*self._told(), *self._of_fixes(), *self._closed()):
            effect = Effect(self.seen.key(*key.split("/")), action, summary)
            if effect.key not in self.seen.snapshot.receipts:
                yield effect

    def _said(self, place: Place, *asked: str, tags: Sequence[str] = (), **told: str) -> str:
        reason = "" if place in ("channel", "marketing") else self.reason
        said = Cancelled(place, asked, reason, given_up=self.gives_up, tags=tags, **told)
        return plain(release_cancelled(self.seen.snapshot.contents, said, templates=self.seen.wording))

    def _told(self) -> Iterator[_Step]:
        process, done = self.seen.process, self.seen.snapshot.receipts
        shipments, snapshot = self.seen.snapshot.release.shipments, self.seen.snapshot
        tags = [tag for shipment in shipments for tag in known(snapshot.tags_of(shipment.product), {})]
        text = self._said("tracking", process.named("people", "release_managers"), tags=tags)
        yield "cancel/tracking", Comment(self.seen.issue("tracking").ref, text), "tell the release managers"
        comms = known(self.seen.snapshot.comms, None)
        if comms is not None:
            text = self._said("comms", *dict.fromkeys((process.named("people", "communications"), *comms.assignees)))
            yield "cancel/comms", Comment(comms.ref, text), "tell communications that there is no email"
        asked = {call for calls in CALLS.values() for call in calls if self.seen.key(call) in done}
        spoken: dict[str, Place] = {"team": "channel"}
        spoken |= {"upcoming_release": "channel"} if "tell/release-managers" in asked else {}
        spoken |= {"marketing": "marketing"} if "post/tell-marketing" in asked else {}
        for role, place in spoken.items():
            channel = process.named("channels", role)
            message = PostMessage(channel, self._said(place))
            yield f"cancel/channel/{role.replace('_', '-')}", message, f"tell {channel}"

    def _of_fixes(self) -> Iterator[_Step]:
        tracking, advisories = self.seen.issue("tracking").ref, self.seen.contents.advisories
        for fix in self.seen.snapshot.tracked_fixes:
            text = self._said("fix", section=self._section(fix))
            yield (
                f"cancel/fix/{fix.ref}",
                Comment(fix.ref, text),
                f"leave word, and what was written of it, on {fix.ref}",
            )
            request = known(fix.cve_request, None)
            if request is not None and request.state is State.OPENED:
                cve = next((str(one.cve_id) for one in advisories if one.fix == fix.ref and one.cve_id), "")
                text = self._said("cve", self.seen.process.named("people", "cna"), cve=cve)
                word = "reject" if self.gives_up else "keep"
                yield f"cancel/cve/{fix.ref}", Comment(request.ref, text), f"ask the CNA to {word} the id of {fix.ref}"
            prefix = f"unlink/{fix.ref}"
            number = self.seen.next_number(self.seen.key(prefix))
            yield f"{prefix}/{number}", UnlinkIssue(fix.ref, tracking), f"take {fix.ref} out of the release"

    def _section(self, fix: Fix) -> str:
        """Give what the post said of a fix; nothing when nothing was written yet, or its facts are not complete."""
        if self.seen.snapshot.draft == Seen(None, self.seen.snapshot.draft.where):
            return ""
        with suppress(Misused, NotSeen):
            return section_alone(self.seen, self.seen.advisory(fix.ref))
        return ""

    def _closed(self) -> Iterator[_Step]:
        """Close what is open."""
        for name in _OF_A_RELEASE:
            found: Issue | MergeRequest | None = known(self.seen.snapshot.document(name), None)
            if found is not None and found.state is State.OPENED:
                closing = CloseIssue(found.ref) if isinstance(found, Issue) else CloseMergeRequest(found.ref)
                yield f"{TABLE[name].key}/close", closing, f"close {TABLE[name].said}"

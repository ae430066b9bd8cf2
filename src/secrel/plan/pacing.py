"""The pace of the checklist: it is rewritten when there is something to say, and not at every look.

An issue that was edited a thousand times gets slow on a forge, and everybody who follows it has a thousand mails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from secrel.evaluate.remedies import quoted
from secrel.papers.documents import up_to_date
from secrel.papers.scene import Scene
from secrel.plan.making import Step
from secrel.plan.plan import Later, Plan
from secrel.snapshot.seen import Snapshot
from secrel.words.documents import TABLE
from secrel.words.effects import Effect, RewriteIssue
from secrel.words.errors import Misused, NotSeen
from secrel.words.forge import Issue, State
from secrel.words.parts import known

EVERY = timedelta(hours=1)
LAST_DAY = timedelta(days=1)
_CHECKLIST = TABLE["checklist"]


def rests_until(snapshot: Snapshot) -> datetime | None:
    """Give when the checklist may be rewritten next, by the desk's receipts; None: now.

    That is an hour after it was rewritten last. In the day before the release is due, and from then on until it is
    announced, it never rests.
    """
    prefix = f"{_CHECKLIST.editing(snapshot.release.name)}/"
    last = max((one.at for key, one in snapshot.receipts.items() if key.startswith(prefix)), default=None)
    if last is None:
        return None
    until = last + EVERY
    if snapshot.announced_at is None:
        until = min(until, snapshot.release.due - LAST_DAY)
    return until.astimezone(snapshot.release.due.tzinfo) if snapshot.at < until else None


def behind(scene: Scene) -> dict[str, datetime]:
    """Give the documents that do not say what is so, and rest: until when, by document."""
    until, found = rests_until(scene.snapshot), known(scene.snapshot.checklist, None)
    if until is None or not isinstance(found, Issue) or found.state is not State.OPENED or not scene.snapshot.is_whole:
        return {}
    with suppress(Misused, NotSeen):  # what cannot be written is held back, and the plan says why
        if up_to_date(_CHECKLIST.name, scene, found.body).text != found.body:
            return {_CHECKLIST.name: until}
    return {}


def paced(steps: Iterable[Step], scene: Scene) -> Iterator[Step | Later]:
    """Give the steps; in place of what rewrites a checklist that rests, when that is done."""
    until = rests_until(scene.snapshot)
    for step in steps:
        if until is not None and isinstance(step, Effect) and _rewrites(step):
            yield Later(step.summary, until, f"secrel checklist {quoted(scene.name)}")
        else:
            yield step


def in_turn(plan: Plan) -> tuple[Plan, Plan]:
    """Give a plan in two: what is done first, and what rewrites the checklist, which says how all else has ended."""
    rewrites = tuple(effect for effect in plan.effects if _rewrites(effect))
    return plan.part(tuple(effect for effect in plan.effects if effect not in rewrites)), plan.part(rewrites)


def _rewrites(effect: Effect) -> bool:
    return isinstance(effect.action, RewriteIssue) and _CHECKLIST.written_by(effect.key) == _CHECKLIST.name

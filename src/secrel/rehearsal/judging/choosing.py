"""Whether the right fixes were announced: all that shipped, none that did not, and none left out without need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from secrel.rehearsal.judging.sight import EndedWrong, Sight
from secrel.rehearsal.story import StoryFix
from secrel.words.forge import State
from secrel.words.parts import settled
from secrel.words.releases import Kind

_DEADLINE = timedelta(hours=48)
_MERGED_BY = timedelta(hours=24)
_IDS_BY = timedelta(hours=36)
_ASKING = timedelta(days=4)
_LATE = timedelta(days=1)
_BREAKS = {"pipeline fails": "pipeline passes", "approval withdrawn": "approval given"}


def announced(sight: Sight) -> Iterator[EndedWrong]:
    """A release that shipped fixes or updates is announced, within a day of its time; one that shipped none is not."""
    post = sight.post
    tells = any(map(sight.announces, sight.story.fixes))
    if not sight.known.merged and (tells or not sight.story.facts.dependencies):
        if sight.text or sight.sent("mail", ".eml"):
            yield EndedWrong("announced", "nothing was fixed, and something was announced")
    elif post is None or post.merged_at is None:
        yield EndedWrong("announced", "the release shipped, and was never announced")
    elif post.merged_at > sight.release.due + _LATE:
        yield EndedWrong("announced", f"the post was live on {post.merged_at:%Y-%m-%d %H:%M}, over a day late")


def shipped(sight: Sight) -> Iterator[EndedWrong]:
    """What is announced is in every version, and what is in every version is announced."""
    for fix in sight.story.fixes:
        ships = sight.ships(fix)
        if sight.announces(fix) and not all(ships) and not sight.facts(fix).hosted_only:
            yield EndedWrong("shipped", f"{fix.name} is announced, and a version does not have it")
        if any(ships) and sight.text and not sight.announces(fix):
            yield EndedWrong("shipped", f"{fix.name} shipped, and is not announced")


def late(sight: Sight) -> Iterator[EndedWrong]:
    """What came to a planned release after the deadline is not announced, unless somebody signed an exception."""
    for fix in sight.story.fixes:
        linked = sight.known.linked.get(fix.name)
        is_late = sight.release.kind is Kind.PLANNED and linked is not None and linked > sight.release.due - _DEADLINE
        is_excepted = linked is not None and sight.known.excepted is not None and linked <= sight.known.excepted
        if is_late and not is_excepted and sight.announces(fix):
            yield EndedWrong("deadline", f"{fix.name} came after the deadline, and is announced")


def unready(sight: Sight) -> Iterator[EndedWrong]:
    """Nothing was merged whose pipeline had failed, or that lacked an approval."""
    for name in sorted(sight.known.merged_unready & sight.known.merged.keys()):
        yield EndedWrong("pipeline", f"{name} was merged while its pipeline failed, or without an approval")


def incomplete(sight: Sight) -> Iterator[EndedWrong]:
    """Nothing is announced of which the developers have not said everything."""
    for fix in sight.story.fixes:
        facts = sight.facts(fix)
        needed: dict[str, object] = {"description": facts.description}
        if not facts.hosted_only:
            needed |= {"affected versions": facts.affected}
        if fix.has_own_id:
            needed |= {"vector": facts.vector, "weakness": facts.weakness}
        missing = [name for name, told in needed.items() if not told]
        if missing and sight.announces(fix):
            yield EndedWrong("incomplete", f"{fix.name} is announced without its {', '.join(missing)}")


def taken_out(sight: Sight) -> Iterator[EndedWrong]:
    """What was taken out is not announced, and the text that was written for it is kept on its issue."""
    for fix in sight.story.fixes:
        if fix.name not in sight.known.taken_out:
            continue
        if sight.announces(fix):
            yield EndedWrong("removed", f"{fix.name} was taken out of the release, and is announced")
        issue, title = sight.issue(fix), fix.facts.title
        was_written = any(title in text for text in sight.drafts())
        if was_written and issue and not any(title in note.body for note in settled(issue.notes, "the notes")):
            yield EndedWrong("removed", f"the prepared text of {fix.name} was thrown away with it")


def left_out(sight: Sight) -> Iterator[EndedWrong]:
    """No fix that was there, ready and told in time was left out of a planned release."""
    moved = sight.release.due != sight.story.release.due
    if sight.release.kind is not Kind.PLANNED or moved or sight.is_cancelled():
        return
    for fix in sight.story.fixes:
        if _was_in_time(fix, sight) and not sight.announces(fix):
            yield EndedWrong("left out", f"{fix.name} was ready in time, and is not announced")


def _was_in_time(fix: StoryFix, sight: Sight) -> bool:
    due, facts = sight.release.due, sight.facts(fix)
    is_rated = not fix.has_own_id or facts.no_cve or (facts.vector and facts.weakness)
    is_told = all((facts.description, facts.affected or facts.hosted_only, is_rated))
    asking = _ASKING if fix.withheld is not None else timedelta(days=1)
    in_time = fix.ready <= due - _DEADLINE and fix.ready + asking <= due - _IDS_BY
    is_steady = fix.name not in sight.known.taken_out and not _breaks(fix.name, sight, due)
    moved = any(e.happens in ("facts corrected", "fix put back") and e.told.fix == fix.name for e in sight.story.events)
    return is_told and in_time and is_steady and not moved


def _breaks(fix: str, sight: Sight, due: datetime) -> bool:
    """Whether something about a fix was broken at the deadline, or between it and the merge."""
    theirs = [event for event in sight.story.events if event.told.fix == fix and event.at <= due - _MERGED_BY]
    broken: set[str] = set()
    for event in theirs:
        if event.happens in _BREAKS:
            broken.add(_BREAKS[event.happens])
            if event.at > due - _DEADLINE:
                return True
        elif event.at <= due - _DEADLINE:
            broken.discard(event.happens)
    return bool(broken)


def cancelled(sight: Sight) -> Iterator[EndedWrong]:
    """Of a cancelled release nothing is announced, nothing stays open that people would go by, and they were told."""
    if not sight.is_cancelled():
        return
    if sight.text or sight.sent("mail", ".eml") or sight.sent("cve", ".json") or sight.sent("reporters", ".md"):
        yield EndedWrong("cancelled", "the release was cancelled, and something of it was announced")
    for name, found in (
        ("tracking issue", sight.tracking),
        ("communications issue", sight.comms),
        ("draft", sight.draft),
    ):
        if found is not None and found.state is State.OPENED:
            yield EndedWrong("cancelled", f"the release was cancelled, and its {name} is open")
    if not sight.messages("cancel"):
        yield EndedWrong("cancelled", "the release was cancelled, and no channel was told")


CHOOSING = (announced, shipped, late, unready, incomplete, taken_out, left_out, cancelled)
"""The rules of this file."""

"""The words for what a row says, the same in every format."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.evaluate.verdicts import Finding
from secrel.papers.merge_requests.rows import APPSEC, FixRows, Row, Tagged
from secrel.papers.text import one_line
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.fixes import Fix, RemovedFix
from secrel.words.forge import State
from secrel.words.parts import Open, Seen, Unseen, known

UNSEEN = "unseen"
"""What is said of something that could not be looked at."""
REQUEST = 1
"""The place of the column with the merge request."""


def columns(row: Row) -> tuple[str, ...]:
    """Name the columns of a release's rows; of a release bot nothing is said where the process has none."""
    bot = ("bot",) if row.bot else ()
    return ("branch", "request", "state", "approved by", "pipeline", *bot, "in the tag")


def cells(row: Row) -> tuple[str, ...]:
    """Say a row, column by column; texts are as they came."""
    found, is_told = row.merge_request, {None: "", True: "yes", False: "no"}
    bot = (is_told[row.has_bot],) if row.bot else ()
    if found is None:
        return (row.target, state_of(row), "", "", "", *bot, tag_of(row))
    return (row.target, row.short_ref, state_of(row), approvals(row), field_said(found.pipeline), *bot, tag_of(row))


def state_of(row: Row) -> str:
    """Say whether it is merged, open or closed, and what else keeps it from being merged."""
    found = row.merge_request
    if found is None:
        return UNSEEN if row.unseen else "missing"
    words = ["open" if found.state is State.OPENED else found.state.value]
    if found.state is State.OPENED:
        words += ["draft"] if found.is_draft else []
        words += _left_open("conflicts", found.has_conflicts, "conflicts")
        words += _left_open("discussions", found.open_discussions, _discussions(found.open_discussions))
        words += [counted(found.open_boxes, "box", "boxes")] if found.open_boxes else []
    words += [] if row.is_needed else ["branch not in the release"]
    return ", ".join(words)


def _discussions(number: Open[int]) -> str:
    return "" if isinstance(number, Unseen) else counted(number, "discussion")


def _left_open(name: str, field: Open[bool | int], said: str) -> list[str]:
    if isinstance(field, Unseen):
        return [f"{name} {UNSEEN}"]
    return [said] if field else []


def field_said(field: Open[str]) -> str:
    """Say a word of the forge, or that it could not be seen."""
    return UNSEEN if isinstance(field, Unseen) else str(field)


def title_of(fix: Fix | RemovedFix, told: Advisory | None) -> str:
    """Give the title of a fix: what `told` of it says, or else its issue's; or say that it could not be seen."""
    if isinstance(fix.issue, Unseen):
        return "(its issue could not be seen)"
    return one_line(told.title) if told is not None else fix.issue.value.title


def removed_title(gone: RemovedFix) -> str:
    """Give the title of a fix that was taken out, as `title_of` does."""
    return title_of(gone, known(gone.advisory, None))


def url_of(fix: Fix | RemovedFix) -> str:
    """Give the address of a fix's issue; empty when it could not be seen."""
    return fix.issue.value.url if isinstance(fix.issue, Seen) else ""


def approvals(row: Row) -> str:
    """Say who approved it, AppSec told apart; `nobody` when no one did; who approved an older state is marked."""
    if row.merge_request is not None and isinstance(row.merge_request.assents, Unseen):
        return UNSEEN
    said = []
    for one in row.assents:
        team = "AppSec: " if one.team == APPSEC else ""
        said.append(f"{team}{one.by}{' (before its last change)' if row.is_stale(one) else ''}")
    return "; ".join(said) or "nobody"


def tag_of(row: Row) -> str:
    """Say whether the fix is in the tag of the row's version."""
    if row.tagged in (Tagged.YES, Tagged.NO):
        return f"{row.tagged.value} ({row.tag})"
    return "" if row.tagged is Tagged.NO_VERSION else row.tagged.value


def unseen_reason(snapshot: Snapshot) -> str:
    """Say why the fixes could not be seen, or not whole; nothing when they were."""
    return snapshot.fixes.reason if isinstance(snapshot.fixes, Unseen) else snapshot.fixes.shortfall


def tally(snapshot: Snapshot, blocks: Sequence[FixRows], findings: Sequence[Finding]) -> str:
    """Sum up: fixes, merge requests by state, and findings."""
    rows = [row for block in blocks for row in block.rows]
    found = [row for row in rows if row.merge_request is not None]
    merged = sum(row.is_merged for row in found)
    missing = len([row for row in rows if row.merge_request is None and not row.unseen])
    parts = [f"{counted(len(found), 'merge request')} ({merged} merged, {len(found) - merged} not)"]
    parts += [f"{missing} missing"] if missing else []
    parts.append(counted(len(findings), "finding"))
    return f"{snapshot.release.name}: {counted(len(blocks), 'fix', 'fixes')}, {', '.join(parts)}"


def counted(number: int, word: str, words: str = "") -> str:
    """Say a number of things: `1 fix`, `2 fixes`."""
    return f"{number} {word if number == 1 else words or word + 's'}"

"""The words for what a row says, the same in every format."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.evaluate.verdicts import Finding
from secrel.papers.merge_requests.rows import APPSEC, Block, Row, Tagged
from secrel.snapshot.seen import Snapshot, Unseen
from secrel.words.forge import State

COLUMNS = ("branch", "request", "state", "approved by", "pipeline", "bot", "in the tag")


def cells(row: Row) -> tuple[str, ...]:
    """Say a row, column by column; texts are as they came."""
    found = row.merge_request
    if found is None:
        return (row.target, "missing", "", "", "", "", tag_of(row))
    bot = {None: "", True: "yes", False: "no"}[row.has_bot]
    return (row.target, row.short_ref, state_of(row), approvals(row), found.pipeline.value, bot, tag_of(row))


def state_of(row: Row) -> str:
    """Say whether it is merged, open or closed, and what else keeps it from being merged."""
    found = row.merge_request
    if found is None:
        return "missing"
    words = ["open" if found.state is State.OPENED else found.state.value]
    if found.state is State.OPENED:
        words += ["draft"] if found.is_draft else []
        words += ["conflicts"] if found.has_conflicts else []
        words += [f"{found.open_discussions} discussions"] if found.open_discussions else []
        words += [f"{found.open_boxes} boxes"] if found.open_boxes else []
    words += [] if row.is_needed else ["branch not in the release"]
    return ", ".join(words)


def approvals(row: Row) -> str:
    """Say who approved it, AppSec told apart; `nobody` when no one did; who approved an older state is marked."""
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
    """Say why the fixes could not be seen; nothing when they were."""
    return snapshot.fixes.reason if isinstance(snapshot.fixes, Unseen) else ""


def tally(snapshot: Snapshot, blocks: Sequence[Block], findings: Sequence[Finding]) -> str:
    """Sum up: fixes, merge requests by state, and findings."""
    rows = [row for block in blocks for row in block.rows]
    found = [row for row in rows if row.merge_request is not None]
    merged = sum(row.is_merged for row in found)
    missing = len([row for row in rows if row.merge_request is None])
    parts = [f"{counted(len(found), 'merge request')} ({merged} merged, {len(found) - merged} not)"]
    parts += [f"{missing} missing"] if missing else []
    parts.append(counted(len(findings), "finding"))
    return f"{snapshot.release.name}: {counted(len(blocks), 'fix', 'fixes')}, {', '.join(parts)}"


def counted(number: int, word: str, words: str = "") -> str:
    """Say a number of things: `1 fix`, `2 fixes`."""
    return f"{number} {word if number == 1 else words or word + 's'}"

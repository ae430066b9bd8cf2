"""The words of a status, the same in a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from secrel.evaluate.verdicts import Judged, Waiting
from secrel.faces.status.board import Board
from secrel.faces.status.summary import Summary
from secrel.papers.wording import VerdictWord, for_you, instant, relative, word_of
from secrel.process.table import Gate
from secrel.words.people import Person, handle_of
from secrel.words.releases import Kind, joined


class Moment(Struct, frozen=True):
    """What a release is measured by: when it is due, was announced or cancelled, with who cancelled it, and why."""

    word: str
    at: datetime
    by: str = ""
    why: str = ""


def headline(board: Board) -> tuple[str, str, str]:
    """Say which release it is; when it is due; and who is on duty."""
    moment, duty = moment_of(board), board.scene.snapshot.duty
    what = f"{kind_said(board)}: {versions_said(board) or 'versions not known yet'}"
    by, why = f" by {moment.by}," if moment.by else "", f": {moment.why}" if moment.by else ""
    when = f"{moment.word}{by} {told_at(moment.at, board)}, {relative(moment.at, board.now)}{why}"
    names = f"Primary {duty.primary or 'nobody'}, Secondary {duty.secondary or 'nobody'}" if duty else "Nobody on duty"
    return what, when, names


def kind_said(board: Board) -> str:
    """Say what kind of release it is, by its name: `Security release 2026-11, planned`."""
    snapshot = board.scene.snapshot
    critical = "Critical security release" if snapshot.contents.is_critical else "Security release"
    planned = "planned" if snapshot.release.kind is Kind.PLANNED else "unplanned"
    return f"{critical} {snapshot.release.name}, {planned}"


def versions_said(board: Board) -> str:
    """Say what the release ships, product by product; nothing while no version is known."""
    shipments = board.scene.snapshot.release.shipments
    return "; ".join(f"{s.product.short} {joined(s.versions)}" for s in shipments if s.versions)


def moment_of(board: Board) -> Moment:
    """Give what the release is measured by now."""
    snapshot = board.scene.snapshot
    if snapshot.cancelled is not None:
        gone = snapshot.cancelled
        return Moment("Cancelled", gone.at, gone.by, gone.words)
    announced = snapshot.announced_at
    return Moment("Announced", announced) if announced else Moment("Due", snapshot.release.due)


def actor(judged: Judged) -> str:
    """Say who is to act, with the role where that adds something: `amara (primary)`."""
    who, role = judged.who or judged.gate.owner, judged.gate.owner
    return f"{who} ({role})" if judged.is_owners and not who.strip("@").startswith(role) else who


def named(gate: Gate) -> str:
    """Say a gate by its title and by its name, by which commands take it."""
    return f"{gate.title} ({gate.name})"


def told_at(at: datetime, board: Board) -> str:
    """Say an instant in the release's zone, and beside it on the reader's clock where that differs."""
    return instant(at, board.zone) + for_you(at.astimezone(board.zone), board.reader)


def is_late(judged: Judged, board: Board) -> bool:
    """Whether a gate is overdue: its due time has passed, and it does not hold."""
    return judged.due is not None and judged.due < board.now and not word_of(judged.verdict).holds


def until_said(judged: Judged, board: Board) -> str:
    """Say until when a gate has to hold, both ways; one that holds is not overdue. Nothing when it has no due time."""
    if judged.due is None:
        return ""
    past = "overdue since" if is_late(judged, board) else "was due"
    word = past if judged.due < board.now else "until"
    return f"{word} {told_at(judged.due, board)}, {relative(judged.due, board.now)}"


def counts_said(summary: Summary) -> str:
    """Say how many gates hold, and how many are what else."""
    waived = f" ({summary.counts[VerdictWord.WAIVED]} waived)" if summary.counts[VerdictWord.WAIVED] else ""
    words = [
        f"{summary.counts[word]} {word}" for word in (VerdictWord.BLOCKED, VerdictWord.UNSEEN, VerdictWord.WAITING)
    ]
    rest = ", ".join(word for word in words if not word.startswith("0 "))
    return f"{summary.holding} of {summary.gates} gates hold{waived}{f'; {rest}' if rest else ''}"


def nothing_now(board: Board) -> str:
    """Say that nobody has to act now, and what comes when."""
    assessment = board.scene.assessment
    if turn := _first_turn(assessment.gates):
        at, judged = turn
        when = f"{told_at(at, board)}, {relative(at, assessment.at)}"
        return f"Nothing to do before {when}: {named(judged.gate)}"
    if assessment.gates and all(word_of(judged.verdict).holds for judged in assessment.gates):
        return "Nothing: every gate of this release holds"
    return "Nothing to do now"


def next_said(board: Board) -> str:
    """Say in one line who has to act first, until when and with which command; or when somebody will have to."""
    for judged in board.summary.acting[:1]:
        when = until_said(judged, board)
        run = f"; run: {judged.command}" if judged.command else ""
        return f"{actor(judged)}: {named(judged.gate)}{f', {when}' if when else ''}{run}"
    return nothing_now(board)


def yours_said(board: Board) -> str:
    """Say to whoever reads it when their turn comes, where others act and they need not; nothing where they do.

    Nothing either for somebody who is not in the team, or of whom no later turn is known.
    """
    me = board.scene.snapshot.person(board.scene.by) if board.scene.by else None
    if me is None or any(_is_theirs(judged, me) for judged in board.summary.acting):
        return ""
    turn = _first_turn(judged for judged in board.scene.assessment.gates if _is_theirs(judged, me))
    return f"nothing has to be done before {told_at(turn[0], board)}: {named(turn[1].gate)}" if turn else ""


def _first_turn(gates: Iterable[Judged]) -> tuple[datetime, Judged] | None:
    """Give the gate whose turn comes first, and when; None where no time is known of any."""
    waits = [(one.verdict.until, one) for one in gates if isinstance(one.verdict, Waiting) and one.verdict.until]
    return min(waits, key=lambda wait: wait[0], default=None)


def _is_theirs(judged: Judged, person: Person) -> bool:
    return handle_of(judged.who) == handle_of(person.username)

"""The upper half of the page: which release it is, what is to be done now, who is on duty, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from markupsafe import Markup

from secrel.faces.html import element, joined_html
from secrel.faces.status.board import Board, Milestone, Seat, Stretch, Tag
from secrel.faces.status.html.marks import command, until, why
from secrel.faces.status.words import (
    actor,
    counts_said,
    kind_said,
    moment_of,
    nothing_now,
    told_at,
    versions_said,
)
from secrel.papers.wording import VerdictWord, relative, word_of

_MINUTES = 24 * 60


def top(board: Board) -> Markup:
    """Say which release it is, with its tags, and how far away its moment is."""
    moment = moment_of(board)
    count = len(board.fixes)
    fixes = f"{count} {'fix' if count == 1 else 'fixes'}{_highest(board)}"
    tags = element("ul", *(_tag(tag) for tag in board.tags), class_="tags") if board.tags else ""
    by = element("p", f"by {moment.by}: {moment.why}", class_="soft") if moment.by else ""
    names = element(
        "div",
        element("p", f"{kind_said(board)} · {fixes}", class_="soft"),
        element("h1", versions_said(board) or "Versions not known yet"),
        tags,
        element(
            "p",
            f"As it was seen {told_at(board.now, board)}. This page does not change by itself.",
            class_="soft small",
        ),
    )
    clock = element(
        "div",
        element("p", moment.word, class_="soft"),
        element("p", relative(moment.at, board.now), class_="big"),
        element("p", told_at(moment.at, board), class_="soft"),
        by,
        class_="clock",
    )
    return element("header", names, clock, class_="card top")


def _highest(board: Board) -> str:
    told = [line.advisory.vector.severity for line in board.fixes if line.advisory and line.advisory.vector]
    return f", highest severity {max(told, key=lambda one: one.rank)}" if told else ""


def _tag(tag: Tag) -> Markup:
    said = {True: ("✓", "tagged"), False: ("·", "not tagged yet"), None: ("?", "tag not seen")}[tag.is_there]
    return element("li", element("span", f"{said[0]} ", aria_hidden="true"), f"{tag.name} {said[1]}")


def now(board: Board) -> Iterator[Markup]:
    """Say what somebody can do now, most urgent first, each with its command; and how much holds."""
    items = [
        element(
            "li",
            element("h3", judged.gate.title),
            element("p", f"{actor(judged)} ", until(judged, board)),
            *why(judged, board),
            command(judged.command),
        )
        for judged in board.summary.acting
    ]
    yield element("ol", *items) if items else element("p", nothing_now(board))


def where(board: Board) -> Iterator[Markup]:
    """Give the turning points, and every phase with a sign for each of its gates."""
    yield element("p", counts_said(board.summary), class_="soft")
    here = next((one for one in board.milestones if not one.holds), None)
    points = (_milestone(one, board, is_here=one is here) for one in board.milestones)
    yield element("ol", *points, class_="miles")
    at = board.summary.acting[0].gate.phase if board.summary.acting else ""
    phases = (_phase(one, is_here=one.phase.name == at) for one in board.stretches)
    if board.stretches:
        yield element("ol", *phases, class_="rail")


def _milestone(one: Milestone, board: Board, *, is_here: bool) -> Markup:
    state = "done" if one.holds else "next" if is_here else "to come"
    kind = "done" if one.holds else "here" if is_here else ""
    said = (element("b", one.title), f"{state}{_when(one, board)}")
    return element("li", *said, class_=kind, aria_current="step" if is_here else "")


def _when(one: Milestone, board: Board) -> str:
    """Say when it was or has to be; how far away that is, unless it holds and nobody says since when."""
    if one.at is None:
        return ""
    told = f", {'' if one.was else 'due '}{told_at(one.at, board)}"
    return told if one.holds and not one.was else f"{told}, {relative(one.at, board.now)}"


def _phase(stretch: Stretch, *, is_here: bool) -> Markup:
    open_gates = [judged for judged in stretch.gates if not word_of(judged.verdict).holds]
    first = (open_gates or stretch.gates)[0]
    words = [word_of(judged.verdict) for judged in stretch.gates]
    signs = element("span", *map(_sign, words), class_="signs", aria_hidden="true")
    count = f"{stretch.holding} of {len(stretch.gates)} hold{' · here now' if is_here else ''}"
    said = (element("b", stretch.phase.title), signs, element("span", count, class_="soft"))
    return element("li", element("a", *said, href=f"#gate-{first.gate.name}"), class_="here" if is_here else "")


def _sign(word: VerdictWord) -> Markup:
    return element("span", word.sign, class_=f"v {word}")


def duty(board: Board) -> Iterator[Markup]:
    """Say who is on duty, what their clock shows, and when they are at work, as words and as a bar of the day."""
    yield element("ul", *(_seat(seat, board) for seat in board.seats), class_="seats")
    if any(seat.local for seat in board.seats):
        zone = f"{board.midnight:%Z}" or "the release's time"
        said = f"A bar is the day in {zone}; filled are working hours, the line is when this page was made."
        yield element("p", said, class_="soft small")


def _seat(seat: Seat, board: Board) -> Markup:
    who = element("p", element("b", seat.name), f" {seat.role}", class_="who")
    if seat.local is None:
        return element("li", who, element("p", "is not in the team file", class_="soft"))
    day = f"{seat.local:%a} {seat.local.day} {seat.local:%b}, {seat.zone}"
    clock = element("p", element("b", f"{seat.local:%H:%M}"), f" {day}", class_="there")
    return element("li", who, clock, element("p", _hours(seat, board), class_="small"), _bar(seat, board))


def _hours(seat: Seat, board: Board) -> str:
    if seat.shift is None:
        return "not at work within a week"
    begins, ends = seat.shift
    if seat.is_at_work:
        return f"at work until {ends:%H:%M}{_here(ends, board)}"
    return f"not at work; again {begins:%a %H:%M}{_here(begins, board)}"


def _here(at: datetime, board: Board) -> str:
    """Say a time of somebody's on the release's clock, where that shows another, with the day where it differs."""
    here = at.astimezone(board.zone)
    if here.utcoffset() == at.utcoffset():
        return ""
    return f" ({here:%H:%M %Z})" if here.date() == at.date() else f" ({here:%a %H:%M %Z})"


def _bar(seat: Seat, board: Board) -> Markup:
    """Draw the day in the release's zone: working hours filled, and a line now; the words beside it say the same."""
    hours = (_span(begins, ends, board) for begins, ends in seat.shifts)
    filled = (element("rect", x=str(x), y="4", width=str(width), height="16") for x, width in hours if width > 0)
    line = element("rect", x=str(_minute(board.now, board) - 4), width="8", height="24", class_="line")
    ground = element("rect", y="4", width=str(_MINUTES), height="16", class_="ground")
    return element(
        "svg",
        joined_html(ground, *filled, line),
        viewBox=f"0 0 {_MINUTES} 24",
        preserveAspectRatio="none",
        class_="bar",
        aria_hidden="true",
    )


def _span(begins: datetime, ends: datetime, board: Board) -> tuple[int, int]:
    start, stop = max(_minute(begins, board), 0), min(_minute(ends, board), _MINUTES)
    return start, stop - start


def _minute(at: datetime, board: Board) -> int:
    return int((at - board.midnight) / timedelta(minutes=1))

"""The status as one page that needs nothing but itself: no script, no other file, no address (issue 12)."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from secrel.evaluate.verdicts import Judged
from secrel.faces.html import document, element, joined_html
from secrel.faces.plan.words import MARKS, counted
from secrel.faces.status.board import Board, FixLine, Milestone, Seat, Stretch
from secrel.faces.status.words import actor, counts_said, headline, nothing_now, told_at, until_said
from secrel.papers.merge_requests.rows import Row
from secrel.papers.merge_requests.words import state_of, tag_of, title_of, unseen_reason
from secrel.papers.wording import gathered, reasons, relative, word_of
from secrel.words.effects import Effect

_PARTS = (
    ("now", "To do now"),
    ("where", "Where it stands"),
    ("duty", "On duty"),
    ("plan", "Plan that waits"),
    ("fixes", "Fixes"),
    ("gates", "Gates"),
    ("documents", "Documents"),
)


def status_html(board: Board) -> str:
    """Say how a release stands as one HTML page, for a screen of any size, paper, a keyboard and a screen reader.

    It has no script and loads nothing; whatever comes from people is escaped. At its top it says who may see it.
    """
    what, when, names = headline(board)
    count = len(board.summary.acting)
    parts = [part for part in _PARTS if _is_there(part[0], board)]
    links = [element("li", element("a", title, href=f"#{name}")) for name, title in parts]
    top = element("header", element("h1", what), element("p", f"{when}. {names}."), class_="card")
    made = {
        "now": _now,
        "where": _where,
        "duty": _duty,
        "plan": _plan,
        "fixes": _fixes,
        "gates": _gates,
        "documents": _documents,
    }
    sections = [_section(name, title, *made[name](board)) for name, title in parts]
    seen = element("p", f"Seen {told_at(board.now, board)} by secrel.", class_="soft small")
    return document(
        f"{count or 'nothing'} to do · {what}",
        element("a", "Skip to what is to be done", href="#now", class_="skip"),
        element("aside", _ribbon(board), class_="ribbon", aria_label="Who may see this page"),
        element("nav", element("ul", *links), aria_label="Parts of this page"),
        element("main", top, *sections, seen),
    )


def _is_there(name: str, board: Board) -> bool:
    return {"duty": bool(board.seats), "plan": board.plan is not None, "documents": bool(board.documents)}.get(
        name, True
    )


def _ribbon(board: Board) -> str:
    """Say who may see the page: until the announcement it has what is under embargo, and later what is the team's."""
    announced = board.scene.snapshot.announced_at
    if announced is None:
        return "Only for the team: this page has what is under embargo. Nothing of this release is public yet."
    return f"Only for the team: the release is public since {told_at(announced, board)}, and not all of this page is."


def _section(name: str, title: str, *inner: Markup) -> Markup:
    kind = {"now": "card now", "documents": "card paper", "gates": "card gates"}.get(name, "card")
    heading = element("h2", title, id=f"{name}-title")
    return element("section", heading, *inner, id=name, class_=kind, aria_labelledby=f"{name}-title")


def _badge(judged: Judged) -> Markup:
    word = word_of(judged.verdict)
    return element("span", element("span", word.sign, aria_hidden="true"), str(word), class_=f"v {word}")


def _until(judged: Judged, board: Board) -> Markup:
    is_late = judged.due is not None and judged.due < board.now
    said = until_said(judged, board)
    return element("span", said, class_="late" if is_late else "soft") if said else Markup("")


def _why(judged: Judged, board: Board) -> Iterator[Markup]:
    for reason in gathered(reasons(judged.verdict, board.scene.process, board.zone), board.scene.name):
        yield element("p", str(reason), class_="small")


def _command(text: str) -> Markup:
    return element("code", text, class_="cmd", tabindex="0") if text else Markup("")


def _now(board: Board) -> Iterator[Markup]:
    items = [
        element(
            "li",
            element("h3", judged.gate.title),
            element("p", f"{actor(judged)} ", _until(judged, board)),
            *_why(judged, board),
            _command(judged.command),
        )
        for judged in board.summary.acting
    ]
    yield element("ol", *items) if items else element("p", nothing_now(board))


def _where(board: Board) -> Iterator[Markup]:
    yield element("p", counts_said(board.summary))
    here = next((one for one in board.milestones if not one.holds), None)
    yield element("ol", *(_milestone(one, board, is_here=one is here) for one in board.milestones), class_="miles")


def _milestone(one: Milestone, board: Board, *, is_here: bool) -> Markup:
    state = "done" if one.holds else "next" if is_here else "to come"
    when = f", {'' if one.was else 'due '}{told_at(one.at, board)}, {relative(one.at, board.now)}" if one.at else ""
    kind = "done" if one.holds else "here" if is_here else "ahead"
    said = (element("b", one.title), f"{state}{when}")
    return element("li", *said, class_=kind, aria_current="step" if is_here else "")


def _duty(board: Board) -> Iterator[Markup]:
    yield element("ul", *(_seat(seat) for seat in board.seats), class_="seats")


def _seat(seat: Seat) -> Markup:
    who = element("b", seat.name)
    if seat.local is None:
        return element(
            "li", element("p", f"{seat.role}: ", who), element("p", "is not in the team file", class_="soft")
        )
    time = element("p", f"{seat.local:%H:%M} on {seat.local:%a} {seat.local.day} {seat.local:%b}, {seat.zone}")
    at_work = "at work now" if seat.is_at_work else "not at work now"
    return element("li", element("p", f"{seat.role}: ", who), time, element("p", at_work, class_="soft"))


def _plan(board: Board) -> Iterator[Markup]:
    plan = board.plan
    if plan is None or not (plan.effects or plan.refusals):
        yield element("p", "Nothing waits for a person.")
        return
    yield element("p", counted(plan))
    yield element("ol", *(_effect(effect) for effect in plan.effects))
    for one in plan.refusals:
        yield element("p", f"refused: {one.rule}: {one.what}", class_="late")
    yield element("p", "Read every byte of it before you approve it:")
    yield _command(f"secrel plan {board.scene.name}")


def _effect(effect: Effect) -> Markup:
    marks = [MARKS["REVEALS"]] if effect.reveals else []
    marks += [] if effect.findable else [MARKS["BLIND"]]
    said = [element("b", effect.summary), *(element("p", mark, class_="late small") for mark in marks)]
    return element("li", *said, element("p", element("code", effect.key), class_="soft small"))


def _fixes(board: Board) -> Iterator[Markup]:
    if reason := unseen_reason(board.scene.snapshot):
        yield element("p", reason, class_="late")
    if not board.fixes:
        yield element("p", "No fix is linked.")
        return
    heads = [element("th", text, scope="col") for text in ("Fix", "Severity", "CVE id", *board.branches)]
    rows = [element("tr", *_fix(line, board)) for line in board.fixes]
    table = element(
        "table",
        element("caption", "Every fix, and how it stands on each branch that it has to reach"),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
    )
    yield element("div", table, class_="scroll", role="region", tabindex="0", aria_label="Fixes by branch")


def _fix(line: FixLine, board: Board) -> Iterator[Markup]:
    fix, told = line.block.fix, line.advisory
    yield element("th", title_of(fix), Markup("<br>"), element("span", fix.ref, class_="soft small"), scope="row")
    vector = told.vector if told else None
    yield element("td", f"{vector.score:.1f} {vector.severity}" if vector else "not scored")
    yield element("td", str(told.cve_id) if told and told.cve_id else "none yet" if told and told.needs_cve else "none")
    yield from (element("td", *_cell(line.rows.get(branch))) for branch in board.branches)


def _cell(row: Row | None) -> tuple[Markup, ...]:
    if row is None:
        return (element("span", "not needed", class_="soft"),)
    missing = "unseen" if row.unseen else "blocked"
    kind = "passed" if row.is_merged else "waiting" if row.merge_request is not None else missing
    state, tagged = element("span", state_of(row), class_=f"v {kind}"), tag_of(row)
    return (state, element("p", f"in the tag: {tagged}", class_="soft small")) if row.tag else (state,)


def _gates(board: Board) -> Iterator[Markup]:
    yield from (_stretch(stretch, board) for stretch in board.stretches)


def _stretch(stretch: Stretch, board: Board) -> Markup:
    total = len(stretch.gates)
    head = element("summary", f"{stretch.phase.title}: {stretch.holding} of {total}")
    inner = joined_html(head, *(_gate(judged, board) for judged in stretch.gates))
    return element("details", inner, open="" if stretch.holding == total else "open")


def _gate(judged: Judged, board: Board) -> Markup:
    holds = word_of(judged.verdict).holds
    who = Markup("") if holds else element("p", f"{actor(judged)} ", _until(judged, board), class_="who small")
    why = element("div", *_why(judged, board), Markup("") if holds else _command(judged.command))
    title = element("h3", judged.gate.title, " ", element("code", judged.gate.name, class_="soft"))
    return element("div", _badge(judged), title, who, why, class_="gate", id=f"gate-{judged.gate.name}")


def _documents(board: Board) -> Iterator[Markup]:
    for title, text in board.documents.items():
        yield element("details", element("summary", title), element("pre", text, tabindex="0"))

"""Every fix of the release on every branch that it has to reach."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from secrel.faces.html import element
from secrel.faces.status.board import Board, FixLine
from secrel.faces.status.html.marks import badge
from secrel.papers.merge_requests.rows import Row, Tagged
from secrel.papers.merge_requests.words import counted, state_of, title_of, unseen_reason
from secrel.papers.wording import VerdictWord
from secrel.words.advisories import Advisory

_IN_TAG = {Tagged.YES: "in its tag", Tagged.NO: "not in its tag", Tagged.UNSEEN: "its tag is unseen"}


def fixes(board: Board) -> Iterator[Markup]:
    """Give the table, and above it how many merge requests are merged and how many fixes are in their tags."""
    if reason := unseen_reason(board.scene.snapshot):
        yield element("p", reason, class_="late")
    if not board.fixes:
        yield element("p", "No fix is linked.")
        return
    heads = [element("th", text, scope="col") for text in ("Fix", "Severity", "CVE id", *board.branches)]
    rows = [element("tr", *_fix(line, board)) for line in board.fixes]
    table = element(
        "table",
        element("caption", _tally(board)),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
    )
    yield element("section", table, class_="scroll", tabindex="0", aria_label="Fixes by branch")


def _tally(board: Board) -> str:
    rows = [row for line in board.fixes for row in line.rows.values()]
    tagged = [row.tagged for row in rows if row.tagged is not Tagged.NO_VERSION]
    said = counted(len(board.fixes), "fix", "fixes")
    if not rows:
        return said
    said += f" on {counted(len(board.branches), 'branch', 'branches')}: {sum(row.is_merged for row in rows)} of "
    said += f"{counted(len(rows), 'merge request')} merged"
    return f"{said}, {tagged.count(Tagged.YES)} of {len(tagged)} in their tags" if tagged else said


def _fix(line: FixLine, board: Board) -> Iterator[Markup]:
    fix, told = line.block.fix, line.advisory
    yield element("th", title_of(fix, told), Markup("<br>"), element("span", fix.ref, class_="soft small"), scope="row")
    yield element("td", _severity(told))
    yield element("td", _cve(told))
    yield from (element("td", *_cell(line.rows.get(branch)), data_branch=branch) for branch in board.branches)


def _severity(told: Advisory | None) -> Markup:
    if told is None or told.vector is None:
        return element("span", "not scored" if told else "not known", class_="soft")
    vector = told.vector
    return element("span", f"{vector.score:.1f} {vector.severity}", class_=f"sev {vector.severity}")


def _cve(told: Advisory | None) -> str | Markup:
    if told is None:
        return element("span", "not known", class_="soft")
    if told.cve_id:
        return str(told.cve_id)
    return element("span", "none yet" if told.needs_cve else "none needed", class_="soft")


def _cell(row: Row | None) -> tuple[Markup, ...]:
    if row is None:
        return (element("span", "not needed", class_="soft"),)
    word = VerdictWord.UNSEEN if row.unseen else VerdictWord.BLOCKED
    word = VerdictWord.WAITING if row.merge_request is not None else word
    word = VerdictWord.PASSED if row.is_merged else word
    state = badge(word, state_of(row))
    tagged = _IN_TAG.get(row.tagged)
    kind = "soft small" if row.tagged is Tagged.YES else "late small"
    return (state, element("p", tagged, class_=kind)) if tagged else (state,)

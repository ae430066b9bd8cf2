"""`secrel status`: how a release stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from msgspec.structs import replace

from secrel.cli.doubts import tell_doubts, tell_lost
from secrel.cli.session import NOWHERE, Where, as_typed, columns, is_coloured, open_desk, release_name, say
from secrel.desk import proposing
from secrel.desk.looking import look
from secrel.evaluate.verdicts import Blocked, Judged, UnseenVerdict
from secrel.faces.status import data, html, page, text
from secrel.faces.status import gate as gate_page
from secrel.faces.status.board import board_of
from secrel.journal.entries import in_doubt
from secrel.papers import world
from secrel.words.errors import Exit, Misused

if TYPE_CHECKING:
    from secrel.desk.desk import Desk
    from secrel.papers.scene import Scene


PageFormat = Literal["text", "markdown", "json", "html"]


def status(
    release: str = "",
    /,
    *,
    gate: str = "",
    all_: Annotated[bool, Parameter(name="--all")] = False,
    format: PageFormat = "text",
    where: Where = NOWHERE,
) -> int:
    """Show how a release stands: what is next, by whom, and the command to run; with --all every gate.

    Example: `secrel status 2026-11`, or as a page with the live flowchart: `secrel status 2026-11 --format markdown`.

    Exit words: 0 done, 1 broken when the journal has lost its memory, 3 blocked when a due gate has findings, 5 unseen
    when something could not be looked at.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    gate
        Show only this gate, by its name or its title, with all there is to say of it: every finding, why it is there,
        and by which rule.
    all_
        Show every gate, and not only those at which somebody can act.
    format
        text for a terminal, markdown for an issue or a wiki, json for programs, html for a page to look at: one file
        that needs nothing else, with the plan that waits and the documents as the world will see them.
    """
    desk = open_desk(where)
    seen = look(desk, release_name(desk, release))
    assessment = seen.assessment
    if gate:
        row = desk.process.gate_called(gate)
        chosen = tuple(g for g in assessment.gates if row is not None and g.gate.name == row.name)
        if not chosen:
            known = ", ".join(g.gate.name for g in assessment.gates)
            raise Misused(f"there is no gate {gate[:60]!r}", where=seen.name, remedy=f"name one of: {known}")
        assessment = replace(assessment, gates=chosen)
    seen = replace(seen, assessment=assessment)
    match format:
        case "json":
            say(data.status_json(board_of(seen)))
        case "markdown":
            say(page.status_markdown(board_of(seen)))
        case "html":
            say(_page(desk, seen))
        case _:
            typed = replace(assessment, gates=tuple(_as_typed(one) for one in assessment.gates))
            board = board_of(replace(seen, assessment=typed))
            if gate:
                say(gate_page.gate_text(board, typed.gates[0], width=columns()))
            else:
                say(text.status_text(board, width=columns(), colour=is_coloured(), everything=all_))
    tell_doubts(in_doubt(desk.journal.entries(seen.name)), word="in doubt")
    if tell_lost(desk, seen.name):
        return Exit.BROKEN
    if any(g.is_due and isinstance(g.verdict, Blocked) for g in assessment.gates):
        return Exit.BLOCKED
    return Exit.UNSEEN if any(isinstance(g.verdict, UnseenVerdict) for g in assessment.gates) else Exit.DONE


def _page(desk: Desk, seen: Scene) -> str:
    return html.status_html(
        board_of(seen, plan=proposing.propose(desk, seen).to_approve, documents=world.world_of(seen))
    )


def _as_typed(judged: Judged) -> Judged:
    return replace(judged, command=as_typed(judged.command))

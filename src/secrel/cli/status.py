"""`secrel status`: how a release stands."""

from __future__ import annotations

from msgspec.structs import replace

from secrel.cli.doubts import tell_doubts, tell_lost
from secrel.cli.session import NOWHERE, Format, Where, as_typed, columns, is_coloured, open_desk, release_name, say
from secrel.desk.looking import look
from secrel.evaluate.verdicts import Blocked, Judged, UnseenVerdict
from secrel.faces.status import status_json, status_markdown, status_text
from secrel.journal.entries import in_doubt
from secrel.words.errors import Exit, Misused


def status(release: str = "", /, *, gate: str = "", format: Format = "text", where: Where = NOWHERE) -> int:
    """Show every gate of a release: verdict, evidence, who acts, and the command to run next.

    Example: `secrel status 2026-11`, or as a page with the live flowchart: `secrel status 2026-11 --format markdown`.

    Exit words: 0 done, 1 broken when the journal has lost its memory, 3 blocked when a due gate has findings, 5 unseen
    when something could not be looked at.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    gate
        Show only this gate, by its name or its title.
    format
        text for a terminal, markdown for an issue or a wiki, json for programs.
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
    match format:
        case "json":
            say(status_json(assessment, seen.snapshot, desk.process))
        case "markdown":
            say(status_markdown(assessment, seen.snapshot, desk.process))
        case _:
            assessment = replace(assessment, gates=tuple(_as_typed(one) for one in assessment.gates))
            say(status_text(assessment, seen.snapshot, desk.process, width=columns(), colour=is_coloured()))
    tell_doubts(in_doubt(desk.journal.entries(seen.name)), word="in doubt")
    if tell_lost(desk, seen.name):
        return Exit.BROKEN
    if any(g.is_due and isinstance(g.verdict, Blocked) for g in assessment.gates):
        return Exit.BLOCKED
    return Exit.UNSEEN if any(isinstance(g.verdict, UnseenVerdict) for g in assessment.gates) else Exit.DONE


def _as_typed(judged: Judged) -> Judged:
    return replace(judged, command=as_typed(judged.command))

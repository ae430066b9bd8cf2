"""`secrel checklist` and `secrel check-merge-requests`: the single source of truth, and what is behind it."""

from __future__ import annotations

from secrel.cli.complaining import shown
from secrel.cli.session import NOWHERE, Format, Where, columns, is_coloured, note, open_desk, release_name, say
from secrel.desk import carrying_out
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.evaluate.verdicts import Blocked, UnseenVerdict
from secrel.faces.merge_requests import check_json, check_markdown, check_text
from secrel.papers.checklist import lines
from secrel.plan.plan import Plan
from secrel.words.errors import Exit
from secrel.words.parts import Seen, Unseen, need


def checklist(release: str = "", /, *, show: bool = False, where: Where = NOWHERE) -> int:
    """Open the checklist issue or bring it up to date, and print it as it reads; secrel show has every sign of it.

    Boxes follow evidence both ways; your own boxes, notes and edits stay as you wrote them.

    Example: `secrel checklist 2026-11 --by amara`, or only to look: `secrel checklist 2026-11 --show`.

    Exit words: 0 done, 3 blocked when its turn has not come.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    show
        Print it as it is, and change nothing.
    """
    desk = open_desk(where)
    name = release_name(desk, release)
    left = None if show else _refreshed(desk, name)
    seen = look(desk, name).snapshot
    found = seen.checklist
    if isinstance(found, Unseen):
        need(found, "the checklist issue")
    if isinstance(found, Seen) and found.value is not None:
        say(shown(lines.read_plain(found.value.body)))
        for until in seen.behind.values():
            note(f"later: {name}: this is behind, and the desk writes it again from {until:%H:%M %Z} on")
        return Exit.DONE
    over = f"somebody has to approve to {left.effects[0].summary}" if left and left.effects else ""
    refused = left.refusals[0].what if left and left.refusals else ""
    note(f"blocked: {name}: there is no checklist yet: {refused or over or 'it is not open'}")
    note(f"  to go on: secrel {'plan' if over else 'status'} {name}")
    return Exit.BLOCKED


def _refreshed(desk: Desk, name: str) -> Plan:
    return carrying_out.carry_out_free(desk, name, ("checklist",)).left


def check_merge_requests(release: str = "", /, *, format: Format = "text", where: Where = NOWHERE) -> int:
    """Show the merge requests of every fix: approved, pipeline, conflicts, target, merged, and in the tag.

    Example: `secrel check-merge-requests 2026-11`.

    Exit words: 0 done, 3 blocked when one is not ready, 5 unseen when they could not be looked at.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    format
        text, markdown or json.
    """
    desk = open_desk(where)
    seen = look(desk, release_name(desk, release))
    about = ("merge_requests_ready", "fixes_in_tags")
    gates = [g for g in seen.assessment.gates if g.gate.check in about]
    findings = [f for g in gates if isinstance(g.verdict, Blocked) for f in g.verdict.findings]
    match format:
        case "json":
            say(check_json(seen.snapshot, desk.process, findings))
        case "markdown":
            say(check_markdown(seen.snapshot, desk.process, findings))
        case _:
            say(check_text(seen.snapshot, desk.process, findings, width=columns(), colour=is_coloured()))
    if isinstance(seen.snapshot.fixes, Unseen):
        return Exit.UNSEEN
    if findings:
        return Exit.BLOCKED
    return Exit.UNSEEN if any(isinstance(g.verdict, UnseenVerdict) for g in gates) else Exit.DONE

"""`secrel rotation`: who runs which release (mission M2)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from msgspec.structs import replace

from secrel.cli.doubts import note_doubts
from secrel.cli.session import NOWHERE, Format, Where, note, open_desk, say, someone, told_outcomes
from secrel.desk.rotation import candidates, known_rotation, planned_rotation, switch
from secrel.desk.schedules import exported
from secrel.faces.rotation import candidates_told, rotation_told
from secrel.files import read_file
from secrel.reading import largest
from secrel.words.errors import Exit, Misused

_MOST = 60
app = App(name="rotation", version_flags=(), help="Who runs which release: plan, look, switch, export.")


@app.command
def plan(*, count: int = 6, format: Format = "text", where: Where = NOWHERE) -> int:
    """Plan who runs the next releases of the train: from different regions, nobody away, nobody twice in a row, fair.

    Example: `secrel rotation plan --count 6`.

    Exit words: 0 done, 3 blocked when the rules cannot all hold: it says which one, and who could switch.

    Parameters
    ----------
    count
        How many releases.
    format
        text, markdown or json.
    """
    if not 1 <= count <= _MOST:
        raise Misused(f"{count} releases cannot be planned", remedy=f"plan 1 to {_MOST}: --count 6")
    plan = planned_rotation(open_desk(where), count)
    say(rotation_told(plan.rotation, format))
    if not plan.is_proved_fairest:
        note("it holds every rule, and a fairer one may exist: the search for it was given up")
    return Exit.DONE


@app.command
def show(release: str = "", username: str = "", /, *, format: Format = "text", where: Where = NOWHERE) -> int:
    """Show who runs the releases that are coming up, or who could take somebody's place in one.

    Example: `secrel rotation show`, or `secrel rotation show 2026-11 bjorn`.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    release
        A release; without it, all that are coming up.
    username
        Whose place would be taken.
    format
        text, markdown or json.
    """
    desk = open_desk(where)
    if release and username:
        say(candidates_told(candidates(desk, release, username), format))
        return Exit.DONE
    known = known_rotation(desk)
    if release:
        known = replace(known, slots=tuple(slot for slot in known.slots if slot.name == release))
        if not known.slots:
            raise Misused(f"{release[:60]!r} is no release that is coming up", remedy="secrel rotation show")
    say(rotation_told(known, format))
    return Exit.DONE


@app.command
def swap(
    release: str,
    leaving: str,
    /,
    *,
    taking: Annotated[str, Parameter(name="--for")] = "",
    where: Where = NOWHERE,
) -> int:
    """Let somebody take the place of whoever is away; without --for, the best of those who can.

    Example: `secrel rotation swap 2026-11 bjorn --for elif --by amara`.

    Exit words: 0 done, 2 misused when nobody can, 3 blocked when a rule would break.

    Parameters
    ----------
    release
        The release's name.
    leaving
        Who is on duty and cannot be.
    taking
        Who takes the place.
    """
    someone(where)
    desk = open_desk(where)
    say(told_outcomes(switch(desk, release, leaving, taking)))
    note_doubts(desk, release)
    return Exit.DONE


@app.command
def export(*, to: Path | None = None, schedule: Path | None = None, only: str = "", where: Where = NOWHERE) -> int:
    """Export the rotation as iCalendar, or write it into a schedule file of the release managers.

    Example: `secrel rotation export --to rotation.ics`, or `secrel rotation export --schedule releases.yml`.

    Exit words: 0 done, 2 misused when a file cannot be read or written.

    Parameters
    ----------
    to
        The file to write; without it, the answer is printed.
    schedule
        A release managers' schedule (`releases.yml` or `release_managers.yml`): only our names in it change.
    only
        Only the duties of this person, for their own calendar.
    """
    desk = open_desk(where)
    try:
        told = exported(desk, _schedule(schedule), str(schedule or ""), only)
        target = to or schedule
        if target is None:
            say(told.decode("utf-8"))
        else:
            target.write_bytes(told)
            say(f"wrote  {target}")
    except OSError as fault:
        raise Misused(
            "cannot read or write the file", where=str(to or schedule), remedy="look at its rights"
        ) from fault
    return Exit.DONE


def _schedule(file: Path | None) -> bytes | None:
    return read_file(file, "the schedule", most=largest.SCHEDULE, remedy="look at its rights") if file else None

"""`secrel start`: begin a release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from secrel.apply.applying import between
from secrel.cli.doubts import note_doubts, note_words
from secrel.cli.session import (
    NOWHERE,
    Where,
    ask_to_read,
    desk_flag,
    note,
    open_desk,
    say,
    someone,
    told_outcomes,
)
from secrel.desk.fixing import link_fix
from secrel.desk.ordering import order_new
from secrel.desk.starting import check_critical, plan_start
from secrel.evaluate.remedies import quoted
from secrel.files import read_file
from secrel.observe.release_file import read_release_file
from secrel.reading import largest
from secrel.words.errors import Exit, Misused

_TAKES_OVER = "this takes over what people opened"


def start(
    *,
    from_: Annotated[Path | None, Parameter(name="--from")] = None,
    critical: str = "",
    adopt: tuple[str, ...] = (),
    approve: str = "",
    where: Where = NOWHERE,
) -> int:
    """Start a release: choose its people, open its tracking issue, bring in the fixes of its file.

    Example: `secrel start --from release.yaml --by amara`, or for a flaw that cannot wait:
    `secrel start --critical gitlab-org/security/gitlab#884 --from critical.yaml --by amara`.

    The command can be run again: fixes that are new come in, and dependencies, bug fixes, upgrade notes and the like
    become those of the file. Day and versions change with `secrel forge move`, people with `secrel rotation swap`; a
    fix that is there keeps its facts. Nothing is started beside an open tracking issue that people opened for this day:
    it is taken over when you name it, `secrel start --from release.yaml --adopt gitlab-org/gitlab#884`. What would be
    done to it is shown first; the last line of the answer is the command that does it.
    Exit words: 0 done, 2 misused, 3 blocked when nobody can be on duty, 4 refused until you approve what is taken over.

    Parameters
    ----------
    from_
        The release file (secrel manual release-file).
    critical
        The issue of the vulnerability that calls for a critical release; it has to have the label of the highest
        severity.
    adopt
        An issue that people opened, by reference or address: it is taken over, and none is opened beside it.
    approve
        The digest of what you read and approve, where something is taken over.
    """
    someone(where)
    if from_ is None:
        raise Misused("no release file is named", remedy="name it: secrel start --from release.yaml")
    desk = open_desk(where)
    file = read_release_file(_read(from_), str(from_), desk.process)
    if critical:
        check_critical(desk, critical, file)
    made = plan_start(desk, file, tuple(place.removeprefix("local:") for place in adopt))
    if made.needs_approval and approve != made.digest:
        was = f"you read the plan {approve[:32]}, and it is another now" if approve else _TAKES_OVER
        return ask_to_read(where, made, was, ["start", "--from", quoted(str(from_)), *_flags(critical, adopt)])
    outcomes = order_new(desk, made, approve)
    if critical:
        with between(outcomes):
            outcomes += link_fix(desk, file.release.name, critical)
    say(told_outcomes(outcomes))
    note_words(desk, file.release.name)
    note_doubts(desk, file.release.name)
    note(" ".join(["next: secrel status", quoted(file.release.name), *desk_flag(where)]))
    return Exit.DONE


def _flags(critical: str, adopt: tuple[str, ...]) -> list[str]:
    told = [("--critical", critical), *(("--adopt", place) for place in adopt)]
    return [word for flag, value in told if value for word in (flag, quoted(value))]


def _read(file: Path) -> bytes:
    remedy = "look at its name and rights"
    return read_file(file, "the release file", most=largest.RELEASE, remedy=remedy)

"""`secrel init` and `secrel doctor`: make a desk, and look whether it works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from secrel.cli.desk_files import make_desk
from secrel.cli.examining import examine
from secrel.cli.session import NOWHERE, Where, say
from secrel.wiring import now
from secrel.words.errors import Exit


def init(
    folder: Path = Path(),
    *,
    process: Literal["gitlab", "generic"] = "generic",
    repository: tuple[str, ...] = (),
    clock: Annotated[Callable[[], datetime], Parameter(parse=False)] = now,
) -> int:
    """Make a desk in a folder: settings, a team file, an example of a release file, the site's repository.

    Nothing that is there is overwritten.

    Example: `secrel init desk --process generic --repository acme/app=../app`.

    Exit words: 0 done, 1 broken when the folder cannot be written, 2 misused.

    Parameters
    ----------
    folder
        Where to make it.
    process
        The process to follow: the handbook's own, or one for a vendor with one product.
    repository
        A project of the process and its git repository, as PROJECT=PATH. Can be repeated.
    """
    for line in make_desk(folder, process, repository, clock()):
        say(line)
    say(f"next: write {folder / 'team.toml'}, then: secrel doctor --desk {folder}")
    return Exit.DONE


def doctor(*, where: Where = NOWHERE) -> int:
    """Look whether this desk can work: settings, process, team, repositories, forge, journal, outbox, git, zones.

    Example: `secrel doctor`.

    Exit words: 0 done, 2 misused when something has to be mended.
    """
    is_well = True
    for examined in examine(where.desk):
        is_well = is_well and examined.is_well
        say(f"{'ok     ' if examined.is_well else 'trouble'}  {examined.name:<12} {examined.said}")
        if examined.remedy:
            say(f"         to go on: {examined.remedy}")
    return Exit.DONE if is_well else Exit.MISUSED

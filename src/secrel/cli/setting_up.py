"""`secrel init` and `secrel doctor`: make a desk, and look whether it works."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from secrel.cli.complaining import shown
from secrel.cli.desk_files import make_desk
from secrel.cli.examining import Examined, examine
from secrel.cli.session import NOWHERE, Format, Where, note, say
from secrel.evaluate.remedies import quoted
from secrel.papers.text import markdown_text
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

    Example: `secrel init desk --repository vendor/product=../product`.

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
    note(f"next: write {folder / 'team.toml'}, then: secrel doctor --desk {quoted(str(folder))}")
    return Exit.DONE


def doctor(*, format: Format = "text", where: Where = NOWHERE) -> int:
    """Check that this desk can work: settings, process, team, you, repositories, forge, journal, outbox, git.

    Example: `secrel doctor`.

    Exit words: 0 done, 2 misused when something has to be mended.

    Parameters
    ----------
    format
        text, markdown or json.
    """
    found = list(examine(where.desk, where.by))
    is_well = all(one.is_well for one in found)
    if format == "json":
        looked = [{"name": one.name, "well": one.is_well, "said": one.said, "remedy": one.remedy} for one in found]
        say(json.dumps({"version": 1, "well": is_well, "looked": looked}, indent=2))
    elif format == "markdown":
        say("\n".join(f"- [{'x' if one.is_well else ' '}] **{one.name}:** {_told(one)}" for one in found))
    else:
        for one in found:
            say(shown(f"{'ok     ' if one.is_well else 'trouble'}  {one.name:<12} {one.said}"))
            if one.remedy:
                say(shown(f"         to go on: {one.remedy}"))
    return Exit.DONE if is_well else Exit.MISUSED


def _told(one: Examined) -> str:
    return markdown_text(f"{one.said}; to go on: {one.remedy}" if one.remedy else one.said)

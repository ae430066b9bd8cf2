"""`secrel init` and `secrel doctor`: make a desk, and look whether it works."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from secrel.cli.complaining import shown
from secrel.cli.desk_files import make_desk
from secrel.cli.examining import examine
from secrel.cli.session import NOWHERE, Format, Where, note, say
from secrel.evaluate.remedies import quoted
from secrel.files import real
from secrel.papers.text import markdown_text
from secrel.process.examples import NOBODYS, examples, told
from secrel.process.filling import VendorNames
from secrel.process.reading import BUILTIN_NAMES
from secrel.process.table import Lacking
from secrel.settings import load_settings
from secrel.wiring import now, open_process
from secrel.words.errors import Exit, Misused
from secrel.words.examined import Examined


def _checked(names: VendorNames) -> VendorNames:
    """Give the names as one line each; raises `Misused` for what is no address or no id."""
    for flag, value, place in (("--site", names.site, r"[^\s?#]*"), ("--contact", names.contact, r"\S*")):
        if value and not re.fullmatch(rf"https://[^/\s?#]+(/{place})?", value):
            raise Misused(f"{flag}: {value[:80]!r} is no address", remedy="write it as https://HOST/PATH")
    if names.sender and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", names.sender):
        raise Misused(f"--sender: {names.sender[:80]!r} is no mail address", remedy="write it as NAME@HOST")
    if names.cna and not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", names.cna):
        raise Misused(f"--cna: {names.cna[:80]!r} is no id of a CNA", remedy="write its UUID, in small letters")
    told = {name: value.strip() for name, value in asdict(names).items()}
    for name, value in told.items():
        if not value.isprintable():
            flag = f"--{name.replace('_', '-')}"
            raise Misused(f"{flag} is not one line of text", remedy="write it without signs of control")
    return VendorNames(**told)


_NOBODY = VendorNames()


def init(
    folder: Path = Path(),
    *,
    process: Literal["gitlab", "generic"] = "generic",
    repository: tuple[str, ...] = (),
    without: tuple[Lacking, ...] = (),
    names: Annotated[VendorNames, Parameter(name="*")] = _NOBODY,
    clock: Annotated[Callable[[], datetime], Parameter(parse=False)] = now,
) -> int:
    """Make a desk in a folder: settings, a team file, an example of a release file, the site's repository.

    Nothing that a person wrote is overwritten. What is said later is filled in where an example still stands.

    Example: `secrel init desk --repository vendor/product=product --product Larkspur --vendor "Larkspur Works"
    --site https://www.larkspur --sender security@www.larkspur`.

    Exit words: 0 done, 1 broken when the folder cannot be written, 2 misused.

    Parameters
    ----------
    folder
        Where to make it.
    process
        The process to follow: `generic` for a vendor of any kind, `gitlab` as GitLab's handbook says it.
    repository
        A project of the process and its git repository, as PROJECT=PATH, from where you stand. Can be repeated.
    without
        What you do not have: git, a repository that the desk may read; cna, a CNA of your own. Can be repeated.
    """
    for line in make_desk(folder, process, repository, _checked(names), clock(), without=without):
        say(line)
    _tell_what_is_left(folder)
    note(f"next: write {folder / 'team.toml'}, then: secrel doctor --desk {quoted(str(folder))}")
    return Exit.DONE


def _tell_what_is_left(folder: Path) -> None:
    """Say what has to be changed before anything is published, and what else is worth a look."""
    settings = load_settings(real(folder))
    if settings.process in BUILTIN_NAMES:
        return
    file, left = folder / settings.process, told(examples(open_process(settings)))
    if left:
        note(f"change before anything is published, in {file}: {'; '.join(left)} ({NOBODYS})")
    note(f"look through {file}: what follows from the site's address, and projects, channels, labels, people, cadence")


def doctor(*, format: Format = "text", where: Where = NOWHERE) -> int:
    """Check that this desk can work: settings, process, team, you, repositories, forge, journal, outbox, git.

    Example: `secrel doctor`.

    Exit words: 0 done, 2 misused when something has to be mended, 3 blocked when nothing has, but examples have to be
    changed before anything is published.

    Parameters
    ----------
    format
        text, markdown or json.
    """
    found = list(examine(where.desk, where.by))
    is_well = all(one.is_well for one in found)
    if format == "json":
        looked = [
            {"name": one.name, "well": one.is_well, "rank": one.rank, "said": one.said, "remedy": one.remedy}
            for one in found
        ]
        say(json.dumps({"version": 1, "well": is_well, "looked": looked}, indent=2))
    elif format == "markdown":
        say("\n".join(f"- [{'x' if one.is_well else ' '}] **{one.name}:** {_told(one)}" for one in found))
    else:
        for one in found:
            say(shown(f"{one.rank:<7}  {one.name:<12} {one.said}"))
            if one.remedy:
                say(shown(f"         to go on: {one.remedy}"))
    is_usable = all(one.is_well or one.can_wait for one in found)
    return Exit.DONE if is_well else Exit.BLOCKED if is_usable else Exit.MISUSED


def _told(one: Examined) -> str:
    return markdown_text(f"{one.said}; to go on: {one.remedy}" if one.remedy else one.said)

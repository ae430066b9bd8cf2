"""How long a person waits for the first page of help and for a status; `python -m bench commands`.

Whole processes. The naive way loads every module of the program, and with them every library, before it answers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from bench.generated import NAME, Size, make_desk
from bench.timing import Row, command, cpu_of, script, shown, side_by_side
from secrel.rehearsal.playing import play
from secrel.rehearsal.story import read_story
from secrel.wiring import ANSWERS

STORY = "2021-10-28"
AT = datetime(2021, 10, 27, tzinfo=UTC)
"""When it is looked at: by the machine's clock, that release is overdue by years, and years of missed handovers."""
_COMMAND = f"""
import sys
from datetime import UTC, datetime
from secrel.cli.main import main
sys.argv[1:] = ["status", "{STORY}"]
main(clock=lambda: datetime.fromisoformat("{AT.isoformat()}"))
"""
LIBRARIES = "sqlalchemy, pygit2, jinja2, msgspec, cyclopts"
"""What the measure of a start is: these libraries, imported together."""
EAGER = """
import importlib, pkgutil, sys
import alembic.command, cvss, holidays, icalendar, jinja2, markdown_it, nh3, numpy, pygit2, rich.console, ruamel.yaml
import jsonschema_rs, secrel, sqlalchemy
for module in pkgutil.walk_packages(secrel.__path__, "secrel."):
    if ".migrations" not in module.name:
        importlib.import_module(module.name)
from secrel.cli.main import make_app, run
"""


def seventeen(folder: Path) -> None:
    """Play the release of 17 fixes until the day before it is due, which `AT` is in."""
    text = (resources.files("secrel.rehearsal") / "stories" / f"{STORY}.yaml").read_text("utf-8")
    story = read_story(text, STORY)
    play(story, folder, until=AT.replace(tzinfo=story.release.due.tzinfo))


def measure() -> Iterator[Row]:
    """Give a row for each command."""
    page = f"{EAGER}\nmake_app().help_print()"
    ours, naive = side_by_side(command(["--help"]), script(page), 7)
    busy = f"of ours {shown(cpu_of(command(['--help'])))} on the processor"
    yield Row("`secrel --help`", ours, naive, f"whole process, best of 7, {busy}; naive: all is loaded, the page made")
    with tempfile.TemporaryDirectory() as place:
        seventeen(Path(place) / "story")
        yield _status(STORY, Path(place) / "story", "17 fixes, the day before it is due")
        yield _beside_imports(Path(place) / "story")
        make_desk(Path(place) / "generated", Size())
        yield _status(NAME, Path(place) / "generated", "200 fixes, 5 series, 3 products, started")


def _beside_imports(folder: Path) -> Row:
    """Compare processor times of a status and of what it is built on: a ratio that lasts, whatever the machine.

    The first status finds out what the others find in the answers that it keeps; both are told.
    """
    status, imports = script(_COMMAND, str(folder)), script(f"import {LIBRARIES}")
    firsts, ours, theirs = [], [], []
    for _ in range(8):
        (folder / ANSWERS).unlink(missing_ok=True)
        firsts.append(cpu_of(status, 1))
        ours.append(cpu_of(status, 2))
        theirs.append(cpu_of(imports, 2))
    first, least, beside = min(firsts), min(ours), min(theirs)
    how = (
        f"processor, least of 16; beside it: import {LIBRARIES}; a status is {least / beside:.2f} of that, aim 0.60; "
        f"without kept answers {first / beside:.2f} ({shown(first)})"
    )
    return Row("`secrel status`, 17 fixes, beside the imports of libraries", least, beside, how)


def _status(release: str, folder: Path, what: str) -> Row:
    naive = f"{EAGER}\nsys.exit(run(['status', '{release}']))"
    ours, other = side_by_side(command(["status", release], str(folder)), script(naive, str(folder)), 7)
    busy = f"of ours {shown(cpu_of(command(['status', release], str(folder))))} on the processor"
    return Row(f"`secrel status`, {what}", ours, other, f"whole process, best of 7, {busy}; naive: all is loaded first")

"""The one room that opens doors: settings in, a desk out. Here the clock is read, and nowhere else.

What stands behind a door is loaded when the door is opened, so that a command waits for nothing that it does not use.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from msgspec.structs import replace

from secrel import answers
from secrel.adapters import answer_file
from secrel.adapters.git import refs, repository
from secrel.adapters.localforge import forge as local_forge
from secrel.adapters.localforge import store
from secrel.adapters.localforge.repository import places as repository_places
from secrel.adapters.localforge.repository import sites
from secrel.adapters.outbox import outbox
from secrel.desk import desk as desks
from secrel.evaluate import registry
from secrel.files import read_file, real
from secrel.journal import journal
from secrel.papers import environment
from secrel.papers.post import post
from secrel.plan import lines
from secrel.process import conventions, reading
from secrel.process import examples as process_examples
from secrel.reading import documents, largest
from secrel.roster import team as roster_team
from secrel.settings import FILE, GitLabSettings, LocalForgeSettings, Settings, load_settings
from secrel.wiring import hosted
from secrel.words import effects, people
from secrel.words.errors import Broken, Misused, SecrelError

if TYPE_CHECKING:
    from secrel.desk.desk import Desk
    from secrel.journal.waiting import Patience
    from secrel.papers.environment import Templates
    from secrel.ports.forge import ForgeReader, Writer
    from secrel.ports.history import History
    from secrel.ports.people import ForgePeople
    from secrel.process.conventions import RefNames
    from secrel.process.table import Process
    from secrel.wiring.hosted import Clock, Tell
    from secrel.words.people import Person

OF_THE_EXTRA = ("numpy", "pygit2")
"""What the extra `affected` brings; `pyproject.toml` has the same names."""
_FORMS = {"email": "secrel.papers.email.forms", "messages": "secrel.papers.messages.wording"}


ANSWERS = "answers.kept"
"""The file of a desk that keeps answers from one command to the next; it may be deleted at any time."""


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def check_extra(packages: Sequence[str] = OF_THE_EXTRA) -> None:
    """Raise `Misused` when the extra `affected` is not installed: before anything is begun, since a part cannot end it.

    The embedded forge, rehearsals and proofs need it: `packages` are what they load, and a light install leaves out.
    """
    if any(find_spec(name) is None for name in packages):
        raise Misused(
            "the embedded forge, rehearsals and proofs of ranges need the extra `affected`, which is not installed",
            remedy='pip install "secrel[affected]"',
        )


def open_process(settings: Settings) -> Process:
    """Open the process that the settings name: one that ships, or a file of the user's own."""
    if settings.process in reading.BUILTIN_NAMES:
        return registry.shipped(settings.process)

    file = settings.folder / settings.process
    remedy = f"name one of {', '.join(reading.BUILTIN_NAMES)}, or the path of a process file"
    text = read_file(file, "the process", most=largest.PROCESS, remedy=remedy)
    return reading.read_process(text, str(file), registry.vocabulary(lines.work_names()))


def open_team(settings: Settings, process: Process) -> tuple[Person, ...]:
    """Open the team's file, with the roles that the process knows."""
    remedy = "write the team file; secrel manual rotation shows one"
    text = read_file(settings.team, "the team", most=largest.TEAM, remedy=remedy)
    return roster_team.read_team(text, str(settings.team), process.roles.known()).people


def _made(kind: str, overrides: Mapping[str, str]) -> environment.Templates:
    if kind == "post":
        return post.post_templates(overrides)
    return environment.Templates.shipped(_FORMS[kind], overrides=overrides)


def own_templates(folder: Path | None) -> Mapping[str, Templates]:
    """Read the user's own templates: `post/…`, `email/…` and `messages/…` in their folder, over those that ship.

    Raises `Misused` for a folder that is not there, and for a file that leads out of it.
    """
    if folder is None:
        return {}
    try:
        is_there = folder.is_dir()
    except OSError:  # such as a name that is too long
        is_there = False
    if not is_there:
        raise Misused("there is no folder of templates", where=str(folder), remedy="make it, or leave `templates` out")
    kinds = (kind for kind in ("post", *_FORMS) if (folder / kind).is_dir())
    return {kind: _made(kind, _texts(folder, kind)) for kind in kinds}


def _texts(home: Path, kind: str) -> Mapping[str, str]:
    """Read the files below a folder of templates; a link must not bring in what lies elsewhere."""
    found: dict[str, str] = {}
    folder, remedy = home / kind, "put the template itself there, or take it away"
    for file in [folder, *sorted(folder.rglob("*"))]:
        if _leads_out(file, home):
            raise Misused("a template is a link out of its folder", where=str(file), remedy=remedy)
        if not file.is_dir():
            text = read_file(file, "a template", most=largest.TEMPLATE, remedy=remedy)
            found[file.relative_to(folder).as_posix()] = documents.plain_text(text, str(file), largest.TEMPLATE)
    return found


def _leads_out(file: Path, home: Path) -> bool:
    return not real(file).is_relative_to(real(home))


def open_forge(settings: Settings, process: Process, clock: Clock, *, durable: bool = True) -> local_forge.LocalForge:
    """Open the embedded forge; `durable` False is for rehearsals.

    Raises `Misused` without the extra `affected`, and for a desk whose forge is another one: people use that itself.
    """
    if not isinstance(settings.forge, LocalForgeSettings):
        what = f"this desk is on {settings.forge.url}, and only the embedded forge is used through commands"
        raise Misused(what, where=str(settings.folder / FILE), remedy=f"do it at {settings.forge.url}")
    check_extra()

    options = store.StoreOptions(durable=durable)
    public = {*filter(None, [process.projects.get("canonical_site")])}
    return local_forge.LocalForge(
        settings.forge.database, settings.repositories, process.products, clock, public=public, options=options
    )


def open_reader(settings: Settings, process: Process, clock: Clock, tell: Tell = None) -> ForgeReader:
    """Open the forge that the settings name, to look at it; `tell` hears what it waits for."""
    if isinstance(settings.forge, GitLabSettings):
        return hosted.open_gitlab(settings, process, clock, tell)
    return open_forge(settings, process, clock)


def writers_of(*writers: Writer) -> Mapping[type[effects.Action], Writer]:
    """Give the writer of every kind of action; raises `Broken` for a kind that none of them writes, or two of them."""
    table: dict[type[effects.Action], Writer] = {}
    for kind in get_args(effects.Action):
        theirs = [writer for writer in writers if kind in writer.kinds]
        if len(theirs) != 1:
            raise Broken(f"{kind.__name__} has {len(theirs)} writers, and each kind of effect has exactly one")
        table[kind] = theirs[0]
    return table


def check_sites(settings: Settings, process: Process) -> None:
    """Raise `Misused` when drafts would lie where everybody can read them: one place for both sites.

    The places are looked at through libgit2, so that it raises it as well without the extra `affected`.
    """
    check_extra()

    names = [process.projects.get(name, "") for name in ("security_site", "canonical_site")]
    places = [
        repository_places.place_of(settings.repositories[name])
        for name in dict.fromkeys(names)
        if name in settings.repositories
    ]
    if any(one.is_one_with(other) for one, other in combinations(places, 2)):
        raise Misused(
            f"{' and '.join(names)} are one repository, so that drafts would be public",
            where=str(settings.folder / FILE),
            remedy="give the draft's site a repository of its own",
        )


def _history_of(settings: Settings, project: str) -> History | None:
    path = settings.repositories.get(project)
    return repository.GitHistory(path) if path is not None else None


def open_desk(
    settings: Settings,
    by: str,
    clock: Clock = now,
    *,
    durable: bool = True,
    patience: Patience | None = None,
) -> desks.Desk:
    """Open the desk of `settings` for the person `by` (empty: nobody sits at it).

    Raises `Misused` or `Broken` for what cannot be opened. `durable` False is for rehearsals: nothing waits for the
    disk. `patience` is how it waits for other desks, and who hears what it waits for.
    """
    process = open_process(settings)
    team = open_team(settings, process)
    if isinstance(settings.forge, GitLabSettings):
        forge, writer, place = hosted.open_doors(settings, process, clock, team, patience.tell if patience else None)
    else:
        check_sites(settings, process)
        own = open_forge(settings, process, clock, durable=durable)
        forge, writer, place = own, own, f"embedded forge {settings.forge.database.name}"
    return desks.Desk(
        process=process,
        team=team,
        forge=forge,
        writers=writers_of(writer, outbox.Outbox(settings.outbox, clock)),
        journal=journal.Journal(settings.journal, patience, durable=durable),
        now=clock,
        actor=people.actor_of(team, by) if by else people.NOBODY,
        targets=(place, f"outbox {settings.outbox.name}"),
        templates=own_templates(settings.templates),
        histories=cache(lambda project: _history_of(settings, project)),
    )


def open_history(path: Path, mirrors: Sequence[Path], cache: Path | None) -> History:
    """Open a git repository to prove ranges from; `cache` None keeps its index in the user's cache folder.

    What its contents showed to earlier commands is kept there, too.
    """
    kept = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "secrel"
    _take_answers(kept)
    return repository.GitHistory(path, tuple(mirrors), kept)


def ref_names(path: Path) -> RefNames:
    """Give the names of branches and tags in a repository; none where it does not answer: the doctor says so."""
    try:
        return conventions.RefNames(*refs.own_names(path))
    except SecrelError:
        return conventions.RefNames()


def make_site_repository(folder: Path, branch: str, at: datetime) -> None:
    """Make the repository of a site, with a first commit. Raises `Misused` without the extra `affected`."""
    check_extra()

    sites.make_site(folder, branch, at)


def desk_at(folder: Path, by: str, clock: Clock = now, patience: Patience | None = None) -> Desk:
    """Open the desk that lies in `folder`; `patience` is how it waits for other desks.

    It is one for the real world: with examples in its process it publishes nothing.
    """
    settings = load_settings(real(folder))
    _take_answers(settings.folder)
    desk = open_desk(settings, by, clock, patience=patience)
    return replace(desk, examples=lambda: process_examples.told(process_examples.examples(desk.process)))


def _take_answers(folder: Path) -> None:
    """Take along what was found out at this desk by earlier commands, and keep what this one finds out."""
    file, program = folder / ANSWERS, answer_file.program(Path(__file__).parents[1])
    answers.take(answer_file.read_answers(file, program), partial(answer_file.write_answers, file, program))


def people_at(folder: Path, clock: Clock = now) -> ForgePeople:
    """Open the side of the embedded forge that people use, for the desk in `folder`."""
    settings = load_settings(real(folder))
    return open_forge(settings, open_process(settings), clock).people

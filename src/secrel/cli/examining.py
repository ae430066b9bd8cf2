"""Look whether a desk can work: one line for everything it needs."""

from __future__ import annotations

import stat
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from zoneinfo import available_timezones

from secrel.cli.complaining import waiting
from secrel.cli.doubts import doubt_and_way
from secrel.desk.remembering import forgotten, lost_and_way
from secrel.evaluate.remedies import quoted
from secrel.files import real
from secrel.journal.entries import Entry, in_doubt
from secrel.journal.journal import Journal
from secrel.observe.observing import releases, tracked
from secrel.papers.forms import check_form
from secrel.process.conventions import strangers
from secrel.process.examples import NOBODYS, examples, told
from secrel.process.reading import BUILTIN_NAMES
from secrel.process.table import GIT, Process
from secrel.roster.rota import RELAXED
from secrel.settings import FILE, GitLabSettings, Settings, load_settings
from secrel.wiring import check_sites, now, open_process, open_reader, open_team, own_templates, ref_names
from secrel.wiring.hosted import examine_gitlab
from secrel.words.documents import TABLE
from secrel.words.errors import SecrelError
from secrel.words.examined import Examined, Needs
from secrel.words.forge import Issue
from secrel.words.parts import Seen
from secrel.words.people import actor_of
from secrel.words.releases import joined
from secrel.words.tracking import doubts_of

_ACCOUNTS = ("release_managers", "release_bot", "cna")
"""Roles of people whom things are assigned to, or whose words count: a group can be neither."""
_ANSWERS = "GitLab"
"""The line about a GitLab that says whether it answers: when it does not, nothing else is asked of it."""


def _tried(name: str, look: Callable[[], str]) -> Examined:
    try:
        return Examined(name, is_well=True, said=look())
    except SecrelError as fault:
        return Examined(name, is_well=False, said=str(fault), remedy=fault.remedy)
    except OSError as fault:
        said = f"{fault.filename or 'the folder'}: {fault.strerror}"
        return Examined(name, is_well=False, said=said, remedy="look at the rights of the folder, and at the disk")


def _git() -> Examined:
    try:
        told = subprocess.run(["git", "--version"], capture_output=True, check=True, encoding="utf-8").stdout.strip()  # noqa: S607 - whichever git the user has
    except (OSError, subprocess.CalledProcessError):
        return Examined("git", is_well=False, said="git does not answer", remedy="install git")
    return Examined("git", is_well=True, said=told)


def _repositories(settings: Settings, process: Process) -> Iterator[Examined]:
    needed = [product.repository for product in process.products if GIT not in process.lacks]
    needed += [name for key in ("security_site", "canonical_site") if (name := process.projects.get(key))]
    mend = f"it in {settings.folder / FILE}"
    for project in dict.fromkeys(needed):
        path = settings.repositories.get(project)
        if path is None:
            yield Examined(
                "repository", is_well=False, said=f"{project} has none", remedy=f"name it in {settings.folder / FILE}"
            )
        elif not (path / "HEAD").exists() and not (path / ".git").exists():
            said = f"{project}: {real(path)} is no git repository"
            yield Examined("repository", is_well=False, said=said, remedy=f"correct {mend}")
        else:
            yield Examined("repository", is_well=True, said=f"{project}: {real(path)}")
    yield from _conventions(settings, process)
    yield from _sites(settings, process)


def _conventions(settings: Settings, process: Process) -> Iterator[Examined]:
    """Say where a product's repository names its branches and tags otherwise than the process does."""
    for product in process.products:
        path = settings.repositories.get(product.repository)
        for key, said in strangers(product, ref_names(path)) if path else ():
            mend = f"correct {key} of [[product]] {product.key} in {settings.folder / settings.process}"
            yield Examined("names", is_well=False, said=f"{product.repository} {said}", remedy=mend, can_wait=True)


def _sites(settings: Settings, process: Process) -> Iterator[Examined]:
    """Say when the two sites are one place, and when others on this machine can read what is private."""
    try:
        check_sites(settings, process)
    except SecrelError as fault:
        yield Examined("sites", is_well=False, said=str(fault), remedy=fault.remedy)
    private = {product.repository for product in process.products} | {process.projects.get("security_site", "")}
    private -= {process.projects.get("canonical_site", "")}
    for project in sorted(private & settings.repositories.keys()):
        path = real(settings.repositories[project])
        if path.is_dir() and path.stat().st_mode & stat.S_IROTH and path.stat().st_mode & stat.S_IXOTH:
            said = f"{project}: everybody on this machine may look into {path}, if they reach it"
            yield Examined("private", is_well=True, said=said, remedy=f"chmod o-rwx {quoted(str(path))}")


def _examples(settings: Settings, process: Process) -> Iterator[Examined]:
    """Say what is still an example; a process that ships cannot be changed, only replaced by one's own."""
    file = settings.folder / settings.process
    for place in told(examples(process)):
        said = f"still an example, and refused when something would become public: {place}"
        remedy = f"put your own in their place in {file}, or say them again: secrel init --help"
        remedy += f"; {NOBODYS}" if place.startswith("[addresses]") else ""
        if settings.process in BUILTIN_NAMES:
            remedy = f"name a process file of your own in {settings.folder / FILE}; secrel init writes one"
        yield Examined("example", is_well=False, said=said, remedy=remedy, can_wait=True)


def _forge(settings: Settings, process: Process) -> Iterator[Examined]:
    """Say how many releases the forge has, and which open tracking issues nobody can tell apart."""
    open_now: list[Issue] = []

    def look() -> str:
        forge = open_reader(settings, process, now, waiting)
        open_now.extend(tracked(forge, process))
        theirs = [issue.ref for issue in open_now if not issue.mark]
        others = f"; no desk opened the tracking issue{'s' if theirs[1:] else ''} {joined(theirs)}" if theirs else ""
        return f"{len(releases(forge, process))} releases{others}"

    yield _tried("forge", look)
    for doubt in doubts_of(open_now, process.labels.get("critical", "")):
        yield Examined("tracking", is_well=False, said=str(doubt), remedy=doubt.remedy)


def _usernames(settings: Settings, process: Process) -> list[str]:
    """Give the team; none where its file cannot be read, which is said by itself."""
    try:
        return [person.username for person in open_team(settings, process)]
    except SecrelError:
        return []


def _needs(process: Process, team: Iterable[str]) -> Needs:
    """Give what the desk uses of a GitLab; `team` are the usernames of those at the desk."""
    repositories = [product.repository for product in process.products]
    roles = {repository: ["security"] for repository in repositories}
    roles.setdefault(process.projects.get("tracking", ""), []).extend(["security", "upcoming", "critical"])
    for identity in TABLE.values():
        roles.setdefault(process.projects.get(identity.project, ""), []).append(identity.label)
    for gate in process.gates:
        if role := gate.told("companion"):
            roles.setdefault(process.projects.get(role, ""), []).extend([role, *gate.told("one_of")])
    labels = {
        project: tuple(dict.fromkeys(process.labels[role] for role in names if role in process.labels))
        for project, names in roles.items()
        if project
    }
    hidden = {process.projects.get(role, "") for role in ("security_site", "cves", "checklist", "communications")}
    teams = dict.fromkeys(team for gate in process.gates for team in gate.told("approvals") or ())
    accounts = dict.fromkeys(team, "the team file")
    accounts |= {name: f"{role} of [people]" for role in _ACCOUNTS if (name := process.people.get(role))}
    beside = {process.projects.get(gate.told("companion") or "", "") for gate in process.gates}
    made_in = {process.projects.get(identity.project, "") for identity in TABLE.values()} | {*repositories}
    looked_at = frozenset(beside - made_in - {""})
    return Needs(labels, frozenset(hidden | set(repositories)) - {""}, tuple(teams), accounts, looked_at)


def _gitlab(settings: Settings, process: Process) -> Iterator[Examined]:
    """Say what a GitLab has of all that the desk needs of it; its first line says whether it answers at all."""
    try:
        yield from examine_gitlab(settings, process, now, _needs(process, _usernames(settings, process)))
    except SecrelError as fault:
        yield Examined(_ANSWERS, is_well=False, said=str(fault), remedy=fault.remedy)


def _form(settings: Settings, process: Process) -> str:
    check_form(process.defaults.form, own_templates(settings.templates), f"{settings.process}: [defaults]")
    return process.defaults.form


def _outbox(settings: Settings) -> str:
    settings.outbox.mkdir(parents=True, exist_ok=True)
    return f"{settings.outbox}"


def _team(settings: Settings, process: Process) -> str:
    """Name the team; of one that has no two pairs from different regions, say what it needs before a second release."""
    people = open_team(settings, process)
    largest = max(Counter(person.region for person in people).values(), default=0)
    pairs = min(len(people) // 2, len(people) - largest)
    said = ", ".join(person.username for person in people)
    if pairs == 1 and not process.defaults.in_a_row:
        return f"{said}; too few for two releases in a row: {RELAXED}"
    return said


def _sitting(settings: Settings, process: Process, by: str) -> Iterator[Examined]:
    """Say whether the one who is named is of the team; without a team nobody can tell."""
    try:
        actor = actor_of(open_team(settings, process), by)
    except SecrelError:
        return
    if actor.roles:
        yield Examined("you", is_well=True, said=f"{actor.username}: {', '.join(sorted(actor.roles))}")
    else:
        yield Examined(
            "you",
            is_well=False,
            said=f"{by[:60]!r} is not in the team, and may change nothing",
            remedy=f"set SECREL_BY to a username of {settings.team.name} (or --by USERNAME), or write yourself into it",
        )


def _remembered(settings: Settings) -> Iterator[Examined]:
    """Say how much the journal has, and what the desk began and never finished."""
    entries: list[Entry] = []

    def read() -> str:
        entries.extend(Journal(settings.journal).entries())
        return f"{len(entries)} entries"

    yield _tried("journal", read)
    for intent in in_doubt(entries):
        what, way = doubt_and_way(intent, looked=False)
        yield Examined("in doubt", is_well=False, said=f"{intent.release}: {what}", remedy=way)


def _lost(settings: Settings, process: Process) -> Iterator[Examined]:
    """Say when the journal knows nothing of what the forge has; when one of them is not there, that was said before."""
    try:
        forge, journal = open_reader(settings, process, now, waiting), Journal(settings.journal)
        found = {one.release: forgotten(forge, process, journal, one.release) for one in releases(forge, process)}
    except SecrelError:
        return
    for name, part in found.items():
        if isinstance(part, Seen) and part.value:
            what, way = lost_and_way(name, part.value)
            yield Examined("journal", is_well=False, said=f"{name}: {what}", remedy=way)


def examine(folder: Path, by: str = "") -> Iterator[Examined]:
    """Look at everything the desk in `folder` needs, for the person `by` (empty: nobody is named).

    Later lines are left out when an earlier one makes them moot.
    """
    yield _git()
    yield Examined("time zones", bool(available_timezones()), f"{len(available_timezones())} are known")
    name = "settings"
    try:
        settings = load_settings(real(folder))
        yield Examined(name, is_well=True, said=str(settings.folder))
        name = "process"
        process = open_process(settings)
    except SecrelError as fault:
        yield Examined(name, is_well=False, said=str(fault), remedy=fault.remedy)
        return
    yield Examined(name, is_well=True, said=f"{process.title}: {len(process.gates)} gates")
    yield from _examples(settings, process)
    if process.defaults.form:
        yield _tried("form", lambda: _form(settings, process))
    yield _tried("team", lambda: _team(settings, process))
    yield from _sitting(settings, process, by) if by else ()
    is_hosted = isinstance(settings.forge, GitLabSettings)
    is_there = True
    for line in _gitlab(settings, process) if is_hosted else _repositories(settings, process):
        is_there = is_there and (line.is_well or line.name != _ANSWERS)
        yield line
    yield from _forge(settings, process) if is_there else ()
    yield from _remembered(settings)
    yield from _lost(settings, process) if is_there else ()
    yield _tried("outbox", lambda: _outbox(settings))

"""The files of a new desk; nothing that is there is overwritten."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from secrel.evaluate.registry import shipped, vocabulary
from secrel.files import read_file, real
from secrel.process.conventions import conventions
from secrel.process.filling import Place, VendorNames, filled
from secrel.process.reading import builtin_text, read_process
from secrel.process.table import GIT, Process
from secrel.reading import largest
from secrel.settings import FILE, read_settings
from secrel.shipped import text_beside
from secrel.wiring import check_extra, make_site_repository, ref_names
from secrel.words.errors import Broken, Misused
from secrel.words.patterns import pattern

_NOTHING = "without = []"
_SITES = ("security_site", "canonical_site")
_OWN = "process.toml"
_REPOSITORIES = pattern(r"^\[repositories\][^\n]*\n", re.MULTILINE)


def _pairs(given: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in given:
        project, sign, path = text.partition("=")
        if not sign or not project or not path:
            raise Misused(f"--repository {text[:80]!r} is no pair", remedy="write it as --repository PROJECT=PATH")
        pairs[project] = path
    return pairs


def _settings(process: str, repositories: Mapping[str, str], missing: Sequence[str]) -> str:
    lines = [
        "# The settings of this desk; secrel manual settings explains every one.",
        f"process = {json.dumps(process)}",
        'journal = "journal.db"',
        'team = "team.toml"',
        'outbox = "outbox"',
        "",
        "[forge]",
        'kind = "local"',
        'database = "forge.db"',
        "",
        "# The git repository of each project: absolute, or from this folder.",
        "[repositories]",
        *(f"{json.dumps(project)} = {json.dumps(path)}" for project, path in repositories.items()),
        *(f"# {json.dumps(project)} = {json.dumps('../PATH')}" for project in missing),
    ]
    return "\n".join(lines) + "\n"


def _write(file: Path, text: str) -> Iterator[str]:
    """Write a file that is not there, or to which something was added; `text` empty leaves what is there."""
    if file.exists() and (not text or _there(file) == text):
        yield f"kept   {file}"
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as fault:
        raise Broken(
            f"cannot write ({fault.strerror})", where=str(file), remedy="look at the folder's rights and the disk"
        ) from fault
    yield f"wrote  {file}"


def example(name: str) -> str:
    """Give the text of an example file that ships: `team.toml` or `release.yaml`."""
    return text_beside("secrel.cli", f"examples/{name}")


def make_desk(
    folder: Path,
    process_name: str,
    given: Sequence[str],
    names: VendorNames,
    at: datetime,
    *,
    without: Sequence[str] = (),
) -> Iterator[str]:
    """Make the files of a desk in `folder`, at the instant `at`, with the vendor's own `names`; gives a line for each.

    `without` is what the vendor does not have, as the process file says it.

    Paths that are `given` are taken from where one stands. Raises `Misused` for what is no pair, for names that the
    process cannot hold, and without the extra `affected`; `Broken` when the folder cannot be written.
    """
    check_extra()
    process = _process_there(folder / _OWN, process_name)
    is_own = process_name == "generic"  # a vendor's own names have to go into it
    if (names.values() or without) and not is_own:
        raise Misused(f"the process {process_name} has its names", remedy="leave your own out, or --process generic")
    repositories = {project: _from_desk(path, folder) for project, path in _pairs(given).items()}
    told = names.values()
    if is_own and not (folder / _OWN).exists():
        told = {**told, **_projects(process, [*repositories])}
    own = _own_process(folder / _OWN, told, without) if is_own else ""
    process = read_process(own, str(folder / _OWN), vocabulary()) if own else process
    found: Sequence[str] = ()
    product = repositories.get(process.products[0].repository)
    if product and own and not (folder / _OWN).exists():
        own, found = _as_the_repository(own, real(real(folder) / product))
    known = repositories.keys() | _known(folder / FILE).keys()
    sites = [project for name in _SITES if (project := process.projects.get(name)) and project not in known]
    for number, project in enumerate(dict.fromkeys(sites)):
        place = f"site{number or ''}.git"
        repositories[project] = place
        if (folder / place).exists():
            yield f"kept   {folder / place}"
            continue
        make_site_repository(folder / place, process.projects.get("site_branch", "main"), at)
        yield f"made   {folder / place}"
    products = dict.fromkeys(product.repository for product in process.products if GIT not in process.lacks)
    missing = [project for project in products if project not in known]
    fresh = _settings(_OWN if is_own else process_name, repositories, missing)
    yield from _write(folder / FILE, _with_repositories(folder / FILE, repositories) or fresh)
    if is_own:
        yield from _write(folder / _OWN, own)
        yield from (f"read   {said}" for said in found)
    for name in ("team.toml", "release.yaml"):
        yield from _write(folder / name, "" if (folder / name).exists() else example(name))
    for project in missing:
        yield f"needed {project}: name its git repository in {folder / FILE}"
    known_there = {*process.projects.values(), *(product.repository for product in process.products)}
    for project in (one for one in repositories if one not in known_there):
        yield f"needed {project}: a [[product]] with this repository in {folder / _OWN if is_own else 'the process'}"


def _projects(process: Process, given: Sequence[str]) -> Mapping[Place, str]:
    """Give the product's project, and the group of all others, as the first repository that was named says them.

    Nothing, where the process's own name of the product was named.
    """
    example = process.products[0].repository
    own = [project for project in given if project not in process.projects.values()]
    if example in own or not own:
        return {}
    group, mine = example.rpartition("/")[0], own[0].rpartition("/")[0]
    beside = {key: name for key, name in process.projects.items() if mine and name.startswith(f"{group}/")}
    there = {("projects", key): f"{mine}{name.removeprefix(group)}" for key, name in beside.items()}
    return {("product", "repository"): own[0], **there}


def _from_desk(path: str, folder: Path) -> str:
    """Give a path that was named from where one stands as the desk's folder sees it."""
    there = real(Path(path).expanduser())
    try:
        return Path(os.path.relpath(there, real(folder))).as_posix()
    except ValueError:  # on another drive
        return str(there)


def _there(file: Path) -> str:
    """Give the text of a file of the desk, and nothing for one that is not there."""
    if not file.exists():
        return ""
    return read_file(file, "the file", most=largest.PROCESS, remedy="look at its name and rights").decode(
        "utf-8", "replace"
    )


def _known(file: Path) -> Mapping[str, Path]:
    text = _there(file)
    return read_settings(file.parent, text).repositories if text else {}


def _with_repositories(file: Path, repositories: Mapping[str, str]) -> str:
    """Give the settings that are there with the repositories that they do not name yet; empty when there are none."""
    text, known = _there(file), _known(file)
    for project, path in repositories.items():
        if project not in known:
            text = re.sub(rf"^# {re.escape(json.dumps(project))} = .*\n", "", text, flags=re.MULTILINE)
            text, count = _REPOSITORIES.subn(rf"\g<0>{json.dumps(project)} = {json.dumps(path)}\n", text, count=1)
            if text and not count:
                raise Misused("there is no [repositories]", where=str(file), remedy=f"add it, with {project} in it")
    return text


def _as_the_repository(text: str, repository: Path) -> tuple[str, Sequence[str]]:
    """Give a new process file with the product's branches and tags as its repository names them, and what was read."""
    seen = conventions(ref_names(repository))
    said: list[str] = [
        f"{key} = {json.dumps(value)} from the names in {repository}" for (_, key), value in seen.items()
    ]
    return filled(text, text, seen)[0], said


def _process_there(file: Path, name: str) -> Process:
    """Give the process that a desk follows by now, whose projects somebody may have renamed, or else the one named."""
    text = _there(file) if name == "generic" else ""
    return read_process(text, str(file), vocabulary()) if text else shipped(name)


def _own_process(file: Path, told: Mapping[Place, str], without: Sequence[str]) -> str:
    """Give the desk's process file, with what was said filled in wherever nobody wrote anything else."""
    if file.exists() and not (told or without):
        return ""
    shipped_text = builtin_text("generic")
    text, others = filled(_there(file) or shipped_text, shipped_text, told, str(file))
    for (section, key), there in others.items():
        raise Misused(
            f"[{section}] {key} is {there!r} there, and was given otherwise" if there else f"[{section}] has no {key}",
            where=str(file),
            remedy="change it there, or leave the option out",
        )
    if without and _NOTHING not in text:
        raise Misused("it says already what you are without", where=str(file), remedy="change `without` there")
    return text.replace(_NOTHING, f"without = {json.dumps(list(without))}", 1) if without else text

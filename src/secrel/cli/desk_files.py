"""The files of a new desk; nothing that is there is overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path

from secrel.evaluate.registry import shipped
from secrel.process.reading import builtin_text
from secrel.settings import FILE
from secrel.wiring import make_site_repository
from secrel.words.errors import Broken, Misused

_SITES = ("security_site", "canonical_site")


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
        "# The settings of this desk; docs/settings.md explains every one.",
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
    if file.exists():
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
    return (resources.files("secrel.cli") / "examples" / name).read_text("utf-8")


def make_desk(folder: Path, process_name: str, given: Sequence[str], at: datetime) -> Iterator[str]:
    """Make the files of a desk in `folder`, at the instant `at`; gives a line for each.

    Raises `Misused` for what is no pair, `Broken` when the folder cannot be written.
    """
    process = shipped(process_name)
    repositories = _pairs(given)
    sites = [project for name in _SITES if (project := process.projects.get(name)) and project not in repositories]
    for number, project in enumerate(dict.fromkeys(sites)):
        place = f"site{number or ''}.git"
        repositories[project] = place
        if (folder / place).exists():
            yield f"kept   {folder / place}"
            continue
        make_site_repository(folder / place, process.projects.get("site_branch", "main"), at)
        yield f"made   {folder / place}"
    products = dict.fromkeys(product.repository for product in process.products)
    missing = [project for project in products if project not in repositories]
    own = "process.toml"
    is_own = process_name == "generic"  # a vendor's own names have to go into it
    yield from _write(folder / FILE, _settings(own if is_own else process_name, repositories, missing))
    if is_own:
        yield from _write(folder / own, builtin_text(process_name))
    yield from _write(folder / "team.toml", example("team.toml"))
    yield from _write(folder / "release.yaml", example("release.yaml"))
    for project in missing:
        yield f"needed {project}: name its git repository in {folder / FILE}"

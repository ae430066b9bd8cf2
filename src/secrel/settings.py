"""The desk's settings: one TOML file, values with the places they came from (style 4.7)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from secrel.words.errors import Misused

FILE = "secrel.toml"


class _LocalForge(msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag_field="kind", tag="local"):
    database: str = "forge.db"


class _Told(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    process: str = "gitlab"
    journal: str = "journal.db"
    team: str = "team.toml"
    outbox: str = "outbox"
    templates: str = ""
    forge: _LocalForge = _LocalForge()
    repositories: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class LocalForgeSettings:
    """The embedded forge: the file it is kept in."""

    database: Path


ForgeSettings = LocalForgeSettings
"""Where the release is tracked, by its kind: each further kind of forge is one more type in this union."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a desk needs to open: paths are absolute; `journal` is a file, or a database URL.

    `folder` is the desk's own folder, where `secrel.toml` lies; `repositories` maps projects to git repositories.
    """

    folder: Path
    process: str
    journal: str
    team: Path
    outbox: Path
    templates: Path | None
    forge: ForgeSettings
    repositories: Mapping[str, Path]


_HEADER = re.compile(r"\s*\[\s*\"?([^\]\"]*?)\"?\s*\]")
_PATH = re.compile(r"\.(\w+)(?:\.(\w+)|(\[))?")
_KEY = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([\w-]+))\s*[=.]")


def _line_of(text: str, table: str, name: str) -> int:
    """Find the line on which a table (empty: the file's own) says `name`; else the table's own; else the first."""
    here, best = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            here = header[1]
            best = number if here == (table or name) else best
        elif key := _KEY.match(line):
            said = next(filter(None, key.groups()), "")
            if (here, said) == (table, name):
                return number
            best = number if not here and said == table else best
    return best


def _wrong(text: str, fault: msgspec.ValidationError) -> tuple[str, int]:
    """Tell what is wrong with the settings, by the setting's name, and on which line."""
    what, _, path = str(fault).partition(" - at `$")
    if path == ".forge.kind`" and what.startswith("Invalid value"):
        said = what.replace("Invalid value", "there is no forge")
        return f'{said}; the embedded one is kind = "local"', _line_of(text, "forge", "kind")
    found = _PATH.match(path)
    table, name, is_within = (found[1], found[2] or "", found[3]) if found else ("", "", None)
    unknown = re.search(r"unknown field `([^`]*)`", what)
    if unknown:
        name, what = unknown[1], f"there is no setting {unknown[1][:40]!r}"
    elif not name and not is_within:
        table, name = "", table
    named = name or table
    return (what if unknown or not named else f"{named}: {what}"), _line_of(text, table, name)


def _decoded(text: str, place: str) -> _Told:
    try:
        return msgspec.convert(tomllib.loads(text), _Told)
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"line (\d+)", str(fault))
        line = found[1] if found else text.count("\n") + 1
        remedy = "correct the line; docs/settings.md has every setting"
        raise Misused(f"this is not TOML ({fault})", where=f"{place}:{line}", remedy=remedy) from fault
    except msgspec.ValidationError as fault:
        what, number = _wrong(text, fault)
        remedy = "correct the setting; docs/settings.md has them all"
        raise Misused(what, where=f"{place}:{number}", remedy=remedy) from fault


def _check(told: _Told, text: str, place: str) -> None:
    """Raise `Misused` for settings that are of the right kind, and cannot be meant."""
    paths = {"journal": told.journal, "team": told.team, "outbox": told.outbox, "process": told.process}
    empty = next((name for name, path in paths.items() if not path.strip()), None)
    if empty is not None:
        raise Misused(
            f"{empty}: it is empty",
            where=f"{place}:{_line_of(text, '', empty)}",
            remedy="name a file, or leave the line out",
        )
    if told.journal == told.forge.database:
        raise Misused(
            "the journal and the forge are one file",
            where=f"{place}:{_line_of(text, '', 'journal')}",
            remedy="give each a file of its own",
        )


def read_settings(folder: Path, text: str) -> Settings:
    """Read the text of a `secrel.toml` that lies in `folder`; raises `Misused` with file and line."""
    place = f"{folder / FILE}"
    told = _decoded(text, place)
    _check(told, text, place)
    return Settings(
        folder=folder,
        process=told.process,
        journal=told.journal if "://" in told.journal else str(folder / told.journal),
        team=folder / told.team,
        outbox=folder / told.outbox,
        templates=folder / told.templates if told.templates else None,
        forge=LocalForgeSettings(folder / told.forge.database),
        repositories={project: folder / path for project, path in told.repositories.items()},
    )


def load_settings(folder: Path) -> Settings:
    """Read the settings of the desk in `folder`; raises `Misused` when there is no desk, or they are wrong."""
    file = folder / FILE
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError as fault:
        raise Misused(
            "there is no desk here", where=str(folder), remedy="make one: secrel init, or name its folder: --desk DIR"
        ) from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise Misused(
            f"cannot read the settings ({fault.__class__.__name__})", where=str(file), remedy="look at the file"
        ) from fault
    return read_settings(folder, text)

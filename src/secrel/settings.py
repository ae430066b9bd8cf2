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


class _Forge(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    kind: str = "local"
    database: str = "forge.db"


class _Told(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    process: str = "gitlab"
    journal: str = "journal.db"
    team: str = "team.toml"
    outbox: str = "outbox"
    templates: str = ""
    forge: _Forge = _Forge()
    repositories: dict[str, str] = {}


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
    forge_database: Path
    repositories: Mapping[str, Path]


def _line_of(text: str, path: str) -> int:
    """Find the line that a complaint such as `$.forge.kind` is about; 1 when there is no better answer."""
    name = re.split(r"[.\[]", path)[-1].strip("`]'\" ")
    found = re.search(rf"^\s*\"?{re.escape(name)}\"?\s*=", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def read_settings(folder: Path, text: str) -> Settings:
    """Read the text of a `secrel.toml` that lies in `folder`; raises `Misused` with file and line."""
    place = f"{folder / FILE}"
    try:
        told = msgspec.convert(tomllib.loads(text), _Told)
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"line (\d+)", str(fault))
        raise Misused(
            f"this is not TOML ({fault})",
            where=f"{place}:{found[1] if found else 1}",
            remedy="correct the line; docs/settings.md has every setting",
        ) from fault
    except msgspec.ValidationError as fault:
        path = str(fault).rpartition("`$")[2] or re.sub(r".*unknown field ", "", str(fault))
        raise Misused(
            str(fault).split(" - at")[0],
            where=f"{place}:{_line_of(text, path)}",
            remedy="correct the setting; docs/settings.md has them all",
        ) from fault
    if told.forge.kind != "local":
        raise Misused(
            f"there is no forge {told.forge.kind[:40]!r}",
            where=f"{place}:{_line_of(text, 'kind')}",
            remedy='use the embedded forge: kind = "local"',
        )
    return Settings(
        folder=folder,
        process=told.process,
        journal=told.journal if "://" in told.journal else str(folder / told.journal),
        team=folder / told.team,
        outbox=folder / told.outbox,
        templates=folder / told.templates if told.templates else None,
        forge_database=folder / told.forge.database,
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
        raise Misused(f"cannot read the settings ({fault})", where=str(file), remedy="look at the file") from fault
    return read_settings(folder, text)

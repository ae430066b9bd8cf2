"""The desk's settings: one TOML file, values with the places they came from (style 4.7)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Struct

from secrel.files import read_file
from secrel.reading import largest
from secrel.reading.documents import Faults
from secrel.reading.toml import read_toml
from secrel.words.errors import Misused

FILE = "secrel.toml"
_REMEDY = "correct the setting; secrel manual settings has them all"
_Named = Annotated[
    str, msgspec.Meta(pattern=r"\S", description="a text that is not empty; leave it out for the default")
]


class _LocalForge(msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag_field="kind", tag="local"):
    database: _Named = "forge.db"


class _Told(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    process: _Named = "gitlab"
    journal: _Named = "journal.db"
    team: _Named = "team.toml"
    outbox: _Named = "outbox"
    templates: str = ""
    forge: _LocalForge = _LocalForge()
    repositories: dict[str, str] = {}


class LocalForgeSettings(Struct, frozen=True):
    """The embedded forge: the file it is kept in."""

    database: Path


ForgeSettings = LocalForgeSettings
"""Where the release is tracked, by its kind: each further kind of forge is one more type in this union."""


class Settings(Struct, frozen=True):
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


def read_settings(folder: Path, text: str | bytes) -> Settings:
    """Read the text of a `secrel.toml` that lies in `folder`; raises `Malformed` with file and line."""
    document = read_toml(text, f"{folder / FILE}", most=largest.SETTINGS, remedy=_REMEDY)
    told, faults = document.decode(_Told), Faults(document)
    if told.journal == told.forge.database:
        faults.add(("journal",), "the journal and the forge are one file", "give each a file of its own")
    faults.raise_if_any()
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
    if not file.exists():
        raise Misused(
            "there is no desk here", where=str(folder), remedy="make one: secrel init, or name its folder: --desk DIR"
        )
    text = read_file(file, "the settings", most=largest.SETTINGS, remedy="look at the file")
    return read_settings(folder, text)

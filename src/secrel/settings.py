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
_TOKEN = "GITLAB_TOKEN"  # noqa: S105 - the name of a variable
_REMEDY = "correct the setting; secrel manual settings has them all"
_Named = Annotated[
    str, msgspec.Meta(pattern=r"\S", description="a text that is not empty; leave it out for the default")
]


class _LocalForge(msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag_field="kind", tag="local"):
    database: _Named = "forge.db"


class _Token(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    environment: str = ""
    file: str = ""
    host: str = ""
    command: tuple[_Named, ...] = ()


class _GitLab(msgspec.Struct, forbid_unknown_fields=True, frozen=True, tag_field="kind", tag="gitlab"):
    url: _Named = "https://gitlab.com"
    profile: _Named = "gitlab"
    token: _Token = _Token()


class _Told(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    process: _Named = "gitlab"
    journal: _Named = "journal.db"
    team: _Named = "team.toml"
    outbox: _Named = "outbox"
    templates: str = ""
    forge: _LocalForge | _GitLab = _LocalForge()
    repositories: dict[str, str] = {}


class LocalForgeSettings(Struct, frozen=True):
    """The embedded forge: the file it is kept in."""

    database: Path


class TokenSettings(Struct, frozen=True):
    """Where a token is: one of a variable of the environment, a file, and a command that prints it.

    With `host` the file is a configuration of `glab`, and the token the one of that host.
    """

    environment: str = ""
    file: Path | None = None
    host: str = ""
    command: tuple[str, ...] = ()


class GitLabSettings(Struct, frozen=True):
    """A GitLab: its address, the profile (one that ships, or the path of a file), and where the token is."""

    url: str
    profile: str
    token: TokenSettings


ForgeSettings = LocalForgeSettings | GitLabSettings
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
    if isinstance(table := document.data.get("forge"), dict):
        table.setdefault("kind", "local")
    told, faults = document.decode(_Told), Faults(document)
    if isinstance(told.forge, _LocalForge) and told.journal == told.forge.database:
        faults.add(("journal",), "the journal and the forge are one file", "give each a file of its own")
    forge = _forge(folder, told.forge, faults)
    faults.raise_if_any()
    return Settings(
        folder=folder,
        process=told.process,
        journal=told.journal if "://" in told.journal else str(folder / told.journal),
        team=folder / told.team,
        outbox=folder / told.outbox,
        templates=folder / told.templates if told.templates else None,
        forge=forge,
        repositories={project: folder / path for project, path in told.repositories.items()},
    )


def _forge(folder: Path, told: _LocalForge | _GitLab, faults: Faults) -> ForgeSettings:
    if isinstance(told, _LocalForge):
        return LocalForgeSettings(folder / told.database)
    token, place = told.token, ("forge", "token")
    ways = [name for name in ("environment", "file", "command") if getattr(token, name)]
    if len(ways) > 1:
        what = f"the token is in {len(ways)} places: {', '.join(ways)}"
        faults.add((*place, ways[1]), what, "name one of them")
    if token.host and not token.file:
        faults.add((*place, "host"), "a host is that of a file of glab, and no file is named", "name the file too")
    variable = token.environment or ("" if ways else _TOKEN)
    file = folder / Path(token.file).expanduser() if token.file else None
    return GitLabSettings(told.url, told.profile, TokenSettings(variable, file, token.host, token.command))


def load_settings(folder: Path) -> Settings:
    """Read the settings of the desk in `folder`; raises `Misused` when there is no desk, or they are wrong."""
    file = folder / FILE
    if not file.exists():
        raise Misused(
            "there is no desk here", where=str(folder), remedy="make one: secrel init, or name its folder: --desk DIR"
        )
    text = read_file(file, "the settings", most=largest.SETTINGS, remedy="look at the file")
    return read_settings(folder, text)

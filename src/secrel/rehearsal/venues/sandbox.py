"""A sandbox: the file that says on which GitLab a story may be played, and below which group of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Struct

from secrel.evaluate.registry import vocabulary
from secrel.files import read_file, real
from secrel.process.reading import BUILTIN_NAMES, builtin_text, read_process
from secrel.process.table import Process
from secrel.reading import largest
from secrel.reading.toml import read_toml
from secrel.words.errors import Misused

_REMEDY = "correct the line; secrel manual stories has every field"
_Group = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[A-Za-z0-9_][\w.-]*(/[A-Za-z0-9_][\w.-]*)*\Z",
        max_length=200,
        description="the path of a group, such as rehearsals/2026",
    ),
]
_Line = Annotated[str, msgspec.Meta(pattern=r"\A\S[^\n]{0,253}\Z", description="a line of text")]


class _SandboxTold(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    sandbox: _Group
    url: _Line
    profile: _Line = "gitlab"
    tokens: _Line = "tokens"


class Sandbox(Struct, frozen=True):
    """Where a story may be played: every project of the process lies below `group` there.

    `tokens` is a folder with a file for each account, named like it, with its token; that of the desk is `desk`.
    `profile` is the one that ships, or the path of a file.
    """

    group: str
    url: str
    profile: str
    tokens: Path

    def process(self, name: str) -> Process:
        """Give the process of this name with every project below the group; raises as `moved` does."""
        return read_process(self.moved(name), f"{name}.toml", vocabulary())

    def moved(self, name: str) -> str:
        """Give the text of a process that ships with every project below the group.

        Raises `Misused` for a group in which the process has its own projects: nothing is rehearsed there.
        """
        if name not in BUILTIN_NAMES:
            raise Misused(f"no process {name[:60]!r} ships", remedy=f"name one of: {', '.join(BUILTIN_NAMES)}")
        text = builtin_text(name)
        for project in _projects(read_process(text, f"{name}.toml", vocabulary())):
            if self.group.casefold().split("/")[0] == project.casefold().split("/")[0]:
                raise Misused(
                    f"{self.group} is where the process has its own projects: that is production",
                    remedy="name a group that is for rehearsals alone",
                )
            text = text.replace(f'"{project}"', f'"{self.group}/{project}"')
        return text


def _projects(process: Process) -> list[str]:
    named = [project for role, project in process.projects.items() if role != "site_branch"]
    return list(dict.fromkeys([*named, *(product.repository for product in process.products)]))


def read_sandbox(file: Path) -> Sandbox:
    """Read the file of a sandbox; raises `Malformed` with file and line, `Misused` for one of production.

    It is production's as long as the line `sandbox` does not name the group that rehearsals are played in: so are the
    settings of every desk.
    """
    data = read_file(file, "the sandbox", most=largest.SETTINGS, remedy="secrel manual stories shows one")
    document = read_toml(data, str(file), most=largest.SETTINGS, remedy=_REMEDY)
    if "sandbox" not in document.data:
        raise Misused(
            "this does not say that it is a sandbox, and counts as production: nothing is rehearsed there",
            where=str(file),
            remedy='write a file of its own, with the group that is for rehearsals alone: sandbox = "GROUP"',
        )
    told = document.decode(_SandboxTold)
    folder = real(file).parent
    profile = told.profile if told.profile == "gitlab" else str(folder / told.profile)
    return Sandbox(told.sandbox, told.url, profile, folder / told.tokens)

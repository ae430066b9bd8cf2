"""Tokens: read from the environment, a file or a command, and never shown (gitlab-api.md 1)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from msgspec import Struct

from secrel.files import read_file
from secrel.words.errors import Misused
from secrel.words.patterns import pattern

_TOKEN = pattern(r"[!-~]{8,1000}")
_MOST = 20_000
_SECONDS = 30
_REMEDY = "put the token alone there, on one line: secrel manual gitlab"
_GLAB = pattern(r"^[ \t]*token:[ \t]*(?:!!null[ \t]*)?[\"']?([^\s\"'#]+)[\"']?[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Token:
    """What the desk shows GitLab; its value is in no `repr`, message or address. `is_job`: that of a CI job.

    `place` says where it was read, and where another one has to be put: `into $GITLAB_TOKEN`.
    """

    value: str = field(repr=False)
    is_job: bool = False
    place: str = "where [forge.token] says"

    @property
    def header(self) -> tuple[str, str]:
        """The header it is sent in."""
        return ("JOB-TOKEN", self.value) if self.is_job else ("Authorization", f"Bearer {self.value}")


class InEnvironment(Struct, frozen=True):
    """The token is in a variable of the environment; `CI_JOB_TOKEN` is that of a CI job."""

    variable: str


class InFile(Struct, frozen=True):
    """The token is all that stands in a file, or is that of `host` in a configuration of `glab`."""

    file: Path
    host: str = ""


class ByCommand(Struct, frozen=True):
    """The token is what a command prints; it is run without a shell."""

    command: tuple[str, ...]


TokenSource = InEnvironment | InFile | ByCommand


def read_token(source: TokenSource, environment: Mapping[str, str]) -> Token:
    """Read the token; raises `Misused`, without a letter of what was found, when there is none that could be one."""
    match source:
        case InEnvironment(variable):
            found = _token(environment.get(variable, ""), f"${variable}")
            return replace(found, is_job=variable == "CI_JOB_TOKEN", place=f"into ${variable}")
        case InFile(file, host):
            text = read_file(file, "the token", most=_MOST, remedy=_REMEDY).decode("utf-8", "replace")
            found = _token(_of_host(text, host) if host else text, str(file))
            return replace(found, place=f"into {file}{f', below {host}' if host else ''}")
        case ByCommand(command):
            found = _token(_printed(command, environment), command[0])
            return replace(found, place=f"where {command[0]} reads it")


def _token(text: str, where: str) -> Token:
    found = text.strip()
    if not _TOKEN.fullmatch(found):
        raise Misused("there is no token here" if not found else "this is no token", where=where, remedy=_REMEDY)
    return Token(found)


def _of_host(text: str, host: str) -> str:
    """Find the token of a host in a configuration of `glab`: an indented table under the host's name."""
    block = re.search(
        rf"^([ \t]*){re.escape(host)}:[ \t]*\n((?:\1[ \t]+\S.*\n?|[ \t]*#.*\n?|[ \t]*\n)*)", text, re.MULTILINE
    )
    found = _GLAB.search(block[2]) if block else None
    return found[1] if found else ""


def _printed(command: tuple[str, ...], environment: Mapping[str, str]) -> str:
    remedy = "run the command yourself; it has to print the token alone"
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
            command, capture_output=True, timeout=_SECONDS, check=False, env=dict(environment), stdin=subprocess.DEVNULL
        )
    except (OSError, ValueError) as fault:
        said = getattr(fault, "strerror", None) or "it cannot be run"
        raise Misused(f"the command for the token failed ({said})", where=command[0], remedy=remedy) from None
    except subprocess.TimeoutExpired:
        what = f"the command for the token takes longer than {_SECONDS} s"
        raise Misused(what, where=command[0], remedy=remedy) from None
    if done.returncode != 0:
        what = f"the command for the token failed with {done.returncode}"
        raise Misused(what, where=command[0], remedy=remedy)
    return done.stdout[:_MOST].decode("utf-8", "replace")

"""The doors to a GitLab: its profile, its token, what speaks with it, and who writes to it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from secrel.adapters.gitlab import client as gitlab_client
from secrel.adapters.gitlab import forge, tokens, waiting
from secrel.adapters.gitlab import profile as gitlab_profile
from secrel.adapters.gitlab.writing import writer
from secrel.files import read_file
from secrel.reading import largest
from secrel.settings import GitLabSettings, Settings
from secrel.words.errors import Broken, Misused

if TYPE_CHECKING:
    from secrel.adapters.gitlab.client import Client
    from secrel.adapters.gitlab.profile import Profile
    from secrel.adapters.gitlab.tokens import TokenSource
    from secrel.adapters.gitlab.waiting import Timing
    from secrel.ports.forge import ForgeReader, Writer
    from secrel.process.table import Process
    from secrel.words.examined import Examined, Needs
    from secrel.words.people import Person

Clock = Callable[[], datetime]
"""Tells the time."""
Tell = Callable[[str], None] | None
"""Hears what is waited for; None: nobody does."""
Doors = tuple["ForgeReader", "Writer", str]
"""A forge to read and to write, and what it is."""
_Opened = tuple["Client", "Timing", "Profile"]
_TRIES = 5


def check_gitlab() -> None:
    """Raise `Misused` when the extra `gitlab` is not installed."""
    if find_spec("httpx2") is None:
        raise Misused("GitLab needs the extra `gitlab`, which is not installed", remedy='pip install "secrel[gitlab]"')


def open_profile(settings: Settings, process: Process) -> Profile:
    """Open the profile of a GitLab: the one that ships, or a file of the user's own; raises `Misused`."""
    name = settings.forge.profile if isinstance(settings.forge, GitLabSettings) else gitlab_profile.SHIPPED
    file = settings.folder / name
    remedy = f"name {gitlab_profile.SHIPPED}, or the path of a profile"
    text = (
        gitlab_profile.shipped_text()
        if name == gitlab_profile.SHIPPED
        else read_file(file, "the profile", most=largest.SETTINGS, remedy=remedy)
    )
    known = [project for role, project in process.projects.items() if role != "site_branch"]
    return gitlab_profile.read_profile(text, name, known, [product.repository for product in process.products])


def _source(settings: GitLabSettings) -> TokenSource:
    token = settings.token
    if token.file is not None:
        return tokens.InFile(token.file, token.host)
    return tokens.ByCommand(token.command) if token.command else tokens.InEnvironment(token.environment)


def open_client(
    settings: Settings, process: Process, clock: Clock, tell: Tell, tries: int
) -> tuple[gitlab_client.Client, waiting.Timing, Profile]:
    """Make what speaks with a GitLab, and says to `tell` what it waits for; nothing is asked of it yet."""
    if not isinstance(settings.forge, GitLabSettings):
        raise Broken("the settings name no GitLab")
    check_gitlab()

    profile = open_profile(settings, process)
    # a time of its own passes when it is waited on
    timing = waiting.Timing(clock, getattr(clock, "wait", time.sleep), tell)
    client = gitlab_client.Client(
        settings.forge.url,
        tokens.read_token(_source(settings.forge), os.environ),
        timing,
        limits=gitlab_client.Limits(attempts=tries),
    )
    return client, timing, profile


def open_gitlab(
    settings: Settings, process: Process, clock: Clock, tell: Tell = None, tries: int = _TRIES
) -> forge.GitLab:
    """Open a GitLab to look at it; nothing is asked of it yet. What is asked in vain is asked `tries` times.

    Raises `Misused` without the extra `gitlab`, without a token, and for a profile that is wrong.
    """
    client, _, profile = open_client(settings, process, clock, tell, tries)

    return forge.GitLab(client, profile)


def examine_gitlab(settings: Settings, process: Process, clock: Clock, needs: Needs) -> Iterator[Examined]:
    """Look whether a GitLab has what the desk needs, a line for each thing; raises `Misused` when it cannot be opened.

    It gives up soon.
    """
    yield from open_gitlab(settings, process, clock, tries=2).examine(needs, clock().date())


def open_doors(settings: Settings, process: Process, clock: Clock, team: Iterable[Person], tell: Tell) -> Doors:
    """Open a GitLab to read and to write, and say what it is; a text of the desk calls the team and the groups."""
    client, timing, profile = open_client(settings, process, clock, tell, _TRIES)

    called = (*process.people.values(), *(one.username for one in team))
    return (
        forge.GitLab(client, profile),
        writer.GitLabWriter(client, timing, called, profile),
        f"GitLab {client.instance}",
    )

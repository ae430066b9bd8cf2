"""The stage of a rehearsal: a folder with a desk, the forge that it works on, the people around it, and a clock."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from secrel.desk.desk import Desk
from secrel.process.table import Process
from secrel.rehearsal.story import Story
from secrel.rehearsal.venues.embedded import EmbeddedVenue
from secrel.rehearsal.venues.venue import Venue
from secrel.roster.team import read_team
from secrel.words.people import NOBODY, Person, actor_of


@lru_cache(maxsize=4)
def _team(text: str) -> tuple[Person, ...]:
    return read_team(text).people


class Stage:
    """Everything of one rehearsal, and the desks that are opened on it."""

    def __init__(
        self, folder: Path, story: Story, process: Process, begins: datetime, venue: Venue | None = None
    ) -> None:
        """Build it in `folder`, which must be empty or absent: at a venue, None is the embedded forge."""
        self.folder = folder
        self.story = story
        self.process = process
        place = venue or EmbeddedVenue()
        self.clock = place.clock(begins)
        folder.mkdir(parents=True, exist_ok=True)
        laid = place.laid(folder, story, process, self.clock)
        self.settings = laid.settings
        self.forge = laid.forge
        self.acts = laid.acts
        self.close = laid.close
        self.is_timed = laid.is_timed
        self._open_desk = laid.desk
        self._accounts = laid.accounts
        self._desk: Desk | None = None

    @property
    def team(self) -> tuple[Person, ...]:
        """The team as it is now, with everybody's absences."""
        return _team((self.folder / "team.toml").read_text("utf-8"))

    @property
    def usernames(self) -> frozenset[str]:
        """The handles of the team, and of the desk that acts for it."""
        return frozenset(person.username for person in self.team) | self._accounts

    def desk(self, by: str = "") -> Desk:
        """The desk, with this person at it, or with nobody."""
        if self._desk is None:
            self._desk = replace(self._open_desk(), process=self.process)
        return replace(self._desk, actor=actor_of(self.team, by) if by else NOBODY, team=self.team)

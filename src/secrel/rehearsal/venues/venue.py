"""What the world does in a rehearsal, as one set of acts, which every venue carries out in a way of its own.

Nothing of a story knows at which venue it is played. Nobody who acts says when: that is told by the clock of the venue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from secrel.desk.desk import Desk
from secrel.ports.forge import ForgeReader
from secrel.process.table import Process
from secrel.rehearsal.story import Story
from secrel.settings import Settings
from secrel.words.facts.stated import Facts, FixFacts
from secrel.words.forge import Issue, MergeRequest, Pipeline
from secrel.words.releases import Shipment
from secrel.words.versions import Version

DEVELOPER, MAINTAINER, SECURITY_ENGINEER, REVIEWER = "developer", "maintainer", "security-engineer", "reviewer"
OUTSIDERS = (DEVELOPER, MAINTAINER, SECURITY_ENGINEER, REVIEWER)
"""Who acts beside the team and those whom the process names."""


class Clock(Struct):
    """The simulated clock; it only goes forward: when it is moved, and when somebody waits.

    Whoever waits for a server with a clock of its own does so by `sleep`; without it seconds pass at once.
    """

    at: datetime
    sleep: Callable[[float], None] | None = None

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at

    def move_to(self, at: datetime) -> None:
        """Move it forward."""
        self.at = max(self.at, at)

    def wait(self, seconds: float) -> None:
        """Let seconds pass."""
        if self.sleep is not None:
            self.sleep(seconds)
        self.at += timedelta(seconds=seconds)


class FixReport(Struct, frozen=True):
    """The issue that developers open for a fix, confidential, with its facts."""

    project: str
    title: str
    facts: FixFacts
    labels: Sequence[str] = ()


class FixRequest(Struct, frozen=True):
    """A merge request that developers open for a fix, whose issue is `issue`."""

    project: str
    branch: str
    target: str
    title: str
    issue: str
    body: str = ""
    labels: Sequence[str] = ()
    milestone: str = ""
    assignees: Sequence[str] = ()


class ProductCode(Protocol):
    """The repository of one product: fixes are written there, and versions tagged."""

    def targets(self, shipment: Shipment) -> list[str]:
        """Name the branches every fix has to reach: the default branch, and one for each series that ships."""
        ...

    def write_fix(self, branch: str, target: str, name: str) -> None:
        """Commit a fix on a new branch from `target`; its name says nothing of what it fixes."""
        ...

    def revert_fix(self, target: str, name: str) -> None:
        """Take a fix out of a branch again, when it is there."""
        ...

    def restore_fix(self, target: str, name: str) -> None:
        """Bring a fix that was taken back into a branch again."""
        ...

    def tag_version(self, version: Version, *, lacking: str = "") -> None:
        """Tag what the series' branch has now as `version`; `lacking`: what it had before that fix was merged."""
        ...

    def holds(self, version: Version, name: str) -> bool:
        """Whether the tag of `version` has the fix `name`."""
        ...


class Acts(Protocol):
    """What people do around the desk, and what they see; `by` is the handle of whoever does it.

    Raises what the venue raises for what cannot be done.
    """

    def issues(self, refs: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues with these references, without those that do not exist."""
        ...

    def issues_made(self, keys: Sequence[str]) -> Mapping[str, Issue]:
        """Give the issues that the desk opened by the effects with these keys, by key, without those not there."""
        ...

    def issue_made(self, key: str) -> Issue | None:
        """Give the issue that the desk opened by the effect with this key."""
        ...

    def merge_request_made(self, key: str) -> MergeRequest | None:
        """Give the merge request that the desk opened by this effect, with its files."""
        ...

    def linked(self, ref: str) -> frozenset[str]:
        """Give the references of what is linked to an issue now."""
        ...

    def public_site(self) -> Mapping[str, str]:
        """Give the newest commit of each branch of the site that everybody reads."""
        ...

    def code(self, product: str) -> ProductCode:
        """Give the repository of the product with this key."""
        ...

    def report(self, new: FixReport, by: str) -> str:
        """Open the issue of a fix, and give its reference."""
        ...

    def open_beside(self, new: FixReport, by: str) -> str:
        """Open an issue that is no fix's, confidential, such as an incident; give its reference."""
        ...

    def disclosed(self, ref: str) -> str:
        """Give the reference of what becomes public of a fix: its issue, or its canonical one beside a mirror."""
        ...

    def request(self, new: FixRequest, by: str) -> str:
        """Open a merge request of a fix, and give its reference."""
        ...

    def set_pipeline(self, ref: str, pipeline: Pipeline) -> None:
        """Let the pipeline of a merge request's newest commit end so."""
        ...

    def approve(self, ref: str, by: str, team: str = "") -> None:
        """Approve a merge request as it now is, for this team."""
        ...

    def withdraw(self, ref: str, by: str) -> None:
        """Take one's approval of a merge request back, when there is one."""
        ...

    def merge(self, ref: str, by: str) -> None:
        """Merge a merge request."""
        ...

    def rewrite_file(self, request: MergeRequest, path: str, text: str, by: str) -> None:
        """Give a file on a merge request's branch another text."""
        ...

    def link(self, ref: str, to: str, by: str) -> None:
        """Link an issue to another."""
        ...

    def unlink(self, ref: str, to: str, by: str) -> None:
        """Take the link between two issues away."""
        ...

    def change_facts(self, ref: str, changes: Facts, lines: Iterable[str], by: str) -> None:
        """Make lines of an issue's details table say what `changes` says."""
        ...

    def set_body(self, ref: str, body: str, by: str) -> None:
        """Rewrite the text of an issue, and leave its table as it is."""
        ...

    def add_label(self, ref: str, label: str, by: str) -> None:
        """Put a label on an issue."""
        ...

    def add_note(self, ref: str, body: str, by: str) -> None:
        """Leave a note on an issue."""
        ...


class Laid(Struct, frozen=True):
    """A venue at which a story can begin: the desk's settings, how the desk is opened, the forge, what people do there.

    `accounts` are the handles under which the forge shows what the desk does; `close` lets go of connections.
    `is_timed` is whether the forge takes the rehearsal's clock: else its times are not judged.
    """

    settings: Settings
    desk: Callable[[], Desk]
    forge: ForgeReader
    acts: Acts
    accounts: frozenset[str]
    close: Callable[[], None]
    is_timed: bool = True


class Venue(Protocol):
    """Where stories are played."""

    def clock(self, begins: datetime) -> Clock:
        """Give the clock of a rehearsal that begins at this instant."""
        ...

    def laid(self, folder: Path, story: Story, process: Process, clock: Clock) -> Laid:
        """Make everything that has to be there before a story begins; what lies on the disk lies in `folder`."""
        ...

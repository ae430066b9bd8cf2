"""The other people of a rehearsal: developers, release managers, the CNA, communications; what they do, and when.

They act on the forge as people do, they answer when they are asked, and they know nothing of gates: release managers
merge what the tracking issue lists a day before it is due, tag two hours before, and merge the post when asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from secrel.adapters.localforge.people import NewIssue, NewMergeRequest
from secrel.desk.release_file import fix_facts
from secrel.observe.facts import read_release
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import Event, StoryFix
from secrel.rehearsal.testmail import mail_of
from secrel.words.absences import absence_text
from secrel.words.forge import Issue, Pipeline, State
from secrel.words.releases import Release

_MERGES = timedelta(hours=24)
_TAGS = timedelta(hours=2)
_ANSWERS = timedelta(days=1)
_MENDS = timedelta(minutes=30)


@dataclass
class Known:
    """What the people of the world remember: which issue and merge requests belong to which fix of the story."""

    issues: dict[str, str] = field(default_factory=dict)
    requests: dict[str, dict[str, str]] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    taken_out: set[str] = field(default_factory=set)
    red: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    lacking: dict[str, str] = field(default_factory=dict)
    garbled: tuple[str, str] | None = None
    merged_at: datetime | None = None
    tagged_at: datetime | None = None
    mails: int = 0

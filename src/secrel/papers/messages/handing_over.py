"""The handover: what one shift leaves the next, after the handbook's template (mission M2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from secrel.papers.environment import Templates
from secrel.papers.messages.pieces import day_said, mention, message, words


@dataclass(frozen=True, slots=True)
class HandoverLinks:
    """The five places of the handbook's template; an empty address means that there is none yet."""

    release_issue: str = ""
    checklist: str = ""
    draft_post: str = ""
    release_post: str = ""
    comms_issue: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """What is to be said when a shift ends.

    `release` is how people call the release; `from_` and `to` are handles; `day` the shift's own day; `status` and
    `next_steps` one sentence each; `left` what still has to be done; `notes` what worries the writer.
    """

    release: str
    from_: str
    to: str
    day: date
    status: str
    next_steps: str
    left: tuple[str, ...] = ()
    links: HandoverLinks = field(default_factory=HandoverLinks)
    notes: tuple[str, ...] = ()


def handover(said: Handover, *, templates: Templates | None = None) -> str:
    """Write the message for the team's channel; it mentions the one who takes over, and nobody else."""
    links = said.links
    values = {
        "to": mention(said.to),
        "from_": said.from_.removeprefix("@"),
        "release": said.release,
        "day": day_said(said.day),
        "status": said.status,
        "next_steps": said.next_steps,
        "links": [
            {"name": "Security release issue", "address": links.release_issue},
            {"name": "Appsec security release checklist", "address": links.checklist},
            {"name": "Release draft blog post MR", "address": links.draft_post},
            {"name": "Release blog post MR", "address": links.release_post},
            {"name": "Release communications issue", "address": links.comms_issue},
        ],
        "left": [words(item) for item in said.left],
        "notes": [words(note) for note in said.notes],
    }
    return message("handover", values, templates)

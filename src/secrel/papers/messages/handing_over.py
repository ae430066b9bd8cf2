"""The handover: what one shift leaves the next, after the handbook's template (mission M2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, field

from secrel.papers.messages.pieces import LinkAddress, day_said, mention, message, words
from secrel.words.documents import TABLE, Identity

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates

_MOST_PLACES = 3


class Left(Struct, frozen=True):
    """Something that still has to be done: what, and the addresses or references of the things it is about."""

    what: str
    places: tuple[str, ...] = ()


class Handover(Struct, frozen=True):
    """What is to be said when a shift ends.

    `release` is how people call the release; `from_` and `to` are handles; `day` the shift's own day; `status` and
    `next_steps` one sentence each, the latter empty where nothing is due; `left` what still has to be done; `links` the
    addresses of documents by name, empty for one that is not there yet; `notes` what worries the writer; `team` how
    those who run releases call themselves (empty: nothing).
    """

    release: str
    from_: str
    to: str
    day: date
    status: str
    next_steps: str
    left: tuple[Left, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    team: str = ""


def handover(said: Handover, *, templates: Templates | None = None) -> str:
    """Write the message for the team's channel; it mentions the one who takes over, and nobody else.

    It leads to every document that has a name in handovers (`words.documents`): those of the handbook's template.
    """
    values = {
        "to": mention(said.to),
        "from_": said.from_.removeprefix("@"),
        "release": said.release,
        "day": day_said(said.day),
        "team": said.team,
        "status": said.status,
        "next_steps": said.next_steps,
        "links": [
            {"name": _named(identity, said.team), "address": said.links.get(name, "")}
            for name, identity in TABLE.items()
            if identity.link
        ],
        "left": [
            {
                "what": words(item.what),
                "places": [LinkAddress(place) for place in item.places[:_MOST_PLACES]],
                "more": len(item.places[_MOST_PLACES:]),
            }
            for item in said.left
        ],
        "notes": [words(note) for note in said.notes],
    }
    return message("handover", values, templates)


def _named(identity: Identity, team: str) -> str:
    """Name a document: as the handbook's template does where a team goes by it, else as people speak of it."""
    name = identity.link.format(team=f"{team} ") if team else identity.said.removeprefix("the ")
    return name[:1].upper() + name[1:]

"""Who can read what an effect writes on a GitLab, looked at again at the moment of writing (design.md, Reveals)."""

from __future__ import annotations

from secrel.adapters.gitlab.addresses import ThingPlace, place_at
from secrel.adapters.gitlab.writing.hand import Hand
from secrel.words.readers import ToOpen


def everybody_reads(hand: Hand, place: ThingPlace) -> bool:
    """Whether more people than the members of its project can read an issue or a merge request, as it is now."""
    if not is_open(hand, place.project):
        return False
    return place.sort == "!" or not hand.thing(place).confidential


def is_open(hand: Hand, project: str) -> bool:
    """Whether others than members can read a project: whoever is signed in (`internal`) counts as everybody."""
    return hand.project(project).visibility != "private"


def reads_at(hand: Hand, place: str | ToOpen) -> bool:
    """Whether everybody can read a thing, or what is to be opened, as it is now."""
    if isinstance(place, ToOpen):
        return is_open(hand, place.project)
    return everybody_reads(hand, place_at(place, hand.client.instance))

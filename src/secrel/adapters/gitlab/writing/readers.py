"""Who can read what an effect writes on a GitLab, looked at again at the moment of writing (design.md, Reveals)."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.adapters.gitlab.addresses import ThingPlace, place_at
from secrel.adapters.gitlab.writing.hand import Hand
from secrel.words.effects import (
    Action,
    CloseIssue,
    CloseMergeRequest,
    Effect,
    LiftConfidentiality,
    OpenIssue,
    OpenMergeRequest,
    TrackBranch,
)
from secrel.words.errors import Refused

_TELLS_NOTHING = (CloseIssue, CloseMergeRequest, LiftConfidentiality)
"""What writes no text: to close shows nothing new, and to lift says what it shows."""


def everybody_reads(hand: Hand, place: ThingPlace) -> bool:
    """Whether more people than the members of its project can read an issue or a merge request, as it is now."""
    if not is_open(hand, place.project):
        return False
    return place.sort == "!" or not hand.thing(place).confidential


def is_open(hand: Hand, project: str) -> bool:
    """Whether others than members can read a project: whoever is signed in (`internal`) counts as everybody."""
    return hand.project(project).visibility != "private"


def refuse_more_readers(hand: Hand, effect: Effect) -> None:
    """Raise `Refused` when everybody can read what the effect writes, and the plan said that only the team can."""
    if effect.reveals or isinstance(effect.action, _TELLS_NOTHING):
        return
    for place in _public(hand, effect.action):
        raise Refused(
            f"everybody can read {place} by now, and the plan said that only the team can",
            where=effect.key,
            remedy=f"make it confidential again, or plan again; nothing was changed: {place}",
        )


def _public(hand: Hand, action: Action) -> Iterator[str]:
    if isinstance(action, OpenIssue) and not action.confidential and is_open(hand, action.project):
        yield f"an issue of {action.project} that is not confidential"
    if isinstance(action, OpenMergeRequest | TrackBranch) and is_open(hand, action.project):
        yield action.project
    refs = [getattr(action, name, "") for name in ("ref", "to")]
    for ref in (*refs, *getattr(action, "links", ())):
        if ref and everybody_reads(hand, place_at(ref, hand.client.instance)):
            yield ref

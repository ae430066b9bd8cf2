"""Who can read what an effect writes, asked of a forge again at the moment of writing (design.md, Reveals)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

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
from secrel.words.forge import NOTE

TELLS_NOTHING = (CloseIssue, CloseMergeRequest)
"""What writes no text: to close shows nothing new."""


class ToOpen(Struct, frozen=True):
    """What is to be opened in a project: an issue that is not confidential, or a merge request."""

    project: str
    is_issue: bool

    @property
    def said(self) -> str:
        """What it is, in the middle of a sentence."""
        return f"an issue of {self.project} that is not confidential" if self.is_issue else self.project


def refuse_more_readers(
    effect: Effect, everybody_reads: Callable[[str | ToOpen], bool], *, shows_links: bool = False
) -> None:
    """Raise `Refused` when everybody can read what an effect writes, and the plan said that only the team can.

    `everybody_reads` is asked of things as they are now, by reference, and of what is to be opened; `shows_links` where
    a link is told on the issue that it leads to. What makes an issue public says itself what it shows.
    """
    if effect.reveals or isinstance(effect.action, (*TELLS_NOTHING, LiftConfidentiality)):
        return
    links = getattr(effect.action, "links", ()) if shows_links else ()
    for place in (*places_written(effect.action), *links):
        if everybody_reads(place):
            said = place if isinstance(place, str) else place.said
            raise Refused(
                f"everybody can read {said} by now, and the plan said that only the team can",
                where=effect.key,
                remedy=f"make it confidential again, or plan again; nothing was changed: {said}",
            )


def places_written(action: Action) -> Iterator[str | ToOpen]:
    """Name where an action writes, by reference where it is there already; a note counts as what it hangs on."""
    if isinstance(action, OpenIssue) and not action.confidential:
        yield ToOpen(action.project, is_issue=True)
    if isinstance(action, OpenMergeRequest | TrackBranch):
        yield ToOpen(action.project, is_issue=False)
    refs = [getattr(action, name, "") for name in ("ref", "to")]
    yield from (ref.partition(NOTE)[0] for ref in refs if ref)

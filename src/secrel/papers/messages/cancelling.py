"""A release is cancelled: whoever was asked for something hears of it, each where they were asked (mission M1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from secrel.papers.messages.pieces import fenced, instant_said, mentions, message, release_said, words
from secrel.words.advisories import Contents
from secrel.words.releases import joined

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates

Place = Literal["tracking", "comms", "channel", "marketing", "fix", "cve"]
"""Where it is said: on an issue of the release, on that of a fix or its CVE request, or in a channel."""


class Cancelled(Struct, frozen=True):
    """What is said of it in one place.

    `reason` is told on confidential issues alone; `cve` is the id that was assigned to a fix, when it was; `section` is
    what the post said of it; `given_up` says that no later release is to announce the fixes; `tags` are there by then.
    """

    place: Place
    asked: Sequence[str] = ()
    reason: str = ""
    cve: str = ""
    section: str = ""
    given_up: bool = False
    tags: Sequence[str] = ()


def release_cancelled(contents: Contents, told: Cancelled, *, templates: Templates | None = None) -> str:
    """Say that a release is cancelled, and what that means for whoever reads it there."""
    said = release_said(contents.release, critical=contents.is_critical)
    values = {
        "asked": mentions(told.asked),
        "release": said[:1].upper() + said[1:] if not told.asked else said,
        "due": instant_said(contents.release.due),
        "reason": words(told.reason),
        "place": told.place,
        "cve": told.cve,
        "section": fenced(told.section, "markdown") if told.section.strip() else "",
        "given_up": told.given_up,
        "tags": joined(map(words, told.tags)),
    }
    return message("cancelled", values, templates)

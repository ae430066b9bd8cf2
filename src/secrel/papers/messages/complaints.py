"""Saying that something is wrong in somebody else's hands: a tag that lacks a fix, a test mail with a fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from secrel.papers.messages.pieces import mention, mentions, message, words
from secrel.words.releases import Release

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates


def tags_lack_fixes(
    release: Release, managers: str, faults: Sequence[str], *, templates: Templates | None = None
) -> str:
    """Ask the release managers to look at tags before they are published; `faults` is one sentence each."""
    values = {"asked": mention(managers), "about": "tags", "release": release.name, "faults": _listed(faults)}
    return message("complaint", values, templates)


def mail_disagrees(faults: Sequence[str], asked: Sequence[str], *, templates: Templates | None = None) -> str:
    """Tell whoever sends the mail what is wrong with the test mail; `faults` is one sentence each."""
    values = {"asked": mentions(asked), "about": "mail", "release": "", "faults": _listed(faults)}
    return message("complaint", values, templates)


def _listed(faults: Sequence[str]) -> list[str]:
    return [words(fault) for fault in faults]

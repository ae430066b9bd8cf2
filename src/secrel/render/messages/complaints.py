"""Saying that something is wrong in somebody else's hands: a tag that lacks a fix, a test mail with a fault."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.render.messages.pieces import mention, mentions, words
from secrel.words.releases import Release


def tags_lack_fixes(release: Release, managers: str, faults: Sequence[str]) -> str:
    """Ask the release managers to look at tags before they are published; `faults` is one sentence each."""
    rows = "\n".join(f"- {words(fault)}" for fault in faults)
    return (
        f"{mention(managers)} what is tagged for {words(release.name)} is not what would be announced:\n\n{rows}\n\n"
        "Please tag again what is wrong, or take the fix out of the release. The post waits until both agree.\n"
    )


def mail_disagrees(faults: Sequence[str], asked: Sequence[str]) -> str:
    """Tell whoever sends the mail what is wrong with the test mail; `faults` is one sentence each."""
    handles = " ".join(mentions(asked))
    rows = "\n".join(f"- {words(fault)}" for fault in faults)
    return f"{handles} the test email is not right yet:\n\n{rows}\n\nPlease correct it and send the test once more.\n"

"""Errors as text: what is so, where, what to do next."""

from __future__ import annotations

import sys

from secrel.faces import terminal
from secrel.words.errors import SecrelError


def shown(text: str) -> str:
    """Spell out what a terminal would obey: names and texts that others wrote never move its cursor or its colours."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return terminal.visible(text)


def note(text: str) -> None:
    """Say something beside the answer, on standard error."""
    sys.stderr.write(f"{shown(text)}\n")


def waiting(said: str) -> None:
    """Say what is waited for, beside the answer."""
    note(f"waiting: {said}")


def complain(fault: SecrelError) -> int:
    """Turn an error into text, the one place that does, and give its exit word."""
    word = fault.exit_word.name.lower()
    place = f" {fault.where}:" if fault.where else ""
    note(f"{word}:{place} {fault.what}")
    if fault.remedy:
        note(f"  to go on: {fault.remedy}")
    return int(fault.exit_word)

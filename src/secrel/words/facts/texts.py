"""Texts that people write into facts: how long each kind may be, and whether it is one line."""

from __future__ import annotations

import re
from typing import Annotated

from secrel.words.errors import Misused

_LONGEST_TEXT = 20_000
_LONGEST_LINE = 255
_LONGEST_ADDRESS = 2_000


def _bounded(text: str, most: int = _LONGEST_TEXT) -> str:
    if len(text) > most:
        raise Misused(f"this has {len(text)} characters, and {most} are the most", remedy="shorten it")
    return text


def _line(text: str, most: int = _LONGEST_LINE) -> str:
    if not text.strip():
        raise Misused("this is empty", remedy="say it in one line")
    if len(text.splitlines()) > 1:
        raise Misused("this is more than one line", remedy="say it in one line")
    return _bounded(text, most)


def _address(text: str) -> str:
    return _line(text, _LONGEST_ADDRESS)


def _commit(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{7,64}", text):
        raise Misused(f"{text[:40]!r} is not a commit", remedy="give the commit's id, at least its first 7 digits")
    return text


def _release(text: str) -> str:
    if not re.fullmatch(r"\w[\w.+-]{0,79}", text):
        raise Misused("the name of the release is no name", remedy="use letters, digits, dots and dashes: 2026-11")
    return text


Text = Annotated[str, _bounded]
"""Any text, of up to 20,000 characters."""
Line = Annotated[str, _line]
"""One line that says something, of up to 255 characters."""
Address = Annotated[str, _address]
"""One line as long as an address may be: 2,000 characters."""
Commit = Annotated[str, _commit]
"""The id of a commit, or its beginning."""
ReleaseName = Annotated[str, _release]
"""The name of a release, as it goes into keys and paths."""

"""The keys by which merge requests are compared: read from what people write and from what messages say."""

from __future__ import annotations

import re
from hashlib import blake2b

from secrel.words.patterns import pattern

PROJECT = rb"((?:[\w.-]{1,80}/){0,6}[\w.-]{1,80})?"
LINK = rb"https?://[^\s/]{1,200}/((?:(?!-/)[\w.-]{1,80}/){1,6}(?!-/)[\w.-]{1,80})(?:/-)?/(?:pull|merge_requests)/(\d{1,9})\b"
NUMBER = rb"[!#](\d{1,9})\b"
"""Parts of patterns for messages in lower case: a project, if one is named, a link to a request, and its number."""
_WRITTEN = pattern(
    r"(?:https?://[^\s/]{1,200}/)?((?:(?!-/)[\w.-]{1,80}/){0,6}(?!-/)[\w.-]{1,80})?"
    r"(?:[!#]|(?:/-)?/(?:pull|merge_requests)/)(\d{1,9})",
    re.ASCII,
)


def digest(*parts: bytes) -> int:
    """Digest parts into 64 bits, never 0."""
    return int.from_bytes(blake2b(b"\0".join(parts), digest_size=8).digest(), "big") or 1


def request_keys(text: str) -> tuple[int, ...]:
    """Give the keys of a merge request written `!7`, `#7`, `group/project!7` or as a link; empty for other text."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        return ()
    number = match[2].encode()
    if match[1]:
        return (digest(b"project", match[1].strip("/").lower().encode(), number), digest(b"no project", number))
    return (digest(b"any project", number),)


def message_keys(project: bytes, number: bytes) -> tuple[int, ...]:
    """Give the keys of a merge request that a message names, with its project or without."""
    named = digest(b"project", project, number) if project else digest(b"no project", number)
    return named, digest(b"any project", number)

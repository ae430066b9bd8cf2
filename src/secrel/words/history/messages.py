"""Reading a commit's message: the commits, reverts and merge requests that it names, and keys to compare it by.

Forms known here: git's own trailers (cherry-pick -x, revert), the kernel's (`[ Upstream commit … ]`, `commit …
upstream`, `Fixes:`), and those of GitLab and GitHub merges. Everything is bytes: nobody vouches for an encoding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b

from secrel.words.history.commits import Says

_FLAGS = re.MULTILINE | re.IGNORECASE | re.ASCII
_ID = rb"(?:https?://[^\s()]{1,200}/commit/)?([0-9a-f]{7,64})\b"
_NAMES = (
    (Says.PICKED, re.compile(rb"^[ \t]*\(?cherry[- ]?picked[- ](?:from|of):?[ \t]+(?:commit:?[ \t]+)?" + _ID, _FLAGS)),
    (
        Says.BACKPORTED,
        re.compile(rb"^[ \t]*[\[(]?back-?port(?:ed)?(?:[- ](?:of|from))?:?[ \t]+(?:commit:?[ \t]+)?" + _ID, _FLAGS),
    ),
    (Says.UPSTREAM, re.compile(rb"^[ \t]*[\[(]?[ \t]*upstream[- ]commit:?[ \t]+" + _ID, _FLAGS)),
    (Says.UPSTREAM, re.compile(rb"^[ \t]*[\[(]?[ \t]*commit[ \t]+" + _ID + rb"[ \t]+upstream\b", _FLAGS)),
    (Says.FIXES, re.compile(rb"^[ \t]*fixes:?[ \t]+(?:commit:?[ \t]+)?" + _ID, _FLAGS)),
    (Says.REAPPLIES, re.compile(rb"\bre-?appl(?:y|ies)(?:[ \t]+of)?[ \t]+commit:?\s+" + _ID, _FLAGS)),
)
_REVERTS = re.compile(
    rb"\bthis reverts commits?:?\s+((?:(?:https?://[^\s()]{1,200}/commit/)?[0-9a-f]{7,64}\b(?:,|\s|and\b){0,8}){1,20})",
    _FLAGS,
)
_BARE_ID = re.compile(rb"\b[0-9a-f]{7,64}\b", re.IGNORECASE)
_PROJECT = rb"((?:[\w.-]{1,80}/){0,6}[\w.-]{1,80})?"
_LINK = rb"https?://[^\s/]{1,200}/((?:(?!-/)[\w.-]{1,80}/){1,6}(?!-/)[\w.-]{1,80})(?:/-)?/(?:pull|merge_requests)/(\d{1,9})\b"
_REQUESTS = (
    (Says.MERGES, re.compile(rb"^[ \t]*see merge request " + _PROJECT + rb"!(\d{1,9})\b", _FLAGS)),
    (Says.MERGES, re.compile(rb"^[ \t]*\(?merged[- ]from:?[ \t]+" + _LINK, _FLAGS)),
    (Says.MERGES, re.compile(rb"\Amerge pull request " + _PROJECT + rb"#(\d{1,9}) from\b", _FLAGS)),
    (
        Says.FROM_REQUEST,
        re.compile(
            rb"^[ \t]*\(?(?:back-?port(?:ed|s)?|cherry[- ]?pick(?:ed|s)?|picked)(?:[- ](?:of|from))?:?[ \t]+"
            rb"(?:merge request )?" + _PROJECT + rb"[!#](\d{1,9})\b",
            _FLAGS,
        ),
    ),
    (
        Says.FROM_REQUEST,
        re.compile(
            rb"^[ \t]*\(?(?:back-?port(?:ed|s)?|cherry[- ]?pick(?:ed|s)?|picked)(?:[- ](?:of|from))?:?[ \t]+" + _LINK,
            _FLAGS,
        ),
    ),
)
_WORTH_READING = re.compile(rb"cherry|back-?port|upstream|revert|fixes|merge|re-?appl|picked", re.IGNORECASE)
_TRAILER = re.compile(rb"^[ \t]*(?:[A-Za-z][\w-]{1,40}:|[(\[].*[)\]]$|PR[: #]).*$", re.MULTILINE | re.ASCII)
_BEFORE = re.compile(rb"^(?:[\[(][^\])]{1,40}[\])]:?\s*)+")
_AFTER = re.compile(
    rb"(?:\s*[\[(](?:#|!|gh-)\d{1,9}[\])]"  # (#123), added by a merge
    rb"|\s*[\[(][a-z_-]{0,12}v?\d{1,4}(?:[._]\w{1,4}){1,3}[\])]"  # (1.1.1), the series it is for
    rb"|[\s,:(-]{1,3}back-?port(?:ed)?(?: (?:to|for|of|from) .{1,40})?)+\s*$"
)
_ONLY_DIGITS = re.compile(r"\d{1,9}")
_LONGEST_SUBJECT = 1_000
_SHORTEST_TEXT = 24  # bytes of subject and body below which a message says too little to tell commits apart
_WRITTEN = re.compile(
    r"(?:https?://[^\s/]{1,200}/)?((?:(?!-/)[\w.-]{1,80}/){0,6}(?!-/)[\w.-]{1,80})?(?:[!#]|(?:/-)?/(?:pull|merge_requests)/)(\d{1,9})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Message:
    """One commit, read: the keys of `Facts`, and the commits (hexadecimal, lower case) and requests (keys) it names."""

    same: int
    subject: int
    text: int
    author: int
    date: int
    words: int
    names: tuple[tuple[Says, str], ...]
    requests: tuple[tuple[Says, int], ...]


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


def _message_keys(project: bytes, number: bytes) -> tuple[int, ...]:
    named = digest(b"project", project.lower(), number) if project else digest(b"no project", number)
    return named, digest(b"any project", number)


def read_commit(data: bytes) -> Message | None:
    """Read a commit object as git stores it; None when it is not one (no author, or a date that is no number)."""
    head, _, message = data.partition(b"\n\n")
    start = head.find(b"\nauthor ")
    if start < 0:
        return None
    author, _, when = head[start + 8 :].partition(b"\n")[0].rpartition(b"> ")
    seconds = when.partition(b" ")[0]
    if not author or not seconds.lstrip(b"-").isdigit() or len(seconds) > 18:  # noqa: PLR2004 - fits 64 bits
        return None
    # as git does, take the whole first paragraph for the subject
    subject, _, body = message.lstrip(b"\n").partition(b"\n\n")
    plain = _plain(subject)
    told = b" ".join(_TRAILER.sub(b"", body).split()).lower()
    names: list[tuple[Says, str]] = []
    requests: list[tuple[Says, int]] = []
    if _WORTH_READING.search(message):
        names, requests = _named(message), _requested(message)
    return Message(
        same=digest(author, seconds, plain) if plain else 0,
        subject=digest(plain) if plain else 0,
        text=digest(author, plain, told) if len(plain) + len(told) >= _SHORTEST_TEXT else 0,
        author=digest(author),
        date=int(seconds),
        words=min(255, len(plain.split())),
        names=tuple(dict.fromkeys(names)),
        requests=tuple(dict.fromkeys(requests)),
    )


def _plain(subject: bytes) -> bytes:
    """Put a subject in plain form: one line, lower case, without what picking and merging add at its ends."""
    said = b" ".join(subject[:_LONGEST_SUBJECT].split()).lower()
    bare = _AFTER.sub(b"", _BEFORE.sub(b"", said))
    return bare or said


def _named(message: bytes) -> list[tuple[Says, str]]:
    found = [(how, match[1].decode().lower()) for how, form in _NAMES for match in form.finditer(message)]
    found += [
        (Says.REVERTS, name.decode().lower())
        for match in _REVERTS.finditer(message)
        for name in _BARE_ID.findall(match[1])
    ]
    # seven digits and no letter are more often the number of an issue
    return [(how, name) for how, name in found if not _ONLY_DIGITS.fullmatch(name)]


def _requested(message: bytes) -> list[tuple[Says, int]]:
    return [
        (how, key)
        for how, form in _REQUESTS
        for match in form.finditer(message)
        for key in _message_keys(match[1] or b"", match[2])
    ]

"""Reading a commit's message: the commits, reverts and merge requests that it names, and keys to compare it by.

Forms known here: git's own trailers (cherry-pick -x, revert), the kernel's (`[ Upstream commit … ]`, `commit …
upstream`, `Fixes:`), Debian's (`Origin: upstream, X`, DEP-3), and those of GitLab and GitHub merges. What takes a
change back is read in `taking_back`. Everything is bytes: nobody vouches for an encoding.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from secrel.words.history.commits import Says
from secrel.words.history.requests import LINK, NUMBER, PROJECT, digest, message_keys
from secrel.words.history.taking_back import begins_line, taken_back
from secrel.words.patterns import pattern

_FLAGS = re.MULTILINE | re.ASCII
_ID = rb"(?:https?://[^\s()]{1,200}/commit/)?([0-9a-f]{7,64})\b"
_OF = rb"(?:[- ](?:of|from))?:?[ \t]+(?:commit:?[ \t]+)?"
# messages are read in lower case; a form is tried only where its word occurs at all, and counts only where a line
# begins with it: patterns that begin with plain letters are found many times faster than those that begin with `^`
_NAMES = tuple(
    (word, how, pattern(form, _FLAGS))
    for word, how, form in (
        (b"picked", Says.PICKED, rb"cherry[- ]?picked" + _OF + _ID),
        (b"port", Says.BACKPORTED, rb"back-?port(?:ed)?" + _OF + _ID),
        (b"upstream", Says.UPSTREAM, rb"upstream[- ]commit:?[ \t]+" + _ID),
        (b"upstream", Says.UPSTREAM, rb"commit[ \t]+" + _ID + rb"[ \t]+upstream\b"),
        (b"fixes", Says.FIXES, rb"fixes:?[ \t]+(?:commit:?[ \t]+)?" + _ID),
        (b"appl", Says.REAPPLIES, rb"(?:this )?re-?appl(?:y|ies)(?:[ \t]+of)?[ \t]+commit:?\s+" + _ID),
        (
            b"land",
            Says.REAPPLIES,
            rb"(?:this )?(?:is an? )?re-?land(?:s|ed|ing)?(?:[ \t]+of)?[ \t]+(?:commit:?\s+)?" + _ID,
        ),
        (
            b"origin",
            Says.BACKPORTED,
            rb"origin:[ \t]+(?:upstream|backport|vendor|other)[:,]?[ \t]+(?:commit:?[ \t]*)?" + _ID,
        ),
    )
)
_REQUESTS = tuple(
    (word, how, pattern(form, _FLAGS))
    for word, how, form in (
        (b"see merge request", Says.MERGES, rb"see merge request " + PROJECT + rb"!(\d{1,9})\b"),
        (b"merged", Says.MERGES, rb"merged[- ]from:?[ \t]+" + LINK),
        (b"merge pull request", Says.MERGES, rb"\Amerge pull request " + PROJECT + rb"#(\d{1,9}) from\b"),
        *(
            (word, Says.FROM_REQUEST, verb + rb"(?:[- ](?:of|from))?:?[ \t]+" + named)
            for word, verb in ((b"port", rb"back-?port(?:ed|s)?"), (b"pick", rb"(?:cherry[- ]?)?pick(?:ed|s)?"))
            for named in (rb"(?:merge request )?" + PROJECT + NUMBER, LINK)
        ),
    )
)
_REPORT = pattern(
    rb"(?<![\w/])(?:pr|rt|gh|bug|bz|issue|ticket)?[:# ]{0,2}#(\d{3,7})\b|\bpr: ?(\d{3,7})\b|[?&]id=(\d{3,7})\b", _FLAGS
)
_MOST_REPORTS = 8
_TRAILER = pattern(rb"^[ \t]*(?:[a-z][\w-]{1,40}:|[(\[].*[)\]]$|pr[: #]).*$", _FLAGS)
_BEFORE = pattern(
    rb"^(?:[\[(](?:(?:[a-z/]{1,20}[ -])?v?\d{1,4}(?:[._-]\w{1,6}){0,4}(?:[ -][a-z]{1,12})?"  # [1.1.1], [branch 1.1]
    rb"|[a-z -]{0,20}(?:back-?port|pick|stable)[\w .-]{0,20})[\])]:?\s*)+"  # [backport]
)
_AFTER = pattern(
    rb"(?:\s*[\[(](?:#|!|gh-)\d{1,9}[\])]"  # (#123), added by a merge
    rb"|\s*[\[(][a-z_-]{0,12}v?\d{1,4}(?:[._]\w{1,4}){1,3}[\])]"  # (1.1.1), the series it is for
    rb"|[\s,:(-]{1,3}back-?port(?:ed)?(?: (?:to|for|of|from) .{1,40})?)+\s*$"
)
_SQUASHED = pattern(rb"\([#!](\d{1,9})\)[ \t]*$")
_ONLY_DIGITS = pattern(r"\d{1,9}")
_LONGEST_SUBJECT = 1_000
_SHORTEST_TEXT = 60  # bytes of a body, trailers aside, below which it does not tell one change from another
_PARAGRAPHS = pattern(rb"\n[ \t]*\n")
# known only after an embargo, so that nothing may rest on them; with the words and brackets around them
_IDENTIFIER = pattern(rb"[\[(]?\bcve-\d{4}-\d{4,9}\b[\])]?:?", _FLAGS)


TAKING_BACK = digest(b"taking back")
"""The key of `Says.TAKES_BACK`, which names nothing."""


class Message(Struct, frozen=True):
    """One commit, read: the keys of `Facts`, and the commits (hexadecimal, lower case) and requests (keys) it names."""

    same: int
    subject: int
    text: int
    author: int
    date: int
    words: int
    names: tuple[tuple[Says, str], ...]
    requests: tuple[tuple[Says, int], ...]


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
    low = message.lstrip(b"\n").lower()
    subject, _, body = low.partition(b"\n\n")
    plain = _plain(_unnumbered(subject))
    told = _opening(_unnumbered(body))
    back = taken_back(low)
    seems = [(Says.SEEMS_TO_REVERT, digest(_plain(_unnumbered(text)))) for text in back.subjects]
    seems += [(Says.SEEMS_TO_REAPPLY, digest(_plain(_unnumbered(text)))) for text in back.again]
    seems += [(Says.TAKES_BACK, TAKING_BACK)] if back.any else []
    # a message that takes a commit back names it in every form there is: it is never its pick
    surely = {name for how, name in back.commits if how is Says.REVERTS}
    named = [(how, name) for how, name in _named(low) if how is Says.FIXES or name not in surely]
    return Message(
        same=digest(author, seconds, plain) if plain else 0,
        subject=digest(plain) if plain else 0,
        text=digest(plain, told) if plain and len(told) >= _SHORTEST_TEXT else 0,
        author=_author(author),
        date=int(seconds),
        words=min(255, len(plain.split())),
        names=tuple(dict.fromkeys((*named, *back.commits))),
        requests=tuple(dict.fromkeys((*_requested(low), *_squashed(low), *back.requests, *_reported(low), *seems))),
    )


def _unnumbered(text: bytes) -> bytes:
    return _IDENTIFIER.sub(b"", text) if b"cve-" in text else text


def _opening(body: bytes) -> bytes:
    """Take the first paragraphs of a body, trailers aside, that are long enough together to tell a change by.

    Whoever carries a change to another series keeps them, and adds what was different there at the end.
    """
    found = b""
    for paragraph in _PARAGRAPHS.split(body):
        found = b" ".join((found, *_TRAILER.sub(b"", paragraph).split())).strip()
        if len(found) >= _SHORTEST_TEXT:
            break
    return found


@lru_cache(maxsize=4096)
def _author(author: bytes) -> int:
    return digest(author)


def _plain(subject: bytes) -> bytes:
    """Put a subject in plain form: one line, without what picking and merging add at its ends."""
    said = bare = b" ".join(subject[:_LONGEST_SUBJECT].split())
    if said[:1] in (b"[", b"("):
        bare = _BEFORE.sub(b"", bare)
    if said[-1:] in (b"]", b")") or b"port" in said:
        bare = _AFTER.sub(b"", bare)
    return bare or said


def _named(low: bytes) -> list[tuple[Says, str]]:
    found = [
        (how, match[1].decode())
        for word, how, form in _NAMES
        if word in low
        for match in form.finditer(low)
        if begins_line(low, match.start())
    ]
    # seven digits and no letter are more often the number of an issue
    return [(how, name) for how, name in found if not _ONLY_DIGITS.fullmatch(name)]


def _squashed(low: bytes) -> list[tuple[Says, int]]:
    """Read the merge request that a forge puts at the end of the subject of a squashed commit."""
    match = _SQUASHED.search(low.partition(b"\n")[0])
    return [(Says.SQUASHES, key) for key in message_keys(b"", match[1])] if match else []


def _reported(low: bytes) -> list[tuple[Says, int]]:
    """Read the numbers of reports; a message with very many of them is about none in particular."""
    if b"#" not in low and b"pr:" not in low and b"id=" not in low:
        return []
    found = {match[1] or match[2] or match[3] for match in _REPORT.finditer(low)}
    return [(Says.ABOUT, digest(b"report", number)) for number in sorted(found)] if len(found) <= _MOST_REPORTS else []


def _requested(low: bytes) -> list[tuple[Says, int]]:
    return [
        (how, key)
        for word, how, form in _REQUESTS
        if word in low
        for match in form.finditer(low)
        if begins_line(low, match.start())
        for key in message_keys(match[1] or b"", match[2])
    ]

"""What a commit's message says it takes back: commits, merge requests, or a change known by its subject alone.

Said in so many words: git's `This reverts commit X` (also of merges, of several, abbreviated, or with a link), `Revert
commit X`, `Reverts: X`, `Back out changeset X`, GitLab's `This reverts merge request !7`, GitHub's `Reverts
group/project#7`, and the kernel's `This reverts commit X which is commit Y upstream`. What only looks like it
(`Partially reverts X`, `Revert "subject"`, Gerrit's list of reverted changes, `Refs: X` under `revert: …`) is told
apart, and so is a subject with any word for reverting: what such a commit takes back, its contents tell.
"""

from __future__ import annotations

import re

from msgspec import Struct

from secrel.words.history.commits import Says
from secrel.words.history.requests import LINK, NUMBER, PROJECT, message_keys
from secrel.words.patterns import pattern

_FLAGS = re.MULTILINE | re.ASCII
_WIDEST_INDENT = 40
_WIDEST_BEFORE = 200
_ID = rb"(?:https?://[^\s()]{1,200}/commit/)?[0-9a-f]{7,64}\b"
_ALSO = rb"\(?which (?:is|was)\s(?:upstream\s)?(?:commit\s)?"
_IDS = rb"((?:" + _ID + rb"(?:[,;]|\s|and\b|" + _ALSO + rb"|\(\"[^\"\n]{0,200}\"\)){0,8}){1,20})"
_VERB = rb"(?:revert(?:s|ed|ing)?|back(?:s|ed|ing)?[- ]?out|roll(?:s|ed|ing)?[- ]?back|undo(?:es|ing)?)"
_WHOLE = pattern(
    rb"(?:\bthis (?:commit )?(?:also )?|\bit (?:also )?)?\b" + _VERB + rb"(?:[ \t]+of)?:?\s+(?:the )?"
    rb"((?:merge )?(?:commit|changeset|revision|rev|cset|patch)(?:e?s)?:?\s+)?" + _IDS,
    _FLAGS,
)
# words around it that make it less than said: a condition, a plan or a quote before it, a part after it
_ONLY_IF = pattern(rb"(?:^[ \t]*>|\b(?:if|unless|when|could|would|should|may|might)\b[^.\n]*$|:[ \t]*$)", _FLAGS)
_IN_PART = pattern(
    rb"[\s,;:(-]*(?:but|only|except|apart|without|partly|partially|in part|if|unless|then|later)\b", _FLAGS
)
_BACK_TO = pattern(rb"\breversing\s+changes\s+made\s+to\s+([0-9a-f]{7,64})\b", _FLAGS)
_REQUEST = rb"(?:the )?(?:merge[- ]request |pull[- ]request |mr |pr )?"
_REQUESTS = tuple(
    pattern(rb"(?:\bthis (?:commit )?)?\b" + _VERB + rb"(?:[ \t]+of)?:?\s+" + _REQUEST + named, _FLAGS)
    for named in (PROJECT + NUMBER, LINK)
)
_MENTIONED = pattern(rb"\b(?:un)?" + _VERB + rb"\b[^.\n]{0,60}?\b([0-9a-f]{7,64})\b", _FLAGS)
_QUOTED = rb"(?:\"(.+)\"[^\"]{0,80}|'(.+)'[^']{0,80}|(.+?)(?:[ \t]*\([^()]{0,80}\)){0,3}[ \t.]*)"
_AGAIN = (
    rb"(?:re-?land(?:s|ed|ing)?|re-?appl(?:y|ies|ied)|re-?commit(?:ted)?|un-?revert(?:ed)?|roll(?:ed)?[- ]?forward)"
)
# a change taken back, or made again; how often, Gerrit writes as `Revert^2`
_SUBJECT = pattern(
    rb"(?:"
    + _VERB
    + rb"(?:\^(\d))?|(\[?"
    + _AGAIN
    + rb"(?:[ ^]?\d)?\]?))(?:[ \t]+of)?:?[ \t]+(?:r\d{1,9}:?[ \t]+)?"
    + _QUOTED
    + rb"\Z",
    _FLAGS,
)
_LISTED = pattern(rb"^i[0-9a-f]{6,40}:[ \t]*(.{1,300})$", _FLAGS)
_A_WORD = pattern(rb"\b(?:un|auto)?" + _VERB + rb"\b", _FLAGS)
_LONGEST_SUBJECT = 1_000
_BARE_ID = pattern(rb"\b[0-9a-f]{7,64}\b")
_ONLY_DIGITS = pattern(rb"\d{1,9}")


class TakenBack(Struct, frozen=True):
    """What a message takes back, or seems to: commits by id, requests by key, and changes by their subjects.

    `again`: the subject of what it makes again, after that was taken back. `any`: its own subject has a word for it.
    """

    commits: tuple[tuple[Says, str], ...] = ()
    requests: tuple[tuple[Says, int], ...] = ()
    subjects: tuple[bytes, ...] = ()
    again: tuple[bytes, ...] = ()
    any: bool = False


NOTHING = TakenBack()


def begins_line(low: bytes, at: int) -> bool:
    """Whether nothing but blanks and an opening bracket stands before this place on its line."""
    before = low[max(low.rfind(b"\n", 0, at) + 1, at - _WIDEST_INDENT) : at]
    return before.strip(b" \t") in (b"", b"(", b"[")


def _with_a_condition(low: bytes, start: int, end: int) -> bool:
    """Whether it is said of a part, of a case or by another, going by the words on its line and those that follow."""
    before = low[max(low.rfind(b"\n", 0, start) + 1, start - _WIDEST_BEFORE) : start]
    return _ONLY_IF.search(before) is not None or _IN_PART.match(low, end) is not None


def taken_back(low: bytes) -> TakenBack:
    """Read a whole message in lower case."""
    first = low.lstrip(b"\n").partition(b"\n")[0][:_LONGEST_SUBJECT]
    layers, again = _layers(first)
    made_again = (again,) if layers and layers % 2 == 0 else ()
    if not (b"revert" in low or b"undo" in low or (b"back" in low and (b"out" in low or b"roll" in low))):
        return TakenBack(again=made_again) if made_again else NOTHING
    commits: dict[str, Says] = {}
    for match in _WHOLE.finditer(low):
        if begins_line(low, match.start()) or match[0].startswith((b"this", b"it")):
            how = Says.SEEMS_TO_REVERT if _with_a_condition(low, match.start(), match.end()) else Says.REVERTS
            commits.update((name, how) for name in _ids(match[2], sure=match[1] is not None))
    for match in _MENTIONED.finditer(low):
        for name in _ids(match[1], sure=False):
            commits.setdefault(name, Says.SEEMS_TO_REVERT)
    requests = [
        (Says.REVERTS_REQUEST, key)
        for form in _REQUESTS
        for match in form.finditer(low)
        if begins_line(low, match.start())
        for key in message_keys(match[1] or b"", match[2])
    ]
    subjects = _quoted(first)
    if subjects and not commits:
        commits = dict.fromkeys(_ids(low, sure=False), Says.SEEMS_TO_REVERT)
    if b"reverted changes:" in low:
        subjects += _LISTED.findall(low)
    said = [(says, name) for name, says in commits.items()]
    said += [(Says.GOES_BACK_TO, name.decode()) for name in _BACK_TO.findall(low)]
    return TakenBack(tuple(said), tuple(requests), tuple(subjects), made_again, _A_WORD.search(first) is not None)


def _quoted(subject: bytes) -> list[bytes]:
    """Give the subject of what a subject says it takes back; nothing of one that makes something again."""
    match = _SUBJECT.match(subject)
    return [next(filter(None, match.groups()[2:]))] if match and not match[2] and int(match[1] or 1) == 1 else []


def _layers(subject: bytes) -> tuple[int, bytes]:
    """Take a subject apart: how often a change was taken back, where made again is twice, and that change's subject."""
    layers, text = 0, subject
    while match := _SUBJECT.match(text):
        layers += 2 if match[2] else int(match[1] or 1)
        text = next(filter(None, match.groups()[2:]))
    return layers, text


def _ids(text: bytes, *, sure: bool) -> list[str]:
    """Find ids; digits alone are more often the number of something else, where the word commit is not there."""
    return [name.decode() for name in _BARE_ID.findall(text) if sure or not _ONLY_DIGITS.fullmatch(name)]

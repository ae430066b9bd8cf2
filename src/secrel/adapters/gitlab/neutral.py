"""Text for GitLab that says and does not act, unless the desk meant it, and gives its words back (gitlab-api.md 5).

A word joiner, which nobody sees, is put where a sign would act: before a quick action, behind the sign of a mention or
a reference, into the word of a closing pattern. Joiners that were there are doubled, so that `original` gives back
exactly what was written.

Quick actions are looked for line by line, whatever Markdown says of the line: they act in a comment of several lines
and in a `~~~` fence too. Only a ``` fence that every version of GitLab takes for one is left as it is; where anything
stands before it that some version may read in another way, nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.patterns import pattern

TITLE, DESCRIPTION, NOTE = 255, 1_048_576, 1_000_000
"""How many letters GitLab takes (gitlab-api.md 6)."""
_JOINER = "\u2060"
_NUL, _NUL_SHOWN = "\0", "\u2400"
_LINES = pattern(r"\r\n|\n|\r")
_COMMAND = pattern(r"\A(?=/[A-Za-z_])")
_SIGNS = pattern(r"[@#!&\[^]|::|://")
"""Without one of these nothing in a line acts but a quick action."""
_INCLUDE = pattern(r"\A[ \t]{0,3}:(?=:include\b)", re.IGNORECASE)
_FENCE = pattern(r"```[^`\s]*[ \t]*")
_UNCLEAR = pattern(r"[ \t]{0,8}(?:```|~~~|<|>>>)|.*``")
_COMMENT = pattern(r"<!--(?:(?!-->|--!>).)*-->[ \t]*")
_RAW = pattern(r"[ \t]{0,8}<(?:script|pre|style|textarea|[!?])", re.IGNORECASE)
_URL = pattern(
    r"(?<![^\s*_~(])https?://[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,20}(?::\d{1,5})?/[^\s<>\"')\]`|]{0,2000}",
    re.ASCII,
)
_CODE = pattern(r"`[^`]+`")
_PATH = r"[A-Za-z0-9_][\w.-]{0,254}(?:/[A-Za-z0-9_][\w.-]{0,254}){0,20}"
_MENTION = pattern(rf"(?<!\w)@(?=({_PATH}|[._-]))", re.ASCII)
_REFERENCE = pattern(rf"(?<![\w./-])({_PATH})?([#!&])(?=(\d{{1,12}}))|(?<=\S)([#!&])(?=\d)", re.ASCII)
_COMMIT = pattern(rf"(?<![\w./-])({_PATH})@(?=[0-9a-f]{{7,64}}\b)", re.ASCII)
_NAMED = pattern(r"(?<!\w)\[(?=(?:issue|work_item|merge_request|epic|vulnerability|snippet|feature_flag|alert):)")
_ALERT = pattern(r"\^(?=alert#\d)")
_ENTITY = pattern(r"&(?=(?:#0*(?:64|35|33|38|47)|#[xX]0*(?:40|23|21|26|2[fF])|commat|num|excl|amp|sol);)")
_NUMBERED = pattern(r"&#(?:\d{1,7}|[xX][0-9A-Fa-f]{1,6});")
_CLOSING = pattern(
    r"\b([cfri])(?=(?:los(?:e[sd]?|ing)|ix(?:e[sd]|ing)?|esolv(?:e[sd]?|ing)|mplement(?:s|ed|ing)?)\b"
    r":?[ \t]+(?:issues?[ \t]+)?(?:\S{0,400}#|https?://\S{0,900}/(?:issues|work_items)/)\d)",
    re.IGNORECASE | re.ASCII,
)
_THING = pattern(r"(/(?:-/)?(issues|work_items|merge_requests|epics|commit|vulnerabilities)/)(?=([0-9a-f]+))")
_SKIPS = pattern(r"\[(?=(?:ci[ -]skip|skip[ -]ci)\])", re.IGNORECASE)


def _never(_ref: str) -> bool:
    return False


class Meant(Struct, frozen=True):
    """What the desk means to do by a text: whom it calls, and to what it refers.

    `handles` are of people and groups; `refers` says of a whole reference (`group/project#12`) whether that may leave a
    word on what it refers to; `instance` is the address below which an address is such a reference too.
    """

    handles: frozenset[str] = frozenset()
    refers: Callable[[str], bool] = _never
    instance: str = ""


NOTHING = Meant()
"""A text that calls nobody and refers to nothing."""


def neutral(text: str, meant: Meant = NOTHING, standing: str = "") -> str:
    """Give a text of several lines as it is sent, so that nothing in it acts but what was meant.

    A line that is in `standing`, the text as it is on GitLab now, is left as it is there: what it did it has done; but
    for a quick action, since what stands around it may be another now. Raises `Misused` for what is no Unicode text.
    """
    known = {_said(line): line for line, _ in _split(standing)}
    lines = list(_split(_encodable(text)))
    bare = [line for line, _ in lines]
    parts: list[str] = []
    for (line, ending), is_code, is_clear in zip(lines, _fenced(bare), _clear(bare), strict=True):
        told = known.get(line) or (_doubled(line) if is_code else _line(_doubled(line), meant, is_clear=is_clear))
        parts += [told if is_code else _COMMAND.sub(_JOINER, told, count=1) if told[:1] == "/" else told, ending]
    return "".join(parts)


def neutral_line(text: str, meant: Meant = NOTHING) -> str:
    """Give a title or a message of one line as it is sent; nothing in it acts but what was meant."""
    return _SKIPS.sub(rf"[{_JOINER}", _line(_doubled(_encodable(text)), meant, is_clear=False))


def original(text: str) -> str:
    """Give back what was written, of what `neutral` or `neutral_line` made of it."""
    return _said(text)


def needed_length(text: str, most: int, what: str) -> str:
    """Give a text that is not too long for GitLab; raises `Misused`, which names it as `what`, for any other."""
    if len(text) > most:
        raise Misused(f"{what} has {len(text):,} letters, and GitLab takes {most:,}", remedy="shorten it")
    return text


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Misused("the text is no Unicode text: half a surrogate pair is in it") from error
    return text


def _doubled(text: str) -> str:
    return text.replace(_JOINER, _JOINER * 2).replace(_NUL, _JOINER + _NUL_SHOWN)


def _said(text: str) -> str:
    return re.sub(
        rf"({_JOINER}+)({_NUL_SHOWN}?)",
        lambda found: _JOINER * (len(found[1]) // 2) + (_NUL if found[2] and len(found[1]) % 2 else found[2]),
        text,
    )


def _split(text: str) -> Iterator[tuple[str, str]]:
    """Give the lines of a text, each with what ends it: a lone carriage return does so too, for Markdown."""
    start = 0
    for end in _LINES.finditer(text):
        yield text[start : end.start()], end[0]
        start = end.end()
    yield text[start:], ""


def _fenced(lines: list[str]) -> list[bool]:
    """Say of each line whether it is inside a fence that is one for every version of GitLab, and for CommonMark."""
    inside = [False] * len(lines)
    opened = -1
    for number, line in enumerate(lines):
        if opened < 0 and _FENCE.fullmatch(line):
            opened = number
        elif opened < 0:
            is_comment = _COMMENT.fullmatch(line) is not None
            if (_UNCLEAR.match(line) and not is_comment) or line.count("`") % 2:
                return inside
        elif line == "```":
            if number == opened + 1:
                return inside
            inside[opened + 1 : number] = [True] * (number - opened - 1)
            opened = -1
        elif line.lstrip(" ").startswith("```"):
            return inside
    return inside


def _clear(lines: list[str]) -> Iterator[bool]:
    """Say of each line whether what stands between two back-ticks in it is code for every reader."""
    is_clear, is_lost = True, False
    for line in lines:
        is_lost = is_lost or (_RAW.match(line) is not None and not _COMMENT.fullmatch(line))
        is_clear = is_clear or not line.strip()
        if any(sign in line for sign in ("``", "<", "\\`")) or line.count("`") % 2 or is_lost:
            is_clear = False
            yield False
        else:
            yield is_clear


def _line(line: str, meant: Meant, *, is_clear: bool) -> str:
    """Neutralise all that acts wherever in a line it stands; code and addresses elsewhere are left as they are."""
    if not _SIGNS.search(line):
        return line
    line = _INCLUDE.sub(lambda found: found[0] + _JOINER, line, count=1)
    line = _CLOSING.sub(lambda found: found[1] + _JOINER, line)
    pattern = _EITHER if is_clear else _URL
    edges = [0, *(edge for found in pattern.finditer(line) for edge in found.span()), len(line)]
    pieces: list[str] = []
    for number, (start, end) in enumerate(pairwise(edges)):
        piece = line[start:end]
        if number % 2 == 0:
            pieces.append(_plain(piece, meant))
        else:
            pieces.append(piece if piece[0] == "`" else _address(piece, meant))
    return "".join(pieces)


_EITHER = pattern(f"(?:{_CODE.pattern})|(?:{_URL.pattern})", re.ASCII)


def _address(address: str, meant: Meant) -> str:
    """Break an address of something on this instance, to which GitLab would leave a word that it was mentioned."""
    host = meant.instance
    if not host or not address.casefold().startswith(f"{host.casefold()}/"):
        return address
    found = _THING.search(address)
    if found is None:
        return address
    project = address[len(host) + 1 : found.start()]
    sign = {"issues": "#", "work_items": "#", "merge_requests": "!"}.get(found[2], "")
    if sign and found[3].isdecimal() and meant.refers(f"{project}{sign}{found[3]}"):
        return address
    return f"{address[: found.end()]}{_JOINER}{address[found.end() :]}"


def _plain(text: str, meant: Meant) -> str:
    """Break mentions and references in words that are neither code nor an address."""
    text = _ENTITY.sub(f"&{_JOINER}", text)
    text = _NAMED.sub(f"[{_JOINER}", _ALERT.sub(f"^{_JOINER}", _COMMIT.sub(rf"\1@{_JOINER}", text)))
    text = _MENTION.sub(lambda found: "@" if _is_meant(found[1], meant) else f"@{_JOINER}", text)
    entities = {found.start() + 1 for found in _NUMBERED.finditer(text)}

    def reference(found: re.Match[str]) -> str:
        whole = f"{found[1]}{found[2]}{found[3]}"
        place = found.end() - 1
        if place in entities or (found[1] and meant.refers(whole)):
            return found[0]
        return found[0] + _JOINER

    return _REFERENCE.sub(reference, text)


def _is_meant(handle: str, meant: Meant) -> bool:
    """Whether a handle is one that may be called; GitLab takes the longest name that stands there."""
    return handle.rstrip(".-").casefold() in {known.casefold() for known in meant.handles}

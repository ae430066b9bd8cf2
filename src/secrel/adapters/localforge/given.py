"""What comes from outside, looked at before it gets in: references, single lines, texts, paths, branches, instants."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from email import utils as email_utils
from typing import Any

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.heads import Head
from secrel.words.patterns import pattern

LINE_LENGTH = 255
"""The longest title, label, name, branch or path, in characters."""
TEXT_BYTES = 1 << 20
"""The longest text (a body, a note, a file, the facts of an issue), in bytes of UTF-8."""

_PROJECT = r"[A-Za-z0-9_][\w.-]*(?:/[A-Za-z0-9_][\w.-]*)*"
_REF = pattern(rf"(?:local:)?({_PROJECT})([#!])([1-9]\d{{0,8}})", re.ASCII)
_NOTE = pattern(rf"(?:local:)?({_PROJECT}[#!][1-9]\d{{0,8}})#note_([1-9]\d{{0,17}})", re.ASCII)
_CONTROL = pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BAD_BRANCH = pattern(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|/\.|[/.]$|\.lock(?:/|$)|^@$|^HEAD$")
_CRUD = " .,:;<>\"\\'"  # what git takes off the ends of a name
_HEX = pattern(r"[0-9a-f]{40}", re.ASCII)


class CommitAuthor(Struct, frozen=True):
    """Who a commit is by: a name and a mail address."""

    name: str
    email: str


def project(text: str) -> str:
    """Give the name of a project, such as `group/name`; raises `Misused` for anything else."""
    if len(text) > LINE_LENGTH or not re.fullmatch(_PROJECT, text, re.ASCII):
        raise Misused(f"{text[:60]!r} is not the name of a project", remedy="write it as group/name")
    return text


def _ref(text: str, sorts: str, example: str) -> str:
    match = _REF.fullmatch(text) if len(text) <= LINE_LENGTH + 20 else None
    if match is None or match[2] not in sorts:
        raise Misused(f"{text[:60]!r} is no reference", remedy=f"write it as {example}")
    return f"{match[1]}{match[2]}{match[3]}"


def issue_ref(text: str) -> str:
    """Give an issue's reference in its one spelling, `project#12`; an address (`local:project#12`) is one too."""
    return _ref(text, "#", "project#12")


def merge_request_ref(text: str) -> str:
    """Give a merge request's reference in its one spelling, `project!7`."""
    return _ref(text, "!", "project!7")


def item_ref(text: str) -> str:
    """Give the reference of an issue or a merge request in its one spelling."""
    return _ref(text, "#!", "project#12 or project!7")


def note_ref(text: str) -> tuple[str, int]:
    """Read the address of a note, `project!7#note_3`: where it hangs, and its number."""
    match = _NOTE.fullmatch(text)
    if match is None:
        raise Misused(f"{text[:60]!r} is no address of a note", remedy="write it as project!7#note_3")
    return match[1], int(match[2])


def line(text: str, what: str) -> str:
    """Give a single line (a title, a label, a name) of 1 to 255 characters without control characters.

    The text itself never goes into the message, since it may be under embargo.
    """
    if not text.strip():
        raise Misused(f"{what} is empty")
    if len(text) > LINE_LENGTH:
        raise Misused(f"{what} has {len(text)} characters", remedy=f"use at most {LINE_LENGTH}")
    if _CONTROL.search(text):
        raise Misused(f"{what} has a line break or a control character in it", remedy="write it in one line")
    _encoded(text, what)
    return text


def lines(texts: Iterable[str], what: str) -> tuple[str, ...]:
    """Give several single lines, each once, in the order given."""
    return tuple(dict.fromkeys(line(text, what) for text in texts))


def optional_line(text: str, what: str) -> str:
    """Give a single line, or an empty one."""
    return line(text, what) if text else ""


def _encoded(text: str, what: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Misused(f"{what} is not Unicode text: half a surrogate pair is in it") from error


def body(text: str, what: str) -> str:
    """Give a text of any characters, of up to 1 MiB in UTF-8."""
    size = len(_encoded(text, what))
    if size > TEXT_BYTES:
        raise Misused(f"{what} has {size} bytes", remedy=f"keep it under {TEXT_BYTES} bytes")
    return text


def day(of: date | None) -> str | None:
    """Give a day as the forge keeps it, None for none."""
    return of.isoformat() if of else None


def head(told: Head, ref: str) -> dict[str, str | None]:
    """Give the columns of an issue or a merge request that its head fills; raises `Misused` for what fits in none."""
    common: dict[str, str | None] = {
        "title": line(told.title, "the title"),
        "labels": spelled("labels", json.dumps(lines(told.labels, "a label"))),
        "assignees": json.dumps(lines(told.assignees, "an assignee")),
    }
    if "#" in ref:
        return common | {"due": day(told.due)}
    reviewers = json.dumps(lines(told.reviewers, "a reviewer"))
    return common | {"body": body(told.description, "the text"), "reviewers": reviewers}


def spelled(column: str, value: str | None) -> str | None:
    """Give what a column of a head holds in its one spelling: labels have no order."""
    return json.dumps(sorted(json.loads(value))) if column == "labels" and value else value


def mark(text: str) -> str:
    """Give an effect's key, or its beginning, if it is text that can be looked for."""
    _encoded(text, "the mark")
    return text


def facts(table: Mapping[str, Any]) -> str:
    """Give an issue's details table as JSON text."""
    return body(json.dumps(table, ensure_ascii=False), "the facts")


def instant(at: datetime, what: str = "the instant") -> str:
    """Give an instant as text that sorts by time: UTC with microseconds; raises `Misused` for one without a zone."""
    if at.tzinfo is None:
        raise Misused(f"{what} has no time zone", remedy="give it one, such as 2026-11-11T17:00:00+00:00")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def branch(name: str) -> str:
    """Give a branch's name if git allows it (git-check-ref-format)."""
    if len(name) > LINE_LENGTH or not name or _BAD_BRANCH.search(name):
        raise Misused(f"{name[:60]!r} is not the name of a branch")
    _encoded(name, "the branch")
    return name


def commit(text: str) -> str:
    """Give a commit's full id: 40 hexadecimal digits, in lower case."""
    if not _HEX.fullmatch(text):
        raise Misused(f"{text[:60]!r} is no commit", remedy="give all 40 digits, as git rev-parse prints them")
    return text


def _path(text: str) -> str:
    parts = text.split("/")
    bad = any(part in {"", ".", ".."} or part.lower().rstrip(". ").startswith(".git") for part in parts)
    if bad or len(text) > LINE_LENGTH or "\\" in text or _CONTROL.search(text):
        raise Misused(f"{text[:60]!r} is no path of a file", remedy="write it as folder/name.md, from the top")
    _encoded(text, "the path")
    return text


def files(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give files by path; raises `Misused` for a path that leads outside, one named twice, one in another."""
    checked: dict[str, str] = {}
    for path, text in given:
        if _path(path) in checked:
            raise Misused(f"the file {path!r} is named twice")
        checked[path] = body(text, f"the file {path!r}")
    for path in checked:
        parts = path.split("/")
        if any("/".join(parts[:length]) in checked for length in range(1, len(parts))):
            raise Misused(f"the file {path!r} is inside another file")
    return checked


def identity(text: str) -> CommitAuthor:
    """Read who somebody is: `username`, or `First Last <mail@example.com>`."""
    line(text, "the name of a person")
    name, email = text, ""
    if text.endswith(">"):
        name, email = email_utils.parseaddr(text)
    name = name.replace("<", "").replace(">", "").strip(_CRUD) or "unknown"
    local = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "unknown"
    return CommitAuthor(name, email.strip(_CRUD) or f"{local}@localhost")

"""Text that acts: quick actions, references, closing patterns (s5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.gitlab_double.world.things import Reference

COMMANDS = frozenset(
    re.findall(
        r"\w+",
        "close reopen label labels unlabel relabel remove_label assign unassign reassign due remove_due_date"
        " confidential draft ready wip title relate unlink unrelate blocks blocked_by milestone"
        " remove_milestone weight clear_weight duplicate move lock unlock todo done subscribe unsubscribe"
        " award react merge approve unapprove assign_reviewer unassign_reviewer reviewer request_review"
        " severity promote shrug tableflip epic cc",
    )
)
_COMMAND = re.compile(r"/(?P<name>[A-Za-z_]+)(?:[ \t]+(?P<rest>.*?))?[ \t]*\r?\n?$", re.DOTALL)
_FENCE = re.compile(r"(`{3,})")
_OPENS = re.compile(r"<(?P<tag>[a-zA-Z][\w-]*)[^>]*>\s*$")


class Command(NamedTuple):
    """A quick action: its name in lower case, and what stands behind it."""

    name: str
    rest: str


def extracted(text: str) -> tuple[str, list[Command]]:
    """Take the quick actions out of a text: the text that is left, and the actions in their order.

    A line acts that starts in column 0 with a known command, also in a comment of several lines and in a `~~~` fence;
    not in a ``` fence, a `>>>` block, or between a line `<tag>` and a line `</tag>` (s5).
    """
    kept, commands = [], []
    closing: str | None = None
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if closing is not None:
            closing = None if _closes(bare, closing) else closing
        elif (opened := _opened(line)) is not None:
            closing = opened
        elif (found := _COMMAND.match(line)) and found["name"].casefold() in COMMANDS:
            commands.append(Command(found["name"].casefold(), (found["rest"] or "").strip()))
            continue
        kept.append(line)
    left = "".join(kept)
    return (left.strip() if commands else left), commands


def _opened(line: str) -> str | None:
    if fence := _FENCE.match(line):
        return fence[1]
    if line.rstrip() == ">>>":
        return ">>>"
    tag = _OPENS.match(line)
    return f"</{tag['tag']}>" if tag and not line.rstrip().endswith("/>") else None


def _closes(bare: str, closing: str) -> bool:
    return bare.startswith(closing) if closing.startswith("`") else bare == closing


_REFERENCE = re.compile(
    r"(?P<url>https?://[^\s/]+/(?P<urlpath>[\w./-]+?)/-/(?P<urlkind>issues|work_items|merge_requests)/(?P<urliid>\d+))"
    r"|(?<![\w/&#!])(?P<path>[\w.-]+(?:/[\w.-]+)+|[\w.-]+)?(?P<mark>[#!])(?P<iid>\d+)(?![\w])"
)
_CLOSING = re.compile(
    r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?\s+", re.IGNORECASE
)


class Mention(NamedTuple):
    """A reference as it is written: the path is None where the text is of the same project."""

    path: str | None
    kind: str
    iid: int


def _mention(found: re.Match[str]) -> Mention:
    if found["url"]:
        return Mention(found["urlpath"], "!" if found["urlkind"] == "merge_requests" else "#", int(found["urliid"]))
    return Mention(found["path"], found["mark"], int(found["iid"]))


def mentions(text: str) -> Iterator[Mention]:
    """Every issue and merge request that a text names, outside of code."""
    plain = re.sub(r"```.*?```|`[^`\n]*`", " ", text, flags=re.DOTALL)
    yield from map(_mention, _REFERENCE.finditer(plain))


def closes(text: str) -> Iterator[Mention]:
    """Every issue that a text says it closes."""
    for word in _CLOSING.finditer(text):
        found = _REFERENCE.match(text, word.end())
        if found and (mention := _mention(found)).kind == "#":
            yield mention


def written(reference: Reference, path: str | None) -> str:
    """How a reference is written, with the path of its project where that is another one."""
    return f"{path or ''}{reference.kind}{reference.iid}"

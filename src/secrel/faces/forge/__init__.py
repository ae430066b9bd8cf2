"""What the embedded forge holds, told in a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator

from secrel.faces.terminal.hidden import visible
from secrel.papers.text import one_line
from secrel.words.forge import Issue, MergeRequest
from secrel.words.parts import Open, Unseen
from secrel.words.patterns import pattern

_PLAIN = pattern(r"[^\W\d_][\w ./+-]*")


def item_told(item: Issue | MergeRequest) -> str:
    """Tell an issue or a merge request whole: head, details table or files, text, notes.

    Signs that a terminal would obey are made visible.
    """
    lines = [f"{item.ref}  {one_line(item.title)}", _standing(item)]
    lines += [
        f"labels: {_listed(item.labels) or 'none'}",
        f"assigned to: {', '.join(map(one_line, item.assignees)) or 'nobody'}",
    ]
    if isinstance(item, Issue):
        lines += [f"{name}: {one_line(_said(value))}" for name, value in item.facts.table.items()]
    else:
        lines += [f"approved by: {_approvals(item)}", f"pipeline: {_seen(item.pipeline)}"]
    lines += ["", *_text(item.body)]
    for path, text in item.files if isinstance(item, MergeRequest) else ():
        lines += ["", f"-- {visible(path)}", *_text(text)]
    return "\n".join([*lines, *_notes(item)])


def _standing(item: Issue | MergeRequest) -> str:
    if isinstance(item, MergeRequest):
        return f"{item.state}, {visible(item.branch)} into {visible(item.target)}"
    due = f", due {item.due}" if item.due else ""
    return f"{item.state}, {'confidential' if item.confidential else 'public'}{due}"


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(map(one_line, words)))


def _seen(field: Open[str]) -> str:
    return f"could not be seen: {one_line(field.reason)}" if isinstance(field, Unseen) else str(field)


def _approvals(item: MergeRequest) -> str:
    if isinstance(item.assents, Unseen):
        return _seen(item.assents)
    return ", ".join(f"{one_line(one.by)} {one.at:%Y-%m-%d %H:%M %Z}" for one in item.assents) or "nobody"


def _text(text: str) -> Iterator[str]:
    return (visible(line) for line in text.splitlines())


def _notes(item: Issue | MergeRequest) -> Iterator[str]:
    if isinstance(item.notes, Unseen):
        yield from ("", f"-- the notes could not be seen: {one_line(item.notes.reason)}")
        return
    for said in item.notes:
        yield from ("", f"-- {said.by}, {said.at:%Y-%m-%d %H:%M %Z}", *_text(said.body))


def _said(value: object) -> str:
    """Say a field of a details table as `secrel fix set` takes it: a list or a table without what is empty in it."""
    match value:
        case dict():
            return f"{{{', '.join(f'{key}: {_inside(one)}' for key, one in value.items() if one not in ('', None))}}}"
        case list():
            return f"[{', '.join(map(_inside, value))}]"
        case _:
            return str(value)


def _inside(value: object) -> str:
    is_plain = not isinstance(value, str) or _PLAIN.fullmatch(value)
    return _said(value) if is_plain else json.dumps(value, ensure_ascii=False)

"""What the embedded forge holds, told in a terminal."""

from __future__ import annotations

import json

from secrel.faces.terminal.hidden import visible
from secrel.papers.text import one_line
from secrel.words.forge import Issue


def item_told(issue: Issue) -> str:
    """Tell an issue whole: head, details table, text, notes; signs that a terminal would obey are made visible."""
    due = f", due {issue.due}" if issue.due else ""
    lines = [
        f"{issue.ref}  {one_line(issue.title)}",
        f"{issue.state}, {'confidential' if issue.confidential else 'public'}{due}",
        f"labels: {', '.join(sorted(map(one_line, issue.labels))) or 'none'}",
        f"assigned to: {', '.join(map(one_line, issue.assignees)) or 'nobody'}",
    ]
    lines += [f"{name}: {one_line(_said(value))}" for name, value in issue.facts.items()]
    lines += ["", *(visible(line) for line in issue.body.splitlines())]
    for said in issue.notes:
        lines += ["", f"-- {said.by}, {said.at:%Y-%m-%d %H:%M %Z}", *(visible(line) for line in said.body.splitlines())]
    return "\n".join(lines)


def _said(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""Rows of the file, as our words."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, bindparam, func, or_, select

from secrel.adapters.localforge.schema import assents, issues, links, merge_request_issues, merge_requests, notes
from secrel.adapters.localforge.standing import Standing
from secrel.words.forge import Assent, Issue, MergeRequest, Note, Pipeline, State

_BOX = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[ \][ \t]", re.MULTILINE)
_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_DRAFT = re.compile(r"\s*(?:draft:|wip:|\[(?:draft|wip)\]|\(draft\))", re.IGNORECASE)


def url_of(ref: str) -> str:
    """Give an address that no browser opens, and that every command of ours takes."""
    return f"local:{ref}"


_LISTED = select(func.json_each(bindparam("wanted", type_=Text)).table_valued("value").c.value)
_HANGING = (notes.c.by, notes.c.at, notes.c.body, notes.c.discussion)

# Built once, since building a statement takes ten times as long as asking it.
ISSUES = select(issues).where(issues.c.ref.in_(_LISTED))
ISSUES_MARKED = select(issues).where(func.substr(issues.c.mark, 1, bindparam("length")) == bindparam("mark"))
ISSUE_NOTES = select(notes.c.issue, *_HANGING).where(notes.c.issue.in_(_LISTED)).order_by(notes.c.id)
LINKS = (
    select(links)
    .where(or_(links.c.one == bindparam("ref"), links.c.other == bindparam("ref")))
    .order_by(links.c.since, links.c.id)
)
MERGE_REQUESTS = (
    select(merge_requests)
    .where(merge_requests.c.ref.in_(_LISTED))
    .order_by(merge_requests.c.project, merge_requests.c.number)
)
MERGE_REQUEST_MARKED = select(merge_requests.c.ref).where(merge_requests.c.mark == bindparam("mark"))
MERGE_REQUESTS_OF = select(merge_request_issues).where(merge_request_issues.c.issue.in_(_LISTED))
MERGE_REQUEST_NOTES = (
    select(notes.c.merge_request, *_HANGING).where(notes.c.merge_request.in_(_LISTED)).order_by(notes.c.id)
)
ASSENTS = select(assents).where(assents.c.merge_request.in_(_LISTED)).order_by(assents.c.id)


def wanted(values: Iterable[str]) -> dict[str, str]:
    """Give any number of values as the one parameter that the statements above take."""
    return {"wanted": json.dumps(list(values))}


@lru_cache(maxsize=4096)
def when(told: str) -> datetime:
    """Read an instant as the file has it."""
    return datetime.fromisoformat(told)


@lru_cache(maxsize=4096)
def _names(told: str) -> tuple[str, ...]:
    return tuple(json.loads(told))


@lru_cache(maxsize=1024)
def _open_boxes(body: str) -> int:
    return len(_BOX.findall(_FENCED.sub("", body))) if "[ ]" in body else 0


def is_draft_title(title: str) -> bool:
    """Whether a title says that the merge request is a draft, as GitLab reads it."""
    return _DRAFT.match(title) is not None


def notes_of(db: Connection, query: Select[Any], refs: Sequence[str]) -> dict[str, tuple[tuple[Note, str], ...]]:
    """Give the notes that hang on these things, each with what became of its discussion, oldest first."""
    found: defaultdict[str, list[tuple[Note, str]]] = defaultdict(list)
    for ref, by, at, body, discussion in db.execute(query, wanted(refs)).all():
        found[ref].append((Note(by, when(at), body), discussion))
    return {ref: tuple(told) for ref, told in found.items()}


def assents_of(db: Connection, refs: Sequence[str]) -> dict[str, tuple[tuple[Assent, str], ...]]:
    """Give the approvals of these merge requests, each with the commit it was for, oldest first."""
    found: defaultdict[str, list[tuple[Assent, str]]] = defaultdict(list)
    for _, ref, by, at, team, commit in db.execute(ASSENTS, wanted(refs)).all():
        found[ref].append((Assent(by, when(at), team), commit))
    return {ref: tuple(told) for ref, told in found.items()}


def issue_of(row: Row[Any], told: Sequence[tuple[Note, str]]) -> Issue:
    """Make an issue of its row and its notes."""
    return Issue(
        ref=row.ref,
        title=row.title,
        body=row.body,
        url=url_of(row.ref),
        state=State(row.state),
        labels=frozenset(_names(row.labels)),
        confidential=bool(row.confidential),
        assignees=_names(row.assignees),
        due=date.fromisoformat(row.due) if row.due else None,
        milestone=row.milestone,
        created_at=when(row.created_at),
        mark=row.mark or "",
        facts=json.loads(row.facts),
        notes=tuple(note for note, _ in told),
    )


def _moved_at(committed: int, approvals: Sequence[tuple[Assent, str]], head: str) -> datetime:
    """Tell when the branch last moved: when its head was committed, put right by what approvals prove.

    An approval of this head was given after it moved there, and an approval of another head before.
    """
    moved = datetime.fromtimestamp(committed, UTC)
    moved = min([moved, *(assent.at for assent, commit in approvals if commit == head)])
    return max([moved, *(assent.at + timedelta(seconds=1) for assent, commit in approvals if commit not in {"", head})])


def merge_request_of(
    row: Row[Any],
    told: Sequence[tuple[Note, str]],
    approvals: Sequence[tuple[Assent, str]],
    standing: Standing,
) -> MergeRequest:
    """Make a merge request of its row, what hangs on it, and what git says."""
    is_merged = standing.state is State.MERGED
    merged_at = datetime.fromtimestamp(standing.committed, UTC) if is_merged else None
    return MergeRequest(
        ref=row.ref,
        title=row.title,
        body=row.body,
        url=url_of(row.ref),
        branch=row.branch,
        target=row.target,
        state=standing.state,
        is_draft=bool(row.is_draft) or is_draft_title(row.title),
        pipeline=Pipeline(row.pipeline),
        has_conflicts=standing.has_conflicts,
        open_boxes=_open_boxes(row.body),
        open_discussions=sum(discussion == "open" for _, discussion in told),
        labels=frozenset(_names(row.labels)),
        milestone=row.milestone,
        assignees=_names(row.assignees),
        reviewers=_names(row.reviewers),
        assents=tuple(assent for assent, _ in approvals),
        author=row.author,
        commit=standing.commit,
        changed_at=_moved_at(standing.moved, approvals, standing.head) if standing.head else None,
        merged_at=merged_at,
        mark=row.mark or "",
        files=standing.files,
        notes=tuple(note for note, _ in told),
    )

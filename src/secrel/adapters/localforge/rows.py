"""Rows of the file, as our words."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from msgspec import Struct

from secrel.adapters.localforge.repository.standing import RequestStanding
from secrel.adapters.localforge.store import Looking
from secrel.words.facts.stated import read_json
from secrel.words.forge import Assent, Issue, Link, MergeRequest, Note, Pipeline, State
from secrel.words.parts import Part, Unseen, known
from secrel.words.patterns import pattern

_BOX = pattern(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[ \][ \t]", re.MULTILINE)
_FENCED = pattern(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_DRAFT = pattern(r"\s*(?:draft:|wip:|\[(?:draft|wip)\]|\(draft\))", re.IGNORECASE)


def url_of(ref: str) -> str:
    """Give an address that no browser opens, and that every command of ours takes."""
    return f"local:{ref}"


# Text, and asked of the driver: half of what a person waits for `secrel status` would be the toolkit's loading.
ISSUES = "SELECT * FROM issues WHERE ref IN (SELECT value FROM json_each(:wanted))"
ISSUES_MARKED = "SELECT mark, ref FROM issues WHERE mark IN (SELECT value FROM json_each(:wanted))"
TRACKING = (
    "SELECT ref FROM issues WHERE project = :project AND substr(mark, -length(:ending)) = :ending ORDER BY number"
)
LABELLED = (
    "SELECT ref FROM issues WHERE project = :project AND state = 'opened' AND NOT EXISTS ("
    "SELECT 1 FROM json_each(:labels) AS asked "
    "WHERE asked.value NOT IN (SELECT value FROM json_each(issues.labels))) ORDER BY number"
)
PROPOSED = "SELECT ref FROM merge_requests WHERE project = :project AND is_closed = 0 ORDER BY number"
EMBARGOED = (
    "SELECT ref FROM issues WHERE confidential = 1 AND project IN (SELECT value FROM json_each(:wanted)) "
    "ORDER BY project, number"
)
IS_ISSUE = "SELECT number FROM issues WHERE ref = :ref"
ISSUE_NOTES = (
    'SELECT issue, "by", at, body, discussion, internal, mark '
    "FROM notes WHERE issue IN (SELECT value FROM json_each(:wanted)) ORDER BY id"
)
LINKS = "SELECT * FROM links WHERE one = :ref OR other = :ref ORDER BY since, id"
MERGE_REQUESTS = (
    "SELECT * FROM merge_requests WHERE ref IN (SELECT value FROM json_each(:wanted)) ORDER BY project, number"
)
MERGE_REQUESTS_MARKED = "SELECT mark, ref FROM merge_requests WHERE mark IN (SELECT value FROM json_each(:wanted))"
MERGE_REQUESTS_OF = (
    "SELECT issue, merge_request, branch FROM merge_request_issues JOIN merge_requests ON ref = merge_request "
    "WHERE issue IN (SELECT value FROM json_each(:wanted)) ORDER BY project, number"
)
IS_MERGE_REQUEST = "SELECT number FROM merge_requests WHERE ref = :ref"
MERGE_REQUEST_NOTES = (
    'SELECT merge_request, "by", at, body, discussion, internal, mark '
    "FROM notes WHERE merge_request IN (SELECT value FROM json_each(:wanted)) ORDER BY id"
)
ASSENTS = (
    'SELECT merge_request, "by", at, team, "commit" '
    "FROM assents WHERE merge_request IN (SELECT value FROM json_each(:wanted)) ORDER BY id"
)
MARKS = "SELECT mark, address FROM marks WHERE substr(mark, 1, length(:beginning)) = :beginning ORDER BY at, mark"
MADE = "SELECT kind, address FROM marks WHERE mark = :mark"


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


def notes_of(db: Looking, query: str, refs: Sequence[str]) -> dict[str, tuple[Note, ...]]:
    """Give the notes that hang on these things, oldest first."""
    found: defaultdict[str, list[Note]] = defaultdict(list)
    for ref, by, at, body, discussion, internal, mark in db.all(query, wanted(refs)):
        found[ref].append(Note(by, when(at), body, bool(internal), mark or "", discussion == "open"))
    return {ref: tuple(told) for ref, told in found.items()}


def assents_of(db: Looking, refs: Sequence[str]) -> dict[str, tuple[tuple[Assent, str], ...]]:
    """Give the approvals of these merge requests, each with the commit it was for, oldest first."""
    found: defaultdict[str, list[tuple[Assent, str]]] = defaultdict(list)
    for ref, by, at, team, commit in db.all(ASSENTS, wanted(refs)):
        found[ref].append((Assent(by, when(at), team), commit))
    return {ref: tuple(told) for ref, told in found.items()}


def link_of(row: Any, ref: str) -> Link:
    """Make a link of its row, as it is seen from the issue `ref`."""
    return Link(
        ref=row.other if row.one == ref else row.one,
        since=when(row.since),
        until=when(row.until) if row.until else None,
        by=row.by,
    )


def issue_of(row: Any, told: Part[Sequence[Note]]) -> Issue:
    """Make an issue of its row and its notes."""
    return Issue(
        ref=row.ref,
        title=row.title,
        body=row.body,
        url=url_of(row.ref),
        state=State(row.state),
        labels=frozenset(_names(row.labels)),
        confidential=bool(row.confidential),
        public_since=when(row.public_since) if row.public_since and not row.confidential else None,
        assignees=_names(row.assignees),
        due=date.fromisoformat(row.due) if row.due else None,
        milestone=row.milestone,
        created_at=when(row.created_at),
        author=row.created_by,
        mark=row.mark or "",
        facts=read_json(row.facts),
        notes=told if isinstance(told, Unseen) else tuple(told.value),
    )


def _moved_at(committed: int, approvals: Sequence[tuple[Assent, str]], head: str) -> datetime:
    """Tell when the branch last moved: when its head was committed, put right by what approvals prove.

    An approval of this head was given after it moved there, and an approval of another head before.
    """
    moved = datetime.fromtimestamp(committed, UTC)
    moved = min([moved, *(assent.at for assent, commit in approvals if commit == head)])
    return max([moved, *(assent.at + timedelta(seconds=1) for assent, commit in approvals if commit not in {"", head})])


class Viewed(Struct, frozen=True):
    """What the forge itself adds to a merge request: when it was merged, as far as the forge saw; who can read it."""

    merged_at: datetime | None
    is_public: bool


def merge_request_of(
    row: Any,
    told: Part[Sequence[Note]],
    approvals: Part[Sequence[tuple[Assent, str]]],
    standing: RequestStanding,
    look: Viewed,
) -> MergeRequest:
    """Make a merge request of its row, what hangs on it, what git says, and how it is looked at."""
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
        open_discussions=told if isinstance(told, Unseen) else sum(note.is_open for note in told.value),
        labels=frozenset(_names(row.labels)),
        milestone=row.milestone,
        assignees=_names(row.assignees),
        reviewers=_names(row.reviewers),
        assents=approvals if isinstance(approvals, Unseen) else tuple(assent for assent, _ in approvals.value),
        author=row.author,
        writers=standing.writers,
        commit=standing.commit,
        changed_at=_moved_at(standing.moved, known(approvals, ()), standing.head) if standing.head else None,
        merged_at=look.merged_at,
        mark=row.mark or "",
        files=standing.files,
        stands=standing.stands,
        notes=told if isinstance(told, Unseen) else tuple(told.value),
        is_public=look.is_public,
    )

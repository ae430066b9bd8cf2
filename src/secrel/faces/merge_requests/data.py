"""Merge requests as JSON, version 1 (docs/schemas/merge-requests.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from secrel.evaluate.verdicts import Finding
from secrel.papers.merge_requests.rows import FixRows, Row, blocks_of, unplaced
from secrel.papers.merge_requests.words import removed_title, title_of, unseen_reason
from secrel.process.table import Process
from secrel.snapshot.seen import Snapshot
from secrel.words.parts import Open, Unseen, shortfalls

T = TypeVar("T")
VERSION = 1


def check_json(snapshot: Snapshot, process: Process, findings: Sequence[Finding]) -> str:
    """Give every fix with its rows and findings; `unseen` is the reason why the fixes could not be seen, or null."""
    blocks = blocks_of(snapshot, process, findings)
    told = {
        "version": VERSION,
        "release": snapshot.release.name,
        "at": snapshot.at.isoformat(),
        "unseen": unseen_reason(snapshot) or None,
        "fixes": [_block(block) for block in blocks],
        "other_findings": [_finding(one) for one in unplaced(blocks, findings)],
        "removed": [
            {
                "ref": gone.ref,
                "title": removed_title(gone),
                "removed_at": gone.removed_at.isoformat(),
            }
            for gone in snapshot.removed_fixes
        ],
    }
    return json.dumps(told, indent=2) + "\n"


def _block(block: FixRows) -> dict[str, Any]:
    return {
        "ref": block.fix.ref,
        "title": title_of(block.fix, block.advisory),
        "product": _open(block.fix.product),
        "linked_at": block.fix.linked_at.isoformat(),
        "branches": [_row(row) for row in block.rows],
        "findings": [_finding(one) for one in block.findings],
        "unseen": [f"{where}: {why}" for where, why in shortfalls(block.fix)],
    }


def _row(row: Row) -> dict[str, Any]:
    found = row.merge_request
    return {
        "branch": row.target,
        "version": str(row.version) if row.version else None,
        "is_needed": row.is_needed,
        "tag": row.tag or None,
        "in_the_tag": row.tagged.value,
        "merge_request": None
        if found is None
        else {
            "ref": found.ref,
            "url": found.url,
            "title": found.title,
            "state": found.state.value,
            "is_draft": found.is_draft,
            "pipeline": _open(found.pipeline),
            "has_conflicts": _open(found.has_conflicts),
            "open_boxes": found.open_boxes,
            "open_discussions": _open(found.open_discussions),
            "has_release_bot": row.has_bot,
            "approvals": None
            if isinstance(found.assents, Unseen)
            else [
                {"by": one.by, "team": one.team, "at": one.at.isoformat(), "is_stale": row.is_stale(one)}
                for one in row.assents
            ],
        },
    }


def _open(field: Open[T]) -> T | None:
    return None if isinstance(field, Unseen) else field


def _finding(finding: Finding) -> dict[str, str]:
    return {"about": finding.about, "what": finding.what, "remedy": finding.remedy}

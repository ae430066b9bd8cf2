"""The status as JSON, version 1 (docs/schemas/status.schema.json)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from secrel.evaluate.verdicts import Judged, Waiting
from secrel.faces.status.board import Board
from secrel.papers.wording import Reason, reasons, word_of
from secrel.process.table import Process

VERSION = 1


def status_json(board: Board) -> str:
    """Say how a release stands for programs; instants in ISO 8601 with their zone, `next` and `late` by gate name."""
    assessment, snapshot, summary = board.scene.assessment, board.scene.snapshot, board.summary
    release, duty, announced = snapshot.release, snapshot.duty, snapshot.announced_at
    told = {
        "version": VERSION,
        "release": {
            "name": release.name,
            "kind": release.kind.value,
            "is_critical": snapshot.contents.is_critical,
            "due": release.due.isoformat(),
            "announced_at": _iso(announced),
            "shipments": [
                {"product": s.product.key, "versions": [str(v) for v in s.versions]} for s in release.shipments
            ],
        },
        "at": assessment.at.isoformat(),
        "duty": None if duty is None else {"primary": duty.primary, "secondary": duty.secondary},
        "on_duty": [
            {
                "role": seat.role.lower(),
                "username": seat.username,
                "zone": seat.zone or None,
                "local": _iso(seat.local),
                "is_at_work": seat.is_at_work,
                "begins": _iso(seat.shift[0]) if seat.shift else None,
                "ends": _iso(seat.shift[1]) if seat.shift else None,
            }
            for seat in board.seats
        ],
        "milestones": [
            {"title": one.title, "at": _iso(one.at), "was": one.was, "holds": one.holds} for one in board.milestones
        ],
        "summary": {
            "next": [judged.gate.name for judged in summary.acting],
            "late": [judged.gate.name for judged in summary.late],
            "counts": {word.value: number for word, number in summary.counts.items()},
        },
        "gates": [_gate(judged, board.scene.process) for judged in assessment.gates],
    }
    return json.dumps(told, indent=2) + "\n"


def _gate(judged: Judged, process: Process) -> dict[str, Any]:
    verdict = judged.verdict
    waiting = verdict if isinstance(verdict, Waiting) else Waiting()
    return {
        "name": judged.gate.name,
        "title": judged.gate.title,
        "phase": judged.gate.phase,
        "verdict": word_of(verdict).value,
        "reasons": [_reason(one) for one in reasons(verdict, process)],
        "waits_for": list(waiting.gates),
        "waits_until": _iso(waiting.until),
        "owner": judged.gate.owner,
        "who": judged.who,
        "due": _iso(judged.due),
        "is_due": judged.is_due,
        "command": judged.command,
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {"about": reason.about, "what": reason.what, "remedy": reason.remedy}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

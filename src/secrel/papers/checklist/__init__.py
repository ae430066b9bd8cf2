"""The checklist issue: the single source of truth of a release (mission M3, docs/checklist.md)."""

from secrel.papers.checklist.body import render_checklist
from secrel.papers.checklist.boxes import held_words, read_boxes
from secrel.papers.checklist.judging import ConflictKind, LineConflict
from secrel.papers.checklist.refresh import Refreshed, refresh_checklist

__all__ = [
    "ConflictKind",
    "LineConflict",
    "Refreshed",
    "held_words",
    "read_boxes",
    "refresh_checklist",
    "render_checklist",
]

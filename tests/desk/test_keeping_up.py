"""A fact that changes while documents are open: no gate says that a document is right which the desk would rewrite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from secrel.desk.carrying_out import carry_out_free
from secrel.desk.looking import look
from secrel.desk.proposing import propose
from secrel.evaluate.verdicts import Blocked
from secrel.papers.scene import Scene
from tests.desk.stage import DUE, NAME, NOTEBOOKS, Stage

OPEN = {"draft": "post/draft", "tracking": "tracking", "comms": "comms"}
"""The documents that a gate of their own looks at, and what the keys of their effects begin with."""
UPDATE = {"name": "libfoo", "version": "2.4.1", "cves": ["CVE-2026-0007"]}
CHANGES: dict[str, dict[str, Any]] = {
    "title": {"title": "Stored scripts in all notebooks"},
    "description": {"description": "A notebook could run script wherever somebody looked at it."},
    "workaround": {"workaround": "Open no notebook of others."},
    "vector": {"vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
    "credits": {"credits": [{"name": "another-finder", "source": "other"}]},
    "related": {"related": ["CVE-2025-4321"]},
    "due": {"due": (DUE + timedelta(days=7)).isoformat()},
    "dependencies": {"dependencies": [UPDATE]},
}
OF_THE_RELEASE = ("due", "dependencies")


def rewritten(stage: Stage, seen: Scene) -> set[str]:
    """The documents that the desk would bring up to date."""
    keys = [effect.key for effect in propose(stage.desk(), seen, None).effects]
    return {name for name, begins in OPEN.items() if any(key.startswith(f"{NAME}/{begins}/edit/") for key in keys)}


@pytest.mark.parametrize("fact", CHANGES)
@pytest.mark.parametrize("point", ["drafted", "ready"])
def test_no_gate_passes_over_a_document_that_is_behind(point: str, fact: str, staged: Callable[[str], Stage]) -> None:
    stage = staged(point)
    carry_out_free(stage.desk(), NAME)
    assert rewritten(stage, look(stage.desk(), NAME)) == set()
    stage.write(stage.issue("tracking").ref if fact in OF_THE_RELEASE else NOTEBOOKS, CHANGES[fact])
    seen = look(stage.desk(), NAME)
    behind = rewritten(stage, seen)
    assert behind, "a document names it"
    for name in behind:
        about = [judged.verdict for judged in seen.assessment.gates if judged.gate.told("document") == name]
        assert any(isinstance(verdict, Blocked) for verdict in about), name
    carry_out_free(stage.desk(), NAME)
    assert rewritten(stage, look(stage.desk(), NAME)) == set()

"""The documents of these rooms as they are now: run `python -m tests.faces.terminal.goldens` to write them anew.

Read the difference before you commit it: would you send that document?
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from secrel.evaluate.verdicts import Blocked, Finding
from secrel.faces.flowchart import mermaid
from secrel.faces.merge_requests import check_json, check_markdown, check_text
from secrel.faces.plan import render_plan
from secrel.faces.status.board import Board
from secrel.faces.status.data import status_json
from secrel.faces.status.gate import gate_text
from secrel.faces.status.html import status_html
from secrel.faces.status.page import status_markdown
from secrel.faces.status.text import status_text
from secrel.papers.checklist import render_checklist
from secrel.plan.plan import Plan
from tests.faces.terminal.plan_scene import a_plan, a_refused_plan
from tests.faces.terminal.scene import HOSTILE, a_board, a_process, a_scene, an_assessment

ROOMS = Path(__file__).resolve().parents[2]


def findings() -> list[Finding]:
    """What the blocked gates of the scene found, and something that belongs to no fix."""
    found = [one for j in an_assessment().gates if isinstance(j.verdict, Blocked) for one in j.verdict.findings]
    return [*found, Finding("acme/site", "the site is read-only", "secrel doctor")]


def a_full_board() -> Board:
    """The view with a plan that waits, and documents that try to be markup."""
    documents = {"Post": "# Release\n\nWords & <b>signs</b>.\n", "Mail": f"{HOSTILE}\n"}
    return replace(a_board(by="amara"), plan=a_plan(), documents=documents)


def plan_shown(plan: Plan, form: str = "text", width: int = 100) -> str:
    """The plan with a digest of its own: what goes into a real one is another room's business."""
    return render_plan(plan, format=form, width=width).replace(plan.digest, "0123456789abcdef0123456789abcdef")


GOLDENS: dict[str, Callable[[], str]] = {
    "papers/checklist/golden/checklist.md": lambda: render_checklist(an_assessment(), a_scene(), a_process()),
    "faces/flowchart/golden/flowchart.mmd": lambda: mermaid(a_process(), an_assessment()),
    "faces/flowchart/golden/table.mmd": lambda: mermaid(a_process()),
    "faces/merge_requests/golden/check-100.txt": lambda: check_text(a_scene(), a_process(), findings()),
    "faces/merge_requests/golden/check.md": lambda: check_markdown(a_scene(), a_process(), findings()),
    "faces/merge_requests/golden/check.json": lambda: check_json(a_scene(), a_process(), findings()),
    "faces/plan/golden/plan-80.txt": lambda: plan_shown(a_plan(), width=80),
    "faces/plan/golden/refused.txt": lambda: plan_shown(a_refused_plan()),
    "faces/plan/golden/plan.md": lambda: plan_shown(a_refused_plan(), form="markdown"),
    "faces/plan/golden/plan.json": lambda: plan_shown(a_plan(), form="json"),
    "faces/status/golden/status-80.txt": lambda: status_text(a_board(), width=80, everything=True),
    "faces/status/golden/status-120.txt": lambda: status_text(a_board(), width=120, everything=True),
    "faces/status/golden/short-80.txt": lambda: status_text(a_board(by="bjorn"), width=80),
    "faces/status/golden/gate-80.txt": lambda: gate_text(a_board(), an_assessment().gates[1], width=80),
    "faces/status/golden/status.md": lambda: status_markdown(a_board()),
    "faces/status/golden/status.html": lambda: status_html(a_full_board()),
    "faces/status/golden/status.json": lambda: status_json(a_board()),
}


def write() -> None:
    """Write every document to its place."""
    for name, made in GOLDENS.items():
        path = ROOMS / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    write()

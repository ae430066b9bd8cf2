"""One release as every view of this folder's neighbours shows it: each verdict once, and people and texts to match."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from secrel.evaluate.verdicts import (
    Assessment,
    Blocked,
    Evidence,
    Finding,
    Judged,
    Passed,
    Pending,
    UnseenVerdict,
    Verdict,
    Waiting,
    Waived,
)
from secrel.faces.status.board import Board, board_of
from secrel.papers.scene import Scene
from secrel.process.table import Gate, Phase, Process
from secrel.snapshot.seen import Snapshot
from secrel.words.forge import Pipeline
from tests.builders import (
    BOT,
    DUE,
    NAME,
    NOW,
    a_fix,
    a_product,
    a_removed_fix,
    a_snapshot,
    an_issue,
    changed,
    merged,
    requests,
)

HOSTILE = '</table> **bold** `x` @all /close \x1b[31mred\x07 \u202egnp | # <!-- s:title x000000 --> "]; end %%{init}%%'


def a_process() -> Process:
    """Three phases and eight gates."""

    def gate(name: str, title: str, phase: str, owner: str = "primary", after: tuple[str, ...] = ()) -> Gate:
        check = {"late": "no_late_fix", "reviewed": "draft_reviewed", "live": "post_live"}.get(name, "some_check")
        return Gate(name, title, phase, owner, check, after, makes="public_issues" if name == "public" else "")

    return Process(
        name="small",
        title="A small process",
        phases=(Phase("fixes", "Fixes"), Phase("post", "Post"), Phase("after", "After the announcement")),
        gates=(
            gate("linked", "The fixes are linked", "fixes"),
            gate("ready", "Every merge request is ready", "fixes", "developer", ("linked",)),
            gate("late", "No fix came late", "fixes", "primary", ("linked",)),
            gate("cves", "Every CVE id is assigned", "fixes", "cna", ("linked",)),
            gate("draft", "The draft post is open", "post", "primary", ("ready", "cves")),
            gate("reviewed", "Somebody else has reviewed the draft", "post", "secondary", ("draft",)),
            gate("live", "The post is live", "post", "release-manager", ("reviewed",)),
            gate("public", "The issues are public", "after", "primary", ("live",)),
        ),
        products=(a_product(),),
        people={"release_bot": BOT},
    )


def verdicts() -> dict[str, Verdict]:
    """One of every kind."""
    return {
        "linked": Passed((Evidence("acme/app#1", "linked since 2026-11-05"), Evidence("acme/app#2", "linked, too"))),
        "ready": Blocked(
            (
                Finding("acme/app!201", "its pipeline has failed"),
                Finding("acme/app!201", "has 0 of 1 approvals"),
                Finding("acme/app#2", "has no merge request for 18-3-stable", "secrel fix show 2026-11 'acme/app#2'"),
            )
        ),
        "late": Waived("chidi", NOW - timedelta(days=1), "the package is built with it"),
        "cves": Waiting(pending=(Pending("acme/cves#2", "requested, and not assigned yet", "the CNA"),)),
        "draft": Waiting(gates=("ready", "cves")),
        "reviewed": Waiting(gates=("ready", "cves")),
        "live": UnseenVerdict(("the release post could not be seen: the forge does not answer",)),
        "public": Waiting(until=DUE + timedelta(days=30)),
    }


def an_assessment(process: Process | None = None, at: datetime = NOW) -> Assessment:
    """Every gate judged; *ready* is overdue, *cves* is due in five hours."""
    due = {"ready": NOW - timedelta(hours=3), "cves": NOW + timedelta(hours=5), "draft": DUE, "reviewed": DUE}
    who = {"primary": "amara", "secondary": "bjorn", "developer": "developers", "cna": "cna"}
    command = {"ready": f"secrel check-merge-requests {NAME}", "live": "secrel doctor"}
    table = process or a_process()
    judged = tuple(
        Judged(
            gate,
            verdicts()[gate.name],
            due.get(gate.name),
            gate.name == "ready",
            who.get(gate.owner, "release-managers"),
            command.get(gate.name, ""),
        )
        for gate in table.gates
        if gate.name in verdicts()
    )
    return Assessment(NAME, at, judged)


def a_scene() -> Snapshot:
    """Three fixes: one merged everywhere; one with a red pipeline and without a backport; one taken out."""
    second = a_fix(2)
    red = replace(requests(second)[1], pipeline=Pipeline.FAILED, assents=(), assignees=())
    second = changed(second, merge_requests=(requests(second)[0], red, requests(second)[2]))
    complete = "CVE-2026-0001. An attacker could read part 1. 17.0 18.3.6 18.4 18.4.4 18.5 18.5.2 "
    first = changed(
        merged(a_fix(1)),
        tags=frozenset({"v18.5.2"}),
        cve_request=an_issue(1, "acme/cves", body=f"{complete} CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N CWE-284"),
    )
    return a_snapshot([first, second], removed=(a_removed_fix(removed_at=datetime(2026, 11, 17, 9, tzinfo=UTC)),))


def a_board(assessment: Assessment | None = None, snapshot: Snapshot | None = None, by: str = "") -> Board:
    """The view that every form of the status is made from."""
    seen = assessment or an_assessment()
    return board_of(Scene(snapshot or a_scene(), a_process(), seen.at, seen, by=by))

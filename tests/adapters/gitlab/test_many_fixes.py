"""Sixty fixes that others began on GitLab: taken over with two approvals, and seen in one look by each command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from msgspec.structs import replace

from secrel.adapters.gitlab.forge import GitLab
from secrel.apply.applying import Done
from secrel.desk.carrying_out import carry_out_approved, carry_out_free
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.desk.ordering import order_new
from secrel.desk.proposing import propose
from secrel.desk.starting import plan_start
from secrel.observe.release_file import read_release_file
from secrel.words.effects import Adopt
from secrel.words.forge import Issue, MergeRequest
from secrel.words.parts import Part
from secrel.words.sighting import Asked, EmbargoRule, LabelRule, Sighting, Tracked
from tests.adapters.gitlab.desks import DeskOnGitLab
from tests.desk.stage import DUE, NAME, PROCESS, RELEASE

MANY = 60
BOARD = PROCESS.projects["tracking"]
HEAD = RELEASE.partition("fixes:")[0]
FIX = """  - name: fault-{n}
    title: Fault number {n} of the notebooks
    description: Notebook number {n} could run script in the browser of whoever looked at it.
    affected: {{since: "1.0"}}
    vector: CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N
    weakness: "CWE-79: Cross-site Scripting"
    credits: [{{name: finder-{n}, report: "https://reports.example/{n}"}}]
"""
POST = "---\ntitle: by hand\n---\n\nWords of ours.\n"


class Counted:
    """A GitLab, and how often a release was looked at."""

    tells: ClassVar[bool] = GitLab.tells

    def __init__(self, forge: GitLab) -> None:
        self.forge, self.looks = forge, 0

    def look(self, asked: Asked) -> Sighting:
        self.looks += bool(asked.issues)  # else tags are asked for, and nothing of a release
        return self.forge.look(asked)

    def releases(self, rule: LabelRule) -> Part[tuple[Tracked, ...]]:
        return self.forge.releases(rule)

    def labelled(self, rule: LabelRule) -> Part[tuple[Issue, ...]]:
        return self.forge.labelled(rule)

    def proposed(self, project: str) -> Part[tuple[MergeRequest, ...]]:
        return self.forge.proposed(project)

    def embargoed(self, rule: EmbargoRule) -> Part[tuple[Issue, ...]]:
        return self.forge.embargoed(rule)

    def marks(self, release: str, rule: LabelRule) -> Part[Mapping[str, str]]:
        return self.forge.marks(release, rule)


def begun_by_others(stage: DeskOnGitLab) -> str:
    """Let developers and bots open all of it, and give the reference of the tracking issue."""
    fixes = [
        stage.open("vendor/product", f"Fault number {n} of the notebooks", "", labels=["security"], by="developer")
        for n in range(MANY)
    ]
    for fix in fixes:
        stage.open(PROCESS.projects["cves"], "A CVE id", f"For {stage.ref(fix)}.\n", labels=["cve request"])
    refs = [
        stage.ref(stage.open(BOARD, label, "- [x] asked\n", labels=[label], due_date=DUE.date()))
        for label in ("checklist", "communications")
    ]
    site = stage.projects["vendor/site-private"]
    stage.world.commit(site, "by-hand", {"posts/mine.html.md": POST}, message="draft", by=stage.users["developer"])
    draft = stage.world.merge_request(site, "by-hand", "Draft: a post", target="main", by=stage.users["developer"])
    tracking = stage.open(
        BOARD,
        "Security release: 1.2.x",
        "\n".join([*refs, stage.ref(draft)]),
        labels=["security", "upcoming security release"],
        due_date=DUE.date(),
    )
    for fix in fixes:
        stage.world.link(fix, tracking, by=stage.users["developer"])
    return stage.ref(tracking)


def counted(stage: DeskOnGitLab, by: str = "amara") -> tuple[Desk, Counted]:
    desk = stage.desk(by)
    assert isinstance(desk.forge, GitLab)
    forge = Counted(desk.forge)
    return replace(desk, forge=forge), forge


@pytest.mark.long
def test_sixty_fixes_are_taken_over_with_two_approvals_and_seen_in_one_look(tmp_path: Path) -> None:
    stage = DeskOnGitLab(tmp_path)
    tracking = begun_by_others(stage)
    file = read_release_file(f"{HEAD}fixes:\n{''.join(FIX.format(n=n) for n in range(MANY))}", "release.yaml", PROCESS)
    desk, forge = counted(stage)
    plan = plan_start(desk, file, (tracking,))
    assert forge.looks == 1
    assert sum(isinstance(effect.action, Adopt) for effect in plan.effects) == 1 + MANY
    assert {one.done for one in order_new(desk, plan, plan.digest)} <= {Done.DONE, Done.FOUND}
    stage.pass_time(hours=1)
    scene = look(stage.desk(), NAME)
    loud = propose(stage.desk(), scene).to_approve
    assert sum(isinstance(effect.action, Adopt) for effect in loud.effects) == MANY + 3
    approved = carry_out_approved(stage.desk("bjorn"), NAME, read=loud.digest)
    assert {one.done for one in approved} == {Done.DONE}
    carried = carry_out_free(stage.desk(), NAME)
    assert carried.doubts == ()
    desk, forge = counted(stage)
    seen = look(desk, NAME)
    assert forge.looks == 1, "status, and check-merge-requests, which is another face of the same look"
    assert len(seen.snapshot.tracked_fixes) == MANY
    assert all(fix.cve_request.value is not None for fix in seen.snapshot.tracked_fixes)  # type: ignore[union-attr]
    counts = {path: len(stage.world.issues[project.id]) for path, project in stage.projects.items()}
    assert (counts["vendor/product"], counts[PROCESS.projects["cves"]], counts[BOARD]) == (MANY, MANY, 3)
    stage.journal.close()
    assert stage.clock() < DUE - timedelta(days=1)

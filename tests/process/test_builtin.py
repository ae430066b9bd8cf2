"""The processes that ship: sound in themselves, and complete against the handbook."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from secrel.cli.main import make_app
from secrel.evaluate.registry import shipped, vocabulary
from secrel.evaluate.remedies import filled
from secrel.plan.lines import work_names
from secrel.process.due import Anchors
from secrel.process.reading import BUILTIN_NAMES, builtin, builtin_text
from secrel.process.table import Process
from secrel.verify.post.disagreements import RULES
from secrel.words.releases import Kind
from tests.builders import DUE

# what the handbook's flowchart, manual steps, critical path and post-release part ask for, by its own words
HANDBOOK = {
    "two people from different regions": "duties-assigned",
    "switch when unavailable": "duties-present",
    "handover messages": "handover-written",
    "tracking issue": "tracking-issue",
    "vulnerability added to the task issue": "fixes-linked",
    "release managers asked whether the timing is right": "timing-agreed",
    "labelled S1": "severity-one",
    "release managers notified": "release-managers-told",
    "estimate": "estimate-given",
    "checklist issue": "checklist-open",
    "versions affected updated in the checklist": "checklist-current",
    "MR approved or merged": "merge-requests-ready",
    "range of affected versions": "ranges-given",
    "fixed version numbers": "ranges-follow-versions",
    "CVE requested": "cve-requested",
    "CVE issue complete": "cve-complete",
    "48h deadline": "no-late-fix",
    "comment on what was removed": "removed-fixes-told",
    "draft post": "draft-open",
    "MRs match the post": "post-fixes-match",
    "canonical URI": "post-address-right",
    "date in the file name": "post-date-right",
    "version numbers": "post-versions-right",
    "wording": "post-wording-right",
    "dependency upgrades, other fixes, tags, picture, notifications": "post-extras-in",
    "review by another member": "draft-reviewed",
    "packages built": "versions-tagged",
    "only what made it into the release": "fixes-in-tags",
    "post on canonical": "release-post-open",
    "ping the release manager, ping marketing": "merge-asked",
    "close the draft": "draft-closed",
    "communications issue": "comms-open",
    "test email triggered": "test-email-asked",
    "test email verified": "test-email-right",
    "marketing email": "email-sent",
    "notifications to reporters": "reporters-told",
    "confidentiality removed": "issues-public",
    "next release's issue": "next-release-open",
    "terminate": "release-closed",
}


@pytest.fixture(params=BUILTIN_NAMES)
def process(request: pytest.FixtureRequest) -> Process:
    return shipped(str(request.param))


def before(process: Process, name: str) -> set[str]:
    """Every gate that has to be passed before `name`, however far back."""
    found: set[str] = set()
    todo = [name]
    while todo:
        gate = process.gate(todo.pop())
        assert gate is not None
        todo += [other for other in gate.after if other not in found]
        found |= set(gate.after)
    return found


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_it_passes_its_own_linter(name: str) -> None:
    assert builtin(name, vocabulary(work_names())).gates == shipped(name).gates


def test_every_part_of_the_handbook_is_a_gate(process: Process) -> None:
    assert set(HANDBOOK.values()) <= {gate.name for gate in process.gates}


def test_every_gate_says_why_and_whence_and_what_to_run(process: Process) -> None:
    for gate in process.gates:
        assert gate.why, gate.name
        assert gate.source.startswith("handbook" if process.name == "gitlab" else ""), gate.name
        assert gate.remedy.startswith("secrel "), gate.name
        assert gate.due or gate.name in ("documents-confidential", "handover-written"), gate.name


def test_every_phase_has_gates_and_they_stand_together(process: Process) -> None:
    phases = [gate.phase for gate in process.gates]
    met = list(dict.fromkeys(phases))
    assert met == [phase.name for phase in process.phases]
    assert phases == [phase for phase in met for _ in range(phases.count(phase))]


def test_due_times_rise_along_the_way(process: Process) -> None:
    anchors = Anchors(DUE, DUE, 30)
    falling: set[tuple[str, str]] = set()
    for gate in process.gates:
        for name in before(process, gate.name):
            earlier = process.gate(name)
            assert earlier is not None
            if gate.due and earlier.due and gate.kinds & earlier.kinds:
                first, second = earlier.due.instant(anchors), gate.due.instant(anchors)
                assert first is not None
                assert second is not None
                falling |= {(name, gate.name)} if first > second else set()
    # the deadline holds from its own time on, whatever was done before; communications are told before all is linked
    assert {pair for pair in falling if pair[0] != "no-late-fix"} == {
        (name, "comms-open") for name in ("facts-readable", "fixes-linked", "ranges-given")
    }


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ("draft-open", "no-late-fix"),
        ("draft-open", "cve-complete"),
        ("draft-reviewed", "duties-present"),
        ("release-post-open", "merge-requests-ready"),
        ("release-post-open", "post-date-right"),
        ("release-post-open", "ranges-given"),
        ("release-post-open", "removed-fixes-told"),
        ("release-post-open", "fixes-in-tags"),
        ("release-post-open", "timing-agreed"),
        ("email-sent", "post-live"),
        ("email-sent", "test-email-right"),
        ("cve-records-published", "post-live"),
        ("reporters-told", "post-live"),
        ("issues-public", "post-live"),
    ],
)
def test_nothing_goes_out_before_what_protects_it(process: Process, later: str, earlier: str) -> None:
    assert earlier in before(process, later)


def test_all_that_reveals_waits_for_the_day(process: Process) -> None:
    opening = process.gate("release-post-open")
    assert opening is not None
    assert opening.opens is not None
    assert opening.opens.text == "at due"
    for name in ("issues-public", "next-release-open"):
        gate = process.gate(name)
        assert gate is not None
        assert gate.opens is not None
        assert gate.opens.text == "disclosure"


def test_the_critical_path_belongs_to_unplanned_releases_and_the_deadline_to_planned_ones(process: Process) -> None:
    only = {gate.name: gate.kinds for gate in process.gates if gate.kinds != frozenset(Kind)}
    unplanned, planned = frozenset({Kind.UNPLANNED}), frozenset({Kind.PLANNED})
    of_gitlab = {"incident-linked": unplanned, "root-cause-linked": unplanned}
    assert only == (of_gitlab if process.name == "gitlab" else {}) | {
        "mitigation-sought": frozenset({Kind.UNPLANNED}),
        "timing-agreed": unplanned,
        "severity-one": unplanned,
        "release-managers-asked": unplanned,
        "release-managers-told": unplanned,
        "estimate-given": unplanned,
        "no-late-fix": planned,
    }


def test_every_line_of_work_is_used_by_a_process_that_ships() -> None:
    used = {gate.makes for name in BUILTIN_NAMES for gate in shipped(name).gates if gate.makes}
    assert used == set(work_names())


def test_the_rows_about_the_draft_share_no_rule_and_leave_none_out(process: Process) -> None:
    rules = [rule for gate in process.gates if gate.name.startswith("post-") for rule in gate.told("rules") or ()]
    assert sorted(rules) == sorted(RULES)


def test_its_train_runs(process: Process) -> None:
    assert process.cadence.cadence.stops


def test_what_the_handbook_calls_its_products() -> None:
    process = shipped("gitlab")
    gitlab = process.product("gitlab")
    assert gitlab is not None
    assert gitlab.name == "GitLab Community Edition (CE) and Enterprise Edition (EE)"
    assert (gitlab.default_branch, gitlab.branch, gitlab.tag) == (
        "master",
        "{major}-{minor}-stable-ee",
        "v{version}-ee",
    )


def test_the_generic_one_serves_one_product_in_one_repository() -> None:
    process = shipped("generic")
    assert len({product.repository for product in process.products}) == len(process.products) == 1
    assert not [
        word for word in ("gitlab", "appsec", "hackerone", "handbook") if word in builtin_text("generic").lower()
    ]


def test_every_remedy_is_a_command_that_the_program_takes(process: Process) -> None:
    app: Any = make_app()
    for gate in process.gates:
        words = shlex.split(filled(gate.remedy, release="2026-11", gate=gate.name, about="acme/app#1"))
        command, bound, _ = app.parse_args(words[1:], print_error=False, exit_on_error=False)
        assert command is not None, gate.remedy
        assert bound.arguments or len(words) == 3, gate.remedy

"""The rules of gitlab-process.md 2.3 and 2.4, row by row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.evaluate.verdicts import Finding, Said
from secrel.words.fixes import Fix
from secrel.words.forge import Assent, Note, Pipeline, State
from secrel.words.parts import Unseen
from secrel.words.people import Person
from secrel.words.releases import Kind
from secrel.words.spans import Span
from secrel.words.versions import Version
from tests.builders import (
    DUE,
    a_contents,
    a_fix,
    a_merge_request,
    a_person,
    a_release,
    a_snapshot,
    a_team,
    an_advisory,
    an_issue,
    changed,
    merged,
    requests,
    spans,
)
from tests.evaluate.asking import ask, evidence, findings, holds, pending

TELLING: dict[str, Any] = {
    "approvals": ["maintainer", "appsec"],
    "backport_approvals": 1,
    "assigned_to_bot": True,
    "milestone": True,
}


def judge(fix: Fix, *, people: tuple[Person, ...] = (), **params: object) -> list[Said]:
    return ask("merge_requests_ready", a_snapshot([fix], people=people or a_team()), **(params or TELLING))


def with_request(place: int, **changes: Any) -> Fix:
    """A fix that is ready but for one merge request: 0 goes to the default branch, 1 to 3 to the series."""
    fix = a_fix(1)
    theirs = list(requests(fix))
    theirs[place] = replace(theirs[place], **changes)
    return changed(fix, merge_requests=tuple(theirs))


def test_a_fix_with_all_its_merge_requests_is_ready() -> None:
    assert evidence(judge(a_fix(1))) == [
        ("acme/app!100", "is ready for main"),
        ("acme/app!101", "is ready for 18-5-stable"),
        ("acme/app!102", "is ready for 18-4-stable"),
        ("acme/app!103", "is ready for 18-3-stable"),
    ]


def test_what_is_merged_is_ready_whatever_else_was_said_of_it() -> None:
    said = judge(merged(with_request(1, is_draft=True, assents=(), labels=frozenset(), pipeline=Pipeline.RUNNING)))
    assert holds(said)
    assert evidence(said)[1] == ("acme/app!101", "merged into 18-5-stable")


def test_what_is_merged_with_a_failed_pipeline_is_not_ready() -> None:
    said = judge(merged(with_request(2, pipeline=Pipeline.FAILED)))
    assert findings(said) == [("acme/app!102", "is merged, and its pipeline has failed")]


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"pipeline": Pipeline.NONE}, "has no pipeline"),
        ({"pipeline": Pipeline.FAILED}, "its pipeline has failed"),
        ({"has_conflicts": True}, "cannot be merged: it has conflicts"),
        ({"is_draft": True}, "is still a draft"),
        ({"open_boxes": 2}, "has 2 open boxes in its description"),
        ({"milestone": ""}, "has no milestone"),
        ({"open_discussions": 1}, "has 1 open discussions"),
        ({"labels": frozenset({"bug"})}, "lacks the label 'security'"),
        ({"assignees": ("farid",)}, "is not assigned to release-bot"),
    ],
)
def test_every_rule_names_the_merge_request_that_breaks_it(place: int, changes: dict[str, Any], what: str) -> None:
    said = judge(with_request(place, **changes))
    assert findings(said) == [(f"acme/app!{100 + place}", what)]
    assert len(evidence(said)) == 3


def told(*, is_open: bool, mark: str = "2026-11/faults/acme/app!100") -> dict[str, Any]:
    """A discussion that the desk began, or somebody else."""
    return {"notes": (Note("desk", DUE, "- is still a draft", mark=mark, is_open=is_open),), "open_discussions": 1}


def test_the_desks_own_discussion_is_no_fault_beside_others_and_is_one_when_it_alone_is_left() -> None:
    own = told(is_open=True)
    assert findings(judge(with_request(0, is_draft=True, **own))) == [("acme/app!100", "is still a draft")]
    [(ref, what)] = findings(judge(with_request(0, **own)))
    assert (ref, what) == (
        "acme/app!100",
        "is ready; the desk still has to resolve its own discussion of what was missing",
    )
    assert findings(judge(with_request(0, **(own | {"open_discussions": 3})))) == [
        ("acme/app!100", "has 2 open discussions")
    ]


@pytest.mark.parametrize("changes", [told(is_open=True, mark=""), told(is_open=False), {"notes": Unseen("x")}])
def test_of_other_discussions_every_one_counts(changes: dict[str, Any]) -> None:
    said = judge(with_request(0, **{"open_discussions": 1, **changes}))
    assert findings(said) == [("acme/app!100", "has 1 open discussions")]


def answered(*others: Note, **changes: Any) -> dict[str, Any]:
    """The desk's discussion, which is one among others."""
    own = Note("desk", DUE, "- is still a draft", mark="2026-11/faults/acme/app!100", is_open=True, thread="1")
    return {"notes": (own, *others), "open_discussions": 1, **changes}


def test_what_a_person_answers_in_the_desks_discussion_counts_until_a_person_resolves_it() -> None:
    answer = Note("farid", DUE, "It must not be merged: it breaks uploads.", is_open=True, thread="1")
    what = "has 1 open discussions (1 of them the desk's, with an answer: a person resolves it)"
    for changes in ({}, {"is_draft": True}):
        assert ("acme/app!100", what) in findings(judge(with_request(0, **answered(answer), **changes)))
    elsewhere = replace(answer, thread="2")
    assert findings(judge(with_request(0, **answered(elsewhere, open_discussions=2)))) == [
        ("acme/app!100", "has 1 open discussions")
    ]
    own = replace(answer, mark="2026-11/other")
    for note in (replace(answer, thread="", is_open=False), own):
        assert not any("answer" in said for _, said in findings(judge(with_request(0, **answered(note)))))


def test_a_running_pipeline_is_under_way_and_no_matter_on_the_default_branch() -> None:
    assert holds(judge(with_request(0, pipeline=Pipeline.RUNNING)))
    said = judge(with_request(1, pipeline=Pipeline.RUNNING))
    assert pending(said) == [("acme/app!101", "its pipeline is running", "")]
    assert not findings(said)


OLD = DUE - timedelta(days=11)
NEW = DUE - timedelta(days=1)


@pytest.mark.parametrize(
    ("assents", "what"),
    [
        ((), ["is not approved by maintainer", "is not approved by appsec"]),
        ((Assent("chidi", NEW, "maintainer"),), ["is not approved by appsec"]),
        ((Assent("chidi", NEW), Assent("dewi", NEW)), ["is not approved by maintainer", "is not approved by appsec"]),
        (
            (Assent("chidi", OLD, "maintainer"), Assent("dewi", OLD, "appsec")),
            ["is not approved by maintainer since it last changed", "is not approved by appsec since it last changed"],
        ),
        (
            (Assent("farid", NEW, "maintainer"), Assent("dewi", NEW, "appsec")),
            ["is not approved by maintainer; that of farid does not count, who opened it"],
        ),
    ],
)
def test_the_default_branch_needs_each_team_and_not_the_author(assents: tuple[Assent, ...], what: list[str]) -> None:
    assert [said for _, said in findings(judge(with_request(0, assents=assents)))] == what


@pytest.mark.parametrize(
    ("assents", "what"),
    [
        ((), ["has 0 of 2 approvals"]),
        ((Assent("chidi", NEW), Assent("chidi", NEW, "appsec")), ["has 1 of 2 approvals"]),
        ((Assent("chidi", OLD), Assent("dewi", OLD)), ["has 0 of 2 approvals since it last changed"]),
        ((Assent("chidi", NEW), Assent("dewi", NEW)), []),
    ],
)
def test_others_need_so_many_people(assents: tuple[Assent, ...], what: list[str]) -> None:
    told = {**TELLING, "backport_approvals": 2}
    assert [said for _, said in findings(judge(with_request(1, assents=assents), **told))] == what
    nobody = {**told, "approvals": []}
    assert [said for _, said in findings(judge(with_request(0, assents=assents), **nobody))] == what


@pytest.mark.parametrize("by", ["dewi", "@Dewi", "\uff44\uff45\uff57\uff49"])
@pytest.mark.parametrize(
    ("writer", "counts"),
    [
        ("Chidi <chidi@desk.test>", True),
        ("dewi <somewhere@else.test>", False),
        ("\uff24\uff25\uff37\uff29 <somewhere@else.test>", False),
        ("d\u0435wi <somewhere@else.test>", False),  # a Cyrillic letter
        ("Somebody <dewi@laptop.local>", False),
        ("Somebody <Private@Dewi.test>", False),
        ("Dewi  van Dam <somewhere@else.test>", False),
        ("Dewina <dewina@desk.test>", True),
        ("", True),
    ],
)
def test_whoever_wrote_a_commit_is_not_somebody_else(by: str, writer: str, *, counts: bool) -> None:
    dewi = a_person("dewi", name="Dewi van Dam", email="private@dewi.test")
    for writers in ((writer,), ("Farid <farid@desk.test>", writer)):
        fix = with_request(1, assents=(Assent(by, NEW),), writers=writers, author="farid")
        found = findings(judge(fix, people=(dewi,)))
        said = f"has 0 of 1 approvals; that of {by} does not count, who wrote a commit of it"
        assert [what for _, what in found] == ([] if counts else [said])


def test_an_approval_counts_where_nobody_knows_when_the_branch_moved() -> None:
    assert holds(judge(with_request(0, changed_at=None)))


def test_what_the_table_does_not_ask_for_is_not_asked_for() -> None:
    bare = with_request(1, milestone="", assignees=())
    assert holds(judge(bare, backport_approvals=0))


def test_every_branch_has_exactly_one() -> None:
    fix = a_fix(1)
    doubled = changed(fix, merge_requests=(*requests(fix)[:3], a_merge_request(9, "18-4-stable")))
    assert findings(judge(doubled)) == [
        ("acme/app#1", "has no merge request for 18-3-stable, and its range says that 18.3.6 has the fix"),
        ("acme/app#1", "has 2 merge requests for 18-4-stable"),
    ]


def test_a_fix_without_any_is_told_every_branch() -> None:
    assert [what.partition(",")[0] for _, what in findings(judge(a_fix(1, merge_requests=())))] == [
        f"has no merge request for {target}" for target in ("main", "18-5-stable", "18-4-stable", "18-3-stable")
    ]


def test_a_closed_one_does_not_count() -> None:
    said = judge(with_request(3, state=State.CLOSED))
    assert findings(said) == [
        ("acme/app#1", "has no merge request for 18-3-stable, and its range says that 18.3.6 has the fix")
    ]


def test_a_branch_that_is_none_of_the_release_is_found() -> None:
    fix = a_fix(1)
    stray = changed(fix, merge_requests=(*requests(fix), a_merge_request(9, "18-2-stable")))
    assert findings(judge(stray)) == [
        ("acme/app#1", "has a merge request for 18-2-stable, which is no branch of this release")
    ]


def reaching(count: int, affected: tuple[Span, ...] | None, *labels: str, **changes: Any) -> list[Said]:
    """Judge a fix with the first of its merge requests: into main, then into 18.5, 18.4 and 18.3."""
    fix = a_fix(1, issue=an_issue(1, labels=frozenset(labels)), merge_requests=requests(a_fix(1))[:count])
    advisory = an_advisory(1, affected=affected, **changes)
    return ask("merge_requests_ready", a_snapshot([fix], contents=a_contents(advisories=[advisory])), **TELLING)


def span(since: str | None, fixed: str) -> Span:
    return Span(Version.parse(since) if since else None, Version.parse(fixed))


def test_a_series_that_the_range_leaves_out_needs_no_backport() -> None:
    said = reaching(2, (span("18.5", "18.5.2"),))
    assert holds(said)
    assert [what for _, what in evidence(said)][:2] == [
        "needs none for 18-4-stable: its range says that 18.4 is not affected",
        "needs none for 18-3-stable: its range says that 18.3 is not affected",
    ]


def test_a_series_that_stays_affected_needs_one_or_the_label_that_is_named() -> None:
    before, without = (span(None, "18.5.2"),), "has no merge request for 18-4-stable, and its range says that 18.4.4 "
    remedy = "carry it there, or label its issue 'reduced backports'"
    assert findings(reaching(2, before))[0][1] == f"{without}is affected: {remedy}"
    told = evidence(reaching(2, before, "reduced backports"))
    assert told[0] == ("acme/app#1", "needs none for 18-4-stable: its issue is labelled 'reduced backports'")
    assert findings(reaching(2, spans(("18.5.2", "18.4.4")), "reduced backports")) == [
        ("acme/app#1", f"{without}has the fix")
    ]


@pytest.mark.parametrize("affected", [None, (), (span(None, "9.1"),)])
def test_what_nobody_said_is_never_not_affected(affected: tuple[Span, ...] | None) -> None:
    assert len(findings(reaching(1, affected))) == 3


def test_the_label_stands_for_a_range_that_nobody_gave() -> None:
    assert holds(reaching(1, None, "reduced backports"))


def test_what_shipped_before_or_concerned_a_hosted_service_needs_none() -> None:
    earlier = (Version.parse("18.5.1"), Version.parse("18.4.3"))
    before = (span("18.4", "18.4.3"), span("18.5", "18.5.1"))
    assert evidence(reaching(0, before, fixed_already=earlier)) == [
        ("acme/app#1", "is announced as fixed already, in 18.5.1 and 18.4.3")
    ]
    assert evidence(reaching(0, None, hosted_only="acme.test")) == [
        ("acme/app#1", "only acme.test was affected, and no version that people run")
    ]
    half = findings(reaching(1, (span("18.4", "18.4.4"), span("18.5", "18.5.1")), fixed_already=earlier[:1]))
    assert [what.partition(",")[0] for _, what in half] == ["has no merge request for 18-4-stable"]


def test_reduced_backports_without_an_advisory_need_the_default_branch() -> None:
    fix = a_fix(1, issue=an_issue(1, labels=frozenset({"reduced backports"})), merge_requests=())
    said = ask("merge_requests_ready", a_snapshot([fix], contents=a_contents(advisories=[])), **TELLING)
    assert findings(said) == [("acme/app#1", "has no merge request for main")]


LATE = DUE - timedelta(days=2)
REMOVE = 'secrel fix remove 2026-11 acme/app#1 --reason "not ready at the deadline"'


def remedies(said: list[Said]) -> list[str]:
    return [one.remedy for one in said if isinstance(one, Finding)]


def test_a_fix_that_is_not_ready_at_the_deadline_is_to_be_taken_out() -> None:
    red = a_snapshot([with_request(1, pipeline=Pipeline.FAILED)])
    assert remedies(ask("merge_requests_ready", red, LATE, **TELLING)) == [REMOVE]
    assert remedies(ask("merge_requests_ready", red, LATE - timedelta(seconds=1), **TELLING)) == [""]
    ready = a_snapshot([with_request(1, **told(is_open=True))])
    assert remedies(ask("merge_requests_ready", ready, LATE, **TELLING)) == ["secrel apply 2026-11"], "it ships"
    none = a_snapshot([a_fix(1, merge_requests=())])
    assert remedies(ask("merge_requests_ready", none, LATE)) == [REMOVE] * 4


def test_what_is_merged_already_cannot_be_taken_out() -> None:
    fix = merged(with_request(1, pipeline=Pipeline.FAILED))
    assert remedies(ask("merge_requests_ready", a_snapshot([fix]), LATE, **TELLING)) == [""]


def test_a_critical_release_waits_for_its_fix() -> None:
    red = a_snapshot([with_request(1, pipeline=Pipeline.FAILED)], release=a_release(kind=Kind.UNPLANNED))
    assert remedies(ask("merge_requests_ready", red, LATE, **TELLING)) == [""]

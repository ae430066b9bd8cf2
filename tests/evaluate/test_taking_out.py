"""What is not complete at the deadline of a planned release is to be taken out, by the command that each row names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from secrel.evaluate.verdicts import Finding
from secrel.snapshot.seen import Complaint, Snapshot
from secrel.words.forge import Pipeline
from secrel.words.releases import Kind
from secrel.words.spans import Span
from secrel.words.versions import Version
from tests.builders import DUE, a_contents, a_fix, a_release, a_snapshot, an_advisory, changed, merged, requests
from tests.evaluate.asking import ask, evidence

LATE = DUE - timedelta(hours=20)
NO_SUCH_END = (Span(Version.parse("7.2"), Version.parse("8.3.6")),)


def looked(*, release: Kind = Kind.PLANNED, is_merged: bool = False, **changes: Any) -> Snapshot:
    planned = a_release(kind=release)
    fix = merged(a_fix(1)) if is_merged else a_fix(1)
    contents = a_contents(planned, [an_advisory(1, **changes)])
    complaints = (Complaint("acme/app#1", "vector", "is no vector"),)
    return a_snapshot([fix], release=planned, contents=contents, complaints=complaints)


INCOMPLETE: list[tuple[str, dict[str, Any]]] = [
    ("ranges_given", {"affected": None}),
    ("cve_complete", {"vector": None}),
    ("facts_readable", {}),
    ("ranges_follow_versions", {"affected": NO_SUCH_END}),
]


def remedies(check: str, snapshot: Snapshot, hours: float) -> list[str]:
    said = ask(check, snapshot, DUE - timedelta(hours=hours))
    return [one.remedy for one in said if isinstance(one, Finding)]


@pytest.mark.parametrize(("check", "lacks"), INCOMPLETE)
def test_after_the_deadline_the_command_takes_the_fix_out(check: str, lacks: dict[str, Any]) -> None:
    remedy, *_ = remedies(check, looked(**lacks), 20)
    assert remedy.startswith("secrel fix remove 2026-11 acme/app#1 --reason ")


@pytest.mark.parametrize(("check", "lacks"), INCOMPLETE)
def test_before_the_deadline_it_can_still_be_completed(check: str, lacks: dict[str, Any]) -> None:
    assert not any("remove" in remedy for remedy in remedies(check, looked(**lacks), 60))


def test_what_only_a_hosted_service_had_is_completed_and_not_taken_out() -> None:
    hosted = looked(affected=None, hosted_only="acme.test")
    found = remedies("facts_readable", hosted, 20)
    assert found
    assert not any("remove" in remedy for remedy in found)


@pytest.mark.parametrize(("check", "lacks"), INCOMPLETE)
def test_an_unplanned_release_has_no_deadline(check: str, lacks: dict[str, Any]) -> None:
    assert not any("remove" in remedy for remedy in remedies(check, looked(release=Kind.UNPLANNED, **lacks), 20))


@pytest.mark.parametrize(("check", "lacks"), INCOMPLETE)
def test_what_is_merged_ships_and_stays(check: str, lacks: dict[str, Any]) -> None:
    assert not any("remove" in remedy for remedy in remedies(check, looked(is_merged=True, **lacks), 20))


@pytest.mark.parametrize(("check", "lacks"), INCOMPLETE)
def test_what_came_after_the_deadline_is_left_to_its_own_row(check: str, lacks: dict[str, Any]) -> None:
    snapshot = looked(**lacks)
    late = a_snapshot(
        [a_fix(1, linked_at=LATE - timedelta(hours=1))],
        release=snapshot.release,
        contents=snapshot.contents,
        complaints=snapshot.complaints,
    )
    assert not any("remove" in remedy for remedy in remedies(check, late, 19))


def test_a_release_without_a_fix_is_signed_for_when_none_can_come_any_more() -> None:
    assert remedies("fixes_linked", a_snapshot([]), 20) == [
        'secrel claim 2026-11 asked --waive --words "no security fix in this release"'
    ]
    assert remedies("fixes_linked", a_snapshot([]), 60) == [""]


def test_no_range_can_follow_what_is_ahead_of_every_version() -> None:
    beyond = (Span(Version.parse("18.5.7"), Version.parse("18.5.9")),)
    assert remedies("ranges_follow_versions", looked(affected=beyond), 60) == [""]


def test_a_pipeline_that_fails_after_the_tag_keeps_nothing_back() -> None:
    fix = merged(a_fix(1))
    failed = tuple(replace(request, pipeline=Pipeline.FAILED) for request in requests(fix))
    tagged = changed(fix, merge_requests=failed, tags=frozenset({"v18.5.2"}))
    assert {what for _, what in evidence(ask("merge_requests_ready", a_snapshot([tagged])))} == {
        "is merged and tagged; its pipeline has failed since, and it ships as it is"
    }
    untagged = changed(tagged, tags=frozenset())
    assert len(remedies("merge_requests_ready", a_snapshot([untagged]), 60)) == len(failed)

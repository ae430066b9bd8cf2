from __future__ import annotations

import pytest

from secrel.ranges.results import Result
from secrel.ranges.said.records import (
    Pair,
    cve_versions,
    kernel_containers,
    osv_git_ranges,
    osv_version_range,
    version_type,
)
from secrel.words.spans import Span
from secrel.words.versions import Version
from tests.adapters_git.shared import read


def span(since: str | None, fixed: str | None) -> Span:
    return Span(since and Version.parse(since), fixed and Version.parse(fixed))  # type: ignore[arg-type]


def test_spans_become_versions_of_a_cve_record() -> None:
    assert cve_versions([span(None, "1.2.3"), span("2.0.0", None)]) == [
        {"version": "0", "lessThan": "1.2.3", "status": "affected", "versionType": "semver"},
        {"version": "2.0.0", "lessThanOrEqual": "*", "status": "affected", "versionType": "semver"},
    ]


@pytest.mark.parametrize(
    ("spans", "kind"),
    [([span("1.0.2", "1.0.2k")], "custom"), ([span("7.10", "7.11")], "custom"), ([span(None, None)], "custom")],
)
def test_numbers_that_are_not_semver_are_not_called_so(spans: list[Span], kind: str) -> None:
    assert version_type(spans) == kind


def test_spans_become_osv_ranges() -> None:
    assert osv_version_range([span("1.0.0", "1.2.3"), span("2.0", None)]) == {
        "type": "ECOSYSTEM",
        "events": [{"introduced": "1.0.0"}, {"fixed": "1.2.3"}, {"introduced": "2.0"}],
    }
    assert osv_version_range([span(None, "1.2.3")])["type"] == "SEMVER"


def test_each_origin_has_a_git_range_with_all_fixes() -> None:
    result = Result("case", proved=True, origin_known=True, origins=("a", "b"), fixes=("c", "d"))
    ranges = osv_git_ranges(result, "https://git.example/app")
    assert [found["events"] for found in ranges] == [
        [{"introduced": "a"}, {"fixed": "c"}, {"fixed": "d"}],
        [{"introduced": "b"}, {"fixed": "c"}, {"fixed": "d"}],
    ]
    unknown = Result("case", proved=True, origin_known=False, fixes=("c",))
    assert osv_git_ranges(unknown, "")[0]["events"] == [{"introduced": "0"}, {"fixed": "c"}]


def test_kernel_pairs_are_written_as_published() -> None:
    cases = [case for case in read("linux-pairs.json")["cves"] if case["usable"]]
    wrong = []
    for case in cases:
        found = kernel_containers([Pair(*pair) for pair in case["pairs"]])
        told = [(container.default, container.versions) for container in found]
        if told != [(entry["defaultStatus"], entry.get("versions") or []) for entry in case["affected"]]:
            wrong.append(case["cve"])
    assert len(cases) == 240
    assert wrong == []


def test_an_earlier_mainline_fix_has_no_upper_bound_and_an_unknown_origin_no_lower_one() -> None:
    pairs = [Pair("0", "0", "6.1", "f1"), Pair("0", "0", "6.2", "f2"), Pair("2.6.32.5", "o", "2.6.32.9", "f3")]
    commits, mainline = kernel_containers(pairs)
    assert mainline.default == "affected"
    assert mainline.versions == [
        {"version": "6.1", "status": "unaffected", "versionType": "original_commit_for_fix"},
        {
            "version": "6.2",
            "lessThanOrEqual": "*",
            "status": "unaffected",
            "versionType": "original_commit_for_fix",
        },
        {"version": "2.6.32.9", "lessThanOrEqual": "2.6.32.*", "status": "unaffected", "versionType": "semver"},
    ]
    assert commits.versions[-1] == {
        "version": "2.6.32.5",
        "lessThan": "2.6.32.9",
        "status": "affected",
        "versionType": "semver",
    }

from __future__ import annotations

import pytest

from secrel.ranges.results import NotProved, Result
from secrel.ranges.said.records import (
    cve_affected,
    osv_git_ranges,
    osv_ranges,
    osv_version_range,
    version_type,
)
from secrel.words.spans import Span
from secrel.words.versions import Version


def span(since: str | None, fixed: str | None) -> Span:
    return Span(since and Version.parse(since), fixed and Version.parse(fixed))  # type: ignore[arg-type]


def versions(*texts: str) -> tuple[Version, ...]:
    return tuple(Version.parse(text) for text in texts)


def result(*spans: Span, **how: object) -> Result:
    every = {"versions": versions("1.0.0", "1.2.3", "2.0.0")} | how
    return Result("case", origin_known=True, spans=spans, **every)  # type: ignore[arg-type]


def test_spans_become_versions_of_a_cve_record() -> None:
    assert cve_affected(result(span(None, "1.2.3"), span("2.0.0", None))) == {
        "defaultStatus": "unaffected",
        "versions": [
            {"version": "0", "lessThan": "1.2.3", "status": "affected", "versionType": "semver"},
            {"version": "2.0.0", "lessThanOrEqual": "*", "status": "affected", "versionType": "semver"},
        ],
    }


def test_what_is_not_proved_is_unknown_and_only_what_was_seen_is_named() -> None:
    every = versions("1.0.0", "1.0.1", "1.1.0", "1.2.0", "2.0.0", "2.0.1", "2.1.0")
    doubt = NotProved("1.2.0", "it has no tag", versions=versions("1.2.0"))
    half = result(versions=every, affected=every[:3], unknown=versions("2.1.0"), unseen=(doubt,))
    assert cve_affected(half) == {
        "defaultStatus": "unknown",
        "versions": [
            {"version": "1.0.0", "status": "affected", "lessThanOrEqual": "1.1.0", "versionType": "semver"},
            {"version": "2.0.0", "status": "unaffected", "lessThanOrEqual": "2.0.1", "versionType": "semver"},
        ],
    }
    assert osv_ranges(half, "https://git.example/app") == {"ranges": [], "versions": []}


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (("1.0.0", "1.2.3-rc.1"), "semver"),
        (("5.4", "7.10"), "python"),
        (("2.2.17.Final", "2.3.0.Alpha2"), "maven"),
        (("1.0.2", "1.0.2k"), "rpm"),
        ((), "semver"),
    ],
)
def test_the_scheme_of_versions_is_one_of_the_list_that_reads_all_of_them(texts: tuple[str, ...], kind: str) -> None:
    assert version_type(versions(*texts)) == kind


def test_spans_become_osv_ranges() -> None:
    assert osv_version_range(result(span("1.0.0", "1.2.3"), span("2.0", None))) == {
        "type": "ECOSYSTEM",
        "events": [{"introduced": "1.0.0"}, {"fixed": "1.2.3"}, {"introduced": "2.0"}],
    }
    assert osv_version_range(result(span(None, "1.2.3")))["type"] == "SEMVER"


def test_each_origin_has_a_git_range_with_all_fixes() -> None:
    named = result(span(None, "1.2.3"), origins=("a", "b"), fixes=("c", "d"))
    ranges = osv_git_ranges(named, "https://git.example/app")
    assert [found["events"] for found in ranges] == [
        [{"introduced": "a"}, {"fixed": "c"}, {"fixed": "d"}],
        [{"introduced": "b"}, {"fixed": "c"}, {"fixed": "d"}],
    ]
    assert osv_git_ranges(result(fixes=("c",)), "x")[0]["events"] == [{"introduced": "0"}, {"fixed": "c"}]
    assert [found["type"] for found in osv_ranges(named, "")["ranges"]] == ["SEMVER"]
    assert [found["type"] for found in osv_ranges(named, "x")["ranges"]] == ["SEMVER", "GIT", "GIT"]

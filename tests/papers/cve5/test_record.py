"""An advisory as a CVE record: whole, as a container, and never a wrong one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cvelib.cve_api import CveRecord  # type: ignore[import-untyped] # the field's client has no types
from hypothesis import given
from msgspec import structs
from msgspec.structs import replace

from secrel.papers.cve5.publishing import NO_DATES, Cna, Dates
from secrel.papers.cve5.record import render_container, render_record, text_of
from secrel.verify.cve5.comparing import compare_record
from secrel.verify.cve5.linting import faults
from secrel.verify.cve5.schema import container_misfits, misfits
from secrel.words.advisories import Advisory, Contents, Credit, CreditSource
from secrel.words.errors import Misused
from secrel.words.ids import Cwe
from secrel.words.releases import Shipment
from tests.papers.cve5.facts import ADVISORY, CNA, POST, RELEASE, contents_of, span
from tests.strategies.advisories import PRODUCTS, contents

CONTAINER: dict[str, Any] = {
    "providerMetadata": {"orgId": CNA.org_id, "shortName": "anvil"},
    "datePublic": "2026-01-07T16:00:00.000Z",
    "title": "Stored XSS in notes",
    "descriptions": [
        {
            "lang": "en",
            "value": "Anvil has remediated an issue in Anvil CE/EE affecting all versions from 13.2 before 18.4.3,"
            " 18.5 before 18.5.1 that could have allowed an authenticated user to run scripts in"
            " another user's session.",
        }
    ],
    "affected": [
        {
            "vendor": "Anvil",
            "product": "Anvil",
            "packageURL": "pkg:generic/anvil-org/anvil",
            "repo": "https://forge.example/anvil-org/anvil",
            "versions": [
                {"version": "13.2.0", "status": "affected", "lessThan": "18.4.3", "versionType": "semver"},
                {"version": "18.5.0", "status": "affected", "lessThan": "18.5.1", "versionType": "semver"},
            ],
            "defaultStatus": "unaffected",
        }
    ],
    "problemTypes": [
        {
            "descriptions": [
                {"lang": "en", "description": "CWE-79: Cross-site Scripting", "cweId": "CWE-79", "type": "CWE"}
            ]
        }
    ],
    "references": [
        {"url": POST, "name": "Anvil Security Announcement", "tags": ["vendor-advisory"]},
        {
            "url": "https://forge.example/anvil-org/anvil/-/issues/545947",
            "name": "Anvil Issue #545947",
            "tags": ["issue-tracking", "permissions-required"],
        },
        {
            "url": "https://hackerone.com/reports/1000001",
            "name": "HackerOne Bug Bounty Report #1000001",
            "tags": ["technical-description", "exploit", "permissions-required"],
        },
        {"url": "https://anvil.example/docs/notes"},
    ],
    "metrics": [
        {
            "format": "CVSS",
            "scenarios": [{"lang": "en", "value": "GENERAL"}],
            "cvssV3_1": {
                "version": "3.1",
                "vectorString": "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N",
                "attackVector": "NETWORK",
                "attackComplexity": "LOW",
                "privilegesRequired": "LOW",
                "userInteraction": "REQUIRED",
                "scope": "CHANGED",
                "confidentialityImpact": "HIGH",
                "integrityImpact": "HIGH",
                "availabilityImpact": "NONE",
                "baseScore": 8.7,
                "baseSeverity": "HIGH",
            },
        }
    ],
    "solutions": [{"lang": "en", "value": "Upgrade to versions 18.4.3, 18.5.1 or above."}],
    "credits": [
        {"lang": "en", "value": "amara", "type": "finder"},
        {"lang": "en", "value": "Discovered internally by the Anvil team", "type": "finder"},
    ],
    "source": {"discovery": "EXTERNAL"},
}


def record_of(advisory: Advisory, dates: Dates = NO_DATES) -> dict[str, Any]:
    return render_record(advisory, contents_of(advisory), CNA, POST, dates)


def container_of(advisory: Advisory) -> dict[str, Any]:
    return render_container(advisory, contents_of(advisory), CNA, POST)


def test_a_record_tells_the_whole_advisory() -> None:
    record = record_of(ADVISORY)
    assert record == {
        "dataType": "CVE_RECORD",
        "dataVersion": "5.1.1",
        "cveMetadata": {
            "state": "PUBLISHED",
            "cveId": "CVE-2026-0001",
            "assignerOrgId": CNA.org_id,
            "assignerShortName": "anvil",
        },
        "containers": {"cna": CONTAINER},
    }
    assert list(record["containers"]["cna"]) == list(CONTAINER)


def test_the_text_is_readable_json_that_ends_in_one_line_end() -> None:
    text = text_of({"title": "naïve 😀", "references": [1]})
    assert text == '{\n  "title": "naïve 😀",\n  "references": [\n    1\n  ]\n}\n'


@given(contents(complete=True, surrogates=True, max_advisories=2))
def test_every_record_fits_the_schema_trips_no_rule_and_agrees_with_its_advisory(announced: Contents) -> None:
    for advisory in announced.advisories:
        text = text_of(render_record(advisory, announced, CNA, POST))
        record = json.loads(text.encode("utf-8"))
        assert misfits(record) == ()
        assert faults(record) == ()
        assert compare_record(record, advisory, announced, post_url=POST) == ()
        container = render_container(advisory, announced, CNA, POST)
        assert container == record["containers"]["cna"]
        assert container_misfits(container) == ()
        assert text == text_of(render_record(advisory, announced, CNA, POST))


@given(contents(complete=True, max_advisories=1))
def test_the_fields_own_client_finds_the_records_valid(announced: Contents) -> None:
    for advisory in announced.advisories:
        record = render_record(advisory, announced, CNA, POST)
        CveRecord.validate(record, CveRecord.Schemas.V5_SCHEMA)
        CveRecord.validate(record["containers"]["cna"])


def test_dates_are_told_in_utc_when_they_are_known() -> None:
    zone = timezone(timedelta(hours=-5))
    dates = Dates(datetime(2025, 12, 1, 20, 30, tzinfo=zone), datetime(2026, 1, 7, 16, 5, 1, 250000, tzinfo=UTC))
    metadata = record_of(ADVISORY, dates)["cveMetadata"]
    assert metadata["dateReserved"] == "2025-12-02T01:30:00.000Z"
    assert metadata["datePublished"] == "2026-01-07T16:05:01.250Z"
    assert "dateReserved" not in record_of(ADVISORY)["cveMetadata"]


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(Misused, match="no zone"):
        record_of(ADVISORY, Dates(reserved=datetime(2026, 1, 1)))  # noqa: DTZ001 - the mistake that is tested


def test_a_record_needs_an_id_and_a_container_does_not() -> None:
    draft = replace(ADVISORY, cve_id=None)
    with pytest.raises(Misused, match="no CVE id") as caught:
        record_of(draft)
    assert caught.value.where == "2026-01, advisory 1"
    assert container_of(draft) == container_of(ADVISORY)


@pytest.mark.parametrize("affected", [None, ()])
def test_a_record_needs_an_affected_range(affected: tuple[()] | None) -> None:
    with pytest.raises(Misused, match="affected versions are not known"):
        record_of(replace(ADVISORY, affected=affected))


def test_a_record_needs_a_product_of_the_release() -> None:
    with pytest.raises(Misused, match="does not ship"):
        record_of(replace(ADVISORY, product="hammer"))


@pytest.mark.parametrize(
    ("advisory", "path"),
    [
        (replace(ADVISORY, description="secret " * 700), "containers.cna.descriptions[0].value (maxLength)"),
        (replace(ADVISORY, credits=(Credit("secret" * 700),)), "containers.cna.credits[0].value (maxLength)"),
        (
            replace(ADVISORY, weakness=Cwe(0, "secret")),
            "containers.cna.problemTypes[0].descriptions[0].cweId (pattern)",
        ),
    ],
)
def test_a_wrong_record_is_never_given_and_only_its_path_is_told(advisory: Advisory, path: str) -> None:
    for render in (record_of, container_of):
        with pytest.raises(Misused) as caught:
            render(advisory)
        assert path in caught.value.what
        told = f"{caught.value} {caught.value.where} {caught.value.remedy}"
        assert "secret" not in told
        assert "CVE-2026" not in told
        assert ADVISORY.title not in told


def test_a_cna_that_is_none_breaks_the_record() -> None:
    with pytest.raises(Misused, match=r"cveMetadata.assignerOrgId \(pattern\)"):
        render_record(ADVISORY, contents_of(ADVISORY), Cna("anvil", "anvil"), POST)


def test_a_vendor_that_is_no_name_trips_a_lint_rule() -> None:
    nameless = structs.replace(PRODUCTS[0], vendor="n/a")
    release = replace(RELEASE, shipments=(Shipment(nameless, RELEASE.main.versions),))
    with pytest.raises(Misused, match=r"containers.cna.affected\[0\].vendor \(E008\)"):
        render_record(ADVISORY, Contents(release, (ADVISORY,)), CNA, POST)


def test_an_advisory_is_named_by_its_number_in_the_release() -> None:
    other = replace(ADVISORY, fix="anvil-org/security/anvil#2", affected=None)
    with pytest.raises(Misused) as caught:
        render_record(other, contents_of(ADVISORY, other), CNA, POST)
    assert caught.value.where == "2026-01, advisory 2"
    with pytest.raises(Misused) as caught:
        render_record(other, contents_of(ADVISORY), CNA, POST)
    assert caught.value.where == "2026-01, advisory ?"


@pytest.mark.parametrize(
    ("credits_", "told", "discovery"),
    [
        ((), None, "UNKNOWN"),
        ((Credit("", CreditSource.CUSTOMER),), None, "EXTERNAL"),
        ((Credit("", CreditSource.INTERNAL),), ["Discovered internally by the Anvil team"], "INTERNAL"),
        ((Credit("bjorn", CreditSource.INTERNAL),), ["bjorn"], "INTERNAL"),
        ((Credit("a\nb"), Credit("a b"), Credit("chidi")), ["a b", "chidi"], "UNKNOWN"),
        ((Credit("chidi"), Credit("bjorn", CreditSource.INTERNAL)), ["chidi", "bjorn"], "UNKNOWN"),
        ((Credit("chidi"), Credit("bjorn", CreditSource.OTHER)), ["chidi", "bjorn"], "EXTERNAL"),
    ],
)
def test_credits_are_plain_names_each_once(
    credits_: tuple[Credit, ...], told: list[str] | None, discovery: str
) -> None:
    container = container_of(replace(ADVISORY, credits=credits_))
    assert (told is None) == ("credits" not in container)
    assert [entry["value"] for entry in container.get("credits", [])] == (told or [])
    assert container["source"]["discovery"] == discovery


@pytest.mark.parametrize(
    ("affected", "solution"),
    [
        ((span("1.0", "1.1"),), "Upgrade to version 1.1 or above."),
        ((span("1.0", "1.1"), span("2.0", "2.1"), span("3.0", "3.1")), "Upgrade to versions 1.1, 2.1, 3.1 or above."),
        ((span("1.0", "1.1"), span("2.0", "")), "Upgrade to version 1.1 or above."),
        ((span("1.0", ""),), None),
    ],
)
def test_the_solution_names_the_versions_with_the_fix(affected: Any, solution: str | None) -> None:
    container = container_of(replace(ADVISORY, affected=affected))
    told = [entry["value"] for entry in container.get("solutions", [])]
    assert told == ([] if solution is None else [solution])


@pytest.mark.parametrize(
    ("edition", "words", "told"),
    [
        (
            "",
            "that could have allowed scripts",
            "Anvil has remediated an issue in Anvil CE/EE affecting {} that could have allowed scripts.",
        ),
        ("Anvil EE", "Scripts ran!", "Anvil has remediated an issue in Anvil EE affecting {}. Scripts ran!"),
        ("", "", "Anvil has remediated an issue in Anvil CE/EE affecting {}."),
        (
            "",
            "  Two\n\nlines\twith \\u00e9, \\ud83d\\ude00, \\u202e\x07 and \\\\u00750041 ",
            "Anvil has remediated an issue in Anvil CE/EE affecting {}. Two lines with é, 😀, U+202E and A.",
        ),
        (
            "",
            "thatched roofs leak",
            "Anvil has remediated an issue in Anvil CE/EE affecting {}. thatched roofs leak.",
        ),
    ],
)
def test_the_description_is_one_paragraph_about_what_was_remedied(edition: str, words: str, told: str) -> None:
    container = container_of(replace(ADVISORY, edition=edition, description=words))
    assert [entry["value"] for entry in container["descriptions"]] == [
        told.format("all versions from 13.2 before 18.4.3, 18.5 before 18.5.1")
    ]


def test_a_long_title_is_cut_and_an_empty_one_left_out() -> None:
    title = container_of(replace(ADVISORY, title="word " * 60))["title"]
    assert len(title) <= 256
    assert title.endswith("word…")
    assert "title" not in container_of(replace(ADVISORY, title="\u200b"))


def test_a_weakness_is_told_by_its_id_and_the_name_it_came_with() -> None:
    assert container_of(replace(ADVISORY, weakness=Cwe(79)))["problemTypes"][0]["descriptions"] == [
        {"lang": "en", "description": "CWE-79", "cweId": "CWE-79", "type": "CWE"}
    ]
    assert "problemTypes" not in container_of(replace(ADVISORY, weakness=None))


def test_a_workaround_is_told() -> None:
    container = container_of(replace(ADVISORY, workaround="Turn\nnotes off."))
    assert container["workarounds"] == [{"lang": "en", "value": "Turn notes off."}]
    assert "metrics" not in container_of(replace(ADVISORY, vector=None))

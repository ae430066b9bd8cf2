"""The nineteen lint rules: each has records that trip it and nothing else, and good ones that it leaves alone."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.verify.cve5.linting import RULES, RecordFault, faults
from secrel.verify.cve5.schema import misfits
from tests.strategies.advisories import hostile_text
from tests.verify.cve5.records import GOOD, real_records, spoiled

REJECTED: dict[str, Any] = {
    "dataType": "CVE_RECORD",
    "dataVersion": "5.1.1",
    "cveMetadata": {
        "state": "REJECTED",
        "cveId": "CVE-2026-0001",
        "assignerOrgId": GOOD["cveMetadata"]["assignerOrgId"],
    },
    "containers": {"cna": {"rejectedReasons": [{"lang": "en", "value": "This id was not used by its CNA."}]}},
}

VERSIONS = "affected.0.versions.0"
SCORE = "metrics.0.cvssV3_1"

TRIPS = [
    ("E001", "references.0.url", "gopher://anvil.example/"),
    ("E001", "references.0.url", "anvil.example/releases"),
    ("E001", "references.0.url", "https://"),
    ("E002", "references.2", {"url": "https://forge.example/anvil-org/anvil/-/issues/1"}),
    ("E002", "references.2", {"url": "http://FORGE.example/anvil-org/anvil/-/issues/1/"}),
    ("E003", "descriptions.0.value", "too short"),
    ("E003", "descriptions.1", {"lang": "en", "value": "Another description in English."}),
    ("E004", "descriptions.0.value", "A description with a blank at its end. "),
    ("E004", "descriptions.0.value", "\u00a0A description with a blank at its start."),
    ("E005", f"{SCORE}.baseSeverity", "HIGH"),
    ("E006", "affected.0.versions", [{"version": "1.0.0", "status": "unaffected", "versionType": "semver"}]),
    ("E006", "affected", []),
    ("E006", "affected", ...),
    ("E007", f"{VERSIONS}.version", ">=13.9, <14.2.6"),
    ("E007", f"{VERSIONS}.version", "18.4"),
    ("E007", f"{VERSIONS}.version", "0"),
    ("E007", f"{VERSIONS}.lessThan", "18.4.3 and earlier"),
    ("E007", f"{VERSIONS}.changes", [{"at": "n/a", "status": "unaffected"}]),
    ("E007", VERSIONS, {"version": "1.0.0", "lessThanOrEqual": "*", "versionType": "semver", "status": "affected"}),
    ("E007", VERSIONS, {"version": "*", "versionType": "semver", "status": "affected"}),
    ("E007", VERSIONS, {"version": "*", "versionType": "anvil", "status": "affected"}),
    ("E007", VERSIONS, {"version": "pkg:", "status": "affected"}),
    ("E007", VERSIONS, {"version": "abc", "versionType": "git", "status": "affected"}),
    ("E007", VERSIONS, {"version": "1.0~rc1", "status": "affected"}),
    ("E007", VERSIONS, {"version": "01.0", "versionType": "python", "status": "affected"}),
    ("E008", "affected.0.vendor", "n/a"),
    ("E008", "affected.0.vendor", "https://anvil.example"),
    ("E008", "affected.0.vendor", " "),
    ("E009", "affected.0.product", "-"),
    ("E010", "references.2", {"url": "https://www.cve.org/CVERecord?id=CVE-2026-0001"}),
    ("E010", "references", [{"url": "https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2026-0001"}]),
    ("E011", f"{VERSIONS}.versionType", "custom"),
    ("E013", "affected.0.packageURL", "generic/anvil"),
    ("E013", "affected.0.packageURL", "pkg:generic/anvil?a"),
    ("E013", "affected.0.packageURL", "pkg:generic/anvil#.."),
    ("E013", "affected.0.packageURL", "pkg:generic/anvil@18.5.1"),
    ("E013", "affected.0.packageURL", "pkg:generic//"),
    ("E013", "components", [{"purl": "anvil"}]),
    ("E014", "affected.0.packageURL", "pkg:generic/anvil-org/hammer"),
    ("E014", "components", [{"purl": "pkg:generic/anvil-org/anvil", "name": "hammer"}]),
    ("E014", "components", [{"purl": "pkg:generic/anvil", "namespace": "hammer-org", "name": "anvil"}]),
    ("E015", "/cveMetadata.cveId", "CVE-2026-1/../.."),
    ("E015", "/cveMetadata.cveId", ...),
    ("E015", "/cveMetadata.state", "RESERVED"),
    ("E016", "descriptions", [{"lang": "fr", "value": "Une description en langue étrangère."}]),
    ("E016", "descriptions", ...),
    ("E017", "references", ...),
    ("E017", "references", []),
    ("E018", f"{SCORE}.baseScore", 9.1),
    ("E018", f"{SCORE}.baseScore", 11),
    ("E018", f"{SCORE}.baseScore", "9.8"),
    ("E018", f"{SCORE}.baseScore", True),
    ("E018", f"{SCORE}.baseScore", 10**400),
    ("E018", f"{SCORE}.baseSeverity", "SEVERE"),
    ("E018", f"{SCORE}.vectorString", "AV:N/AC:L"),
    ("E018", f"{SCORE}.vectorString", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
    ("E018", "metrics.1", {"cvssV2_0": {"version": "2.0", "vectorString": "AV:N", "baseScore": -1}}),
    ("E019", "timeline.0.time", ...),
    ("E019", "timeline.0.value", " "),
    ("E020", "descriptions.0.value", "A description with an \\u0041 in it."),
]

PASSES = [
    ("references.0.url", "ftp://anvil.example/advisory.txt"),
    ("references.0.url", "https://www.cve.org/CVERecord?id=CVE-2026-0002"),
    ("descriptions.1", {"lang": "de", "value": "Eine Beschreibung."}),
    ("descriptions.0.lang", "en-US"),
    ("affected.0", {"vendor": "Anvil", "product": "Anvil", "defaultStatus": "unknown"}),
    ("affected.0.packageURL", "pkg:npm/%40anvil-org/anvil"),
    ("affected.0.packageURL", "pkg:generic/anvil?os=linux&arch=x#sub/path"),
    ("affected.0.packageName", "anvil-org/anvil"),
    (f"{VERSIONS}.lessThan", "*"),
    (f"{VERSIONS}.version", "18.4.0-rc.1+build"),
    (f"{VERSIONS}.changes", [{"at": "18.4.2", "status": "unaffected"}]),
    (VERSIONS, {"version": "0", "lessThan": "1.0", "versionType": "python", "status": "affected"}),
    (VERSIONS, {"version": "pkg:generic/anvil@1.0", "status": "affected"}),
    (VERSIONS, {"version": "*", "status": "affected"}),
    (VERSIONS, {"version": "1.0~rc1", "lessThan": "1.0", "versionType": "rpm", "status": "affected"}),
    (VERSIONS, {"version": "1.0_a", "versionType": "anvil", "status": "affected"}),
    (VERSIONS, {"version": "a" * 40, "versionType": "git", "status": "affected"}),
    ("metrics.1", {"cvssV2_0": {"version": "2.0", "vectorString": "AV:N/AC:L/Au:N/C:C/I:C/A:C", "baseScore": 10.0}}),
    ("metrics.1", {"other": {"type": "anvil", "content": {"baseScore": 99}}}),
    ("timeline", ...),
]


def test_there_are_nineteen_rules_and_the_good_record_trips_none() -> None:
    assert len(RULES) == 19
    assert {code for code, _, _ in TRIPS} == set(RULES)
    assert faults(GOOD) == ()
    assert misfits(GOOD) == ()


def test_the_manual_names_every_rule() -> None:
    manual = (Path(__file__).resolve().parents[3] / "docs" / "cve.md").read_text("utf-8")
    assert [code for code in RULES if code not in manual] == []


@pytest.mark.parametrize(("code", "path", "value"), TRIPS)
def test_a_spoiled_record_trips_the_rule_and_no_other(code: str, path: str, value: object) -> None:
    found = faults(spoiled(path, value))
    assert {fault.code for fault in found} == {code}


@pytest.mark.parametrize(("path", "value"), PASSES)
def test_what_is_no_fault_trips_nothing(path: str, value: object) -> None:
    assert faults(spoiled(path, value)) == ()


def test_a_fault_says_where_and_not_what_the_record_says() -> None:
    record = spoiled("references.1.url", "secret://embargoed")
    assert faults(record) == (
        RecordFault("E001", "containers.cna.references[1].url", "the reference is no http, https, ftp or ftps address"),
    )


def test_a_rejected_record_is_judged_by_its_reasons_alone() -> None:
    assert faults(REJECTED) == ()
    record = copy.deepcopy(REJECTED)
    record["containers"]["cna"]["rejectedReasons"][0]["value"] = "\\u0041"
    assert [fault.code for fault in faults(record)] == ["E003", "E020"]


@pytest.mark.parametrize("record", [None, [], 7, "CVE", {}, {"containers": {"cna": []}}, {"cveMetadata": "PUBLISHED"}])
def test_what_is_no_record_at_all_has_no_id_and_no_state(record: object) -> None:
    assert [fault.code for fault in faults(record)] == ["E015", "E015"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile_text(max_fragments=2, surrogates=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PLACES = sorted({path for _, path, value in TRIPS if value is not ... and not path.endswith((".1", ".2"))})


@given(JSON)
def test_any_json_is_judged_without_breaking(record: object) -> None:
    assert faults(record)


@given(st.sampled_from(PLACES), JSON)
def test_any_json_at_any_place_is_judged_without_breaking(path: str, value: object) -> None:
    faults(spoiled(path, value))
    misfits(spoiled(path, value))


def test_the_real_records_of_the_cna_trip_version_strings_and_nothing_else() -> None:
    """Before late 2023 ranges were texts; since then `16.5` is called a semantic version, which has three numbers."""
    for record in real_records().values():
        found = faults(record)
        versions = [v["version"] for a in record["containers"]["cna"]["affected"] for v in a["versions"]]
        assert {fault.code for fault in found} == {"E007"}
        assert len(found) == sum(version.count(".") != 2 or "<" in version for version in versions)


def test_a_real_record_spoiled_trips_more() -> None:
    record = real_records()["CVE-2025-13611"]
    record["containers"]["cna"]["references"].append(record["containers"]["cna"]["references"][0])
    record["containers"]["cna"]["metrics"][0]["cvssV3_1"]["baseSeverity"] = "MEDIUM"
    assert {fault.code for fault in faults(record)} == {"E002", "E005", "E007"}

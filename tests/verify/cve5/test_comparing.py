"""A record and its advisory tell the same story, or it is said where they do not."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.verify.cve5.comparing import RecordDisagreement, compare_record
from secrel.words.advisories import Advisory, Contents, Credit, CreditSource
from secrel.words.ids import CveId, Cwe
from secrel.words.releases import Kind, Product, Release, Shipment
from secrel.words.spans import Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version
from tests.strategies.advisories import PRODUCTS, advisories, contents
from tests.verify.cve5.records import GOOD, VECTOR, real_records, spoiled
from tests.verify.cve5.test_linting import JSON

POST = "https://anvil.example/releases/18-5-1/"
ISSUE = "https://forge.example/anvil-org/anvil/-/issues/1"


def span(since: str, fixed: str) -> Span:
    return Span(Version.parse(since) if since else None, Version.parse(fixed) if fixed else None)


def release_of(*products: Product) -> Release:
    shipments = tuple(Shipment(product, (Version.parse("18.5.1"),)) for product in products)
    return Release("2026-01", Kind.PLANNED, datetime(2026, 1, 7, 16, tzinfo=UTC), shipments, 30, "2023")


ADVISORY = Advisory(
    fix="anvil-org/security/anvil#1",
    title="Stored XSS",
    description="A crafted note could run scripts.",
    product="anvil",
    affected=(span("18.4", "18.4.3"), span("18.5", "18.5.1")),
    vector=Vector.parse(VECTOR),
    weakness=Cwe(79, "XSS"),
    cve_id=CveId.parse("CVE-2026-0001"),
    credits=(Credit("amara"),),
    issue_url=ISSUE,
)
CONTENTS = Contents(release_of(*PRODUCTS), (ADVISORY,))


def subjects(record: object, advisory: Advisory = ADVISORY) -> list[str]:
    return [one.subject for one in compare_record(record, advisory, CONTENTS, post_url=POST)]


def test_the_same_story_is_no_disagreement() -> None:
    assert compare_record(GOOD, ADVISORY, CONTENTS, post_url=POST) == ()
    assert compare_record(GOOD, ADVISORY, CONTENTS) == ()


@pytest.mark.parametrize(
    ("subject", "path", "value"),
    [
        (["id"], "/cveMetadata.cveId", "CVE-2026-0002"),
        (["state"], "/cveMetadata.state", "REJECTED"),
        (["product"], "affected.0.product", "Anvil Runner"),
        (["product"], "affected", ...),
        (["affected"], "affected.0.versions.0.lessThan", "18.4.4"),
        (["affected"], "affected.0.versions.1", {"version": "18.6", "status": "affected"}),
        (["affected"], "affected.0.versions", ...),
        (["description"], "descriptions.0.value", "An issue affecting all versions from 18.4 before 18.4.9."),
        (["vector"], "metrics.0.cvssV3_1.vectorString", VECTOR.replace("PR:N", "PR:L")),
        (["score"], "metrics.0.cvssV3_1.baseScore", 9.7),
        (["score"], "metrics.0.cvssV3_1.baseScore", "9.8"),
        (["severity"], "metrics.0.cvssV3_1.baseSeverity", "HIGH"),
        (["vector"], "metrics", ...),
        (["weakness"], "problemTypes.0.descriptions.0.cweId", "CWE-80"),
        (["weakness"], "problemTypes", ...),
        (["credits", "credits"], "credits.0.value", "bjorn"),
        (["credits"], "credits", ...),
        (["credits"], "credits.1", {"lang": "en", "value": "bjorn"}),
        (["references"], "references.0.url", "https://anvil.example/releases/18-5-0/"),
        (["references"], "references.1.url", "https://forge.example/anvil-org/anvil/-/issues/2"),
    ],
)
def test_a_record_that_says_otherwise_is_told(subject: list[str], path: str, value: object) -> None:
    told = subjects(spoiled(path, value))
    assert told == subject or (subject == ["affected"] and set(told) == {"affected"})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (
            "descriptions.0.value",
            "An issue affecting all versions from 18.4 before 18.4.3, and OAuth 2.0, from 1.x on.",
        ),
        ("descriptions.1", {"lang": "de", "value": "Alle Versionen from 1.1 before 1.2"}),
        ("metrics.0.cvssV3_1.vectorString", VECTOR + "/E:X"),
        ("credits.0.value", "Thanks [Amara](https://hackerone.com/amara) for reporting this vulnerability"),
        ("credits.1", {"lang": "en", "value": "This has been discovered internally by the Anvil team"}),
        ("credits.1", {"lang": "en", "value": "---"}),
        ("affected.1", {"vendor": "Anvil", "product": "Anvil Runner", "defaultStatus": "unknown"}),
        ("affected.0.versions.2", {"version": "18.3.9", "status": "unaffected"}),
        ("affected.0.versions.0", {"version": ">=18.4, <18.4.3", "status": "affected"}),
        ("problemTypes.0.descriptions.0", {"lang": "en", "description": "Improper XSS handling in Anvil"}),
        ("references.0.url", "http://ANVIL.example/releases/18-5-1"),
    ],
)
def test_the_same_fact_in_other_words_is_no_disagreement(path: str, value: object) -> None:
    assert subjects(spoiled(path, value)) == []


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"version": "0", "lessThan": "18.4.3"}, span("", "18.4.3")),
        ({"version": "0.0.0", "lessThan": "18.4.3"}, span("0.0", "18.4.3")),
        ({"version": "<18.4.3"}, span("", "18.4.3")),
        ({"version": ">=18.4"}, span("18.4", "")),
        ({"version": "18.4", "lessThan": "*"}, span("18.4", "")),
    ],
)
def test_ranges_are_read_in_every_form_that_records_have_had(entry: dict[str, str], expected: Span) -> None:
    record = spoiled("affected.0.versions", [entry | {"status": "affected"}])
    assert subjects(record, replace(ADVISORY, affected=(expected,))) == []


@pytest.mark.parametrize(
    "entry",
    [
        {"version": "18.4", "lessThanOrEqual": "18.4.2"},
        {"version": ">=18.4, <18.4.3", "lessThanOrEqual": "18.4.2"},
        {"version": "n/a"},
        {"version": ""},
        {"version": ">=18.4, <x"},
        {"version": "18.4", "lessThan": "18.3"},
    ],
)
def test_a_range_that_cannot_be_compared_is_told_with_its_place(entry: dict[str, str]) -> None:
    record = spoiled("affected.0.versions.2", entry | {"status": "affected"})
    assert compare_record(record, ADVISORY, CONTENTS, post_url=POST) == (
        RecordDisagreement(
            "affected",
            "containers.cna.affected[0].versions[2]",
            "a version or range that cannot be compared",
            "all versions from 18.4 before 18.4.3, 18.5 before 18.5.1",
        ),
    )


def test_a_disagreement_shows_both_sides() -> None:
    record = spoiled("affected.0.versions", [{"version": "18.4", "lessThan": "18.4.3", "status": "affected"}])
    assert compare_record(record, ADVISORY, CONTENTS) == (
        RecordDisagreement(
            "affected",
            "containers.cna.affected[0].versions",
            "all versions from 18.4 before 18.4.3",
            "all versions from 18.4 before 18.4.3, 18.5 before 18.5.1",
        ),
    )


def test_a_record_may_cite_the_section_of_the_post() -> None:
    assert compare_record(spoiled("references.0.url", f"{POST}#a-section"), ADVISORY, CONTENTS, post_url=POST) == ()


def test_without_an_address_any_announcement_will_do() -> None:
    bare = spoiled("references", [{"url": ISSUE}])
    assert [d.expected for d in compare_record(bare, ADVISORY, CONTENTS)] == ["the announcement"]
    assert [d.expected for d in compare_record(bare, ADVISORY, CONTENTS, post_url=POST)] == [POST]


def test_what_the_advisory_does_not_say_is_not_compared() -> None:
    silent = Advisory(fix="x#1", title="", description="", product="anvil")
    record = spoiled("credits", ...)
    assert subjects(record, silent) == []


def test_an_advisory_of_a_product_that_is_not_shipped_is_told() -> None:
    assert subjects(GOOD, replace(ADVISORY, product="hammer")) == ["product"]


def test_a_vector_of_another_version_is_compared_as_a_vector_alone() -> None:
    other = replace(ADVISORY, vector=Vector.parse(VECTOR.replace("3.1", "3.0")))
    assert subjects(GOOD, other) == ["vector"]


@pytest.mark.long
@given(JSON, advisories())
def test_any_json_is_compared_without_breaking(record: object, advisory: Advisory) -> None:
    compare_record(record, advisory, CONTENTS)


@pytest.mark.long
@given(st.data(), contents(complete=True, max_advisories=1))
def test_a_good_record_of_another_vulnerability_disagrees(data: st.DataObject, announced: Contents) -> None:
    advisory = announced.advisories[0]
    record = copy.deepcopy(GOOD)
    record["cveMetadata"]["cveId"] = data.draw(st.sampled_from(["CVE-1999-0001", ""]))
    assert "id" in [one.subject for one in compare_record(record, advisory, announced)]


GITLAB = Product("gitlab", "GitLab", "GitLab CE/EE", "GitLab", "GitLab", "gitlab-org/gitlab")


def real_advisory(number: str, vector: str, affected: tuple[Span, ...], credit: Credit, issue: str) -> Advisory:
    return Advisory(
        fix="x#1",
        title="",
        description="",
        product="gitlab",
        affected=affected,
        vector=Vector.parse(vector),
        cve_id=CveId.parse(number),
        credits=(credit,),
        issue_url=f"https://gitlab.com/gitlab-org/gitlab/-/issues/{issue}",
    )


@pytest.mark.parametrize(
    ("advisory", "expected"),
    [
        (  # as the post of 2021-10-28 has it: CVSS 3.0 where the record has 3.1, and no post among the references
            real_advisory(
                "CVE-2021-39911",
                "CVSS:3.0/AV:P/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N",
                (span("13.9", "14.2.6"), span("14.3", "14.3.4"), span("14.4", "14.4.1")),
                Credit("", CreditSource.INTERNAL),
                "297470",
            ),
            {"vector", "references"},
        ),
        (  # as corrected: the post of 18.7.1, both ranges
            real_advisory(
                "CVE-2025-13611",
                "CVSS:3.1/AV:N/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N",
                (span("13.2", "18.5.5"), span("18.6", "18.6.3")),
                Credit("", CreditSource.INTERNAL),
                "545947",
            ),
            set(),
        ),
        (  # as first announced with 18.6.1: the fix was not in it
            real_advisory(
                "CVE-2025-13611",
                "CVSS:3.1/AV:N/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N",
                (span("13.2", "18.4.5"), span("18.5", "18.5.3"), span("18.6", "18.6.1")),
                Credit("", CreditSource.INTERNAL),
                "545947",
            ),
            {"affected", "description"},
        ),
        (  # the post said 15.5 where 16.5 was meant
            real_advisory(
                "CVE-2023-6051",
                "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:U/C:N/I:H/A:N",
                (span("", "16.4.4"), span("15.5", "16.5.4"), span("16.6", "16.6.2")),
                Credit("st4nly0n"),
                "431345",
            ),
            {"affected", "description", "references"},
        ),
    ],
)
def test_real_records_disagree_where_they_are_known_to(advisory: Advisory, expected: set[str]) -> None:
    record = real_records()[str(advisory.cve_id)]
    told = compare_record(record, advisory, Contents(release_of(GITLAB), (advisory,)))
    assert {one.subject for one in told} == expected


def test_every_range_of_the_real_records_can_be_read() -> None:
    for name, record in real_records().items():
        advisory = Advisory(fix="x#1", title="", description="", product="gitlab", affected=(span("1.1", "1.2"),))
        told = compare_record(record, advisory, Contents(release_of(GITLAB), (advisory,)))
        ranges = [one for one in told if one.subject == "affected"]
        # one record has an upper end that is itself affected: which version has the fix, it does not say
        assert len(ranges) == (2 if name == "CVE-2023-3904" else 1), name
        assert ranges[-1].found.startswith("all versions")

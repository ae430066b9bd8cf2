"""Products and versions, in types that order versions as we do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from msgspec import structs
from msgspec.structs import replace

from secrel.papers.cve5.affected import affected_product, version_entry
from secrel.verify.cve5.comparing import plain, spans_of
from secrel.verify.cve5.reading import JsonObject
from secrel.verify.cve5.version_types import fits
from secrel.words.errors import Misused
from secrel.words.releases import Product
from secrel.words.spans import Span
from tests.papers.cve5.facts import ADVISORY, span
from tests.strategies.advisories import PRODUCTS, span_lists


@pytest.mark.parametrize(
    ("told", "version", "less_than", "kind"),
    [
        (span("13.2", "18.5.5"), "13.2.0", "18.5.5", "semver"),
        (span("", "16.4.4"), "0.0.0", "16.4.4", "semver"),
        (span("16.5", ""), "16.5.0", "*", "semver"),
        (span("", ""), "0.0.0", "*", "semver"),
        (span("7", "8"), "7", "8", "python"),
        (span("14", "18.4"), "14", "18.4", "python"),
        (span("3.13", "3.15.0rc2"), "3.13", "3.15.0rc2", "python"),
        (span("07.01", "8.0.0.0"), "07.01", "8.0.0.0", "maven"),
        (span("2025.12.0", "2026.03.1"), "2025.12.0", "2026.03.1", "maven"),
        (span("10.1.0-M1", "10.1.25"), "10.1.0-M1", "10.1.25", "maven"),
        (span("11.0.0-M1", "11.0.0-M21"), "11.0.0-M1", "11.0.0-M21", "maven"),
        (span("1.0", "1.0+deb11u1"), "1.0", "1.0+deb11u1", "rpm"),
        (span("19.0.0-rc1", "19.0-rc3"), "19.0.0-rc1", "19.0.0-rc.3", "semver"),
        (span("19-pre4", "19-rc"), "19.0.0-pre.4", "19.0.0-rc", "semver"),
        (span("", "1.2.3.4"), "0", "1.2.3.4", "python"),
        (span("1.2.3.4-beta2", "1.2.4"), "1.2.3.4b2", "1.2.4", "python"),
        (span("1.1.1", "1.1.1l"), "1.1.1", "1.1.1l", "rpm"),
        (span("", "1.0.dev4"), "0", "1.0.dev4", "rpm"),
    ],
)
def test_the_type_is_one_that_orders_both_ends(told: Span, version: str, less_than: str, kind: str) -> None:
    assert version_entry(told) == {
        "version": version,
        "status": "affected",
        "lessThan": less_than,
        "versionType": kind,
    }


@given(span_lists())
def test_versions_keep_the_promise_of_their_type_and_read_back_as_the_same_range(told: tuple[Span, ...]) -> None:
    entries = [version_entry(one) for one in told]
    for entry in entries:
        assert entry["versionType"] != "custom"
        assert fits(entry["version"], entry["versionType"])
        assert entry["lessThan"] == "*" or fits(entry["lessThan"], entry["versionType"])
    assert spans_of([JsonObject("affected[0]", {"versions": entries})]) == (plain(told), [])


def test_a_range_given_twice_is_told_once() -> None:
    twice = replace(ADVISORY, affected=(span("1.0", "1.1"), span("1", "1.1.0")))
    assert len(affected_product(PRODUCTS[0], twice, "here")["versions"]) == 1


def test_a_product_is_told_with_vendor_package_and_repository() -> None:
    told = affected_product(PRODUCTS[0], ADVISORY, "here")
    assert {name: told[name] for name in told if name != "versions"} == {
        "vendor": "Anvil",
        "product": "Anvil",
        "packageURL": "pkg:generic/anvil-org/anvil",
        "repo": "https://forge.example/anvil-org/anvil",
        "defaultStatus": "unaffected",
    }


@pytest.mark.parametrize(
    ("repository", "issue_url", "repo"),
    [
        ("https://forge.example/anvil-org/anvil-runner", "", "https://forge.example/anvil-org/anvil-runner"),
        (
            "anvil-org/anvil",
            "https://forge.example/anvil-org/anvil/-/issues/1",
            "https://forge.example/anvil-org/anvil",
        ),
        ("anvil-org/security/anvil", "https://forge.example/anvil-org/anvil/-/issues/1", None),
        ("anvil-org/anvil", "https://forge.example/anvil-org/anvil/issues/1", None),
        ("anvil-org/anvil", "", None),
    ],
)
def test_a_repository_is_told_when_its_address_is_known(repository: str, issue_url: str, repo: str | None) -> None:
    product = structs.replace(PRODUCTS[0], repository=repository)
    told: dict[str, Any] = affected_product(product, replace(ADVISORY, issue_url=issue_url), "here")
    assert told.get("repo") == repo


@pytest.mark.parametrize("purl", ["generic/anvil", "pkg:generic/anvil@18.5.1"])
def test_a_package_url_that_is_none_or_names_a_version_is_refused(purl: str) -> None:
    with pytest.raises(Misused, match="package URL of product anvil"):
        affected_product(structs.replace(PRODUCTS[0], purl=purl), ADVISORY, "here")


def test_a_product_without_a_package_url_has_none() -> None:
    product: Product = structs.replace(PRODUCTS[0], purl="")
    assert "packageURL" not in affected_product(product, ADVISORY, "here")

"""One advisory of a made-up vendor, complete."""

from __future__ import annotations

from datetime import UTC, datetime

from secrel.papers.cve5.publishing import Cna
from secrel.words.advisories import Advisory, Contents, Credit, CreditSource
from secrel.words.ids import CveId, Cwe
from secrel.words.releases import Kind, Release, Shipment
from secrel.words.spans import Span
from secrel.words.vectors import Vector
from secrel.words.versions import Version
from tests.strategies.advisories import PRODUCTS

CNA = Cna("11111111-2222-4333-8444-555555555555", "anvil")
POST = "https://anvil.example/releases/2026/01/07/patch-release-18-5-1/"


def span(since: str, fixed: str) -> Span:
    """Give a span; an empty end is an open one."""
    return Span(Version.parse(since) if since else None, Version.parse(fixed) if fixed else None)


ADVISORY = Advisory(
    fix="anvil-org/security/anvil#1",
    title="Stored XSS in notes",
    description="that could have allowed an authenticated user to run scripts in another user's session.",
    product="anvil",
    affected=(span("13.2", "18.4.3"), span("18.5", "18.5.1")),
    vector=Vector.parse("CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:N"),
    weakness=Cwe(79, "Cross-site Scripting"),
    cve_id=CveId.parse("CVE-2026-0001"),
    credits=(
        Credit(
            "amara",
            CreditSource.HACKERONE,
            report="https://hackerone.com/reports/1000001",
            profile="https://hackerone.com/amara",
        ),
        Credit("", CreditSource.INTERNAL),
    ),
    references=("https://anvil.example/docs/notes",),
    issue_url="https://forge.example/anvil-org/anvil/-/issues/545947",
)
RELEASE = Release(
    "2026-01",
    Kind.PLANNED,
    datetime(2026, 1, 7, 16, tzinfo=UTC),
    tuple(Shipment(product, (Version.parse("18.5.1"), Version.parse("18.4.3"))) for product in PRODUCTS),
    30,
    "2023",
)


def contents_of(*advisories: Advisory) -> Contents:
    """Give the release with these advisories."""
    return Contents(RELEASE, advisories)

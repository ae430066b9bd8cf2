"""The announcement first, each place once, and nothing that is no address."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from secrel.papers.cve5.references import references
from secrel.words.advisories import Advisory, Credit, CreditSource
from secrel.words.errors import Misused
from tests.papers.cve5.facts import ADVISORY, POST

BARE = replace(ADVISORY, issue_url="", credits=(), references=())


def urls(advisory: Advisory) -> list[str]:
    return [entry["url"] for entry in references(advisory, "Anvil", POST, "here")]


def test_the_order_is_announcement_issue_reports_and_the_rest() -> None:
    assert references(ADVISORY, "Anvil", POST, "here") == [
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
    ]


def test_an_issue_elsewhere_has_a_name_without_a_number() -> None:
    told = references(replace(BARE, issue_url="https://bugs.example/show?id=7"), "Anvil", POST, "here")
    assert told[1]["name"] == "Anvil Issue"


def test_each_place_is_given_once_where_it_came_first() -> None:
    spellings = (POST.removesuffix("/"), "https://a.example/x/", "HTTP://A.example:80/x", POST, "https://b.example/")
    assert urls(replace(BARE, references=spellings)) == [POST, "https://a.example/x/", "https://b.example/"]


def test_the_records_own_page_is_no_reference() -> None:
    own = ("https://www.cve.org/CVERecord?id=CVE-2026-0001", "https://www.cve.org/CVERecord?id=CVE-2026-0002")
    assert urls(replace(BARE, references=own)) == [POST, own[1]]


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        (Credit("amara", report="1000001"), []),
        (Credit("amara", CreditSource.HACKERONE, report="1000001"), ["https://hackerone.com/reports/1000001"]),
        (Credit("amara", report="https://hackerone.com/reports/1000001/"), ["https://hackerone.com/reports/1000001"]),
        (Credit("amara", report="an email of Monday"), []),
        (Credit("amara", report="https://hackerone.com/reports/1?x=<secret>"), []),
        (Credit("amara", CreditSource.CUSTOMER, report="https://support.example/tickets/1"), []),
    ],
)
def test_only_reports_of_the_bounty_program_are_cited(credit: Credit, expected: list[str]) -> None:
    assert urls(replace(BARE, credits=(credit,)))[1:] == expected


@pytest.mark.parametrize(
    ("advisory", "post", "what"),
    [
        (BARE, "anvil.example/secret", "the announcement's address"),
        (replace(BARE, issue_url="https://user:secret@anvil.example/"), POST, "the issue's address"),
        (replace(BARE, references=("https://a.example/", "javascript:secret")), POST, "reference 2"),
    ],
)
def test_what_is_no_web_address_is_refused_and_not_repeated(advisory: Advisory, post: str, what: str) -> None:
    with pytest.raises(Misused) as caught:
        references(advisory, "Anvil", post, "2026-01, advisory 1")
    assert caught.value.what.startswith(f"{what} is not a web address")
    assert caught.value.where == "2026-01, advisory 1"
    assert "secret" not in f"{caught.value} {caught.value.remedy}"

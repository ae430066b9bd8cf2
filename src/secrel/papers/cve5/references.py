"""The references of a CVE record: the announcement first, then the issue, reports, and what else is worth reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from secrel.verify.cve5.addresses import canonical, same_place
from secrel.verify.cve5.rules_references import cites_itself
from secrel.words.advisories import Advisory, CreditSource
from secrel.words.errors import Misused
from secrel.words.patterns import pattern

_ISSUE = pattern(r".*/(?:issues|work_items)/(\d{1,12})/?")
_REPORT = pattern(r"(?P<whole>https://(?:www\.)?hackerone\.com/reports/)?(?P<number>\d{1,12})/?")
_BOUNTY = (CreditSource.HACKERONE, CreditSource.UNSAID)
_REPORT_TAGS = ["technical-description", "exploit", "permissions-required"]


def _issue_name(address: str, vendor: str) -> str:
    match = _ISSUE.fullmatch(address)
    return f"{vendor} Issue #{match[1]}" if match else f"{vendor} Issue"


def cited_reports(advisory: Advisory) -> dict[str, str]:
    """Give the numbers of the reports that its record cites, by how they are credited: those of the bounty program.

    They are known by their address where nobody said so; any other report is between its finder and us.
    """
    found = {credit: _REPORT.fullmatch(credit.report) for credit in advisory.credits if credit.source in _BOUNTY}
    return {
        credit.report: match["number"]
        for credit, match in found.items()
        if match is not None and (match["whole"] or credit.source is CreditSource.HACKERONE)
    }


def _reports(advisory: Advisory) -> Iterator[dict[str, Any]]:
    for number in cited_reports(advisory).values():
        yield {
            "url": f"https://hackerone.com/reports/{number}",
            "name": f"HackerOne Bug Bounty Report #{number}",
            "tags": list(_REPORT_TAGS),
        }


def _address(text: str, what: str, where: str) -> str:
    address = canonical(text)
    if address is None:
        raise Misused(
            f"{what} is not a web address that a CVE record can hold",
            where=where,
            remedy="write it as https://HOST/PATH, without user name, password or blanks",
        )
    return address


def references(advisory: Advisory, vendor: str, post_url: str, where: str) -> list[dict[str, Any]]:
    """Give the entries of `references`, each place once, never the record's own page.

    The issue is confidential when the record is published, and says so. Raises `Misused`, with the place `where` and
    never the address, for what is no web address.
    """
    entries: list[dict[str, Any]] = [
        {
            "url": _address(post_url, "the announcement's address", where),
            "name": f"{vendor} Security Announcement",
            "tags": ["vendor-advisory"],
        }
    ]
    if advisory.issue_url:
        issue = _address(advisory.issue_url, "the issue's address", where)
        tags = ["issue-tracking", "permissions-required"]
        entries.append({"url": issue, "name": _issue_name(issue, vendor), "tags": tags})
    entries += _reports(advisory)
    for index, text in enumerate(advisory.references, start=1):
        entries.append({"url": _address(text, f"reference {index}", where)})
    own = str(advisory.cve_id or "")
    places: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if not cites_itself(entry["url"], own):
            places.setdefault(same_place(entry["url"]), entry)
    return list(places.values())

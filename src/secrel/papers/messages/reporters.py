"""The notice to the finder of a vulnerability, once its fix is released (mission M8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from secrel.papers.messages.pieces import LinkAddress, long_day, message, versions_said
from secrel.words.advisories import Advisory, Contents, CreditSource
from secrel.words.errors import Misused
from secrel.words.reach import fixed_in
from secrel.words.releases import joined

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates


class ReporterNotice(Struct, frozen=True):
    """What one notice needs beside the facts: where the post is, and the report that it goes to.

    When several people are thanked, those who share the report are named; without one all are. `stays_confidential`
    says that the fix's issue is never made public. `released` is when the release was announced, None before: then its
    due day is said.
    """

    post: str
    report: str = ""
    stays_confidential: bool = False
    released: datetime | None = None


def reporter_notice(
    advisory: Advisory, contents: Contents, told: ReporterNotice, *, templates: Templates | None = None
) -> str:
    """Thank the finder, say what was fixed where, how they are named, and when the report can be disclosed.

    The day from which it may be disclosed is the fix's `disclosure_days`, or else the release's, after it was
    announced; a fix whose issue stays confidential is not offered for disclosure, and no issue is promised that nobody
    outside could open. Raises `Misused` when the release has
    no version of the advisory's product.
    """
    report, released = told.report, told.released or contents.release.due
    days = advisory.days_until_public(contents.release)
    shipment = contents.release.shipment(advisory.product)
    if shipment is None:
        raise Misused("the release has no version of this advisory's product", where=contents.release.name)
    thanked = [credit for credit in advisory.credits if not report or credit.report == report]
    vector = advisory.vector
    values = {
        "names": joined(credit.name for credit in thanked if credit.name),
        "title": advisory.title,
        "versions": versions_said(replace(shipment, versions=fixed_in(advisory, shipment))),
        "earlier": joined(sorted(advisory.fixed_already)) if advisory.shipped_before else "",
        "hosted": advisory.hosted_only,
        "day": long_day(released),
        "cve": str(advisory.cve_id or ""),
        "has_record": advisory.has_own_id,
        "severity": f"{vector.severity} (CVSS {vector.score:.1f}, {vector})" if vector else "",
        "post": LinkAddress(told.post),
        "stays_confidential": told.stays_confidential,
        "has_issue": bool(advisory.issue_url),
        "days": days,
        "on_platform": any(credit.source is CreditSource.HACKERONE for credit in thanked),
        "public_on": long_day(released + timedelta(days=days)),
        "product": shipment.product.short,
    }
    return message("reporter_notice", values, templates)

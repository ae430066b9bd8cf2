"""The notice to the finder of a vulnerability, once its fix is released (mission M8)."""

from __future__ import annotations

from datetime import timedelta

from secrel.papers.environment import Templates
from secrel.papers.messages.pieces import Address, long_day, message, versions_said
from secrel.words.advisories import Advisory, Contents
from secrel.words.errors import Misused
from secrel.words.releases import joined


def reporter_notice(
    advisory: Advisory, contents: Contents, post: str, report: str = "", *, templates: Templates | None = None
) -> str:
    """Thank the finder, say what was fixed where, how they are named, and when the report can be disclosed.

    `report` is the report that the notice goes to: when several people are thanked, those who share it are named.
    The day from which it may be disclosed is the release's `disclosure_days` after its due day. Raises `Misused` when
    the release has no version of the advisory's product.
    """
    shipment = contents.release.shipment(advisory.product)
    if shipment is None:
        raise Misused("the release has no version of this advisory's product", where=contents.release.name)
    thanked = [credit for credit in advisory.credits if not report or credit.report == report]
    vector = advisory.vector
    values = {
        "names": joined(credit.name for credit in thanked if credit.name),
        "title": advisory.title,
        "versions": versions_said(shipment),
        "day": long_day(contents.release.due),
        "cve": str(advisory.cve_id or ""),
        "severity": f"{vector.severity} (CVSS {vector.score:.1f}, {vector})" if vector else "",
        "post": Address(post),
        "days": contents.release.disclosure_days,
        "public_on": long_day(contents.release.due + timedelta(days=contents.release.disclosure_days)),
        "product": shipment.product.short,
    }
    return message("reporter_notice", values, templates)

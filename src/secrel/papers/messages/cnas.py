"""To the CNA of somebody else: which vulnerability an id is asked for, and that it is public (mission M5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from secrel.papers.cve5.statements import credited, plain_line
from secrel.papers.cve_request.fields import Requester, fields_of, missing_fields
from secrel.papers.messages.pieces import LinkAddress, long_day, message, words
from secrel.words.advisories import Advisory, Contents
from secrel.words.releases import joined

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates


def ask_other_cna(advisory: Advisory, contents: Contents, *, templates: Templates | None = None) -> str:
    """Ask another CNA for the id of one vulnerability, with all that their forms ask for, and what is not known yet.

    Where a finder reported is not in it. Raises `Misused` for an advisory of a product that the release does not ship.
    """
    fields = fields_of(advisory, contents, Requester("", ""))
    values = {
        "vendor": fields.vendor,
        "product": fields.product,
        "day": long_day(contents.release.due),
        "facts": _facts(advisory, contents),
        "missing": joined(missing_fields(advisory, contents)),
    }
    return message("ask_other_cna", values, templates)


def tell_other_cna(
    advisory: Advisory, contents: Contents, post: str, announced: datetime, *, templates: Templates | None = None
) -> str:
    """Tell another CNA that what they assigned an id to is public, where, and with which facts.

    Raises `Misused` for an advisory of a product that the release does not ship.
    """
    values = {
        "cve": str(advisory.cve_id or ""),
        "day": long_day(announced),
        "post": LinkAddress(post),
        "facts": _facts(advisory, contents),
    }
    return message("tell_other_cna", values, templates)


def _facts(advisory: Advisory, contents: Contents) -> tuple[tuple[str, str], ...]:
    """Give what a CNA writes into a record, each with its name; what nobody knows is left out."""
    return tuple((label, words(said)) for label, said in _said(advisory, contents) if said)


def _said(advisory: Advisory, contents: Contents) -> Iterator[tuple[str, str]]:
    fields = fields_of(advisory, contents, Requester("", ""))
    yield "Title", plain_line(advisory.title)
    yield "Vendor", fields.vendor
    yield "Product", fields.product
    yield "Affected versions", "; ".join(fields.affected_versions) if advisory.affected else ""
    yield "Fixed versions", joined(fields.fixed_versions) if advisory.affected else ""
    yield "Problem type", str(advisory.weakness or "")
    yield "CVSS", fields.impact
    yield "Discoverer", joined(entry["value"] for entry in credited(advisory, fields.vendor))
    yield "Description", plain_line(fields.description)
    yield "Solution", fields.solution

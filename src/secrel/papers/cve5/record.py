"""The CVE record of an advisory, CVE JSON 5.1.1: whole, or the CNA's container that CVE Services takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from secrel.papers.cve5.affected import affected_product
from secrel.papers.cve5.metrics import metric
from secrel.papers.cve5.publishing import NO_DATES, Cna, Dates
from secrel.papers.cve5.references import references
from secrel.papers.cve5.statements import credited, description, discovery, plain_line, solution, title
from secrel.verify.cve5.linting import RecordFault, faults
from secrel.verify.cve5.schema import VERSION, Misfit, container_misfits, misfits
from secrel.words.advisories import Advisory, Contents
from secrel.words.errors import Misused
from secrel.words.releases import Product


def place_of(advisory: Advisory, contents: Contents) -> str:
    """Name an advisory without a word of what it says: the release, and its number among the release's advisories."""
    number = next((str(i) for i, one in enumerate(contents.advisories, 1) if one == advisory), "?")
    return f"{contents.release.name}, advisory {number}"


def _instant(when: datetime, where: str) -> str:
    if when.tzinfo is None:
        raise Misused("a date of the CVE record has no zone", where=where, remedy="give it with its zone")
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _product(advisory: Advisory, contents: Contents, where: str) -> Product:
    shipment = contents.release.shipment(advisory.product)
    if shipment is None:
        raise Misused(
            "the advisory is about a product that the release does not ship",
            where=where,
            remedy="correct the advisory's product, or add the product to the release",
        )
    return shipment.product


def _english(text: str) -> list[dict[str, str]]:
    return [{"lang": "en", "value": text}] if text else []


def _problem(advisory: Advisory) -> list[dict[str, Any]]:
    if advisory.weakness is None:
        return []
    weakness = advisory.weakness
    told = f"{weakness.id}: {name}" if (name := plain_line(weakness.name)) else weakness.id
    return [{"descriptions": [{"lang": "en", "description": told, "cweId": weakness.id, "type": "CWE"}]}]


def _container(advisory: Advisory, contents: Contents, cna: Cna, post_url: str, dates: Dates) -> dict[str, Any]:
    where = place_of(advisory, contents)
    product = _product(advisory, contents, where)
    parts = {
        "providerMetadata": {"orgId": cna.org_id, "shortName": cna.short_name},
        "datePublic": _instant(dates.public or contents.release.due, where),
        "title": title(advisory),
        "descriptions": [],
        "affected": [affected_product(product, advisory, where)],
        "problemTypes": _problem(advisory),
        "references": references(advisory, product.vendor, post_url, where),
        "metrics": [metric(advisory.vector)] if advisory.vector else [],
        "workarounds": _english(plain_line(advisory.workaround)),
        "solutions": _english(solution(advisory)),
        "credits": credited(advisory, product.vendor),
        "source": {"discovery": discovery(advisory)},
    }
    parts["descriptions"] = _english(description(advisory, product))
    return {name: part for name, part in parts.items() if part}


def _record(advisory: Advisory, cna: Cna, container: Mapping[str, Any], dates: Mapping[str, str]) -> dict[str, Any]:
    metadata = {
        "state": "PUBLISHED",
        "cveId": str(advisory.cve_id or ""),
        "assignerOrgId": cna.org_id,
        "assignerShortName": cna.short_name,
        **dates,
    }
    return {
        "dataType": "CVE_RECORD",
        "dataVersion": VERSION,
        "cveMetadata": metadata,
        "containers": {"cna": dict(container)},
    }


def _proven(found: Iterable[Misfit | RecordFault], where: str) -> None:
    for one in found:
        rule = one.code if isinstance(one, RecordFault) else one.rule
        raise Misused(
            f"the CVE record would be wrong at {one.path} ({rule})",
            where=where,
            remedy="correct the fact that this part of the record is made from; secrel manual cve says which one",
        )


def render_record(
    advisory: Advisory, contents: Contents, cna: Cna, post_url: str, dates: Dates = NO_DATES
) -> dict[str, Any]:
    """Give the full published record of one advisory, as `text_of` writes it to a file.

    `post_url` is the announcement's address. The record is proven against the official schema and the lint rules
    before it is given. Raises `Misused` when a fact is missing (id, range, product) or is no such thing (an address,
    a date without zone), and with the JSON path and never the content for a record that would be wrong.
    """
    where = place_of(advisory, contents)
    if advisory.cve_id is None:
        raise Misused(
            "the advisory has no CVE id yet", where=where, remedy="request or reserve one: secrel cve request"
        )
    given = {"dateReserved": dates.reserved, "datePublished": dates.published}
    instants = {name: _instant(when, where) for name, when in given.items() if when is not None}
    record = _record(advisory, cna, _container(advisory, contents, cna, post_url, dates), instants)
    _proven(misfits(record), where)
    _proven(faults(record), where)
    return record


def render_container(advisory: Advisory, contents: Contents, cna: Cna, post_url: str) -> dict[str, Any]:
    """Give the CNA's container alone, the `cnaContainer` of CVE Services; it may be drafted before there is an id.

    Raises as `render_record` does.
    """
    where = place_of(advisory, contents)
    container = _container(advisory, contents, cna, post_url, NO_DATES)
    _proven(container_misfits(container), where)
    found = faults(_record(advisory, cna, container, {}))
    _proven([fault for fault in found if advisory.cve_id or fault.path != "cveMetadata.cveId"], where)
    return container


def text_of(document: Mapping[str, Any]) -> str:
    """Write a record or container as JSON text: UTF-8, two blanks deep, keys in the order given, one final newline.

    The same document gives the same bytes, always.
    """
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"

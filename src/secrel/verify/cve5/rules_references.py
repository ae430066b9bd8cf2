"""Lint rules about references and about what the record is (E001, E002, E010, E015, E017)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secrel.verify.cve5.addresses import same_place
from secrel.verify.cve5.reading import CNA, PUBLISHED, REJECTED, FoundRecord, JsonObject
from secrel.words.errors import Misused
from secrel.words.ids import CveId
from secrel.words.patterns import pattern

Said = Iterator[tuple[str, str]]
"""What a rule finds: the JSON path, and what is so."""

_ADDRESS = pattern(r"(?:ftp|http)s?://.+", re.DOTALL)
_OWN_PAGE = pattern(
    r"https?://(?:www\.)?(?:cve\.org/CVERecord\?id=|cve\.mitre\.org/cgi-bin/cvename\.cgi\?name=)(?P<id>CVE-[0-9-]+)",
    re.IGNORECASE,
)


def _references(found: FoundRecord) -> Iterator[JsonObject]:
    return found.cna.entries("references")


def reference_protocol(found: FoundRecord) -> Said:
    """E001: references are web or FTP addresses (CNA Rules 8.3)."""
    for entry in _references(found):
        if not _ADDRESS.fullmatch(entry["url"]):
            yield entry.at("url"), "the reference is no http, https, ftp or ftps address"


def reference_twice(found: FoundRecord) -> Said:
    """E002: no reference is given twice, in whatever spelling of the same address."""
    seen: set[str] = set()
    for entry in _references(found):
        key = same_place(entry["url"])
        if key in seen:
            yield entry.at("url"), "the reference is given twice"
        seen.add(key)


def cites_itself(address: str, cve_id: str) -> bool:
    """Whether an address is the page of the CVE record `cve_id`, at cve.org or at its older place."""
    own = _OWN_PAGE.fullmatch(address)
    return own is not None and own["id"].upper() == cve_id


def reference_to_itself(found: FoundRecord) -> Said:
    """E010: a record does not cite its own page: that page did not exist before the record did."""
    if found.state != PUBLISHED:
        return
    for entry in _references(found):
        if cites_itself(entry["url"], found.cve_id):
            yield entry.at("url"), "the record cites its own page"


def reference_present(found: FoundRecord) -> Said:
    """E017: a published record has a reference (CNA Rules 4.0)."""
    if found.state == PUBLISHED and not any(entry["url"] for entry in _references(found)):
        yield f"{CNA}.references", "there is no reference"


def id_and_state(found: FoundRecord) -> Said:
    """E015: the record has a CVE id, and a state that is published or rejected (CNA Rules 4.0)."""
    try:
        CveId.parse(found.cve_id)
    except Misused:
        yield found.metadata.at("cveId"), "this is not a CVE id"
    if found.state not in {PUBLISHED, REJECTED}:
        yield found.metadata.at("state"), "the state is neither PUBLISHED nor REJECTED"

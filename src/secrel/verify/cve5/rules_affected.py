"""Lint rules about what is affected (E006 to E009, E011, E013, E014)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secrel.verify.cve5.addresses import Purl
from secrel.verify.cve5.reading import CNA, PUBLISHED, FoundRecord, JsonObject
from secrel.verify.cve5.version_types import fits
from secrel.words.patterns import pattern

Said = Iterator[tuple[str, str]]
"""What a rule finds: the JSON path, and what is so."""

_COUNTS = {"affected", "unknown"}
_NO_NAME = pattern(r"-|/|n/a|https?://.*|\s*", re.DOTALL)


def _products(found: FoundRecord) -> Iterator[JsonObject]:
    """The affected products of a published record; a rejected one has none to judge."""
    if found.state == PUBLISHED:
        yield from found.cna.entries("affected")


def product_present(found: FoundRecord) -> Said:
    """E006: a published record has a product of which something is affected, or may be."""
    if found.state != PUBLISHED:
        return
    statuses = {entry["status"] for entry in found.versions()}
    statuses |= {entry["defaultStatus"] for entry in _products(found)}
    if not statuses & _COUNTS:
        yield f"{CNA}.affected", "no version of any product is affected, or may be"


def version_strings(found: FoundRecord) -> Said:
    """E007: versions are versions, written as their `versionType` promises; `*` is an upper end only."""
    for product in _products(found):
        for entry in product.entries("versions"):
            yield from _version_faults(entry)


def _version_faults(entry: JsonObject) -> Said:
    promised = entry["versionType"]
    given = [(entry.at(name), entry[name]) for name in ("version", "lessThan", "lessThanOrEqual")]
    given += [(change.at("at"), change["at"]) for change in entry.entries("changes")]
    for path, version in given:
        is_open_end = version == "*" and path.endswith(".lessThan")
        if version and not is_open_end and not fits(version, promised):
            yield path, "this is not a version as its versionType promises"


def vendor_names(found: FoundRecord) -> Said:
    """E008: a vendor is named, and not by a dash or an address."""
    yield from _names(found, "vendor")


def product_names(found: FoundRecord) -> Said:
    """E009: a product is named, and not by a dash or an address."""
    yield from _names(found, "product")


def _names(found: FoundRecord, field: str) -> Said:
    for entry in _products(found):
        if field in entry.fields and _NO_NAME.fullmatch(entry[field]):
            yield entry.at(field), f"this does not name a {field}"


def custom_version_type(found: FoundRecord) -> Said:
    """E011: `custom` says nothing about the order of versions; another `versionType` does."""
    for product in _products(found):
        for entry in product.entries("versions"):
            if entry["versionType"] == "custom":
                yield entry.at("versionType"), "a custom versionType does not say how versions are ordered"


def _purls(found: FoundRecord) -> Iterator[tuple[JsonObject, str, str]]:
    """Entries that may have a package URL, the place of it, and what it is."""
    if found.state != PUBLISHED:
        return
    entries = [*found.cna.entries("components"), *found.cna.entries("affected")]
    for entry in entries:
        for name in ("purl", "packageURL"):
            if entry[name]:
                yield entry, entry.at(name), entry[name]


def purl_format(found: FoundRecord) -> Said:
    """E013: a package URL is one, and has no version in it (CVE Record Format 5.2, `packageURL`)."""
    for _, path, purl in _purls(found):
        parsed = Purl.parse(purl)
        if parsed is None:
            yield path, "this is not a package URL"
        elif parsed.version and path.endswith(".packageURL"):
            yield path, "the package URL names one version, and the versions are told elsewhere"


def purl_agrees(found: FoundRecord) -> Said:
    """E014: a package URL and the names beside it mean the same package."""
    for entry, path, purl in _purls(found):
        parsed = Purl.parse(purl)
        if parsed is None:
            continue
        whole = f"{parsed.namespace}/{parsed.name}" if parsed.namespace else parsed.name
        if entry["packageName"] not in {"", parsed.name, whole}:
            yield path, "the package URL and the package's name mean different packages"
        elif entry["namespace"] not in {"", parsed.namespace} or entry["name"] not in {"", parsed.name}:
            yield path, "the package URL and the component's names mean different packages"

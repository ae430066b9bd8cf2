"""Lint rules about what a record says in words: descriptions and the timeline (E003, E004, E016, E019, E020)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from secrel.verify.cve5.reading import CNA, PUBLISHED, REJECTED, FoundRecord, JsonObject, is_english
from secrel.words.patterns import pattern

SHORTEST = 10
"""The fewest characters that an English description may have."""
ESCAPE = pattern(r"\\u[0-9a-fA-F]{4}")
"""A character written as an escape sequence inside text, where the character itself belongs."""

Said = Iterator[tuple[str, str]]
"""What a rule finds: the JSON path, and what is so."""


def _said(found: FoundRecord) -> Iterator[JsonObject]:
    """What the record says in words: descriptions of a published one, reasons of a rejected one."""
    if found.state == PUBLISHED:
        yield from found.cna.entries("descriptions")
    elif found.state == REJECTED:
        yield from found.cna.entries("rejectedReasons")


def description_length(found: FoundRecord) -> Said:
    """E003: an English description has at least ten characters, and there is one of them for a language."""
    tags: Counter[str] = Counter()
    for entry in _said(found):
        if not is_english(entry["lang"]):
            continue
        tags[entry["lang"]] += 1
        if len(entry["value"]) < SHORTEST:
            yield entry.at("value"), f"the description has fewer than {SHORTEST} characters"
        if tags[entry["lang"]] > 1:
            yield entry.path, "there is more than one description in the same language"


def description_space(found: FoundRecord) -> Said:
    """E004: no description begins or ends with blanks."""
    if found.state != PUBLISHED:
        return
    for entry in found.cna.entries("descriptions"):
        if entry["value"] != entry["value"].strip():
            yield entry.at("value"), "the description begins or ends with blanks"


def description_present(found: FoundRecord) -> Said:
    """E016: a published record has an English description (CNA Rules 4.0)."""
    if found.state == PUBLISHED and not any(is_english(e["lang"]) for e in found.cna.entries("descriptions")):
        yield f"{CNA}.descriptions", "there is no English description"


def timeline_entries(found: FoundRecord) -> Said:
    """E019: an entry of the timeline says when, and what (CNA Rules 4.0; the fields are those of the schema)."""
    if found.state != PUBLISHED:
        return
    for entry in found.cna.entries("timeline"):
        for name in ("time", "value"):
            if not entry[name].strip():
                yield entry.at(name), "the timeline's entry does not say this"


def unicode_escapes(found: FoundRecord) -> Said:
    """E020: characters stand in a description as themselves, and not as escape sequences."""
    for entry in _said(found):
        if ESCAPE.search(entry["value"]):
            yield entry.at("value"), "a character is written as an escape sequence"

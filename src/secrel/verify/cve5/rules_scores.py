"""Lint rules about scores (E005, E018)."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.verify.cve5.reading import PUBLISHED, FoundRecord, JsonObject, number
from secrel.words.errors import Misused
from secrel.words.vectors import Severity, Vector

Said = Iterator[tuple[str, str]]
"""What a rule finds: the JSON path, and what is so."""

VECTORS = {"cvssV4_0": "4.0", "cvssV3_1": "3.1", "cvssV3_0": "3.0"}
"""The fields of a metric that hold a vector with a severity, and the version of CVSS they are for."""
_LONGEST = 512
_HIGHEST = 10.0
_BANDS = ((0.0, Severity.NONE), (3.9, Severity.LOW), (6.9, Severity.MEDIUM), (8.9, Severity.HIGH))


def band(score: float) -> Severity:
    """The word for a score; the bands of CVSS 3.0, 3.1 and 4.0 are the same."""
    return next((word for highest, word in _BANDS if score <= highest), Severity.CRITICAL)


def scores(found: FoundRecord) -> Iterator[tuple[JsonObject, str]]:
    """Every score of the CNA's that comes with a severity, with the version of CVSS it is for."""
    for metric in found.cna.entries("metrics"):
        for name, version in VECTORS.items():
            if name in metric.fields:
                yield metric.inner(name), version


def vector_of(entry: JsonObject, version: str) -> Vector | None:
    """Read the vector of a score; None when it is none, or one of another version of CVSS."""
    try:
        vector = Vector.parse(entry["vectorString"][:_LONGEST])
    except Misused:
        return None
    return vector if vector.version == version else None


def severity_word(found: FoundRecord) -> Said:
    """E005: the severity is the word for the score."""
    for entry, _ in scores(found):
        score, word = number(entry.fields.get("baseScore")), entry["baseSeverity"].lower()
        if score is not None and 0 <= score <= _HIGHEST and word in set(Severity) and word != band(score):
            yield entry.at("baseSeverity"), f"the word for {score} is {band(score).upper()}"


def score_values(found: FoundRecord) -> Said:
    """E018: vector, score and severity are such, and the score is the vector's (CNA Rules 4.0)."""
    if found.state != PUBLISHED:
        return
    for metric in found.cna.entries("metrics"):
        if "cvssV2_0" in metric.fields:
            yield from _range_fault(metric.inner("cvssV2_0"))
    for entry, version in scores(found):
        yield from _range_fault(entry)
        if entry["baseSeverity"].lower() not in set(Severity):
            yield entry.at("baseSeverity"), "this is not a severity"
        vector, score = vector_of(entry, version), number(entry.fields.get("baseScore"))
        if vector is None:
            yield entry.at("vectorString"), f"this is not a vector of CVSS {version}"
        elif score is not None and 0 <= score <= _HIGHEST and score != vector.score:
            yield entry.at("baseScore"), f"the vector's score is {vector.score}"


def _range_fault(entry: JsonObject) -> Said:
    score = number(entry.fields.get("baseScore"))
    if score is None or not 0 <= score <= _HIGHEST:
        yield entry.at("baseScore"), "this is not a score from 0.0 to 10.0"

"""A vector in the fields of the official CVSS schemas."""

from __future__ import annotations

import pytest
from cvss import CVSS3
from hypothesis import given

from secrel.papers.cve5.metrics import metric
from secrel.verify.cve5.schema import container_misfits
from secrel.words.vectors import Vector
from tests.strategies.advisories import vectors, vectors_3, vectors_4
from tests.verify.cve5.records import spoiled


@pytest.mark.parametrize(
    ("text", "field", "some"),
    [
        (
            "CVSS:3.1/AV:A/AC:H/PR:L/UI:R/S:C/C:H/I:L/A:N/E:P/CR:M/MAV:N",
            "cvssV3_1",
            {
                "version": "3.1",
                "attackVector": "ADJACENT_NETWORK",
                "attackComplexity": "HIGH",
                "privilegesRequired": "LOW",
                "userInteraction": "REQUIRED",
                "scope": "CHANGED",
                "confidentialityImpact": "HIGH",
                "integrityImpact": "LOW",
                "availabilityImpact": "NONE",
                "exploitCodeMaturity": "PROOF_OF_CONCEPT",
                "modifiedAttackVector": "NETWORK",
                "confidentialityRequirement": "MEDIUM",
                "baseScore": 6.2,
                "baseSeverity": "MEDIUM",
            },
        ),
        (
            "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
            "cvssV3_0",
            {"version": "3.0", "attackVector": "NETWORK", "baseScore": 10, "baseSeverity": "CRITICAL"},
        ),
        (
            "CVSS:4.0/AV:A/AC:L/AT:P/PR:N/UI:A/VC:H/VI:L/VA:N/SC:L/SI:N/SA:H/E:P/MSI:S/S:P/AU:Y/R:I/V:C/RE:M/U:Red",
            "cvssV4_0",
            {
                "version": "4.0",
                "attackVector": "ADJACENT",
                "attackRequirements": "PRESENT",
                "userInteraction": "ACTIVE",
                "vulnConfidentialityImpact": "HIGH",
                "subAvailabilityImpact": "HIGH",
                "exploitMaturity": "PROOF_OF_CONCEPT",
                "modifiedSubIntegrityImpact": "SAFETY",
                "Safety": "PRESENT",
                "Automatable": "YES",
                "Recovery": "IRRECOVERABLE",
                "valueDensity": "CONCENTRATED",
                "vulnerabilityResponseEffort": "MODERATE",
                "providerUrgency": "RED",
            },
        ),
    ],
)
def test_every_metric_of_a_vector_has_its_field(text: str, field: str, some: dict[str, object]) -> None:
    told = metric(Vector.parse(text))
    assert told["format"] == "CVSS"
    assert told[field]["vectorString"] == text
    assert {name: told[field][name] for name in some} == some


@given(vectors())
def test_the_schema_takes_every_vector_and_every_metric_is_told(vector: Vector) -> None:
    told = metric(vector)
    assert container_misfits(spoiled("metrics.0", told)["containers"]["cna"]) == ()
    [score] = [value for name, value in told.items() if name.startswith("cvss")]
    given_metrics = [part for part in vector.text.split("/")[1:] if not part.endswith(":X")]
    assert len(score) == len(given_metrics) + 4
    assert score["baseScore"] == vector.score
    assert score["baseSeverity"].lower() == vector.severity
    assert Vector.parse(score["vectorString"]).score == vector.score


@given(vectors_3(1))
def test_the_libraries_words_are_ours(vector: Vector) -> None:
    theirs = CVSS3(vector.text).as_json(minimal=True)
    ours = metric(vector)["cvssV3_1"]
    assert ours == theirs


@given(vectors_4(more=True))
def test_metrics_in_any_order_are_put_in_order(vector: Vector) -> None:
    prefix, *parts = vector.text.split("/")
    mixed = Vector.parse("/".join([prefix, *reversed(parts)]))
    assert metric(mixed) == metric(vector)

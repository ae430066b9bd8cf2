"""A vector as the metric of a CVE record: every field of the official CVSS schemas that the vector fills."""

from __future__ import annotations

from typing import Any

from secrel.words.vectors import Vector

_SEVERAL = "NOT_DEFINED"
_LEVELS = {"X": _SEVERAL, "N": "NONE", "L": "LOW", "M": "MEDIUM", "H": "HIGH"}
_WHERE = {"X": _SEVERAL, "N": "NETWORK", "L": "LOCAL", "P": "PHYSICAL"}
_NEAR = _WHERE | {"A": "ADJACENT_NETWORK"}
_NEAR_4 = _WHERE | {"A": "ADJACENT"}
_SCOPE = {"X": _SEVERAL, "U": "UNCHANGED", "C": "CHANGED"}
_HELP = {"X": _SEVERAL, "N": "NONE", "R": "REQUIRED"}
_HELP_4 = {"X": _SEVERAL, "N": "NONE", "P": "PASSIVE", "A": "ACTIVE"}
_NEEDS = {"X": _SEVERAL, "N": "NONE", "P": "PRESENT"}
_SAFETY = {"X": _SEVERAL, "N": "NEGLIGIBLE", "P": "PRESENT"}
_HARM = _LEVELS | {"S": "SAFETY"}

_FIELDS_3 = {
    "AV": ("attackVector", _NEAR),
    "AC": ("attackComplexity", _LEVELS),
    "PR": ("privilegesRequired", _LEVELS),
    "UI": ("userInteraction", _HELP),
    "S": ("scope", _SCOPE),
    "C": ("confidentialityImpact", _LEVELS),
    "I": ("integrityImpact", _LEVELS),
    "A": ("availabilityImpact", _LEVELS),
    "E": (
        "exploitCodeMaturity",
        {"X": _SEVERAL, "U": "UNPROVEN", "P": "PROOF_OF_CONCEPT", "F": "FUNCTIONAL", "H": "HIGH"},
    ),
    "RL": (
        "remediationLevel",
        {"X": _SEVERAL, "O": "OFFICIAL_FIX", "T": "TEMPORARY_FIX", "W": "WORKAROUND", "U": "UNAVAILABLE"},
    ),
    "RC": ("reportConfidence", {"X": _SEVERAL, "U": "UNKNOWN", "R": "REASONABLE", "C": "CONFIRMED"}),
    "CR": ("confidentialityRequirement", _LEVELS),
    "IR": ("integrityRequirement", _LEVELS),
    "AR": ("availabilityRequirement", _LEVELS),
    "MAV": ("modifiedAttackVector", _NEAR),
    "MAC": ("modifiedAttackComplexity", _LEVELS),
    "MPR": ("modifiedPrivilegesRequired", _LEVELS),
    "MUI": ("modifiedUserInteraction", _HELP),
    "MS": ("modifiedScope", _SCOPE),
    "MC": ("modifiedConfidentialityImpact", _LEVELS),
    "MI": ("modifiedIntegrityImpact", _LEVELS),
    "MA": ("modifiedAvailabilityImpact", _LEVELS),
}
_FIELDS_4 = {
    "AV": ("attackVector", _NEAR_4),
    "AC": ("attackComplexity", _LEVELS),
    "AT": ("attackRequirements", _NEEDS),
    "PR": ("privilegesRequired", _LEVELS),
    "UI": ("userInteraction", _HELP_4),
    "VC": ("vulnConfidentialityImpact", _LEVELS),
    "VI": ("vulnIntegrityImpact", _LEVELS),
    "VA": ("vulnAvailabilityImpact", _LEVELS),
    "SC": ("subConfidentialityImpact", _LEVELS),
    "SI": ("subIntegrityImpact", _LEVELS),
    "SA": ("subAvailabilityImpact", _LEVELS),
    "E": ("exploitMaturity", {"X": _SEVERAL, "U": "UNREPORTED", "P": "PROOF_OF_CONCEPT", "A": "ATTACKED"}),
    "CR": ("confidentialityRequirement", _LEVELS),
    "IR": ("integrityRequirement", _LEVELS),
    "AR": ("availabilityRequirement", _LEVELS),
    "MAV": ("modifiedAttackVector", _NEAR_4),
    "MAC": ("modifiedAttackComplexity", _LEVELS),
    "MAT": ("modifiedAttackRequirements", _NEEDS),
    "MPR": ("modifiedPrivilegesRequired", _LEVELS),
    "MUI": ("modifiedUserInteraction", _HELP_4),
    "MVC": ("modifiedVulnConfidentialityImpact", _LEVELS),
    "MVI": ("modifiedVulnIntegrityImpact", _LEVELS),
    "MVA": ("modifiedVulnAvailabilityImpact", _LEVELS),
    "MSC": ("modifiedSubConfidentialityImpact", _LEVELS),
    "MSI": ("modifiedSubIntegrityImpact", _HARM),
    "MSA": ("modifiedSubAvailabilityImpact", _HARM),
    "S": ("Safety", _SAFETY),
    "AU": ("Automatable", {"X": _SEVERAL, "N": "NO", "Y": "YES"}),
    "R": ("Recovery", {"X": _SEVERAL, "A": "AUTOMATIC", "U": "USER", "I": "IRRECOVERABLE"}),
    "V": ("valueDensity", {"X": _SEVERAL, "D": "DIFFUSE", "C": "CONCENTRATED"}),
    "RE": ("vulnerabilityResponseEffort", {"X": _SEVERAL, "L": "LOW", "M": "MODERATE", "H": "HIGH"}),
    "U": ("providerUrgency", {"X": _SEVERAL, "Clear": "CLEAR", "Green": "GREEN", "Amber": "AMBER", "Red": "RED"}),
}


def metric(vector: Vector) -> dict[str, Any]:
    """Give one entry of `metrics`: `cvssV3_0`, `cvssV3_1` or `cvssV4_0`, with score and severity from the vector.

    The metrics are written in the order of the specification, as the schema of CVSS 4.0 demands. Only what the
    vector defines is told: a metric that is not defined has no field.
    """
    fields = _FIELDS_4 if vector.version == "4.0" else _FIELDS_3
    prefix, *parts = vector.text.split("/")
    given: dict[str, str] = dict(part.split(":", 1) for part in parts)
    told = {name: value for name in fields if (value := given.get(name, "X")) != "X"}
    score = {
        "version": vector.version,
        "vectorString": "/".join([prefix, *(f"{name}:{value}" for name, value in told.items())]),
        **{fields[name][0]: fields[name][1][value] for name, value in told.items()},
        # a whole number without its zero, as the published records have it
        "baseScore": int(vector.score) if vector.score.is_integer() else vector.score,
        "baseSeverity": vector.severity.upper(),
    }
    return {
        "format": "CVSS",
        "scenarios": [{"lang": "en", "value": "GENERAL"}],
        f"cvssV{vector.version.replace('.', '_')}": score,
    }

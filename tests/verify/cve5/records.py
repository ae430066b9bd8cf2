"""A good record to spoil, and the real ones of the CNA."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared"
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"

GOOD: dict[str, Any] = {
    "dataType": "CVE_RECORD",
    "dataVersion": "5.1.1",
    "cveMetadata": {
        "state": "PUBLISHED",
        "cveId": "CVE-2026-0001",
        "assignerOrgId": "00000000-0000-4000-9000-000000000000",
        "assignerShortName": "anvil",
    },
    "containers": {
        "cna": {
            "providerMetadata": {"orgId": "00000000-0000-4000-9000-000000000000", "shortName": "anvil"},
            "title": "Stored XSS in Anvil",
            "descriptions": [{"lang": "en", "value": "Anvil has remediated an issue in Anvil CE/EE."}],
            "affected": [
                {
                    "vendor": "Anvil",
                    "product": "Anvil",
                    "packageURL": "pkg:generic/anvil-org/anvil",
                    "packageName": "anvil",
                    "collectionURL": "https://packages.anvil.example",
                    "versions": [
                        {"version": "18.4.0", "lessThan": "18.4.3", "versionType": "semver", "status": "affected"},
                        {"version": "18.5.0", "lessThan": "18.5.1", "versionType": "semver", "status": "affected"},
                    ],
                    "defaultStatus": "unaffected",
                }
            ],
            "problemTypes": [
                {"descriptions": [{"lang": "en", "description": "CWE-79: XSS", "cweId": "CWE-79", "type": "CWE"}]}
            ],
            "references": [
                {"url": "https://anvil.example/releases/18-5-1/", "tags": ["vendor-advisory"]},
                {"url": "https://forge.example/anvil-org/anvil/-/issues/1", "tags": ["issue-tracking"]},
            ],
            "metrics": [
                {
                    "cvssV3_1": {
                        "version": "3.1",
                        "vectorString": VECTOR,
                        "baseScore": 9.8,
                        "baseSeverity": "CRITICAL",
                    }
                }
            ],
            "timeline": [{"lang": "en", "time": "2026-01-01T00:00:00Z", "value": "reported"}],
            "credits": [{"lang": "en", "value": "amara", "type": "finder"}],
        }
    },
}
"""A published record without a fault."""


def spoiled(path: str, value: object) -> dict[str, Any]:
    """Give the good record with another value at one place of the CNA's container, or of the record (`/`)."""
    record = copy.deepcopy(GOOD)
    node: Any = record if path.startswith("/") else record["containers"]["cna"]
    *steps, last = path.strip("/").split(".")
    for step in steps:
        node = node[int(step)] if step.isdigit() else node[step]
    if value is ...:
        del node[last]
    elif last.isdigit() and int(last) == len(node):
        node.append(value)
    else:
        node[int(last) if last.isdigit() else last] = value
    return record


def real_records() -> dict[str, dict[str, Any]]:
    """Give the CNA's published records by CVE id; skips the test when they are not there."""
    folder = SHARED / "data" / "gitlab-releases" / "cve"
    if not folder.is_dir():
        pytest.skip(f"shared data absent: {folder}")
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}

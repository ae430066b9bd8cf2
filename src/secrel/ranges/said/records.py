"""Ranges as records hold them: CVE `versions`, and OSV ranges.

Formats: CVE Record Format 5.1.1, `affected[].versions[]`; OSV schema 1.7, `affected[].ranges[]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from secrel.ranges.results import Result
from secrel.words.patterns import pattern
from secrel.words.versions import Version

Record = dict[str, str]
_NUMBERS = r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))"
_SCHEMES = {
    "semver": pattern(rf"{_NUMBERS}{{2}}(?:-[0-9A-Za-z.-]+)?", re.ASCII),
    "python": pattern(r"\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?", re.ASCII),
    "maven": pattern(
        r"\d+(?:\.\d+)*(?:[.-]?(?:alpha|beta|milestone|m|rc|cr|snapshot|final|ga|release|sp)[.-]?\d*)?",
        re.ASCII | re.IGNORECASE,
    ),
}
_NOTHING = "0"  # how records write that there is no beginning


def version_type(versions: Iterable[Version]) -> str:
    """Say by which scheme versions are ordered as they are here: the first of CVE's list that reads all of them.

    `semver`, `python` (PEP 440), `maven` (words behind the numbers), or `rpm` (letters).
    """
    told = list(versions)
    for name, form in _SCHEMES.items():
        if all(form.fullmatch(str(version)) for version in told):
            return name
    return "rpm"


def cve_affected(result: Result) -> dict[str, Any]:
    """Write a result as a CVE record's `defaultStatus` and `versions`.

    Proved: whatever is not named is unaffected; no known beginning is written as `0`, no fix as `lessThanOrEqual: *`.
    Not proved: whatever is not named is unknown, and named is only what was seen, without doubt.
    """
    if result.proved:
        return {"defaultStatus": "unaffected", "versions": _affected(result)}
    return {"defaultStatus": "unknown", "versions": list(_seen(result))}


def _affected(result: Result) -> list[Record]:
    kind = _kind(result)
    return [
        {"version": _NOTHING if span.since is None else str(span.since)}
        | ({"lessThanOrEqual": "*"} if span.fixed is None else {"lessThan": str(span.fixed)})
        | {"status": "affected", "versionType": kind}
        for span in result.spans
    ]


def _kind(result: Result) -> str:
    ends = [end for span in result.spans for end in (span.since, span.fixed) if end is not None]
    return version_type(ends or result.versions)


def _seen(result: Result) -> Iterator[Record]:
    """Write neighbours that stand alike in one entry; nothing of those in doubt."""
    affected, hidden = set(result.affected), result.doubtful | set(result.unknown)
    kind = version_type(result.versions)
    for status, group in groupby(
        result.versions, key=lambda v: "" if v in hidden else "affected" if v in affected else "unaffected"
    ):
        first, *rest = group
        until = {"lessThanOrEqual": str(rest[-1]), "versionType": kind} if rest else {}
        if status:
            yield {"version": str(first), "status": status} | until


def osv_ranges(result: Result, repository: str) -> dict[str, Any]:
    """Write a result as OSV's `ranges` and `versions`; none while it is not proved, as OSV cannot say "unknown"."""
    if not result.spans or not result.proved:
        return {"ranges": [], "versions": []}
    git = osv_git_ranges(result, repository) if repository else []
    return {
        "ranges": [osv_version_range(result), *git],
        "versions": [str(version) for version in result.affected],
    }


def osv_version_range(result: Result) -> dict[str, object]:
    """Write spans as one OSV range of versions."""
    events: list[Record] = []
    for span in result.spans:
        events.append({"introduced": _NOTHING if span.since is None else str(span.since)})
        if span.fixed is not None:
            events.append({"fixed": str(span.fixed)})
    return {"type": "SEMVER" if _kind(result) == "semver" else "ECOSYSTEM", "events": events}


def osv_git_ranges(result: Result, repository: str) -> list[dict[str, object]]:
    """Write one OSV GIT range per origin, each with every commit that carries the fix (OSV schema, `events`)."""
    fixes = [{"fixed": commit} for commit in result.fixes]
    return [
        {"type": "GIT", "repo": repository, "events": [{"introduced": origin}, *fixes]}
        for origin in result.origins or (_NOTHING,)
    ]

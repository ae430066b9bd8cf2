"""Ranges as records hold them: CVE `versions`, OSV ranges, and the kernel's style of CVE containers.

Formats: CVE Record Format 5.1.1, `affected[].versions[]`; OSV schema 1.7, `affected[].ranges[]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from secrel.ranges.results import Result
from secrel.words.spans import Span
from secrel.words.versions import Version

Record = dict[str, str]
_SEMVER = re.compile(r"(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?", re.ASCII)
_NOTHING = "0"  # how pairs write "no such version" and "no such commit"


def version_type(spans: Sequence[Span]) -> str:
    """Say how the versions of these spans are ordered: `semver` when all are written so, else `custom`."""
    ends = [end for span in spans for end in (span.since, span.fixed) if end is not None]
    return "semver" if ends and all(_SEMVER.fullmatch(str(end)) for end in ends) else "custom"


def cve_versions(spans: Sequence[Span]) -> list[Record]:
    """Write spans as `versions` of a CVE record whose `defaultStatus` is `unaffected`.

    No known beginning is written as `0`; no fix as `lessThanOrEqual: *`.
    """
    kind = version_type(spans)
    return [
        {"version": _NOTHING if span.since is None else str(span.since)}
        | ({"lessThanOrEqual": "*"} if span.fixed is None else {"lessThan": str(span.fixed)})
        | {"status": "affected", "versionType": kind}
        for span in spans
    ]


def osv_version_range(spans: Sequence[Span]) -> dict[str, object]:
    """Write spans as one OSV range of versions."""
    events: list[Record] = []
    for span in spans:
        events.append({"introduced": _NOTHING if span.since is None else str(span.since)})
        if span.fixed is not None:
            events.append({"fixed": str(span.fixed)})
    return {"type": "SEMVER" if version_type(spans) == "semver" else "ECOSYSTEM", "events": events}


def osv_git_ranges(result: Result, repository: str) -> list[dict[str, object]]:
    """Write one OSV GIT range per origin, each with every commit that carries the fix (OSV schema, `events`)."""
    fixes = [{"fixed": commit} for commit in result.fixes]
    return [
        {"type": "GIT", "repo": repository, "events": [{"introduced": origin}, *fixes]}
        for origin in result.origins or (_NOTHING,)
    ]


@dataclass(frozen=True, slots=True)
class Pair:
    """One line's origin and fix, as the kernel CNA keeps them: versions and commits, `0` for none."""

    since: str
    origin: str
    fixed: str
    fix: str

    @property
    def within_one(self) -> bool:
        """Whether no released version had it: origin and fix came out together."""
        return self.since == self.fixed


@dataclass(frozen=True, slots=True)
class Container:
    """One entry of a CVE record's `affected`, as far as versions go."""

    default: str
    versions: list[Record]


def kernel_containers(pairs: Sequence[Pair]) -> tuple[Container, Container]:
    """Write pairs as the kernel CNA does: the container of commits, and that of mainline versions.

    Pairs whose origin and fix came out together are kept as commits and left out as versions. Lines that got the flaw
    by a backport are told as versions: those without a fix, and all of them when the mainline had the flaw, beside the
    commits; else in the other container, which then says that anything else is unaffected.
    """
    live = [pair for pair in pairs if not pair.within_one]
    mainline = [pair for pair in live if pair.since == _NOTHING or _is_mainline(pair.since)]
    lines = [pair for pair in live if pair not in mainline and not _fixed_elsewhere(pair, pairs)]
    commits = [_commits(pair) for pair in pairs]
    if mainline:
        versions = [*commits, *(_line(pair) for pair in lines)]
        return Container("unaffected", versions), Container("affected", list(_mainline(mainline, live)))
    unfixed = [_line(pair) for pair in lines if pair.fixed == _NOTHING]
    fixed = [_line(pair) for pair in lines if pair.fixed != _NOTHING]
    return Container("unaffected", [*commits, *unfixed]), Container("unaffected", fixed)


def _commits(pair: Pair) -> Record:
    until = {} if pair.fix == _NOTHING else {"lessThan": pair.fix}
    return {"version": pair.origin} | until | {"status": "affected", "versionType": "git"}


def _fixed_elsewhere(pair: Pair, pairs: Sequence[Pair]) -> bool:
    """Whether a line without a fix for this origin has one for another origin on the same line."""
    return pair.fixed == _NOTHING and any(
        other.fixed != _NOTHING and _line_of(other.fixed) == _line_of(pair.since) for other in pairs
    )


def _line(pair: Pair) -> Record:
    *front, last = _line_of(pair.since)
    end = ".".join(str(number) for number in (*front, last + 1)) if pair.fixed == _NOTHING else pair.fixed
    return {"version": pair.since, "lessThan": end, "status": "affected", "versionType": "semver"}


def _mainline(mainline: Sequence[Pair], live: Sequence[Pair]) -> Iterator[Record]:
    starts = list(dict.fromkeys(pair.since for pair in mainline if pair.since != _NOTHING))
    for start in starts:
        yield {"version": start, "status": "affected"}
    if starts:
        lowest = min(starts, key=_numbers)
        yield {"version": _NOTHING, "lessThan": lowest, "status": "unaffected", "versionType": "semver"}
    fixes = list(dict.fromkeys(pair.fixed for pair in live if pair.fixed != _NOTHING))
    last = max((fix for fix in fixes if _is_mainline(fix)), key=_numbers, default="")
    for fix in fixes:
        if not _is_mainline(fix):
            line = ".".join(str(number) for number in _line_of(fix))
            yield {"version": fix, "lessThanOrEqual": f"{line}.*", "status": "unaffected", "versionType": "semver"}
        else:
            until = {"lessThanOrEqual": "*"} if fix == last else {}
            yield {"version": fix} | until | {"status": "unaffected", "versionType": "original_commit_for_fix"}


def _numbers(version: str) -> tuple[int, ...]:
    return Version.parse(version).key[0]


def _depth(version: str) -> int:
    """How many numbers name a line: two, and three in the days of 2.6."""
    return 3 if version.startswith("2.6.") else 2


def _is_mainline(version: str) -> bool:
    return version.partition("-")[0].count(".") < _depth(version)


def _line_of(version: str) -> tuple[int, ...]:
    depth = _depth(version)
    return (*_numbers(version), 0, 0)[:depth]

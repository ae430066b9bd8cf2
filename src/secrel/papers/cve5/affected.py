"""What is affected, as a CVE record says it: a product, and its versions from and below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from secrel.verify.cve5.addresses import Purl, canonical
from secrel.verify.cve5.version_types import fits
from secrel.words.advisories import Advisory
from secrel.words.errors import Misused
from secrel.words.patterns import pattern
from secrel.words.releases import Product
from secrel.words.spans import EARLIEST, Span
from secrel.words.versions import Version, VersionStage

_SEMVER_NUMBERS = 3
# stages that each scheme puts in the same order as we do
_SEMVER_STAGES = {
    VersionStage.ALPHA: "alpha",
    VersionStage.BETA: "beta",
    VersionStage.PREVIEW: "pre",
    VersionStage.CANDIDATE: "rc",
}
_MAVEN_WORDS = frozenset(
    ("a", "alpha", "b", "beta", "m", "milestone", "rc", "cr", "snapshot", "final", "ga", "release", "sp")
)
_PYTHON_STAGES = {VersionStage.ALPHA: "a", VersionStage.BETA: "b", VersionStage.CANDIDATE: "rc"}


def _staged(version: Version, names: Mapping[VersionStage, str], between: str) -> str | None:
    """Write what stands behind the numbers: nothing, or one early stage with its count; None where it is more."""
    if version.letters or not version.stages:
        return None if version.letters else ""
    (stage, count), *more = version.stages
    return None if more or stage not in names else names[stage] + "".join(f"{between}{part}" for part in count)


def _semver(version: Version) -> str | None:
    """Write a version as SemVer 2.0.0 does, with three numbers; None when SemVer cannot say or order it."""
    numbers, stage = version.key[0], _staged(version, _SEMVER_STAGES, ".")
    if stage is None or len(numbers) > _SEMVER_NUMBERS or _has_zeros(version):
        return None
    if fits(version.text, "semver"):
        return version.text
    three = ".".join(str(number) for number in (*numbers, 0, 0)[:_SEMVER_NUMBERS])
    return f"{three}-{stage}" if stage else three


def _python(version: Version) -> str | None:
    """Write a version as PEP 440 does; None when it cannot."""
    stage = _staged(version, _PYTHON_STAGES, "")
    counts = [count for _, counted in version.stages for count in counted]
    if stage is None or len(counts) > 1 or _has_zeros(version):
        return None
    if fits(version.text, "python"):
        return version.text
    return ".".join(map(str, version.key[0])) + stage + ("0" if stage and not counts else "")


def _has_zeros(version: Version) -> bool:
    """Whether a number is written with zeros before it, `2026.03.1`: neither SemVer nor PEP 440 writes it so."""
    return not version.text.startswith(".".join(map(str, version.numbers)))


def _maven(version: Version) -> str | None:
    """Write a version as it is, where Maven knows what stands behind the numbers; None where it does not."""
    words = set(pattern("[a-z]+").findall(version.text.lower()))
    return version.text if words <= _MAVEN_WORDS and fits(version.text, "maven") else None


def _rpm(version: Version) -> str:
    """Write a version as it is: RPM orders letters and everything else, candidates excepted."""
    return version.text


_SCHEMES = (("semver", _semver), ("python", _python), ("maven", _maven), ("rpm", _rpm))


def version_entry(span: Span) -> dict[str, str]:
    """Give one entry of `versions`: affected from `version`, below `lessThan`.

    The type is `semver` or `python` where one writes the end as it was published (nobody has a 18.4.0 where 18.4 came
    out), or else the first of them that can write both ends, or else `maven` (milestones, finals, zeros before
    numbers), or else `rpm` (letters); never `custom`, which orders nothing. No known start is the earliest version
    there can be, and no fix yet an open end, `*`.
    """
    since, fixed = span.since or EARLIEST, span.fixed or EARLIEST
    written = [
        (kind, first, last)
        for kind, write in _SCHEMES
        if (first := write(since)) is not None and (last := write(fixed)) is not None
    ]
    as_published = (one for one in written if one[0] in ("semver", "python") and one[2] == fixed.text)
    kind, first, last = next(as_published, written[0]) if span.fixed else written[0]
    return {
        "version": first,
        "status": "affected",
        "lessThan": last if span.fixed else "*",
        "versionType": kind,
    }


def _repository(product: Product, issue_url: str) -> str:
    """The address of the product's repository, when it is known to be one: its own, or beside the issue's."""
    own = canonical(product.repository)
    if own is not None:
        return own
    place, mark, _ = (canonical(issue_url) or "").partition("/-/")
    return place if mark and place.endswith(f"/{product.repository}") else ""


def affected_product(product: Product, advisory: Advisory, where: str) -> dict[str, Any]:
    """Give the entry of `affected` for an advisory's product.

    Raises `Misused`, with the place `where`, when the affected range is not known, or the product's package URL is
    none or names a version.
    """
    if not advisory.affected:
        raise Misused("the affected versions are not known", where=where, remedy="give them, or have them computed")
    entry: dict[str, Any] = {"vendor": product.vendor, "product": product.cve_product}
    if product.purl:
        purl = Purl.parse(product.purl)
        if purl is None or purl.version:
            raise Misused(
                f"the package URL of product {product.key} is none, or names a version",
                where=where,
                remedy="write it as pkg:TYPE/NAMESPACE/NAME",
            )
        entry["packageURL"] = product.purl
    if repository := _repository(product, advisory.issue_url):
        entry["repo"] = repository
    versions = [version_entry(span) for span in dict.fromkeys(advisory.affected)]
    return entry | {"versions": versions, "defaultStatus": "unaffected"}

"""How a version may be written under each `versionType` of a record (lint rule E007).

A type that says how versions are ordered is a promise: `16.5` is no semantic version, `16.5.0` is (SemVer 2.0.0).
"""

from __future__ import annotations

import re

from secrel.verify.cve5.addresses import Purl
from secrel.words.patterns import pattern

ANY = pattern(r"\*|[a-zA-Z0-9][-*_:.a-zA-Z0-9]*")
_NUMBER = r"(?:0|[1-9]\d*)"
_LABEL = r"(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)"
_FORMS = {
    "semver": pattern(
        rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_LABEL}(?:\.{_LABEL})*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?",
        re.ASCII,
    ),
    "git": pattern(r"[a-f0-9]{40}|[a-f0-9]{64}"),
    "rpm": pattern(r"[a-zA-Z0-9._~-]+"),
    "maven": pattern(r"[a-zA-Z0-9._-]+"),
    "python": pattern(
        rf"(?:\d+!)?{_NUMBER}(?:\.{_NUMBER})*(?:(?:a|b|rc){_NUMBER})?(?:\.post{_NUMBER})?(?:\.dev{_NUMBER})?", re.ASCII
    ),
}


def fits(version: str, version_type: str) -> bool:
    """Whether `version` is written as `version_type` promises; an empty or unknown type promises only sane letters."""
    if version.startswith("pkg:"):
        return Purl.parse(version) is not None
    return _FORMS.get(version_type, ANY).fullmatch(version) is not None and not (version_type and version == "*")

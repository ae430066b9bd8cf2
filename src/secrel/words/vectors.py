"""CVSS vectors: the only stored form of a score (design.md, Words)."""

from __future__ import annotations

from enum import StrEnum

import cvss
from msgspec import Struct

from secrel.answers import kept
from secrel.words.errors import Misused


class Severity(StrEnum):
    """The word derived from a vector (CVSS 3.1 section 5, CVSS 4.0 section 6)."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Height, 0 for none to 4 for critical."""
        return list(Severity).index(self)


@kept(tuple[float, Severity], size=4096)
def _computed(text: str) -> tuple[float, Severity]:
    try:
        if text.startswith("CVSS:4.0/"):
            fourth = cvss.CVSS4(text)
            return float(fourth.base_score), Severity(fourth.severity.lower())
        third = cvss.CVSS3(text)
        return float(third.base_score), Severity(third.severities()[0].lower())
    except cvss.CVSSError as fault:
        raise Misused(
            f"{text[:120]!r} is not a CVSS vector ({str(fault)[:120]})",
            remedy="write it with its prefix, such as CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N",
        ) from fault


class Vector(Struct, frozen=True):
    """A CVSS vector of version 3.0, 3.1 or 4.0, with its prefix; score and severity are computed from it."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Vector:
        """Read exactly a vector; raises `Misused` for a prefix that is missing and for metrics that are not."""
        if not text.startswith(("CVSS:3.0/", "CVSS:3.1/", "CVSS:4.0/")):
            raise Misused(
                f"{text[:120]!r} is not a CVSS vector (it names no version)",
                remedy="write it with its prefix, such as CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N",
            )
        _computed(text)
        return cls(text)

    @property
    def version(self) -> str:
        """`3.0`, `3.1` or `4.0`."""
        return self.text[5:8]

    @property
    def score(self) -> float:
        """The base score, 0.0 to 10.0."""
        return _computed(self.text)[0]

    @property
    def severity(self) -> Severity:
        """The word for the score."""
        return _computed(self.text)[1]

    def __str__(self) -> str:
        """Give the vector."""
        return self.text

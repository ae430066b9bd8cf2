"""Numbers of the field: CVE ids and weaknesses, parsed once and whole."""

from __future__ import annotations

import hashlib
import re

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.patterns import pattern

CVE = pattern(r"CVE-(?:1999|2\d{3})-(?:\d{4}|[1-9]\d{4,18})(?!\d)", re.ASCII)
"""A CVE id, wherever it stands in a text; noughts fill a number up to four figures, and never further."""


class CveId(Struct, frozen=True):
    """A CVE id, `CVE-2026-0001`; ordered by year and number (CVE Record Format 5.1.1, `cveId`)."""

    text: str

    @classmethod
    def parse(cls, text: str) -> CveId:
        """Read exactly a CVE id; raises `Misused` for anything else, however it begins."""
        if not CVE.fullmatch(text):
            raise Misused(f"{text[:40]!r} is not a CVE id", remedy="write it as CVE-YEAR-NUMBER, such as CVE-2026-0001")
        return cls(text)

    @property
    def key(self) -> tuple[int, int]:
        """Year and number, to sort by."""
        _, year, number = self.text.split("-")
        return int(year), int(number)

    def __lt__(self, other: CveId) -> bool:
        """Order by year, then number."""
        return self.key < other.key

    def __str__(self) -> str:
        """Give the id."""
        return self.text


def is_early(cve_id: CveId | None, year: int) -> bool:
    """Whether an id is of a year after `year`: no CNA has given it to anybody yet."""
    return cve_id is not None and cve_id.key[0] > year


class Cwe(Struct, frozen=True):
    """A weakness: `CWE-79`, with its name when it is known."""

    number: int
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Cwe:
        """Read `CWE-79`, or `CWE-79: Cross-site scripting`; raises `Misused` for anything else."""
        match = re.fullmatch(r"CWE-([1-9]\d{0,4})(?:: (.{1,200}))?", text, re.ASCII)
        if match is None:
            raise Misused(f"{text[:40]!r} is not a weakness", remedy="write it as CWE-79, or CWE-79: its name")
        return cls(int(match[1]), match[2] or "")

    @property
    def id(self) -> str:
        """The number with its prefix."""
        return f"CWE-{self.number}"

    def __str__(self) -> str:
        """Give number and name, as `parse` reads them."""
        return f"{self.id}: {self.name}" if self.name else self.id


def record_digest(record: bytes) -> str:
    """Give the digest by which a CVE record is known again, 32 hexadecimal digits: a person's edit changes it."""
    return hashlib.sha256(record).hexdigest()[:32]

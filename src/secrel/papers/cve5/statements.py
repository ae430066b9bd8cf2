"""What a CVE record says in words: title, description, solution, workaround, credits; never more than plain lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from secrel.papers.text import one_line
from secrel.papers.text.cleaning import ended
from secrel.words.advisories import Advisory, Credit, CreditSource
from secrel.words.patterns import pattern
from secrel.words.releases import Product
from secrel.words.spans import Span, sentence

_ESCAPES = pattern(r"(?:\\u[0-9a-fA-F]{4})+")
_GOES_ON = pattern(r"(?:that|which|where|in which|under which|allowing|because)\b")
_LONGEST_TITLE = 256


def _decoded(match: re.Match[str]) -> str:
    units = b"".join(int(unit, 16).to_bytes(2, "big") for unit in match[0].split("\\u")[1:])
    signs = units.decode("utf-16-be", "replace")
    return "".join(sign if sign.isprintable() and sign != "\\" else f"U+{ord(sign):04X}" for sign in signs)


def plain_line(text: str) -> str:
    r"""Bring text to one clean line in which characters stand as themselves, not as `\u0041` (lint rule E020).

    An escaped character that nobody could see is named: `U+202E`.
    """
    line = one_line(text)
    while (shorter := one_line(_ESCAPES.sub(_decoded, line))) != line:
        line = shorter
    return line


def title(advisory: Advisory) -> str:
    """Give the title, cut at 256 characters, the most a record takes."""
    line = plain_line(advisory.title)
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"


def description(advisory: Advisory, product: Product) -> str:
    """Give the description: who remedied an issue in what, which versions are affected, and what it allowed.

    The advisory's own words follow as a sentence, or go on with this one when they begin as such (`that could …`).
    Raises `Misused` when the advisory has no affected range.
    """
    edition = plain_line(advisory.edition) or product.short
    start = f"{product.vendor} has remediated an issue in {edition} affecting {sentence(advisory.affected or ())}"
    own = plain_line(advisory.description)
    joined = f"{start} {own}" if _GOES_ON.match(own) else f"{start}. {own}".rstrip(" .")
    return plain_line(ended(joined))


def fixed_versions(spans: Iterable[Span]) -> list[str]:
    """The versions with the fix, as the range has them, each once."""
    return list(dict.fromkeys(str(span.fixed) for span in spans if span.fixed is not None))


def solution(advisory: Advisory) -> str:
    """Give the sentence that tells to upgrade; empty when no version has the fix yet."""
    versions = fixed_versions(advisory.affected or ())
    if not versions:
        return ""
    return f"Upgrade to version{'s' if len(versions) > 1 else ''} {', '.join(versions)} or above."


def _credited(credit: Credit, vendor: str) -> str:
    name = one_line(credit.name)
    if not name and credit.source is CreditSource.INTERNAL:
        return f"Discovered internally by the {vendor} team"
    return name


def credited(advisory: Advisory, vendor: str) -> list[dict[str, str]]:
    """Give the entries of `credits`: plain names; nobody who gave none, but for the vendor's own team."""
    entries = [
        {"lang": "en", "value": value, "type": credit.type.value}
        for credit in advisory.credits
        if (value := _credited(credit, vendor))
    ]
    return [entry for index, entry in enumerate(entries) if entry not in entries[:index]]


def discovery(advisory: Advisory) -> str:
    """Give the word of `source.discovery`: who found it, the vendor or somebody else, as far as anybody said."""
    sources = {credit.source for credit in advisory.credits}
    if sources - {CreditSource.UNSAID, CreditSource.INTERNAL}:
        return "EXTERNAL"
    return "INTERNAL" if sources == {CreditSource.INTERNAL} else "UNKNOWN"

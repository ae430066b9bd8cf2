"""What a text says: the versions it names, whether it is called critical, and what should have been filled in."""

from __future__ import annotations

import re

from secrel.words.errors import Misused
from secrel.words.patterns import pattern
from secrel.words.versions import Version

_ADDRESS = pattern(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_SCORE = pattern(r"\bCVSS[:\s(v]*\d{1,2}\.\d\S*", re.IGNORECASE)
_DAY = pattern(r"(?<![\w.-])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.20\d\d(?![\w-]|\.\w)", re.ASCII)
_DOTTED = pattern(
    r"(?<![\w.-])v?(\d{1,9}(?:\.\d{1,9}){1,5}[a-z]{0,2}(?:[-._]?(?:alpha|beta|pre|rc|dev|a|b|m)[-._]?\d{0,6})?)"
    r"(?![\w-]|\.\w)",
    re.ASCII,
)
_DESIGNATION = pattern(
    r"\bcritical\b[\s*_]*(?:(?-i:[A-Z])[\w/&.-]{0,30}[\s*_]+){0,4}(?:(?:security|patch)[\s*_]+){0,2}(?:release|update)\b"
    r"|\bcritical[\s-]+severity\b|\bseverity\b[^.\n]{0,60}\bcritical\b|\b(?:is|are)\s+(?:rated\s+|of\s+)?critical\b"
    r"|\brated\s+critical\b",
    re.IGNORECASE,
)
_LEFTOVERS = pattern(
    r"\bTODO\b|\bFIXME\b|\bTBD\b|\bTBA\b|\bXXX\b|\b[Xx]\.[YyXx]\.[ZzXx]\b|\b\d{1,4}\.[xyXY]\.[zxZX]\b|\bYYYY\b"
    r"|\{\{(?:\{?[^{}\n]{0,80}\}\}\}?)?|\}\}|\[%[^%\n]{0,80}%\]|\{%(?:[^%\n]{0,80}%\})?|%\}|%%(?:[\w .:-]{1,60}%%)?"
    r"|⟦|⟧|\]\(|\blorem ipsum\b|\$\{(?:[^{}\n]{0,80}\})?|<(?:username|version|date|link|name)>"
    r"|\[(?:link|version|versions|date|name|first ?name)\b[^\]\n]{0,40}\]"
    r"|\*\|[^|\n]{1,60}\|\*|\[\[[^\]\n]{1,80}\]\]|<<[^<>\n]{1,60}>>|\{![^{}\n]{1,60}\}|#\{[^{}\n]{1,60}\}"
    r"|##\w{1,40}##"
    r"|~[A-Za-z]\w{1,40}(?:\.\w{1,40})?~|\{[$#]?[a-z][\w .:-]{0,40}#?\}|<%[^%<>\n]{1,60}%>|<\$[^$<>\n]{1,40}\$>"
    r"|(?<![\w$])\$[a-z_]\w{1,40}\$?|@@\w{1,40}@@|(?<!\w)::\w{2,40}::|<(?:first|last|full)[ _-]?name>"
    r"|\[(?:(?:first|last|full)[ _-]?name|customer|recipient|subscriber|unsubscribe|insert)\b[^\]\n]{0,40}\]"
    r"|\b(?:dear|hi|hello)\s+(?:,|(?:null|undefined|none|nil|nan)\b)|\binsert (?:link|name|date|version)s? here\b",
    re.IGNORECASE,
)
_IN_CAPITALS = pattern(
    r"\b[A-Z]{2,20}_(?:NAME|LINK|URL|DATE|VERSION)S?\b|(?<!\w)__[A-Z]\w{1,40}__(?!\w)|#[A-Z_]{3,40}#|(?<!\*)\|[A-Z_]{3,40}\|(?!\*)"
)
"""Merge tags of which capitals tell that they are some."""
_PERCENT = pattern(r"%(?![0-9a-f]{2})[a-z][\w.]{1,60}%", re.IGNORECASE)
"""Merge tags between percent signs, such as `%recipient.name%`; what an address writes so (`%C3%A4`) is none."""


def without_addresses(text: str) -> str:
    """Give the text without its web addresses, whose numbers are no versions."""
    return _ADDRESS.sub(" ", text)


def versions_named(text: str) -> tuple[Version, ...]:
    """Name the versions of a text, each once, in the order of the text; scores, addresses and days are none."""
    found: dict[Version, None] = {}
    for match in _DOTTED.finditer(_DAY.sub(" ", _SCORE.sub(" ", without_addresses(text)))):
        found.setdefault(Version.parse(match[1]))
    return tuple(found)


def is_named(version: Version, text: str) -> bool:
    """Whether a text names a version exactly as it is written, also one of a single number."""
    exact = re.compile(rf"(?<![\w.-])v?{re.escape(version.text)}(?![\w-]|\.\w)", re.ASCII)
    return exact.search(_SCORE.sub(" ", without_addresses(text))) is not None


def version_or_none(text: str) -> Version | None:
    """Read a version, or None when it is not one."""
    try:
        return Version.parse(text)
    except Misused:
        return None


def is_called_critical(text: str) -> bool:
    """Whether a text calls its release, or what it fixes, critical; the word alone does not."""
    return _DESIGNATION.search(" ".join(text.split())) is not None


def leftovers(text: str) -> tuple[str, ...]:
    """Name what should have been filled in, each once and whole: `TODO`, `X.Y.Z`, signs of a template, merge tags."""
    found = [match for signs in (_LEFTOVERS, _PERCENT, _IN_CAPITALS) for match in signs.finditer(text)]
    told: dict[str, None] = {}
    end = 0
    for match in sorted(found, key=lambda one: (one.start(), -one.end())):
        if match.start() >= end:
            told[match[0]], end = None, match.end()
    return tuple(told)

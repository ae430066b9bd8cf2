"""What a text states of a release beside its versions: severities, scores, how many vulnerabilities, and dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime

from secrel.verify.email.wording import versions_named, without_addresses
from secrel.words.advisories import Advisory, Contents
from secrel.words.patterns import pattern
from secrel.words.reach import vulnerabilities

_SEVERITIES = "none|low|medium|moderate|high|critical"
_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_COUNT = rf"\d{{1,3}}|{'|'.join(_NUMBERS[1:])}"
_RATED = pattern(
    rf"\b(?:rated|classified|considered|deemed|ranked|assessed)\s+(?:as\s+|of\s+)?[*_]*(?P<rated>{_SEVERITIES})\b"
    rf"|\bseverity\s*(?::|is|was|of)\s*[*_]*(?P<is>{_SEVERITIES})\b"
    rf"|\b(?:an?|the|this|{_COUNT})\s+[*_]*(?P<of>{_SEVERITIES})[\s-]+severity\s+(?:vulnerabilit|issue|flaw|fix|bug)"
    rf"|\b(?:is|are|has|have)\s+(?:all\s+)?(?:an?\s+|of\s+)?[*_]*(?P<has>{_SEVERITIES})[\s-]+severity\b",
    re.IGNORECASE,
)
_SCORE = pattern(
    r"\b(?:CVSS(?:[:\s]*v?[234]\.[01](?=[^\d\n]{1,20}\d{1,2}[.,]\d\b))?|score)[^\d\n]{0,20}"
    r"(\d{1,2}[.,]\d|10)(?![\d/]|[.,]\d)",
    re.IGNORECASE,
)
_COUNTED = pattern(
    rf"(?<![\w.])(?P<count>{_COUNT}|single)\s+(?P<between>(?:[a-z-]+\s+){{0,3}}?)"
    r"(?:vulnerabilit(?:y|ies)|flaws?|(?P<ids>CVEs?(?:\s+ids?)?)|security\s+(?:fix(?:es)?|issues?|bugs?))\b",
    re.IGNORECASE,
)
_APART = frozenset({"of", "other", "more", "further", "additional", "third-party"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DATES = (
    pattern(r"(?<![\w/-])(?P<year>20\d\d)([/-])(?P<month>\d\d)\2(?P<day>\d\d)(?![\w/-])"),
    pattern(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(?P<year>20\d\d)\b", re.IGNORECASE),
    pattern(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>20\d\d)\b", re.IGNORECASE),
)


_WORD = pattern(rf"\b(?:{_SEVERITIES})\b", re.IGNORECASE)
_NUMBER = pattern(rf"(?<![\w.])(?:\d{{1,9}}|{'|'.join(_NUMBERS)})(?![\w]|\.\d)", re.IGNORECASE)


_SLASHED = pattern(r"(?<![\w./-])(?P<one>\d{1,2})([/.-])(?P<two>\d{1,2})\2(?P<year>20\d\d)(?![\w/-]|\.\d)")
_NAMES = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?:[1-9]|[12]\d|3[01])"
_YEARLESS = pattern(
    rf"\b(?P<month>{_NAMES})\s+(?P<day>{_DAY})(?:st|nd|rd|th)?\b(?!,?\s+20\d\d|\.\d)"
    rf"|(?<![\w.,/-])(?P<first>{_DAY})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<last>{_NAMES})(?!\w|\.?,?\s+20\d\d)"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = pattern(
    rf"\bon\s+(?P<on>{'|'.join(_WEEKDAYS)})\b"
    rf"|\b(?P<near>{'|'.join(day[:3] for day in _WEEKDAYS)})[a-z]{{0,6}}\.?,?\s+"
    rf"(?:the\s+)?(?=\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}|{_MONTH.replace('month', 'after')}\s+\d|20\d\d-\d\d)",
    re.IGNORECASE,
)


def misstated(before: str, now: str) -> tuple[str, ...]:
    """Name the facts that two texts of one mail say differently: versions, severity, score, numbers.

    How they say it, where they lead, and dates, which are when one of them was sent, are not compared.
    """
    return tuple(name for name, read in _STATED.items() if set(read(before)) != set(read(now)))


def _undated(text: str) -> str:
    left = without_addresses(text)
    for form in _DATES:
        left = form.sub(" ", left)
    return left


_STATED: Mapping[str, Callable[[str], Collection[object]]] = {
    "versions": versions_named,
    "severity": lambda text: [word.lower() for word in _WORD.findall(text)],
    "score": _SCORE.findall,
    "numbers": lambda text: [number.lower() for number in _NUMBER.findall(_undated(text))],
}


def wrong_severities(text: str, contents: Contents) -> Iterator[str]:
    """Say which severities and scores a text names that no vulnerability of the release has.

    That something is called critical is told by another rule.
    """
    vectors = [advisory.vector for advisory in contents.advisories if advisory.vector is not None]
    known = {str(vector.severity) for vector in vectors} | {"critical"}
    for match in _RATED.finditer(text):
        word = (match["rated"] or match["is"] or match["of"] or match["has"]).lower()
        if word.replace("moderate", "medium") not in known:
            yield f"no vulnerability of this release is rated {word}"
    scores = {f"{vector.score:.1f}" for vector in vectors}
    for match in _SCORE.finditer(text):
        score = "10.0" if match[1] == "10" else match[1].replace(",", ".")
        if score not in scores:
            yield f"no vulnerability of this release has the score {score}"


def wrong_counts(text: str, contents: Contents) -> Iterator[str]:
    """Say which numbers of vulnerabilities a text names that are not the release's, in all or of one severity."""
    for match in _COUNTED.finditer(without_addresses(text)):
        words = re.split(r"[\s-]+", match["between"].lower())
        if _APART.intersection(words):
            continue
        severity = next((word for word in words if word in _SEVERITIES.split("|")), "").replace("moderate", "medium")
        if "severity" in words and severity not in map(_severity, contents.advisories):
            continue  # that no vulnerability of the release has it is told by itself
        totals = {*_totals(contents, severity), *([_with_id(contents)] if match["ids"] else [])}
        if _counted(match["count"].lower()) not in totals:
            yield f"“{' '.join(match[0].split())}” is not how many the release has"


def _counted(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS.index(word.replace("single", "one"))


def _with_id(contents: Contents) -> int:
    return sum(advisory.cve_id is not None for advisory in contents.advisories)


def _totals(contents: Contents, severity: str) -> Iterator[int]:
    """Give the numbers that a text may name: what the release fixes, also of one product; what else it announces."""
    fixed = [one for one in vulnerabilities(contents) if not severity or _severity(one) == severity]
    earlier = [
        one for one in contents.advisories if one.shipped_before and (not severity or _severity(one) == severity)
    ]
    yield len(fixed)
    yield from (sum(one.product == s.product.key for one in fixed) for s in contents.release.shipments)
    yield from (len(earlier), len(fixed) + len(earlier))


def _severity(advisory: Advisory) -> str:
    return "" if advisory.vector is None else str(advisory.vector.severity)


def wrong_dates(text: str, due: datetime) -> Iterator[str]:
    """Say which dates a text names that are not the day of the release, in its own zone or in UTC."""
    for form in _DATES:
        for match in form.finditer(without_addresses(text)):
            with suppress(ValueError):  # the 31st of November is no date
                named = date(int(match["year"]), _month(match["month"]), int(match["day"]))
                if named not in (due.date(), due.astimezone(UTC).date()):
                    yield f"{named} is not the day of the release, {due.date()}"
    yield from _wrong_days(without_addresses(text), {due.date(), due.astimezone(UTC).date()}, due.date())


def _wrong_days(text: str, days: Collection[date], day: date) -> Iterator[str]:
    """Say which dates in figures alone, days without a year, and names of days are not those of the release."""
    for match in _SLASHED.finditer(text):
        one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
        if not any((told.month, told.day) in ((one, two), (two, one)) and told.year == year for told in days):
            yield f"{match[0]} is not the day of the release, {day}"
    for match in _YEARLESS.finditer(text):
        named = (_month((match["month"] or match["last"])[:3]), int(match["day"] or match["first"]))
        if not any((told.month, told.day) == named for told in days):
            yield f"{match[0]} is not the day of the release, {day}"
    for match in _WEEKDAY.finditer(text):
        name = (match["on"] or match["near"]).lower()
        if not any(_WEEKDAYS[told.weekday()].startswith(name) for told in days):
            yield f"the release is on a {_WEEKDAYS[day.weekday()].capitalize()}, and not on {match[0].split()[-1]}"


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else _MONTHS.index(text.lower()) + 1

"""Rules that a post can be held to by itself: it must not contradict itself, its numbers must be computed ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date

from secrel.verify.post.disagreements import Disagreement, Found, PageRule, RuleName, chosen, told
from secrel.verify.post.facts.values import EntryFacts, PostFacts, TableRow
from secrel.verify.post.page import PAGE_RULES
from secrel.verify.post.wording import wording_right
from secrel.words.errors import Misused
from secrel.words.patterns import pattern
from secrel.words.vectors import Vector
from secrel.words.versions import Version

_DATED = pattern(r"(\d{4})[-/](\d{2})[-/](\d{2})[-/]")


def row_of(entry: EntryFacts, facts: PostFacts) -> TableRow | None:
    """Find the row of the table that belongs to a section, by anchor, otherwise by title."""
    by_anchor = (row for row in facts.rows if row.anchor == entry.heading.id)
    by_title = (row for row in facts.rows if row.title in (entry.title, entry.heading.words))
    return next(by_anchor, None) or next(by_title, None)


def dated(text: str) -> date | None:
    """Read the date in a file name (`2023-05-05-`) or an address (`/2023/05/05/`), or None."""
    match = _DATED.search(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def fixes_match(facts: PostFacts) -> Found:
    """Every section about a vulnerability has its row in the table, every row its section, and no CVE id has two."""
    used = [row_of(entry, facts) for entry in facts.entries]
    for entry, row in zip(facts.entries, used, strict=True):
        if row is None and facts.rows:
            yield f"the section {entry.title[:80]!r} has no row in the table", entry.line
    if facts.entries and not facts.rows:
        count = len(facts.entries)
        yield f"the table of fixes has no row, and there are {count} sections", facts.entries[0].line
    for row in facts.rows:
        if row not in used:
            yield f"the row {row.title[:80]!r} has no section", row.line
    counted = Counter(entry.cve_id for entry in facts.entries if entry.cve_id)
    for entry in facts.entries:
        if counted[entry.cve_id] > 1:
            yield f"{entry.cve_id} has more than one section", entry.line


def cves_named(facts: PostFacts) -> Found:
    """Every section about a vulnerability names the CVE id that it is assigned."""
    for entry in facts.entries:
        if not entry.cve_id:
            said = "says that one has been requested" if entry.asked else "does not say why"
            yield f"{entry.title[:80]!r} has no CVE id, and {said}", entry.line


def severity_right(facts: PostFacts) -> Found:
    """Vectors are whole, scores and words are those of the vector, and the table says the same as the section."""
    for entry in facts.entries:
        yield from _rating(entry)
        row = row_of(entry, facts)
        if row and entry.severity and row.severity.lower() != entry.severity:
            yield f"the table says {row.severity.lower()}, its section says {entry.severity}", row.line
        vector = whole_vector(entry.vector)
        if row and not entry.severity and vector and row.severity.lower() != vector.severity.value:
            yield f"the table says {row.severity.lower()}, the vector is {vector.severity.value}", row.line


def whole_vector(text: str) -> Vector | None:
    """Read a printed vector, of CVSS 3.1 when it has no prefix; None when it is none."""
    try:
        return Vector.parse(text if text.startswith("CVSS:") else f"CVSS:3.1/{text}") if text else None
    except Misused:
        return None


def _rating(entry: EntryFacts) -> Found:
    vector = whole_vector(entry.vector)
    if entry.vector and vector is None:
        yield f"{entry.vector[:120]!r} is not a CVSS vector", entry.line
    elif entry.vector and not entry.vector.startswith("CVSS:"):
        yield f"the vector {entry.vector!r} lacks its prefix, such as CVSS:3.1/", entry.line
    if vector is None:
        return
    if not entry.score or float(entry.score) != vector.score:
        yield f"the score printed is {entry.score or 'missing'}, the vector's is {vector.score:.1f}", entry.line
    if entry.severity and entry.severity != vector.severity.value:
        word = vector.severity.value
        yield f"the section says {entry.severity}, and a score of {vector.score:.1f} is {word}", entry.line


def critical_right(facts: PostFacts) -> Found:
    """*Critical* is in the title and in the address, or in neither; and as an entry's rating demands."""
    address = facts.path.rpartition("/")[2]
    if ("critical-" in address) != facts.is_critical:
        yield f"the title {_says(facts.is_critical)} Critical, the file's name does not agree", facts.title_line
    rated = any("critical" in _ratings(entry, facts) for entry in facts.entries)
    if facts.entries and rated != facts.is_critical:
        entry = "an entry is critical" if rated else "no entry is critical"
        yield f"the title {_says(facts.is_critical)} Critical, and {entry}", facts.title_line


def _says(claim: object) -> str:
    return "says" if claim else "does not say"


def _ratings(entry: EntryFacts, facts: PostFacts) -> set[str]:
    row, vector = row_of(entry, facts), whole_vector(entry.vector)
    return {entry.severity, row.severity.lower() if row else "", vector.severity.value if vector else ""}


def versions_right(facts: PostFacts) -> Found:
    """Title, introduction, file name and lists of bug fixes name the same versions, the highest one first."""
    if not facts.versions:
        yield "the title names no version", facts.title_line
        return
    if not facts.announced:
        yield "the introduction does not say which versions are released", facts.title_line
    elif facts.announced[0].versions != facts.versions:
        said = ", ".join(facts.announced[0].versions)
        yield f"the introduction says {said}, the title {', '.join(facts.versions)}", facts.announced[0].line
    highest = facts.versions[0].replace(".", "-")
    if not re.search(rf"-{re.escape(highest)}(?![\w])", facts.path):
        yield f"the file's name has not the first version of the title, {highest}", facts.title_line
    shipped = {version for told_ in facts.announced for version in told_.versions} | set(facts.versions)
    for fixes in facts.bug_fixes:
        if fixes.version.split()[-1:] and fixes.version.split()[-1] not in shipped:
            yield f"bug fixes are listed for {fixes.version[:40]}, which is not released here", fixes.line


def ranges_right(facts: PostFacts) -> Found:
    """Where an affected range ends, one of the versions released here begins."""
    shipped = {version for told_ in facts.announced for version in told_.versions} | set(facts.versions)
    known = [Version.parse(version.lower()) for version in shipped]
    for entry in facts.entries:
        earlier = entry.text.partition("fixed already in")[2]  # a fix that shipped before, and is announced now
        odd = [end for end in entry.ranges.ends if end not in known and str(end) not in earlier]
        if odd and known:
            listed = ", ".join(str(end) for end in odd)
            yield f"{entry.title[:80]!r}: the range ends at {listed}, which this release does not ship", entry.line


def bug_fixes_in(facts: PostFacts) -> Found:
    """A version under the heading of bug fixes has at least one."""
    for fixes in facts.bug_fixes:
        if not fixes.links:
            yield f"no bug fix is listed for {fixes.version[:40]}", fixes.line


def address_right(facts: PostFacts) -> Found:
    """The canonical path is there, and is that of the file."""
    if facts.front is None:
        return
    path = facts.canonical_path
    if not path:
        yield "the front matter has no canonical_path", 1
        return
    name = facts.path.rpartition("/")[2].partition(".")[0]
    slug = name[len("YYYY-MM-DD-") :] if dated(name + "-") else name
    if path.rstrip("/").rpartition("/")[2] != slug:
        yield (
            f"the canonical path {path!r} is not that of the file {name!r}",
            facts.front.lines.get("canonical_path", 1),
        )


def date_right(facts: PostFacts) -> Found:
    """File name, canonical path and introduction give the same day."""
    name, path = dated(facts.path.rpartition("/")[2]), dated(facts.canonical_path)
    if name and path and name != path:
        yield f"the file's name says {name}, the canonical path {path}", 1
    told_ = name or path
    if told_ and facts.intro_date and facts.intro_date != told_:
        yield f"the file's name says {told_}, the introduction {facts.intro_date}", facts.title_line


ALONE: Mapping[RuleName, PageRule] = {
    "fixes_match": fixes_match,
    "cves_named": cves_named,
    "address_right": address_right,
    "date_right": date_right,
    "versions_right": versions_right,
    "ranges_right": ranges_right,
    "wording_right": wording_right,
    "severity_right": severity_right,
    "critical_right": critical_right,
    "bug_fixes_in": bug_fixes_in,
    **PAGE_RULES,
}
"""Every rule that needs the post alone, by name."""


def self_check(facts: PostFacts, *, rules: Collection[str] | None = None) -> tuple[Disagreement, ...]:
    """Hold a post to the rules that need nothing else; `rules` chooses some by name."""
    return tuple(
        finding for name, rule in chosen(ALONE, rules).items() for finding in told(name, rule(facts), facts.path)
    )

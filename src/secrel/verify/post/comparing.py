"""A post as found against the release's contents, and against the post that would be rendered of them now."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from itertools import chain

from secrel.verify.post.alone import dated, row_of
from secrel.verify.post.beside import (
    bug_fixes_in,
    dependencies_in,
    image_right,
    notifications_right,
    updating_said,
    upgrade_notes_in,
)
from secrel.verify.post.disagreements import RULES, Disagreement, Found, RuleName, chosen, told
from secrel.verify.post.facts.values import EntryFacts, PostFacts
from secrel.verify.post.page import PAGE_RULES
from secrel.verify.post.pairing import label, pairs, plain
from secrel.verify.post.wording import wording_right
from secrel.words.advisories import Contents
from secrel.words.patterns import pattern
from secrel.words.releases import joined
from secrel.words.spans import Span, lower, sentence

Rule = Callable[[PostFacts, Contents, PostFacts], Found]
"""A rule that compares: the post as found, the contents, and the post as it would be rendered now."""


_DATE_IN_PATH = pattern(r"\d{4}[-/]\d{2}[-/]\d{2}")
_VERSION = pattern(r"\d+(?:\.\d+)+")
_VERSION_IN_PATH = pattern(r"-\d+(?:-\d+)+-")


def _fixes_match(facts: PostFacts, contents: Contents, _: PostFacts) -> Found:
    """The post has a section and a row for every fix of the release, and for nothing else."""
    found = pairs(facts, contents)
    for advisory in contents.advisories:
        if not any(advisory is other for _, other in found):
            hint = f" that readers see: something is kept from them on line {facts.hidden[0]}" if facts.hidden else ""
            yield f"the fix {label(advisory)} has no section{hint}", facts.title_line
    for entry in facts.entries:
        if not any(entry is other for other, _ in found):
            yield f"the section {entry.title[:80]!r} is about no fix of the release", entry.line
    rows = [row_of(entry, facts) for entry, _ in found]
    for (entry, advisory), row in zip(found, rows, strict=True):
        if row is None:
            yield f"the fix {label(advisory)} has no row in the table", entry.line
    for row in facts.rows:
        if row not in rows:
            yield f"the row {row.title[:80]!r} is about no fix of the release", row.line


def _cves_named(facts: PostFacts, contents: Contents, _: PostFacts) -> Found:
    """Every section names the CVE id that its fix is assigned, and no other."""
    for entry, advisory in pairs(facts, contents):
        known = str(advisory.cve_id or "")
        if entry.cve_id != known:
            yield (
                f"{label(advisory)}: the section names {entry.cve_id or 'no CVE id'}, not {known or 'none'}",
                entry.line,
            )
        if known and plain(advisory.other_cna) not in plain(entry.text):
            yield f"{label(advisory)}: the section does not say that {advisory.other_cna} assigned its id", entry.line


def _shape(address: str) -> str:
    """Leave dates and versions out of a path: other rules look at those."""
    return _VERSION_IN_PATH.sub("-V-", _DATE_IN_PATH.sub("D", address))


def _address_right(facts: PostFacts, _: Contents, expected: PostFacts) -> Found:
    """File and canonical path have the form's shape, and say the same day and version as each other."""
    line = facts.front.lines.get("canonical_path", 1) if facts.front else 1
    if _shape(facts.path) != _shape(expected.path):
        yield f"the file is {facts.path}, and has to be like {expected.path}", 1
    if _shape(facts.canonical_path) != _shape(expected.canonical_path):
        found = facts.canonical_path or "missing"
        yield f"the canonical path is {found}, and has to be like {expected.canonical_path or 'absent'}", line
    elif facts.canonical_path:
        for what, parts in (("day", _days), ("version", _path_versions)):
            here, there = parts(facts.path), parts(facts.canonical_path)
            if here and there and here != there:
                yield f"the file and the canonical path name another {what}", line


def _days(path: str) -> list[str]:
    return [re.sub(r"\D", "-", day) for day in _DATE_IN_PATH.findall(path)]


def _path_versions(path: str) -> list[str]:
    return [part.strip("-") for part in _VERSION_IN_PATH.findall(_DATE_IN_PATH.sub("D", path))]


def _date_right(facts: PostFacts, contents: Contents, _: PostFacts) -> Found:
    """Every date is the day on which the release is due, in the zone of its due time."""
    due = contents.release.due.date()
    front = facts.front.values.get("date", "") if facts.front else ""
    places = (
        ("file's name", dated(facts.path.rpartition("/")[2]), 1),
        ("canonical path", dated(facts.canonical_path), 1),
        ("front matter", dated(f"{front}-"), facts.front.lines.get("date", 1) if facts.front else 1),
        ("introduction", facts.intro_date, facts.title_line),
    )
    for place, day, line in places:
        if day is not None and day != due:
            yield f"the {place} says {day}, and the release is due on {due}", line


def _described(facts: PostFacts) -> list[str]:
    """The versions in the description of the page, for those who only see that."""
    return _VERSION.findall(facts.front.values.get("description", "")) if facts.front else []


def _versions_right(facts: PostFacts, contents: Contents, expected: PostFacts) -> Found:
    """Title, introduction, description and file name have the versions of the release, and no others."""
    here, wanted = _path_versions(facts.path), _path_versions(expected.path)
    if here != wanted:
        yield f"the file's name says {', '.join(here) or 'no version'}, and has to say {', '.join(wanted)}", 1
    here, wanted = _described(facts), _described(expected)
    if wanted and here != wanted:
        line = facts.front.lines.get("description", 1) if facts.front else 1
        yield f"the description says {', '.join(here) or 'no version'}, and has to say {', '.join(wanted)}", line
    main = tuple(str(version) for version in contents.release.main.versions)
    if facts.versions != main:
        said = ", ".join(facts.versions) or "no version"
        yield f"the title says {said}, and the release ships {', '.join(main)}", facts.title_line
    for shipment in contents.release.shipments:
        versions = tuple(str(version) for version in shipment.versions)
        named = [a for a in facts.announced if plain(shipment.product.name) == plain(a.name)]
        if versions and not any(a.versions == versions for a in named):
            said = "; ".join(", ".join(a.versions) for a in named) or "nothing"
            listed = ", ".join(versions)
            line = named[0].line if named else facts.title_line
            yield f"the introduction says {said} of {shipment.product.cve_product}, which ships {listed}", line


def _ranges_right(facts: PostFacts, contents: Contents, expected: PostFacts) -> Found:
    """Every section tells the affected range of its fix, in words that can be read in one way.

    A form that tells no range is not asked for one; what it tells has to be right.
    """
    rendered = _rendered(expected, contents)
    for entry, advisory in pairs(facts, contents):
        right = rendered.get(id(advisory), entry)
        if advisory.hosted_only and entry.ranges.spans:
            said = f"says {_sentence(entry)}, and only {advisory.hosted_only} was affected"
            yield f"{label(advisory)}: the section {said}", entry.line
        if not advisory.affected:
            continue
        if advisory.shipped_before and "fixed already in" in right.text and "fixed already in" not in entry.text:
            where = joined(sorted(advisory.fixed_already))
            yield f"{label(advisory)}: the section does not say that it was fixed already in {where}", entry.line
        known = {_normal(span) for span in advisory.affected}
        if not entry.ranges.spans and not right.ranges.spans:
            continue
        if {_normal(span) for span in entry.ranges.spans} != known:
            said = f"says {_sentence(entry)}" if entry.ranges.spans else "says no range that can be read"
            yield f"{label(advisory)}: the section {said}, and not {sentence(advisory.affected)}", entry.line
        elif not entry.ranges.is_exact:
            yield f"{label(advisory)}: the range can be read in two ways", entry.line


def _rendered(expected: PostFacts, contents: Contents) -> dict[int, EntryFacts]:
    """Give the section of each advisory in the post that would be rendered now, by the advisory's identity."""
    return {id(advisory): entry for entry, advisory in pairs(expected, contents)}


def _normal(span: Span) -> Span:
    return Span(lower(span.since), span.fixed)


def _sentence(entry: EntryFacts) -> str:
    return sentence(entry.ranges.spans)


def _products_said(facts: PostFacts, contents: Contents, expected: PostFacts) -> Found:
    """Every section says which product, or edition of it, is affected, where its form says so."""
    rendered = _rendered(expected, contents)
    for entry, advisory in pairs(facts, contents):
        right = rendered.get(id(advisory), entry)
        shipment = contents.release.shipment(advisory.product)
        product = advisory.edition or (shipment.product.short if shipment else "")
        subject = plain(advisory.hosted_only or product)
        if subject in plain(right.text) and subject not in plain(entry.text):
            yield f"{label(advisory)}: the section does not say that {subject} is affected", entry.line


def _wording_right(facts: PostFacts, contents: Contents, _: PostFacts) -> Found:
    """People edited with care, and nothing names an issue that is not public yet."""
    yield from wording_right(facts, {words for advisory in contents.advisories for words in advisory.allowed})
    hidden = {url for advisory in contents.advisories for url in (advisory.issue_url, advisory.own_url) if url}
    for line in facts.lines:
        if any(address in line.text for address in hidden):
            yield "the text names the address of an issue that is not public yet", line.number


def _severity_right(facts: PostFacts, contents: Contents, expected: PostFacts) -> Found:
    """Vector, score and words of every section, and the word of its row, are those of the fix's vector."""
    known = _rendered(expected, contents)
    for entry, advisory in pairs(facts, contents):
        right = known.get(id(advisory))
        if right is None:
            continue
        for what in ("vector", "score", "severity"):
            said, meant = getattr(entry, what), getattr(right, what)
            if said != meant:
                yield f"{label(advisory)}: the {what} is {said or 'missing'}, not {meant or 'any'}", entry.line
        row, right_row = row_of(entry, facts), row_of(right, expected)
        if row and right_row and row.severity.lower() != right_row.severity.lower():
            yield (
                f"{label(advisory)}: the table says {row.severity.lower()}, not {right_row.severity.lower()}",
                row.line,
            )


def _critical_right(facts: PostFacts, contents: Contents, expected: PostFacts) -> Found:
    """*Critical* is in the title exactly when the release is, and in the file's name as its form has it."""
    must = "has to say" if contents.is_critical else "must not say"
    if facts.is_critical != contents.is_critical:
        yield f"the title {must} Critical", facts.title_line
    if ("critical-" in facts.path.rpartition("/")[2]) != ("critical-" in expected.path.rpartition("/")[2]):
        yield "the file's name does not agree on critical", 1


def _credits_right(facts: PostFacts, contents: Contents, expected: PostFacts) -> Found:
    """Everybody who is credited is thanked by name, where the form thanks anybody, and nobody else is."""
    rendered = _rendered(expected, contents)
    for entry, advisory in pairs(facts, contents):
        right = rendered.get(id(advisory), entry)
        names = [plain(credit.name) for credit in advisory.credits if plain(credit.name)]
        thanks = plain(entry.thanks or entry.text)
        for name in names:
            if name in plain(right.text) and name not in thanks:
                yield f"{label(advisory)}: {name[:60]} is not thanked", entry.line
        signs = [credit.name for credit in advisory.credits if credit.name and not plain(credit.name)]
        for link in entry.profiles:  # a name may be made of signs alone, which are no words to compare
            words = plain(link.words)
            if not (any(words in name for name in names) if words else signs):
                yield f"{label(advisory)}: thanks {link.words[:60]}, whom nobody credited", link.line


AGAINST: Mapping[RuleName, Rule] = {
    "fixes_match": _fixes_match,
    "cves_named": _cves_named,
    "address_right": _address_right,
    "date_right": _date_right,
    "versions_right": _versions_right,
    "ranges_right": _ranges_right,
    "products_said": _products_said,
    "wording_right": _wording_right,
    "severity_right": _severity_right,
    "critical_right": _critical_right,
    "dependencies_in": dependencies_in,
    "bug_fixes_in": bug_fixes_in,
    "upgrade_notes_in": upgrade_notes_in,
    "credits_right": _credits_right,
    "updating_said": updating_said,
    "image_title": image_right,
    "notifications_section": notifications_right,
}
"""The rules that compare, by name; those of a page alone (`secrel.verify.post.page`) are applied beside them."""

_OF_THE_FORM = frozenset({"tags_right", "image_title", "notifications_section"})
"""Rules about what a page has beside its facts: a desk whose own form has it otherwise is not asked for it."""


def compare_post(
    facts: PostFacts, contents: Contents, expected: PostFacts, *, rules: Collection[str] | None = None
) -> tuple[Disagreement, ...]:
    """Hold a post as found to the release's contents; `rules` chooses some of `RULES` by name.

    `expected` is read (`read_post`) from the post that the contents and their form give now. Descriptions and titles
    may be edited by people; numbers, ids, dates, addresses and the set of fixes may not. Of how things are said, a
    post is not asked for more than its form would write; what it says is held to the facts, whatever the form says.
    """
    wanted = chosen({name: _rule(name) for name in RULES}, rules)
    found: list[Disagreement] = []
    for name, rule in wanted.items():
        wrong = list(told(name, rule(facts, contents, expected), facts.path))
        if wrong and name in _OF_THE_FORM:
            usual = {what for what, _ in rule(expected, contents, expected)}
            wrong = [finding for finding in wrong if finding.what not in usual]
        found += wrong
    return tuple(found)


def _rule(name: RuleName) -> Rule:
    """Give a rule with both its parts: what holds of the page alone, and what is compared."""
    alone, against = PAGE_RULES.get(name), AGAINST.get(name)
    return lambda facts, contents, expected: chain(
        alone(facts) if alone else (), against(facts, contents, expected) if against else ()
    )

"""What stands in a post beside its fixes, held to the release and to what its form would write now."""

from __future__ import annotations

import re

from secrel.verify.post.disagreements import Found
from secrel.verify.post.facts.blocks import Heading
from secrel.verify.post.facts.values import PostFacts, UpdateFacts
from secrel.verify.post.page import notifications_of
from secrel.verify.post.pairing import plain
from secrel.words.advisories import Contents, DependencyUpdate
from secrel.words.ids import CVE
from secrel.words.releases import joined


def dependencies_in(facts: PostFacts, contents: Contents, expected: PostFacts) -> Found:
    """Every dependency update is told, as much of version and CVE ids as the form has, and no other."""
    told_of: set[int] = set()
    for update in contents.dependencies:
        named, right = _about(update, facts), _about(update, expected)
        told_of |= {u.line for u in named}
        usual = set().union(*(_lacking(update, u.text) for u in right)) if right else set()
        lacks = ([what for what in _lacking(update, u.text) if what not in usual] for u in named)
        lacking = min(lacks, key=len, default=None if right else [])
        if lacking is None:
            yield f"the update of {update.name[:60]} is not in the post", facts.title_line
        elif lacking:
            yield f"the update of {update.name[:60]} does not say {joined(lacking)}", named[0].line
    for section in facts.updates:
        if section.line not in told_of:
            yield f"the section {section.title[:80]!r} is about no update of the release", section.line
    if not _before_fixes(expected):
        for section in _before_fixes(facts):
            yield f"the section {section.title[:80]!r} stands before a fix, and belongs at the end", section.line


def _before_fixes(facts: PostFacts) -> list[UpdateFacts]:
    last = max((entry.line for entry in facts.entries), default=0)
    return [section for section in facts.updates if section.line < last]


def _about(update: DependencyUpdate, facts: PostFacts) -> list[UpdateFacts]:
    return [told_ for told_ in facts.updates if plain(update.name) in plain(told_.title)]


def _lacking(update: DependencyUpdate, text: str) -> list[str]:
    version = [] if plain(update.version) in plain(text) else [f"version {update.version[:40]}"]
    return version + [str(cve_id) for cve_id in update.cve_ids if cve_id.text not in CVE.findall(text)]


def bug_fixes_in(facts: PostFacts, contents: Contents, expected: PostFacts) -> Found:
    """Every bug fix of the release is listed under its version, where the form lists them, and no other."""
    known = {(fix.version, plain(fix.title)) for fix in contents.bug_fixes if plain(fix.title)}
    listed = {(f.version.split(" ")[-1], plain(link.words)): link.line for f in facts.bug_fixes for link in f.links}
    for version, title in sorted(known - listed.keys() if expected.bug_fixes else ()):
        yield f"the bug fix {title[:80]!r} is not listed for {version}", facts.title_line
    for version, title in sorted(listed.keys() - known):
        if title:
            yield f"{title[:80]!r} is listed for {version}, and no bug fix of the release", listed[version, title]


def upgrade_notes_in(facts: PostFacts, contents: Contents, expected: PostFacts) -> Found:
    """Every version that needs care is named in the notes on upgrading, where the form has them."""
    _, usual = _upgrade_notes(expected)
    start, text = _upgrade_notes(facts)
    for version in sorted({note.version for note in contents.upgrade_notes if note.kinds}):
        if _names(version, usual) and not _names(version, text):
            yield f"the notes on upgrading do not name {version}", start.line if start else facts.title_line


def _upgrade_notes(facts: PostFacts) -> tuple[Heading | None, str]:
    about_fixes = {entry.line for entry in facts.entries}
    headings = (h for h in facts.headings if re.search(r"\bupgrading\b", h.words, re.IGNORECASE))
    start = next((h for h in headings if h.line not in about_fixes), None)
    end = next((h.line for h in facts.headings if start and h.line > start.line and h.level <= start.level), None)
    text = " ".join(line.text for line in facts.lines if start and start.line < line.number < (end or line.number + 1))
    return start, text


def _names(version: str, text: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(version)}(?!\.?\w)", text) is not None


def updating_said(facts: PostFacts, contents: Contents, expected: PostFacts) -> Found:
    """Every page on how to update a product is linked, where the form links it (handbook, step 2c: remediation)."""
    there, usual = ({link.target for link in one.links} for one in (facts, expected))
    for address in dict.fromkeys(shipment.product.update_url for shipment in contents.release.shipments):
        if address in usual - there:
            yield f"the post does not say how to update: {address} is linked nowhere", facts.title_line


def image_right(facts: PostFacts, _: Contents, expected: PostFacts) -> Found:
    """The picture for the title is the one that the form has for every post (handbook, step 4)."""
    said, meant = (one.front.values.get("image_title", "") if one.front else "" for one in (facts, expected))
    if facts.front and not facts.front.fault and meant and said and said != meant:
        yield f"the picture is {said[:80]}, and that of these posts is {meant}", facts.front.lines["image_title"]


def notifications_right(facts: PostFacts, _: Contents, expected: PostFacts) -> Found:
    """The section on notifications leads to the form's very pages and feeds, and ends the post (handbook, step 5)."""
    (heading, targets, is_last), (_there, wanted, ends) = notifications_of(facts), notifications_of(expected)
    if heading is None:
        return
    for target in dict.fromkeys(target for target in wanted if target not in targets):
        yield f"the section on notifications does not lead to {target}", heading.line
    if ends and not is_last:
        yield "the section on notifications is not the last one", heading.line

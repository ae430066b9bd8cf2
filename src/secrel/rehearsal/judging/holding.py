"""Whether each document keeps to its own fix, and tells all of it: sections, records, notices, requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from secrel.rehearsal.judging.sight import EndedWrong, Sight, as_read
from secrel.rehearsal.judging.telling import ToldFix, announced_by
from secrel.words.facts.stated import FixFacts
from secrel.words.patterns import pattern

_SETTLED = timedelta(days=2)
_CVE = pattern(r"CVE-\d{4}-\d{4,19}")


def own(sight: Sight) -> Iterator[EndedWrong]:
    """A section has the ids of its fix and of no other, the finders of no other, and what people can do meanwhile."""
    read = as_read(sight.source)
    everybody = {name for fix in sight.story.fixes for name in _names(sight.facts(fix))}
    for told in announced_by(sight):
        facts, section = sight.facts(told.fix), told.section
        if not section:
            if not any(where == "draft" for where, _, _ in sight.known.edits):  # a title may be edited by people
                yield EndedWrong("own", f"the post has no section of {told.fix.name}")
            continue
        known = {*(str(cve) for cve in facts.related), *_CVE.findall(f"{facts.title} {facts.description}")}
        if not all(cve in known or _may_be_of(told, cve) for cve in _CVE.findall(section)):
            yield EndedWrong("own", f"the section of {told.fix.name} has an id of something else")
        others = everybody - _names(facts)
        mine = f"{facts.title} {facts.description}"
        if any(_stands(name, section) and not _stands(name, mine) for name in others):
            yield EndedWrong("own", f"the section of {told.fix.name} thanks somebody who did not find it")
        if any(line not in read for line in _lines(facts.workaround)):
            yield EndedWrong("own", f"the post does not say what people can do meanwhile about {told.fix.name}")


def _may_be_of(told: ToldFix, cve: str) -> bool:
    """Whether an id is that of a fix; of one whose id nobody foretold, whether it is that of no other."""
    return cve == told.fix.cve if told.fix.cve else cve not in {fix.cve for fix in told.sight.story.fixes}


def _names(facts: FixFacts) -> set[str]:
    return {credit.name.strip("@") for credit in facts.credits if credit.name}


def _stands(name: str, text: str) -> bool:
    """Whether a name stands in a text by itself, and not at the beginning of a longer one."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def _lines(text: str) -> list[str]:
    """Give the lines that a reader of the post has to find, without the marks that make headings and code."""
    lines = (" ".join(line.split()).lstrip("#").strip() for line in text.split("\n"))
    return [line for line in lines if line and not line.startswith(("```", "~~~"))]


def rows(sight: Sight) -> Iterator[EndedWrong]:
    """The post's table, where it has one, rates each fix as its vector does."""
    lines = [as_read(line) for line in sight.source.split("\n") if line.startswith("|")]
    for told in announced_by(sight):
        facts = sight.facts(told.fix)
        mine = [line for line in lines if f"[{as_read(facts.title)}]" in line]
        if facts.vector is not None and len(mine) == 1:
            said = mine[0].rstrip("| ").rpartition("|")[2].strip().lower()
            if said != facts.vector.severity.value:
                yield EndedWrong("rows", f"the table rates {told.fix.name} otherwise")


def head(sight: Sight) -> Iterator[EndedWrong]:
    """The post's title names the versions, its file one of them, and it says after how many days issues are public."""
    if not sight.text or sight.post is None:
        return
    versions = [str(version) for version in sight.release.main.versions]
    if any(version not in sight.title for version in versions):
        yield EndedWrong("head", "the post's title does not name every version")
    file = sight.post.files[0][0]
    if versions[0].replace(".", "-").lower() not in file:
        yield EndedWrong("head", "the post's file is called after another version")
    days = f"{sight.release.disclosure_days} days"
    shown = [issue for fix in sight.story.fixes if (issue := sight.disclosed(fix))]
    is_open = sight.release.form != "generic" or (shown and all(one.url.startswith("https://") for one in shown))
    if is_open and days not in sight.text and any(map(sight.announces, sight.story.fixes)):
        yield EndedWrong("head", f"the post does not say that issues become public after {days}")
    if not is_open and "becomes public" in sight.text:
        yield EndedWrong("head", "the post promises issues that nobody outside can open")


def extras(sight: Sight) -> Iterator[EndedWrong]:
    """The post lists every other change with its address, and every version whose upgrade needs care."""
    if not sight.text:
        return
    text = as_read(sight.source)
    for change in sight.story.facts.bug_fixes:
        if as_read(change.title) not in text or change.url not in sight.source:
            yield EndedWrong("extras", f"the post does not list {change.title[:60]}")
    for note in sight.story.facts.upgrade_notes:
        if any(kind.lower() not in text.lower() for kind in note.kinds):
            yield EndedWrong("extras", f"the post does not say what to expect of {note.version}")


def references(sight: Sight) -> Iterator[EndedWrong]:
    """A record is of its id and of our CNA, leads to the post, and has the weakness and the words of its fix alone."""
    process = sight.world.stage.process
    for told in announced_by(sight):
        record, facts = told.record, sight.facts(told.fix)
        if not record:
            continue
        wrong = not _may_be_of(told, told.metadata.get("cveId", "")) or told.metadata.get("state") != "PUBLISHED"
        if wrong or told.metadata.get("assignerOrgId") != process.cna["org_id"]:
            yield EndedWrong("references", f"the record of {told.fix.name} is of another id, or another CNA")
        if not any(one["url"].endswith(sight.address) for one in record.get("references", ())):
            yield EndedWrong("references", f"the record of {told.fix.name} does not lead to the post")
        weak = {one.get("cweId") for kind in record.get("problemTypes", ()) for one in kind["descriptions"]}
        if facts.weakness is not None and weak != {facts.weakness.id}:
            yield EndedWrong("references", f"the record of {told.fix.name} has another weakness")
        if not _is_described(told, record["descriptions"][0]["value"]):
            yield EndedWrong("references", f"the record of {told.fix.name} says something else than its fix")


def _is_described(told: ToldFix, text: str) -> bool:
    """Whether the words of a record are those of its fix, and of no other; ranges in them may be left out."""
    begins = {fix.name: told.sight.facts(fix).description.split(".")[0][:60] for fix in told.sight.story.fixes}
    mine = begins.pop(told.fix.name)
    return not any(theirs and theirs != mine and theirs not in mine and theirs in text for theirs in begins.values())


def notified(sight: Sight) -> Iterator[EndedWrong]:
    """Each finder gets the notice of their own report, with its id, the post, and how they are named."""
    for told in announced_by(sight):
        facts, notices = sight.facts(told.fix), list(told.notices())
        reports = {credit.report for credit in facts.credits if credit.report}
        if len(notices) < len(reports) and sight.sent("reporters", ".md") and sight.is_over(_SETTLED):
            yield EndedWrong("notified", f"a finder of {told.fix.name} was told of something else")
        for notice in map(as_read, notices):
            report = notice.partition("\n")[0].removeprefix("To: ")
            names = [credit.name for credit in facts.credits if credit.name and credit.report == report]
            if sight.address not in notice or any(name not in notice for name in names):
                yield EndedWrong("notified", f"a notice of {told.fix.name} lacks the post, or whom it thanks")
            if not all(cve in facts.title or _may_be_of(told, cve) for cve in _CVE.findall(notice)):
                yield EndedWrong("notified", f"a notice of {told.fix.name} has another id")


def forms_of_requests(sight: Sight) -> Iterator[EndedWrong]:
    """What our CNA was asked says what became of it: the versions with the fix, the vector, the weakness."""
    for told in announced_by(sight):
        request, facts = sight.request(told.fix), sight.facts(told.fix)
        if request is None or not told.fix.has_own_id or facts.affected is None:
            continue
        wanted = [str(end) for _, end in told.wanted(facts.affected) if end]
        wanted += [str(facts.vector)] if facts.vector else []
        wanted += [facts.weakness.id] if facts.weakness else []
        if any(f'"{one}' not in request.body for one in wanted):
            yield EndedWrong("forms", f"the CVE request of {told.fix.name} has another range, vector or weakness")


HOLDING = (own, rows, head, extras, references, notified, forms_of_requests)
"""The rules of this file."""

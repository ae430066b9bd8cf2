"""Each rule of the judge can fail: a rehearsal that ended right, with one thing in its world tampered with."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from secrel.journal.entries import Entry, Remembered
from secrel.papers.text import markdown_text
from secrel.rehearsal.cast.known import Leak
from secrel.rehearsal.events import Event, EventTold
from secrel.rehearsal.judging.judge import RULES, judged
from secrel.rehearsal.judging.sight import EndedWrong, Sight, as_read
from secrel.rehearsal.playing import Played, play
from secrel.rehearsal.story import StoryFix
from secrel.words.facts.stated import ReleaseFacts, Stated
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.people import CANCELLED, Absence
from secrel.words.spans import Affected
from secrel.words.versions import Version
from tests.house.measuring import paused
from tests.rehearsal.made import VECTOR, fix, happens, story
from tests.rehearsal.small import few_looks

LATE = "fix-3"
TAKEN_OUT = "fix-4"


OTHER: dict[str, Any] = {
    "bug_fixes": [
        {"version": "18.5.2", "title": "Imports end", "url": "https://forge.example/acme/app/-/merge_requests/7"}
    ],
    "upgrade_notes": [{"version": "18.5.2", "kinds": ["downtime"]}],
}


class Tampered(Sight):
    """The world as it ended, of which each test changes one thing."""

    issues: dict[str, Issue]

    def issue(self, fix: StoryFix) -> Issue | None:
        """The issue of a fix, as tampered with."""
        return self.issues.get(fix.name) or super().issue(fix)


@pytest.fixture(scope="session")
def ended(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Played:
    """A rehearsal that ended right: four fixes announced, one late, one taken out after the draft.

    One of those announced concerned a hosted service alone, one has the id of another CNA.
    """
    fixes = [
        fix(1, affected=[{"since": "18.0", "fixed": "18.4.4"}, {"since": "18.5", "fixed": "18.5.2"}]),
        fix(2, workaround="Turn it off.\n\nThen look again."),
        fix(3, arrives="30 hours before", cna_takes="1 hour"),
        fix(4),
        fix(5, hosted_only="GitLab.com", affected=None, cve=None),
        fix(6, assigned_by="MITRE", disclosure_days=14),
    ]
    events = [
        happens("60 hours before", "fix taken out", fix=TAKEN_OUT),
        happens("45 hours before", "draft edited", find="Somebody could do", put="Anybody could do"),
    ]
    updated = [{"name": "OpenSSL", "version": "3.0.1", "cves": ["CVE-2026-7777"]}]
    folder = tmp_path_factory.mktemp("judged") / "rehearsal"
    with paused(pytestconfig):
        return play(story(fixes, events, dependencies=updated, **OTHER), folder, looks=few_looks)


@pytest.fixture
def sight(ended: Played, tmp_path: Path) -> Tampered:
    """A copy of the world that may be tampered with."""
    world = copy.copy(ended.world)
    world.known = copy.deepcopy(ended.world.known)
    found = Tampered(world, ended.stage.desk().journal.entries(), ended.stage.team)
    found.issues = {}
    found.outbox = tmp_path / "outbox"
    shutil.copytree(ended.stage.settings.outbox, found.outbox)
    return found


def rules(sight: Sight) -> set[str]:
    return {wrong.rule for wrong in judged(sight)}


def test_it_ended_right(sight: Tampered) -> None:
    assert judged(sight) == ()
    assert [f.name for f in sight.story.fixes if sight.announces(f)] == ["fix-1", "fix-2", "fix-5", "fix-6"]
    assert sight.known.edits == [("draft", "Somebody could do", "Anybody could do")]


def post_of(sight: Sight) -> MergeRequest:
    assert sight.post is not None
    return sight.post


def issue_of(sight: Sight, name: str) -> Issue:
    found = sight.issue(sight.story.fix(name))
    assert found is not None
    return found


def rewrite(old: str, new: str, sight: Tampered) -> None:
    path, text = post_of(sight).files[0]
    assert old in text
    sight.__dict__["post"] = replace(post_of(sight), files=((path, text.replace(old, new)),))


def post(sight: Tampered, **changes: Any) -> None:
    sight.__dict__["post"] = replace(post_of(sight), **changes)


def draft(sight: Tampered, **changes: Any) -> None:
    assert sight.draft is not None
    sight.__dict__["draft"] = replace(sight.draft, **changes)


def add(text: str, sight: Tampered) -> None:
    path, old = post_of(sight).files[0]
    post(sight, files=((path, f"{old}\n{text}\n"),))


def issue(name: str, sight: Tampered, **changes: Any) -> None:
    sight.issues[name] = replace(issue_of(sight, name), **changes)


def correct(name: str, sight: Tampered, **facts: Any) -> None:
    sight.known.corrected[name] = msgspec.structs.replace(sight.story.fix(name).facts, **facts)


def early(sight: Tampered) -> None:
    at = sight.release.due - timedelta(hours=1)
    sight.entries = tuple(replace(e, at=at) if e.key.endswith("post/release") else e for e in sight.entries)


def without(sight: Tampered, kind: Remembered, key: str = "") -> None:
    sight.entries = tuple(e for e in sight.entries if e.kind is not kind or key not in e.key)


def file_of(sight: Tampered, kind: str) -> Path:
    return next(file for file in sorted((sight.outbox / kind).iterdir()) if file.is_file())


def twice(kind: str, sight: Tampered) -> None:
    file = file_of(sight, kind)
    shutil.copy(file, file.with_name(f"again{file.suffix}"))


def in_file(kind: str, old: str, new: str, sight: Tampered) -> None:
    file = file_of(sight, kind)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def record_of(name: str, sight: Tampered) -> None:
    cve = sight.story.fix(name).cve
    (sight.outbox / "cve" / f"{cve}.json").write_text(json.dumps({"containers": {}}), "utf-8")


def asked_for(name: str, sight: Tampered) -> None:
    found, wanted = sight.request(sight.story.fix("fix-1")), sight.request
    sight.request = lambda fix: found if fix.name == name else wanted(fix)  # type: ignore[method-assign]


def at_the_end(end: str, sight: Tampered) -> None:
    at = sight.world.stage.clock()
    sight.entries = tuple(replace(e, at=at) if e.key.endswith(end) else e for e in sight.entries)


def notes_gone(sight: Tampered) -> None:
    issue(TAKEN_OUT, sight, notes=())


def team_away(sight: Tampered) -> None:
    away = Absence(sight.release.due.date(), sight.release.due.date())
    sight.team = tuple(replace(person, absences=(away,)) for person in sight.team)


def one_person(sight: Tampered) -> None:
    assert sight.tracking is not None
    facts = sight.tracking.facts.of(ReleaseFacts)
    same = Stated(msgspec.structs.replace(facts, secondary=facts.primary))
    sight.__dict__["tracking"] = replace(sight.tracking, facts=same)


def reopened(sight: Tampered) -> None:
    assert sight.tracking is not None
    sight.__dict__["tracking"] = replace(sight.tracking, state=State.OPENED)


def too_early(sight: Tampered) -> None:
    issue("fix-1", sight, confidential=False)
    without(sight, Remembered.RECEIPT, "/public/")


def given_up(sight: Tampered) -> None:
    event = EventTold("3 hours before", "version bumped", old="18.5.1")
    when = sight.release.due - timedelta(hours=3)
    sight.story = replace(sight.story, events=(*sight.story.events, Event(when, event.happens, event)))
    add("18.5.1", sight)


def other_day(sight: Tampered) -> None:
    post(sight, files=(("posts/2026-11-24-x-18-5-2.md", post_of(sight).files[0][1]),))


def mistaken(sight: Tampered) -> None:
    sight.known.edits.append(("draft", "18.5.2", "18.5.9"))
    rewrite("18.5.2", "18.5.9", sight)


def quiet(sight: Tampered) -> None:
    path, _ = post_of(sight).files[0]
    post(sight, files=((path, "Nothing. 18.5.2 18.4.4"),))


def swapped(sight: Tampered) -> None:
    one, two, *_ = sorted(file for file in (sight.outbox / "reporters").iterdir() if file.is_file())
    first, second = one.read_text("utf-8"), two.read_text("utf-8")
    one.write_text(second.partition("\n")[0] + "\n" + first.partition("\n")[2], "utf-8")
    two.write_text(first.partition("\n")[0] + "\n" + second.partition("\n")[2], "utf-8")


def asked_otherwise(sight: Tampered) -> None:
    wanted = sight.request

    def found(fix: StoryFix) -> Issue | None:
        issue = wanted(fix)
        return replace(issue, body=issue.body.replace(VECTOR, "CVSS:3.1/AV:P")) if issue else None

    sight.request = found  # type: ignore[method-assign]


def row(sight: Tampered) -> None:
    [line] = [
        one for one in post_of(sight).files[0][1].split("\n") if one.startswith("|[Tokens in log files, number 1]")
    ]
    rewrite(line, line.replace("|high|", "|low|"), sight)


def section_lost(sight: Tampered) -> None:
    sight.known.edits.clear()
    rewrite("## Tokens in log files, number 1", "", sight)


def called_off(sight: Tampered) -> None:
    claim = Entry(sight.release.due, sight.name, Remembered.CLAIM, CANCELLED, "amara", {"words": "it is not ready"})
    sight.entries = (*sight.entries, claim)


def message(old: str, new: str, sight: Tampered) -> None:
    [file] = sight.messages("post~tell-marketing").values()
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def other(name: str, old: str, new: str, sight: Tampered) -> None:
    found: Issue = getattr(sight, name)
    changed = replace(found, title=found.title.replace(old, new), body=found.body.replace(old, new))
    sight.__dict__[name] = changed


def nothing_shipped(sight: Tampered) -> None:
    """No fix was merged, and no update of a third party came with it."""
    sight.known.merged.clear()
    story = sight.story
    sight.__dict__.update(story=replace(story, facts=replace(story.facts, dependencies=())))


TAMPERED: dict[str, tuple[str, Callable[[Tampered], object]]] = {
    "never announced": ("announced", lambda s: s.__dict__.update(post=None)),
    "announced too late": ("announced", lambda s: post(s, merged_at=s.release.due + timedelta(days=2))),
    "announced for nothing": ("announced", nothing_shipped),
    "announces what did not ship": ("shipped", partial(add, "CVE-2026-1003")),
    "keeps quiet of what shipped": ("shipped", quiet),
    "announces what came late": ("deadline", partial(add, "CVE-2026-1003")),
    "merged a red pipeline": ("pipeline", lambda s: s.known.merged_unready.add("fix-1")),
    "announces without a score": ("incomplete", partial(correct, "fix-1", vector=None)),
    "announces what was taken out": ("removed", partial(add, "CVE-2026-1004")),
    "throws prepared text away": ("removed", notes_gone),
    "leaves out what was in time": ("left out", quiet),
    "does not name a version": ("versions", partial(rewrite, "18.4.4", "18.4")),
    "names a version that was given up": (
        "versions",
        given_up,
    ),
    "has another day in its file": ("date", other_day),
    "has another day in its address": ("date", partial(rewrite, "/releases/2026/11/25/", "/releases/2026/11/24/")),
    "has another vector": ("facts", partial(rewrite, VECTOR, "CVSS:3.1/AV:P")),
    "was read by nobody": ("review", lambda s: draft(s, assents=())),
    "changed after it was read": ("review", lambda s: draft(s, changed_at=s.release.due)),
    "is not what was read": ("review", partial(add, "More.")),
    "was seen early": ("embargo", lambda s: s.known.leaks.append(Leak(s.release.due, "the post was public"))),
    "was published early": ("embargo", early),
    "tells of what stays secret": ("embargo", lambda s: add(s.story.fix(LATE).facts.description, s)),
    "has no email": ("email", lambda s: file_of(s, "mail").unlink()),
    "has two emails": ("email", partial(twice, "mail")),
    "has an email that lacks a version": ("email", partial(in_file, "mail", "18.4.4", "18.4")),
    "has an email that calls it critical": ("critical", partial(in_file, "mail", "Subject: ", "Subject: Critical ")),
    "has an email that nobody tested": ("email", lambda s: without(s, Remembered.MAIL)),
    "lost a note in the checklist": ("edits", lambda s: s.known.edits.append(("checklist", "", "my own words"))),
    "lost an edit of the draft": ("edits", partial(rewrite, "Anybody could do", "Somebody could do")),
    "kept a mistake in the draft": ("edits", mistaken),
    "has a record too few": ("records", lambda s: file_of(s, "cve").unlink()),
    "has a record too many": ("records", partial(record_of, LATE)),
    "has an empty record": ("records", partial(record_of, "fix-1")),
    "has a record with another start": (
        "records",
        partial(correct, "fix-2", affected=Affected.since(Version.parse("16.1"))),
    ),
    "has a record with a made-up range": ("records", partial(correct, "fix-2", affected=None)),
    "has a record with another vector": ("records", partial(in_file, "cve", VECTOR, "CVSS:3.1/AV:P")),
    "has a record of another CNA's id": ("records", partial(record_of, "fix-6")),
    "requested another CNA's id": ("requests", lambda s: asked_for("fix-6", s)),
    "told a finder nothing": ("finders", lambda s: file_of(s, "reporters").unlink()),
    "told a finder twice": ("finders", partial(twice, "reporters")),
    "told somebody else": ("finders", partial(in_file, "reporters", "To: report", "To: other-report")),
    "had nobody there": ("people", team_away),
    "had one person for both": ("people", one_person),
    "had no handover": ("people", lambda s: s.__dict__.update(entries=())),
    "made an issue public too early": ("disclosure", too_early),
    "made an issue public too late": ("disclosure", lambda s: at_the_end("public/gitlab-org/security/gitlab#1", s)),
    "made public what did not ship": ("disclosure", partial(issue, LATE, confidential=False)),
    "kept an issue confidential": ("disclosure", partial(issue, "fix-1", confidential=True)),
    "made public what was to be kept": (
        "disclosure",
        partial(issue, "fix-1", confidential=False, labels=frozenset({"keep confidential"})),
    ),
    "was never closed": ("ending", reopened),
    "has another start in a section": ("ranges", partial(rewrite, "from 17.2 before", "from 17.3 before")),
    "has a second range in a section": ("ranges", partial(rewrite, "in place 2.", "in versions before 1.2.9.")),
    "has a record with another end": ("ranges", partial(in_file, "cve", '"18.4.4"', '"18.4.5"')),
    "does not say whose a fix is": ("products", partial(rewrite, "affects GitLab", "affects Something")),
    "has a record of another product": (
        "products",
        partial(in_file, "cve", '"product": "GitLab"', '"product": "Runner"'),
    ),
    "does not say what was hosted": ("hosted", partial(rewrite, "GitLab.com", "a service")),
    "has another score in a section": ("ratings", partial(rewrite, "8.7)", "7.8)")),
    "has another word in a section": ("ratings", partial(rewrite, "a high severity", "a low severity")),
    "has a record with another score": ("ratings", partial(in_file, "cve", '"baseScore": 8.7', '"baseScore": 7.8')),
    "has a notice with another score": ("ratings", partial(in_file, "reporters", "CVSS 8.7", "CVSS 7.8")),
    "has a mail with another score": ("ratings", partial(in_file, "mail", "(CVSS 8.7)", "(CVSS 3.1)")),
    "thanks nobody": ("thanks", partial(rewrite, "Thanks finder-1", "Thanks somebody")),
    "has a record that thanks another": ("thanks", partial(in_file, "cve", '"finder-1"', '"finder-9"')),
    "has a record with another title": ("titles", partial(in_file, "cve", '"title": "', '"title": "Other ')),
    "has a record of another day": (
        "days",
        partial(in_file, "cve", '"datePublic": "2026-11-25', '"datePublic": "2026-11-24'),
    ),
    "has a notice of another day": (
        "days",
        partial(in_file, "reporters", "November 25, 2026.\n\n-", "November 24, 2026.\n\n-"),
    ),
    "has a tracking issue with an old version": ("issues", partial(other, "tracking", "18.5.2", "18.5.1")),
    "was called off, and announced": ("cancelled", called_off),
    "told marketing of an old version": ("messages", partial(message, "18.5.2", "18.5.1")),
    "told marketing of another address": (
        "messages",
        partial(message, "/releases/2026/11/25/", "/releases/2026/11/24/"),
    ),
    "told marketing what stays secret": (
        "messages",
        lambda s: message("The post", s.story.fix(LATE).facts.description, s),
    ),
    "told marketing nothing": ("messages", lambda s: shutil.rmtree(s.outbox / "messages")),
    "sent the mail in another name": ("recipients", partial(in_file, "mail", "From: GitLab Security <", "From: <x.")),
    "sent the mail to somebody else": ("recipients", partial(in_file, "mail", "\nTo: ", "\nCc: all@x.test\nTo: ")),
    "told a finder of another version": ("fixed in", partial(in_file, "reporters", "18.5.2 and 18.4.4", "18.5.2")),
    "does not tell of a dependency": ("updates", partial(rewrite, "updated to 3.0.1", "updated")),
    "does not tell a dependency's id": ("updates", partial(rewrite, "CVE-2026-7777", "CVE-2026-7778")),
    "tells of a dependency that nobody gave": ("updates", partial(add, "## Update Redis\n\nRedis was updated.")),
    "has a mail without a text part": ("mail", partial(in_file, "mail", "Type: text/plain", "Type: text/enriched")),
    "has a mail without an HTML part": ("mail", partial(in_file, "mail", "Type: text/html", "Type: text/enriched")),
    "has a mail of another day": ("mail", partial(in_file, "mail", "Please forward", "On November 24, 2026. Forward")),
    "has a mail that leads elsewhere": ("mail", partial(in_file, "mail", '18-5-2-released/"', '18-5-1-released/"')),
    "has a mail that counts others": (
        "counts",
        partial(in_file, "mail", "fix 3 vulnerabilities", "fix 4 vulnerabilities"),
    ),
    "has a mail that rates others": ("counts", partial(in_file, "mail", "rated high", "rated critical")),
    "has a title that calls it critical": ("critical", partial(rewrite, "GitLab Security Release", "Critical Release")),
    "thanks somebody else, too": ("own", partial(rewrite, "Thanks finder-1 ", "Thanks finder-1 and finder-2 ")),
    "has an id of something else": ("own", partial(rewrite, "CVE-2026-1001)", "CVE-2026-1002)")),
    "lost a section": ("own", section_lost),
    "lost a workaround": ("own", partial(rewrite, "Then look again.", "")),
    "has a row with another rating": ("rows", row),
    "has a title without a version": ("head", partial(rewrite, "Release: 18.5.2 and 18.4.4", "Release: 18.5.2")),
    "has a file of another version": (
        "head",
        lambda s: post(s, files=(("posts/2026-11-25-x-18-5-1.md", post_of(s).files[0][1]),)),
    ),
    "has other days of disclosure": ("head", partial(rewrite, "30 days", "90 days")),
    "lost another change": ("extras", partial(rewrite, "Imports end", "Imports")),
    "lost the address of another change": ("extras", partial(rewrite, "merge_requests/7", "merge_requests/8")),
    "lost what to expect of an upgrade": ("extras", partial(rewrite, "owntime", "elay")),
    "has a record of another CNA": ("references", partial(in_file, "cve", '"assignerOrgId": "', '"assignerOrgId": "0')),
    "has a record that leads elsewhere": ("references", partial(in_file, "cve", "18-5-2-released", "18-5-1-released")),
    "has a record of another weakness": (
        "references",
        partial(in_file, "cve", '"cweId": "CWE-79"', '"cweId": "CWE-7"'),
    ),
    "has a record with other words": ("references", partial(in_file, "cve", "in place 1", "in place 2")),
    "told two finders of each other's": ("notified", swapped),
    "told a finder of another id": ("notified", partial(in_file, "reporters", "CVE-2026-1001", "CVE-2026-1002")),
    "told a finder of another address": (
        "notified",
        partial(in_file, "reporters", "18-5-2-released", "18-5-1-released"),
    ),
    "asked the CNA otherwise": ("forms", asked_otherwise),
    "has a communications issue of another day": ("issues", partial(other, "comms", "2026-11-25", "2026-11-24")),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_rule_can_fail(name: str, sight: Tampered) -> None:
    rule, tamper = TAMPERED[name]
    tamper(sight)
    assert rule in rules(sight)


def in_both(change: Callable[[Tampered], object], sight: Tampered) -> None:
    """Change the post as it was reviewed, too: what was read is what was published."""
    change(sight)
    draft(sight, files=post_of(sight).files)


def ready_in_time(sight: Tampered) -> None:
    ready = sight.release.due - timedelta(days=20)
    fixes = tuple(replace(fix, ready=ready) if fix.name == LATE else fix for fix in sight.story.fixes)
    sight.story = replace(sight.story, fixes=fixes)


def linked_late(sight: Tampered) -> None:
    sight.known.linked["fix-1"] = sight.release.due - timedelta(hours=1)


def lacking(sight: Tampered) -> None:
    sight.ships = lambda fix: [True, fix.name != "fix-1"]  # type: ignore[method-assign]


def announced_for_nothing(sight: Tampered) -> None:
    """Nothing shipped, and what is announced tells of no update."""
    in_both(partial(rewrite, "Update OpenSSL", "OpenSSL"), sight)
    nothing_shipped(sight)


ALONE: dict[str, Callable[[Tampered], object]] = {
    "announced": announced_for_nothing,
    "shipped": lacking,
    "late": linked_late,
    "unready": TAMPERED["merged a red pipeline"][1],
    "incomplete": TAMPERED["announces without a score"][1],
    "taken_out": TAMPERED["throws prepared text away"][1],
    "left_out": ready_in_time,
    "cancelled": called_off,
    "versions": partial(in_both, given_up),
    "date": TAMPERED["has another day in its file"][1],
    "facts": partial(in_both, TAMPERED["has another vector"][1]),
    "review": TAMPERED["was read by nobody"][1],
    "embargo": TAMPERED["was seen early"][1],
    "secrets": partial(in_both, TAMPERED["tells of what stays secret"][1]),
    "mail": TAMPERED["has no email"][1],
    "edits": TAMPERED["lost a note in the checklist"][1],
    "records": TAMPERED["has a record too few"][1],
    "requests": TAMPERED["requested another CNA's id"][1],
    "finders": TAMPERED["told a finder twice"][1],
    "people": TAMPERED["had nobody there"][1],
    "disclosure": TAMPERED["made an issue public too early"][1],
    "ending": TAMPERED["was never closed"][1],
    "ranges": partial(in_both, TAMPERED["has another start in a section"][1]),
    "hosted": partial(in_both, TAMPERED["does not say what was hosted"][1]),
    "products": TAMPERED["has a record of another product"][1],
    "ratings": TAMPERED["has a record with another score"][1],
    "thanked": TAMPERED["has a record that thanks another"][1],
    "titles": TAMPERED["has a record with another title"][1],
    "days": TAMPERED["has a record of another day"][1],
    "issues": TAMPERED["has a tracking issue with an old version"][1],
    "messages": TAMPERED["told marketing of an old version"][1],
    "recipients": TAMPERED["sent the mail in another name"][1],
    "fixed_in": TAMPERED["told a finder of another version"][1],
    "forms": TAMPERED["has a mail without an HTML part"][1],
    "counts": TAMPERED["has a mail that counts others"][1],
    "designation": partial(in_both, TAMPERED["has a title that calls it critical"][1]),
    "own": partial(in_both, TAMPERED["thanks somebody else, too"][1]),
    "rows": partial(in_both, row),
    "head": partial(in_both, TAMPERED["has other days of disclosure"][1]),
    "extras": partial(in_both, TAMPERED["lost another change"][1]),
    "references": TAMPERED["has a record of another weakness"][1],
    "notified": swapped,
    "forms_of_requests": asked_otherwise,
    "updates": partial(in_both, TAMPERED["does not tell of a dependency"][1]),
}
"""A fault for each rule of the judge that no other rule sees."""


@pytest.mark.parametrize("taken", RULES, ids=lambda rule: rule.__name__)
def test_with_a_rule_taken_away_a_planted_fault_passes_unseen(
    taken: Callable[[Sight], Iterator[EndedWrong]], sight: Tampered
) -> None:
    ALONE[taken.__name__](sight)
    assert list(taken(sight))
    assert [wrong for rule in RULES if rule is not taken for wrong in rule(sight)] == []


@pytest.mark.parametrize("name", ["@justas_b", "a*b* `c`", "<b> & co", "[x](http://e)", "Zoë 李四 محمد", "# | {{ x }}"])
def test_the_judge_reads_what_a_reader_of_the_post_reads(name: str) -> None:
    assert as_read("".join(markdown_text(name))) == name

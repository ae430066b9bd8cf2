"""Add a fix to a release, and take one out again (mission M4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from secrel.apply.applying import Outcome
from secrel.desk.adopting import adopted_fix, has_request, is_kept
from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, enter, order
from secrel.desk.questioning import WHOSE, question_ids
from secrel.evaluate.looking import NO_CANONICAL, advisory_of, disclosed, fix_of, issue_of, readable_notes
from secrel.evaluate.remedies import quoted
from secrel.journal.entries import Entry, Remembered, entry_of, receipts, written
from secrel.journal.intents import intent_of
from secrel.observe.facts import read_advisory
from secrel.observe.observing import issue_at
from secrel.observe.release_file import Branch, FixEntry, check_labels, check_name, check_targets
from secrel.papers.scene import Scene
from secrel.ports.people import ForgePeople
from secrel.process.roles import Act
from secrel.words.documents import TABLE, document_of
from secrel.words.effects import Effect, LinkIssue, OpenIssue, SetFacts, TrackBranch, UnlinkIssue, address_of, plain
from secrel.words.errors import Misused, within
from secrel.words.facts.stated import FixFacts
from secrel.words.fixes import Fix
from secrel.words.heads import NO_HEAD
from secrel.words.parts import settled
from secrel.words.people import Claim, notes_digest, notes_gate
from secrel.words.releases import Release, joined
from secrel.words.sighting import LinkedFix


def add_fix(desk: Desk, name: str, entry: FixEntry) -> list[Outcome]:
    """Bring a new fix into the release: its issue, its merge requests, its link.

    Raises `Misused` for facts that cannot be, and for a name that the release has already.
    """
    with within(where="the new fix"):
        check_name(entry)
        check_labels(entry.labels, desk.process)

    def ordered(seen: Scene) -> Ordered:
        read_advisory(entry.facts, entry.name, "", seen.snapshot.release)
        with within(where=entry.name):
            question_ids(desk, entry.facts)
        effects = tuple(fix_effects(desk, seen.snapshot.release, entry))
        if all(effect.key in seen.snapshot.receipts for effect in effects):
            raise Misused(
                f"the release has a fix named {entry.name[:60]!r} already",
                where=name,
                remedy=f"give it another name, or complete it: secrel fix set {name} REF",
            )
        return Ordered(effects)

    return order(desk, name, Act.ADD, ordered)


def link_fix(desk: Desk, name: str, ref: str) -> list[Outcome]:
    """Link an implementation issue that is there already; a CVE request that another release made for it comes along.

    Raises `Misused` when there is no such issue, `NotSeen` when it could not be seen.
    """

    def ordered(seen: Scene) -> Ordered:
        if issue_at(desk.forge, ref) is None:
            raise Misused(f"there is no issue {ref[:80]!r}", where=name, remedy="name it as project#number")
        key = f"{name}/link/{ref}/{seen.next_number(f'{name}/link/{ref}')}"
        effect = Effect(key, LinkIssue(ref, seen.issue("tracking").ref), f"link {ref} to the release")
        request = request_of_before(desk.journal.about(ref), name, ref, desk.by, desk.now())
        return Ordered((effect,), tuple(request))

    return order(desk, name, Act.ADD, ordered)


def complete_fix(desk: Desk, name: str, ref: str, changes: FixFacts, lines: Sequence[str]) -> list[Outcome]:
    """Make these lines of a fix's details table say what `changes` says.

    Other lines that cannot be read hinder none of these: they are corrected one by one. Raises `Misused` when what is
    said cannot be, or the table cannot be read at all, `Refused` when somebody changes one of the lines meanwhile, and
    `Unapproved` where everybody reads the table by now.
    """

    def ordered(seen: Scene) -> Ordered:
        stated = issue_of(_needed(seen, ref)).facts
        changed = stated.changed(changes, lines)
        told = changed.of(FixFacts)
        if not changed.faults:
            read_advisory(told, ref, "", seen.snapshot.release)
        elif any(fault.line not in FixFacts.__struct_fields__ for fault in changed.faults):
            changed.whole(FixFacts, ref)
        if WHOSE & frozenset(lines):
            with within(where=ref):
                question_ids(desk, told, ref, advisory_of(seen.snapshot, ref))
        number = seen.next_number(f"{name}/facts/{ref}")
        action = SetFacts.seen(ref, stated, changes, lines)
        return Ordered((Effect(f"{name}/facts/{ref}/{number}", action, f"change the details of {ref}"),))

    return order(desk, name, Act.ADD, ordered)


WORDED = ("title", "description", "workaround")
"""The lines of a fix that are prose."""


def reword_fix(desk: Desk, name: str, ref: str, old: str, new: str) -> list[Outcome]:
    """Put `new` where `old` stands in the title, description and workaround of a fix; empty takes it out.

    Raises `Misused` when it stands nowhere, or nothing would be left of the title; `Unapproved` as `complete_fix` does.
    """

    def ordered(seen: Scene) -> Ordered:
        stated = issue_of(_needed(seen, ref)).facts
        told = stated.whole(FixFacts, ref)
        lines = tuple(line for line in WORDED if old and old in getattr(told, line))
        if not lines:
            what = f"{old[:80]!r} stands in none of {joined(WORDED)}"
            raise Misused(what, where=ref, remedy=f"secrel fix show {quoted(name)} {quoted(ref)}")
        words = {line: _reworded(getattr(told, line), old, new) for line in lines}
        changes = msgspec.structs.replace(told, **words)
        read_advisory(changes, ref, "", seen.snapshot.release)
        number = seen.next_number(f"{name}/facts/{ref}")
        action = SetFacts.seen(ref, stated, changes, lines)
        return Ordered((Effect(f"{name}/facts/{ref}/{number}", action, f"reword {joined(lines)} of {ref}"),))

    return order(desk, name, Act.ADD, ordered)


def _reworded(text: str, old: str, new: str) -> str:
    """Put words in the place of others; what is taken out takes the blanks and the brackets around it along."""
    if new:
        return text.replace(old, new)
    taken = re.sub(rf"(?:\s*\(\s*{re.escape(old)}\s*\)|[ \t]*{re.escape(old)})(?!\w)", "", text)
    return taken.replace(old, "").strip()


def track_branches(desk: Desk, name: str, ref: str, branches: Sequence[Branch]) -> list[Outcome]:
    """Open the merge requests of a fix that is there for these branches; raises `Misused` for what is no branch."""

    def ordered(seen: Scene) -> Ordered:
        fix = _needed(seen, ref)
        shipment = seen.snapshot.release.shipment(settled(fix.product, f"the product of {ref}"))
        if shipment is None:
            raise Misused("its product is not in this release", where=ref, remedy=f"secrel fix show {name} {ref}")
        check_targets([branch.target for branch in branches], shipment)
        title, label = issue_of(fix).title, desk.process.named("labels", "security")
        effects = []
        for one in branches:
            number = seen.next_number(f"{name}/branch/{ref}/{one.target}")
            action = TrackBranch(
                shipment.product.repository, plain(one.branch), plain(one.target), plain(title), ref, (label,)
            )
            key = f"{name}/branch/{ref}/{one.target}/{number}"
            effects.append(Effect(key, action, f"open the merge request of {ref} into {one.target}"))
        return Ordered(tuple(effects))

    return order(desk, name, Act.ADD, ordered)


def label_fix(desk: Desk, people: ForgePeople, name: str, ref: str, labels: Mapping[str, bool]) -> None:
    """Put labels on a fix's issue, or take them off (False); raises `Misused` for one that the process does not know.

    Raises `Refused` for somebody who may not.
    """
    _needed(enter(desk, name, Act.ADD).scene, ref)
    with within(where=ref):
        check_labels(tuple(labels), desk.process)
    for label, stays in labels.items():
        (people.add_label if stays else people.remove_label)(ref, label)


def release_notes(desk: Desk, name: str, ref: str, words: str) -> Claim:
    """Say that the notes on the issue of a fix that becomes public may do so as they are now; a later note may not.

    Raises `Misused` when it is no fix of the release, or nothing is said; `Refused` for somebody who may not.
    """
    said: list[Claim] = []
    if not words.strip():
        raise Misused("the words are empty", where=name, remedy='say why they may: --words "I have read all of them"')

    def ordered(seen: Scene) -> Ordered:
        issue = disclosed(_needed(seen, ref))
        if issue is None:
            raise Misused(NO_CANONICAL, where=ref, remedy=f"link its canonical issue to {ref}")
        about = notes_digest(readable_notes(issue))
        said[:] = [Claim(name, notes_gate(ref), desk.by, desk.now(), words.strip(), about=about)]
        return Ordered(entries=(entry_of(said[0]),))

    order(desk, name, Act.WAIVE, ordered)
    return said[0]


def _needed(seen: Scene, ref: str) -> Fix:
    fix = fix_of(seen.snapshot, ref)
    if fix is None:
        raise Misused(f"{ref[:80]!r} is no fix of this release", where=seen.name, remedy=f"secrel fix show {seen.name}")
    return fix


def remove_fix(desk: Desk, name: str, ref: str, reason: str) -> list[Outcome]:
    """Take a fix out of the release; who did and why is kept in the journal.

    Raises `Misused` when it is not in the release, or no reason is given.
    """
    if not reason.strip():
        raise Misused("no reason is given", where=name, remedy='say why: --reason "after the deadline"')

    def ordered(seen: Scene) -> Ordered:
        _needed(seen, ref)
        key = f"{name}/unlink/{ref}/{seen.next_number(f'{name}/unlink/{ref}')}"
        effect = Effect(key, UnlinkIssue(ref, seen.issue("tracking").ref), f"take {ref} out of the release")
        said = Claim(name, f"removed {ref}", desk.by, desk.now(), reason)
        return Ordered((effect,), (entry_of(said),))

    return order(desk, name, Act.REMOVE, ordered)


def fix_effects(desk: Desk, release: Release, entry: FixEntry, there: LinkedFix | None = None) -> Iterator[Effect]:
    """Give what brings one fix into a release: its implementation issue, its merge requests, its link.

    `there` is the issue that people opened for it: it is taken over, with the merge requests that it has.
    """
    product = desk.process.product(entry.facts.product or release.main.product.key)
    if product is None:
        raise Misused(f"{entry.facts.product[:40]!r} is no product of the process", where=entry.name)
    name = release.name
    issue = address_of(f"{name}/fix/{entry.name}")
    security = desk.process.named("labels", "security")
    labels = (security, *entry.labels)
    title = plain(entry.facts.title)
    opened = OpenIssue(product.repository, title, "", labels=labels, facts=entry.facts)
    if there is None or is_kept(there):
        yield Effect(f"{name}/fix/{entry.name}", opened, f"open the implementation issue of {entry.name}")
    else:
        yield from adopted_fix(name, entry, there)
    for request in entry.merge_requests:
        if there is not None and has_request(there, request.target):
            continue
        action = TrackBranch(
            product.repository, plain(request.branch), plain(request.target), title, issue, (security,)
        )
        key = f"{name}/branch/{entry.name}/{request.target}"
        yield Effect(key, action, f"open the merge request of {entry.name} into {request.target}")
    link = LinkIssue(issue, address_of(f"{name}/tracking"))
    yield Effect(f"{name}/link/{entry.name}", link, f"link {entry.name} to the release")


_REQUEST = TABLE["cve"]


def request_of_before(entries: Iterable[Entry], release: str, ref: str, by: str, at: datetime) -> Iterator[Entry]:
    """Give what lets `release` find the CVE request of a fix that an earlier release made, and go on from its text.

    `entries` are those about the fix, of every release. Nothing where none was made, or where the release has its own.
    """
    told = [entry for entry in entries if document_of(entry.key) == _REQUEST.of(ref)]
    earlier = [entry for entry in told if entry.release != release and entry.kind is Remembered.RECEIPT]
    key = _REQUEST.opening(release, ref)
    if not earlier or key in receipts(told):
        return
    theirs = earlier[-1].release
    ours = [entry for entry in told if entry.release == theirs]
    last, made = written(ours).get(_REQUEST.of(ref)), receipts(ours).get(_REQUEST.opening(theirs, ref))
    if last is None or made is None:
        return
    head = last.head or NO_HEAD
    opened = OpenIssue(made.address.partition("#")[0], head.title, last.text, head.labels)
    begun = intent_of(Effect(key, opened, f"go on with the CVE request of {ref}"))
    yield Entry(at, release, Remembered.INTENT, key, by, begun)
    yield Entry(at, release, Remembered.RECEIPT, key, by, {"address": made.address, "found": True})

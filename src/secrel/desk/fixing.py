"""Add a fix to a release, and take one out again (mission M4)."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.apply.applying import Outcome
from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, order
from secrel.desk.starting import fix_effects
from secrel.evaluate.looking import fix_of, issue_of, readable_notes
from secrel.journal.entries import entry_of
from secrel.observe.facts import read_advisory
from secrel.observe.observing import issue_at
from secrel.observe.release_file import FixEntry, check_labels, check_name
from secrel.papers.scene import Scene
from secrel.process.roles import Act
from secrel.words.effects import Effect, LinkIssue, SetFacts, UnlinkIssue
from secrel.words.errors import Misused, within
from secrel.words.facts.stated import FixFacts
from secrel.words.fixes import Fix
from secrel.words.people import Claim, notes_digest, notes_gate


def add_fix(desk: Desk, name: str, entry: FixEntry) -> list[Outcome]:
    """Bring a new fix into the release: its issue, its merge requests, its link.

    Raises `Misused` for facts that cannot be, and for a name that the release has already.
    """
    with within(where="the new fix"):
        check_name(entry)
        check_labels(entry.labels, desk.process)

    def ordered(seen: Scene) -> Ordered:
        read_advisory(entry.facts, entry.name, "", seen.snapshot.release)
        effects = tuple(fix_effects(desk, seen.snapshot.release, entry))
        if all(effect.key in seen.snapshot.receipts for effect in effects):
            raise Misused(
                f"the release has a fix named {entry.name[:60]!r} already",
                where=name,
                remedy=f"give it another name, or complete it: secrel fix add {name} --ref REF",
            )
        return Ordered(effects)

    return order(desk, name, Act.ADD, ordered)


def link_fix(desk: Desk, name: str, ref: str) -> list[Outcome]:
    """Link an implementation issue that is there already; raises `Misused` when there is none, `NotSeen` if unseen."""

    def ordered(seen: Scene) -> Ordered:
        if issue_at(desk.forge, ref) is None:
            raise Misused(f"there is no issue {ref[:80]!r}", where=name, remedy="name it as project#number")
        key = f"{name}/link/{ref}/{seen.next_number(f'{name}/link/{ref}')}"
        return Ordered((Effect(key, LinkIssue(ref, seen.issue("tracking").ref), f"link {ref} to the release"),))

    return order(desk, name, Act.ADD, ordered)


def complete_fix(desk: Desk, name: str, ref: str, changes: FixFacts, lines: Sequence[str]) -> list[Outcome]:
    """Make these lines of a fix's details table say what `changes` says.

    Raises `Misused` when the table could not be read afterwards, `Refused` when somebody changes one of them meanwhile.
    """

    def ordered(seen: Scene) -> Ordered:
        stated = issue_of(_needed(seen, ref)).facts
        told = stated.changed(changes, lines).whole(FixFacts, ref)
        read_advisory(told, ref, "", seen.snapshot.release)
        number = seen.next_number(f"{name}/facts/{ref}")
        action = SetFacts.seen(ref, stated, changes, lines)
        return Ordered((Effect(f"{name}/facts/{ref}/{number}", action, f"complete the details of {ref}"),))

    return order(desk, name, Act.ADD, ordered)


def release_notes(desk: Desk, name: str, ref: str, words: str) -> Claim:
    """Say that the notes on a fix's issue, as they are now, may become public with it; a later note may not.

    Raises `Misused` when it is no fix of the release, or nothing is said; `Refused` for somebody who may not.
    """
    said: list[Claim] = []
    if not words.strip():
        raise Misused("the words are empty", where=name, remedy='say why they may: --words "I have read all of them"')

    def ordered(seen: Scene) -> Ordered:
        issue = issue_of(_needed(seen, ref))
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

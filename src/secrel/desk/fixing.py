"""Add a fix to a release, and take one out again (mission M4)."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.apply.applying import Outcome, apply
from secrel.desk.changing import change
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.desk.starting import fix_effects
from secrel.evaluate.looking import fix_of, issue_of
from secrel.observe.facts import read_advisory
from secrel.observe.observing import issue_at
from secrel.observe.release_file import FixEntry, check_labels, check_name
from secrel.papers.scene import Scene
from secrel.plan.plan import Plan
from secrel.words.effects import Claim, Effect, LinkIssue, SetFacts, UnlinkIssue
from secrel.words.errors import Misused, within
from secrel.words.facts.stated import FixFacts


def _apply(desk: Desk, seen: Scene, *effects: Effect) -> list[Outcome]:
    return list(apply(Plan(seen.name, effects, targets=desk.targets), None, desk.world))


def add_fix(desk: Desk, name: str, entry: FixEntry) -> list[Outcome]:
    """Bring a new fix into the release: its issue, its merge requests, its link.

    Raises `Misused` for facts that cannot be, and for a name that the release has already.
    """
    seen = look(desk, name)
    with within(where="the new fix"):
        check_name(entry)
        check_labels(entry.labels, desk.process)
    read_advisory(entry.facts, entry.name, "", seen.snapshot.release)
    effects = list(fix_effects(desk, seen.snapshot.release, entry))
    if all(effect.key in seen.snapshot.receipts for effect in effects):
        raise Misused(
            f"the release has a fix named {entry.name[:60]!r} already",
            where=name,
            remedy=f"give it another name, or complete it: secrel fix add {name} --ref REF",
        )
    return _apply(desk, seen, *effects)


def link_fix(desk: Desk, name: str, ref: str) -> list[Outcome]:
    """Link an implementation issue that is there already; raises `Misused` when there is none, `NotSeen` if unseen."""
    seen = look(desk, name)
    if issue_at(desk.forge, ref) is None:
        raise Misused(f"there is no issue {ref[:80]!r}", where=name, remedy="name it as project#number")
    tracking = seen.issue("tracking")
    number = seen.next_number(f"{name}/link/{ref}")
    return _apply(
        desk,
        seen,
        Effect(f"{name}/link/{ref}/{number}", LinkIssue(ref, tracking.ref), f"link {ref} to the release"),
    )


def complete_fix(desk: Desk, name: str, ref: str, changes: FixFacts, lines: Sequence[str]) -> list[Outcome]:
    """Make these lines of a fix's details table say what `changes` says.

    Raises `Misused` when the table could not be read afterwards, `Refused` when somebody changes one of them meanwhile.
    """

    def ordered(seen: Scene) -> Effect:
        fix = fix_of(seen.snapshot, ref)
        if fix is None:
            raise Misused(f"{ref[:80]!r} is no fix of this release", where=name, remedy=f"secrel fix show {name}")
        stated = issue_of(fix).facts
        told = stated.changed(changes, lines).whole(FixFacts, ref)
        read_advisory(told, ref, "", seen.snapshot.release)
        number = seen.next_number(f"{name}/facts/{ref}")
        action = SetFacts.seen(ref, stated, changes, lines)
        return Effect(f"{name}/facts/{ref}/{number}", action, f"complete the details of {ref}")

    return change(desk, name, ordered)


def remove_fix(desk: Desk, name: str, ref: str, reason: str) -> list[Outcome]:
    """Take a fix out of the release; who did and why is kept in the journal.

    Raises `Misused` when it is not in the release, or no reason is given.
    """
    seen = look(desk, name)
    if not reason.strip():
        raise Misused("no reason is given", where=name, remedy='say why: --reason "after the deadline"')
    if fix_of(seen.snapshot, ref) is None:
        raise Misused(f"{ref[:80]!r} is no fix of this release", where=name, remedy=f"secrel fix show {name}")
    tracking = seen.issue("tracking")
    number = seen.next_number(f"{name}/unlink/{ref}")
    effect = Effect(f"{name}/unlink/{ref}/{number}", UnlinkIssue(ref, tracking.ref), f"take {ref} out of the release")
    outcomes = _apply(desk, seen, effect)
    desk.journal.claimed(Claim(name, f"removed {ref}", desk.by, desk.now(), reason))
    return outcomes

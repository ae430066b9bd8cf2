"""What the tracking issue of a release lacks that is there already: lines, details, text and head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from secrel.desk.adopting import details_of, opening_sheet
from secrel.desk.desk import Desk
from secrel.evaluate.remedies import quoted
from secrel.journal.entries import receipts, written
from secrel.observe.release_file import ReleaseFile
from secrel.papers.documents import PAPERS
from secrel.words.documents import TABLE
from secrel.words.effects import Effect, RewriteIssue, SetFacts, SetHead
from secrel.words.errors import Misused
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.forge import Issue
from secrel.words.heads import head_of, merge_heads
from secrel.words.people import Duty, spelled_by
from secrel.words.releases import Kind, Release, joined
from secrel.words.sighting import Tracked

_MOVES = ("due", "products")
_SWAPS = ("primary", "secondary")


def refuse_second(release: Release, there: Iterable[Tracked]) -> None:
    """Raise `Misused` where one of `there` is an issue that the desk opened for this day already, under another name.

    It did so at the end of the release before; a second one beside it would be for the same stop of the train.
    """
    if release.kind is not Kind.PLANNED:
        return
    day = release.due.date()
    for found in there:
        issue = found.issue
        if found.release != release.name and "next_after" in issue.facts.table and issue.due == day:
            what = f"the tracking issue of the release of {day} is there already, as {found.release}: {issue.ref}"
            remedy = f"write `release: {found.release}` into the release file, or give the release another day"
            raise Misused(what, where=release.name, remedy=remedy)


def lacking(desk: Desk, file: ReleaseFile, duty: Duty, issue: Issue) -> Iterator[Effect]:
    """Give what a tracking issue lacks that is there already: all, where it was opened at the end of the one before.

    What was taken over and cut off before it had its details gets them.
    """
    table = issue.facts.table
    if "next_after" in table:
        yield from _details(desk, file, duty, issue)
    elif "products" not in table:
        yield from details_of(issue, file.release.name, facts_of(file, duty))
    else:
        yield from _reconciled(desk, file, issue)


def _reconciled(desk: Desk, file: ReleaseFile, issue: Issue) -> Iterator[Effect]:
    """Make the tracking issue say what the file says, line by line.

    Raises `Misused` for what has a door of its own: who is on duty, when the release is due, and what it ships.
    """
    name, told = file.release.name, spelled(desk, issue.facts.of(ReleaseFacts))
    lines = [line for line in ReleaseFacts.__struct_fields__ if getattr(told, line) != getattr(file.facts, line)]
    if any(line in lines for line in _MOVES):
        ships = " ".join(f"--versions {s.product}={','.join(map(str, s.versions))}" for s in file.facts.products)
        due = f"--due {file.release.due.isoformat()}"
        raise Misused(
            "the file has another day or other versions than the release",
            where=name,
            remedy=f"correct the file, or move the release: secrel forge move {quoted(name)} {due} {ships}",
        )
    if file.facts.primary and any(line in lines for line in _SWAPS):
        raise Misused(
            "the file names others than those who are on duty",
            where=name,
            remedy=f"correct the file, or let them change: secrel rotation swap {quoted(name)} USERNAME",
        )
    changed = tuple(line for line in lines if line not in _SWAPS)
    if changed:
        prefix = f"{name}/details"
        done = receipts(desk.journal.entries(name))
        number = 1 + sum(key.startswith(f"{prefix}/") for key in done)
        action = SetFacts.seen(issue.ref, issue.facts, file.facts, changed)
        said = f"make the tracking issue say what the file says of {joined(changed).replace('_', ' ')}"
        yield Effect(f"{prefix}/{number}", action, said)


def _details(desk: Desk, file: ReleaseFile, duty: Duty, issue: Issue) -> Iterator[Effect]:
    """Give the details, text and head to a tracking issue that was opened at the end of the release before."""
    name = file.release.name
    action = SetFacts.seen(issue.ref, issue.facts, facts_of(file, duty), ReleaseFacts.__struct_fields__)
    yield Effect(f"{name}/details", action, "fill in the tracking issue's details")
    identity, sheet = TABLE["tracking"], opening_sheet(desk, file.release)
    key = identity.opening(name)
    begun = [replace(e, release=name) for e in desk.journal.about(key) if e.key == key]
    last = written(begun).get(identity.name)
    text = PAPERS[identity.name].merge(last.text if last else None, sheet.body, issue.body)
    head = merge_heads(last.head if last else None, sheet.head, head_of(issue))
    rewrite = RewriteIssue(issue.ref, text.text, issue.body, text.base)
    yield Effect(f"{identity.editing(name)}/1", rewrite, "write the tracking issue for this release")
    again = SetHead(issue.ref, head.head, head_of(issue), head.base)
    yield Effect(f"{identity.heading_of(name)}/1", again, "give the tracking issue its title and its day")


def spelled(desk: Desk, facts: ReleaseFacts) -> ReleaseFacts:
    """Give facts with those on duty as the team spells them."""
    primary, secondary = (spelled_by(desk.team, name) for name in (facts.primary, facts.secondary))
    return replace(facts, primary=primary, secondary=secondary)


def facts_of(file: ReleaseFile, duty: Duty) -> ReleaseFacts:
    """Give the facts of a release file, with who is on duty: those whom the file may leave to the rotation."""
    return replace(file.facts, primary=duty.primary, secondary=duty.secondary)

"""Start a release: its people, its tracking issue, and the fixes of its file (mission M1, M2, M9)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeGuard

import msgspec
from msgspec.structs import replace

from secrel.apply.applying import Outcome
from secrel.desk.adopting import adopted_fix, adopted_tracking, details_of, fixes_there, has_request, is_kept
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.desk.ordering import order_new, permit
from secrel.desk.questioning import question_ids, question_release, question_versions
from secrel.evaluate.remedies import quoted
from secrel.journal.entries import receipts, written
from secrel.observe.facts import read_release
from secrel.observe.observing import issue_at, releases, tracked
from secrel.observe.release_file import FixEntry, ReleaseFile
from secrel.papers.documents import PAPERS, tracking_sheet
from secrel.papers.forms import check_form
from secrel.papers.messages import TrackingLinks
from secrel.plan.adopting import adoptions
from secrel.plan.making import Step
from secrel.plan.plan import Plan, Refusal
from secrel.process.roles import Act
from secrel.roster.rota import plan_rotation
from secrel.roster.rules import Slot
from secrel.words.documents import TABLE
from secrel.words.effects import (
    Adopt,
    Effect,
    LinkIssue,
    OpenIssue,
    RewriteIssue,
    SetFacts,
    SetHead,
    TrackBranch,
    address_of,
    plain,
)
from secrel.words.errors import Misused, within
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.forge import Issue
from secrel.words.heads import head_of, merge_heads
from secrel.words.ids import CveId
from secrel.words.parts import known
from secrel.words.people import Duty
from secrel.words.releases import Kind, Release, joined
from secrel.words.sighting import LinkedFix
from secrel.words.tracking import is_named, theirs


def known_releases(desk: Desk) -> list[tuple[Release, Duty | None]]:
    """Give every release the forge tracks, by its due time, with who is on duty; those that cannot be read left out.

    Raises `NotSeen` when they could not all be seen.
    """
    found: list[tuple[Release, Duty | None]] = []
    for one in releases(desk.forge, desk.process):
        try:
            told = one.issue.facts.whole(ReleaseFacts)
            release = read_release(told, desk.process)
        except Misused:
            continue
        found.append((release, Duty(one.release, told.primary, told.secondary) if told.primary else None))
    return sorted(found, key=lambda pair: pair[0].due)


def choose_duty(desk: Desk, release: Release) -> Duty:
    """Choose who runs `release`, fairly over the releases before it; raises `Infeasible` when the rules cannot hold."""
    before = [duty for other, duty in known_releases(desk) if duty and other.due < release.due]
    slot, may = Slot(release.name, release.due), desk.process.defaults.in_a_row
    return plan_rotation([slot], desk.on_call, history=before, in_a_row=may).duties[0]


def _duty(desk: Desk, release: Release) -> Duty:
    """Give who is on duty in a release that is there already; choose them for a new one."""
    there = next((duty for other, duty in known_releases(desk) if other.name == release.name), None)
    return there or choose_duty(desk, release)


def _facts(file: ReleaseFile, duty: Duty) -> ReleaseFacts:
    return msgspec.structs.replace(file.facts, primary=duty.primary, secondary=duty.secondary)


def _tracking(desk: Desk, file: ReleaseFile, duty: Duty) -> Effect:
    sheet = tracking_sheet(file.release, desk.process, TrackingLinks())
    head = sheet.head
    action = OpenIssue(
        desk.process.named("projects", "tracking"),
        head.title,
        sheet.body,
        labels=head.labels,
        assignees=head.assignees,
        due=head.due,
        facts=_facts(file, duty),
    )
    return Effect(f"{file.release.name}/tracking", action, "open the tracking issue")


_MOVES = ("due", "products")
_SWAPS = ("primary", "secondary")


def _own(desk: Desk, name: str) -> Issue | None:
    """Give the tracking issue of a release that a desk opened or took over, None when there is none."""
    return next((found.issue for found in releases(desk.forge, desk.process) if found.release == name), None)


def _known(desk: Desk, file: ReleaseFile, duty: Duty, issue: Issue) -> Iterator[Effect]:
    """Give what a tracking issue lacks that is there already: all, where it was opened at the end of the one before.

    What was taken over and cut off before it had its details gets them.
    """
    table = issue.facts.table
    if "next_after" in table:
        yield from _details(desk, file, duty, issue)
    elif "products" not in table:
        yield from details_of(issue, file.release.name, _facts(file, duty))
    else:
        yield from _reconciled(desk, file, issue)


def _reconciled(desk: Desk, file: ReleaseFile, issue: Issue) -> Iterator[Effect]:
    """Make the tracking issue say what the file says, line by line.

    Raises `Misused` for what has a door of its own: who is on duty, when the release is due, and what it ships.
    """
    name, told = file.release.name, issue.facts.of(ReleaseFacts)
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
    action = SetFacts.seen(issue.ref, issue.facts, _facts(file, duty), ReleaseFacts.__struct_fields__)
    yield Effect(f"{name}/details", action, "fill in the tracking issue's details")
    identity, sheet = TABLE["tracking"], tracking_sheet(file.release, desk.process, TrackingLinks())
    begun = [replace(e, release=name) for e in desk.journal.entries() if e.key == identity.opening(name)]
    last = written(begun).get(identity.name)
    text = PAPERS[identity.name].merge(last.text if last else None, sheet.body, issue.body)
    head = merge_heads(last.head if last else None, sheet.head, head_of(issue))
    rewrite = RewriteIssue(issue.ref, text.text, issue.body, text.base)
    yield Effect(f"{identity.editing(name)}/1", rewrite, "write the tracking issue for this release")
    again = SetHead(issue.ref, head.head, head_of(issue), head.base)
    yield Effect(f"{identity.heading_of(name)}/1", again, "give the tracking issue its title and its day")


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


def start(desk: Desk, file: ReleaseFile) -> list[Outcome]:
    """Start the release that `file` describes; one that is there already is made to say what the file says now.

    Raises what `plan_start` raises, and `Refused` where it would take over what people opened: somebody has to
    approve that.
    """
    return order_new(desk, plan_start(desk, file))


def plan_start(desk: Desk, file: ReleaseFile, adopt: Collection[str] = ()) -> Plan:
    """Plan what `file` begins with; of what people opened, take over the issues that `adopt` names.

    Raises `Misused` for a form that is not there, for a date in the past, for people that the team does not have, and
    for a day, versions or people on duty that differ from those of a release that is there (each of these has a door
    of its own), and where people opened a tracking issue that is, or could be, that of this release and is not named.
    """
    release = file.release
    check_form(release.form, desk.templates, release.name)
    if release.due <= desk.now():
        raise Misused(
            f"the release was due at {release.due:%Y-%m-%d %H:%M %Z}, which is past",
            where=release.name,
            remedy="correct `due` in the release file",
        )
    primary, secondary = file.facts.primary, file.facts.secondary
    for username in filter(None, (primary, secondary)):
        person = desk.person(username)
        if person not in desk.on_call:
            raise Misused(
                f"{username[:60]!r} {'is not in the team' if person is None else 'has no role that can be on duty'}",
                where=release.name,
                remedy="correct the release file, or the team file",
            )
    if bool(primary) != bool(secondary):
        raise Misused(
            "only one of `primary` and `secondary` is named",
            where=release.name,
            remedy="name both, or none: then the rotation says who",
        )
    _question(desk, file)
    critical, key = desk.process.labels.get("critical", ""), TABLE["tracking"].opening(release.name)
    issue = theirs(release, key, tracked(desk.forge, desk.process), critical, adopt)
    duty = Duty(release.name, primary, secondary) if primary else _duty(desk, release)
    own = None if issue else _own(desk, release.name)
    effects = list(adopted_tracking(desk, file, issue)) if issue else [_tracking(desk, file, duty)]
    if issue is not None:
        effects += details_of(issue, release.name, _facts(file, duty))
    elif own is not None:
        effects += _known(desk, file, duty, own)
    tracking = issue or own
    there = fixes_there(desk, file, tracking, adopt) if tracking else {}
    for entry in file.fixes:
        effects += fix_effects(desk, release, entry, there.get(entry.name))
    taken = (tracking, *(known(one.issue, None) for one in there.values()))
    used = {place for one in taken if one for place in (one.ref, one.url)}
    effects += _documents(desk, release.name, own, [place for place in adopt if place not in used])
    return Plan(release.name, tuple(effects), targets=desk.targets)


def _documents(desk: Desk, name: str, own: Issue | None, named: Sequence[str]) -> Iterator[Effect]:
    """Give what takes over the documents that are named, of a release that is there."""
    if named and own is None:
        remedy = "take over the tracking issue first; then name what else is meant"
        raise Misused(f"{named[0][:80]} can be taken over once the release is there", where=name, remedy=remedy)
    if not named:
        return
    scene = look(desk, name, named)
    steps = list(adoptions(scene, None, named))
    found = [one for part in scene.snapshot.alike.values() for one in known(part, ())]
    for place in named:
        meant = [one for one in found if is_named(one.found, [place])]
        wanted = [step for step in steps if _takes(step, {one.found.ref for one in meant})]
        if not wanted:
            against = meant[0].against if meant else "it is nothing that the release has a place for"
            held = next((step for step in steps if isinstance(step, Refusal)), None)
            what = held.what if held and meant else f"{place[:80]} cannot be taken over: {against}"
            raise Misused(what, where=name, remedy=f"look at it, and at what could be: secrel plan {quoted(name)}")
        yield from wanted


def _takes(step: Step, refs: Collection[str]) -> TypeGuard[Effect]:
    return isinstance(step, Effect) and isinstance(step.action, Adopt) and step.action.ref in refs


def _question(desk: Desk, file: ReleaseFile) -> None:
    """Question what a release file gives, but what the release has already: that is left as it is."""
    permit(desk, Act.START)
    name = file.release.name
    there = next(
        (f.issue.facts.of(ReleaseFacts) for f in releases(desk.forge, desk.process) if f.release == name), None
    )
    if there is None or not there.products:
        question_versions(desk, file.release)
    question_release(desk, file.facts)
    made, given = receipts(desk.journal.entries(name)), dict[CveId, str]()
    for entry in file.fixes:
        if f"{name}/fix/{entry.name}" in made:
            continue
        with within(where=entry.name):
            question_ids(desk, entry.facts)
            if entry.facts.cve in given:
                what = f"{entry.facts.cve} is given to {given[entry.facts.cve]} as well"
                raise Misused(what, remedy="correct one of the two", path=("cve",))
        given |= {entry.facts.cve: entry.name} if entry.facts.cve else {}


def check_critical(desk: Desk, ref: str, file: ReleaseFile) -> None:
    """Make sure that the issue `ref` calls for the critical release of `file`: unplanned, and labelled S1.

    Raises `Misused` when it does not (handbook, Critical security releases).
    """
    if file.release.kind is not Kind.UNPLANNED:
        raise Misused("the release file says a planned release", where=file.release.name, remedy="kind: unplanned")
    issue = issue_at(desk.forge, ref)
    if issue is None:
        raise Misused(f"there is no issue {ref[:80]!r}", remedy="name it as project#number")
    label = desk.process.named("labels", "severity_one")
    if label not in issue.labels:
        raise Misused(
            f"{ref} is not labelled {label}, and only that calls for a critical release",
            remedy="label it, or let it ship with the next planned release: secrel start --from FILE",
        )

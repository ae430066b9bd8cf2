"""Start a release: its people, its tracking issue, and the fixes of its file (mission M1, M2, M9)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeGuard

from msgspec.structs import replace

from secrel.apply.applying import Outcome
from secrel.desk.adopting import adopted_tracking, details_of, fixes_there, opening_sheet
from secrel.desk.desk import Desk
from secrel.desk.fixing import fix_effects
from secrel.desk.looking import look
from secrel.desk.ordering import order_new, permit
from secrel.desk.questioning import question_ids, question_release, question_versions
from secrel.desk.reconciling import facts_of, lacking, refuse_second, spelled
from secrel.desk.rotation import duty_of
from secrel.evaluate.remedies import quoted
from secrel.journal.entries import receipts
from secrel.observe.observing import issue_at, releases, tracked
from secrel.observe.release_file import ReleaseFile
from secrel.papers.forms import check_form
from secrel.plan.adopting import adoptions
from secrel.plan.making import Step
from secrel.plan.plan import Plan, Refusal
from secrel.process.roles import Act
from secrel.words.documents import TABLE
from secrel.words.effects import Adopt, Effect, OpenIssue
from secrel.words.errors import Misused, within
from secrel.words.facts.stated import ReleaseFacts
from secrel.words.forge import Issue
from secrel.words.ids import CveId
from secrel.words.parts import known
from secrel.words.people import Duty
from secrel.words.releases import Kind, Release
from secrel.words.tracking import is_named, theirs


def _tracking(desk: Desk, file: ReleaseFile, duty: Duty) -> Effect:
    sheet = opening_sheet(desk, file.release)
    head = sheet.head
    action = OpenIssue(
        desk.process.named("projects", "tracking"),
        head.title,
        sheet.body,
        labels=head.labels,
        assignees=head.assignees,
        due=head.due,
        facts=facts_of(file, duty),
    )
    return Effect(f"{file.release.name}/tracking", action, "open the tracking issue")


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
    of its own), where people opened a tracking issue that is, or could be, that of this release and is not named, and
    where the desk opened one for the same day under another name.
    """
    file, release = replace(file, facts=spelled(desk, file.facts)), file.release
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
    permit(desk, Act.START)
    tracks = releases(desk.forge, desk.process)
    own = next((one.issue for one in tracks if one.release == release.name), None)
    _question(desk, file, own)
    issue = _theirs(desk, release, own, adopt)
    duty = Duty(release.name, primary, secondary) if primary else duty_of(desk, release)
    own = None if issue else own
    effects = list(adopted_tracking(desk, file, issue)) if issue else [_tracking(desk, file, duty)]
    if issue is not None:
        effects += details_of(issue, release.name, facts_of(file, duty))
    elif own is not None:
        effects += lacking(desk, file, duty, own)
    else:
        refuse_second(release, tracks)
    tracking = issue or own
    there = fixes_there(desk, file, tracking, adopt) if tracking else {}
    for entry in file.fixes:
        effects += fix_effects(desk, release, entry, there.get(entry.name))
    taken = (tracking, *(known(one.issue, None) for one in there.values()))
    used = {place for one in taken if one for place in (one.ref, one.url)}
    effects += _documents(desk, release.name, own, [place for place in adopt if place not in used])
    plan = Plan(release.name, tuple(effects), targets=desk.targets)
    if not plan.needs_approval:
        return plan
    made = receipts(desk.journal.entries(release.name))  # a person reads it: what is there is not shown as new
    return replace(plan, effects=tuple(effect for effect in effects if effect.key not in made))


def _theirs(desk: Desk, release: Release, own: Issue | None, adopt: Collection[str]) -> Issue | None:
    """Give the tracking issue that people opened, when it is named; not one that another desk has just taken over."""
    critical, key = desk.process.labels.get("critical", ""), TABLE["tracking"].opening(release.name)
    open_now = tracked(desk.forge, desk.process)
    issue = theirs(release, key, open_now, critical, adopt)
    if own is None and any(one.mark == key and is_named(one, adopt) for one in open_now):
        what = "another desk has taken it over at this moment"
        raise Misused(what, where=release.name, remedy="run it again in a moment; nothing was changed")
    return issue


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


def _question(desk: Desk, file: ReleaseFile, own: Issue | None) -> None:
    """Question what a release file gives, but what the release has already: that is left as it is."""
    name = file.release.name
    if own is None or not own.facts.of(ReleaseFacts).products:
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

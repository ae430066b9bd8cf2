"""What people opened for a release before the desk came: its tracking issue, the issues of its fixes, its documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from secrel.desk.desk import Desk
from secrel.observe import release_file
from secrel.papers.documents import base_of, tracking_sheet
from secrel.papers.messages.tracking import TrackingLinks
from secrel.papers.scene import Sheet
from secrel.snapshot.seen import Snapshot
from secrel.words.candidates import Lookalike, candidates, led_to, requests_for
from secrel.words.documents import TABLE, Identity
from secrel.words.effects import Adopt, Effect, SetFacts
from secrel.words.errors import Misused
from secrel.words.facts.stated import Facts, ReleaseFacts, Stated
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.parts import Part, Seen, known, mapped, need, tried
from secrel.words.releases import Release, joined
from secrel.words.sighting import TRACKING, Asked, LabelRule, LinkedFix, Sought
from secrel.words.tracking import is_named, told

Theirs = Mapping[str, LinkedFix]
"""Issues that people opened for fixes of a release file, by the names of the fixes."""


def opening_sheet(desk: Desk, release: Release) -> Sheet:
    """Give the tracking issue of a release that is not begun: it leads to no document yet."""
    return tracking_sheet(release, desk.process, TrackingLinks(), desk.templates.get("messages"))


def adopted_tracking(desk: Desk, file: release_file.ReleaseFile, issue: Issue) -> Iterator[Effect]:
    """Give what makes a tracking issue that people opened the desk's: its mark, and the lines of its details."""
    _refuse_public(issue, file.release.name)
    sheet = opening_sheet(desk, file.release)
    action = Adopt(issue.ref, (issue.title, issue.body), base_of(TRACKING, sheet, issue.body), sheet.head)
    key = TABLE["tracking"].opening(file.release.name)
    yield Effect(key, action, f"take over the tracking issue {told(issue)}")


def _refuse_public(issue: Issue, name: str) -> None:
    """Raise `Misused` for what everybody can read: what the desk writes into it is under embargo."""
    if not issue.confidential:
        remedy = "make it confidential, and ask who has read it; or open another one"
        raise Misused(f"everybody can read {told(issue)}, and nothing of that is taken over", where=name, remedy=remedy)


def lacking(stated: Stated, wanted: Facts, *, more: bool = False) -> tuple[str, ...]:
    """Name the lines that `wanted` states and a table does not; with `more` those too that it states otherwise."""
    stands, empty = stated.table, type(wanted)()
    lines = [name for name in wanted.__struct_fields__ if getattr(wanted, name) != getattr(empty, name)]
    there = stated.of(type(wanted))
    return tuple(
        name for name in lines if name not in stands or (more and getattr(there, name) != getattr(wanted, name))
    )


def details_of(issue: Issue, name: str, facts: ReleaseFacts) -> Iterator[Effect]:
    """Give the details that a tracking issue lacks, or has otherwise; what people wrote beside them stays.

    Nothing stays of details that are another release's: they came along when somebody copied its tracking issue.
    """
    lines = lacking(issue.facts, facts, more=True)
    if issue.facts.of(ReleaseFacts).release not in {"", facts.release}:
        lines = tuple(dict.fromkeys([*lines, *issue.facts.table]))
    if lines:
        action = SetFacts.seen(issue.ref, issue.facts, facts, lines)
        yield Effect(f"{name}/details", action, "fill in the tracking issue's details")


def fixes_there(desk: Desk, file: release_file.ReleaseFile, tracking: Issue, named: Collection[str]) -> Theirs:
    """Give the issues that are linked to a tracking issue and that fixes of the file are about: those of their titles.

    When two have one title, it is the one that is `named`. Raises `Misused` for two of which not exactly one is named,
    for one that a desk keeps as something else or that everybody can read, and for two fixes of one title, whose it
    could be; `NotSeen` when what is linked could not be seen.
    """
    name, known_keys = file.release.name, {entry.key for entry in desk.journal.entries(file.release.name)}
    entries = [one for one in file.fixes if not known_keys.issuperset(_keys(name, one))]
    if not entries:
        return {}
    asked = Asked(name, {TRACKING: Sought("", tracking.ref.partition("#")[0], tracking.ref)})
    linked = need(desk.forge.look(asked).linked, f"what is linked to {tracking.ref}")
    found = {entry.name: _titled(entry, linked, named, name) for entry in entries}
    theirs = {entry: one for entry, one in found.items() if one is not None}
    fixes: dict[str, str] = {}
    for entry, one in theirs.items():
        if not is_kept(one):
            _refuse_public(need(one.issue, f"the issue of {entry}"), name)
        other = fixes.setdefault(one.link.ref, entry)
        if other != entry:
            remedy = "give each its own title in the file, and let its issue have the same"
            raise Misused(f"{one.link.ref} could be that of {other} and of {entry}", where=name, remedy=remedy)
    return theirs


def _keys(name: str, entry: release_file.FixEntry) -> list[str]:
    branches = [f"{name}/branch/{entry.name}/{request.target}" for request in entry.merge_requests]
    return [f"{name}/fix/{entry.name}", *branches]


def _titled(
    entry: release_file.FixEntry, linked: Collection[LinkedFix], named: Collection[str], name: str
) -> LinkedFix | None:
    """Give the linked issue of a fix's title, None when there is none."""
    title = _plainly(entry.facts.title)
    alike = [(one, issue) for one in linked if (issue := known(one.issue, None)) and _plainly(issue.title) == title]
    if len(alike) > 1:
        alike = [(one, issue) for one, issue in alike if is_named(issue, named)] or alike
    if len(alike) > 1:
        refs = [told(issue) for _, issue in alike]
        remedy = f"name the one that is meant: secrel start --from FILE --adopt {alike[0][1].ref}; or unlink the others"
        raise Misused(f"{len(refs)} issues could be that of {entry.name}: {joined(refs)}", where=name, remedy=remedy)
    for one, issue in alike:
        if issue.mark and issue.mark != f"{name}/fix/{entry.name}":
            remedy = f"leave {entry.name} out of the file: it is linked already; secrel fix set changes its facts"
            raise Misused(f"{issue.ref} has its title, and a desk keeps it as {issue.mark}", where=name, remedy=remedy)
        return one
    return None


def _plainly(title: str) -> str:
    return " ".join(title.split()).casefold()


def adopted_fix(name: str, entry: release_file.FixEntry, one: LinkedFix) -> Iterator[Effect]:
    """Give what makes an issue that people opened the one of a fix: its mark, and what its details do not say."""
    issue = need(one.issue, f"the issue of {entry.name}")
    action = Adopt(issue.ref, (issue.title, issue.body))
    yield Effect(f"{name}/fix/{entry.name}", action, f"take over {told(issue)} as the issue of {entry.name}")
    lines = lacking(issue.facts, entry.facts)
    if lines:
        facts = SetFacts.seen(issue.ref, issue.facts, entry.facts, lines)
        said = f"add {joined(lines).replace('_', ' ')} to the details of {issue.ref}"
        yield Effect(f"{name}/facts/{issue.ref}/1", facts, said)


def is_kept(one: LinkedFix) -> bool:
    """Whether a desk opened a linked issue, or took it over."""
    return bool(need(one.issue, f"the issue {one.link.ref}").mark)


def has_request(one: LinkedFix, target: str) -> bool:
    """Whether a fix has a merge request into a branch already; raises `NotSeen` when its requests were not seen."""
    requests: tuple[MergeRequest, ...] = need(one.requests, f"the merge requests of {one.link.ref}")
    return any(request.target == target and request.state is not State.CLOSED for request in requests)


def alike(desk: Desk, seen: Snapshot, named: Collection[str] = ()) -> Mapping[str, Part[tuple[Lookalike, ...]]]:
    """Give what people opened that could be a document which is not there, by document; asked of those alone.

    What somebody has `named` is looked at as what the tracking issue leads to.
    """
    if seen.cancelled is not None or seen.announced_at is not None:
        return {}
    found: dict[str, Part[tuple[Lookalike, ...]]] = {}
    for identity in TABLE.values():
        if identity.is_per_fix:
            found |= _requests_alike(desk, identity, seen)
        elif identity.kept_by and identity.name != TRACKING and _is_absent(seen.document(identity.name)):
            found[identity.name] = tried(partial(_alike, desk, identity, seen, named), identity.said)
    return found


def made_since(desk: Desk, seen: Snapshot) -> bool:
    """Whether any of what was taken for people's is a desk's own, made since the release was looked at.

    Its mark tells: it is that of the document it could be, and the journal has begun that. A journal that knows nothing
    of it was lost, and then it is to be taken over.
    """
    keys = {one.found.mark for part in seen.alike.values() for one in known(part, ())} - {""}
    opening = [TABLE[name.partition("/")[0]].opening(seen.release.name, name.partition("/")[2]) for name in seen.alike]
    own = [key for key in opening if key in keys]
    return bool(own) and len(desk.journal.unknown(own)) < len(own)


def _is_absent(part: Part[object]) -> bool:
    return isinstance(part, Seen) and part.value is None


def _alike(desk: Desk, identity: Identity, seen: Snapshot, named: Collection[str]) -> tuple[Lookalike, ...]:
    """Look at what is open of its kind, and at what the tracking issue leads to.

    In a project that holds documents of several kinds its label tells which one that is.
    """
    project, tracking = desk.process.projects.get(identity.project, ""), known(seen.tracking, None)
    leading = "\n".join([*((tracking.title, tracking.body) if tracking else ()), *named])
    there = _open(desk, identity, project) if project else ()
    sign = "!" if identity.is_merge_request else "#"
    home = tracking.ref.partition("#")[0] if tracking else ""
    refs = [ref for ref in led_to(leading, project, home) if sign in ref and ref not in {one.ref for one in there}]
    label = desk.process.named("labels", identity.label)
    led = [one for one in _at(desk, identity, refs) if label in one.labels or not _is_shared(desk, identity)]
    return candidates(seen.release, identity.opening(seen.release.name), (*there, *led), leading, home)


def _is_shared(desk: Desk, identity: Identity) -> bool:
    """Whether the project of a document holds documents of other kinds as well."""
    projects = [desk.process.projects.get(one.project) for one in TABLE.values() if one.edits]
    return projects.count(desk.process.projects.get(identity.project)) > 1


def _open(desk: Desk, identity: Identity, project: str) -> tuple[Issue | MergeRequest, ...]:
    if identity.is_merge_request:
        return need(desk.forge.proposed(project), f"the merge requests of {project}")
    return need(desk.forge.labelled(_rule(desk, identity)), f"the issues of {project}")


def _rule(desk: Desk, identity: Identity) -> LabelRule:
    return LabelRule(desk.process.projects.get(identity.project, ""), (desk.process.named("labels", identity.label),))


def _at(desk: Desk, identity: Identity, refs: Sequence[str]) -> Iterator[Issue | MergeRequest]:
    """Look at what is at these references, of a document's kind."""
    sought = {ref: Sought("", ref.partition("!" if identity.is_merge_request else "#")[0], ref) for ref in refs}
    if not sought:
        return
    asked = Asked("", {}, sought) if identity.is_merge_request else Asked("", sought)
    sighting = desk.forge.look(asked)
    parts = (sighting.requests if identity.is_merge_request else sighting.issues).values()
    yield from (one for part in parts if (one := need(part, "what the tracking issue leads to")) is not None)


def _requests_alike(desk: Desk, identity: Identity, seen: Snapshot) -> dict[str, Part[tuple[Lookalike, ...]]]:
    """Give what could be the CVE requests of fixes that have none."""
    lacking = [(fix.ref, known(fix.issue, None)) for fix in seen.tracked_fixes if _is_absent(fix.cve_request)]
    issues = {ref: issue for ref, issue in lacking if issue is not None}
    if not issues or not desk.process.projects.get(identity.project):
        return {}
    found = desk.forge.labelled(_rule(desk, identity))
    keys = {ref: identity.opening(seen.release.name, ref) for ref in issues}
    return {identity.of(ref): mapped(found, partial(requests_for, issue, keys[ref])) for ref, issue in issues.items()}

"""Looking at a snapshot the way most checks do: a document by its name, the fixes, whose a role is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Question, Said
from secrel.process.table import Gate, Process
from secrel.snapshot.seen import Snapshot
from secrel.words.advisories import Advisory
from secrel.words.documents import CALLS, READY, TABLE
from secrel.words.errors import NotSeen
from secrel.words.fixes import Fix, RemovedFix
from secrel.words.forge import Issue, MergeRequest, Pipeline, State
from secrel.words.parts import Part, Unseen, known, need, settled
from secrel.words.people import Duty
from secrel.words.releases import joined

T = TypeVar("T")
Document = Issue | MergeRequest
DOCUMENTS = {name: identity.said for name, identity in TABLE.items() if not identity.is_per_fix}
"""What people call the documents of a release, by name."""
NO_CANONICAL = "is in a project that only members can read, and no canonical issue is linked to it"
"""Why nothing of a fix can become public."""

if TYPE_CHECKING:
    DocumentName = str
else:
    DocumentName = Literal[tuple(DOCUMENTS)]  # what a row of a process may call one of them


def document(snapshot: Snapshot, name: str) -> Document | None:
    """Give a document of the release (one of `DOCUMENTS`) as it was seen, None when it is not there.

    Raises `NotSeen` when it could not be seen.
    """
    part: Part[Document | None] = snapshot.document(name)
    return need(part, DOCUMENTS[name])


def unfit(snapshot: Snapshot, name: str, found: Document) -> Said | None:
    """Say why a document that is there cannot be judged: it is not open any more, or empty; None when it can."""
    empty = Finding(found.ref, f"{DOCUMENTS[name]} is empty") if _is_empty(found) else None
    return ended(snapshot, name, found) or empty


def disputed(snapshot: Snapshot, name: str, found: Document, about: str = "") -> list[Finding]:
    """Give what a person changed in a document that the facts changed as well; findings are about `about`, or it."""
    return [Finding(about or found.ref, said, by_hand(found)) for said in snapshot.disputed.get(name, ())]


def by_hand(found: Document) -> str:
    """Say what to do where people wrote something else into a document than the facts are: that stays as it is."""
    return f"make it say what the facts say, or correct the facts: {found.url}"


def ended(snapshot: Snapshot, name: str, found: Document) -> Said | None:
    """Say what it means that a document is no longer open; None for one that is, or that has done its work.

    One that somebody closed before the release was announced is not what the release goes by. Only a draft that the
    release post carries on has done its work before that.
    """
    said = DOCUMENTS[name]
    if name == "draft" and isinstance(found, MergeRequest) and found.state is not State.OPENED:
        post = document(snapshot, "post")
        if isinstance(post, MergeRequest) and post.state is not State.CLOSED and _carries(post, found, snapshot):
            return Evidence(found.ref, f"{said} was carried over, and {post.ref} is what counts")
        return Finding(
            found.ref,
            f"{said} is {found.state}, and no release post was made of it: open it again{place_of(found)}",
            _reopening(found),
        )
    if found.state is State.CLOSED and not _has_done_its_work(snapshot, name):
        what = f"{said} is closed before its time: open it again{place_of(found)}"
        return Finding(found.ref, what, _reopening(found))
    return None


def _reopening(found: Document) -> str:
    return by_people(found, f"secrel forge state {quoted(found.ref)} opened") if found.state is State.CLOSED else ""


def by_people(found: Document, command: str) -> str:
    """Give the command by which people do something on the embedded forge; empty where they do it at a web address."""
    return "" if place_of(found) else command


def place_of(found: Document) -> str:
    """Say where a document is, behind its reference: its address, and nothing where the forge has no web address."""
    return f": {found.url}" if found.url.startswith(("https://", "http://")) else ""


def _is_empty(found: Document) -> bool:
    if isinstance(found, MergeRequest):
        return not any(text.strip() for _, text in found.files)
    return not found.body.strip() and not found.facts.table


def _carries(post: MergeRequest, draft: MergeRequest, snapshot: Snapshot) -> bool:
    return snapshot.carried is not None or draft.files == post.files != ()


def _has_done_its_work(snapshot: Snapshot, name: str) -> bool:
    """Whether the desk closed a document itself, or the release is announced, or over without an announcement."""
    closing = f"{TABLE[name].opening(snapshot.release.name)}/close"
    if closing in snapshot.receipts or announced(snapshot) is not None:
        return True
    return snapshot.at >= snapshot.release.due and not need(snapshot.fixes, "the fixes")


def seeing(said: Iterator[Said]) -> Iterator[Said]:
    """Give what is said of one thing; what could not be seen of it hides nothing of others."""
    try:
        yield from said
    except NotSeen as fault:
        yield Hidden(str(fault))


def each_fix(snapshot: Snapshot, say: Callable[[Fix], Iterator[Said]]) -> Iterator[Said]:
    """Say something of each linked fix, and what could not be seen of them."""
    fixes = snapshot.told if isinstance(snapshot.fixes, Unseen) else snapshot.fixes
    return _each(snapshot, fixes, known(snapshot.fixes, ()), say, "the fixes could not be seen whole: ")


def each_advisory(snapshot: Snapshot, say: Callable[[Advisory], Iterator[Said]]) -> Iterator[Said]:
    """Say something of each advisory that the release announces, and which could not be seen."""
    return _each(snapshot, snapshot.told, snapshot.contents.advisories, say)


def _each(
    snapshot: Snapshot, part: Part[Any], values: Iterable[T], say: Callable[[T], Iterator[Said]], whole: str = ""
) -> Iterator[Said]:
    if snapshot.is_of_updates_alone:
        yield Evidence(snapshot.release.name, "it has no fix of its own, and announces updates of third parties")
    if isinstance(part, Unseen):
        yield Hidden(part.reason)
        return
    for value in values:
        yield from seeing(say(value))
    if part.shortfall:
        yield Hidden(f"{whole}{part.shortfall}")


def all_ready(snapshot: Snapshot) -> bool:
    """Whether there are fixes, and each is ready or shipped before; raises `NotSeen` for what could not be seen."""
    fixes = need(snapshot.fixes, "the fixes")
    return bool(fixes) and all(was_before(snapshot, fix) or is_ready(fix) for fix in fixes)


def was_before(snapshot: Snapshot, fix: Fix) -> str:
    """Say why nothing of a fix is to be merged for this release: it shipped before; empty for any other."""
    advisory = advisory_of(snapshot, fix.ref)
    return before_this_release(advisory) if advisory is not None else ""


def is_ready(fix: Fix) -> bool:
    """Whether all that has to be merged of a fix is merged, or approved, green and free of conflicts.

    Raises `NotSeen` for what could not be seen. A fix without a merge request is not ready.
    """
    counted = [request for request in requests_of(fix) if request.state is not State.CLOSED]
    return bool(counted) and all(map(_can_be_merged, counted))


def _can_be_merged(request: MergeRequest) -> bool:
    if request.state is State.MERGED:
        return True
    green = settled(request.pipeline, f"the pipeline of {request.ref}") is Pipeline.PASSED and not request.is_draft
    approved = green and bool(settled(request.assents, f"the approvals of {request.ref}"))
    return approved and not settled(request.has_conflicts, f"whether {request.ref} has conflicts")


def ready_untold(snapshot: Snapshot) -> str:
    """Give the key under which release managers are to be told that the fix is ready: they were asked before it was.

    Empty when nobody asked them, when they know, and once the release is announced. It is not said whether it is ready.
    """
    name, call = snapshot.release.name, CALLS["tell_release_managers"][0]
    key, last = f"{name}/estimate/ready", snapshot.written.get(call)
    knows = key in snapshot.receipts or (last is not None and READY in last.text) or announced(snapshot) is not None
    return key if f"{name}/{call}" in snapshot.receipts and not knows else ""


def advisory_of(snapshot: Snapshot, ref: str) -> Advisory | None:
    """Give the advisory of a fix; None when what people wrote cannot be read, `NotSeen` when it could not be seen."""
    if ref in snapshot.untold:
        raise NotSeen(f"{ref}: {snapshot.untold[ref].reason}")
    return next((advisory for advisory in snapshot.contents.advisories if advisory.fix == ref), None)


def before_this_release(advisory: Advisory) -> str:
    """Say why no version of this release brings a fix that it announces; empty when some do.

    It shipped before, or concerned nothing that people run: no merge request is demanded of it, and no tag.
    """
    if advisory.hosted_only:
        return f"only {advisory.hosted_only} was affected, and no version that people run"
    return f"is announced as fixed already, in {joined(advisory.fixed_already)}" if advisory.shipped_before else ""


def left_ids(snapshot: Snapshot) -> list[RemovedFix]:
    """Give the fixes that left the release and have an id of ours, or a request for one: somebody settles those.

    Raises `NotSeen` when one of them could not be seen.
    """
    linked = {fix.ref for fix in need(snapshot.fixes, "the fixes")}
    return [
        removed
        for removed in need(snapshot.removed, "the fixes that were taken out")
        if removed.ref not in linked
        and (
            need(removed.cve_request, f"the CVE request of {removed.ref}") is not None
            or need(removed.own_id, f"the CVE id of {removed.ref}") is not None
        )
    ]


def fix_of(snapshot: Snapshot, ref: str) -> Fix | None:
    """Give a linked fix by its reference; None when it is not linked, `NotSeen` when that could not be seen."""
    found = next((fix for fix in snapshot.tracked_fixes if fix.ref == ref), None)
    return found if found is not None else next((f for f in need(snapshot.fixes, "the fixes") if f.ref == ref), None)


def requests_of(fix: Fix) -> tuple[MergeRequest, ...]:
    """Give the merge requests of a fix; raises `NotSeen` when they could not be seen."""
    return need(fix.merge_requests, f"the merge requests of {fix.ref}")


def issue_of(fix: Fix) -> Issue:
    """Give the issue of a fix; raises `NotSeen` when it could not be seen."""
    return need(fix.issue, f"the issue {fix.ref}")


def disclosed(fix: Fix) -> Issue | None:
    """Give the issue that becomes public: the fix's own, or the canonical one where only members can read its project.

    None when no canonical one is linked to it; raises `NotSeen` when that could not be seen.
    """
    issue = issue_of(fix)
    return need(fix.canonical, f"the canonical issue of {fix.ref}") if issue.members_only else issue


def stays_confidential(fix: Fix, keep: str) -> bool:
    """Whether the label `keep` is on the issue of a fix, or on the one that would become public in its place.

    Raises `NotSeen` when that could not be seen.
    """
    if keep in issue_of(fix).labels:
        return True
    shown = disclosed(fix)
    return shown is not None and keep in shown.labels


def days_until_public(snapshot: Snapshot, ref: str) -> int:
    """Give after how many days the issue of a fix becomes public; those of the release while its facts cannot be read.

    Raises `NotSeen` when its facts could not be seen.
    """
    advisory, release = advisory_of(snapshot, ref), snapshot.release
    return advisory.days_until_public(release) if advisory else release.disclosure_days


def becomes_public_at(snapshot: Snapshot, ref: str) -> datetime | None:
    """Tell when a fix's days of disclosure are over, None before the announcement; raises `NotSeen` as they do."""
    live = announced(snapshot)
    return live and live + timedelta(days=days_until_public(snapshot, ref))


def readable_notes(issue: Issue) -> tuple[str, ...]:
    """Give the notes that outsiders would read on a public issue, oldest first; `NotSeen` when they were not seen."""
    return tuple(note.body for note in settled(issue.notes, f"the notes of {issue.ref}") if not note.internal)


def announced(snapshot: Snapshot) -> datetime | None:
    """Tell when the post went live, None before; raises `NotSeen` when the post could not be seen."""
    return need(snapshot.live, DOCUMENTS["post"])


def existed_since(snapshot: Snapshot) -> datetime | None:
    """Tell since when the release exists: its tracking issue was opened, and if that stood empty, it was filled in.

    Before that nothing was due, and nobody was asked for anything. None when the forge does not say; raises `NotSeen`
    when the issue could not be seen.
    """
    name, tracking = snapshot.release.name, document(snapshot, "tracking")
    known = [snapshot.receipts[key].at for key in (f"{name}/tracking", f"{name}/details") if key in snapshot.receipts]
    opened = tracking.created_at if isinstance(tracking, Issue) else None
    return max([*known, *([opened] if opened else [])], default=None)


def duty_of(snapshot: Snapshot) -> tuple[str, ...]:
    """Give the usernames of Primary and Secondary, those that are named."""
    duty = snapshot.duty or Duty("", "", "")
    return tuple(filter(None, (duty.primary, duty.secondary)))


def person_behind(role: str, snapshot: Snapshot, process: Process) -> str:
    """Give the username or group behind a role; the role itself when nobody is named."""
    if role in {"primary", "secondary"}:
        return (getattr(snapshot.duty, role) if snapshot.duty else "") or role
    word = role.replace("-", "_")
    return process.people.get(word) or process.people.get(f"{word}s") or role


def companion_said(gate: Gate, process: Process) -> str:
    """Say which issue has to be linked beside the fixes, by its gate's row: what it is, in which project, how labelled.

    Raises `Misused` where the process has no such project.
    """
    role = gate.told("companion")
    one_of = " or ".join(process.named("labels", one) for one in gate.told("one_of"))
    labels = " and ".join(filter(None, (process.labels.get(role, ""), one_of)))
    labelled = f", labelled {labels}" if labels else ""
    return f"{gate.told('said')} (in {process.named('projects', role)}{labelled})"


def label_named(question: Question[Any], role: str) -> str:
    """Give the label that plays a role, such as `keep_confidential`; raises `Misused` when it has none."""
    return question.process.named("labels", role)

"""When a merge request is ready: the rules of gitlab-process.md 2.3, one function each, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from secrel.evaluate.looking import advisory_of, before_this_release
from secrel.evaluate.params import Count, Told
from secrel.process.table import Process
from secrel.snapshot.seen import Snapshot
from secrel.words.errors import NotSeen
from secrel.words.fixes import Fix
from secrel.words.forge import Assent, MergeRequest, Note, Pipeline, State
from secrel.words.parts import Open, Unseen, known, settled
from secrel.words.people import Person, handle_of, wrote

T = TypeVar("T")
_MOST, _LONGEST = 3, 60
"""How many people are named in one fault, and how many characters of each."""
_PIPELINES = {Pipeline.NONE: "has no pipeline", Pipeline.FAILED: "its pipeline has failed"}


class MergeRules(Told, frozen=True):
    """`approvals`: the teams that approve one for the default branch.

    `backport_approvals`: how many people approve any other; `assigned_to_bot`: true when the release bot has to be an
    assignee; `milestone`: true when one is needed.
    """

    approvals: tuple[str, ...] = ()
    backport_approvals: Count = 1
    assigned_to_bot: bool = False
    milestone: bool = False


class Demands(Struct, frozen=True):
    """What a process asks of a merge request.

    `teams` have each to approve one that goes to the default branch, `approvals` is how many people have to approve
    one that goes elsewhere (and at least so many one that goes to the default branch, when no team is named); `label`
    and `bot` are empty when nothing is asked. `people` are the team.
    """

    default_branch: str
    teams: tuple[str, ...] = ()
    approvals: int = 0
    label: str = ""
    bot: str = ""
    milestone: bool = False
    people: tuple[Person, ...] = ()


def demands_of(params: MergeRules, default_branch: str, process: Process, snapshot: Snapshot) -> Demands:
    """Say what a row of the process asks of the merge requests of a product; raises `Misused` for a missing label."""
    return Demands(
        default_branch=default_branch,
        teams=params.approvals,
        approvals=params.backport_approvals,
        label=process.named("labels", "security"),
        bot=process.people.get("release_bot", "") if params.assigned_to_bot else "",
        milestone=params.milestone,
        people=snapshot.people,
    )


class Standing(Struct, frozen=True):
    """An open merge request of a fix, what is demanded of it, and its faults; whole when all of it could be seen."""

    request: MergeRequest
    demands: Demands
    faults: tuple[str, ...]
    is_whole: bool

    @property
    def is_under_way(self) -> bool:
        """Whether its pipeline is running, so that it may have a fault again in a moment."""
        return self.request.pipeline is Pipeline.RUNNING


def standings(snapshot: Snapshot, rules: MergeRules, process: Process) -> Iterator[Standing]:
    """Tell how each open merge request stands, of every fix that this release ships and that could be seen."""
    for fix in snapshot.tracked_fixes:
        shipment = None if isinstance(fix.product, Unseen) else snapshot.release.shipment(fix.product)
        if shipment is None or _shipped_before(snapshot, fix):
            continue
        demands = demands_of(rules, shipment.product.default_branch, process, snapshot)
        for request in known(fix.merge_requests, ()):
            if request.state is State.OPENED:
                found = tuple(faults(request, demands))
                said = tuple(fault for fault in found if isinstance(fault, str))
                yield Standing(request, demands, said, len(said) == len(found))


def _shipped_before(snapshot: Snapshot, fix: Fix) -> bool:
    try:
        advisory = advisory_of(snapshot, fix.ref)
    except NotSeen:
        return False
    return advisory is not None and bool(before_this_release(advisory))


def own_discussions(request: MergeRequest) -> int:
    """Count the open discussions on a merge request that are the desk's alone; 0 while its notes are unseen.

    One in which somebody has answered is theirs as well: it is over when a person resolves it.
    """
    return len([note for note in _begun(request) if not is_answered(request, note)])


def is_answered(request: MergeRequest, begun: Note) -> bool:
    """Whether somebody has written into the discussion that a note of the desk began."""
    notes = () if isinstance(request.notes, Unseen) else request.notes
    return bool(begun.thread) and any(note.thread == begun.thread and not note.mark for note in notes)


def _begun(request: MergeRequest) -> list[Note]:
    """Give the notes of the desk that began a discussion which is open."""
    notes = () if isinstance(request.notes, Unseen) else request.notes
    return [note for note in notes if note.is_open and note.mark]


def standing_assents(request: MergeRequest, people: Sequence[Person]) -> list[Assent]:
    """Give the approvals that count: by somebody else (`why_not`), and given since the branch last moved.

    Raises `NotSeen` when the approvals could not be seen.
    """
    given = settled(request.assents, f"the approvals of {request.ref}")
    return [one for one in given if not request.is_stale(one) and not why_not(one, request, people)]


def why_not(assent: Assent, request: MergeRequest, people: Sequence[Person]) -> str:
    """Say why somebody's approval does not count, whenever it was given; empty when it does.

    Whoever opened it or wrote one of its commits, as the team's names and addresses tell, is not somebody else.
    """
    if handle_of(assent.by) == handle_of(request.author):
        return "opened it"
    if wrote(people, assent.by, request.writers):
        return "wrote a commit of it"
    return ""


def faults(request: MergeRequest, demands: Demands) -> Iterator[str | Unseen]:
    """Tell everything that keeps an open merge request from being ready, except a pipeline that is still running.

    What the forge left open is told in its place. The desk's own discussion is none: it is about the rest.
    """
    yield from _told(request.pipeline, "its pipeline", lambda pipeline: _PIPELINES.get(pipeline, ""))
    yield from _told(
        request.has_conflicts,
        "whether it has conflicts",
        lambda has: "cannot be merged: it has conflicts" if has else "",
    )
    if request.is_draft:
        yield "is still a draft"
    if request.open_boxes:
        yield f"has {request.open_boxes} open boxes in its description"
    if demands.milestone and not request.milestone:
        yield "has no milestone"
    yield from _told(request.open_discussions, "its discussions", lambda count: _discussed(count, request))
    if demands.label and demands.label not in request.labels:
        yield f"lacks the label {demands.label!r}"
    yield from _missing_approvals(request, demands)
    if demands.bot and demands.bot not in request.assignees:
        yield f"is not assigned to {demands.bot}"


def _discussed(count: int, request: MergeRequest) -> str:
    others = count - own_discussions(request)
    answered = len(_begun(request)) - own_discussions(request)
    said = f" ({answered} of them the desk's, with an answer: a person resolves it)" if answered else ""
    return f"has {others} open discussions{said}" if others > 0 else ""


def _told(field: Open[T], name: str, fault: Callable[[T], str]) -> Iterator[str | Unseen]:
    """Tell what is wrong with a field, or that the forge left it open."""
    if isinstance(field, Unseen):
        yield Unseen(f"{name} could not be seen: {field.reason}")
    elif said := fault(field):
        yield said


def _missing_approvals(request: MergeRequest, demands: Demands) -> Iterator[str | Unseen]:
    if isinstance(request.assents, Unseen):
        yield Unseen(f"its approvals could not be seen: {request.assents.reason}")
        return
    given = standing_assents(request, demands.people)
    stale = " since it last changed" if any(map(request.is_stale, request.assents)) and not given else ""
    stale += _uncounted(request, demands.people)
    if request.target == demands.default_branch and demands.teams:
        for team in demands.teams:
            if not any(assent.team == team for assent in given):
                yield f"is not approved by {team}{stale}"
    elif len({assent.by for assent in given}) < demands.approvals:
        yield f"has {len({assent.by for assent in given})} of {demands.approvals} approvals{stale}"


def _uncounted(request: MergeRequest, people: Sequence[Person]) -> str:
    """Say whose approval of it as it is now does not count, and why, each once."""
    given = settled(request.assents, f"the approvals of {request.ref}")
    why = {one.by: said for one in given if not request.is_stale(one) and (said := why_not(one, request, people))}
    told = [f"; that of {by[:_LONGEST]} does not count, who {said}" for by, said in why.items()]
    return "".join(told[:_MOST])

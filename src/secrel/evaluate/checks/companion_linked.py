"""An issue that goes along with the release, such as the incident that called for it, is linked to the tracking issue.

People open it. It is told by the project that it is in and by its label, if it has one, and never by its title.

Rule: docs/process/gitlab/incident-linked.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import companion_said, document, place_of, seeing
from secrel.evaluate.params import Told
from secrel.evaluate.verdicts import Evidence, Finding, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.fixes import Companion
from secrel.words.forge import Issue, State
from secrel.words.parts import known, need


class Params(Told, frozen=True):
    """`companion`: the role of its project, and of its label where it has one; `said` how people speak of it.

    `one_of`: roles of labels, one of which it has to carry as well; none: it needs no other.
    """

    companion: str
    said: str
    one_of: tuple[str, ...] = ()


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Look at what is linked out of its project: one that is right is enough, whatever could not be seen."""
    project = question.process.named("projects", question.params.companion)
    there = [one for one in known(snapshot.companions, ()) if one.ref.partition("#")[0] == project]
    said = [one for found in there for one in seeing(_judged(found, snapshot, question))]
    right = [one for one in said if isinstance(one, Evidence)]
    if right or said:
        yield from right or said
        return
    need(snapshot.companions, "what is linked to the tracking issue")
    yield Finding(snapshot.release.name, f"{companion_said(question.gate, question.process)} is not linked")


def _judged(found: Companion, snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    issue, process, params = need(found.issue, found.ref), question.process, question.params
    one_of = [process.named("labels", role) for role in params.one_of]
    own = process.labels.get(params.companion, "")
    lacking = [own] if own and own not in issue.labels else []
    if one_of and not issue.labels.intersection(one_of):
        lacking.append(" or ".join(one_of))
    if _is_of_before(issue, snapshot):
        what = f"was closed, and opened before this release: it is not {params.said} of it"
        yield Finding(issue.ref, f"{what}{place_of(issue)}")
    elif lacking:
        what = f"is linked, and is not labelled {' nor '.join(lacking)}: it does not count as {params.said}"
        yield Finding(issue.ref, f"{what}{place_of(issue)}")
    else:
        yield Evidence(issue.ref, f"is {params.said}, and linked")


def _is_of_before(issue: Issue, snapshot: Snapshot) -> bool:
    """Whether somebody copied the link with an earlier tracking issue: what is over was opened before this one."""
    tracking = document(snapshot, "tracking")
    begun = tracking.created_at if isinstance(tracking, Issue) else None
    if issue.state is not State.CLOSED or begun is None or issue.created_at is None:
        return False
    return issue.created_at < begun

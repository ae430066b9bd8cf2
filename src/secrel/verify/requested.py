"""What the CNA's project says of a CVE request by labels, held against what is known of the id otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from secrel.words.forge import Issue
from secrel.words.ids import CveId
from secrel.words.releases import joined

ERROR, REJECTED, PUBLISHED = "cve_error", "cve_rejected", "cve_published"
"""The roles of the labels that say so in a process; one that has none of a role asks nothing of it."""


_STATES = (ERROR, REJECTED, PUBLISHED)


class IdKnown(Struct, frozen=True):
    """What is known of a request beside its labels.

    `cve_id` is the id that the fix goes by, None while it has none; `rejected` are ids that the CNA's notes took back;
    `is_announced` is whether the release is.
    """

    cve_id: CveId | None
    rejected: Sequence[CveId] = ()
    is_announced: bool = False


def are_stated(labels: Mapping[str, str]) -> bool:
    """Whether a process names a label for any of the states: then requests have to be seen."""
    return any(labels.get(role) for role in _STATES)


def stated(request: Issue, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Give the roles of the states that a request is labelled with; `labels` are those of the process, by role."""
    there = {label.casefold() for label in request.labels}
    return tuple(role for role in _STATES if labels.get(role, "").casefold() in there - {""})


def state_faults(request: Issue, labels: Mapping[str, str], known: IdKnown) -> Iterator[str]:
    """Say what the labels of a request tell against its id, and what to do: one sentence each; nothing when all agrees.

    That a request is labelled as published is no evidence that the record is: labels are set by hand.
    """
    states = stated(request, labels)
    if len(states) > 1:
        yield f"is labelled {joined([labels[one] for one in states])} at once: ask the CNA which of them holds"
    for state in states:
        said = f"is labelled {labels[state]}"
        if state == ERROR:
            yield f"{said}: read what the CNA wrote on it, correct it, and let the CNA take the label off"
        elif state == REJECTED:
            yield f"{said}{_rejected(known)}"
        elif known.cve_id is None and known.rejected:
            yield f"{said}, and the CNA's note says that {joined(known.rejected)} was rejected: ask which of them holds"
        elif known.cve_id is None:
            yield f"{said}, and no note of the CNA assigns an id: ask which one it is"
        elif not known.is_announced:
            yield f"{said} before the release: ask the CNA at once whether everybody can read {known.cve_id}"


def _rejected(known: IdKnown) -> str:
    if known.cve_id is not None:
        return f", and {known.cve_id} is what its fix goes by: ask the CNA which of them holds before it is published"
    if known.rejected:
        return f", as the CNA's note says of {joined(known.rejected)}: request another id, or say why it needs none"
    return ", and no note of the CNA says why: ask, then request another id, or say why it needs none"

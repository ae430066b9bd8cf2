"""What is linked to a tracking issue and is no fix: documents of the release, and its companions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from secrel.process.table import Process
from secrel.words.documents import TABLE
from secrel.words.fixes import Companion
from secrel.words.forge import Issue
from secrel.words.parts import Part, known, mapped
from secrel.words.sighting import LinkedFix, RemovedLink

_Linked = LinkedFix | RemovedLink


def beside(documents: Iterable[Part[Issue | None]], process: Process) -> Callable[[_Linked], bool]:
    """Tell of what is linked to a tracking issue whether it is no fix: people link other things of a release as well.

    Those are in projects of documents or of companions that no product lands its fixes in; elsewhere documents are
    known by their address, and companions by their label.
    """
    repositories = {product.repository for product in process.products}
    homes = {process.projects.get(identity.project, "") for identity in TABLE.values()}
    homes |= {process.projects.get(role, "") for role in _roles(process)}
    homes -= repositories
    refs = {found.ref for part in documents if (found := known(part, None)) is not None}

    def is_beside(one: _Linked) -> bool:
        ref = one.link.ref
        return ref in refs or ref.partition("#")[0] in homes or bool(_carried(one, process))

    return is_beside


def companions(linked: Part[tuple[LinkedFix, ...]], process: Process) -> Part[tuple[Companion, ...]]:
    """Give what is linked out of the projects of companions (the `companion` of a gate), whatever it is labelled."""
    homes = {process.projects.get(role, "") for role in _roles(process)}
    return mapped(
        linked,
        lambda links: tuple(
            Companion(one.link.ref, one.issue) for one in links if one.link.ref.partition("#")[0] in homes
        ),
    )


def _roles(process: Process) -> Sequence[str]:
    return [role for gate in process.gates if (role := gate.told("companion"))]


def _carried(one: _Linked, process: Process) -> list[str]:
    """Name the companions as which an issue is labelled, in their project."""
    issue, project = known(one.issue, None), one.link.ref.partition("#")[0]
    return [
        role
        for role in _roles(process)
        if issue is not None and process.projects.get(role) == project and process.labels.get(role, "") in issue.labels
    ]

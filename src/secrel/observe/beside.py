"""What is linked to a tracking issue and is no fix: documents of the release, and its companions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

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
    by_role = _homes(process)
    homes = {process.projects.get(identity.project, "") for identity in TABLE.values()} | {*by_role.values()}
    homes -= {product.repository for product in process.products}
    refs = {found.ref for part in documents if (found := known(part, None)) is not None}

    def is_beside(one: _Linked) -> bool:
        project, issue = one.link.ref.partition("#")[0], known(one.issue, None)
        labels = issue.labels if issue is not None else frozenset()
        is_labelled = any(home == project and process.labels.get(role, "") in labels for role, home in by_role.items())
        return one.link.ref in refs or project in homes or is_labelled

    return is_beside


def companions(linked: Part[tuple[LinkedFix, ...]], process: Process) -> Part[tuple[Companion, ...]]:
    """Give what is linked out of the projects of companions (the `companion` of a gate), whatever it is labelled."""
    homes = {*_homes(process).values()}
    return mapped(
        linked,
        lambda links: tuple(
            Companion(one.link.ref, one.issue) for one in links if one.link.ref.partition("#")[0] in homes
        ),
    )


def _homes(process: Process) -> dict[str, str]:
    """Give the projects of companions by their roles; empty where the process names none."""
    return {role: process.projects.get(role, "") for gate in process.gates if (role := gate.told("companion"))}

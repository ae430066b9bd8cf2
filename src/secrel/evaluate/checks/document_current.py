"""A document of the release says what is so now.

Where the desk has said what it would write, the document is compared with that; else with the facts it has to hold.
What a person changed in it and the facts changed as well is a finding until both say the same. A checklist is rewritten
once an hour at most, until the release is near: while it waits for that, so does its gate.

Rule: docs/process/gitlab/checklist-current.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from secrel.evaluate.looking import DOCUMENTS, Document, DocumentName, disputed, document, unfit
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Evidence, Finding, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.verify.telling import lacking
from secrel.words.parts import need


class Params(Told, frozen=True):
    """`document`: which one, by its name in the snapshot; `facts`: what it has to hold."""

    document: DocumentName
    facts: tuple[Literal["versions", "fixes", "cves"], ...] = ()


_BY_ITSELF = "the desk"


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Compare the document that the row names with what is known now."""
    name = question.params.document
    found = document(snapshot, name)
    if found is None:
        yield Finding(snapshot.release.name, f"{DOCUMENTS[name]} does not exist yet")
        return
    fault = unfit(snapshot, name, found)
    if fault is not None:
        yield fault
        return
    until = snapshot.behind.get(name)
    who = _BY_ITSELF if until is not None or name in snapshot.wanted else ""
    faults = [Finding(found.ref, fault, who=who) for fault in _faults(found, snapshot, question)]
    faults += disputed(snapshot, name, found)
    yield from faults
    if until is not None:
        again = f"secrel checklist {quoted(snapshot.release.name)}"
        what = f"{DOCUMENTS[name]} is behind, and the desk writes it again from {until:%H:%M %Z} on"
        yield Pending(found.ref, what, _BY_ITSELF, again, until)
    elif not faults:
        yield Evidence(found.ref, f"{DOCUMENTS[name]} says what is so")


def _faults(found: Document, snapshot: Snapshot, question: Question[Params]) -> Iterator[str]:
    name = question.params.document
    wanted = snapshot.wanted.get(name)
    if wanted is not None:
        if found.body.strip() != wanted.strip():
            yield f"{DOCUMENTS[name]} is out of date"
        return
    facts = [fact for kind in question.params.facts for fact in _facts(snapshot, kind)]
    for label in lacking(f"{found.title}\n{found.body}", facts):
        yield f"{DOCUMENTS[name]} does not name {label}"


def _facts(snapshot: Snapshot, kind: str) -> list[tuple[str, str]]:
    if kind == "versions":
        return [(str(v), str(v)) for shipment in snapshot.release.shipments for v in shipment.versions]
    told = need(snapshot.told, "what the release announces")
    match kind:
        case "fixes":
            return [(advisory.fix, advisory.fix) for advisory in told.advisories]
        case _:
            return [(a.cve_id.text, a.cve_id.text) for a in told.advisories if a.cve_id is not None]

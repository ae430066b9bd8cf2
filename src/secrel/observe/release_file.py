"""The release file: one YAML file with everything a release begins with (docs/release-file.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from secrel.observe.facts import dependencies_of, read_advisory, read_release
from secrel.observe.yaml_files import Document, read_yaml
from secrel.process.table import Process
from secrel.words.errors import Misused
from secrel.words.facts.stated import FixFacts, ReleaseFacts, read_facts
from secrel.words.facts.tables import BadFact
from secrel.words.releases import Release

_NAME = re.compile(r"[\w.+-]{1,80}")


class Branch(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A branch that is there already, and the branch it is to be merged into."""

    branch: str
    target: str


class EntryTold(msgspec.Struct, frozen=True):
    """What a release file says of a fix beside its facts: how it is called, labelled and merged.

    `name` is a short handle without secrets: it goes into keys (letters, digits, dots and dashes).
    """

    name: str
    labels: tuple[str, ...] = ()
    merge_requests: tuple[Branch, ...] = ()


class _Told(msgspec.Struct, frozen=True):
    fixes: list[EntryTold] = []


@dataclass(frozen=True, slots=True)
class FixEntry:
    """One fix of a release file: its facts, and what is told beside them."""

    name: str
    facts: FixFacts
    labels: tuple[str, ...] = ()
    merge_requests: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A release file that was read: the release, its facts as the tracking issue will hold them, the fixes."""

    release: Release
    facts: ReleaseFacts
    fixes: tuple[FixEntry, ...]


def check_name(entry: FixEntry) -> None:
    """Raise `BadFact` for a name that cannot go into keys."""
    if not _NAME.fullmatch(entry.name):
        raise BadFact(
            f"{entry.name[:60]!r} is no name for a fix",
            ("name",),
            remedy="use letters, digits, dots and dashes, such as notebooks-2",
        )


def check_labels(labels: Sequence[str], process: Process) -> None:
    """Raise `BadFact` for a label that the process does not know: nothing would ever look for it."""
    known = sorted(set(process.labels.values()))
    for number, label in enumerate(labels):
        if label not in known:
            raise BadFact(
                f"there is no label {label[:60]!r}", ("labels", number), remedy=f"use one of: {', '.join(known)}"
            )


def _check_fix(entry: FixEntry, release: Release, process: Process) -> None:
    check_name(entry)
    check_labels(entry.labels, process)
    targets = [request.target for request in entry.merge_requests]
    twice = next((number for number, target in enumerate(targets) if targets.index(target) != number), None)
    if twice is not None:
        raise BadFact(
            f"two merge requests go into {targets[twice][:60]!r}",
            ("merge_requests", twice),
            remedy="name one for each branch",
        )
    product = process.product(entry.facts.product or release.main.product.key)
    if product is None:
        what = f"{entry.facts.product[:40]!r} is no product of the process"
        raise BadFact(what, ("product",), remedy="correct `product`")
    shipment = release.shipment(product.key)
    known = {product.default_branch, *(product.branch_of(s) for s in (shipment.series if shipment else ()))}
    strange = next((number for number, target in enumerate(targets) if target not in known), None)
    if strange is not None:
        raise BadFact(
            f"{targets[strange][:60]!r} is no branch of this release",
            ("merge_requests", strange),
            remedy=f"use {', '.join(sorted(known))}",
        )
    read_advisory(entry.facts, entry.name, "", release)


def _check_extras(told: ReleaseFacts, release: Release) -> None:
    """Raise `BadFact` for what else the release carries and cannot ship."""
    shipped = {str(version) for shipment in release.shipments for version in shipment.versions}
    for number, update in enumerate(dependencies_of(told, release)):
        if release.shipment(update.product) is None:
            raise BadFact(
                f"{update.product[:40]!r} is not shipped by this release",
                ("dependencies", number, "product"),
                remedy=f"name one of: {', '.join(s.product.key for s in release.shipments)}",
            )
    named = {
        "bug_fixes": [fix.version for fix in told.bug_fixes],
        "upgrade_notes": [note.version for note in told.upgrade_notes],
    }
    for field, versions in named.items():
        for number, version in enumerate(versions):
            if version not in shipped:
                raise BadFact(
                    f"{version[:40]!r} is no version of this release",
                    (field, number, "version"),
                    remedy=f"name one of: {', '.join(sorted(shipped))}",
                )


@contextmanager
def _placed(document: Document, *path: str | int) -> Iterator[None]:
    """Say file and line of a fact that is wrong."""
    try:
        yield
    except BadFact as fault:
        place = document.place(*path, *fault.path)
        raise BadFact(fault.what, fault.path, where=place, remedy=fault.remedy) from fault


def _entry(told: EntryTold, table: Mapping[str, Any]) -> FixEntry:
    facts = read_facts(
        FixFacts, {name: value for name, value in table.items() if name not in EntryTold.__struct_fields__}
    )
    return FixEntry(told.name, facts.whole(FixFacts), told.labels, told.merge_requests)


def read_fix_file(text: str, name: str) -> FixEntry:
    """Read the text of a file with one fix, as it would stand in a release file; raises `Misused` with file and line.

    Whether its facts fit a release is for whoever brings it into one to say.
    """
    document = read_yaml(text, name)
    told = document.decode(EntryTold)
    with _placed(document):
        return _entry(told, document.data)


def read_head(table: Mapping[str, Any]) -> ReleaseFacts:
    """Read what a file states of its release; raises `BadFact` with the field."""
    facts = read_facts(ReleaseFacts, table).whole(ReleaseFacts)
    if facts.next_after:
        raise BadFact("this is the desk's to write", ("next_after",), remedy="leave it out")
    return facts


def read_release_file(text: str, name: str, process: Process) -> ReleaseFile:
    """Read the text of a release file, which messages call `name`; raises `Misused` with file and line."""
    document = read_yaml(text, name)
    told = document.decode(_Told).fixes
    with _placed(document):
        facts = read_head({key: value for key, value in document.data.items() if key != "fixes"})
        release = read_release(facts, process, name)
        _check_extras(facts, release)
    names = [entry.name for entry in told]
    fixes = []
    for number, entry in enumerate(told):
        if names.index(entry.name) != number:
            raise Misused(
                f"two fixes are named {entry.name[:60]!r}",
                where=document.place("fixes", number),
                remedy="give each its own name",
            )
        with _placed(document, "fixes", number):
            fixes.append(_entry(entry, document.data["fixes"][number]))
            _check_fix(fixes[-1], release, process)
    return ReleaseFile(release, facts, tuple(fixes))

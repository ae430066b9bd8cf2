"""The release file: one YAML file with everything a release begins with (docs/release-file.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from secrel.observe.facts import BadFact, FixFacts, ReleaseFacts, read_advisory, read_extras, read_release
from secrel.process.table import Process
from secrel.reading.documents import Faults
from secrel.reading.yaml import read_yaml
from secrel.words.releases import Release

_NAME = re.compile(r"[\w.+-]{1,80}")
_REMEDY = "correct the file; docs/release-file.md has every field"


class BranchFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A branch that is there already, and the branch it is to be merged into."""

    branch: str
    target: str


class FixEntry(FixFacts, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One fix of a release file: its details table, and how it is called, labelled and merged.

    `name` is a short handle without secrets: it goes into keys (letters, digits, dots and dashes).
    """

    name: str
    labels: list[str] = msgspec.field(default_factory=list)
    merge_requests: list[BranchFacts] = msgspec.field(default_factory=list)


class _Told(ReleaseFacts, forbid_unknown_fields=True, frozen=True, kw_only=True):
    fixes: list[FixEntry] = msgspec.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A release file that was read: the release, its facts as the tracking issue will hold them, the fixes."""

    release: Release
    facts: Mapping[str, Any]
    fixes: tuple[FixEntry, ...]


def fix_facts(entry: FixEntry) -> dict[str, Any]:
    """Give the details table of one entry: what is known, without what is empty."""
    told = {name: getattr(entry, name) for name in FixFacts.__struct_fields__}
    written = msgspec.to_builtins(told).items()
    return {name: value for name, value in written if name == "title" or value not in ("", [], None)}


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
    product = process.product(entry.product or release.main.product.key)
    if product is None:
        raise BadFact(f"{entry.product[:40]!r} is no product of the process", ("product",), remedy="correct `product`")
    shipment = release.shipment(product.key)
    known = {product.default_branch, *(product.branch_of(s) for s in (shipment.series if shipment else ()))}
    strange = next((number for number, target in enumerate(targets) if target not in known), None)
    if strange is not None:
        raise BadFact(
            f"{targets[strange][:60]!r} is no branch of this release",
            ("merge_requests", strange),
            remedy=f"use {', '.join(sorted(known))}",
        )
    read_advisory(fix_facts(entry), entry.name, "", release)


def _check_extras(told: ReleaseFacts, release: Release) -> None:
    """Raise `BadFact` for what else the release carries and cannot ship."""
    dependencies, bug_fixes, notes = read_extras(told, release)
    shipped = {str(version) for shipment in release.shipments for version in shipment.versions}
    for number, update in enumerate(dependencies):
        if release.shipment(update.product) is None:
            raise BadFact(
                f"{update.product[:40]!r} is not shipped by this release",
                ("dependencies", number, "product"),
                remedy=f"name one of: {', '.join(s.product.key for s in release.shipments)}",
            )
    named = {"bug_fixes": [fix.version for fix in bug_fixes], "upgrade_notes": [note.version for note in notes]}
    for field, versions in named.items():
        for number, version in enumerate(versions):
            if version not in shipped:
                raise BadFact(
                    f"{version[:40]!r} is no version of this release",
                    (field, number, "version"),
                    remedy=f"name one of: {', '.join(sorted(shipped))}",
                )


def read_fix_file(text: str | bytes, name: str) -> FixEntry:
    """Read a file with one fix, as it would stand in a release file; raises `Malformed` with file and line.

    Whether its facts fit a release is for whoever brings it into one to say.
    """
    return read_yaml(text, name, remedy=_REMEDY).decode(FixEntry)


def read_release_file(text: str | bytes, name: str, process: Process) -> ReleaseFile:
    """Read a release file, which messages call `name`; raises `Malformed` with every fault, each with its line.

    The fixes are held to the release, and so judged once that can be read.
    """
    document = read_yaml(text, name, remedy=_REMEDY)
    told, faults = document.decode(_Told), Faults(document)
    facts = {key: value for key, value in document.data.items() if key != "fixes"}
    release = faults.attempt((), lambda: read_release(facts, process)[0])
    faults.once("the name", ((("fixes", number), entry.name) for number, entry in enumerate(told.fixes)))
    if release is None:
        raise faults.error
    faults.attempt((), lambda: _check_extras(told, release))
    faults.each(("fixes",), told.fixes, lambda entry: _check_fix(entry, release, process))
    faults.raise_if_any()
    return ReleaseFile(release, facts, tuple(told.fixes))

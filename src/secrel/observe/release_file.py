"""The release file: one YAML file with everything a release begins with (docs/release-file.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from secrel.observe.facts import FixFacts, ReleaseFacts, read_advisory, read_release
from secrel.observe.yaml_files import Document, read_yaml
from secrel.process.table import Process
from secrel.words.errors import Misused
from secrel.words.releases import Release

_SAME_TARGETS = 1


class BranchFacts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A branch that is there already, and the branch it is to be merged into."""

    branch: str
    target: str


class FixEntry(FixFacts, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One fix of a release file: its details table, and how it is called, labelled and merged.

    `name` is a short handle without secrets: it goes into keys.
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
    return {name: value for name, value in msgspec.to_builtins(told).items() if value not in ("", [], None)}


def _check_fix(entry: FixEntry, document: Document, number: int, release: Release, process: Process) -> None:
    place = document.place("fixes", number)
    targets = [request.target for request in entry.merge_requests]
    twice = next((target for target in targets if targets.count(target) > _SAME_TARGETS), None)
    if twice is not None:
        raise Misused(f"two merge requests go into {twice[:60]!r}", where=place, remedy="name one for each branch")
    product = process.product(entry.product or release.main.product.key)
    if product is None:
        raise Misused(f"{entry.product[:40]!r} is no product of the process", where=place, remedy="correct `product`")
    shipment = release.shipment(product.key)
    known = {product.default_branch, *(product.branch_of(s) for s in (shipment.series if shipment else ()))}
    strange = sorted(set(targets) - known)
    if strange:
        raise Misused(
            f"{strange[0][:60]!r} is no branch of this release",
            where=place,
            remedy=f"use {', '.join(sorted(known))}",
        )
    try:
        read_advisory(fix_facts(entry), entry.name, "", release)
    except Misused as fault:
        raise Misused(fault.what, where=place, remedy=fault.remedy) from fault


def read_fix_file(text: str, name: str) -> FixEntry:
    """Read the text of a file with one fix, as it would stand in a release file; raises `Misused` with file and line.

    Whether its facts fit a release is for whoever brings it into one to say.
    """
    return read_yaml(text, name).decode(FixEntry)


def read_release_file(text: str, name: str, process: Process) -> ReleaseFile:
    """Read the text of a release file, which messages call `name`; raises `Misused` with file and line."""
    document = read_yaml(text, name)
    told = document.decode(_Told)
    facts = {key: value for key, value in document.data.items() if key != "fixes"}
    try:
        release, _ = read_release(facts, process, name)
    except Misused as fault:
        raise Misused(fault.what, where=document.place(*_field_of(fault.what)), remedy=fault.remedy) from fault
    names = [entry.name for entry in told.fixes]
    for number, entry in enumerate(told.fixes):
        if names.index(entry.name) != number:
            raise Misused(
                f"two fixes are named {entry.name[:60]!r}",
                where=document.place("fixes", number),
                remedy="give each its own name",
            )
        _check_fix(entry, document, number, release, process)
    return ReleaseFile(release, facts, tuple(told.fixes))


def _field_of(what: str) -> tuple[str, ...]:
    """Guess which field a complaint about the whole release is about, to point at its line."""
    for field in ("due", "disclosure_days", "release"):
        if f"`{field}`" in what:
            return (field,)
    return ("products",) if "product" in what or "version" in what else ()

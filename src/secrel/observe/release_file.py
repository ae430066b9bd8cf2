"""The release file: one YAML file with everything a release begins with (docs/release-file.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from secrel.evaluate.remedies import quoted
from secrel.observe.facts import dependencies_of, facts_in, read_advisory, read_release
from secrel.process.table import Process
from secrel.reading import largest
from secrel.reading.documents import Faults
from secrel.reading.signs import Path
from secrel.reading.yaml import read_yaml
from secrel.words.errors import Misused
from secrel.words.facts.stated import FixFacts, ReleaseFacts
from secrel.words.facts.tables import is_text
from secrel.words.patterns import pattern
from secrel.words.releases import Release, Shipment

_NAME = pattern(r"\w[\w.+-]{0,79}")
_REMEDY = "correct the file; secrel manual release-file has every field"


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


class FixEntry(Struct, frozen=True):
    """One fix of a release file: its facts, and what is told beside them."""

    name: str
    facts: FixFacts
    labels: tuple[str, ...] = ()
    merge_requests: tuple[Branch, ...] = ()


class ReleaseFile(Struct, frozen=True):
    """A release file that was read: the release, its facts as the tracking issue will hold them, the fixes."""

    release: Release
    facts: ReleaseFacts
    fixes: tuple[FixEntry, ...]


def check_name(entry: FixEntry) -> None:
    """Raise `Misused` for a name that cannot go into keys."""
    if not _NAME.fullmatch(entry.name):
        raise Misused(
            f"{entry.name[:60]!r} is no name for a fix",
            remedy="use letters and digits, with dots and dashes after the first, such as notebooks-2",
            path=("name",),
        )


def check_labels(labels: Sequence[str], process: Process) -> None:
    """Raise `Misused` for a label that the process does not know: nothing would ever look for it."""
    known = sorted(set(process.labels.values()))
    for number, label in enumerate(labels):
        if label not in known:
            raise Misused(
                f"there is no label {label[:60]!r}", remedy=f"use one of: {', '.join(known)}", path=("labels", number)
            )


def check_targets(targets: Sequence[str], shipment: Shipment) -> None:
    """Raise `Misused` for branches that are none of a release's, and for one that stands twice."""
    twice = next((number for number, target in enumerate(targets) if targets.index(target) != number), None)
    if twice is not None:
        raise Misused(
            f"two merge requests go into {targets[twice][:60]!r}",
            remedy="name one for each branch",
            path=("merge_requests", twice),
        )
    product = shipment.product
    known = {product.default_branch, *map(product.branch_of, shipment.series)}
    strange = next((number for number, target in enumerate(targets) if target not in known), None)
    if strange is not None:
        raise Misused(
            f"{targets[strange][:60]!r} is no branch of this release",
            remedy=f"use {', '.join(sorted(known))}, or correct `branch` of the product in the process file",
            path=("merge_requests", strange),
        )


def _check_fix(entry: FixEntry, release: Release, process: Process) -> None:
    check_name(entry)
    check_labels(entry.labels, process)
    product = process.product(entry.facts.product or release.main.product.key)
    if product is None:
        what = f"{entry.facts.product[:40]!r} is no product of the process"
        raise Misused(what, remedy="correct `product`", path=("product",))
    shipment = release.shipment(product.key) or Shipment(product, ())
    check_targets([request.target for request in entry.merge_requests], shipment)
    read_advisory(entry.facts, entry.name, "", release)


def _check_extras(told: ReleaseFacts, release: Release) -> None:
    """Raise `Misused` for what else the release carries and cannot ship."""
    shipped = {str(version) for shipment in release.shipments for version in shipment.versions}
    for number, update in enumerate(dependencies_of(told, release)):
        if release.shipment(update.product) is None:
            raise Misused(
                f"{update.product[:40]!r} is not shipped by this release",
                remedy=f"name one of: {', '.join(s.product.key for s in release.shipments)}",
                path=("dependencies", number, "product"),
            )
    named = {
        "bug_fixes": [fix.version for fix in told.bug_fixes],
        "upgrade_notes": [note.version for note in told.upgrade_notes],
    }
    for field, versions in named.items():
        for number, version in enumerate(versions):
            if version not in shipped:
                raise Misused(
                    f"{version[:40]!r} is no version of this release",
                    remedy=f"name one of: {', '.join(sorted(shipped))}",
                    path=(field, number, "version"),
                )


def _entry(told: EntryTold, table: Mapping[str, Any], path: Path, faults: Faults) -> FixEntry | None:
    own = EntryTold.__struct_fields__
    facts = facts_in(FixFacts, {name: value for name, value in table.items() if name not in own}, path, faults)
    return None if facts is None else FixEntry(told.name, facts, told.labels, told.merge_requests)


def read_fix_file(text: str | bytes, name: str) -> FixEntry:
    """Read a file with one fix, as it would stand in a release file; raises `Malformed` with file and line.

    Whether its facts fit a release is for whoever brings it into one to say.
    """
    document = read_yaml(text, name, most=largest.RELEASE, remedy=_REMEDY)
    told, faults = document.decode(EntryTold), Faults(document)
    entry = _entry(told, document.data, (), faults)
    if entry is None:
        raise faults.error
    return entry


def read_value(name: str, text: str) -> object:
    """Read what a command says of one field of a fix: texts as they are, lists, ranges and numbers as YAML.

    None for nothing, which takes the field away; a single word is a list of one. Raises `Misused` for what is no YAML,
    and for several words without the brackets of a list, with the command's word that says it.
    """
    if not text:
        return None
    if name not in FixFacts.__struct_fields__ or is_text(FixFacts, name):
        return text
    remedy = "write it as a release file does"
    try:
        found = read_yaml(f"{name}: {text}\n", f"{name}=", most=largest.RELEASE, remedy=remedy).data[name]
    except Misused as fault:
        raise _unlike(name, fault.what) from fault
    if not isinstance(found, str) or name == "disclosure_days":
        return found
    if name in _SPELLED:
        raise _unlike(name, f"{text[:60]!r} is nothing that this field takes")
    words = [word for word in _BETWEEN.split(found) if word]
    if name != "allowed" and len(words) > 1:
        raise _unlike(name, f"{text[:60]!r} are {len(words)} words without the brackets of a list", words)
    return [found]


_BETWEEN = pattern(r"[\s,;]+")
_SPELLED = {
    "affected": '[{since: "1.0", fixed: 1.2.3}]',
    "credits": "[{name: Farid, source: other}]",
    "disclosure_days": "30",
}
"""Fields that take neither a word nor a list of words, with an example of what they take."""


def _unlike(field: str, what: str, words: Sequence[str] = ("…", "…")) -> Misused:
    """Refuse the value of a field that is no such value, with the word of a command that would say it."""
    value = _SPELLED.get(field, f"[{', '.join(words)}]")
    also = "; or, for the first version alone: --since VERSION" if field == "affected" else ""
    return Misused(what, remedy=f"write it as {quoted(f'{field}={value}')}{also}", path=(field,))


def read_head(table: Mapping[str, Any], path: Path, faults: Faults) -> ReleaseFacts | None:
    """Read what a file states of its release, at `path`; note what is wrong, and give None when nothing can be read."""
    facts = facts_in(ReleaseFacts, table, path, faults)
    if facts is not None and facts.next_after:
        faults.add((*path, "next_after"), "next_after: this is the desk's to write", "leave it out")
    return facts


def read_release_file(text: str | bytes, name: str, process: Process) -> ReleaseFile:
    """Read a release file, which messages call `name`; raises `Malformed` with every fault, each with its line.

    The fixes are held to the release, and so judged once that can be read.
    """
    document = read_yaml(text, name, most=largest.RELEASE, remedy=_REMEDY)
    told, faults = document.decode(_Told), Faults(document)
    facts = read_head({key: value for key, value in document.data.items() if key != "fixes"}, (), faults)
    faults.once("the name", ((("fixes", number), entry.name) for number, entry in enumerate(told.fixes)))
    rows = [(("fixes", number), entry) for number, entry in enumerate(told.fixes)]
    fixes = [(row, _entry(entry, document.data["fixes"][row[1]], row, faults)) for row, entry in rows]
    if facts is None:
        raise faults.error
    release = faults.attempt((), lambda: read_release(facts, process))
    if release is None:
        raise faults.error
    faults.attempt((), lambda: _check_extras(facts, release))
    for row, entry in fixes:
        if entry is not None:
            faults.attempt(row, partial(_check_fix, entry, release, process))
    faults.raise_if_any()
    return ReleaseFile(release, facts, tuple(entry for _, entry in fixes if entry is not None))

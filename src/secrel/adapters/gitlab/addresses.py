"""References and addresses of things on a GitLab: `group/project#12`, `group/project!7`, and both forms of URLs."""

from __future__ import annotations

import re
from urllib.parse import unquote

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.patterns import pattern

_PROJECT = r"[A-Za-z0-9_][\w.-]*(?:/[A-Za-z0-9_][\w.-]*)*"
_REF = pattern(rf"({_PROJECT})([#!])([1-9]\d{{0,8}})(?:#note_([1-9]\d{{0,17}}))?", re.ASCII)
_PATH = pattern(
    rf"/({_PROJECT})/(?:-/)?(issues|work_items|merge_requests)/([1-9]\d{{0,8}})/?(?:\?[^#\s]*)?(?:#note_([1-9]\d{{0,17}}))?",
    re.ASCII,
)
_LONGEST = 2_000


class ThingPlace(Struct, frozen=True):
    """An issue (`sort` is `#`) or a merge request (`!`) of a project; `note` is the number of a note on it, or 0."""

    project: str
    sort: str
    iid: int
    note: int = 0

    @property
    def ref(self) -> str:
        """The reference of the thing, without the note."""
        return f"{self.project}{self.sort}{self.iid}"

    @property
    def address(self) -> str:
        """The reference with the note, as receipts have it."""
        return f"{self.ref}#note_{self.note}" if self.note else self.ref


def place_at(told: str, instance: str) -> ThingPlace:
    """Read a reference, or an address on this instance in either form (`/-/issues/N`, `/-/work_items/N`).

    Raises `Misused` for anything else, an address on another instance among it.
    """
    text = told if len(told) <= _LONGEST else ""
    match = _REF.fullmatch(text)
    if match:
        return ThingPlace(match[1], match[2], int(match[3]), int(match[4] or 0))
    path = unquote(text.removeprefix(instance)) if text.startswith(f"{instance}/") else ""
    match = _PATH.fullmatch(path)
    if match is None:
        remedy = f"write it as group/project#12, group/project!7, or an address below {instance}"
        raise Misused(f"{told[:60]!r} is no reference", remedy=remedy)
    return ThingPlace(match[1], "!" if match[2] == "merge_requests" else "#", int(match[3]), int(match[4] or 0))


def issue_place(told: str, instance: str) -> ThingPlace:
    """Read the reference or address of an issue; raises `Misused` for anything else."""
    return _of_sort(told, instance, "#", "an issue")


def merge_request_place(told: str, instance: str) -> ThingPlace:
    """Read the reference or address of a merge request; raises `Misused` for anything else."""
    return _of_sort(told, instance, "!", "a merge request")


def _of_sort(told: str, instance: str, sort: str, said: str) -> ThingPlace:
    place = place_at(told, instance)
    if place.sort != sort or place.note:
        raise Misused(f"{told[:60]!r} is not {said}", remedy=f"write it as group/project{sort}12")
    return place

"""What stands around a document's text: its title, its labels, its people, its day; and three of them merged to one."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from msgspec import Struct, field

from secrel.words.forge import Issue, MergeRequest

T = TypeVar("T")


class Head(Struct, frozen=True):
    """What people see of a document before they read it.

    `description` is the text of a merge request, whose document is its files; an issue has none beside its body.
    `due` is the day of an issue, None for one that has no day. Labels are in alphabetical order.
    """

    title: str = ""
    description: str = ""
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    due: date | None = None


NO_HEAD = Head()
"""A head of which nothing is known."""
_SINGLE = ("title", "description", "due")


class MergedHead(Struct, frozen=True):
    """A merged head, what the next merge takes for the desk's last word, and what both changed, by name."""

    head: Head
    base: Head
    disputed: tuple[str, ...] = ()


def head_of(found: Issue | MergeRequest) -> Head:
    """Give the head of a document as it was found."""
    labels = tuple(sorted(found.labels))
    if isinstance(found, Issue):
        return Head(found.title, "", labels, found.assignees, (), found.due)
    return Head(found.title, found.body, labels, found.assignees, found.reviewers)


def merge_heads(base: Head | None, now: Head, found: Head) -> MergedHead:
    """Merge what the desk would write now into a head as found; `base` is what it wrote last (None: nobody knows).

    What a person changed stays. Where the facts changed the same, the person's stays as well and is named, and the base
    stays what it was, so that the two go on to disagree. Of labels and people each is looked at by itself: what the
    desk put there goes when it is wanted no more, what a person put there stays. Without a base all of it stays.
    """
    if base is None:
        return MergedHead(found, now)
    merging = _Merging()
    head, kept = merging.merged(base, now, found)
    return MergedHead(head, kept, tuple(merging.disputed))


def is_touched(base: Head | None, found: Head) -> bool:
    """Whether a person changed what can be disputed of a head: without that, merging disputes nothing.

    That is what has one value: `found` is the head as found, `base` what the desk wrote last (None: nobody knows).
    """
    return base is not None and any(getattr(base, name) != getattr(found, name) for name in _SINGLE)


class _Merging(Struct):
    disputed: list[str] = field(default_factory=list)

    def merged(self, base: Head, now: Head, found: Head) -> tuple[Head, Head]:
        pairs: dict[str, tuple[Any, Any]] = {}
        for name in _SINGLE:
            pairs[name] = self._one(name, *_each(name, base, now, found))
        for name, put in (("labels", _sorted), ("assignees", _as_is), ("reviewers", _as_is)):
            before, wanted, there = _each(name, base, now, found)
            pairs[name] = (put(_several(before, wanted, there)), wanted)
        return (
            Head(**{name: merged for name, (merged, _) in pairs.items()}),
            Head(**{name: kept for name, (_, kept) in pairs.items()}),
        )

    def _one(self, name: str, before: T, now: T, found: T) -> tuple[T, T]:
        if now in (before, found):
            return found, now
        if found == before:
            return now, now
        self.disputed.append(name)
        return found, before


def _each(name: str, *heads: Head) -> tuple[Any, Any, Any]:
    one, two, three = (getattr(head, name) for head in heads)
    return one, two, three


def _several(before: tuple[str, ...], now: tuple[str, ...], found: tuple[str, ...]) -> tuple[str, ...]:
    kept = [one for one in found if one in now or one not in before]
    return (*kept, *(one for one in now if one not in before and one not in kept))


def _sorted(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names))


def _as_is(names: tuple[str, ...]) -> tuple[str, ...]:
    return names

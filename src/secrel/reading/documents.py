"""A file that was read: its values with their places, and all of its faults at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from secrel.reading.signs import Path
from secrel.reading.wanting import converted, named, wrongs
from secrel.words.errors import Misused, did_you_mean

S = TypeVar("S")
T = TypeVar("T")
_SHOWN = 20


class Fault(Struct, frozen=True):
    """A complaint about a file: where (`file:line`), what is wrong, what to do."""

    place: str
    what: str
    remedy: str


class Malformed(Misused):
    """A file that cannot be used, with all of its faults in the order of their lines."""

    def __init__(self, faults: Collection[Fault], usual: str = "") -> None:
        """Say the first fault as others are said, and the next ones after it, each with what to do if not the usual."""
        self.faults = tuple(faults)
        first, *more = self.faults
        told = [
            f"{fault.place}: {fault.what}" + (f" ({fault.remedy})" if fault.remedy not in (first.remedy, usual) else "")
            for fault in more[:_SHOWN]
        ]
        left = [f"and {len(more) - _SHOWN} more"] if len(more) > _SHOWN else []
        super().__init__("\n".join([first.what, *told, *left]), where=first.place, remedy=first.remedy)


class Document(Struct, frozen=True):
    """The values of a file as its format has them, and where they stand.

    `name` is how messages call the file; `lines` finds the lines, from 1, of those paths that stand in it; `typed`
    says that the format has numbers, flags and dates of its own; `remedy` is what to do about a fault that has no
    better one.
    """

    name: str
    data: Any
    lines: Callable[[Collection[Path]], Mapping[Path, int]]
    typed: bool
    remedy: str

    def decode(self, kind: type[T]) -> T:
        """Decode the whole of it; raises `Malformed` with every fault."""
        faults = Faults(self)
        found: T = faults.decode(self.data, kind)
        faults.raise_if_any()
        return found

    def place(self, *path: str | int) -> str:
        """Say where a path stands: `file:line`."""
        return self.placed([path])[path]

    def placed(self, paths: Iterable[Path]) -> Mapping[Path, str]:
        """Say where each path stands, `file:line`; of one that is not there, where its nearest parent stands."""
        ways = {path: [path[:length] for length in range(len(path), -1, -1)] for path in paths}
        lines = self.lines({way for some in ways.values() for way in some})
        return {
            path: f"{self.name}:{next((lines[way] for way in some if way in lines), 1)}" for path, some in ways.items()
        }


class Faults:
    """Collects what is wrong in one file, so that one reading tells all of it."""

    def __init__(self, document: Document) -> None:
        """Begin with none; `document` is the file, and knows its lines."""
        self._document = document
        self._noted: list[tuple[Path, str, str, Path | None]] = []

    def add(self, path: Path, what: str, remedy: str = "", *, other: Path | None = None) -> None:
        """Note that something is wrong at `path`; `other` is a second place that belongs to it."""
        self._noted.append((path, what, remedy or self._document.remedy, other))

    def attempt(self, path: Path, make: Callable[[], T]) -> T | None:
        """Give what `make` makes; note its complaint, and give None, when it has one."""
        try:
            return make()
        except Misused as fault:
            self.refused(path, fault.path, fault.what, fault.remedy)
            return None

    def refused(self, path: Path, inner: Path, what: str, remedy: str) -> None:
        """Note what is wrong in the table at `path`, naming the way `inner` that leads there from it."""
        said = f"{named(inner)}: {what}" if inner else what
        self.add((*path, *inner), said, remedy)

    def each(self, path: Path, items: Sequence[S], make: Callable[[S], T]) -> list[T]:
        """Give what `make` makes of each item of the list at `path`; note what it complains of."""
        made = [self.attempt((*path, number), partial(make, item)) for number, item in enumerate(items)]
        return [one for one in made if one is not None]

    def decode(self, value: object, kind: Any, path: Path = ()) -> Any:
        """Decode a value that stands at `path`; note every fault of it, and give None, when it has one."""
        try:
            return converted(value, kind, typed=self._document.typed)
        except (msgspec.ValidationError, Misused):
            for wrong in wrongs(value, kind, path, typed=self._document.typed):
                self.add(wrong.path, wrong.what, wrong.remedy)
            return None

    def once(self, what: str, values: Iterable[tuple[Path, str]]) -> None:
        """Note every value that stands a second time, with the place of the first; empty ones may."""
        first: dict[str, Path] = {}
        for path, value in values:
            if value and first.setdefault(value, path) != path:
                self.add(path, f"{what} {value[:60]!r} stands twice", "give each its own", other=first[value])

    def known(self, path: Path, value: str, names: Collection[str], what: str) -> None:
        """Note a value that is none of `names`, with the one that was probably meant."""
        if value not in names:
            remedy = did_you_mean(value, names, f"name one of {', '.join(names)}")
            self.add(path, f"no {what} is named {value[:60]!r}", remedy)

    def raise_if_any(self) -> None:
        """Raise `Malformed` with all that was noted, when anything was."""
        if self._noted:
            raise self.error

    @property
    def error(self) -> Malformed:
        """All that was noted, which has to be something, as one error."""
        places = self._document.placed(path for path, *_, other in self._noted for path in (path, other or path))
        faults = [
            Fault(places[path], f"{what}, also at {places[other]}" if other else what, remedy)
            for path, what, remedy, other in self._noted
        ]
        in_order = sorted(faults, key=lambda fault: int(fault.place.rpartition(":")[2]))
        return Malformed(in_order, self._document.remedy)


def plain_text(given: str | bytes, name: str, most: int) -> str:
    """Give the text of a file without its byte order mark, with lines that end in a line feed.

    Raises `Malformed` for one that is longer than `most` characters or bytes, and for what is not UTF-8.
    """
    if len(given) > most:
        raise malformed(f"{name}:1", f"the file is longer than {most}", "keep it shorter")
    try:
        text = given if isinstance(given, str) else given.decode("utf-8")
    except UnicodeDecodeError as cause:
        line = cause.object.count(b"\n", 0, cause.start) + 1
        raise malformed(f"{name}:{line}", "this is not UTF-8", "save the file as UTF-8") from cause
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def malformed(place: str, what: str, remedy: str) -> Malformed:
    """Make the error of a file that has one fault."""
    return Malformed([Fault(place, what, remedy)])

"""Facts: what people state of a fix and of a release, in release files and in the details tables of issues."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, ClassVar, TypeVar

import msgspec
from msgspec import Struct

from secrel.words.advisories import BugFix, Credit, UpgradeNote
from secrel.words.errors import Misused, within
from secrel.words.facts.tables import Path, as_table, read_field, texts_in
from secrel.words.facts.texts import Address, Commit, Line, ReleaseName, Text
from secrel.words.ids import CveId, Cwe
from secrel.words.releases import Kind
from secrel.words.spans import Affected
from secrel.words.vectors import Vector
from secrel.words.versions import Version

_MOST_DAYS = 2_000


def _zoned(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise Misused("it has no time zone", remedy="write it as 2026-11-25T16:00:00+00:00")
    return at


def _days(count: int) -> int:
    if not 0 < count <= _MOST_DAYS:
        raise Misused("it is out of range", remedy="write a number of days, such as 30 or 90")
    return count


def _some(products: tuple[Shipped, ...]) -> tuple[Shipped, ...]:
    if not products:
        raise Misused("the release has no product", remedy="name at least one product with its versions")
    return products


class FixFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is stated of one fix: the details table of its implementation issue. What is empty is not stated.

    The fields are those of `Advisory`; `product` is empty for the release's main product.
    """

    needs: ClassVar[tuple[str, ...]] = ("title",)
    title: Line = ""
    description: Text = ""
    product: str = ""
    edition: Line = ""
    affected: Affected | None = None
    vector: Vector | None = None
    weakness: Cwe | None = None
    credits: tuple[Credit, ...] = ()
    cve: CveId | None = None
    assigned_by: Line = ""
    no_cve: Text = ""
    references: tuple[Address, ...] = ()
    related: tuple[CveId, ...] = ()
    workaround: Text = ""
    origins: tuple[Commit, ...] = ()
    disclosure_days: Annotated[int, _days] | None = None
    fixed_already: tuple[Version, ...] = ()
    hosted_only: Line = ""
    allowed: tuple[Line, ...] = ()


class Shipped(msgspec.Struct, frozen=True):
    """One product of a release, by its key, with its versions."""

    product: str
    versions: tuple[Version, ...]


class Dependency(msgspec.Struct, frozen=True):
    """A third party's fix that ships with the release; `product` is empty for the main one."""

    name: str
    version: str
    product: str = ""
    cves: tuple[CveId, ...] = ()
    no_cve: str = ""
    affected: str = ""


class ReleaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is stated of a release: the details table of its tracking issue, and the head of a release file.

    `next_after` names the release at whose end the desk opened the tracking issue, until the other details are known.
    What is not stated of `disclosure_days` and `form` is the process's.
    """

    needs: ClassVar[tuple[str, ...]] = ("release", "kind", "due", "products")
    release: ReleaseName = ""
    kind: Kind | None = None
    due: Annotated[datetime, _zoned] | None = None
    products: Annotated[tuple[Shipped, ...], _some] = ()
    disclosure_days: Annotated[int, _days] | None = None
    form: str = ""
    primary: str = ""
    secondary: str = ""
    dependencies: tuple[Dependency, ...] = ()
    bug_fixes: tuple[BugFix, ...] = ()
    upgrade_notes: tuple[UpgradeNote, ...] = ()
    next_after: str = ""


Facts = FixFacts | ReleaseFacts
F = TypeVar("F", bound=Facts)


class LineFault(Struct, frozen=True):
    """A line that cannot be read: where in it, what is wrong, and what mends it; `written` is the line as JSON.

    `means` is what it says as JSON, where that is clear and it is written in the wrong way; empty where it is not.
    """

    path: Path
    what: str
    remedy: str
    written: str
    means: str = ""

    @property
    def line(self) -> str:
        """The name of the line."""
        return str(self.path[0])

    def texts(self) -> Iterator[str]:
        """Give every text that stands in the line: nobody can tell what it is, so that all of it may be a secret."""
        return texts_in(json.loads(self.written))


_NOTHING = FixFacts()
_SHOWN = frozenset({"product", "affected", "vector", "weakness", "cve", "related", "disclosure_days", "fixed_already"})
_MOST_SHOWN = 60


def shown(line: str, said: object) -> str:
    """Quote what is said of a line for a message; empty for one that has words of people, which may be a secret."""
    if line not in _SHOWN:
        return ""
    return f" {said[:_MOST_SHOWN]!r}" if isinstance(said, str) else f" {json.dumps(said)[:_MOST_SHOWN]}"


class Stated(Struct, frozen=True):
    """What a details table says: the facts that could be read, and the lines that could not, as they were written."""

    facts: Facts = _NOTHING
    faults: tuple[LineFault, ...] = ()

    @property
    def table(self) -> dict[str, Any]:
        """The table as plain values, by the names of its lines."""
        return as_table(self.facts) | {fault.line: json.loads(fault.written) for fault in self.faults}

    def only(self, lines: Collection[str]) -> Stated:
        """Give what these lines say."""
        faults = tuple(fault for fault in self.faults if fault.line in lines)
        return Stated(amended(type(self.facts)(), self.facts, lines), faults)

    def changed(self, changes: Facts, lines: Collection[str]) -> Stated:
        """Give what the table says after these lines became what `changes` says of them."""
        faults = tuple(fault for fault in self.faults if fault.line not in lines)
        return Stated(amended(self.of(type(changes)), changes, lines), faults)

    def of(self, kind: type[F]) -> F:
        """Give what could be read of the facts of this kind: none of them when another kind is stated."""
        return self.facts if isinstance(self.facts, kind) else kind()

    def whole(self, kind: type[F], where: str = "") -> F:
        """Give the facts of this kind when every line could be read.

        Raises `Misused` with `where` and the field for the first that could not.
        """
        for fault in self.faults:
            with within(where=where):
                raise Misused(fault.what, remedy=fault.remedy, path=fault.path)
        return self.of(kind)


def _unlike(line: str, row: object, details: object) -> str:
    if not shown(line, row):
        return "a row of a table and the details below it say different things"
    return f"a row of a table says{shown(line, row)}, and the details below it say{shown(line, details)}"


def united(details: Stated, tables: Stated) -> Stated:
    """Give what an issue states in its details table and in tables that people wrote; what both state has to agree.

    The details of a release are all that its tracking issue states.
    """
    if not isinstance(details.facts, FixFacts):
        return details
    there, also = as_table(details.facts), as_table(tables.facts)
    unlike = [line for line in also if line in there and also[line] != there[line]]
    faults = [
        LineFault(
            (line,),
            _unlike(line, also[line], there[line]),
            "let both say the same, or take the line out of one of them",
            json.dumps([also[line], there[line]]),
        )
        for line in unlike
    ]
    unread = {fault.line for fault in (*details.faults, *tables.faults, *faults)}
    facts = amended(details.facts, tables.of(FixFacts), [line for line in also if line not in there])
    return Stated(amended(facts, _NOTHING, unread), (*details.faults, *tables.faults, *faults))


UNSTATED = Stated()
"""The details table of an issue that has none."""


def amended(facts: F, changes: Facts, lines: Collection[str]) -> F:
    """Give `facts` with these lines as `changes` says them; a line that it does not state goes away."""
    known = [name for name in changes.__struct_fields__ if name in lines]
    return msgspec.structs.replace(facts, **{name: getattr(changes, name) for name in known})


def read_facts(kind: type[Facts], table: Mapping[str, object]) -> Stated:
    """Read a table line by line: a line that cannot be read touches no other."""
    told: dict[str, Any] = {}
    faults = []
    for name, value in table.items():
        try:
            told[name] = read_field(kind, name, value)
        except Misused as fault:
            faults.append(LineFault(fault.path, fault.what, fault.remedy, json.dumps(value)))
    return Stated(kind(**told), tuple(faults))


@lru_cache(maxsize=1024)
def read_json(text: str) -> Stated:
    """Read the details table of any issue from its JSON; its lines tell whether a fix or a release is stated."""
    told = json.loads(text)
    if not isinstance(told, dict):
        remedy = "write it as lines of a name and its value; secrel manual release-file has them all"
        return Stated(faults=(LineFault(("details",), "the details are no table", remedy, json.dumps(told)),))
    known = [sum(name in kind.__struct_fields__ for name in told) for kind in (FixFacts, ReleaseFacts)]
    return read_facts(ReleaseFacts if known[1] > known[0] else FixFacts, told)

"""One table of a process file as written: its keys with their types and places; what does not fit is a fault."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from secrel.process.places import Places
from secrel.words.errors import Misused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """A complaint about a process file: `place` is `file:line`."""

    place: str
    what: str
    remedy: str = ""


@dataclass(slots=True)
class Row:
    """A table being read: every getter takes what is there, notes a fault where it does not fit, and goes on."""

    table: str
    number: int
    values: Mapping[str, Any]
    places: Places
    faults: list[Fault] = field(default_factory=list)

    def place(self, key: str = "") -> str:
        """Give `file:line` of a key, or of the row."""
        return self.places.of(self.table, self.number, key)

    def fault(self, key: str, what: str, remedy: str = "") -> None:
        """Note that something about `key` is wrong."""
        self.faults.append(Fault(self.place(key), what, remedy))

    def only(self, allowed: Collection[str]) -> None:
        """Note every key that is not one of these."""
        for key in self.values:
            if key not in allowed:
                said = f"unknown key {key[:60]!r} in [{self.table}]" if self.table else f"unknown key {key[:60]!r}"
                self.fault(key, said, f"the keys here are {', '.join(sorted(allowed))}")

    def text(self, key: str, *, needed: bool = False) -> str:
        """Give a text; empty when there is none."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self.fault(key, f"{key} is not a text", f'write it as {key} = "…"')
            return ""
        if needed and not value.strip():
            self.fault(key, f"[{self.table or 'the process'}] has no {key}", f'add {key} = "…"')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts; empty when there is none."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.fault(key, f"{key} is not a list of texts", f'write it as {key} = ["…", "…"]')
            return ()
        return tuple(value)

    def flag(self, key: str) -> bool:
        """Give true or false; false when nothing is said."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fault(key, f"{key} is neither true nor false", f"write it as {key} = true")
            return False
        return value

    def number_of(self, key: str, default: int) -> int:
        """Give a whole number from 1 to 99."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 99:  # noqa: PLR2004 - see above
            self.fault(key, f"{key} is not a whole number from 1 to 99", f"write it as {key} = {default}")
            return default
        return value

    def section(self, key: str) -> dict[str, Any]:
        """Give a table; empty when there is none."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, f"{key} is not a table", f"write it as [{key}] on a line of its own, and its keys below")
            return {}
        return value

    def parsed(self, key: str, read: Callable[[str], T]) -> T | None:
        """Give a text as `read` understands it; None when there is none, or when it does not."""
        text = self.text(key)
        if not text:
            return None
        try:
            return read(text)
        except Misused as misused:
            self.fault(key, misused.what, misused.remedy)
            return None

"""The one family of errors: what is so, where, and what to do next (design.md, Command line)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum


class Exit(IntEnum):
    """The exit words of every command."""

    DONE = 0
    BROKEN = 1
    MISUSED = 2
    BLOCKED = 3
    REFUSED = 4
    UNSEEN = 5
    INTERRUPTED = 130


class SecrelError(Exception):
    """Something a person has to hear about.

    `what` is one sentence without a full stop; `where` names the release, gate, file and line or address (never a
    secret, never an embargoed fact); `remedy` is what to do next, pasteable where it can be.
    """

    exit_word: Exit = Exit.BROKEN

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        """Keep the three parts apart, so that one function can turn them into text."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """Say place and fact in one line."""
        return f"{self.where}: {self.what}" if self.where else self.what


class Broken(SecrelError):
    """The machine failed: a full disk, a forge that answers nonsense."""


class NothingDone(Broken):
    """The machine failed before anything was done: it is certain that nothing has happened."""


class Misused(SecrelError):
    """What was given cannot be used: a malformed file, an unknown name, a flag too many.

    `path` is the way down to the part that is wrong, where a table was given: `("affected", 0, "since")`.
    """

    exit_word = Exit.MISUSED
    path: tuple[str | int, ...] = ()

    def __init__(self, what: str, *, where: str = "", remedy: str = "", path: tuple[str | int, ...] = ()) -> None:
        """Keep the path beside the three parts."""
        super().__init__(what, where=where, remedy=remedy)
        if path:
            self.path = path

    @property
    def field(self) -> str:
        """The name of the field of the table; empty when it is about the table as a whole."""
        return str(self.path[0]) if self.path else ""


class GateBlocked(SecrelError):
    """A due gate has findings."""

    exit_word = Exit.BLOCKED


class Refused(SecrelError):
    """A plan refused itself, or the digest that was read is not the plan's."""

    exit_word = Exit.REFUSED


class InDoubt(SecrelError):
    """Something was sent, and no answer came: it may have happened."""


class NotSeen(SecrelError):
    """Something had to be looked at and could not be."""

    exit_word = Exit.UNSEEN


def said_with_remedy(fault: SecrelError) -> str:
    """Say an error and what to do about it in one line, where it is no error any more but a reason."""
    return "; ".join(filter(None, (str(fault), fault.remedy)))


@contextmanager
def within(*path: str | int, where: str = "") -> Iterator[None]:
    """Say of what is refused meanwhile that it stands at `path`, or in it.

    `where` names the whole table; the field's name is put behind it.
    """
    try:
        yield
    except Misused as fault:
        fault.path = (*path, *fault.path)
        if where:
            fault.where = ", ".join(filter(None, (where, fault.field)))
        raise


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Ask for the one of `known` that was probably meant by a name that is none of them; `otherwise` where none was."""
    close = difflib.get_close_matches(name, list(known), 1)
    return f"did you mean {close[0]}?" if close else otherwise

"""Where a journal is kept, as settings say it, and how messages call the place: without user, password or options."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from secrel.words.errors import Broken, Misused

_POSTGRESQL = frozenset({"postgresql", "postgres"})
_WAITED = ("database is locked", "lock timeout")
_DISK = "the disk and at the rights of its folder"
_SERVER = "the database server: whether it runs, and can be reached from here"
_REMEDY = "name a file, or a database as postgresql://HOST/NAME, in secrel.toml"


class JournalAddress(Struct, frozen=True):
    """A file (SQLite), or the URL of a PostgreSQL database when `file` is None; `place` is for messages."""

    place: str
    file: Path | None = None
    url: str = ""


def read_address(where: str) -> JournalAddress:
    """Read a file name, `sqlite:///FILE` or a PostgreSQL URL; raises `Misused` for a database of another kind."""
    scheme, sign, rest = where.partition("://")
    if not sign:
        return JournalAddress(where, file=Path(where))
    kind, _, driver = scheme.partition("+")
    if kind == "sqlite":
        file = rest.removeprefix("/")
        return JournalAddress(file, file=Path(file))
    if kind not in _POSTGRESQL:
        raise Misused(f"no journal can be kept in {kind[:20]!r}", where="journal", remedy=_REMEDY)
    return JournalAddress(_place(rest), url=f"postgresql+{driver or 'psycopg'}://{rest}")


def _place(rest: str) -> str:
    """Give host, port and name; where it cannot be told which part is which, nothing is shown."""
    before, _, options = rest.partition("?")
    if rest.count("@") > 1 or "@" in options:
        return "the PostgreSQL database"
    return f"postgresql://{before.rpartition('@')[2]}"


def cannot(verb: str, fault: object, place: str) -> Broken:
    """Say in our words what the database complains about."""
    if any(words in str(fault) for words in _WAITED):
        return Broken(
            "another program writes into the journal, and did not end",
            where=place,
            remedy="wait for it, or end that program, and run this again; nothing was written",
        )
    return Broken(
        f"cannot {verb} the journal ({(str(fault).splitlines() or ['no answer'])[0][:200]})",
        where=place,
        remedy=f"look at {_SERVER if '://' in place else _DISK}; nothing that was settled is lost",
    )

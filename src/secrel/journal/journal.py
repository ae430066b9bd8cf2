"""The journal: append-only memory in SQLite or PostgreSQL, shared by all desks of a team (design.md, Journal)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import msgspec

from secrel.journal.address import read_address
from secrel.journal.entries import Body, Entry, Remembered
from secrel.journal.locking import held
from secrel.journal.reading import FileReader
from secrel.words.effects import Approval, Claim, Effect, Receipt, values_of
from secrel.words.errors import Refused

if TYPE_CHECKING:
    from secrel.journal.pen import Pen

HEAD = "0001"
"""The newest schema this program knows."""


def _later(read: Callable[[], str]) -> Mapping[str, Any]:
    told: Mapping[str, Any] = msgspec.json.decode(read())
    return told


class Journal:
    """Remembers intents, receipts, approvals and claims. Rows are only ever added.

    `where` is a file name (SQLite) or a PostgreSQL URL. Raises `Broken` when it cannot be opened or written,
    `Refused` when it was made by a newer version of secrel, `Misused` for what is no journal's address or file.
    """

    def __init__(self, where: str, *, most_pages: int = 0, durable: bool = True) -> None:
        """Open it, and bring its schema up to date.

        `most_pages` bounds a SQLite file (0: by the disk alone); `durable` False is for rehearsals, which nobody
        would want back after a power cut.
        """
        self._address = read_address(where)
        self._file = self._address.file
        self._options: dict[str, Any] = {"most_pages": most_pages, "durable": durable}
        self._entries: list[Entry] = []
        self._last = 0
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise

    @cached_property
    def _pen(self) -> Pen:
        from secrel.journal.pen import Pen  # noqa: PLC0415 - SQLAlchemy is loaded with the first change

        return Pen(self._address, **self._options)

    @cached_property
    def _reader(self) -> FileReader | Pen:
        return self._pen if self._file is None else FileReader(self._file)

    def _migrate(self) -> None:
        if self._reader.version() == HEAD:
            return
        with self.exclusive():
            found = self._reader.version()  # another desk may have been faster
            if found is not None and found > HEAD:
                raise Refused(
                    f"this journal has the schema {found}, and this program knows {HEAD}",
                    where=self._address.place,
                    remedy="install a newer version of secrel",
                )
            if found != HEAD:
                self._pen.upgrade()
        if self._file is not None:
            self._file.chmod(0o600)

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the only pen: a context in which no other desk applies anything."""
        return self._pen.held() if self._file is None else held(self._file)

    def entries(self, release: str | None = None) -> list[Entry]:
        """Give every entry, oldest first, of one release or of all."""
        if self._file is None:  # numbers of a server become visible out of order when several desks write
            self._last, self._entries = 0, []
        for number, at, of, kind, key, who, body in self._reader.rows_after(self._last):
            self._last = number
            told = Body(partial(_later, body)) if callable(body) else msgspec.json.decode(body)
            self._entries.append(Entry(datetime.fromisoformat(at), of, Remembered(kind), key, who, told))
        return [e for e in self._entries if release is None or e.release == release]

    def add(self, entry: Entry) -> None:
        """Add one entry, committed when this returns; raises `IntegrityError` for a second receipt of an effect."""
        body = msgspec.json.encode(entry.body, order="deterministic").decode()
        told = {"release": entry.release, "kind": entry.kind.value, "key": entry.key, "who": entry.who, "body": body}
        self._pen.add({"at": entry.at.isoformat(), **told})

    def intend(self, release: str, effect: Effect, *, by: str, at: datetime) -> None:
        """Commit the intent to carry out `effect`, with the exact bytes it will send."""
        self.add(
            Entry(
                at,
                release,
                Remembered.INTENT,
                effect.key,
                by,
                {"kind": effect.kind, "action": values_of(effect.action)},
            )
        )

    def settle(self, release: str, receipt: Receipt, *, by: str) -> None:
        """Commit the receipt of an effect."""
        body = {"address": receipt.address, "found": receipt.found}
        self.add(Entry(receipt.at, release, Remembered.RECEIPT, receipt.key, by, body))

    def approved(self, approval: Approval) -> None:
        """Remember an approval."""
        self.add(Entry(approval.at, approval.release, Remembered.APPROVAL, approval.digest, approval.by, {}))

    def claimed(self, claim: Claim) -> None:
        """Remember what a person said."""
        body = {"words": claim.words, "waives": claim.waives}
        self.add(Entry(claim.at, claim.release, Remembered.CLAIM, claim.gate, claim.by, body))

    def close(self) -> None:
        """Let go of the database."""
        for name in {"_pen", "_reader"} & self.__dict__.keys():
            getattr(self, name).close()

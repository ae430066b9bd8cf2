"""The journal: append-only memory in SQLite or PostgreSQL, shared by all desks of a team (design.md, Journal)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any

import msgspec

from secrel.journal import server
from secrel.journal.address import JournalAddress, read_address
from secrel.journal.entries import Entry, Progress, Remembered, progress
from secrel.journal.file import FileStore
from secrel.journal.intents import intent_of
from secrel.journal.texts import take_out
from secrel.journal.waiting import Patience
from secrel.words.effects import Effect
from secrel.words.errors import Broken, Misused, Refused
from secrel.words.outcomes import Receipt
from secrel.words.people import Approval

HEAD = "0002"
"""The newest schema this program knows."""

_ROWS = 'SELECT id, "at", "release", kind, "key", who, told FROM entries'
_ALL = f"{_ROWS} ORDER BY id"
_OF_RELEASE = f'{_ROWS} WHERE "release" = :release AND id > :after ORDER BY id'
_OF_KEY = f"""{_ROWS} WHERE "key" = :key AND kind IN ('intent', 'receipt', 'withdrawn') ORDER BY id"""
_ABOUT = f"""{_ROWS} WHERE "key" LIKE :like ESCAPE '!' AND kind IN ('intent', 'receipt', 'withdrawn') ORDER BY id"""
_ADD = """INSERT INTO entries ("at", "release", kind, "key", who, told)
          VALUES (:at, :release, :kind, :key, :who, :told) ON CONFLICT DO NOTHING"""
_KEEP = "INSERT INTO texts (digest, text) VALUES (:name, :text) ON CONFLICT DO NOTHING"
_MOST_AT_ONCE = 500
_MOST_READ = 200  # texts that are kept when they were read


def _store(address: JournalAddress, patience: Patience, options: Mapping[str, Any]) -> FileStore | server.ServerStore:
    if address.file is not None:
        return FileStore(address.file, patience, **options)

    return server.ServerStore(address, patience)


def _row(entry: Entry, texts: dict[str, str]) -> dict[str, str]:
    """Give an entry as its row, and put the long texts of an intent into `texts`."""
    body = msgspec.json.decode(msgspec.json.encode(entry.body, order="deterministic"))
    if entry.kind is Remembered.INTENT:
        body = take_out(body, texts)
    return {
        "at": entry.at.isoformat(),
        "release": entry.release,
        "kind": entry.kind.value,
        "key": entry.key,
        "who": entry.who,
        "told": msgspec.json.encode(body).decode(),
    }


class Journal:
    """Remembers intents, receipts, approvals and claims. Rows are only ever added.

    `where` is a file name (SQLite) or a PostgreSQL URL; any number of threads, processes and machines may share it.
    Raises `Broken` when it cannot be opened or written, `Refused` when it was made by a newer version of secrel,
    `Misused` for what is no journal's address or file.
    """

    def __init__(
        self, where: str, patience: Patience | None = None, *, most_pages: int = 0, durable: bool = True
    ) -> None:
        """Open it, and bring its schema up to date.

        `patience` is how long to wait for another desk, and who is told meanwhile; `most_pages` bounds a SQLite file
        (0: by the disk alone); `durable` False is for rehearsals, which nobody would want back after a power cut.
        """
        address = read_address(where)
        self._place = address.place
        self._store = _store(address, patience or Patience(), {"most_pages": most_pages, "durable": durable})
        self._known: dict[str, list[Entry]] = {}
        self._read: dict[str, str] = {}
        self._looking = Lock()
        try:
            self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    @property
    def place(self) -> str:
        """Where it is kept, for messages: without user, password or options."""
        return self._place

    def _bring_up_to_date(self) -> None:
        if self._store.version() == HEAD:
            return
        with self._store.held("", ""):
            found = self._store.version()  # another desk may have been faster
            if found is not None and found > HEAD:
                raise Refused(
                    f"this journal has the schema {found}, and this program knows {HEAD}",
                    where=self._place,
                    remedy="install a newer version of secrel",
                )
            if found != HEAD:
                try:
                    self._store.upgrade()
                except msgspec.DecodeError as fault:
                    raise self._damaged("an entry cannot be read") from fault

    def _asked(self, query: str, **told: object) -> list[Entry]:
        read, texts, number = msgspec.json.decode, self._texts, 0
        found: list[Entry] = []
        try:
            for number, at, of, kind, key, who, body in self._store.ask(query, told):
                entry = Entry(datetime.fromisoformat(at), of, Remembered(kind), key, who, read(body), number, texts)
                found.append(entry)
        except UnicodeEncodeError as fault:
            raise Misused("half a sign is in this name", remedy="spell it as it is spelled in the release") from fault
        except (TypeError, ValueError, msgspec.DecodeError) as fault:
            raise self._damaged(f"an entry cannot be read (row {number})") from fault
        return found

    def _damaged(self, what: str) -> Broken:
        return Broken(f"the journal is damaged: {what}", where=self._place, remedy="restore it from a backup")

    def _each(self, query: str, names: Sequence[str]) -> Iterator[Any]:
        """Give the rows of a query that ends with names, however many there are."""
        for first in range(0, len(names), _MOST_AT_ONCE):
            asked = {f"d{number}": name for number, name in enumerate(names[first : first + _MOST_AT_ONCE])}
            places = ", ".join(f":{place}" for place in asked)
            yield from self._store.ask(f"{query} IN ({places})", asked)

    def _texts(self, names: Sequence[str]) -> dict[str, str]:
        known = self._read
        found = {name: known[name] for name in names if name in known}
        asked = [name for name in names if name not in found]
        found |= map(tuple, self._each("SELECT digest, text FROM texts WHERE digest", asked))
        if len(found) < len(names):
            raise self._damaged("a text that was sent is not there")
        if asked:  # every look asks for the same few
            self._read = found if len(known) + len(asked) > _MOST_READ else known | found
        return found

    def entries(self, release: str | None = None) -> list[Entry]:
        """Give every entry, oldest first, of one release or of all.

        What was read of a release is kept, and only what came after it is read next time: numbers are given in the
        order in which rows can be seen, by a server as well.
        """
        if release is None:
            return self._asked(_ALL)
        with self._looking:
            known = self._known.setdefault(release, [])
            known += self._asked(_OF_RELEASE, release=release, after=known[-1].number if known else 0)
            return known.copy()

    def about(self, part: str) -> list[Entry]:
        """Give what is remembered of the effects with `part` in their keys, oldest first, of whichever release.

        For the few questions about one thing that goes beyond a release: no other row is read.
        """
        like = part.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        found = self._asked(_ABOUT, like=f"%{like}%")
        return [entry for entry in found if part in entry.key]  # LIKE takes any capitals

    def unknown(self, keys: Sequence[str]) -> list[str]:
        """Give those of the keys that are new to this journal: it has neither an intent nor a receipt of them."""
        rows = self._each("SELECT \"key\" FROM entries WHERE kind IN ('intent', 'receipt') AND \"key\"", keys)
        known = {key for (key,) in rows}
        return [key for key in keys if key not in known]

    def receipt(self, key: str) -> Receipt | None:
        """Give the receipt of the effect `key`, of whichever release; None when it is not settled."""
        return progress(self._asked(_OF_KEY, key=key), "").receipt

    @contextmanager
    def holding(self, release: str, key: str, *, by: str = "") -> Iterator[Progress]:
        """Hold the effect `key` for as long as it is worked on, and give how far it is.

        Waits for whoever holds it, a thread, a process or another machine, and for nobody else; the system or the
        server takes it back when its holder dies. A thread holds one at a time. `release` is who asks, and `by` is who
        others are told about. Raises `Refused` when the holder does not let go.
        """
        with self._store.held(key, by):
            yield progress(self._asked(_OF_KEY, key=key), release)

    def begin(self, effect: Effect, so_far: Progress, *, by: str, at: datetime, then: Sequence[Entry] = ()) -> None:
        """Commit the intent to carry out `effect`, with the exact bytes it will send, and what is remembered `then`.

        Raises `Refused` when anybody wrote about its key since it was as far as `so_far` says: whatever became of
        locks, of two desks only one begins.
        """
        entry = Entry(at, so_far.release, Remembered.INTENT, effect.key, by, intent_of(effect, then))
        self._write(entry, after=so_far.last)

    def settle(self, release: str, receipt: Receipt, *, by: str, then: Sequence[Entry] = ()) -> None:
        """Commit the receipt of an effect, and what is remembered with it; one that it has already stays."""
        body: dict[str, object] = {"address": receipt.address, "found": receipt.found}
        if receipt.prepared:
            body["prepared"] = True
        self._write(Entry(receipt.at, release, Remembered.RECEIPT, receipt.key, by, body), *then)

    def approved(self, approval: Approval) -> None:
        """Remember an approval."""
        self.add(Entry(approval.at, approval.release, Remembered.APPROVAL, approval.digest, approval.by, {}))

    def add(self, entry: Entry) -> None:
        """Add one entry, committed when this returns."""
        self._write(entry)

    def _write(self, entry: Entry, *more: Entry, after: int | None = None) -> None:
        texts: dict[str, str] = {}
        rows = [_row(one, texts) for one in (entry, *more)]
        with self._store.writing() as ask:
            if after is not None and any(row[0] > after for row in ask(_OF_KEY, {"key": entry.key})):
                raise Refused(
                    f"another desk has {entry.key} in hand",
                    where=entry.release,
                    remedy=f"look at what became of it: secrel journal {entry.release}",
                )
            for name, text in texts.items():
                ask(_KEEP, {"name": name, "text": text})
            for row in rows:
                ask(_ADD, row)

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

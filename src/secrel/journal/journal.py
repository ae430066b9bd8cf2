"""The journal: append-only memory in SQLite or PostgreSQL, shared by all desks of a team (design.md, Journal)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy import select as sql_select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from secrel.journal.entries import Entry, Remembered
from secrel.journal.locking import held
from secrel.journal.tables import ENTRIES, HEAD
from secrel.words.effects import Approval, Claim, Effect, Receipt
from secrel.words.errors import Broken, Refused


def _prepare_sqlite(most_pages: int, *, durable: bool) -> Callable[[Any, object], None]:
    def prepare(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
        if most_pages:
            connection.execute(f"PRAGMA max_page_count = {most_pages:d}")

    return prepare


def _address(where: str) -> str:
    """Turn a file name or a database URL into a database URL."""
    return where if "://" in where else f"sqlite:///{where}"


class Journal:
    """Remembers intents, receipts, approvals and claims. Rows are only ever added.

    `where` is a file name (SQLite) or a PostgreSQL URL. Raises `Broken` when it cannot be opened or written,
    `Refused` when it was made by a newer version of secrel.
    """

    def __init__(self, where: str, *, most_pages: int = 0, durable: bool = True) -> None:
        """Open it, and bring its schema up to date.

        `most_pages` bounds a SQLite file (0: by the disk alone); `durable` False is for rehearsals, which nobody
        would want back after a power cut.
        """
        self._place = where.rpartition("@")[2] if "://" in where else where
        self._file = None if "://" in where else Path(where)
        self._engine: Engine = create_engine(_address(where))
        if self._file is not None:
            event.listen(self._engine, "connect", _prepare_sqlite(most_pages, durable=durable))
        self._entries: list[Entry] = []
        self._last = 0
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise

    def _migrate(self) -> None:
        with self._working("open"), self._engine.connect() as connection:
            if self._version(connection) == HEAD:
                return
        with self.exclusive(), self._working("prepare"), self._engine.begin() as connection:
            found = self._version(connection)
            if found is not None and found > HEAD:
                raise Refused(
                    f"this journal has the schema {found}, and this program knows {HEAD}",
                    where=self._place,
                    remedy="install a newer version of secrel",
                )
            if found != HEAD:
                self._upgrade(connection)
        if self._file is not None and self._file.exists():
            self._file.chmod(0o600)

    @staticmethod
    def _version(connection: Connection) -> str | None:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    @staticmethod
    def _upgrade(connection: Connection) -> None:
        # alembic is loaded only when there is something to migrate
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    @contextmanager
    def _working(self, verb: str) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except (SQLAlchemyError, OSError) as fault:
            reason = str(getattr(fault, "orig", None) or fault).splitlines()[0][:200]
            raise Broken(
                f"cannot {verb} the journal ({reason})",
                where=self._place,
                remedy="look at the disk and at the rights of its folder; nothing that was settled is lost",
            ) from fault

    def exclusive(self) -> Any:
        """Hold the only pen: a context in which no other desk applies anything."""
        return held(self._file, self._engine, self._place)

    def entries(self, release: str | None = None) -> list[Entry]:
        """Give every entry, oldest first, of one release or of all."""
        with self._working("read"), self._engine.connect() as connection:
            rows = connection.execute(sql_select(ENTRIES).where(ENTRIES.c.id > self._last).order_by(ENTRIES.c.id))
            for row in rows:
                self._last = row.id
                self._entries.append(
                    Entry(
                        datetime.fromisoformat(row.at),
                        row.release,
                        Remembered(row.kind),
                        row.key,
                        row.who,
                        json.loads(row.body),
                    )
                )
        return [e for e in self._entries if release is None or e.release == release]

    def add(self, entry: Entry) -> None:
        """Add one entry, committed when this returns; raises `IntegrityError` for a second intent or receipt."""
        body = msgspec.json.encode(entry.body, order="deterministic").decode()
        with self._working("write"), self._engine.begin() as connection:
            connection.execute(
                ENTRIES.insert().values(
                    at=entry.at.isoformat(),
                    release=entry.release,
                    kind=entry.kind.value,
                    key=entry.key,
                    who=entry.who,
                    body=body,
                )
            )

    def intend(self, release: str, effect: Effect, *, by: str, at: datetime) -> None:
        """Commit the intent to carry out `effect`, with the exact bytes it will send."""
        self.add(Entry(at, release, Remembered.INTENT, effect.key, by, {"kind": effect.kind, "action": effect.action}))

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
        self._engine.dispose()

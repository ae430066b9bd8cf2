"""What the journal remembers, as values, and what follows from a list of them; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from secrel.snapshot.seen import Mail, Written
from secrel.words.documents import document_of
from secrel.words.effects import Claim, Receipt


class Remembered(StrEnum):
    """The kinds of entries."""

    INTENT = "intent"
    RECEIPT = "receipt"
    WITHDRAWN = "withdrawn"
    APPROVAL = "approval"
    CLAIM = "claim"
    MAIL = "mail"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: when, of which release, what kind, about which key, who, and the rest as JSON values."""

    at: datetime
    release: str
    kind: Remembered
    key: str
    who: str
    body: Mapping[str, Any]


class Body(Mapping[str, Any]):
    """The rest of an intent, read when somebody asks for it: it has every text that was sent, and is seldom asked."""

    __slots__ = ("_known", "_read")

    def __init__(self, read: Callable[[], Mapping[str, Any]]) -> None:
        """Take what reads it."""
        self._read = read
        self._known: Mapping[str, Any] | None = None

    @property
    def _told(self) -> Mapping[str, Any]:
        if self._known is None:
            self._known = self._read()
        return self._known

    def __getitem__(self, name: str) -> Any:
        """Give one of its values."""
        return self._told[name]

    def __iter__(self) -> Iterator[str]:
        """Give its names."""
        return iter(self._told)

    def __len__(self) -> int:
        """Count its names."""
        return len(self._told)


def builtins_of(entry: Entry) -> dict[str, Any]:
    """Give an entry as what JSON can hold (docs/schemas/journal.schema.json)."""
    told: dict[str, Any] = msgspec.to_builtins(replace(entry, body=dict(entry.body)))
    return told


def receipts(entries: Iterable[Entry]) -> dict[str, Receipt]:
    """Give every receipt by its key."""
    return {
        e.key: Receipt(e.key, str(e.body["address"]), e.at, found=bool(e.body.get("found")))
        for e in entries
        if e.kind is Remembered.RECEIPT
    }


def claims(entries: Iterable[Entry]) -> tuple[Claim, ...]:
    """Give every claim, oldest first."""
    return tuple(
        Claim(e.release, e.key, e.who, e.at, str(e.body.get("words", "")), waives=bool(e.body.get("waives")))
        for e in entries
        if e.kind is Remembered.CLAIM
    )


def in_doubt(entries: Iterable[Entry]) -> list[Entry]:
    """Give the intents that were neither settled nor withdrawn by a person's word, oldest first."""
    open_ones: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind is Remembered.INTENT:
            open_ones[entry.key] = entry
        elif entry.kind in (Remembered.RECEIPT, Remembered.WITHDRAWN):
            open_ones.pop(entry.key, None)
    return list(open_ones.values())


def _text_of(action: Mapping[str, Any]) -> str:
    if action.get("desk_text"):
        return str(action["desk_text"])
    files = action.get("files")
    return str(files[0][1]) if files else str(action.get("body", ""))


def written(entries: Iterable[Entry]) -> dict[str, Written]:
    """Give what the desk last wrote into each document, from the intents that were settled."""
    told = list(entries)
    sent = {e.key: e for e in told if e.kind is Remembered.INTENT}
    last: dict[str, Entry] = {}  # by document; only the last text of each is read
    for entry in told:
        if entry.kind is Remembered.RECEIPT and (name := document_of(entry.key)) and entry.key in sent:
            last[name] = sent[entry.key]
    return {name: Written(entry.key, _text_of(entry.body["action"])) for name, entry in last.items()}


def last_mail(entries: Iterable[Entry]) -> Mail | None:
    """Give the mail that was handed in last."""
    mails = [e for e in entries if e.kind is Remembered.MAIL]
    if not mails:
        return None
    last = mails[-1]
    return Mail(last.at, last.key, tuple(last.body.get("disagreements", ())), str(last.body.get("contents_digest", "")))

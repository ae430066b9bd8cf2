"""What the journal remembers, as values, and what follows from a list of them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from secrel.journal.texts import Texts, put_back
from secrel.snapshot.seen import CarriedOver, Mail, Written
from secrel.words.documents import TABLE, document_of
from secrel.words.effects import SetHead
from secrel.words.heads import Head
from secrel.words.outcomes import Receipt
from secrel.words.people import Claim


class Remembered(StrEnum):
    """The kinds of entries."""

    INTENT = "intent"
    RECEIPT = "receipt"
    WITHDRAWN = "withdrawn"
    APPROVAL = "approval"
    CLAIM = "claim"
    MAIL = "mail"
    NOTE = "note"


def _no_texts(_: Iterable[str]) -> dict[str, str]:
    return {}


class Entry(Struct, frozen=True):
    """One row: when, of which release, what kind, about which key, who, and the rest as JSON values.

    Long texts of an intent stand in `body` as their digests, and `texts` reads them; `number` is the row's.
    """

    at: datetime
    release: str
    kind: Remembered
    key: str
    who: str
    body: Mapping[str, Any]
    number: int = 0
    texts: Texts = _no_texts

    def whole(self) -> Mapping[str, Any]:
        """Give the rest with every text in its place, to the byte as it was sent.

        The texts are read when this is called, and not kept: most who look at entries need few of them, or none.
        """
        told: Mapping[str, Any] = put_back(self.body, self.texts)
        return told


class Progress(Struct, frozen=True):
    """How far the effect of one key is, by what is remembered of it.

    It is settled when there is its `receipt`, in doubt when it was `begun` (since when) and nobody settled or withdrew
    that, and free otherwise. `release` is the one it was begun for; `last` the number of the last entry about it.
    """

    release: str
    receipt: Receipt | None = None
    begun: datetime | None = None
    last: int = 0


def builtins_of(entry: Entry) -> dict[str, Any]:
    """Give an entry as what JSON can hold (docs/schemas/journal.schema.json)."""
    told = {name: getattr(entry, name) for name in ("at", "release", "kind", "key", "who")}
    found: dict[str, Any] = msgspec.to_builtins({**told, "body": entry.whole()})
    return found


def _receipt(entry: Entry) -> Receipt:
    told = {name: bool(entry.body.get(name)) for name in ("found", "prepared")}
    return Receipt(entry.key, str(entry.body["address"]), entry.at, **told)


def receipts(entries: Iterable[Entry]) -> dict[str, Receipt]:
    """Give every receipt by its key."""
    return {e.key: _receipt(e) for e in entries if e.kind is Remembered.RECEIPT}


def entry_of(claim: Claim) -> Entry:
    """Give what a person said as an entry."""
    body = {"words": claim.words, "waives": claim.waives, "about": claim.about, "denies": claim.denies}
    return Entry(claim.at, claim.release, Remembered.CLAIM, claim.gate, claim.by, body)


def claims(entries: Iterable[Entry]) -> tuple[Claim, ...]:
    """Give every claim, oldest first."""
    return tuple(
        Claim(
            e.release,
            e.key,
            e.who,
            e.at,
            str(e.body.get("words", "")),
            waives=bool(e.body.get("waives")),
            about=str(e.body.get("about", "")),
            denies=bool(e.body.get("denies")),
        )
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


def refused(entries: Iterable[Entry]) -> frozenset[str]:
    """Give the keys of the effects that were begun and refused, the last time that somebody tried."""
    last = {e.key: e.kind for e in entries if e.kind in (Remembered.INTENT, Remembered.RECEIPT, Remembered.WITHDRAWN)}
    return frozenset(key for key, kind in last.items() if kind is Remembered.WITHDRAWN)


def progress(entries: Iterable[Entry], release: str) -> Progress:
    """Tell from the intents, receipts and withdrawals of one key how far its effect is; `release` is who asks."""
    begun: Entry | None = None
    last = 0
    for entry in entries:
        last = entry.number
        if entry.kind is Remembered.RECEIPT:
            return Progress(entry.release, _receipt(entry), last=last)
        # begun again, it may have been made since the first time
        begun = None if entry.kind is Remembered.WITHDRAWN else begun or entry
    return Progress(begun.release, begun=begun.at, last=last) if begun else Progress(release, last=last)


def _text_of(action: Mapping[str, Any]) -> str:
    if action.get("desk_text"):
        return str(action["desk_text"])
    files = action.get("files")
    return str(files[0][1]) if files else str(action.get("body", action.get("text", "")))


def _head_of(action: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give what an action writes around a text, as JSON holds it; None for one that writes a text alone."""
    if "desk_head" in action:
        return dict(action["desk_head"])
    if "labels" not in action:
        return None
    told = {name: action[name] for name in ("title", "assignees", "reviewers", "due") if action.get(name)}
    description = {"description": action["body"]} if "files" in action else {}
    return {**told, **description, "labels": sorted(action["labels"])}


def written(entries: Iterable[Entry]) -> dict[str, Written]:
    """Give what the desk last wrote into each document, from the intents that were settled.

    That is what was sent: an intent that was withdrawn counts for nothing, nor does one that came after the receipt,
    nor one that wrote into a document of another release.
    """
    sent: dict[str, Entry] = {}
    texts: dict[str, Entry] = {}  # by document; only the last of each is read, and all of them at once
    heads: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if entry.kind is Remembered.INTENT:
            sent[entry.key] = entry
        elif entry.kind is Remembered.WITHDRAWN:
            sent.pop(entry.key, None)
        elif entry.kind is Remembered.RECEIPT and entry.key in sent and entry.key.startswith(f"{entry.release}/"):
            begun, name = sent[entry.key], document_of(entry.key)
            head = _head_of(begun.body["action"]) if name else None
            if name and head is not None:
                heads[name] = head
            if name and begun.body["kind"] != SetHead.__name__:
                texts[name] = begun
    if not texts:
        return {}
    told = {name: [_text_of(entry.body["action"]), heads.get(name)] for name, entry in texts.items()}
    told = put_back(told, next(iter(texts.values())).texts)
    return {name: Written(texts[name].key, text, _head(head)) for name, (text, head) in told.items()}


def _head(told: Mapping[str, Any] | None) -> Head | None:
    return None if told is None else msgspec.convert(told, Head)


def carried(entries: Iterable[Entry], release: str) -> CarriedOver | None:
    """Give the draft as it was last carried over into the post of `release`, from the intents that were settled."""
    told, post = list(entries), TABLE["post"]
    sent = {e.key: e for e in told if e.kind is Remembered.INTENT and post.written_by(e.key) == post.name}
    done = [e for e in told if e.kind is Remembered.RECEIPT and e.key in sent and e.key.startswith(f"{release}/")]
    if not done:
        return None
    action = sent[done[-1].key].whole()["action"]
    files, vouched = (tuple(map(tuple, action.get(name, ()))) for name in ("files", "vouched"))
    return CarriedOver(done[-1].at, files, vouched)


def last_mail(entries: Iterable[Entry]) -> Mail | None:
    """Give the mail that was handed in last."""
    mails = [e for e in entries if e.kind is Remembered.MAIL]
    if not mails:
        return None
    last = mails[-1]
    return Mail(last.at, last.key, tuple(last.body.get("disagreements", ())), str(last.body.get("contents_digest", "")))

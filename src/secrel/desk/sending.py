"""What lies prepared in the outbox: what is to be sent, to whom, by whom; and a person's word that it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, order
from secrel.evaluate.people import given_up, sender_of, sent_word, unsent
from secrel.evaluate.remedies import quoted
from secrel.journal.entries import Entry, Remembered, entry_of
from secrel.papers.scene import Scene
from secrel.process.roles import Act
from secrel.words.errors import Misused
from secrel.words.outcomes import Receipt, first_key
from secrel.words.parts import Part, Seen, known
from secrel.words.people import SENT, WAS_SENT, Claim

KINDS: Mapping[str, str] = {
    "SendMail": "mail",
    "PublishRecord": "record",
    "TellReporter": "notice",
    "PostMessage": "message",
}
"""The kinds of what can be sent, as people say them, by the kind of effect."""

_TO: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "mail": lambda told: str(told.get("to", "")),
    "record": lambda told: f"the CVE list, as {told.get('cve_id', '')}",
    "notice": lambda told: str(told.get("report", "")),
    "message": lambda told: str(told.get("channel", "")),
}

_SAME: Part[tuple[str, ...]] = Seen(())


class Outgoing(Struct, frozen=True):
    """One thing that is prepared and was not sent: what was prepared and when, its kind, to whom, and by whom.

    `who` is empty where the process names nobody; `changed` is what of it the facts have changed since.
    """

    receipt: Receipt
    kind: str
    to: str
    who: str
    changed: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key of its effect, by which somebody says that it was sent."""
        return self.receipt.key


def outgoing(entries: Iterable[Entry], scene: Scene) -> tuple[Outgoing, ...]:
    """Give what lies in the outbox of a release and was not sent, the earliest first; `entries` are the journal's."""
    begun = {entry.key: entry for entry in entries if entry.kind is Remembered.INTENT}
    return tuple(_outgoing(one, begun.get(one.key), scene) for one in unsent(scene.snapshot))


def _outgoing(receipt: Receipt, intent: Entry | None, scene: Scene) -> Outgoing:
    who = sender_of(scene.assessment, receipt.key)
    changed = known(scene.snapshot.outdated.get(first_key(receipt.key), _SAME), ())
    if intent is None:  # found in the outbox, and written by a desk whose journal is another one
        return Outgoing(receipt, "message", "", who, changed)
    kind = KINDS[intent.body["kind"]]
    return Outgoing(receipt, kind, _TO[kind](intent.body["action"]), who, changed)


def say_sent(desk: Desk, name: str, what: Sequence[str], words: str) -> tuple[Claim, ...]:
    """Record the word of whoever sits at the desk that things in the outbox were sent: keys, or whole kinds of them.

    Raises `Misused` for what does not wait to be sent, `Refused` for somebody who may not say so.
    """
    told: list[Claim] = []

    def ordered(seen: Scene) -> Ordered:
        waiting = outgoing(desk.journal.entries(name), seen)
        keys = dict.fromkeys(key for one in what for key in _keys(one, waiting, seen))
        told[:] = [Claim(name, SENT, desk.by, desk.now(), words.strip() or WAS_SENT, about=key) for key in keys]
        return Ordered(entries=tuple(map(entry_of, told)))

    order(desk, name, Act.SEND, ordered)
    return tuple(told)


def _keys(what: str, waiting: Sequence[Outgoing], seen: Scene) -> Sequence[str]:
    """Give the keys that one word names; a kind may be said in the plural."""
    kind = what.removesuffix("s")
    gone = next((one for one in given_up(seen.snapshot) if one.key == what), None)
    if gone is not None:
        raise Misused(f"{what} is not to be sent any more", where=seen.name, remedy=f"delete it: {gone.address}")
    found = [one.key for one in waiting if what == one.key or kind == one.kind]
    if found:
        return found
    look = f"look: secrel outbox {quoted(seen.name)}"
    said = sent_word(seen.snapshot, what)
    if said is not None:
        raise Misused(f"{said.by} has said already that {what} was sent", where=seen.name, remedy=look)
    if kind in KINDS.values():
        raise Misused(f"no {kind} waits to be sent", where=seen.name, remedy=look)
    raise Misused(f"nothing waits to be sent under the key {what[:120]!r}", where=seen.name, remedy=look)

"""What became of an effect: that it is there, that it is not, or that nobody can tell; and the receipt for it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Made(Struct, frozen=True):
    """The effect is there: `address` is that of what it made; `earlier` when whoever was to make it found it made.

    `prepared` when it is ready for a person to send, and has not left by this: a file in the outbox.
    """

    address: str
    earlier: bool = False
    prepared: bool = False


class NotMade(Struct, frozen=True):
    """The effect is certainly not there, and may be carried out."""


class CannotTell(Struct, frozen=True):
    """Nobody can tell whether the effect is there: a person has to, and nothing is sent again before."""

    reason: str


class Receipt(Struct, frozen=True):
    """The world's answer to an effect: the address of what it made, and when; `found` when it was there already.

    `prepared` as in `Made`: what it is about has been written, and is still to be sent by a person.
    """

    key: str
    address: str
    at: datetime
    found: bool = False
    prepared: bool = False

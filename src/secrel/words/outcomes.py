"""What became of an effect: that it is there, that it is not, or that nobody can tell; and the receipt for it."""

from __future__ import annotations

from collections.abc import Mapping
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


ANEW = "anew"
"""What the key of something to send has behind it, before a number, when it is prepared anew: its facts changed."""


def first_key(key: str) -> str:
    """Give the key under which something to send was prepared first: its own, unless it was prepared anew."""
    first, _, number = key.rpartition(f"/{ANEW}/")
    return first if first and number.isdecimal() else key


def family(receipts: Mapping[str, Receipt], key: str) -> list[Receipt]:
    """Give the receipts of what was prepared first under `key`, and of each time that it was prepared anew, in turn."""
    anew = f"{key}/{ANEW}/"
    numbered = {
        int(number): one
        for name, one in receipts.items()
        if name.startswith(anew) and (number := name.removeprefix(anew)).isdecimal()
    }
    own = [receipts[key]] if key in receipts else []
    return own + [numbered[number] for number in sorted(numbered)]


def standing(receipts: Mapping[str, Receipt], key: str) -> Receipt | None:
    """Give the receipt of what stands for `key`: of the last time that it was prepared anew, or else its own."""
    return next(reversed(family(receipts, key)), None)

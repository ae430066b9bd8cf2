"""Types that texts are read into, made ready one at a time: two threads that are first at once end the program."""

from __future__ import annotations

from threading import Lock
from typing import TypeVar

import msgspec

T = TypeVar("T")
_ONE_AT_A_TIME = Lock()
_READY: set[object] = set()


def shaped(kind: type[T]) -> type[T]:
    """Give a type, once msgspec knows all of its fields.

    It learns them when a type is first read into, and is not made for two threads that do so at once: then the process
    ends without a word. Whoever reads in a thread asks for the type here.
    """
    if kind not in _READY:
        with _ONE_AT_A_TIME:
            msgspec.json.Decoder(kind)
            _READY.add(kind)
    return kind

"""What functions answered that always answer the same to the same, kept by a digest of what they were asked.

Within one process that is no more than `functools.lru_cache`. What somebody takes along from an earlier process with
`take` answers as well, so that a command need not load what it would only use to find the same out again.

An answer is found by its digest alone: of the function's name and of everything that it is asked. One that cannot be
read as what the function gives is none, and is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

F = TypeVar("F", bound=Callable[..., Any])
K = TypeVar("K")
T = TypeVar("T")


class _Taken(msgspec.Struct):
    """What this process has of answers: those of earlier ones (None: it keeps none), those it used, and new ones."""

    earlier: Mapping[bytes, bytes] | None = None
    keep: Callable[[Mapping[bytes, bytes]], None] = lambda _: None
    used: dict[bytes, bytes] = {}
    is_new: bool = False


_taken = _Taken()


def take(earlier: Mapping[bytes, bytes], keep: Callable[[Mapping[bytes, bytes]], None]) -> None:
    """Take answers of earlier processes along, as they are written down, by digest.

    From now on those that are made are written down as well, until `leave` gives all of them to `keep`. What was taken
    before, and not left, is gone.
    """
    _taken.earlier, _taken.keep, _taken.used, _taken.is_new = earlier, keep, {}, False


def is_keeping() -> bool:
    """Whether answers were taken along, and those that are made are written down."""
    return _taken.earlier is not None


def leave() -> None:
    """Keep what was answered for later processes, if anything is new: first what was used now, then what was not."""
    earlier, used, is_new = _taken.earlier or {}, _taken.used, _taken.is_new
    _taken.earlier, _taken.used, _taken.is_new = None, {}, False
    if is_new:
        _taken.keep({**used, **{digest: told for digest, told in earlier.items() if digest not in used}})


def _lasts(_answer: object) -> bool:
    return True


def answered(name: str, asked: object, kind: Any, make: Callable[[], T], *, lasts: Callable[[T], bool] = _lasts) -> T:
    """Give the answer to what was asked, of the type `kind`: an earlier one, or else the one that `make` makes.

    `asked` is all that the answer depends on. What does not last by `lasts` is not kept; neither is what `make` raises.
    """
    return answered_each(name, {"": asked}, kind, lambda _: {"": make()}, lasts=lasts)[""]


def answered_each(
    name: str,
    asked: Mapping[K, object],
    kind: Any,
    make: Callable[[Sequence[K]], Mapping[K, T]],
    *,
    lasts: Callable[[T], bool] = _lasts,
) -> dict[K, T]:
    """Give the answers to several questions, by their keys, as `answered` does; `make` is called once for all new ones.

    Absent is what `make` leaves out.
    """
    digests = {} if _taken.earlier is None else {key: _digest(name, told) for key, told in asked.items()}
    found: dict[K, T] = {}
    for key, digest in digests.items():
        kept = (_taken.earlier or {}).get(digest)
        with suppress(msgspec.DecodeError):
            if kept is not None:
                found[key] = msgspec.msgpack.decode(kept, type=kind)
                _taken.used[digest] = kept
    fresh = [key for key in asked if key not in found]
    made = make(fresh) if fresh else {}
    for key in made.keys() & digests.keys():
        if digests[key] and lasts(made[key]):
            with suppress(*_NOT_WRITTEN):
                _taken.used[digests[key]], _taken.is_new = msgspec.msgpack.encode(made[key]), True
    return {key: found[key] if key in found else made[key] for key in asked if key in found or key in made}


_NOT_WRITTEN = (AttributeError, TypeError, ValueError, OverflowError, RecursionError)
"""What writing raises for a value that has no plain form, such as a number of more than 64 bits."""


def _digest(name: str, asked: object) -> bytes:
    """Give the digest of what is asked; empty when it cannot be written down, and then nothing is kept.

    It is written as JSON, which says the zone of a time beside the instant.
    """
    try:
        told = msgspec.json.encode((name, asked), enc_hook=_spelled, order="deterministic")
    except _NOT_WRITTEN:
        return b""
    return blake2b(told, digest_size=32).digest()


def _spelled(value: Any) -> object:
    """Give what an object that is no plain value answers by: it says so itself."""
    return value.answers_by


def kept(kind: Any, size: int) -> Callable[[F], F]:
    """Decorate a function that always answers the same to the same, with an answer of the type `kind`.

    It takes its arguments by place. The last `size` answers are kept in this process, and all of them for later ones
    where somebody takes them along.
    """

    def decorated(make: F) -> F:
        name = f"{make.__module__}.{make.__qualname__}"

        @lru_cache(maxsize=size)
        def answer(*asked: object) -> object:
            return answered(name, asked, kind, lambda: make(*asked))

        return answer  # type: ignore[return-value]  # it is asked as `make` is

    return decorated

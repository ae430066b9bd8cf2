"""Asks in batches, concurrently: as many things in one query as the server takes, never fewer, never too many."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from secrel.adapters.gitlab.client import Client
from secrel.adapters.gitlab.faults import Failed, Fault, Kind
from secrel.adapters.gitlab.reading.forms import Complexity, User
from secrel.words.errors import SecrelError
from secrel.words.parts import Part, Unseen

K = TypeVar("K")
T = TypeVar("T")

_THREADS = 32
_DEEPEST = 100
"""How many of a list come with the thing that it hangs on; GitLab gives no more in a page."""
_PRICE = re.compile(r"complexity of (\d{1,9}), which exceeds max complexity of (\d{1,9})")
_MARGIN = 0.9


@dataclass(frozen=True, slots=True)
class Answered:
    """The data of one query, by the names in it, and what the server said could not be had."""

    data: Mapping[str, msgspec.Raw]
    said: str = ""

    def part(self, name: str, kind: type[T]) -> T | None:
        """Read one part of the data; None where the server has null. Raises `Failed` for another form."""
        return decoded(self.data.get(name, msgspec.Raw(b"null")), kind)


def decoded(raw: msgspec.Raw, kind: type[T]) -> T | None:
    """Read a piece of an answer; None for null. Raises `Failed` for one that has another form."""
    if bytes(raw) == b"null":
        return None
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as cause:
        said = f"its form is another at {str(cause).rpartition(' - at ')[2][:100]}"
    except (msgspec.DecodeError, RecursionError):
        said = "it cannot be read"
    raise Failed(Fault(Kind.UNREADABLE, 200, said), "/api/graphql")


@dataclass(frozen=True, slots=True)
class Batch(Generic[K, T]):
    """A kind of question: its name, how it is written for some things, and how their answer is read.

    `write` is given the things, and how much of each list to ask for; `read` the things and the answer.
    """

    name: str
    write: Callable[[Sequence[K], int], tuple[str, dict[str, Any]]]
    read: Callable[[Sequence[K], Answered], Mapping[K, Part[T]]]


class Asking:
    """Sends queries over one client from several threads, and remembers how large they may be."""

    def __init__(self, client: Client) -> None:
        """Take the client."""
        self.client = client
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="gitlab")
        self._sizes: dict[str, int] = {}
        self._refused: dict[str, int] = {}
        self._deep: dict[str, int] = {}
        self._lock = threading.Lock()
        self.username = ""

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown()

    def together(self, *jobs: Callable[[], T]) -> list[T]:
        """Send several single requests at once, and give what each gives, in their order; what one raises is raised."""
        return [future.result() for future in [self._pool.submit(job) for job in jobs]]

    def chains(self, *jobs: Callable[[], T]) -> list[T]:
        """Go several ways at once, each of which asks more than once; they wait for requests and for no other chain."""
        with ThreadPoolExecutor(max(1, len(jobs)), thread_name_prefix="gitlab-chain") as pool:
            return [future.result() for future in [pool.submit(job) for job in jobs]]

    def query(self, text: str, variables: Mapping[str, Any]) -> Answered:
        """Ask one query; raises `Failed`, for a token that GitLab does not know among it."""
        told = self.client.ask(text, variables, dict[str, msgspec.Raw])
        answered = Answered(told.data, ". ".join(fault.message for fault in told.faults[:3])[:300])
        user = answered.part("currentUser", User)
        if user is None:
            raise Failed(Fault(Kind.WRONG_TOKEN, 200, "it does not say who asks"), "/api/graphql")
        self.username = user.username
        return answered

    def each(self, batch: Batch[K, T], things: Sequence[K]) -> dict[K, Part[T]]:
        """Ask the same of many things: those of a query that failed are unseen, each in its own place."""
        found: dict[K, Part[T]] = {}
        waiting: dict[Future[Mapping[K, Part[T]]], Sequence[K]] = {}
        for some in self._split(batch.name, list(dict.fromkeys(things))):
            waiting[self._pool.submit(self._once, batch, some)] = some
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                asked = waiting.pop(future)
                fault = future.exception()
                if fault is None:
                    found |= future.result()
                elif (
                    isinstance(fault, Failed)
                    and fault.fault.kind is Kind.TOO_COMPLEX
                    and self._shrink(batch.name, len(asked), fault.fault.said)
                ):
                    for some in self._split(batch.name, asked):
                        waiting[self._pool.submit(self._once, batch, some)] = some
                elif isinstance(fault, SecrelError):
                    found |= dict.fromkeys(asked, Unseen(fault.what))
                else:
                    raise fault
        return found

    def _once(self, batch: Batch[K, T], things: Sequence[K]) -> Mapping[K, Part[T]]:
        text, variables = batch.write(things, self._deep.get(batch.name, _DEEPEST))
        answered = self.query(text, variables)
        price = answered.part("queryComplexity", Complexity)
        if price is not None and price.score and price.limit:
            with self._lock:
                most = int(len(things) * _MARGIN * price.limit / price.score)
                self._sizes[batch.name] = max(1, min(most, self._refused.get(batch.name, most + 1) - 1))
        return batch.read(things, answered)

    def _split(self, name: str, things: Sequence[K]) -> Iterator[Sequence[K]]:
        size = self._sizes.get(name) or max(1, len(things))
        parts = -(-len(things) // size)
        even = -(-len(things) // parts) if parts else 1
        for start in range(0, len(things), even):
            yield things[start : start + even]

    def _shrink(self, name: str, count: int, said: str) -> bool:
        """Make batches of a kind smaller after a refusal; False when one thing alone, with short lists, is too much."""
        price = _PRICE.search(said)
        told = int(count * _MARGIN * int(price[2]) / max(1, int(price[1]))) if price else count // 2
        with self._lock:
            if count > 1:
                self._refused[name] = min(count, self._refused.get(name, count))
                self._sizes[name] = max(1, min(told, count // 2, self._sizes.get(name, count)))
                return True
            deep = self._deep.get(name, _DEEPEST)
            self._deep[name] = deep // 2
            return deep > 1

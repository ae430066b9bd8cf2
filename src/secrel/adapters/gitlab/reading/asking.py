"""Asks in batches, concurrently: as many things in one query as the server takes, never fewer, never too many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from secrel.adapters.gitlab.client import Client, GraphFault
from secrel.adapters.gitlab.faults import Failed, FaultKind, NoAnswer, harmless
from secrel.adapters.gitlab.reading.forms import Complexity, User
from secrel.adapters.gitlab.reading.shapes import shaped
from secrel.adapters.gitlab.reading.sizing import Sizes
from secrel.words.errors import SecrelError
from secrel.words.facts.tables import SinceTold, SpanTold
from secrel.words.parts import Part, unseen

K = TypeVar("K")
T = TypeVar("T")

_THREADS = 32


class Answered(Struct, frozen=True):
    """The data of one query, by the names in it, and what the server said could not be had."""

    data: Mapping[str, msgspec.Raw]
    faults: tuple[GraphFault, ...] = ()

    @property
    def said(self) -> str:
        """What the server said of all that could not be had; empty: it is whole."""
        return _words(self.faults)

    def missing(self, *path: str | int) -> str:
        """Give what the server said of a part of the data, or of something in it; empty: it is whole.

        What it says without a path can be about any part.
        """
        return _words([one for one in self.faults if one.path is None or tuple(one.path[: len(path)]) == path])

    def part(self, name: str, kind: type[T]) -> T | None:
        """Read one part of the data; None where the server has null. Raises `Failed` for another form."""
        return decoded(self.data.get(name, msgspec.Raw(b"null")), kind)


def _words(faults: Sequence[GraphFault]) -> str:
    said = ". ".join(fault.message or "it is not said why" for fault in faults[:3])
    return harmless(said)


def decoded(raw: msgspec.Raw, kind: type[T]) -> T | None:
    """Read a piece of an answer; None for null. Raises `Failed` for one that has another form."""
    if bytes(raw) == b"null":
        return None
    try:
        return msgspec.json.decode(raw, type=shaped(kind))
    except msgspec.ValidationError as cause:
        said = f"its form is another at {str(cause).rpartition(' - at ')[2][:100]}"
    except (msgspec.DecodeError, RecursionError):
        said = "it cannot be read"
    raise Failed(NoAnswer(FaultKind.UNREADABLE, 200, said), "/api/graphql")


class Batch(Struct, Generic[K, T], frozen=True):
    """A kind of question: its name, how it is written for some things, and how their answer is read.

    `write` is given the things, and how much of each list to ask for; `read` the things and the answer.
    """

    name: str
    write: Callable[[Sequence[K], int], tuple[str, dict[str, Any]]]
    read: Callable[[Sequence[K], Answered], Mapping[K, Part[T]]]


class Questions:
    """Sends queries over one client from several threads, and remembers how large they may be."""

    def __init__(self, client: Client) -> None:
        """Take the client."""
        self.client = client
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="gitlab")
        self._sizes = Sizes()
        for kind in (SpanTold, SinceTold):  # facts are read in these threads as well, by whoever knows of none
            shaped(kind)
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
        try:
            told = self.client.ask(text, variables, dict[str, msgspec.Raw])
        except Failed as failed:
            if failed.fault.kind is FaultKind.WRONG_TOKEN:
                self.client.get("/version", msgspec.Raw)  # says what is wrong with it: GraphQL says the same of all
            raise
        answered = Answered(told.data, told.faults)
        user = answered.part("currentUser", User)
        if user is None:
            raise self.client.nobody()
        self.username = user.username
        return answered

    def each(self, batch: Batch[K, T], things: Sequence[K]) -> dict[K, Part[T]]:
        """Ask the same of many things: those of a query that failed are unseen, each in its own place."""
        found: dict[K, Part[T]] = {}
        sent = self._send(batch, list(dict.fromkeys(things)))
        while sent:
            done, _ = wait(sent, return_when=FIRST_COMPLETED)
            for future in done:
                asked, deep = sent.pop(future)
                fault = future.exception()
                if fault is None:
                    found |= future.result()
                elif not isinstance(fault, SecrelError):
                    raise fault
                elif self._is_smaller(batch.name, fault, len(asked), deep):
                    sent |= self._send(batch, asked)
                else:
                    found |= dict.fromkeys(asked, unseen(fault))
        return found

    def _send(
        self, batch: Batch[K, T], things: Sequence[K]
    ) -> dict[Future[Mapping[K, Part[T]]], tuple[Sequence[K], int]]:
        """Send things in as few queries of one size as are taken, with how long the lists in them are."""
        deep = self._sizes.deep(batch.name)
        parts = -(-len(things) // self._sizes.most(batch.name, len(things)))
        even = -(-len(things) // parts) if parts else 1
        some = [things[start : start + even] for start in range(0, len(things), even)]
        return {self._pool.submit(self._once, batch, one, deep): (one, deep) for one in some}

    def _once(self, batch: Batch[K, T], things: Sequence[K], deep: int) -> Mapping[K, Part[T]]:
        answered = self.query(*batch.write(things, deep))
        price = answered.part("queryComplexity", Complexity)
        if price is not None and price.score:
            self._sizes.took(batch.name, len(things), price.score)
        return batch.read(things, answered)

    def _is_smaller(self, name: str, fault: SecrelError, count: int, deep: int) -> bool:
        """Whether it was refused for its size, and can be asked in smaller pieces."""
        is_large = isinstance(fault, Failed) and fault.fault.kind is FaultKind.TOO_COMPLEX
        return is_large and self._sizes.refuses(name, count, deep, str(fault))

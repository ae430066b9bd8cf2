"""The double itself: a request in, an answer out, with tokens, limits, faults and replicas in between."""

from __future__ import annotations

import copy
import re
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.gitlab_double import answering, tokens
from tests.gitlab_double.answering import Reply
from tests.gitlab_double.faults import Fault, Planned
from tests.gitlab_double.graphql import endpoint
from tests.gitlab_double.limits import Limits
from tests.gitlab_double.rest.asking import Answer, Ask, Refused
from tests.gitlab_double.rest.register import allowed, find
from tests.gitlab_double.sending import Incoming
from tests.gitlab_double.serving import Served
from tests.gitlab_double.transporting import DoubleTransport
from tests.gitlab_double.world.world import World


@dataclass(frozen=True)
class Exchange:
    """What a client asked and got; tokens are not in it."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: Any
    status: int | None
    """None where the connection broke."""
    done: bool
    """Whether GitLab did what was asked."""


@dataclass
class _Stale:
    world: World
    left: int
    writer: str | None
    own: bool


@dataclass
class Double:
    """A GitLab over a `World`: in process by `transport()`, over loopback by `served()`."""

    world: World
    log: list[Exchange] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with nothing counted and nothing stale."""
        self.limits = Limits()
        self._lag: tuple[int, bool] | None = None
        self._stale: list[_Stale] = []
        self._lock = threading.RLock()

    # what tests plan

    def fail(  # noqa: PLR0913 - what a plan may say
        self, method: str, path: str, fault: Fault, *, times: int = 1, after: int = 0, text: str = ""
    ) -> Planned:
        """Let the next requests fail whose path (a regular expression, from `/api/` on, as sent) and body text match.

        `*` is every method; `after` lets so many pass first. The plan says how often it was met.
        """
        made = Planned(method.upper(), re.compile(path), fault, times, after, text)
        self.planned.append(made)
        return made

    def lag(self, reads: int = 2, *, own: bool = False) -> None:
        """From now on, let so many reads after each write see things as they were before it: those of other tokens,
        as GitLab keeps a writer on the primary (s7), or with `own` those of the writer as well."""
        self._lag = (reads, own) if reads else None

    # ways to it

    def transport(self) -> DoubleTransport:
        """Give a transport for httpx2, for clients of both kinds, that comes here without a socket."""
        return DoubleTransport(self.reply)

    def served(self) -> Served:
        """Give a server on loopback, to be used as a context manager: `with double.served() as url:`."""
        return Served(self.reply)

    def reply(self, incoming: Incoming) -> Reply:
        """Answer one request."""
        with self._lock:
            fault = next(
                (one.fault for one in self.planned if one.takes(incoming.method, incoming.path, incoming.content)), None
            )
            if fault is None:
                reply = answering.finished(self.world, incoming, self._answer(incoming), self.limits)
                return self._logged(incoming, reply, done=True)
            return self._failed(incoming, fault)

    def _failed(self, incoming: Incoming, fault: Fault) -> Reply:
        reply = Reply(0, [], b"")
        if fault.done:
            reply = answering.finished(self.world, incoming, self._answer(incoming), self.limits)
        if fault.answer is not None:
            reply = answering.finished(self.world, incoming, fault.answer(self.world), self.limits)
        self._logged(incoming, reply, done=fault.done, broken=fault.answer is None)
        if fault.raises is not None:
            raise fault.raises
        reply.breaks = fault.breaks
        return reply

    def _logged(self, incoming: Incoming, reply: Reply, *, done: bool, broken: bool = False) -> Reply:
        status = None if broken else reply.status
        query = tuple(pair for pair in incoming.query if pair[0] != "private_token")
        self.log.append(Exchange(incoming.method, incoming.path, query, incoming.body, status, done))
        return reply

    # answering

    def _answer(self, incoming: Incoming) -> Answer:
        try:
            held = tokens.presented(self.world, incoming)
            refusal = self.limits.refusal(self.world, incoming, held)
            if refusal is not None:
                return refusal
            if incoming.path.rstrip("/") == "/api/graphql":
                return endpoint.answer(self._seen_by(incoming, held), held, incoming)
            return self._rest(incoming, held)
        except Refused as refused:
            return refused.answer

    def _rest(self, incoming: Incoming, held: tokens.Held) -> Answer:
        site = self.world.site
        path = incoming.path.removeprefix("/api/v4")
        matched = find(incoming.method, path, enterprise=site.enterprise) if path != incoming.path else None
        if matched is None:
            others = allowed(path, enterprise=site.enterprise) if path != incoming.path else []
            if others:  # Grape's own answer for a path that is there
                return Answer(405, {"error": "405 Not Allowed"}, {"allow": ", ".join(["OPTIONS", *others])})
            return Answer(404, {"error": "404 Not Found"})  # s1: no such route
        tokens.check(held, incoming.method)
        world = self._seen_by(incoming, held)
        ask = Ask(world, held.user, held.token, incoming.method, path, matched[1], incoming.params(), incoming.headers)
        return matched[0].handler(ask)

    def _seen_by(self, incoming: Incoming, held: tokens.Held) -> World:
        """Give the state that a request meets: the primary, or a replica that lags (s7)."""
        token = held.token.text if held.token else None
        if incoming.writes:
            if self._lag is not None:
                reads, own = self._lag
                self._stale.append(_Stale(copy.deepcopy(self.world), reads, token, own))
            return self.world
        for stale in self._stale:
            if stale.left > 0 and (stale.own or stale.writer != token):
                stale.left -= 1
                return stale.world
        return self.world

"""One HTTP client for all of GitLab, REST and GraphQL: what is asked is tried again, what is told is told once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

import httpx2
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from secrel.adapters.gitlab.faults import (
    TOO_COMPLEX,
    Answer,
    Failed,
    FaultKind,
    NoAnswer,
    classify,
    harmless,
    page,
    token_way,
)
from secrel.adapters.gitlab.reading.shapes import shaped
from secrel.adapters.gitlab.tokens import Token
from secrel.adapters.gitlab.waiting import Pace, Rest, Timing, backoff, told_wait
from secrel.words.errors import InDoubt, Misused
from secrel.words.patterns import pattern

T = TypeVar("T")
Query = tuple[tuple[str, str], ...]

MOST_TEXT = 10_000
"""How many characters a query of GraphQL may have, all of the request's text (gitlab-api.md 9)."""
_INSTANCE = pattern(r"https?://[A-Za-z0-9.-]{1,253}(?::\d{1,5})?(?:/[\w.~/-]{0,200})?", re.ASCII)
_GRAPH = "/api/graphql"
_PAGE = 100
_UNTOLD = f"a page of {_PAGE} came, and it is not said whether more follow"
_NEXT = pattern(r'<([^<>]{1,4000})>;\s*rel="next"')
_NOTES = pattern(r"/(?:notes|discussions(?:/\w+/notes)?)\Z")
_ISSUES = pattern(r"/issues\Z")
_NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)
"""Failures after which it is certain that no byte of a request has left."""


class Limits(Struct, frozen=True):
    """What the client holds itself to: attempts of a read, seconds it waits for one in all, and bounds of answers.

    `largest` is the most bytes of one answer, `pages` the most pages of one list; `notes` and `issues` are how many of
    each are made in a minute at most (GitLab.com: 60 and 200). An answer may take `timeout` seconds, and a connection
    `connect`.
    """

    attempts: int = 5
    patience: float = 180.0
    largest: int = 32 << 20
    pages: int = 1_000
    notes: int = 60
    issues: int = 200
    timeout: float = 40.0
    connect: float = 10.0


class Reply(Struct, Generic[T], frozen=True):
    """What a write was answered: the status (202: acted, and nothing made), and what it says."""

    status: int
    value: T


class AllPages(Struct, Generic[T], frozen=True):
    """Every page of a list; `cut` says what is missing when it was longer than anybody reads, empty: nothing."""

    items: tuple[T, ...]
    cut: str = ""


class GraphFault(msgspec.Struct, frozen=True):
    """One of the errors beside the data of GraphQL, with the way to the part that it is about."""

    message: str = ""
    path: list[str | int] | None = None


class GraphAnswer(Struct, Generic[T], frozen=True):
    """An answer of GraphQL: its data, and what could not be had of it."""

    data: T
    faults: tuple[GraphFault, ...] = ()


class _Graph(msgspec.Struct, frozen=True):
    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: list[GraphFault] | None = None


def route(*parts: str | int) -> str:
    """Give the path of a thing below the instance's API, each part percent-encoded exactly once."""
    return "".join(f"/{quote(str(part), safe='')}" for part in parts)


class Client:
    """Speaks with one instance in the name of one token; threads share it.

    What is asked (`get`, `pages`, `ask`) is asked again when it was refused for being one too many or the server
    failed, with growing pauses, until `limits` are reached. What is told (`send`) is sent once and no more.
    """

    def __init__(
        self,
        instance: str,
        token: Token,
        timing: Timing,
        *,
        transport: httpx2.BaseTransport | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Take the address of the instance; `transport` None is the network. Nothing is sent yet.

        Raises `Misused` for an address that is none, or has something in it that does not belong there.
        """
        self._instance = instance.rstrip("/")
        if not _INSTANCE.fullmatch(self._instance):
            remedy = "write it as https://gitlab.example.com"
            raise Misused("this is no address of a GitLab", where="[forge] url", remedy=remedy)
        self._token = token
        self._timing = timing
        self.limits = limits or Limits()
        self._rest = Rest(timing)
        self._pace = Pace(timing, self._rest, {"notes": self.limits.notes, "issues": self.limits.issues})
        name, value = token.header
        self._http = httpx2.Client(
            headers={name: value, "User-Agent": "secrel", "Accept": "application/json"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx2.Timeout(self.limits.timeout, connect=self.limits.connect),
            transport=transport,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    @property
    def instance(self) -> str:
        """The address of the instance, without a slash at its end."""
        return self._instance

    def rest(self, seconds: float, why: str = "") -> None:
        """Let some time pass, such as until GitLab has done what it does after an answer; `why` is said."""
        self._rest.take(seconds, why)

    def get(self, path: str, kind: type[T], query: Iterable[tuple[str, str]] = ()) -> T:
        """Give one thing of the REST API; raises `Failed`."""
        answer = self._asked("GET", f"/api/v4{path}", tuple(query))
        return self._decoded(answer.body, kind, answer, path)

    def pages(self, path: str, kind: type[T], query: Iterable[tuple[str, str]] = ()) -> AllPages[T]:
        """Give a whole list of the REST API, page by page to the last, however short a page is; raises `Failed`."""
        asked: Query = (*query, ("per_page", str(_PAGE)))
        items: list[T] = []
        seen: set[Query] = set()
        while True:
            answer = self._asked("GET", f"/api/v4{path}", asked)
            page = self._decoded(answer.body, list[kind], answer, path)  # type: ignore[valid-type]  # a value here
            items += page
            seen.add(asked)
            following = _following(answer, asked)
            if following is None:
                is_told = any(name in answer.headers for name in ("x-next-page", "link"))
                return AllPages(tuple(items), "" if is_told or len(page) < _PAGE else _UNTOLD)
            if following in seen or len(seen) >= self.limits.pages:
                return AllPages(tuple(items), f"{len(items):,} read, and more follow")
            asked = following

    def ask(self, text: str, variables: Mapping[str, Any], kind: type[T]) -> GraphAnswer[T]:
        """Give what a query of GraphQL is answered; raises `Failed`, of the kind `TOO_COMPLEX` for one that is too big.

        Parts of the data that could not be had are null, and said in `faults` where the server says it.
        """
        if len(text) > MOST_TEXT:
            raise Failed(NoAnswer(FaultKind.TOO_COMPLEX, 0, f"the query has {len(text):,} characters"), _GRAPH)
        body = msgspec.json.encode({"query": text, "variables": variables})
        answer = self._asked("POST", _GRAPH, (), body)
        told = self._decoded(answer.body, _Graph, answer, _GRAPH)
        faults = tuple(told.errors or ())
        if bytes(told.data) == b"null":
            raise Failed(self._graph_fault(faults, answer.status), _GRAPH)
        return GraphAnswer(self._decoded(bytes(told.data), kind, answer, _GRAPH), faults)

    def nobody(self) -> Failed:
        """Give the fault of an answer to nobody: an instance may say 200, and that it does not know who asks."""
        kind = FaultKind.WRONG_TOKEN
        return Failed(NoAnswer(kind, 200, "it does not say who asks", remedy=self.token_way(kind)), _GRAPH)

    def token_way(self, kind: FaultKind) -> str:
        """Say what mends a fault of this token on this instance; empty for a fault that is of something else."""
        return token_way(kind, self._instance, self._token.place)

    def send(self, method: str, path: str, body: Mapping[str, Any] | None, kind: type[T]) -> Reply[T]:
        """Send one write of the REST API, once; an answer without a body is read as null.

        Raises `Failed` when it was refused, or never left: nothing happened then, and `fault.passes` says whether it
        may be sent again a little later. Raises `InDoubt` when it left and no answer of GitLab came back.
        """
        if method == "POST":
            self._pace.take("notes" if _NOTES.search(path) else "issues" if _ISSUES.search(path) else "")
        answer = self._sent(method, f"/api/v4{path}", (), None if body is None else msgspec.json.encode(body))
        if isinstance(answer, NoAnswer):
            raise _in_doubt(answer, path) if answer.may_have_happened else Failed(answer, path)
        try:
            value = self._decoded(answer.body or b"null", kind, answer, path)
        except Failed as failed:
            raise _in_doubt(failed.fault, path) from None
        return Reply(answer.status, value)

    def _asked(self, method: str, path: str, query: Query, body: bytes | None = None) -> Answer:
        """Try a read until it is answered, or there is no sense in trying any more; raises `Failed`."""
        waited = 0.0
        attempt = 0
        while True:
            answer = self._sent(method, path, query, body)
            if isinstance(answer, Answer):
                return answer
            pause = backoff(attempt, answer.wait, is_limit=answer.kind is FaultKind.TOO_MANY)
            attempt += 1
            waited += pause
            if not answer.passes or attempt == self.limits.attempts or waited > self.limits.patience:
                raise Failed(answer, path)
            self._rest.take(pause, Failed(answer, path).what)

    def _sent(self, method: str, path: str, query: Query, body: bytes | None) -> Answer | NoAnswer:
        """Send one request and read its answer, within the bounds; give it when it is a good one, else the fault."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        url = f"{self._instance}{path}"
        request = self._http.build_request(method, url, params=query or None, content=body, headers=headers)
        try:
            response = self._http.send(request, stream=True)
            try:
                answer = self._whole(response)
            finally:
                response.close()
        except _NOT_SENT as cause:
            return NoAnswer(FaultKind.UNREACHABLE, 0, _said(cause))
        except httpx2.LocalProtocolError as cause:
            return NoAnswer(FaultKind.INVALID, 0, _said(cause))
        except (httpx2.HTTPError, httpx2.StreamError) as cause:
            return NoAnswer(FaultKind.CUT_OFF, 0, _said(cause), may_have_happened=True)
        if isinstance(answer, NoAnswer):
            return answer
        wait = told_wait(answer, self._timing.now())
        fault = classify(answer, asked=url, wait=wait, secret=self._token.value)
        return replace(fault, remedy=self.token_way(fault.kind)) if fault else answer

    def _whole(self, response: httpx2.Response) -> Answer | NoAnswer:
        """Read a whole body, unpacked, but no more of it than is allowed."""
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > self.limits.largest:
                what = f"more than {self.limits.largest:,} bytes"
                return NoAnswer(FaultKind.TOO_LARGE, response.status_code, what, may_have_happened=True)
            parts.append(part)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, b"".join(parts))

    def _decoded(self, body: bytes, kind: type[T], answer: Answer, path: str) -> T:
        """Read an answer strictly into a type; raises `Failed` for one that has another form, or is no JSON."""
        try:
            return msgspec.json.decode(body, type=shaped(kind))
        except msgspec.ValidationError as cause:
            what, _, place = str(cause).rpartition(" - at ")
            lacks = f", {what or place}" if "missing required field" in (what or place) else ""
            said = harmless(f"its form is another at {place if what else 'its top'}{lacks}")
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            if not answer.is_json:
                said = f"it is {harmless(answer.headers.get('content-type', ''))!r}"
                raise Failed(page(answer, said), path) from None
            said = "it is no JSON"
        raise Failed(NoAnswer(FaultKind.UNREADABLE, answer.status, said), path)

    def _graph_fault(self, faults: tuple[GraphFault, ...], status: int) -> NoAnswer:
        """Say why a query was given no data at all."""
        said = harmless(". ".join(fault.message for fault in faults[:5]), self._token.value)
        return NoAnswer(FaultKind.TOO_COMPLEX if TOO_COMPLEX.search(said) else FaultKind.INVALID, status, said)


def _in_doubt(fault: NoAnswer, path: str) -> InDoubt:
    failed = Failed(fault, path)
    remedy = "look whether it is there before anything is sent again"
    return InDoubt(failed.what, where=path, remedy="; ".join(filter(None, (remedy, failed.remedy))))


def _said(cause: Exception) -> str:
    """Name a failure of the connection; its own words may have a header in them, and are left out."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(cause).__name__).lower()


def _following(answer: Answer, asked: Query) -> Query | None:
    """Say how the next page of a list is asked for; None after the last.

    Only the cursor of a `Link` is taken: its address is the server's word, and the token is sent nowhere else.
    """
    page = answer.headers.get("x-next-page", "").strip()
    if page.isascii() and page.isdecimal():
        return (*(pair for pair in asked if pair[0] != "page"), ("page", page))
    link = _NEXT.search(answer.headers.get("link", ""))
    told = dict(parse_qsl(urlsplit(link[1]).query)) if link else {}
    cursor = tuple((name, told[name]) for name in ("cursor", "id_after", "page", "page_token") if name in told)
    if not cursor:
        return None
    names = {name for name, _ in cursor}
    return (*(pair for pair in asked if pair[0] not in names), *cursor)

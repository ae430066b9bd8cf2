"""What GitLab refuses, and what comes in place of its answer: one value for all of it (gitlab-api.md 1, 9)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
from msgspec import Struct

from secrel.adapters.gitlab.reading.shapes import shaped
from secrel.words.errors import Broken
from secrel.words.patterns import pattern


class FaultKind(StrEnum):
    """What is the matter with a request that got no proper answer."""

    WRONG_TOKEN = "wrong token"  # noqa: S105 - the name of a fault
    EXPIRED_TOKEN = "expired token"  # noqa: S105
    REVOKED_TOKEN = "revoked token"  # noqa: S105
    NARROW_TOKEN = "narrow token"  # noqa: S105
    FORBIDDEN = "forbidden"
    NOT_THERE = "absent or invisible"
    NO_ROUTE = "no such route"
    TAKEN = "is there already"
    LOCKED = "locked for a moment"
    NOT_YET = "not in a state for it"
    INVALID = "refused as wrong"
    TOO_COMPLEX = "too much in one query"
    TOO_MANY = "too many requests"
    MOVED = "moved"
    ELSEWHERE = "the instance has another address"
    SIGN_IN = "a page to sign in came, and no answer of GitLab"
    NO_GITLAB = "no GitLab is at this address"
    GATEWAY = "server or gateway failed"
    UNREADABLE = "not an answer of GitLab"
    TOO_LARGE = "answer too large"
    UNREACHABLE = "not reached"
    CUT_OFF = "no answer came"


_REMEDIES: Mapping[FaultKind, str] = {
    FaultKind.FORBIDDEN: "give the token's user a role that may do this, or unarchive the project: secrel doctor",
    FaultKind.NOT_THERE: "see whether it exists and whether the token's user is a member of its project: secrel doctor",
    FaultKind.NO_ROUTE: "this GitLab has no such feature in its version or tier: secrel doctor",
    FaultKind.TOO_MANY: "wait, and run it again",
    FaultKind.MOVED: "put the project's new path into the process or the profile",
    FaultKind.ELSEWHERE: "write the address to which it leads into the settings, [forge] url",
    FaultKind.SIGN_IN: "let /api/ pass without it in what stands before GitLab, since a token signs in: secrel doctor",
    FaultKind.NO_GITLAB: "correct [forge] url in the settings: it is the address of the instance, with the path to it",
    FaultKind.UNREADABLE: "look what stands between the desk and GitLab, such as a proxy with a page of its own",
    FaultKind.UNREACHABLE: "look whether the instance's address is right and the network is there",
}
_TOKENS: Mapping[FaultKind, str] = {
    FaultKind.WRONG_TOKEN: "give the desk a token of this instance, with the scope `api`",
    FaultKind.EXPIRED_TOKEN: "make a new token with the scope `api`",
    FaultKind.REVOKED_TOKEN: "make a new token with the scope `api`",
    FaultKind.NARROW_TOKEN: "give the desk a token with the scope `api` (to look alone: `read_api`)",
}
_MADE_AT = "/-/user_settings/personal_access_tokens?name=secrel&scopes=api"


def token_way(kind: FaultKind, instance: str, place: str) -> str:
    """Say what mends a fault of the token: its scope, where it is made, where it is put; empty for any other fault."""
    return f"{_TOKENS[kind]}: make it at {instance}{_MADE_AT} and put it {place}" if kind in _TOKENS else ""


class NoAnswer(Struct, frozen=True):
    """Why a request got no proper answer.

    `said` are the server's own words, made harmless and cut; `status` is 0 where no answer came. `wait` is for how many
    seconds the server asks to be left alone, None when it does not say. `may_have_happened` says of a write that it may
    have been carried out all the same: of everything else it is certain that nothing happened. `remedy` is what mends
    it here, where that is more than can be said of its kind.
    """

    kind: FaultKind
    status: int
    said: str = ""
    wait: float | None = None
    may_have_happened: bool = False
    remedy: str = ""

    @property
    def passes(self) -> bool:
        """Whether the same request may well be answered a little later."""
        return self.kind in {
            FaultKind.TOO_MANY,
            FaultKind.GATEWAY,
            FaultKind.UNREACHABLE,
            FaultKind.CUT_OFF,
            FaultKind.LOCKED,
        }


class Failed(Broken):
    """A request that got no proper answer, as an error with the value that says why in `fault`.

    When it was a write, it is certain that nothing happened; what may have happened is `InDoubt`.
    """

    def __init__(self, fault: NoAnswer, where: str) -> None:
        """Say it in one sentence; `where` is the place on the instance, without its query."""
        status = f" ({fault.status})" if fault.status else ""
        said = f": {fault.said}" if fault.said else ""
        remedy = fault.remedy or _REMEDIES.get(fault.kind, "")
        super().__init__(f"GitLab: {fault.kind}{status}{said}", where=where, remedy=remedy)
        self.fault = fault


_MOST_SAID = 300
_TAGS = pattern(r"<[^>]{0,500}>?")


def harmless(text: str, secret: str = "") -> str:
    """Give words of a server on one line, cut, without signs that move a terminal, and without the secret."""
    if secret:
        text = text.replace(secret, "[token]")
    shown = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text[: _MOST_SAID * 4])
    line = " ".join(shown.split())
    return line if len(line) <= _MOST_SAID else f"{line[:_MOST_SAID]}…"


class Answer(Struct, frozen=True):
    """What came back, before it is read: status, headers by their names in lower case, the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_json(self) -> bool:
        """Whether it says that it is JSON: a page of a proxy does not."""
        return "json" in self.headers.get("content-type", "")


class _Envelope(msgspec.Struct, frozen=True):
    """The four forms of an error: `message` of three kinds, `error` with or without its description."""

    message: Any = None
    error: Any = None
    error_description: Any = None
    errors: Any = None


def words_of(answer: Answer, secret: str = "") -> str:
    """Give what an error says, whatever its form; a page of HTML gives its text alone."""
    try:
        told = msgspec.json.decode(answer.body, type=shaped(_Envelope))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        text = answer.body[: _MOST_SAID * 8].decode("utf-8", "replace")
        return harmless(_TAGS.sub(" ", text), secret)
    parts = [*_texts(told.message), *_texts(told.error), *_texts(told.error_description), *_texts(told.errors)]
    return harmless(". ".join(parts), secret)


def _texts(told: Any, name: str = "") -> Iterator[str]:
    """Give the texts of a message: one, a list of them, or lists by field (`title: is too long`)."""
    if isinstance(told, str):
        yield f"{name} {told}".strip()
    elif isinstance(told, list):
        for one in told[:20]:
            yield from _texts(one, name)
    elif isinstance(told, dict):
        for key, one in list(told.items())[:20]:
            yield from _texts(one, "" if key in {"error", "message", "base"} else f"{key}:")


class _Row(Struct, frozen=True):
    """One row of gitlab-api.md section 1: a status and words that stand in the body, and what they mean."""

    status: int
    words: str
    kind: FaultKind


_ROWS = (
    _Row(400, "already exists", FaultKind.TAKEN),
    _Row(400, "has already been taken", FaultKind.TAKEN),
    _Row(400, "", FaultKind.INVALID),
    _Row(401, "revoked", FaultKind.REVOKED_TOKEN),
    _Row(401, "expired", FaultKind.EXPIRED_TOKEN),
    _Row(401, "", FaultKind.WRONG_TOKEN),
    _Row(403, "insufficient_scope", FaultKind.NARROW_TOKEN),
    _Row(403, "insufficient_granular_scope", FaultKind.NARROW_TOKEN),
    _Row(403, "", FaultKind.FORBIDDEN),
    _Row(404, "already been taken", FaultKind.TAKEN),
    _Row(404, "", FaultKind.NOT_THERE),
    _Row(405, "", FaultKind.NOT_YET),
    _Row(409, "Resource lock", FaultKind.LOCKED),
    _Row(409, "", FaultKind.TAKEN),
    _Row(412, "", FaultKind.NOT_YET),
    _Row(413, "", FaultKind.INVALID),
    _Row(422, "cannot be merged", FaultKind.NOT_YET),
    _Row(422, "", FaultKind.INVALID),
    _Row(429, "", FaultKind.TOO_MANY),
)
"""In the order in which they are tried: the first whose words stand in the body."""
TOO_COMPLEX = pattern(r"complexity of \d+, which exceeds|too large|less complex|depth of \d+", re.IGNORECASE)
"""How GitLab says that a query is too much: with the status 200, or as one that timed out (gitlab-api.md 9)."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_API = "/api/"
_SIGN_IN = pattern(r"sign[ _-]?in|log[ _-]?[io]n\b|\bsso\b|\bsaml|\boauth2?\b|openid|type=.password", re.IGNORECASE)
_MOST_LOOKED_AT = 20_000


def page(answer: Answer, said: str) -> NoAnswer:
    """Say what stands in place of an answer of GitLab: a page to sign in, nothing of its kind, or any other page."""
    looked_at = answer.body[:_MOST_LOOKED_AT].decode("utf-8", "replace")
    asks = answer.status == 407 or "www-authenticate" in answer.headers  # noqa: PLR2004 - what HTTP calls it
    if asks or _SIGN_IN.search(looked_at):
        return NoAnswer(FaultKind.SIGN_IN, answer.status, said)
    is_nowhere = answer.status == 404  # noqa: PLR2004 - what HTTP calls it
    return NoAnswer(FaultKind.NO_GITLAB if is_nowhere else FaultKind.UNREADABLE, answer.status, said)


def _redirected(answer: Answer, asked: str, said: str) -> NoAnswer:
    """Say where an answer leads: to a project's new path, to the instance's new address, or to where people sign in."""
    told = answer.headers.get("location", "")
    try:
        here, there = urlsplit(asked), urlsplit(urljoin(asked, told))
    except ValueError:
        return NoAnswer(FaultKind.UNREADABLE, answer.status, said)
    if not told or (_API in there.path and (there.scheme, there.netloc) == (here.scheme, here.netloc)):
        return NoAnswer(FaultKind.MOVED, answer.status, said)
    leads = harmless(f"it leads to {there.scheme}://{there.hostname or ''}{there.path}")
    if _API in there.path:
        return NoAnswer(FaultKind.ELSEWHERE, answer.status, leads.partition(_API)[0])
    return NoAnswer(FaultKind.SIGN_IN, answer.status, leads)


def classify(answer: Answer, *, asked: str = "", wait: float | None = None, secret: str = "") -> NoAnswer | None:
    """Say what an answer with a bad status means; None for a good one.

    `asked` is the address that was asked, `wait` what the answer says about waiting.

    Of everything with a status below 500 it is certain that nothing happened: GitLab looks before it acts.
    """
    if 200 <= answer.status < 300:  # noqa: PLR2004 - what HTTP calls success
        return None
    said = words_of(answer, secret)
    if answer.status in _REDIRECTS:
        return _redirected(answer, asked, said)
    if answer.status >= 500 and TOO_COMPLEX.search(said):  # noqa: PLR2004 - the server's own faults
        return NoAnswer(FaultKind.TOO_COMPLEX, answer.status, said, may_have_happened=True)
    if answer.status >= 500 or answer.status < 200:  # noqa: PLR2004 - the server's own faults
        return NoAnswer(FaultKind.GATEWAY, answer.status, said, wait, may_have_happened=True)
    if not answer.is_json and answer.status != 429:  # noqa: PLR2004 - what HTTP calls it
        return page(answer, said)
    row = next((row for row in _ROWS if row.status == answer.status and row.words in said), None)
    kind = row.kind if row else FaultKind.INVALID
    if kind is FaultKind.NOT_THERE and _is_no_route(answer):
        kind = FaultKind.NO_ROUTE
    return NoAnswer(kind, answer.status, said, wait)


def _is_no_route(answer: Answer) -> bool:
    """Whether a 404 is about the route: the key is `error` then."""
    try:
        told = msgspec.json.decode(answer.body, type=shaped(_Envelope))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return True
    return told.message is None

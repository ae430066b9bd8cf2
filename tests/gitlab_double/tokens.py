"""Whose token a request carries, and what it may do (s1; sortie-quotes/002 to /006)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.gitlab_double.rest.asking import FORBIDDEN, Answer, Refused, refused
from tests.gitlab_double.sending import Incoming
from tests.gitlab_double.world.things import Token, User
from tests.gitlab_double.world.world import World


@dataclass(frozen=True)
class Held:
    """A token and its user; neither where none was sent."""

    token: Token | None = None
    user: User | None = None


_REVOKED = "Token was revoked. You have to re-authorize from the user."
_EXPIRED = "Token is expired. You can either do re-authorization or token refresh."


def _text(incoming: Incoming) -> tuple[str | None, bool]:
    job = incoming.headers.get("job-token")
    if job is not None:
        return job, True
    bearer = incoming.headers.get("authorization", "")
    kind, _, text = bearer.partition(" ")
    if kind.casefold() == "bearer" and text:
        return text, False
    return incoming.headers.get("private-token") or dict(incoming.query).get("private_token"), False


def presented(world: World, incoming: Incoming) -> Held:
    """Give the token of a request, or refuse it: wrong, revoked and expired are told apart by the body alone (s1)."""
    text, job = _text(incoming)
    if text is None:
        return Held()
    found = world.tokens.get(text)
    if found is None or job != (found.scopes == ("ci_job",)):  # sortie-quotes/003: also one sent as JOB-TOKEN
        raise _unknown(incoming)
    if found.revoked:
        raise _invalid(incoming, _REVOKED)
    if found.expires_at is not None and found.expires_at <= world.clock.now.date():
        raise _invalid(incoming, _EXPIRED)
    return Held(found, world.users[found.user_id])


def _unknown(incoming: Incoming) -> Refused:
    if incoming.path.startswith("/api/graphql"):
        return Refused(Answer(401, {"errors": [{"message": "Invalid token"}]}))  # doc/12
    return refused(401, "401 Unauthorized")


def _invalid(incoming: Incoming, description: str) -> Refused:
    if incoming.path.startswith("/api/graphql"):
        return _unknown(incoming)
    return Refused(Answer(401, {"error": "invalid_token", "error_description": description}))


_NARROW = "The request requires higher privileges than provided by the access token"


def check(held: Held, method: str) -> None:
    """Refuse what a token's scopes do not cover: 403, with a body of its own for granular tokens (s1)."""
    if held.token is None:
        return
    reads = method in ("GET", "HEAD")
    if held.token.granular and not reads:
        raise refused(403, FORBIDDEN)
    needed = {"api", "ci_job", "granular"} | ({"read_api"} if reads else set())
    if not held.token.granular and not needed & set(held.token.scopes):
        body = {"error": "insufficient_scope", "error_description": _NARROW, "scope": "api" + " read_api" * reads}
        raise Refused(Answer(403, body))

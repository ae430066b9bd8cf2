"""Who asks, what the instance is, users and tokens (s1; `ogr/Service…`, sortie-quotes/000 to /007)."""

from __future__ import annotations

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import NOT_FOUND, Answer, Ask, refused
from tests.gitlab_double.rest.pages import paged
from tests.gitlab_double.rest.routing import route


@route("GET", "/version", "s1; sortie-quotes/000 to /002")
@route("GET", "/metadata", "s1; sortie-quotes/000: the same keys")
def version(ask: Ask) -> Answer:
    """Say what the instance is; a token is needed, and read_api suffices."""
    ask.someone()
    site = ask.world.site
    kas = {
        "enabled": True,
        "externalUrl": f"wss://kas.{site.url.partition('://')[2]}",
        "externalK8sProxyUrl": "",
        "version": site.version,
    }
    return Answer(200, {"version": site.version, "revision": site.revision, "kas": kas, "enterprise": site.enterprise})


@route("GET", "/user", "s1; ogr/Service.test_get_rate_limit_remaining#1; sortie-quotes/003, /004")
def myself(ask: Ask) -> Answer:
    """Say who the caller is."""
    return Answer(200, shapes.myself(ask.world, ask.someone()))


_LISTED = dict.fromkeys(("active", "admins", "blocked", "external", "skip_ldap", "with_custom_attributes"), "false")


@route("GET", "/users", "ogr/Issues.test_create_issue_with_assignee#2")
def users(ask: Ask) -> Answer:
    """List users; a name is looked for without regard to case."""
    found = list(ask.world.users.values())[::-1]
    if name := ask.text("username"):
        found = [one for one in found if one.username.casefold() == name.casefold()]
    if search := ask.text("search"):
        found = [one for one in found if search.casefold() in (one.username + one.name).casefold()]
    return paged(ask, found, lambda one: shapes.member_of(ask.world, one), defaults=_LISTED)


@route("GET", "/users/:user_id", "igitt/…, ogr/…; 404 User Not Found")
def user(ask: Ask) -> Answer:
    """Give one user."""
    found = ask.world.users.get(ask.iid("user_id"))
    if found is None:
        raise refused(404, "404 User Not Found")
    return Answer(200, shapes.in_public(ask.world, found))


@route("GET", "/personal_access_tokens/self", "s1; sortie-quotes/007")
def token(ask: Ask) -> Answer:
    """Say what the caller's token may do; a granular one cannot be checked ahead."""
    ask.someone()
    if ask.token is None:
        raise refused(404, NOT_FOUND)
    return Answer(200, shapes.token(ask.world, ask.token))

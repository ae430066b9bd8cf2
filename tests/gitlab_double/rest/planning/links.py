"""Links of issues (s1, s6; doc/00 to doc/03)."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.rest.asking import Answer, Ask, invalid, refused
from tests.gitlab_double.rest.planning.issues import issue, opened
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import acting, seeing
from tests.gitlab_double.world.things import GUEST, Issue, Link

_NONE = "No matching issue found. Make sure that you are adding a valid issue URL."
_ROLE = "Couldn't link issues. You must have at least the Guest role in both issue's projects."


def links_of(ask: Ask, found: Issue) -> list[tuple[Link, Issue, str]]:
    """Give the links of an issue with their far ends, in the order they were made, without what is not visible (s2)."""
    shown = []
    for one in ask.world.links:
        if found.reference not in (one.source, one.target):
            continue
        away = one.target if one.source == found.reference else one.source
        far = ask.world.at(away)
        if isinstance(far, Issue) and seeing.sees(ask.world, ask.viewer, far):
            kind = one.kind if one.source == found.reference or one.kind == "relates_to" else "is_blocked_by"
            shown.append((one, far, kind))
    return shown


@route("GET", "/projects/:id/issues/:issue_iid/links", "doc/00; s2: not paginated")
def listed(ask: Ask) -> Answer:
    """List the linked issues, all at once."""
    found = ask.issue(opened(ask))
    shaped = []
    for made, far, kind in links_of(ask, found):
        times = {"link_created_at": ask.time(made.created_at), "link_updated_at": ask.time(made.updated_at)}
        shaped.append({**issue(ask, far), "issue_link_id": made.id, "link_type": kind, **times})
    return Answer(200, shaped)


def _both(ask: Ask, made: Link) -> dict[str, Any]:
    """Give both ends, without the number of the link (doc/02, doc/03)."""
    ends = (("source_issue", made.source), ("target_issue", made.target))
    found = {name: ask.world.at(place) for name, place in ends}
    both = {name: issue(ask, one, single=True) for name, one in found.items() if isinstance(one, Issue)}
    return {**both, "link_type": made.kind}


def _link(ask: Ask, found: Issue) -> Link:
    number = ask.iid("issue_link_id")
    for made, _, _ in links_of(ask, found):
        if made.id == number:
            return made
    raise refused(404, "404 Not found")


@route("GET", "/projects/:id/issues/:issue_iid/links/:issue_link_id", "doc/01")
def one(ask: Ask) -> Answer:
    """Give one link."""
    return Answer(200, _both(ask, _link(ask, ask.issue(opened(ask)))))


@route("POST", "/projects/:id/issues/:issue_iid/links", "s1, s6; doc/02; sortie-quotes/018, /019")
def create(ask: Ask) -> Answer:
    """Link two issues: the 101st is refused with 422, a pair that is linked with 409."""
    project = opened(ask)
    ask.required("target_project_id", "target_issue_iid")
    site = ask.world.site
    kinds = ("relates_to", "blocks", "is_blocked_by") if site.enterprise else ("relates_to",)
    kind = ask.one_of("link_type", kinds, "relates_to")
    if kind != "relates_to" and site.plan == "free":
        raise refused(403, "Blocked issues not available for current license")
    source = ask.issue(project)
    someone = ask.someone()
    target = _target(ask)
    if project.archived or not _may(ask, source) or not _may(ask, target):
        raise refused(403, _ROLE)
    for made in ask.world.links:
        if {made.source, made.target} == {source.reference, target.reference}:
            raise refused(409, "Issue(s) already assigned")
    for end in (source, target):
        if sum(end.reference in (one.source, one.target) for one in ask.world.links) >= site.most_links:
            reference = f"#{target.iid}"
            said = f"{reference} cannot be added: This issue would exceed the maximum number of linked issues"
            raise refused(422, f"{said} ({site.most_links}).")
    return Answer(201, _both(ask, acting.link(ask.world, someone, source, target, kind)))


def _may(ask: Ask, end: Issue) -> bool:
    project = ask.world.projects[end.project_id]
    return seeing.level(ask.world, ask.viewer, project) >= GUEST


def _target(ask: Ask) -> Issue:
    told, iid = ask.text("target_project_id") or "", ask.text("target_issue_iid") or ""
    if not iid.isdecimal():
        raise invalid("target_issue_iid is invalid")
    project = ask.world.projects.get(int(told)) if told.isdecimal() else ask.world.by_path(told)
    found = ask.world.issues.get(project.id, {}).get(int(iid)) if project else None
    if found is None or not seeing.sees(ask.world, ask.viewer, found):
        raise refused(404, _NONE)
    return found


@route("DELETE", "/projects/:id/issues/:issue_iid/links/:issue_link_id", "doc/03: 200 with a body")
def delete(ask: Ask) -> Answer:
    """Take a link away."""
    project = opened(ask)
    found = ask.issue(project)
    made = _link(ask, found)
    ask.may(project, GUEST)
    shaped = _both(ask, made)
    acting.unlink(ask.world, ask.someone(), made)
    return Answer(200, shaped)

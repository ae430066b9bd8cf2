"""Approvals (s8; sortie-quotes/027 to /031). The shape of today's EE answers is recorded nowhere (s10)."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import Answer, Ask, refused
from tests.gitlab_double.rest.planning.merge_requests import opened
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import merging, seeing, statuses
from tests.gitlab_double.world.things import DEVELOPER, MergeRequest, Rule

_ONE = "/projects/:id/merge_requests/:merge_request_iid"


def approvals(ask: Ask, found: MergeRequest) -> dict[str, Any]:
    """Give the approvals: four keys on CE, of which two are about the caller; more on EE (s8)."""
    viewer, world = ask.viewer, ask.world
    has = viewer is not None and viewer.id in found.approvals
    level = seeing.level(world, viewer, world.projects[found.project_id])
    lacking = statuses.lacking(world, found) if world.site.enterprise else []
    rules = statuses.rules_of(world, found)
    # s8: true without rules may mean that nobody had to approve, or that somebody did
    approved = not lacking if world.site.enterprise else bool(found.approvals)
    shaped: dict[str, Any] = {
        "user_has_approved": has,
        "user_can_approve": not has and level >= DEVELOPER and viewer is not None and viewer.id != found.author_id,
        "approved": approved,
        "approved_by": [
            {"user": shapes.user(world, one), "approved_at": ask.time(at)} for one, at in found.approvals.items()
        ],
    }
    if not world.site.enterprise:
        return shaped
    required = sum(rule.required for rule in rules)
    left = sum(rule.required - len(statuses.given(found, rule)) for rule in lacking)
    return {
        "id": found.id,
        "iid": found.iid,
        "project_id": found.project_id,
        "title": found.title,
        "description": found.description,
        "state": found.state,
        "created_at": ask.time(found.created_at),
        "updated_at": ask.time(found.updated_at),
        "merge_status": statuses.simple(found.listed_status, found),
        **shaped,
        "approvals_required": required,
        "approvals_left": left,
        "require_password_to_approve": False,
        "require_saml_auth_to_approve": False,
        "suggested_approvers": [],
        "approvers": [],
        "approver_groups": [],
        "approval_rules_left": [{"id": rule.id, "name": rule.name, "rule_type": "regular"} for rule in lacking],
        "has_approval_rules": bool(rules),
        "merge_request_approvers_available": True,
        "multiple_approval_rules_available": True,
        "invalid_approvers_rules": [],
    }


@route("GET", f"{_ONE}/approvals", "s8; sortie-quotes/027, /028")
def given(ask: Ask) -> Answer:
    """Give the approvals of a merge request."""
    return Answer(200, approvals(ask, ask.merge_request(opened(ask))))


@route("POST", f"{_ONE}/approve", "s8: shaped as the approvals; 401 where the caller may not")
def approve(ask: Ask) -> Answer:
    """Approve; an old sha is refused."""
    found = ask.merge_request(opened(ask))
    if not approvals(ask, found)["user_can_approve"]:
        raise refused(401, "401 Unauthorized")
    if ask.text("sha") not in (None, found.sha):
        raise refused(409, f"SHA does not match HEAD of source branch: {found.sha}")
    merging.approve(ask.world, ask.someone(), found)
    return Answer(201, approvals(ask, found))


@route("POST", f"{_ONE}/unapprove", "s8: shaped as the approvals")
def unapprove(ask: Ask) -> Answer:
    """Take one's approval back."""
    found = ask.merge_request(opened(ask))
    if ask.someone().id not in found.approvals:
        raise refused(404, "404 Not found")
    merging.unapprove(ask.world, ask.someone(), found)
    return Answer(201, approvals(ask, found))


def _rule(ask: Ask, found: MergeRequest, rule: Rule) -> dict[str, Any]:
    eligible = shapes.users(ask.world, rule.eligible)
    return {
        "id": rule.id,
        "name": rule.name,
        "rule_type": "regular" if rule.eligible else "any_approver",
        "report_type": None,
        "eligible_approvers": eligible,
        "approvals_required": rule.required,
        "users": eligible,
        "groups": [],
        "contains_hidden_groups": False,
        "section": None,
        "source_rule": None,
        "overridden": False,
        "code_owner": False,
        "approved_by": shapes.users(ask.world, statuses.given(found, rule)),
        "approved": len(statuses.given(found, rule)) >= rule.required,
    }


@route("GET", f"{_ONE}/approval_state", "sortie-quotes/029: no such route on CE; s10", paid=True)
def state(ask: Ask) -> Answer:
    """Give the rules of approval, and who satisfied them."""
    found = ask.merge_request(opened(ask))
    rules = [_rule(ask, found, rule) for rule in statuses.rules_of(ask.world, found)]
    return Answer(200, {"approval_rules_overwritten": found.rules is not None, "rules": rules})


@route("GET", f"{_ONE}/approval_rules", "sortie-quotes/029: no such route on CE; s10", paid=True)
def rules(ask: Ask) -> Answer:
    """List the rules of approval."""
    found = ask.merge_request(opened(ask))
    return Answer(200, [_rule(ask, found, rule) for rule in statuses.rules_of(ask.world, found)])


@route("GET", f"{_ONE}/reviewers", "sortie-quotes/030")
def reviewers(ask: Ask) -> Answer:
    """List the reviewers, each with the state of the review."""
    found = ask.merge_request(opened(ask))
    shaped = []
    for one in found.reviewers:
        word = "approved" if one in found.approvals else "unreviewed"
        shaped.append({"user": shapes.user(ask.world, one), "state": word, "created_at": ask.time(found.created_at)})
    return Answer(200, shaped)

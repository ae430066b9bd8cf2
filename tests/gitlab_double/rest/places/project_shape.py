"""A project, as REST shapes it: keys of `ogr` of 2021 to 2026, most of them the same for every project."""

from __future__ import annotations

import re
from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import Ask
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.things import Project

_ENABLED = re.findall(
    r"\w+",
    "analytics builds container_registry environments feature_flags forking infrastructure issues merge_requests"
    " model_experiments model_registry monitor pages releases repository snippets wiki",
)
_YES = re.findall(
    r"\w+",
    "autoclose_referenced_issues ci_forward_deployment_enabled ci_forward_deployment_rollback_allowed"
    " ci_job_token_scope_enabled ci_separated_caches emails_enabled enforce_auth_checks_on_uploads"
    " group_runners_enabled jobs_enabled keep_latest_artifact lfs_enabled packages_enabled"
    " printing_merge_request_link_enabled public_jobs request_access_enabled security_and_compliance_enabled"
    " service_desk_enabled shared_runners_enabled snippets_enabled warn_about_potentially_unwanted_characters"
    " wiki_enabled container_registry_enabled can_create_merge_request_in remove_source_branch_after_merge"
    " requirements_enabled",
)
_NO = re.findall(
    r"\w+",
    "archived auto_devops_enabled ci_allow_fork_pipelines_to_run_in_parent_project"
    " ci_push_repository_for_job_token_allowed emails_disabled empty_repo merge_pipelines_enabled merge_trains_enabled"
    " mirror mr_default_target_self resolve_outdated_diff_discussions restrict_user_defined_variables",
)
_NONE = re.findall(
    r"\w+",
    "allow_merge_on_skipped_pipeline avatar_url build_coverage_regex ci_config_path compliance_framework_ import_error"
    " import_type import_url issue_branch_template issues_template marked_for_deletion_at marked_for_deletion_on"
    " max_artifacts_size merge_commit_template merge_requests_template runner_token_expiration_interval"
    " service_desk_address squash_commit_template suggestion_commit_message",
)
_FIXED: dict[str, Any] = {
    **{f"{name}_access_level": "enabled" for name in _ENABLED},
    **dict.fromkeys(_YES, True),
    **dict.fromkeys(_NO, False),
    **dict.fromkeys((name for name in _NONE if not name.endswith("_")), None),
    "requirements_access_level": "enabled",
    "security_and_compliance_access_level": "private",
    "approvals_before_merge": 0,
    "auto_cancel_pending_pipelines": "enabled",
    "auto_devops_deploy_strategy": "continuous",
    "build_git_strategy": "fetch",
    "build_timeout": 3600,
    "ci_default_git_depth": 20,
    "ci_id_token_sub_claim_components": ["project_path", "ref_type", "ref"],
    "ci_pipeline_variables_minimum_override_role": "developer",
    "compliance_frameworks": [],
    "container_expiration_policy": {
        "cadence": "1d",
        "enabled": False,
        "keep_n": 10,
        "older_than": "90d",
        "name_regex": ".*",
        "name_regex_keep": None,
        "next_run_at": None,
    },
    "external_authorization_classification_label": "",
    "import_status": "none",
    "merge_method": "merge",
    "repository_object_format": "sha1",
    "shared_with_groups": [],
    "squash_option": "default_off",
    "star_count": 0,
    "tag_list": [],
    "topics": [],
}


LISTED = {
    "membership": "false",
    "order_by": "created_at",
    "owned": "false",
    "simple": "false",
    "sort": "desc",
    "starred": "false",
    "with_custom_attributes": "false",
    "with_issues_enabled": "false",
    "with_merge_requests_enabled": "false",
}
"""What a Link says of a list of projects (`ogr/Forks…`)."""


def _namespace(ask: Ask, found: Project) -> dict[str, Any]:
    path = found.namespace
    group = ask.world.groups.get(path)
    return {
        "id": group.id if group else 1,
        "name": path.rpartition("/")[2],
        "path": path.rpartition("/")[2],
        "kind": "group" if group or ask.world.by_username(path) is None else "user",
        "full_path": path,
        "parent_id": None,
        "avatar_url": None,
        "web_url": f"{ask.world.site.url}/groups/{path}",
    }


def _permissions(ask: Ask, found: Project) -> dict[str, Any]:
    """Give the caller's levels: of the project, and of the groups above it."""
    viewer = ask.viewer
    own = found.members.get(viewer.id) if viewer else None
    above = [
        group.members[viewer.id]
        for path, group in ask.world.groups.items()
        if viewer and viewer.id in group.members and found.path.startswith(f"{path}/")
    ]
    shown = (own, max(above) if above else None)
    access = [None if level is None else {"access_level": level, "notification_level": 3} for level in shown]
    return {"project_access": access[0], "group_access": access[1]}


def project(ask: Ask, found: Project, *, single: bool = False) -> dict[str, Any]:
    """Give a project; to those outside it without what is the team's own."""
    world = ask.world
    url = f"{world.site.url}/{found.path}"
    here = f"{world.site.url}/api/v4/projects/{found.id}"
    issues = world.issues.get(found.id, {}).values()
    host = world.site.url.partition("://")[2]
    shaped: dict[str, Any] = {
        **_FIXED,
        "id": found.id,
        "description": found.description,
        "description_html": found.description,
        "name": found.name,
        "name_with_namespace": f"{found.namespace.replace('/', ' / ')} / {found.name}",
        "path": found.path.rpartition("/")[2],
        "path_with_namespace": found.path,
        "created_at": ask.time(found.created_at),
        "updated_at": ask.time(found.created_at),
        "default_branch": found.default_branch,
        "ssh_url_to_repo": f"git@{host}:{found.path}.git",
        "http_url_to_repo": f"{url}.git",
        "web_url": url,
        "readme_url": f"{url}/-/blob/{found.default_branch}/README.md",
        "forks_count": sum(one.forked_from == found.id for one in world.projects.values()),
        "last_activity_at": ask.time(found.created_at),
        "namespace": _namespace(ask, found),
        "container_registry_image_prefix": f"registry.{host}/{found.path}",
        "_links": {
            name: f"{here}/{rest}" if rest else here
            for name, rest in {
                "self": "",
                "issues": "issues",
                "merge_requests": "merge_requests",
                "repo_branches": "repository/branches",
                "labels": "labels",
                "events": "events",
                "members": "members",
                "cluster_agents": "cluster_agents",
            }.items()
        },
        "archived": found.archived,
        "visibility": found.visibility,
        "issues_enabled": found.issues_enabled,
        "merge_requests_enabled": found.merge_requests_enabled,
        "creator_id": found.creator_id,
        "open_issues_count": sum(one.state == "opened" for one in issues),
        "only_allow_merge_if_pipeline_succeeds": found.pipelines_must_pass,
        "only_allow_merge_if_all_discussions_are_resolved": found.discussions_must_resolve,
        "permissions": _permissions(ask, found),
    }
    if found.forked_from in world.projects:
        shaped["forked_from_project"] = short(ask, world.projects[found.forked_from])
    if (owner := world.by_username(found.namespace)) is not None:
        shaped["owner"] = shapes.user(world, owner.id)
    if single and seeing.level(world, ask.viewer, found) >= 40:
        shaped["runners_token"] = None
    return shaped


def short(ask: Ask, found: Project) -> dict[str, Any]:
    """Give the short form of a project that stands in other things."""
    keys = (
        "id",
        "description",
        "name",
        "name_with_namespace",
        "path",
        "path_with_namespace",
        "created_at",
        "default_branch",
        "tag_list",
        "topics",
        "ssh_url_to_repo",
        "http_url_to_repo",
        "web_url",
        "readme_url",
        "forks_count",
        "avatar_url",
        "star_count",
        "last_activity_at",
        "namespace",
    )
    whole = project(ask, found)
    return {key: whole[key] for key in keys}

"""The query itself, projects and namespaces (s9)."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.graphql.fields.listing import chosen_issues, chosen_requests
from tests.gitlab_double.graphql.fields.people import role
from tests.gitlab_double.graphql.serving import Connection, Context, Node, attributes, constant, gid, number_of, serves
from tests.gitlab_double.world import seeing
from tests.gitlab_double.world.things import DEVELOPER, GUEST, MAINTAINER, PLANNER, Issue, Label, MergeRequest, Project


def place(context: Context, path: Any) -> Project | None:
    """Give a project by its path; what is not visible is null, as what is not there (s9)."""
    found = context.world.by_path(str(path))
    if found is None and path in context.world.moved:
        found = context.world.projects[context.world.moved[path]]
    return found if found and seeing.sees_project(context.world, context.viewer, found) else None


@serves("Query", "project")
def project(_source: Any, context: Context, args: dict[str, Any]) -> Project | None:
    """Give a project."""
    return place(context, args["fullPath"])


@serves("Query", "projects")
def projects(_source: Any, context: Context, args: dict[str, Any]) -> Connection:
    """List projects that are visible."""
    found = [one for one in context.world.projects.values() if seeing.sees_project(context.world, context.viewer, one)]
    if (paths := args.get("full_paths") or args.get("fullPaths")) is not None:
        wanted = {path.casefold() for path in paths}
        found = [one for one in found if one.path.casefold() in wanted]
    if (ids := args.get("ids")) is not None:
        numbers = {number_of(one) for one in ids}
        found = [one for one in found if one.id in numbers]
    if args.get("membership"):
        found = [one for one in found if role(context, one) >= GUEST]
    return Connection(found, args)


@serves("Query", "namespace")
def namespace(_source: Any, context: Context, args: dict[str, Any]) -> Node | None:
    """Give a project as a namespace, or a group."""
    found = place(context, args["fullPath"])
    if found is not None:
        return Node("Namespace", found)
    group = context.world.groups.get(str(args["fullPath"]))
    return Node("Namespace", group) if group else None


@serves("Query", "group")
def group(_source: Any, context: Context, args: dict[str, Any]) -> Node | None:
    """Give a group to its members, and to everybody if it is public."""
    found = context.world.groups.get(str(args["fullPath"]))
    viewer = context.viewer
    if found and (found.visibility == "public" or (viewer and (viewer.admin or viewer.id in found.members))):
        return Node("Group", found)
    return None


@serves("Query", "queryComplexity")
def complexity(_source: Any, context: Context, _args: dict[str, Any]) -> dict[str, int]:
    """Say what this query costs, and what it may cost (s9)."""
    return {"score": context.score, "limit": context.limit}


@serves("Query", "metadata")
def metadata(_source: Any, context: Context, _args: dict[str, Any]) -> dict[str, Any] | None:
    """Say what the instance is, to who is signed in."""
    site = context.world.site
    if context.viewer is None:
        return None
    return {"version": site.version, "revision": site.revision, "enterprise": site.enterprise, "featureFlags": []}


def _by_number(context: Context, kind: dict[int, dict[int, Any]], told: Any) -> Any:
    number = number_of(told)
    for things in kind.values():
        for one in things.values():
            if one.id == number and seeing.sees(context.world, context.viewer, one):
                return one
    return None


@serves("Query", "issue")
def issue(_source: Any, context: Context, args: dict[str, Any]) -> Issue | None:
    """Give an issue by its id."""
    found: Issue | None = _by_number(context, context.world.issues, args["id"])
    return found


@serves("Query", "workItem")
def work_item(_source: Any, context: Context, args: dict[str, Any]) -> Node | None:
    """Give a work item by its id; an issue and its work item have one number."""
    found = _by_number(context, context.world.issues, args["id"])
    return Node("WorkItem", found) if found else None


@serves("Query", "mergeRequest")
def merge_request(_source: Any, context: Context, args: dict[str, Any]) -> MergeRequest | None:
    """Give a merge request by its id."""
    found: MergeRequest | None = _by_number(context, context.world.merge_requests, args["id"])
    return found


# projects

attributes(
    "Project", fullPath="path", name="name", path="name", visibility="visibility", archived="archived",
    description="description", issuesEnabled="issues_enabled", mergeRequestsEnabled="merge_requests_enabled",
    onlyAllowMergeIfPipelineSucceeds="pipelines_must_pass",
    onlyAllowMergeIfAllDiscussionsAreResolved="discussions_must_resolve",
)  # fmt: skip
constant("Project", mergeRequestTitleRegex=None, forksCount=0, starCount=0)


@serves("Project", "id")
def project_id(source: Project, _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("Project", source.id)


@serves("Project", "allowsMultipleMergeRequestAssignees")
@serves("Project", "allowsMultipleMergeRequestReviewers")
def project_takes_several(_source: Project, context: Context, _args: dict[str, Any]) -> bool:
    """Say whether things take several assignees and reviewers (s6: CE keeps one; both are paid for)."""
    return context.world.site.is_paid


@serves("Project", "webUrl")
def project_url(source: Project, context: Context, _args: dict[str, Any]) -> str:
    """Give the address."""
    return f"{context.world.site.url}/{source.path}"


@serves("Project", "nameWithNamespace")
def project_long_name(source: Project, _context: Context, _args: dict[str, Any]) -> str:
    """Give the name with where it is."""
    return f"{source.namespace.replace('/', ' / ')} / {source.name}"


@serves("Project", "maxAccessLevel")
def project_level(source: Project, context: Context, _args: dict[str, Any]) -> dict[str, Any]:
    """Give the caller's role: how absent is told from invisible."""
    level = role(context, source)
    names = {0: "NO_ACCESS", 10: "GUEST", 15: "PLANNER", 20: "REPORTER", 30: "DEVELOPER", 40: "MAINTAINER", 50: "OWNER"}
    human = {0: "No access", 15: "Planner"}.get(level, names[level].title())
    return {"integerValue": level, "stringValue": names[level], "humanAccess": human}


@serves("Project", "userPermissions")
def project_permissions(source: Project, context: Context, _args: dict[str, Any]) -> dict[str, bool]:
    """Say what the caller may do."""
    level = 0 if source.archived else max(role(context, source), GUEST if source.visibility == "public" else 0)
    return {
        "readProject": True,
        "createIssue": level >= GUEST,
        "createWorkItem": level >= GUEST,
        "adminIssue": level >= PLANNER,
        "createLabel": level >= PLANNER,
        "readMergeRequest": True,
        "createMergeRequestFrom": level >= DEVELOPER,
        "createMergeRequestIn": level >= DEVELOPER,
        "pushCode": level >= DEVELOPER,
        "downloadCode": True,
        "adminProject": level >= MAINTAINER,
    }


@serves("Project", "issue")
def project_issue(source: Project, context: Context, args: dict[str, Any]) -> Issue | None:
    """Give the one issue that the arguments choose."""
    found = chosen_issues(context, source, args)
    return found[0] if len(found) == 1 or (found and args.get("iid")) else None


@serves("Project", "issues")
def project_issues(source: Project, context: Context, args: dict[str, Any]) -> Connection:
    """List issues."""
    return Connection(chosen_issues(context, source, args), args)


@serves("Project", "workItems")
def project_work_items(source: Project, context: Context, args: dict[str, Any]) -> Connection:
    """List issues as work items."""
    return Connection([Node("WorkItem", one) for one in chosen_issues(context, source, args)], args)


@serves("Project", "mergeRequest")
def project_request(source: Project, context: Context, args: dict[str, Any]) -> MergeRequest | None:
    """Give a merge request by its number in the project."""
    found = chosen_requests(context, source, {"iids": [args["iid"]]})
    return found[0] if found else None


@serves("Project", "mergeRequests")
def project_requests(source: Project, context: Context, args: dict[str, Any]) -> Connection:
    """List merge requests."""
    return Connection(chosen_requests(context, source, args), args)


@serves("Project", "labels")
def project_labels(source: Project, context: Context, args: dict[str, Any]) -> Connection:
    """List labels: those of groups above only if asked for; `title` tells case apart."""
    above = args.get("include_ancestor_groups", args.get("includeAncestorGroups"))
    found = context.world.labels_of(source) if above else source.labels
    if title := args.get("title"):
        found = [one for one in found if one.name == title]
    if term := args.get("search_term", args.get("searchTerm")):
        found = [one for one in found if term.casefold() in one.name.casefold()]
    return Connection(sorted(found, key=lambda one: one.name), args)


@serves("Project", "label")
def project_label(source: Project, context: Context, args: dict[str, Any]) -> Label | None:
    """Give a label by its exact name."""
    return next((one for one in context.world.labels_of(source) if one.name == args["title"]), None)


@serves("Project", "milestones")
def project_milestones(source: Project, _context: Context, args: dict[str, Any]) -> Connection:
    """List milestones."""
    wanted = args.get("title")
    return Connection([one for one in source.milestones if wanted in (None, one.title)], args)


@serves("Project", "projectMembers")
def project_members(source: Project, context: Context, args: dict[str, Any]) -> Connection:
    """List members of the project and of the groups above."""
    numbers = sorted(
        {
            *source.members,
            *(
                number
                for path, one in context.world.groups.items()
                if source.path.startswith(f"{path}/")
                for number in one.members
            ),
        }
    )
    return Connection([Node("ProjectMember", (source, context.world.users[one])) for one in numbers], args)


@serves("ProjectMember", "user")
def member_user(source: tuple[Project, Any], _context: Context, _args: dict[str, Any]) -> Any:
    """Give who it is."""
    return source[1]


@serves("ProjectMember", "accessLevel")
def member_level(source: tuple[Project, Any], context: Context, _args: dict[str, Any]) -> dict[str, Any]:
    """Give the role."""
    return {"integerValue": seeing.level(context.world, source[1], source[0]), "stringValue": None, "humanAccess": None}


# namespaces and groups


@serves("Namespace", "fullPath")
@serves("Group", "fullPath")
def namespace_path(source: Any, _context: Context, _args: dict[str, Any]) -> str:
    """Give the path."""
    return str(source.path)


@serves("Namespace", "name")
@serves("Group", "name")
def namespace_name(source: Any, _context: Context, _args: dict[str, Any]) -> str:
    """Give the name."""
    return str(source.name)


@serves("Namespace", "id")
def namespace_id(source: Any, _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("Namespaces::ProjectNamespace" if isinstance(source, Project) else "Group", source.id)


@serves("Group", "id")
def group_id(source: Any, _context: Context, _args: dict[str, Any]) -> str:
    """Give the id."""
    return gid("Group", source.id)


@serves("Namespace", "workItem")
def namespace_work_item(source: Any, context: Context, args: dict[str, Any]) -> Node | None:
    """Give a work item by its number in the project."""
    found = chosen_issues(context, source, {"iid": args["iid"]}) if isinstance(source, Project) else []
    return Node("WorkItem", found[0]) if found else None


@serves("Namespace", "workItems")
def namespace_work_items(source: Any, context: Context, args: dict[str, Any]) -> Connection:
    """List work items of a project."""
    found = chosen_issues(context, source, args) if isinstance(source, Project) else []
    return Connection([Node("WorkItem", one) for one in found], args)

"""The queries: each is held against GitLab's schema by a test, and stays below 10,000 characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_PAGE = "pageInfo { hasNextPage endCursor }"
_SAID = "id body createdAt system internal author { username } systemNoteMetadata { action }"
_NOTE = f"nodes {{ {_SAID} }}"

ISSUE_PARTS = {
    "assignees": ("ASSIGNEES", "WorkItemWidgetAssignees", f"nodes {{ username }} {_PAGE}"),
    "labels": ("LABELS", "WorkItemWidgetLabels", f"nodes {{ title }} {_PAGE}"),
    "notes": ("NOTES", "WorkItemWidgetNotes", f"{_NOTE} {_PAGE}"),
    "linkedItems": (
        "LINKED_ITEMS",
        "WorkItemWidgetLinkedItems",
        f"nodes {{ linkType linkCreatedAt workItem {{ reference(full: true) }} }} {_PAGE}",
    ),
}
"""The lists that hang on a work item: the widget that has each, its type, and what is read of it."""
REQUEST_PARTS = {
    "assignees": f"nodes {{ username }} {_PAGE}",
    "reviewers": f"nodes {{ username }} {_PAGE}",
    "labels": f"nodes {{ title }} {_PAGE}",
    "notes": f"nodes {{ {_SAID} resolvable resolved discussion {{ id }} }} {_PAGE}",
    "approvedBy": f"nodes {{ username }} {_PAGE}",
}
"""The lists that hang on a merge request."""
DOCUMENT = ("assignees", "labels", "notes")
"""What is read of an issue that is only looked at."""
TRACKING = (*DOCUMENT, "linkedItems")
"""What is read of the tracking issue."""

_ITEM = "iid title description state confidential createdAt webUrl author { username }"
_HEAD = "queryComplexity { score limit } currentUser { username }"
_PROJECT = "fullPath visibility maxAccessLevel { integerValue }"
_MERGE_REQUEST = (
    "iid title description state draft createdAt mergedAt sourceBranch targetBranch webUrl conflicts "
    "detailedMergeStatus diffHeadSha mergeCommitSha author { username } milestone { title } "
    "taskCompletionStatus { count completedCount } headPipeline { sha status } "
    "resolvableDiscussionsCount resolvedDiscussionsCount commits(first: 1) { nodes { committedDate } }"
)
_RULES = "approvalState { rules { name approvedBy(first: 100) { nodes { username } } } }"
_FILES = "diffStats { path } sourceProject { fullPath }"


def _widgets(parts: Iterable[str]) -> str:
    """Ask for these lists of a work item, with the two widgets that are no lists."""
    asked = [ISSUE_PARTS[name] for name in parts]
    kinds = ", ".join(dict.fromkeys(["START_AND_DUE_DATE", "MILESTONE", *(kind for kind, _, _ in asked)]))
    lists = " ".join(
        f"... on {ISSUE_PARTS[name][1]} {{ {name}(first: $deep) {{ {ISSUE_PARTS[name][2]} }} }}" for name in parts
    )
    return (
        f"widgets(onlyTypes: [{kinds}]) {{ ... on WorkItemWidgetStartAndDueDate {{ dueDate }} "
        f"... on WorkItemWidgetMilestone {{ milestone {{ title }} }} {lists} }}"
    )


def _asked(projects: int, things: str, kind: str, inner: str) -> str:
    """Put a query together that asks the same of things in several projects, given by their numbers."""
    names = " ".join(f"$p{n}: ID! $i{n}: [String!] $n{n}: Int" for n in range(projects))
    bodies = " ".join(
        f"p{n}: project(fullPath: $p{n}) {{ ...around things: {things}(iids: $i{n}, first: $n{n}) "
        f"{{ nodes {{ ...thing }} {_PAGE} }} }}"
        for n in range(projects)
    )
    fragments = f"fragment around on Project {{ {_PROJECT} }} fragment thing on {kind} {{ {inner} }}"
    return f"query($deep: Int {names}) {{ {_HEAD} {bodies} }} {fragments}"


def issues(projects: int, parts: Sequence[str]) -> str:
    """Ask for issues of so many projects, by their numbers, with these lists."""
    return _asked(projects, "workItems", "WorkItem", f"{_ITEM} {_widgets(parts)}")


def merge_requests(projects: int, *, rules: bool, files: bool) -> str:
    """Ask for merge requests of so many projects, by their numbers; `rules` are for tiers that have approval rules."""
    lists = " ".join(f"{name}(first: $deep) {{ {inner} }}" for name, inner in REQUEST_PARTS.items())
    more = " ".join(text for wanted, text in ((rules, _RULES), (files, _FILES)) if wanted)
    return _asked(projects, "mergeRequests", "MergeRequest", f"{_MERGE_REQUEST} {lists} {more}")


def further_of_issue(name: str) -> str:
    """Ask for the next page of a list on one issue."""
    kind, widget, inner = ISSUE_PARTS[name]
    return (
        f"query($p: ID!, $i: String!, $deep: Int, $after: String) {{ {_HEAD} project(fullPath: $p) "
        f"{{ things: workItems(iids: [$i], first: 1) {{ nodes {{ widgets(onlyTypes: [{kind}]) "
        f"{{ ... on {widget} {{ {name}(first: $deep, after: $after) {{ {inner} }} }} }} }} }} }} }}"
    )


def further_of_request(name: str) -> str:
    """Ask for the next page of a list on one merge request."""
    return (
        f"query($p: ID!, $i: String!, $deep: Int, $after: String) {{ {_HEAD} project(fullPath: $p) "
        f"{{ things: mergeRequests(iids: [$i], first: 1) {{ nodes {{ "
        f"{name}(first: $deep, after: $after) {{ {REQUEST_PARTS[name]} }} }} }} }} }}"
    )


MADE_ISSUES = (
    "query($p: ID!, $by: String, $label: [String!], $hidden: Boolean, $state: IssuableState, $deep: Int, "
    f"$after: String) {{ {_HEAD} project(fullPath: $p) {{ {_PROJECT} things: workItems("
    "authorUsername: $by, labelName: $label, confidential: $hidden, state: $state, "
    "sort: CREATED_ASC, first: $deep, after: $after) "
    f"{{ nodes {{ iid description author {{ username }} }} {_PAGE} }} }} }}"
)
"""Ask for a page of the issues of a project: those that one account opened, that carry labels, that are in a state."""
MADE_REQUESTS = (
    f"query($p: ID!, $by: String, $state: MergeRequestState, $deep: Int, $after: String) {{ {_HEAD} "
    f"project(fullPath: $p) {{ {_PROJECT} things: mergeRequests(authorUsername: $by, state: $state, sort: CREATED_ASC, "
    f"first: $deep, after: $after) {{ nodes {{ iid description author {{ username }} }} {_PAGE} }} }} }}"
)
"""Ask for a page of the merge requests of a project: those that one account opened, that are in a state."""
FILES = (
    f"query($p: ID!, $ref: String, $paths: [String!]!) {{ {_HEAD} project(fullPath: $p) "
    "{ repository { blobs(ref: $ref, paths: $paths) { nodes { path rawBlob } pageInfo { hasNextPage endCursor } } } } }"
)
"""Ask for the texts of files as they are at a commit."""
WHO = f"query {{ {_HEAD} metadata {{ version enterprise }} }}"
"""Ask who the token is, and what the instance is."""


def standing(projects: int) -> str:
    """Ask of so many projects who can read them, and what the token's user may do there."""
    names = " ".join(f"$p{n}: ID!" for n in range(projects))
    bodies = " ".join(f"p{n}: project(fullPath: $p{n}) {{ {_PROJECT} }}" for n in range(projects))
    return f"query({names}) {{ {_HEAD} {bodies} }}"


def tiers(projects: int) -> str:
    """Ask of so many projects whether their tier takes several assignees: the one thing that tells it to everybody."""
    names = " ".join(f"$p{n}: ID!" for n in range(projects))
    told = "allowsMultipleMergeRequestAssignees"
    bodies = " ".join(f"p{n}: project(fullPath: $p{n}) {{ several: {told} }}" for n in range(projects))
    return f"query({names}) {{ {_HEAD} {bodies} }}"


ACCOUNTS = f"query($users: [String!]) {{ {_HEAD} users(usernames: $users, first: 100) {{ nodes {{ username }} }} }}"
"""Ask which of some users there are."""


def examined(labels: int) -> str:
    """Ask what a project is, and which labels in it resemble so many names."""
    names = " ".join(f"$l{n}: String" for n in range(labels))
    asked = " ".join(
        f"l{n}: labels(searchTerm: $l{n}, searchIn: [TITLE], includeAncestorGroups: true, first: 100) "
        "{ nodes { title } }"
        for n in range(labels)
    )
    return f"query($p: ID! {names}) {{ {_HEAD} project(fullPath: $p) {{ {_PROJECT} archived {asked} }} }}"

"""Who may see and do what."""

from __future__ import annotations

from tests.gitlab_double.world.things import (
    DEVELOPER,
    GUEST,
    OWNER,
    PLANNER,
    Issue,
    MergeRequest,
    Note,
    Project,
    Reference,
    Thing,
    User,
)
from tests.gitlab_double.world.world import World


def level(world: World, user: User | None, project: Project) -> int:
    """Give a user's access level in a project, by membership in it or in a group above it; 0 is none."""
    if user is None:
        return 0
    if user.admin:
        return OWNER
    above = [group.members for path, group in world.groups.items() if project.path.startswith(f"{path}/")]
    return max((members.get(user.id, 0) for members in [project.members, *above]), default=0)


def sees_project(world: World, user: User | None, project: Project) -> bool:
    """Whether the project exists for this user."""
    if project.visibility == "public" or level(world, user, project) >= GUEST:
        return True
    return project.visibility == "internal" and user is not None


def sees(world: World, user: User | None, thing: Thing) -> bool:
    """Whether an issue or merge request exists for this user: confidential ones need the planner's role or a part."""
    project = world.projects[thing.project_id]
    if not sees_project(world, user, project):
        return False
    if isinstance(thing, MergeRequest):
        return project.visibility != "private" or level(world, user, project) >= PLANNER
    if isinstance(thing, Issue) and thing.confidential:
        part = user is not None and (user.id == thing.author_id or user.id in thing.assignees)
        return part or level(world, user, project) >= PLANNER
    return True


def sees_at(world: World, user: User | None, reference: Reference) -> bool:
    """Whether what stands at a place exists for this user."""
    found = world.at(reference)
    return found is not None and sees(world, user, found)


def sees_note(world: World, user: User | None, thing: Thing, note: Note) -> bool:
    """Whether a note is shown: not if it is about a side that the user may not read (s5), nor if internal."""
    if note.other is not None and not sees_at(world, user, note.other):
        return False
    return not note.internal or level(world, user, world.projects[thing.project_id]) >= PLANNER


def may_push(world: World, user: User | None, project: Project, branch: str) -> bool:
    """Whether a user may put commits on a branch; a protected one is the maintainers'."""
    needed = OWNER - 10 if branch in project.repository.protected else DEVELOPER
    return level(world, user, project) >= needed

"""What turns up beside what is recorded: notes inside discussions, subscriptions, moves, times, jobs, members, stars.

None of it is recorded; each is shaped as the thing that it gives, and refuses as its neighbours do (s10).
"""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import NOT_FOUND, Answer, Ask, refused
from tests.gitlab_double.rest.code import pipelines, releases
from tests.gitlab_double.rest.pages import paged
from tests.gitlab_double.rest.places.project_shape import LISTED, project
from tests.gitlab_double.rest.planning import notes
from tests.gitlab_double.rest.planning.issues import issue
from tests.gitlab_double.rest.planning.merge_requests import in_full
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import acting, seeing
from tests.gitlab_double.world.asides import Release
from tests.gitlab_double.world.things import (
    DEVELOPER,
    GUEST,
    MAINTAINER,
    OWNER,
    PLANNER,
    Issue,
    Job,
    MergeRequest,
    Note,
    Pipeline,
    Project,
    Thing,
)

_ON = ("/projects/:id/issues/:issue_iid", "/projects/:id/merge_requests/:merge_request_iid")
_IN = "discussions/:discussion_id/notes/:note_id"


def _note(ask: Ask, thing: Thing) -> Note:
    found = notes.note_of(ask, thing)
    if found.discussion != ask.arg("discussion_id"):
        raise refused(404, NOT_FOUND)
    return found


@route("GET", f"{_ON[0]}/{_IN}", "as a note")
@route("GET", f"{_ON[1]}/{_IN}", "as a note")
def note(ask: Ask) -> Answer:
    """Give a note of a discussion."""
    thing = notes.thing_of(ask)
    return Answer(200, shapes.note(ask.world, thing, _note(ask, thing)))


@route("PUT", f"{_ON[0]}/{_IN}", "as a note")
@route("PUT", f"{_ON[1]}/{_IN}", "as a note; or as a discussion, where it is resolved")
def change_note(ask: Ask) -> Answer:
    """Change what a note of a discussion says, or resolve it."""
    thing = notes.thing_of(ask)
    _note(ask, thing)
    if ask.has("resolved") and isinstance(thing, MergeRequest):
        notes.resolve(ask)
        return Answer(200, shapes.note(ask.world, thing, _note(ask, thing)))
    return notes.update(ask)


@route("DELETE", f"{_ON[0]}/{_IN}", "s1: 204")
@route("DELETE", f"{_ON[1]}/{_IN}", "s1: 204")
def drop_note(ask: Ask) -> Answer:
    """Take a note of a discussion away."""
    _note(ask, notes.thing_of(ask))
    return notes.delete(ask)


@route("GET", f"{_ON[0]}/resource_milestone_events", "s6: as those of labels; none is kept")
@route("GET", f"{_ON[1]}/resource_milestone_events", "s6: as those of labels; none is kept")
def milestone_events(ask: Ask) -> Answer:
    """List what was done to the milestone: the double keeps none of it."""
    notes.thing_of(ask)
    return paged(ask, [], lambda one: one)


def _event(ask: Ask, kept: str) -> Answer:
    thing = notes.thing_of(ask)
    for found in getattr(thing, kept):
        if found.id == ask.iid("event_id"):
            return Answer(200, shapes.event(ask.world, thing, found))
    raise refused(404, NOT_FOUND)


@route("GET", f"{_ON[0]}/resource_label_events/:event_id", "s6: as the list")
@route("GET", f"{_ON[1]}/resource_label_events/:event_id", "s6: as the list")
def label_event(ask: Ask) -> Answer:
    """Give one thing that was done to the labels."""
    return _event(ask, "label_events")


@route("GET", f"{_ON[0]}/resource_state_events/:event_id", "s6: as the list")
@route("GET", f"{_ON[1]}/resource_state_events/:event_id", "s6: as the list")
def state_event(ask: Ask) -> Answer:
    """Give one thing that was done to the state."""
    return _event(ask, "state_events")


_NO_TIME = {"time_estimate": 0, "total_time_spent": 0, "human_time_estimate": None, "human_total_time_spent": None}


@route("GET", f"{_ON[0]}/time_stats", "as `time_stats` of the thing")
@route("GET", f"{_ON[1]}/time_stats", "as `time_stats` of the thing")
def times(ask: Ask) -> Answer:
    """Say how long it took: nobody says."""
    notes.thing_of(ask)
    return Answer(200, _NO_TIME)


@route("POST", f"{_ON[0]}/subscribe", "igitt/…unsubscribe: 201, as the thing")
@route("POST", f"{_ON[0]}/unsubscribe", "igitt/…unsubscribe: 201, as the thing")
@route("POST", f"{_ON[1]}/subscribe", "igitt/…unsubscribe: 201, as the thing")
def subscribe(ask: Ask) -> Answer:
    """Begin or cease to hear of something."""
    thing = notes.thing_of(ask, writes=GUEST)
    shaped = in_full(ask, thing) if isinstance(thing, MergeRequest) else issue(ask, _issue(thing), single=True)
    return Answer(201, {**shaped, "subscribed": not ask.path.rstrip("/").endswith("unsubscribe")})


def _issue(thing: Thing) -> Issue:
    assert isinstance(thing, Issue)
    return thing


@route("POST", f"{_ON[0]}/move", "s5: `moved to`; the issue that is there now")
def move(ask: Ask) -> Answer:
    """Move an issue: it is closed here, and opened there."""
    found = _issue(notes.thing_of(ask, writes=PLANNER))
    ask.required("to_project_id")
    there = ask.world.projects.get(ask.number("to_project_id") or 0)
    someone = ask.someone()
    if there is None or not seeing.sees_project(ask.world, someone, there):
        raise refused(404, "404 Project Not Found")
    if seeing.level(ask.world, someone, there) < PLANNER:
        raise refused(400, "Cannot move issue due to insufficient permissions!")
    told = {"title": found.title, "description": found.description, "confidential": found.confidential}
    made = acting.open_issue(ask.world, someone, there, told)
    acting.change(ask.world, someone, found, {"state_event": "close"})
    return Answer(201, issue(ask, made, single=True))


# pipelines, releases


def _job(ask: Ask, found: Project) -> tuple[Pipeline, Job]:
    for one in found.pipelines:
        for made in one.jobs:
            if str(made.id) == ask.arg("job_id"):
                return one, made
    raise refused(404, NOT_FOUND)


@route("GET", "/projects/:id/jobs/:job_id", "as the list")
def job(ask: Ask) -> Answer:
    """Give one job."""
    found = ask.project()
    return Answer(200, pipelines.job(ask, found, *_job(ask, found)))


@route("POST", "/projects/:id/jobs/:job_id/retry", "as a job: 201")
@route("POST", "/projects/:id/jobs/:job_id/cancel", "as a job: 201")
def job_again(ask: Ask) -> Answer:
    """Run a job again, or stop it."""
    found = ask.project(writes=DEVELOPER)
    pipeline, made = _job(ask, found)
    made.status = "pending" if ask.path.endswith("retry") else "canceled"
    return Answer(201, pipelines.job(ask, found, pipeline, made))


@route("GET", "/projects/:id/pipelines/:pipeline_id/bridges", "as jobs; the double has none")
@route("GET", "/projects/:id/pipelines/:pipeline_id/variables", "the double has none")
def nothing_of_pipeline(ask: Ask) -> Answer:
    """List what no pipeline here has."""
    pipelines.one(ask)
    return paged(ask, [], lambda one: one)


def _release(ask: Ask, found: Project) -> Release:
    for one in found.releases:
        if one.tag == ask.arg("tag_name"):
            return one
    raise refused(404, "404 Not Found")


@route("GET", "/projects/:id/releases/:tag_name", "as the list")
def release(ask: Ask) -> Answer:
    """Give one release."""
    found = ask.project()
    return Answer(200, releases.release(ask, found, _release(ask, found)))


@route("PUT", "/projects/:id/releases/:tag_name", "as the list")
def change_release(ask: Ask) -> Answer:
    """Change what a release says."""
    found = ask.project(writes=DEVELOPER)
    one = _release(ask, found)
    one.description = ask.text("description") or one.description
    return Answer(200, releases.release(ask, found, one))


@route("DELETE", "/projects/:id/releases/:tag_name", "as the list: the release that was")
def drop_release(ask: Ask) -> Answer:
    """Take a release away; its tag stays."""
    found = ask.project(writes=DEVELOPER)
    one = _release(ask, found)
    found.releases.remove(one)
    return Answer(200, releases.release(ask, found, one))


@route("GET", "/projects/:id/protected_branches/:branch", "as the list")
def protected_branch(ask: Ask) -> Answer:
    """Give one protected branch."""
    found = ask.project()
    if seeing.level(ask.world, ask.someone(), found) < PLANNER:
        raise refused(403, "403 Forbidden")
    if ask.arg("branch") not in found.repository.protected:
        raise refused(404, NOT_FOUND)
    levels = [{"id": 1, "access_level": 40, "access_level_description": "Maintainers"}]
    shaped: dict[str, Any] = {"id": 1, "name": ask.arg("branch"), "push_access_levels": levels}
    shaped |= {"merge_access_levels": levels, "unprotect_access_levels": [], "allow_force_push": False}
    return Answer(200, shaped | {"code_owner_approval_required": False})


# people and projects


@route("POST", "/projects/:id/members", "as the list: 201; 409 as of labels")
def add_member(ask: Ask) -> Answer:
    """Make somebody a member."""
    found = ask.project(writes=MAINTAINER)
    ask.required("user_id", "access_level")
    number, level = ask.number("user_id") or 0, ask.number("access_level") or 0
    if number not in ask.world.users:
        raise refused(404, "404 User Not Found")
    if number in found.members:
        raise refused(409, "Member already exists")
    found.members[number] = min(level, OWNER)
    return Answer(201, shapes.member(ask, number, level))


@route("PUT", "/projects/:id/members/:user_id", "as the list")
def change_member(ask: Ask) -> Answer:
    """Give a member another role."""
    found, number = ask.project(writes=MAINTAINER), ask.iid("user_id")
    ask.required("access_level")
    if number not in found.members:
        raise refused(404, NOT_FOUND)
    found.members[number] = ask.number("access_level") or GUEST
    return Answer(200, shapes.member(ask, number, found.members[number]))


@route("DELETE", "/projects/:id/members/:user_id", "s1: 204")
def drop_member(ask: Ask) -> Answer:
    """Take a member out."""
    found = ask.project(writes=MAINTAINER)
    if found.members.pop(ask.iid("user_id"), None) is None:
        raise refused(404, NOT_FOUND)
    return Answer(204)


@route("GET", "/users/:user_id/projects", "as the list of projects")
def projects_of(ask: Ask) -> Answer:
    """List the projects in somebody's own namespace."""
    someone = ask.world.users.get(ask.iid("user_id"))
    if someone is None:
        raise refused(404, "404 User Not Found")
    ours = [one for one in ask.world.projects.values() if one.namespace == someone.username]
    seen = [one for one in ours if seeing.sees_project(ask.world, ask.viewer, one)]
    return paged(ask, seen, lambda one: project(ask, one), defaults=LISTED)


@route("POST", "/projects/:id/star", "as the project: 201")
@route("POST", "/projects/:id/unstar", "as the project: 201")
def star(ask: Ask) -> Answer:
    """Like a project, or do so no more."""
    ask.someone()
    return Answer(201, project(ask, ask.project()))


@route("POST", "/projects/:id/archive", "as the project: 201")
@route("POST", "/projects/:id/unarchive", "as the project: 201")
def archive(ask: Ask) -> Answer:
    """Archive a project, or take it out of there."""
    found = ask.project()
    if seeing.level(ask.world, ask.someone(), found) < OWNER:
        raise refused(403, "403 Forbidden")
    found.archived = ask.path.rstrip("/").endswith("/archive")
    return Answer(201, project(ask, found, single=True))

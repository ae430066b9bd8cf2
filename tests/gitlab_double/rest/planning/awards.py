"""Emojis on notes, commit comments and to-dos (s1; `ogr/Comments…`, `ogr/GenericCommands…`, `igitt/…`)."""

from __future__ import annotations

from typing import Any

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import NOT_FOUND, Answer, Ask, refused
from tests.gitlab_double.rest.pages import paged
from tests.gitlab_double.rest.planning.issues import issue
from tests.gitlab_double.rest.planning.merge_requests import in_full, merge_request
from tests.gitlab_double.rest.planning.notes import note_of, thing_of
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world.asides import Award, Remark, Todo
from tests.gitlab_double.world.things import GUEST, Issue, MergeRequest, Note, Project, Reference, Thing

_ON = (
    "/projects/:id/issues/:issue_iid/notes/:note_id/award_emoji",
    "/projects/:id/merge_requests/:merge_request_iid/notes/:note_id/award_emoji",
)


def award(ask: Ask, on: Note | Thing, found: Award) -> dict[str, Any]:
    """Give an award (`ogr/Comments.test_pr_react…`)."""
    at = ask.time(found.at)
    return {
        "id": found.id,
        "name": found.name,
        "user": shapes.user(ask.world, found.user_id),
        "created_at": at,
        "updated_at": at,
        "awardable_id": on.id,
        "awardable_type": "Note" if isinstance(on, Note) else type(on).__name__,
        "url": None,
    }


@route("GET", _ON[0], "ogr/Comments…")
@route("GET", _ON[1], "ogr/Comments…")
def awards(ask: Ask) -> Answer:
    """List the awards of a note."""
    found = note_of(ask, thing_of(ask))
    return paged(ask, found.awards, lambda one: award(ask, found, one))


@route("POST", _ON[0], "s1: a second equal one answers 404; ogr/Comments…")
@route("POST", _ON[1], "s1: a second equal one answers 404; ogr/Comments…")
def give(ask: Ask) -> Answer:
    """Give an award."""
    return _given(ask, note_of(ask, thing_of(ask, writes=GUEST)))


def _given(ask: Ask, found: Note | Thing) -> Answer:
    ask.required("name")
    name, someone = ask.text("name") or "", ask.someone()
    if any((one.name, one.user_id) == (name, someone.id) for one in found.awards):
        raise refused(404, "404 Award Emoji Name has already been taken Not Found")
    return Answer(201, award(ask, found, ask.world.award(found, name, someone)))


def _award(ask: Ask) -> tuple[Note, Award]:
    found = note_of(ask, thing_of(ask))
    number = ask.iid("award_id")
    for one in found.awards:
        if one.id == number:
            return found, one
    raise refused(404, NOT_FOUND)


@route("GET", f"{_ON[0]}/:award_id", "ogr/Comments…")
@route("GET", f"{_ON[1]}/:award_id", "ogr/Comments…")
def one_award(ask: Ask) -> Answer:
    """Give one award."""
    return Answer(200, award(ask, *_award(ask)))


@route("DELETE", f"{_ON[0]}/:award_id", "s1: 204; ogr/Comments…")
@route("DELETE", f"{_ON[1]}/:award_id", "s1: 204; ogr/Comments…")
def take(ask: Ask) -> Answer:
    """Take an award back."""
    on, found = _award(ask)
    on.awards.remove(found)
    return Answer(204)


_OF_THING = (
    "/projects/:id/issues/:issue_iid/award_emoji",
    "/projects/:id/merge_requests/:merge_request_iid/award_emoji",
)


@route("GET", _OF_THING[0], "as of notes")
@route("GET", _OF_THING[1], "as of notes")
def thing_awards(ask: Ask) -> Answer:
    """List the awards of an issue or merge request."""
    thing = thing_of(ask)
    return paged(ask, thing.awards, lambda one: award(ask, thing, one))


@route("GET", f"{_OF_THING[0]}/:award_id", "igitt/GitLabReactionTest.test_name#0")
@route("GET", f"{_OF_THING[1]}/:award_id", "igitt/GitLabReactionTest.test_name#0")
def thing_award(ask: Ask) -> Answer:
    """Give one of them."""
    thing = thing_of(ask)
    for found in thing.awards:
        if found.id == ask.iid("award_id"):
            return Answer(200, award(ask, thing, found))
    raise refused(404, NOT_FOUND)


@route("POST", _OF_THING[0], "as of notes")
@route("POST", _OF_THING[1], "as of notes")
def give_thing(ask: Ask) -> Answer:
    """Give an award to one of them."""
    return _given(ask, thing_of(ask, writes=GUEST))


@route("DELETE", f"{_OF_THING[0]}/:award_id", "s1: 204")
@route("DELETE", f"{_OF_THING[1]}/:award_id", "s1: 204")
def take_thing(ask: Ask) -> Answer:
    """Take an award of one of them back."""
    thing = thing_of(ask, writes=GUEST)
    left = [one for one in thing.awards if one.id != ask.iid("award_id")]
    if len(left) == len(thing.awards):
        raise refused(404, NOT_FOUND)
    thing.awards[:] = left
    return Answer(204)


# commits

_COMMIT = "/projects/:id/repository/commits/:sha"


def remark(ask: Ask, found: Remark) -> dict[str, Any]:
    """Give a comment on a commit (`ogr/GenericCommands.test_commit_comment#7`)."""
    return {
        "note": found.body,
        "path": found.path,
        "line": found.line,
        "line_type": "new" if found.line else None,
        "author": shapes.user(ask.world, found.user_id),
        "created_at": ask.time(found.at),
    }


def _remarks(ask: Ask, project: Project) -> list[Remark]:
    if ask.arg("sha") not in project.repository.commits:
        raise refused(404, "404 Commit Not Found")
    return project.remarks.get(ask.arg("sha"), [])


@route("GET", f"{_COMMIT}/comments", "ogr/GenericCommands…")
def remarks(ask: Ask) -> Answer:
    """List the comments on a commit."""
    return paged(ask, _remarks(ask, ask.project()), lambda one: remark(ask, one))


@route(
    "POST", f"{_COMMIT}/comments", "igitt/GitLabCommitTest.test_comment#0; ogr/GenericCommands.test_commit_comment#7"
)
def add_remark(ask: Ask) -> Answer:
    """Comment on a commit."""
    project = ask.project(writes=GUEST)
    _remarks(ask, project)
    ask.required("note")
    made = ask.world.remark(
        project,
        ask.arg("sha"),
        ask.text("note") or "",
        by=ask.someone(),
        path=ask.text("path"),
        line=ask.number("line"),
    )
    return Answer(201, remark(ask, made))


def _remark_note(ask: Ask, project: Project, found: Remark) -> dict[str, Any]:
    return {
        "id": found.id,
        "type": "LegacyDiffNote" if found.line else None,
        "body": found.body,
        "author": shapes.user(ask.world, found.user_id),
        "created_at": ask.time(found.at),
        "updated_at": ask.time(found.at),
        "system": False,
        "noteable_id": None,
        "noteable_type": "Commit",
        "project_id": project.id,
        "resolvable": False,
        "confidential": False,
        "internal": False,
        "imported": False,
        "imported_from": "none",
        "noteable_iid": None,
        "commands_changes": {},
        "attachment": None,
    }


@route("GET", f"{_COMMIT}/discussions", "ogr/GenericCommands…")
def remark_discussions(ask: Ask) -> Answer:
    """List the comments on a commit as discussions."""
    project = ask.project()

    def shaped(one: Remark) -> dict[str, Any]:
        return {"id": one.discussion, "individual_note": False, "notes": [_remark_note(ask, project, one)]}

    return paged(ask, _remarks(ask, project), shaped)


@route("GET", f"{_COMMIT}/discussions/:discussion_id/notes/:note_id", "ogr/GenericCommands…")
def remark_note(ask: Ask) -> Answer:
    """Give one comment on a commit as a note."""
    project = ask.project()
    for one in _remarks(ask, project):
        if (one.discussion, one.id) == (ask.arg("discussion_id"), ask.iid("note_id")):
            return Answer(200, _remark_note(ask, project, one))
    raise refused(404, NOT_FOUND)


# to-dos, subscriptions


def _todo(ask: Ask, found: Todo) -> dict[str, Any]:
    from tests.gitlab_double.rest.places.project_shape import short  # noqa: PLC0415 - only this needs it

    world = ask.world
    target = world.at(Reference(found.kind, found.project_id, found.iid))
    at = ask.time(found.at)
    shaped = merge_request(ask, target) if isinstance(target, MergeRequest) else None
    return {
        "id": found.id,
        "project": short(ask, world.projects[found.project_id]),
        "author": shapes.user(world, found.user_id),
        "action_name": "assigned",
        "target_type": "MergeRequest" if found.kind == "!" else "Issue",
        "target": issue(ask, target) if isinstance(target, Issue) else shaped,
        "target_url": world.address(target) if target else None,
        "body": target.title if target else "",
        "state": found.state,
        "created_at": at,
        "updated_at": at,
    }


@route("GET", "/todos", "igitt/…: to-dos of the caller")
def todos(ask: Ask) -> Answer:
    """List what the caller is asked to do."""
    someone, state = ask.someone(), ask.text("state") or "pending"
    mine = [one for one in ask.world.todos if one.user_id == someone.id and one.state == state]
    return paged(ask, mine[::-1], lambda one: _todo(ask, one))


@route("POST", "/todos/:todo_id/mark_as_done", "igitt/…")
def done(ask: Ask) -> Answer:
    """Do it."""
    for one in ask.world.todos:
        if one.id == ask.iid("todo_id") and one.user_id == ask.someone().id:
            one.state = "done"
            return Answer(201, _todo(ask, one))
    raise refused(404, NOT_FOUND)


@route("POST", "/projects/:id/merge_requests/:merge_request_iid/unsubscribe", "igitt/…: 201")
def unsubscribe(ask: Ask) -> Answer:
    """Stop hearing of a merge request."""
    found = ask.merge_request(ask.project(writes=GUEST))
    return Answer(201, {**in_full(ask, found), "subscribed": False})

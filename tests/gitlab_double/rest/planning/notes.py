"""Notes, discussions and events of issues and merge requests (s1, s2, s5, s6)."""

from __future__ import annotations

from tests.gitlab_double.rest import shapes
from tests.gitlab_double.rest.asking import FORBIDDEN, NOT_FOUND, Answer, Ask, refused
from tests.gitlab_double.rest.pages import ordered, paged
from tests.gitlab_double.rest.planning import issues
from tests.gitlab_double.rest.routing import route
from tests.gitlab_double.world import saying, seeing
from tests.gitlab_double.world.things import GUEST, PLANNER, MergeRequest, Note, Thing

_ON = ("/projects/:id/issues/:issue_iid", "/projects/:id/merge_requests/:merge_request_iid")
MOST = 5_000  # s6: then notes of users fail, system notes go on


def thing_of(ask: Ask, *, writes: int | None = None) -> Thing:
    """Give the issue or merge request of the path."""
    if "issue_iid" in ask.args:
        return ask.issue(issues.opened(ask, writes=writes))
    return ask.merge_request(ask.project(writes=writes))


def _sees(ask: Ask, thing: Thing, note: Note) -> bool:
    return seeing.sees_note(ask.world, ask.viewer, thing, note)


@route("GET", f"{_ON[0]}/notes", "s2; ogr/Issues.test_get_issue_comments; sortie-quotes/015, /021; doc/04")
@route("GET", f"{_ON[1]}/notes", "s2; danger-js/getMergeRequestNotes; ogr/PullRequests…")
def listed(ask: Ask) -> Answer:
    """List notes, newest first; what the token may not see is taken out after paging, so pages run short (s2)."""
    thing = thing_of(ask)
    wanted = ask.one_of("activity_filter", ("all_notes", "only_comments", "only_activity"), "all_notes")
    chosen = [one for one in thing.notes if wanted == "all_notes" or one.system is (wanted == "only_activity")]
    keys = {"created_at": lambda one: (one.created_at, one.id), "updated_at": lambda one: (one.updated_at, one.id)}
    defaults = {"order_by": "created_at", "sort": "desc", "activity_filter": "all_notes", "noteable_id": str(thing.iid)}
    return paged(
        ask,
        ordered(ask, chosen, keys, "created_at"),
        lambda one: shapes.note(ask.world, thing, one),
        keep=lambda one: _sees(ask, thing, one),
        defaults=defaults,
    )


def note_of(ask: Ask, thing: Thing) -> Note:
    """Give the note of the path."""
    number = ask.iid("note_id")
    for one in thing.notes:
        if one.id == number and _sees(ask, thing, one):
            return one
    raise refused(404, NOT_FOUND)


@route("GET", f"{_ON[0]}/notes/:note_id", "as on merge requests")
@route("GET", f"{_ON[1]}/notes/:note_id", "ogr/PullRequests.test_get_comment#1")
def one(ask: Ask) -> Answer:
    """Give one note."""
    thing = thing_of(ask)
    return Answer(200, shapes.note(ask.world, thing, note_of(ask, thing)))


def _body(ask: Ask) -> str:
    ask.required("body")
    body = ask.text("body") or ""
    if not body.strip():
        raise refused(400, '400 Bad request - Note {:note=>["can\'t be blank"]}')
    if len(body) > issues.DESCRIPTION:
        raise refused(
            400, f'400 Bad request - Note {{:note=>["is too long (maximum is {issues.DESCRIPTION} characters)"]}}'
        )
    return body


def _said(ask: Ask, thing: Thing, *, resolvable: bool = False, discussion: str | None = None) -> Note | Answer:
    """Say it: 202 where it was only quick actions, which leaves no note and no id (s1, `quick-action-mr`)."""
    project = ask.world.projects[thing.project_id]
    if thing.discussion_locked and seeing.level(ask.world, ask.someone(), project) < GUEST:
        raise refused(403, FORBIDDEN)  # only members go on where a discussion is locked
    if sum(not one.system for one in thing.notes) >= MOST:
        raise refused(400, '400 Bad request - Note {:base=>["Maximum number of comments exceeded"]}')
    internal = bool(ask.flag("internal") or ask.flag("confidential"))
    made, (changes, summary) = saying.comment(
        ask.world, ask.someone(), thing, _body(ask), internal=internal, resolvable=resolvable, discussion=discussion
    )
    return made or Answer(202, {"commands_changes": changes, "summary": [summary]})


@route("POST", f"{_ON[0]}/notes", "s1, s5; ogr/Issues…; sortie-quotes/005, /006, /016, /017; other-quotes/429-notes")
@route("POST", f"{_ON[1]}/notes", "s1, s5; ogr/PullRequests…; other-quotes/quick-action-mr")
def create(ask: Ask) -> Answer:
    """Say something."""
    ask.someone()
    thing = thing_of(ask, writes=GUEST)
    made = _said(ask, thing)
    return made if isinstance(made, Answer) else Answer(201, shapes.note(ask.world, thing, made))


@route("PUT", f"{_ON[0]}/notes/:note_id", "ogr/Issues.test_issue_comments_updates#11; igitt/GitLabCommentTest…")
@route("PUT", f"{_ON[1]}/notes/:note_id", "ogr/PullRequests.test_pr_comments_updates#11")
def update(ask: Ask) -> Answer:
    """Change what a note says."""
    thing = thing_of(ask, writes=GUEST)
    found = note_of(ask, thing)
    if found.author_id != ask.someone().id:
        ask.may(ask.world.projects[thing.project_id], PLANNER)
    found.body, found.updated_at = _body(ask), ask.world.clock.now
    saying.refer(ask.world, ask.someone(), thing, found.body)
    return Answer(200, shapes.note(ask.world, thing, found))


@route("DELETE", f"{_ON[0]}/notes/:note_id", "s1: 204")
@route("DELETE", f"{_ON[1]}/notes/:note_id", "s1: 204")
def delete(ask: Ask) -> Answer:
    """Take a note away."""
    thing = thing_of(ask, writes=GUEST)
    thing.notes.remove(note_of(ask, thing))
    return Answer(204)


# discussions


def grouped(ask: Ask, thing: Thing) -> list[list[Note]]:
    """Give the visible notes of each discussion, oldest first."""
    found: dict[str, list[Note]] = {}
    for note in thing.notes:
        if _sees(ask, thing, note):
            found.setdefault(note.discussion, []).append(note)
    return list(found.values())


@route("GET", f"{_ON[0]}/discussions", "as on merge requests")
@route("GET", f"{_ON[1]}/discussions", "danger-js/getMergeRequestDiscussions; danger-ruby/merge_request_1_discussions…")
def discussions(ask: Ask) -> Answer:
    """List discussions, oldest first."""
    thing = thing_of(ask)
    return paged(ask, grouped(ask, thing), lambda notes: shapes.discussion(ask.world, thing, notes))


def _discussion(ask: Ask, thing: Thing) -> list[Note]:
    for notes in grouped(ask, thing):
        if notes[0].discussion == ask.arg("discussion_id"):
            return notes
    raise refused(404, "404 Discussion Not Found")


@route("GET", f"{_ON[0]}/discussions/:discussion_id", "as the list")
@route("GET", f"{_ON[1]}/discussions/:discussion_id", "as the list")
def discussion(ask: Ask) -> Answer:
    """Give one discussion."""
    thing = thing_of(ask)
    return Answer(200, shapes.discussion(ask.world, thing, _discussion(ask, thing)))


@route("POST", f"{_ON[0]}/discussions", "s10: not recorded; shaped as the list")
@route("POST", f"{_ON[1]}/discussions", "s10: not recorded; shaped as the list")
def open_discussion(ask: Ask) -> Answer:
    """Open a discussion; on a merge request it waits to be resolved."""
    ask.someone()
    thing = thing_of(ask, writes=GUEST)
    made = _said(ask, thing, resolvable=isinstance(thing, MergeRequest))
    return made if isinstance(made, Answer) else Answer(201, shapes.discussion(ask.world, thing, [made]))


@route("POST", f"{_ON[0]}/discussions/:discussion_id/notes", "s10: not recorded; a note")
@route("POST", f"{_ON[1]}/discussions/:discussion_id/notes", "s10: not recorded; a note")
def reply(ask: Ask) -> Answer:
    """Answer in a discussion."""
    thing = thing_of(ask, writes=GUEST)
    first = _discussion(ask, thing)[0]
    made = _said(ask, thing, resolvable=first.resolvable, discussion=first.discussion)
    return made if isinstance(made, Answer) else Answer(201, shapes.note(ask.world, thing, made))


@route("PUT", f"{_ON[1]}/discussions/:discussion_id", "s10: not recorded; a discussion")
def resolve(ask: Ask) -> Answer:
    """Resolve a discussion, or open it again."""
    thing = ask.merge_request(ask.project(writes=GUEST))
    ask.required("resolved")
    notes = _discussion(ask, thing)
    saying.resolve(ask.world, ask.someone(), thing, notes[0].discussion, resolved=bool(ask.flag("resolved")))
    return Answer(200, shapes.discussion(ask.world, thing, notes))


# events


@route("GET", f"{_ON[0]}/resource_label_events", "s6: add and remove, who and when")
@route("GET", f"{_ON[1]}/resource_label_events", "s6; sortie-quotes/041")
def label_events(ask: Ask) -> Answer:
    """List what was done to the labels."""
    thing = thing_of(ask)
    return paged(ask, thing.label_events, lambda one: shapes.event(ask.world, thing, one))


@route("GET", f"{_ON[0]}/resource_state_events", "s6")
@route("GET", f"{_ON[1]}/resource_state_events", "s6")
def state_events(ask: Ask) -> Answer:
    """List what was done to the state."""
    thing = thing_of(ask)
    return paged(ask, thing.state_events, lambda one: shapes.event(ask.world, thing, one))

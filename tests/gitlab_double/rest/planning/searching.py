"""Filters of the lists of issues and merge requests; names nobody knows are ignored (s1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tests.gitlab_double.rest.asking import Ask
from tests.gitlab_double.world import texts
from tests.gitlab_double.world.things import Issue, MergeRequest, Reference, Thing
from tests.gitlab_double.world.world import World

T = TypeVar("T", bound=Thing)
_COMMENT = re.compile(r"<!--.*?-->|<[^>]+>", re.DOTALL)
_LONG = re.compile(r"[A-Za-z0-9+/@]{50,}")


def filtered(ask: Ask, things: Iterable[T]) -> Iterator[T]:
    """Keep what a list request asks for."""
    tests = [*_by_state(ask), *_by_numbers(ask), *_by_people(ask), *_by_words(ask), *_by_time(ask)]
    tests += _by_exclusion(ask)
    return (one for one in things if all(test(one) for test in tests))


def _by_state(ask: Ask) -> Iterator[Callable[[Thing], bool]]:
    ask.one_of("scope", ("all", "created_by_me", "assigned_to_me", "created-by-me", "assigned-to-me"), "all")
    ask.one_of("issue_type", ("issue", "incident", "test_case", "requirement", "task", "ticket"), "issue")
    state = ask.one_of("state", ("opened", "closed", "merged", "locked", "all"), "all")
    if state != "all":
        yield lambda one: one.state == state
    if (confidential := ask.flag("confidential")) is not None:
        yield lambda one: isinstance(one, Issue) and one.confidential is confidential
    if kind := ask.text("issue_type"):
        yield lambda one: isinstance(one, Issue) and one.kind == kind
    if (labels := ask.names("labels")) == ["None"]:
        yield lambda one: not one.labels
    elif labels == ["Any"]:
        yield lambda one: bool(one.labels)
    elif labels:
        yield lambda one: set(labels) <= set(one.labels)  # s2: AND, case-sensitive, unknown gives nothing
    if draft := ask.text("draft") or ask.text("wip"):
        yield lambda one: isinstance(one, MergeRequest) and one.draft is (draft in ("yes", "true"))


def _by_numbers(ask: Ask) -> Iterator[Callable[[Thing], bool]]:
    if ask.has("iids"):
        iids = ask.numbers("iids") or []
        yield lambda one: one.iid in iids
    for name in ("source_branch", "target_branch"):
        if wanted := ask.text(name):
            yield lambda one, name=name, wanted=wanted: getattr(one, name, None) == wanted  # type: ignore[misc]
    if milestone := ask.text("milestone"):
        world = ask.world

        def of_milestone(one: Thing) -> bool:
            known = {found.id: found.title for found in world.projects[one.project_id].milestones}
            title = known.get(one.milestone_id or 0)
            return title is None if milestone == "None" else title == milestone

        yield of_milestone


def _by_people(ask: Ask) -> Iterator[Callable[[Thing], bool]]:
    world = ask.world
    if (author := ask.number("author_id")) is not None:
        yield lambda one: one.author_id == author
    if name := ask.text("author_username"):
        writer = world.by_username(name)
        yield lambda one: writer is not None and one.author_id == writer.id
    if (number := ask.text("assignee_id")) is not None:
        if number in ("None", "Any"):
            yield lambda one: bool(one.assignees) is (number == "Any")
        elif number.isdecimal():
            yield lambda one: int(number) in one.assignees
    if names := ask.names("assignee_username"):
        people = [found.id for one in names if (found := world.by_username(one))]
        yield lambda one: len(people) == len(names) and set(people) <= set(one.assignees)
    yield from _by_reviewers(ask)


def _by_reviewers(ask: Ask) -> Iterator[Callable[[Thing], bool]]:
    world = ask.world
    if (reviewer := ask.text("reviewer_id")) and (reviewer.isdecimal() or reviewer in ("None", "Any")):
        yield lambda one: isinstance(one, MergeRequest) and _among(reviewer, one.reviewers)
    if (name := ask.text("reviewer_username")) is not None:
        asked = world.by_username(name)
        yield lambda one: isinstance(one, MergeRequest) and asked is not None and asked.id in one.reviewers
    if (approvers := ask.numbers("approved_by_ids")) is not None:
        yield lambda one: isinstance(one, MergeRequest) and set(approvers) <= set(one.approvals)
    if (emoji := ask.text("my_reaction_emoji")) and ask.viewer is not None:
        me = ask.viewer.id
        yield lambda one: any((award.name, award.user_id) == (emoji, me) for award in one.awards)


def _among(told: str, people: Iterable[int]) -> bool:
    """Whether somebody is among some people: by number, or anybody, or nobody at all."""
    there = set(people)
    return int(told) in there if told.isdecimal() else bool(there) is (told == "Any")


def _by_time(ask: Ask) -> Iterator[Callable[[Thing], bool]]:
    for name in ("created", "updated"):
        if (after := ask.instant(f"{name}_after")) is not None:
            yield lambda one, name=name, after=after: getattr(one, f"{name}_at") >= after  # type: ignore[misc]
        if (before := ask.instant(f"{name}_before")) is not None:
            yield lambda one, name=name, before=before: getattr(one, f"{name}_at") <= before  # type: ignore[misc]


def _by_exclusion(ask: Ask) -> Iterator[Callable[[Thing], bool]]:
    """What a list is not to have: `not[labels]`, `not[author_username]`, `not[assignee_username]`, `not[iids]`."""
    world = ask.world
    told = ask.params.get("not")
    sent = told if isinstance(told, dict) else {}
    listed = {name: value if isinstance(value, list) else str(value).split(",") for name, value in sent.items()}
    labels, numbers = set(listed.get("labels", ())), {str(one) for one in listed.get("iids", ())}
    writers = {found.id for one in listed.get("author_username", ()) if (found := world.by_username(one))}
    people = {found.id for one in listed.get("assignee_username", ()) if (found := world.by_username(one))}
    yield lambda one: not (labels & set(one.labels) or str(one.iid) in numbers or one.author_id in writers)
    yield lambda one: not people & set(one.assignees)


def _by_words(ask: Ask) -> Iterator[Callable[[Thing], bool]]:
    query = ask.text("search")
    if query:
        places = (ask.text("in") or "title,description").split(",")
        group = ask.path.startswith("/groups/")
        yield lambda one: found(ask.world, one, query, places, group=group)


def found(world: World, one: Thing, query: str, places: Iterable[str], *, group: bool = False) -> bool:
    """Whether a search finds a thing (s4): merge requests in the raw text; issues by an index that lags and, in old
    versions, sees no HTML comment and no very long word, but raw at group level and for words outside Latin; notes
    never."""
    text = " ".join(str(getattr(one, place, "") or "") for place in places if place in ("title", "description"))
    raw = query.casefold()
    if isinstance(one, Issue) and not group and max(query) <= _LAST_LATIN:
        return _indexed(world, one, text, raw.strip('"').split())
    if raw.startswith('"') and raw.endswith('"') and len(raw) > 2:
        return raw.strip('"') in text.casefold()
    return all(word in text.casefold() for word in raw.split() if len(word) >= 3)


_LAST_LATIN = "\u024f"


def _indexed(world: World, one: Issue, text: str, words: list[str]) -> bool:
    if one.indexed_at is not None and one.indexed_at > world.clock.now:
        return False
    if not world.site.search_sees_comments:
        text = _LONG.sub(" ", _COMMENT.sub(" ", text))
    parts = {part for word in re.findall(r"[\w-]+", text.casefold()) for part in (word, *word.split("-"))}
    return all(any(part.startswith(word) for part in parts) for word in words)


def naming(world: World, issue: Issue, *, closing: bool) -> list[MergeRequest]:
    """Give the merge requests whose description names an issue, or says that it closes it."""
    read = texts.closes if closing else texts.mentions
    wanted = []
    for requests in world.merge_requests.values():
        for one in requests.values():
            for mention in read(one.description or ""):
                project = world.projects[one.project_id] if mention.path is None else world.by_path(mention.path)
                if project and Reference(mention.kind, project.id, mention.iid) == issue.reference:
                    wanted.append(one)
                    break
    return wanted

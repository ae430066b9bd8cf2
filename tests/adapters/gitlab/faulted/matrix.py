"""The fault matrix of a GitLab: each write of each effect goes wrong in each way, and the next run looks again.

All of it goes through the desk's own `apply`, a journal in a file, the client and the double, in one process; the world
is compared with one in which nothing went wrong, so that nothing can be there twice, or be missing, unseen.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from secrel.adapters.gitlab.marks import taken_apart
from secrel.adapters.gitlab.neutral import original
from secrel.apply.applying import Applying, Done, apply
from secrel.apply.unfinished import settle_unfinished
from secrel.journal.journal import Journal
from secrel.plan.plan import Plan, approve
from secrel.words.effects import Action, Effect
from secrel.words.errors import SecrelError
from secrel.words.outcomes import CannotTell, Made
from secrel.words.people import Actor
from tests.adapters.gitlab.stage import BOTS, Died, GitLabStage
from tests.exam.forge_exam import every_action
from tests.gitlab_double import faults
from tests.gitlab_double.faults import Fault
from tests.gitlab_double.world.things import Thing

_WRITES = r"/api/v4/(?!.*graphql)"


@dataclass(frozen=True)
class Way:
    """A way in which a write goes wrong; `lags` is how many reads after each write do not show it yet.

    `hides`: whoever looks next is no member of the projects, and then is again. `reads`: it is a read that goes wrong,
    `for_good` with all that come after it.
    """

    fault: Fault | None = None
    lags: int = 0
    by_two: bool = False
    hides: bool = False
    reads: bool = False
    for_good: bool = False


_PAGE = faults.proxy_page()
_OTHER = {"ratelimit-remaining": "595", "ratelimit-reset": "4102444800"}
_ANOTHER_LIMIT = faults.answering(429, {"message": {"error": "This endpoint has been requested too often."}}, _OTHER)
_SIGN_IN = faults.answering(302, "", {"location": "https://sso.example/login"}, "text/html")
WAYS: Mapping[str, Way] = {
    "killed before it is sent": Way(faults.killed(Died, done=False)),
    "killed after it is sent": Way(faults.killed(Died, done=True)),
    "killed after it is sent, and no member then": Way(faults.killed(Died, done=True), hides=True),
    "killed, and seen two reads later": Way(faults.killed(Died, done=True), lags=2),
    "no answer, and done": Way(faults.timeout(done=True)),
    "no answer, and not done": Way(faults.timeout(done=False)),
    "reset, and done": Way(faults.reset(done=True)),
    "reset, and not done": Way(faults.reset()),
    "502, and done": Way(faults.bad_gateway(done=True)),
    "502, and not done": Way(faults.bad_gateway(done=False)),
    "a page, and done": Way(replace(_PAGE, done=True)),
    "a page, and not done": Way(_PAGE),
    "sent to sign in": Way(_SIGN_IN),
    "429 as text": Way(faults.throttled()),
    "429 as JSON": Way(faults.too_many()),
    "429 as a page": Way(faults.throttled_page()),
    "429 with a date": Way(faults.too_many("date")),
    "429, and the headers of another limit": Way(_ANOTHER_LIMIT),
    "cut off in the answer": Way(faults.cut()),
    "seen two reads later": Way(lags=2),
    "Resource lock": Way(faults.resource_lock()),
    "two machines, two tokens": Way(lags=2, by_two=True),
    "two machines, one sees nothing new": Way(lags=1_000, by_two=True),
}
READS: Mapping[str, Way] = {
    "reset": Way(faults.reset(), reads=True),
    "cut off in the answer": Way(faults.cut(), reads=True),
    "502": Way(faults.bad_gateway(), reads=True),
    "429 as a page": Way(faults.throttled_page(), reads=True),
    "a page": Way(_PAGE, reads=True),
    "502 from then on": Way(faults.bad_gateway(), reads=True, for_good=True),
    "a page from then on": Way(_PAGE, reads=True, for_good=True),
}
"""Ways in which a read goes wrong that a write needs."""


def effects() -> list[tuple[GitLabStage, Effect]]:
    """One effect of every kind, each with a stage of its own on which it can be carried out."""
    stage = GitLabStage()
    actions = every_action(stage, stage.desk())
    return [(copied(stage), Effect(f"cell/{number}", action, "s")) for number, action in enumerate(actions)]


def copied(stage: GitLabStage) -> GitLabStage:
    """A stage with the same things on it."""
    made = copy.copy(stage)
    made.world = copy.deepcopy(stage.world)
    made.world.clock = copy.copy(stage.world.clock)
    made.double = type(stage.double)(made.world)
    made.waited = []
    return made


def named(action: Action) -> str:
    """The name of a row: the kind, and on what, where there are two."""
    ref = str(getattr(action, "ref", ""))
    name = type(action).__name__
    return f"`{name}` ({'merge request' if '!' in ref else 'issue'})" if name in {"Comment", "SetHead"} else f"`{name}`"


def shape(stage: GitLabStage) -> dict[str, Any]:
    """Everything there is that people can see, without numbers, times and marks."""
    world = stage.world
    return {
        "issues": [_thing(one) for of in world.issues.values() for one in of.values()],
        "requests": [_thing(one) for of in world.merge_requests.values() for one in of.values()],
        "links": sorted(str((one.source, one.target)) for one in world.links),
        "branches": {
            (project.path, name): [commit.message for commit in _history(project.repository, sha)]
            for project in world.projects.values()
            for name, sha in project.repository.branches.items()
        },
        "files": {
            (project.path, name): project.repository.commits[sha].tree
            for project in world.projects.values()
            for name, sha in project.repository.branches.items()
        },
        "labels": {project.path: sorted(label.name for label in project.labels) for project in world.projects.values()},
    }


def _history(repository: Any, sha: str) -> list[Any]:
    found = []
    while sha:
        commit = repository.commits[sha]
        found.append(commit)
        sha = commit.parents[0] if commit.parents else ""
    return found


def _thing(one: Thing) -> tuple[Any, ...]:
    parts = taken_apart(one.description or "")
    notes = [
        (original(taken_apart(note.body).words), note.resolvable, note.resolved_by is not None)
        for note in one.notes
        if not note.system
    ]
    told = [getattr(one, name, None) for name in ("state", "confidential", "due_date", "assignees", "reviewers")]
    return (one.project_id, original(one.title), original(parts.words), parts.facts, sorted(one.labels), notes, *told)


def carried_out(stage: GitLabStage, effect: Effect, place: Path, bot: str = BOTS[0]) -> Done | str:
    """One run of a desk as every command is: what was begun is looked for, then the plan is applied."""
    desk = stage.desk(bot)
    writers: dict[type[Action], Any] = dict.fromkeys(desk.kinds, desk)
    journal = Journal(str(place), durable=False)
    try:
        world = Applying(writers, journal, lambda: stage.world.clock.now, Actor(bot))
        told = [one.became for one in settle_unfinished("cell", world)]
        plan = Plan("cell", (effect,))
        approval = approve(plan, read=plan.digest, by=bot, at=world.now()) if plan.needs_approval else None
        [outcome] = apply(plan, approval, world)
    except Died:
        return "killed"
    except SecrelError as fault:
        return f"said: {fault.what}"
    finally:
        journal.close()
    if told and isinstance(told[0], CannotTell):
        return Done.DOUBT
    return Done.FOUND if told and isinstance(told[0], Made) else outcome.done


def cell(stage: GitLabStage, effect: Effect, way: Way, place: Callable[[], Path]) -> str:
    """Let every write of an effect go wrong in a way, one after the other, and say in a word what became of it."""
    right = copied(stage)
    assert carried_out(right, effect, place()) is Done.DONE
    wanted = shape(right)
    words: list[str] = []
    for number in count():
        word, was_met = _once(copied(stage), effect, way, place, number, wanted)
        if not was_met:
            break
        words.append(word)
        if way.fault is None:
            break
    return " / ".join(dict.fromkeys(words))


def _once(  # noqa: PLR0913, PLR0917 - a cell, its number, and what it is to end in
    stage: GitLabStage, effect: Effect, way: Way, place: Callable[[], Path], number: int, wanted: dict[str, Any]
) -> tuple[str, bool]:
    journal = place()
    if way.lags:
        stage.double.lag(way.lags, own=not way.by_two)
    methods = ("GET",) if way.reads else ("POST", "PUT", "DELETE")
    plan = [stage.double.fail(method, _WRITES, way.fault, after=10_000) for method in methods if way.fault]
    _share(plan, number, for_good=way.for_good)
    first = carried_out(stage, effect, journal)
    was_met = way.fault is None or any(one.met for one in plan)
    stage.double.planned.clear()
    stage.world.clock.now += timedelta(minutes=1 if not way.by_two else 0)
    if way.hides and was_met:
        word = _by_a_stranger(stage, effect, journal, first)
    elif way.by_two:
        word = _by_two(stage, effect, place(), first)
    elif first is Done.DONE:
        word = "made"
        again = carried_out(stage, effect, journal)
        assert again is Done.ALREADY, again
    else:
        word = _word(first, carried_out(stage, effect, journal))
    stage.double.lag(0)
    found = shape(stage)
    if word == "in doubt":
        return word, was_met  # a person is told, and nothing more is written before they say what they know
    assert found == wanted, (named(effect.action), number, word, _differing(found, wanted))
    return word, was_met


def _by_a_stranger(stage: GitLabStage, effect: Effect, journal: Path, first: Done | str) -> str:
    """Let the account be no member when it looks again: it says so, and makes nothing; then let it be one.

    What was published is seen all the same.
    """
    projects = list(stage.world.projects.values())
    members = [dict(project.members) for project in projects]
    for project in projects:
        project.members.clear()
    then = carried_out(stage, effect, journal)
    for project, theirs in zip(projects, members, strict=True):
        project.members.update(theirs)
    if then in (Done.FOUND, Done.ALREADY):
        return "found"
    assert then is Done.DOUBT, then
    return f"in doubt, then {_word(first, carried_out(stage, effect, journal))}"


def _by_two(stage: GitLabStage, effect: Effect, journal: Path, first: Done | str) -> str:
    """Let another desk, with a token and a journal of its own, carry out the same, and again once it sees all."""
    assert first is Done.DONE
    then = carried_out(stage, effect, journal, BOTS[1])
    stage.double.lag(0)
    stage.double._stale.clear()
    last = carried_out(stage, effect, journal, BOTS[1])
    if last is Done.DOUBT:
        return "in doubt"
    assert last in (Done.FOUND, Done.ALREADY), last
    assert then is not Done.DONE, "what is there is not written once more"
    return "found" if then is Done.FOUND else "said, then found"


def _share(plan: list[Any], number: int, *, for_good: bool) -> None:
    """Let the write of this number fail, whatever its method; `for_good`: and all after it."""
    seen = [number]

    def takes(self: Any, method: str, path: str, _content: bytes) -> bool:
        if self.method != method or not self.path.search(path) or path.endswith("graphql"):
            return False
        seen[0] -= 1
        if seen[0] == -1 or (for_good and seen[0] < 0):
            self.met += 1
            return True
        return False

    for one in plan:
        one.takes = takes.__get__(one)


def _word(first: Done | str, then: Done | str) -> str:
    if then is Done.DOUBT:
        return "in doubt"
    if then in (Done.FOUND, Done.ALREADY):  # looked for, or met when it was to be made
        return "found"
    if then is Done.DONE:
        return "made by the next run"
    raise AssertionError((first, then))


def _differing(found: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: (found[name], wanted[name]) for name in found if found[name] != wanted[name]}


def table(words: Mapping[tuple[str, str], str]) -> str:
    """The matrix as a page has it: kinds of effects down, ways across."""
    rows = list(dict.fromkeys(row for row, _ in words))
    lines = [f"| effect | {' | '.join(WAYS)} |", f"| --- |{' --- |' * len(WAYS)}"]
    lines += [f"| {row} | {' | '.join(words[row, way] for way in WAYS)} |" for row in rows]
    return "\n".join(lines) + "\n"


def run_reads(folder: Path, chosen: Callable[[Effect], bool] = lambda _effect: True) -> dict[str, list[str]]:
    """Let every read of every effect go wrong in every way, and give what became of it, by the way."""
    numbers = count()

    def place() -> Path:
        return folder / f"reads-{next(numbers)}.sqlite3"

    every = [pair for pair in effects() if chosen(pair[1])]
    told = {name: [cell(stage, effect, way, place) for stage, effect in every] for name, way in READS.items()}
    return {name: sorted({word for words in cells for word in words.split(" / ")}) for name, cells in told.items()}


def read_table(told: Mapping[str, list[str]]) -> str:
    """The table of reads as a page has it."""
    lines = [f"| {name} | {' / '.join(words)} |" for name, words in told.items()]
    return "\n".join(["| what goes wrong | what becomes of the effect |", "| --- | --- |", *lines]) + "\n"


def run_all(folder: Path) -> dict[tuple[str, str], str]:
    """Run every cell, with journals in an empty folder."""
    numbers = count()

    def place() -> Path:
        return folder / f"journal-{next(numbers)}.sqlite3"

    return {
        (named(effect.action), name): cell(stage, effect, way, place)
        for stage, effect in effects()
        for name, way in WAYS.items()
    }

"""A look at GitLab and the obvious script read the same release to the same values, and a look has four waves."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bench.gitlab.__main__ import Measured, both, look, report
from bench.gitlab.filled import asked, fill
from bench.gitlab.values import differences
from bench.gitlab.watching import Request, longest, waves
from secrel.words.parts import shortfalls
from tests.gitlab_double import Double
from tests.gitlab_double.answering import Reply
from tests.gitlab_double.graphql.schema import schema
from tests.gitlab_double.sending import Incoming
from tests.gitlab_double.serving import Served

ROW = ("tracking issue", "merge requests of an issue", "merge requests of fixes", "tags that hold a commit")


@pytest.fixture(scope="session")
def measured() -> tuple[Measured, Measured]:
    return both(fixes=3, requests=4, delay=0)


def test_both_read_the_same(measured: tuple[Measured, Measured]) -> None:
    ours, theirs = measured
    assert differences(ours.found, theirs.found) == []
    requests = [told for name, told in ours.found.items() if name.startswith("request ")]
    assert len(requests) == 12
    seen = {part: {str(one[part]) for one in requests} for part in requests[0]}
    assert seen["state"] == {"opened", "merged"}
    assert seen["pipeline"] == {"none", "running", "passed", "failed"}
    assert seen["draft"] == seen["conflicts"] == {"True", "False"}
    assert seen["open discussions"] == {"0", "1"}
    assert len(seen["target"]) == 4
    assert {team for one in requests for _, _, team in one["approvals"]} == {"maintainer", "appsec"}
    assert all(one["notes"] and one["commit"] for one in requests)
    held = {tuple(told["held by"]) for name, told in ours.found.items() if name.startswith("fix ")}
    assert held == {("v1.1.0",), ()}
    assert len(ours.found["links"]) == 3
    assert len(ours.found["links that were"]) == 1


def test_a_difference_is_told(measured: tuple[Measured, Measured]) -> None:
    ours, _ = measured
    some = next(name for name in ours.found if name.startswith("request "))
    other = {**ours.found, some: {**ours.found[some], "title": "another"}}
    other.pop("links that were")
    (gone, changed) = differences(ours.found, other)
    assert gone.startswith("links that were, ")
    assert changed.startswith(f"{some}, title: ours ")


def test_a_look_has_four_waves(measured: tuple[Measured, Measured]) -> None:
    ours, theirs = measured
    found = waves(ours.requests)
    assert max(found.values()) == 4
    assert len(longest(ours.requests)) >= 4
    assert len(longest(theirs.requests)) == len(theirs.requests), "a script asks one thing after the other"
    assert any("times as long" in line for line in report(ours, theirs))


def test_the_longest_row_waits_for_nothing_beside_it() -> None:
    schema()  # a thread that answers skips nothing: where the schema is absent, that is said here
    release = fill(3, 2)
    world = release.stage.world
    double, ended, late = Double(world), threading.Event(), list[str]()

    def reply(incoming: Incoming) -> Reply:
        kind = Request(0, 0, 0, incoming.method, incoming.target, incoming.content.decode(), is_refused=False).kind
        if kind == ROW[-1]:
            ended.set()
        elif kind not in ROW and not ended.wait(10):
            late.append(kind)
        return double.reply(incoming)

    with Served(reply) as url:
        world.site.url = url
        seen = look(url, world.token(release.stage.bot), asked(release))
    assert not list(shortfalls(seen))
    assert late == [], f"{ROW[-1]}: asked only after these were answered"


def test_what_was_asked_too_early_belies_the_waves(measured: tuple[Measured, Measured]) -> None:
    ours, theirs = measured
    early = [one for one in ours.requests if one.kind != "merge requests of fixes"]
    first: Request = next(one for one in ours.requests if one.kind == "merge requests of fixes")
    with pytest.raises(ValueError, match="merge requests of fixes: asked before"):
        waves([*early, replace(first, began=0.0)])
    with pytest.raises(ValueError, match="what is asked here"):
        waves(theirs.requests)

"""Whichever question of a look goes wrong, and however: what is still seen is what is there, and the rest is unseen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from secrel.words.parts import Unseen, shortfalls
from tests.adapters.gitlab.stage import GitLabStage
from tests.exam.forge_exam import a_release
from tests.gitlab_double import faults
from tests.gitlab_double.faults import Fault
from tests.parts import part_at, places

WAYS: dict[str, Callable[[], Fault]] = {
    "bad gateway": faults.bad_gateway,
    "reset": faults.reset,
    "cut": faults.cut,
    "timeout": faults.timeout,
    "a page of a proxy": faults.proxy_page,
    "too many": faults.throttled,
}
_LASTS = 6
"""For how many requests it goes wrong: longer than one of them is tried again."""


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_what_a_broken_look_still_sees_is_so(way: str) -> None:
    stage = GitLabStage()
    asked = a_release(stage, stage.desk())
    whole = stage.desk().look(asked)
    count = lost = 0
    while True:
        stage.save()
        planned = stage.double.fail("*", "/", WAYS[way](), times=_LASTS, after=count)
        seen = stage.desk().look(asked)
        stage.restore()
        stage.double.planned.clear()
        if not planned.met:
            break
        for path, _ in places(seen):
            part = part_at(seen, path)
            is_whole = not isinstance(part, Unseen) and not list(shortfalls(part))
            assert not is_whole or part == part_at(whole, path), (count, path)
        lost += any(shortfalls(seen))
        count += 1
    assert count > 10
    assert lost > count / 3, "some was really lost, and said to be"

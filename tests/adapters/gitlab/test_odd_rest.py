"""Answers of REST that lack something: no writer takes that for "none", and nothing is made twice by it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

import httpx2
import msgspec
import pytest

from secrel.adapters.gitlab.client import Client, Limits
from secrel.adapters.gitlab.profile import Profile
from secrel.adapters.gitlab.reading import answers
from secrel.adapters.gitlab.tokens import Token
from secrel.adapters.gitlab.writing import files
from secrel.adapters.gitlab.writing.writer import GitLabWriter
from secrel.words.effects import Effect
from secrel.words.errors import SecrelError
from secrel.words.outcomes import Made, NotMade
from tests.adapters.gitlab.faulted.matrix import copied, effects, shape
from tests.adapters.gitlab.stage import BOTS, GitLabStage
from tests.exam.forge_exam import ACTOR

_NONE = frozenset({"description", "due_date", "milestone"})
"""What is null where there is none of it, as GitLab says it."""


def _fields() -> Iterator[str]:
    for module in (answers, files):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__:
                yield from getattr(kind, "__struct_encode_fields__", ())


FIELDS = sorted(set(_fields()) - set(files.Commit.__struct_fields__))
"""Everything that the writers read in an answer, by name."""


CASES = [(name, is_null) for name in FIELDS for is_null in (False, True) if not (is_null and name in _NONE)]


class Lacking(httpx2.BaseTransport):
    """Hands on what is asked, and takes a field out of every answer to a read, or makes it null."""

    def __init__(self, stage: GitLabStage, name: str, *, is_null: bool) -> None:
        self._inner, self._name, self._is_null = stage.double.transport(), name, is_null

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        response.read()
        if request.method != "GET" or "json" not in response.headers.get("content-type", ""):
            return response
        told = json.loads(response.content)
        self._take_out(told)
        headers = [(name, value) for name, value in response.headers.items() if name != "content-length"]
        return httpx2.Response(response.status_code, headers=headers, content=json.dumps(told))

    def _take_out(self, told: Any) -> None:
        inner = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
        for one in inner:
            self._take_out(one)
        if isinstance(told, dict) and self._name in told:
            if self._is_null:
                told[self._name] = None
            else:
                del told[self._name]


def writer(stage: GitLabStage, name: str, *, is_null: bool) -> GitLabWriter:
    _, timing = stage.client()
    client = Client(
        stage.world.site.url,
        Token(stage.tokens[BOTS[0]]),
        timing,
        transport=Lacking(stage, name, is_null=is_null),
        limits=Limits(),
    )
    return GitLabWriter(client, timing, profile=Profile(BOTS))


@pytest.fixture(scope="session")
def there() -> list[tuple[GitLabStage, Effect, str, datetime]]:
    """Every effect, carried out on a stage of its own."""
    made = []
    for stage, effect in effects():
        begun = stage.world.clock.now
        made.append((stage, effect, stage.desk().do(effect, actor=ACTOR).address, begun))
    return made


Told = list[tuple[GitLabStage, Effect, str, datetime]]


@pytest.mark.parametrize(("name", "is_null"), CASES)
def test_what_an_answer_lacks_is_not_taken_for_none(there: Told, name: str, *, is_null: bool) -> None:
    """What is there is found, or cannot be told; and whoever does it again makes no second one."""
    for stage, effect, address, begun in there:
        looked = _answer(partial(writer(stage, name, is_null=is_null).find, effect, begun=begun))
        assert not isinstance(looked, NotMade), (name, effect)
        assert not isinstance(looked, Made) or looked.address == address
        again = copied(stage)
        before = shape(again)
        _answer(partial(writer(again, name, is_null=is_null).do, effect, actor=ACTOR))
        assert shape(again) == before, (name, effect)


def _answer(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except SecrelError as fault:
        return fault

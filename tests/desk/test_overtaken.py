"""Another desk does all there is to do while this one looks or plans: nothing twice, and nothing for a person to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import pytest
from msgspec.structs import replace

from secrel.apply.applying import Done
from secrel.desk.carrying_out import carry_out_free
from secrel.desk.looking import look
from secrel.journal.journal import Journal
from secrel.ports.forge import ForgeReader
from tests.desk.stage import DUE, NAME, Stage
from tests.desk.test_two_desks import receipts_of, things


class Overtaken:
    """Hands on all that it is asked, and lets another desk work before or after one of those moments."""

    def __init__(self, inner: object, names: tuple[str, ...], moment: Callable[[], None]) -> None:
        self._inner, self._names, self._moment = inner, names, moment

    def __getattr__(self, name: str) -> Any:
        told = getattr(self._inner, name)
        if name not in self._names:
            return told

        def between(*args: object, **more: object) -> object:
            self._moment()
            return told(*args, **more)

        return between


class Moments:
    """Counts the moments, and lets the other desk work at one of them."""

    def __init__(self, at: int, other: Callable[[], object]) -> None:
        self.passed, self._at, self._other = 0, at, other

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self._at:
            self._other()


ASKED = ("look", "labelled", "proposed", "marks")
POINTS = [("begun", DUE - timedelta(days=10)), ("requested", DUE - timedelta(days=4))]


@pytest.mark.parametrize(("point", "at"), POINTS, ids=["ten days before", "four days before"])
def test_whoever_is_overtaken_at_any_moment_has_nothing_to_ask_for(
    staged: Callable[[str], Stage], point: str, at: datetime
) -> None:
    alone, moment, passed = staged(point), 0, 1
    alone.at = at
    alone.quiet()
    while moment < passed:
        moment += 1
        stage = staged(point)
        stage.at = at
        first, second = stage.desk("amara"), stage.another_desk("bjorn")
        moments = Moments(moment, partial(carry_out_free, first, NAME))
        second = replace(
            second,
            forge=cast("ForgeReader", Overtaken(second.forge, ASKED, moments)),
            journal=cast("Journal", Overtaken(second.journal, ("unknown",), moments)),
        )
        carried = carry_out_free(second, NAME)
        passed = moments.passed
        left = carried.left
        assert not [effect.summary for effect in left.effects], f"overtaken at moment {moment}"
        assert not left.refusals
        others = {outcome.effect.key for outcome in carried.outcomes if outcome.done is Done.ALREADY}
        assert others <= set(carried.look.snapshot.receipts), "what is left was planned after all that"
        assert things(stage) == things(alone)
        assert len(set(receipts_of(stage))) == len(receipts_of(stage))


def test_a_release_that_nobody_else_is_at_is_looked_at_once(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    looks: list[None] = []
    desk = stage.desk()
    counted = Overtaken(desk.forge, ("look",), lambda: looks.append(None))
    look(replace(desk, forge=cast("ForgeReader", counted)), NAME)
    assert len(looks) == 1

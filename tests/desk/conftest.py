"""Stages for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.desk.stage import Stage, a_stage


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[Callable[[str], Stage]]:
    """Give stages at points of the release, each a folder of its own."""
    with ExitStack() as stack:
        count = iter(range(100))
        yield lambda point: stack.enter_context(a_stage(point, tmp_path / f"desk-{next(count)}"))

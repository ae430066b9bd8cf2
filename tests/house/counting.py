"""Coverage is measured where it decides something: whole plays and many-example laws run without its cost.

A test that is marked `uncounted` takes no branch that a counted test does not take as well; coverage makes such tests
more than twice as slow, and the gate (`coverage_gate`) says so when a branch is left that only they take.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from coverage import Coverage

_FOR_CHILDREN = "COVERAGE_PROCESS_CONFIG"


class CountsWhereItDecides:
    """Halts coverage, in this process and in those it starts, while an uncounted test and its fixtures run."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        counting = Coverage.current() if item.get_closest_marker("uncounted") else None
        if counting is None:
            return (yield)
        for_children = os.environ.pop(_FOR_CHILDREN, None)
        counting.stop()
        try:
            return (yield)
        finally:
            counting.start()
            if for_children is not None:
                os.environ[_FOR_CHILDREN] = for_children


def install(config: pytest.Config) -> None:
    """Make the mark known, and heed it in this process."""
    config.addinivalue_line("markers", "uncounted: runs without coverage; a counted test takes every branch it takes")
    config.pluginmanager.register(CountsWhereItDecides(), "counts-where-it-decides")

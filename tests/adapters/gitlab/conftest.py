"""A GitLab as the handbook has it, and a release on it."""

from __future__ import annotations

import pytest

from tests.adapters.gitlab.worlds import Release, Stage, a_release


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def release(stage: Stage) -> Release:
    return a_release(stage)

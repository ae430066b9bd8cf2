"""The embedded forge sits the exam that every forge adapter sits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.localforge.stage import LocalStage
from tests.exam.forge_exam import ForgeExam


class TestLocalForge(ForgeExam):
    @pytest.fixture
    def stage(self, tmp_path: Path) -> Iterator[LocalStage]:
        stage = LocalStage(tmp_path)
        yield stage
        stage.close()

"""GitLab sits the exam that every forge adapter sits, on its double."""

from __future__ import annotations

import pytest

from tests.adapters.gitlab.stage import GitLabStage
from tests.exam.forge_exam import ForgeExam


class TestGitLab(ForgeExam):
    @pytest.fixture
    def stage(self) -> GitLabStage:
        return GitLabStage()

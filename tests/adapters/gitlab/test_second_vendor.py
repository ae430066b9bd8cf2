"""A smaller vendor on a GitLab of its own, without a mirror: the page has all that its desk is told, and it works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from secrel.adapters.gitlab.profile import read_profile
from secrel.desk.carrying_out import carry_out_free
from secrel.desk.looking import look
from secrel.desk.ordering import order_new
from secrel.desk.starting import plan_start
from secrel.evaluate.registry import vocabulary
from secrel.observe.release_file import read_release_file
from secrel.plan.lines import work_names
from secrel.process.reading import read_process
from secrel.process.table import Process
from secrel.settings import GitLabSettings, read_settings
from secrel.words.examined import Needs
from tests.adapters.gitlab.desks import DeskOnGitLab
from tests.desk.stage import DUE, NAME, PROCESS_TEXT, RELEASE
from tests.house.pages import marked
from tests.house.sources import DOCS

PAGE = DOCS / "gitlab-of-your-own.md"
TOLD = {block.what: block.text for block in marked(PAGE, "second-vendor")}
FILE = RELEASE.partition("    merge_requests:")[0]


def the_process() -> Process:
    """The process that ships, with the tables of the page in the place of its own."""
    text = PROCESS_TEXT
    for table in re.split(r"\n(?=\[)", TOLD["process"].strip()):
        header = table.partition("\n")[0]
        before, _, rest = text.partition(f"{header}\n")
        after = re.split(r"\n(?=\[|# ---)", rest, maxsplit=1)[1]
        text = f"{before}{table}\n\n{after}"
    return read_process(text, "process.toml", vocabulary(work_names()))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[DeskOnGitLab]:
    stage = DeskOnGitLab(tmp_path, the_process(), TOLD["profile"], bot="larkspur-desk")
    yield stage
    stage.journal.close()


def test_the_page_has_all_that_a_desk_is_told() -> None:
    settings = read_settings(Path("/desk"), TOLD["settings"])
    assert isinstance(settings.forge, GitLabSettings)
    assert settings.forge.profile == "larkspur.toml"
    process = the_process()
    profile = read_profile(TOLD["profile"], "larkspur.toml", process.projects.values(), ["larkspur/larkspur"])
    assert profile.accounts == ("larkspur-desk", "larkspur-desk-ci")
    assert profile.teams == {"maintainers": "maintainer", "security": "appsec"}
    assert profile.further == ()


def test_the_doctor_finds_everything_there(stage: DeskOnGitLab) -> None:
    labels = {path: tuple(dict.fromkeys(stage.process.labels.values())) for path in stage.projects}
    hidden = frozenset(stage.projects) - {"larkspur/www"}
    said = list(stage.reader.examine(Needs(labels, hidden), stage.at.date()))
    assert [one.said for one in said if not one.is_well] == []


def test_a_release_that_its_managers_began_is_run_there(stage: DeskOnGitLab) -> None:
    words = {"labels": ["security", "upcoming security release"], "due_date": DUE.date()}
    tracking = stage.open("larkspur/releases", "Security release: 1.2.x", "- [x] asked\n", by="amara", **words)
    plan = plan_start(stage.desk(), read_release_file(FILE, "release.yaml", stage.process), (stage.ref(tracking),))
    order_new(stage.desk(), plan, plan.digest)
    carry_out_free(stage.desk(), NAME)
    stage.pass_time(days=10)
    carry_out_free(stage.desk(), NAME)
    seen = look(stage.desk(), NAME).snapshot
    [fix] = seen.tracked_fixes
    assert fix.ref.startswith("larkspur/larkspur#")
    assert seen.checklist.value.ref.startswith("larkspur/releases#")  # type: ignore[union-attr]
    assert fix.cve_request.value.ref.startswith("larkspur/cve-requests#")  # type: ignore[union-attr]
    assert (tracking.description or "").startswith("- [x] asked\n")

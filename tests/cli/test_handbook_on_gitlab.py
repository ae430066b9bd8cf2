"""The handbook's rows that GitLab carries, by the commands alone: processes of their own on the served double.

It begins in the state in which bots, release managers and developers leave it, two days before the desk comes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from secrel.rehearsal.stage import Stage
from tests.rehearsal.by_hand import ByHand
from tests.rehearsal.on_gitlab import OnDouble
from tests.rehearsal.small import HEAD
from tests.rehearsal.test_on_gitlab import CARRIED, last_fortnight, small

NAME = "2026-11"
APPROVE = re.compile(r"--approve ([0-9a-f]{32})")
ADOPT = re.compile(r"--adopt (\S+?)[;,]?\s")
SCRIPT = (
    "from datetime import datetime\nfrom secrel.cli.main import main\nmain(clock=lambda: datetime.fromisoformat({!r}))"
)


class Team:
    """Amara and Bjorn, who have the commands and nothing else, and everybody around them."""

    def __init__(self, tmp: Path, venue: OnDouble) -> None:
        story = small(tmp)
        self.venue = venue
        self.due, self.looks = story.release.due, sorted(last_fortnight(story))
        self.stage = Stage(tmp / "out", story, story.process, self.looks[0], venue)
        self.world = ByHand(self.stage, story, lambda: venue.doubles[-1].world)

    def passes(self, until: datetime) -> None:
        """Let everybody else do what it is time for until then; the desk does what is quiet at every look."""
        looks = [at for at in self.looks if self.stage.clock() < at <= until]
        for number, at in enumerate(looks):
            self.stage.clock.move_to(at)
            self.world.act(at)
            if number % 3 == 0 or at == looks[-1]:
                code, said = self.run("apply", NAME)
                assert code in (0, 4), said

    def run(self, *words: str, by: str = "amara") -> tuple[int, str]:
        """Run one command as a person does, at the time it is there."""
        at = self.stage.clock().isoformat()
        told = {
            "PATH": os.environ["PATH"],
            "SECREL_BY": by,
            "PYTHONFAULTHANDLER": "1",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT.format(at), *words],
            cwd=self.stage.folder,
            env=told,
            text=True,
            capture_output=True,
            check=False,
        )
        return done.returncode, f"$ secrel {' '.join(words)}\n{done.stdout}{done.stderr}"

    def ran(self, *words: str, by: str = "amara") -> str:
        """Run one that goes well."""
        code, said = self.run(*words, by=by)
        assert code == 0, said
        return said

    def approved(self, *words: str, by: str = "amara") -> str:
        """Run one that reveals: it shows its plan and refuses, and does it once that is approved."""
        code, said = self.run(*words, by=by)
        found = APPROVE.search(said)
        assert code == 4, said
        assert found, said
        return self.ran(*words, "--approve", found[1], by=by)

    def gates(self) -> dict[str, str]:
        """Give every gate with its verdict, as status tells it."""
        _, said = self.run("status", NAME, "--format", "json")
        told = json.loads(said.partition("\n")[2])
        return {gate["name"]: gate["verdict"] for gate in told["gates"]}


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    venue = OnDouble(tmp_path)
    yield Team(tmp_path, venue)
    venue.close()


@pytest.mark.first
@pytest.mark.long
def test_every_row_that_gitlab_carries_is_done_by_the_commands_alone(team: Team) -> None:
    """Some forty commands, of which each is a process that looks at the served double."""
    release = HEAD.partition("release:\n")[2].partition("fixes:")[0]
    (team.stage.folder / "release.yaml").write_text(re.sub("(?m)^  ", "", release), "utf-8")
    team.world.act(team.stage.clock())
    taken_over(team)
    prepared(team)
    reviewed(team)
    announced(team)
    ended(team)
    told = team.gates()
    assert {name: told[name] for name in CARRIED if told[name] not in ("passed", "waived")} == {}


def taken_over(team: Team) -> None:
    """Task issue, tracking issue, requests, draft and communications issue are there, and none is opened beside."""
    code, said = team.run("start", "--from", "release.yaml")
    assert code == 2, said
    found = ADOPT.search(said)
    assert found, said
    team.approved("start", "--from", "release.yaml", "--adopt", found[1])
    taken = team.approved("apply", NAME)
    for document in ("checklist", "post/draft", "comms", "cve/request"):
        assert re.search(rf"done +{NAME}/{document}\b", taken), taken


def prepared(team: Team) -> None:
    """The post is printed and put into the draft that a bot began; merge requests, checklist and mail are looked at."""
    team.passes(team.due - timedelta(hours=49))
    author = ("-e", "amara@example.com", "-f", "Amara Example", "-n", "amara")
    printed = team.ran("make-blogpost", NAME, *author).partition("\n")[2]
    assert 'title: "GitLab Security Release: 18.5.2' in printed
    draft = team.world.acts.merge_request_made(f"{NAME}/post/draft")
    assert draft is not None
    team.world.acts.rewrite_file(draft, draft.files[0][0], printed, "amara")
    team.ran("make-blogpost", NAME, "--draft")
    team.ran("checklist", NAME)
    team.ran("email", "draft", NAME, "--issue")
    for fix in ("Stored script in notebooks", "Tokens in log files"):
        assert fix in team.ran("check-merge-requests", NAME)


def reviewed(team: Team) -> None:
    """Bjorn reads the draft and approves it on GitLab."""
    team.passes(team.due - timedelta(hours=26))
    assert "Stored script in notebooks" in team.ran("show", NAME, by="bjorn")
    draft = team.world.acts.merge_request_made(f"{NAME}/post/draft")
    assert draft is not None
    team.world.acts.approve(draft.ref, "bjorn", team.stage.process.team)


def announced(team: Team) -> None:
    """The draft becomes the release post by approval, and what follows the post is prepared, approved and sent."""
    team.passes(team.due)
    team.approved("make-blogpost", NAME, "--release", by="bjorn")
    team.passes(team.due + timedelta(hours=4))
    [mail] = sorted((team.stage.folder / "inbox").glob("*.eml"))
    team.ran("email", "verify", NAME, str(mail))
    team.approved("apply", NAME, by="bjorn")
    team.ran("sent", NAME, "message", "mail", "record", "notice")


def ended(team: Team) -> None:
    """The issues become public, the next tracking issue is opened, and this one is closed."""
    team.passes(team.due + timedelta(days=33))
    team.approved("make-blogpost", NAME, "--terminate", by="bjorn")
    team.passes(team.due + timedelta(days=45))

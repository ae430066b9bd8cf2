"""A desk on schedule, as docs/on-schedule.md has it: the job's own lines, on machines that share a journal alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from secrel.rehearsal.story import team_text
from secrel.rehearsal.venues.sandbox import Sandbox
from secrel.wiring import now
from tests.desk.stage import DUE, RELEASE
from tests.desk.stage import NAME as FIRST
from tests.gitlab_double import MAINTAINER, Clock, Double, World
from tests.gitlab_double.graphql.schema import schema
from tests.house.pages import marked
from tests.house.sources import DOCS
from tests.journal.conftest import database, server
from tests.rehearsal.on_gitlab import DESK, filled, sandbox_on

__all__ = ["database", "server"]

NAME = "our-first"
PAGE = {block.what: block.text for block in marked(DOCS / "on-schedule.md", "on-schedule")}
JOB = [line.strip().removeprefix("- ") for line in PAGE["job"].splitlines() if line.strip().startswith("- secrel ")]
MARK = re.compile(r"<!-- secrel ([a-z0-9]+)(?: \S+)? -->")


class Machines:
    """A GitLab, a PostgreSQL, and machines that have nothing in common but these."""

    def __init__(self, folder: Path, double: Double, sandbox: Sandbox, journal: str) -> None:
        self.folder, self.double, self.sandbox, self.journal = folder, double, sandbox, journal

    def machine(self, name: str) -> Path:
        """Clone the desk's repository anew, as a job begins."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        text = PAGE["settings"].replace("postgresql://desk@db.example/secrel", self.journal)
        text = text.replace("https://gitlab.example", self.sandbox.url)
        profile = 'profile = "profile.toml"\n\n[forge.token]'
        (folder / "secrel.toml").write_text(text.replace("[forge.token]", profile), "utf-8")
        (folder / "profile.toml").write_text(f'accounts = ["{DESK}", "{DESK}-ci"]\n', "utf-8")
        (folder / "process.toml").write_text(self.sandbox.moved("generic"), "utf-8")
        (folder / "team.toml").write_text(team_text(), "utf-8")
        return folder

    def begun(self, folder: Path, words: str, account: str, by: str) -> subprocess.Popen[str]:
        """Run a line of a shell there, with an account's token and as a member of the team."""
        user = next(one for one in self.double.world.users.values() if one.username == account)
        told = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "RELEASE": NAME,
            "SECREL_BY": by,
            "SECREL_TOKEN": self.double.world.token(user),
        }
        return subprocess.Popen(
            ["sh", "-ec", words], cwd=folder, env=told, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def ran(self, folder: Path, words: str, account: str = DESK, by: str = "amara") -> str:
        """Run a line of a shell to its end, which is good, and give what it said."""
        running = self.begun(folder, words, account, by)
        said, _ = running.communicate()
        assert running.returncode == 0, said
        return said

    def made(self) -> Counter[str]:
        """Count what carries a mark, by the mark: issues, merge requests and notes."""
        world = self.double.world
        things = [one for of in (world.issues, world.merge_requests) for some in of.values() for one in some.values()]
        texts = [thing.description or "" for thing in things] + [note.body for one in things for note in one.notes]
        return Counter(mark for text in texts for mark in MARK.findall(text))


@pytest.fixture
def machines(tmp_path: Path, database: str) -> Iterator[Machines]:
    schema()  # whoever has it not skips the test here, and not in the thread of the server
    double = Double(World(Clock(now())))
    with double.served() as url:
        sandbox = sandbox_on(tmp_path, url)
        double.world = filled(sandbox.process("generic"), Clock(now()), sandbox.tokens, url)
        group = next(iter(double.world.groups.values()))
        group.members[double.world.user(f"{DESK}-ci").id] = MAINTAINER
        yield Machines(tmp_path, double, sandbox, database)


@pytest.mark.first
@pytest.mark.long
def test_two_machines_and_a_job_whose_disk_is_lost_do_everything_once(machines: Machines) -> None:
    folder = machines.machine("first")
    due = (now() + timedelta(days=21)).replace(hour=14, minute=0, second=0, microsecond=0)
    text = RELEASE.partition("    merge_requests:")[0].replace(DUE.isoformat(), due.isoformat())
    release = text.replace(f"release: {FIRST}", f"release: {NAME}")
    (folder / "release.yaml").write_text(release, "utf-8")
    machines.ran(folder, "secrel start --from release.yaml")
    job = "\n".join(JOB)
    at_once = [
        machines.begun(machines.machine("job"), job, f"{DESK}-ci", "bjorn"),
        machines.begun(folder, 'secrel apply "$RELEASE"', DESK, "amara"),
    ]
    said = [one.communicate()[0] for one in at_once]
    assert [one.returncode for one in at_once] == [0, 0], said
    first = machines.made()
    assert len(first) > 3, said
    assert set(first.values()) == {1}, "two machines made one thing twice"
    assert "nothing to do" in machines.ran(machines.machine("job"), job, f"{DESK}-ci", "bjorn")
    assert machines.made() == first

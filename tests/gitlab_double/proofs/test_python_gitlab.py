"""python-gitlab's own command line, unchanged, against the double on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.gitlab_double.proofs.desks import desk


@pytest.mark.long
def test_its_commands_read_and_write(tmp_path: Path) -> None:
    one = desk()
    with one.double.served() as url:
        one.world.site.url = url  # GitLab's own addresses in Link and Location lead back to it

        def gitlab(*words: str) -> Any:
            command = [sys.executable, "-m", "gitlab", "--server-url", url, "--private-token", one.token, "-o", "json"]
            done = subprocess.run(
                [*command, *words], capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
            )
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout) if done.stdout.strip() else None

        project = str(one.mirror.id)
        assert gitlab("current-user", "get")["username"] == "release-bot"
        assert gitlab("project", "get", "--id", "gitlab-org/security/gitlab")["id"] == one.mirror.id
        titles = [issue["title"] for issue in gitlab("project-issue", "list", "--project-id", project, "--get-all")]
        assert titles == ["A title nobody may read"]
        made = gitlab("project-issue", "create", "--project-id", project, "--title", "New", "--labels", "security,x")
        gitlab("project-issue", "update", "--project-id", project, "--iid", str(made["iid"]), "--state-event", "close")
        assert one.world.issues[one.mirror.id][made["iid"]].state == "closed"
        note = ["project-issue-note", "create", "--project-id", project, "--issue-iid", "1", "--body", "Hello"]
        assert gitlab(*note)["body"] == "Hello"
        assert [label["name"] for label in gitlab("project-label", "list", "--project-id", project)] == [
            "security",
            "x",
        ]
        request = ["project-merge-request", "get", "--project-id", project, "--iid", "1"]
        assert gitlab(*request)["detailed_merge_status"] == "mergeable"
        for number in range(45):
            one.world.note(one.fix, f"{number}")
        many = ["project-issue-note", "list", "--project-id", project, "--issue-iid", "1", "--get-all"]
        assert len(gitlab(*many)) == len(one.fix.notes), "it follows the pages"

"""A sandbox is read, moved below its group, and told from production."""

from __future__ import annotations

from pathlib import Path

import pytest

from secrel.evaluate.registry import shipped
from secrel.rehearsal.venues.sandbox import Sandbox, read_sandbox
from secrel.words.errors import Misused

GOOD = 'sandbox = "rehearsals/2026"\nurl = "https://gitlab.example.com"\n'


def read(folder: Path, text: str) -> Sandbox:
    file = folder / "sandbox.toml"
    file.write_text(text, "utf-8")
    return read_sandbox(file)


def test_a_sandbox_says_where_and_whose_tokens(tmp_path: Path) -> None:
    sandbox = read(tmp_path, GOOD)
    assert (sandbox.group, sandbox.url, sandbox.profile) == ("rehearsals/2026", "https://gitlab.example.com", "gitlab")
    assert sandbox.tokens == tmp_path / "tokens"
    own = read(tmp_path, f'{GOOD}profile = "own.toml"\ntokens = "elsewhere"\n')
    assert (own.profile, own.tokens) == (str(tmp_path / "own.toml"), tmp_path / "elsewhere")


def test_every_project_of_a_process_lies_below_the_group(tmp_path: Path) -> None:
    sandbox = read(tmp_path, GOOD)
    for name in ("gitlab", "generic"):
        was, process = shipped(name), sandbox.process(name)
        projects = {role: project for role, project in was.projects.items() if role != "site_branch"}
        assert {role: process.projects[role] for role in projects} == {
            role: f"rehearsals/2026/{project}" for role, project in projects.items()
        }
        assert process.projects["site_branch"] == was.projects["site_branch"]
        repositories = [product.repository for product in was.products]
        assert [product.repository for product in process.products] == [
            f"rehearsals/2026/{one}" for one in repositories
        ]
        assert process.labels == was.labels
        assert process.people == was.people


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('url = "https://gitlab.example.com"\n', "counts as production"),
        ('process = "gitlab"\n\n[forge]\nkind = "gitlab"\n', "counts as production"),
        ("", "counts as production"),
        ('sandbox = ""\nurl = "https://gitlab.example.com"\n', "path of a group"),
        ('sandbox = "a//b"\nurl = "https://gitlab.example.com"\n', "path of a group"),
        ('sandbox = "a"\n', "url"),
        (f"{GOOD}token = 1\n", "token"),
        ("sandbox =", "sandbox.toml:1"),
    ],
)
def test_what_is_no_sandbox_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Misused) as fault:
        read(tmp_path, text)
    assert said in f"{fault.value.where} {fault.value.what} {fault.value}"
    assert fault.value.remedy


@pytest.mark.parametrize("group", ["gitlab-org", "gitlab-org/rehearsals", "GitLab-Com/x"])
def test_nothing_is_rehearsed_where_the_process_has_its_own_projects(tmp_path: Path, group: str) -> None:
    sandbox = read(tmp_path, GOOD.replace("rehearsals/2026", group))
    with pytest.raises(Misused, match="that is production"):
        sandbox.process("gitlab")


def test_a_process_that_does_not_ship_is_not_moved(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="no process 'own' ships"):
        read(tmp_path, GOOD).process("own")

"""Wiring: doors open onto what the settings name, and say what is wrong where they cannot."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from secrel.adapters.gitlab.forge import GitLab
from secrel.adapters.localforge.forge import LocalForge
from secrel.adapters.outbox.outbox import Outbox
from secrel.cli.desk_files import example
from secrel.evaluate.registry import shipped
from secrel.observe.observing import issue_at
from secrel.process.reading import builtin_text
from secrel.settings import FILE, load_settings
from secrel.wiring import (
    desk_at,
    make_site_repository,
    now,
    open_history,
    open_process,
    open_reader,
    open_team,
    people_at,
    writers_of,
)
from secrel.wiring.hosted import open_gitlab
from secrel.words.effects import Action
from secrel.words.errors import Broken, Misused

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make the smallest desk that opens."""
    (tmp_path / FILE).write_text('process = "process.toml"\ntemplates = "own"\n', "utf-8")
    (tmp_path / "process.toml").write_text(builtin_text("generic"), "utf-8")
    (tmp_path / "team.toml").write_text(example("team.toml"), "utf-8")
    (tmp_path / "own").mkdir()
    return tmp_path


def test_the_clock_has_a_zone() -> None:
    assert now().tzinfo is UTC


def test_a_desk_opens_onto_what_its_folder_names(folder: Path) -> None:
    desk = desk_at(folder, "amara", lambda: AT)
    assert desk.process.name == "generic"
    assert [person.username for person in desk.team] == ["amara", "bjorn", "dewi"]
    assert (desk.by, desk.now()) == ("amara", AT)
    assert desk.targets == ("embedded forge forge.db", "outbox outbox")
    assert desk.templates == {}


@pytest.mark.parametrize(("kind", "name"), [("post", "own/post.md.j2"), ("messages", "handover.md.j2")])
def test_templates_of_your_own_are_taken_by_kind(folder: Path, kind: str, name: str) -> None:
    file = folder / "own" / kind / name
    file.parent.mkdir(parents=True)
    file.write_text("our words\n", "utf-8")
    assert set(desk_at(folder, "amara").templates) == {kind}


def test_a_template_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "own" / "email").mkdir()
    (folder / "own" / "email" / "mail.html.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(Misused, match="this is not UTF-8") as told:
        desk_at(folder, "amara")
    assert told.value.where.endswith("mail.html.j2:1")


def test_a_process_that_ships_is_opened_by_its_name(folder: Path) -> None:
    (folder / FILE).write_text('process = "gitlab"\n', "utf-8")
    assert open_process(load_settings(folder)).name == "gitlab"


@pytest.mark.parametrize("file", ["process.toml", "team.toml"])
def test_a_file_that_is_no_text_names_its_line(folder: Path, file: str) -> None:
    with (folder / file).open("ab") as grown:
        grown.write(b"# \xff\n")
    lines = (folder / file).read_bytes().count(b"\n")
    with pytest.raises(Misused, match="this is not UTF-8") as told:
        desk_at(folder, "amara")
    assert told.value.where == f"{folder / file}:{lines}"


@pytest.mark.parametrize(("file", "what"), [("process.toml", "the process"), ("team.toml", "the team")])
def test_a_file_that_is_not_there_is_named_with_what_to_do(folder: Path, file: str, what: str) -> None:
    (folder / file).unlink()
    settings = load_settings(folder)
    with pytest.raises(Misused, match=f"cannot read {what}") as told:
        open_team(settings, shipped("generic") if file == "team.toml" else open_process(settings))
    assert told.value.where == str(folder / file)
    assert told.value.remedy


def test_drafts_and_public_posts_never_share_a_repository(folder: Path) -> None:
    make_site_repository(folder / "site.git", "main", AT)
    told = (
        'process = "process.toml"\n[repositories]\n"vendor/site" = "site.git"\n"vendor/site-private" = "./site.git"\n'
    )
    (folder / FILE).write_text(told, "utf-8")
    with pytest.raises(Misused, match="one repository"):
        desk_at(folder, "amara")


def test_people_act_on_the_same_forge_as_the_desk(folder: Path) -> None:
    from secrel.adapters.localforge.people import NewIssue  # noqa: PLC0415 - as a script would

    people = people_at(folder, lambda: AT)
    ref = people.open_issue(NewIssue("vendor/security", "A question", by="amara", at=AT))  # type: ignore[attr-defined]
    found = issue_at(desk_at(folder, "bjorn").forge, ref)
    assert found is not None
    assert found.title == "A question"


def test_a_history_opens_with_and_without_a_folder_for_its_index(tmp_path: Path) -> None:
    repository = tmp_path / "site.git"
    make_site_repository(repository, "main", AT)
    head = subprocess.run(
        ["git", "-C", str(repository), "rev-parse", "main"], capture_output=True, text=True, check=True
    ).stdout.strip()
    for cache in (None, tmp_path / "cache"):
        graph = open_history(repository, (), cache).graph()
        assert head in {graph.hex(commit) for commit in range(len(graph.ids))}


def test_every_kind_of_effect_has_one_writer(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, lambda: AT)
    forge = LocalForge(tmp_path / "forge.db", {}, [], lambda: AT)
    table = writers_of(forge, outbox)
    assert set(table) == set(get_args(Action)) == forge.kinds | outbox.kinds
    with pytest.raises(Broken, match="OpenIssue has 0 writers"):
        writers_of(outbox)
    with pytest.raises(Broken, match="SendMail has 2 writers"):
        writers_of(forge, outbox, outbox)
    forge.close()


@pytest.fixture
def on_gitlab(folder: Path) -> Path:
    text = '[forge]\nkind = "gitlab"\nurl = "https://git.example"\n[forge.token]\nfile = "token"\n'
    (folder / FILE).write_text(f'process = "process.toml"\n{text}', "utf-8")
    (folder / "token").write_text("glpat-0123456789abcdefghij\n", "utf-8")
    return folder


def test_a_gitlab_is_opened_without_asking_it_anything(on_gitlab: Path) -> None:
    settings = load_settings(on_gitlab)
    forge = open_reader(settings, open_process(settings), now)
    assert isinstance(forge, GitLab)
    forge.close()


@pytest.mark.parametrize(
    ("name", "text"), [("token", ""), ("token", "two\nlines"), ("token", "\x1b[31mglpat-0123456789"), ("mine", "= x")]
)
def test_a_gitlab_without_token_or_profile_is_misused_and_shows_neither(on_gitlab: Path, name: str, text: str) -> None:
    file = on_gitlab / FILE
    file.write_text(file.read_text("utf-8").replace("[forge.token]", 'profile = "mine"\n[forge.token]'), "utf-8")
    (on_gitlab / "mine").write_text("", "utf-8")
    (on_gitlab / name).write_text(text, "utf-8")
    settings = load_settings(on_gitlab)
    with pytest.raises(Misused) as told:
        open_gitlab(settings, open_process(settings), now)
    assert told.value.remedy
    assert "glpat" not in str(told.value)


def test_nobody_uses_a_gitlab_through_the_embedded_forge(on_gitlab: Path) -> None:
    with pytest.raises(Misused, match=r"git\.example"):
        people_at(on_gitlab)


def test_a_desk_on_gitlab_writes_there_and_reads_there(on_gitlab: Path) -> None:
    desk = desk_at(on_gitlab, "amara", lambda: AT)
    assert isinstance(desk.forge, GitLab)
    assert desk.targets == ("GitLab https://git.example", "outbox outbox")
    assert set(desk.writers) == set(get_args(Action))
    desk.forge.close()

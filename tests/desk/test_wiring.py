"""Opening a desk: every door with a clear word when it does not open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest

from secrel.desk.handing_over import hand_over
from secrel.desk.looking import look
from secrel.papers.email.current import email_now
from secrel.papers.post.current import post_now
from secrel.settings import read_settings
from secrel.wiring import desk_at, make_site_repository, now, open_desk, open_history, open_process, people_at
from secrel.words.errors import Broken, Misused
from tests.desk.stage import NAME, SETTINGS, Stage


@pytest.fixture
def stage(staged: Callable[[str], Stage]) -> Stage:
    return staged("begun")


def reopened(stage: Stage, settings: str) -> None:
    (stage.folder / "secrel.toml").write_text(settings, "utf-8")
    desk_at(stage.folder, "amara", stage.clock)


def test_a_desk_is_opened_with_everything_it_needs(stage: Stage) -> None:
    desk = desk_at(stage.folder, "amara", stage.clock)
    assert desk.by == "amara"
    assert desk.targets == ("embedded forge forge.db", "outbox outbox")
    assert desk.person("bjorn") is not None
    assert desk.person("nobody") is None
    assert desk.histories("vendor/product") is not None
    assert desk.histories("vendor/other") is None
    assert look(desk, NAME).snapshot.release.name == NAME
    assert people_at(stage.folder, stage.clock) is not None
    assert now().tzinfo is UTC


def test_a_process_of_ones_own_is_read_from_its_file(stage: Stage) -> None:
    text = (resources.files("secrel.process") / "builtin" / "generic.toml").read_text("utf-8")
    (stage.folder / "mine.toml").write_text(text.replace('title = "Security releases', 'title = "My releases'), "utf-8")
    settings = read_settings(stage.folder, 'process = "mine.toml"\n')
    assert open_process(settings).title.startswith("My releases")


@pytest.mark.parametrize(
    ("settings", "said", "remedy"),
    [
        ('process = "nowhere.toml"\n', r"cannot read the process \(No such file or directory\)", "generic"),
        ('process = "product.git"\n', r"cannot read the process: it is a folder", "path of a process file"),
        ('process = "generic"\nteam = "nowhere.toml"\n', "cannot read the team", "secrel manual rotation"),
        ('process = "generic"\njournal = "no/where.db"\n', "cannot write beside the journal", "secrel.toml"),
        ('process = "generic"\njournal = "mysql://h/d"\n', "no journal can be kept in 'mysql'", "secrel.toml"),
        ('process = "generic"\n[forge]\ndatabase = "no/where.db"\n', "the forge's database", ""),
    ],
)
def test_a_door_that_does_not_open_is_named(stage: Stage, settings: str, said: str, remedy: str) -> None:
    with pytest.raises((Misused, Broken), match=said) as told:
        reopened(stage, settings)
    assert remedy in told.value.remedy


def test_a_process_with_a_fault_names_its_line(stage: Stage) -> None:
    (stage.folder / "mine.toml").write_text('name = "mine"\nnonsense = 1\n', "utf-8")
    with pytest.raises(Misused) as told:
        reopened(stage, 'process = "mine.toml"\n')
    assert "mine.toml" in f"{told.value}"


def test_one_repository_for_both_sites_is_refused(stage: Stage) -> None:
    with pytest.raises(Misused, match="drafts would be public") as told:
        reopened(stage, SETTINGS.replace("private.git", "../" + stage.folder.name + "/public.git"))
    assert told.value.where.endswith("secrel.toml")


def test_own_templates_go_before_those_that_ship(stage: Stage) -> None:
    for kind in ("post", "email", "messages"):
        (stage.folder / "own" / kind).mkdir(parents=True)
    own = stage.folder / "own" / "messages" / "handover.md.j2"
    own.write_text("To {{ to }}, in my own words: {{ status }}\n", "utf-8")
    (stage.folder / "secrel.toml").write_text('templates = "own"\n' + SETTINGS, "utf-8")
    desk = desk_at(stage.folder, "amara", stage.clock)
    assert set(desk.templates) == {"post", "email", "messages"}
    text, outcome = hand_over(desk, NAME, (), send=False)
    assert text.startswith("To @bjorn, in my own words: 2 fixes")
    assert outcome is None
    seen = look(desk, NAME)
    assert "Stored script in notebooks" in post_now(seen).text
    assert email_now(seen).subject
    own.write_text("{{ no_such_name }}", "utf-8")
    with pytest.raises(Misused, match="no_such_name"):
        hand_over(desk_at(stage.folder, "amara", stage.clock), NAME, (), send=False)


def test_a_template_that_is_no_text_is_named(stage: Stage) -> None:
    (stage.folder / "own" / "email").mkdir(parents=True)
    (stage.folder / "own" / "email" / "a.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(Misused, match="this is not UTF-8") as told:
        reopened(stage, 'templates = "own"\n' + SETTINGS)
    assert told.value.where.endswith("a.txt:1")


def test_a_folder_without_templates_changes_nothing(stage: Stage) -> None:
    (stage.folder / "own").mkdir()
    (stage.folder / "secrel.toml").write_text('templates = "own"\n' + SETTINGS, "utf-8")
    assert open_desk(stage.settings, "amara", stage.clock).templates == {}


def test_histories_and_sites_are_opened(stage: Stage, tmp_path: Path) -> None:
    history = open_history(stage.folder / "product.git", (), tmp_path / "cache")
    assert history.graph().tags
    make_site_repository(tmp_path / "site.git", "main", datetime(2026, 11, 1, tzinfo=UTC))
    assert (tmp_path / "site.git" / "HEAD").exists()
    assert open_history(stage.folder / "product.git", (), None) is not None

"""The desk's settings: read strictly, and what is wrong named with its line and without secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.settings import FILE, LocalForgeSettings, load_settings, read_settings
from secrel.words.errors import Misused

FOLDER = Path("/desk")


def test_what_is_not_said_has_its_default_in_the_desks_folder() -> None:
    settings = read_settings(FOLDER, "")
    assert settings.process == "gitlab"
    assert settings.journal == "/desk/journal.db"
    assert (settings.team, settings.outbox) == (FOLDER / "team.toml", FOLDER / "outbox")
    assert isinstance(settings.forge, LocalForgeSettings)
    assert (settings.forge.database, settings.templates, settings.repositories) == (FOLDER / "forge.db", None, {})


def test_everything_can_be_said() -> None:
    text = """
process = "generic"
journal = "postgresql://desk:hunter2@db.example/secrel"
team = "/etc/team.toml"
outbox = "out"
templates = "own"
[forge]
kind = "local"
database = "../forge.sqlite3"
[repositories]
"vendor/product" = "../product"
"""
    settings = read_settings(FOLDER, text)
    assert settings.journal == "postgresql://desk:hunter2@db.example/secrel"
    assert (settings.team, settings.templates) == (Path("/etc/team.toml"), FOLDER / "own")
    assert settings.repositories == {"vendor/product": FOLDER / "../product"}


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("\ncolour = 1\n", "there is no key 'colour' here", 2),
        ('process = "generic"\n\n[forge]\nkind = "local"\ncolour = 1\n', "there is no key 'colour' here", 5),
        ('[forge]\ndatabase = "x"\n\n[colours]\nred = 1\n', "there is no key 'colours' here", 4),
        ('team = "t"\njournal = 5\n', "journal has to be a text", 2),
        ('[repositories]\na = "b"\n\n[forge]\nkind = 5\n', "kind has to be one of local", 5),
        ('kind = "local"\n', "there is no key 'kind' here", 1),
        ('team = "t"\n[repositories]\na = 5\n', "a has to be a text", 3),
        ('forge = "local"\n', "forge has to be a table", 1),
        ('\n\nforge.kind = "far"\n', "kind has to be one of local", 3),
        ('\n[forge]\n\nkind = "far"\n', "kind has to be one of local", 4),
        ('journal = ""\n', "journal has to be a text that is not empty", 1),
        ('team = "t"\nprocess = " "\n', "process has to be a text that is not empty", 2),
        ('team = "t"\njournal = "forge.db"\n', "one file", 2),
        ("team = t\n", "not TOML", 1),
        ('team = "t"\nteam = "u"\n', "not TOML", 2),
        ('a = """\nnever closed\n', "not TOML", 2),
        ("'colour' = 1\n", "there is no key 'colour' here", 1),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, said: str, line: int) -> None:
    with pytest.raises(Misused) as told:
        read_settings(FOLDER, text)
    assert said in told.value.what
    assert told.value.where == f"/desk/{FILE}:{line}"
    assert told.value.remedy


@pytest.mark.parametrize(
    "line",
    [
        'journal = "postgresql://desk:hunter2@db.example/secrel" x',
        'journal = ["postgresql://desk:hunter2@db.example/secrel"]',
        'journal = "postgresql://desk:hunter2@db.example/secrel\n',
        '"postgresql://desk:hunter2@db.example/secrel" = 1',
        'password = "hunter2"',
    ],
)
def test_no_message_tells_the_password_of_a_database(line: str) -> None:
    with pytest.raises(Misused) as told:
        read_settings(FOLDER, f"{line}\n")
    assert "hunter2" not in f"{told.value} {told.value.remedy}" or line.startswith('"')


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    try:
        read_settings(FOLDER, text)
    except Misused as fault:
        place = fault.where
    else:
        place = f"/desk/{FILE}:"
    assert place.startswith(f"/desk/{FILE}:")


def test_a_folder_without_a_desk_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="there is no desk here") as told:
        load_settings(tmp_path)
    assert "secrel init" in told.value.remedy


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"team = '\xff'")
    with pytest.raises(Misused, match="this is not UTF-8"):
        load_settings(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / FILE).mkdir()
    with pytest.raises(Misused, match="cannot read the settings"):
        load_settings(tmp_path / "other")
    (tmp_path / FILE).write_text('team = "t"\n', "utf-8")
    assert load_settings(tmp_path).team == tmp_path / "t"

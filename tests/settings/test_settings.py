"""Settings: what a desk's file says, and how a file that is wrong is told, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from secrel.reading.documents import Malformed
from secrel.settings import FILE, GitLabSettings, LocalForgeSettings, TokenSettings, load_settings, read_settings
from secrel.words.errors import Misused

DESK = Path("desk")


def test_a_desk_without_a_word_has_every_default() -> None:
    settings = read_settings(DESK, "")
    assert settings.process == "gitlab"
    assert settings.journal == str(DESK / "journal.db")
    assert (settings.team, settings.outbox) == (DESK / "team.toml", DESK / "outbox")
    assert settings.templates is None
    assert settings.forge == LocalForgeSettings(DESK / "forge.db")
    assert settings.repositories == {}


def test_paths_count_from_the_desk_unless_they_are_absolute() -> None:
    text = (
        'journal = "/var/journal.db"\ntemplates = "own"\n[repositories]\n"vendor/app" = "../app"\n"b" = "/srv/b.git"\n'
    )
    settings = read_settings(DESK, text)
    assert settings.journal == "/var/journal.db"
    assert settings.templates == DESK / "own"
    assert settings.repositories == {"vendor/app": DESK / "../app", "b": Path("/srv/b.git")}


def test_a_journal_in_a_database_stays_an_address() -> None:
    address = "postgresql+psycopg://desk@db.example/secrel"
    assert read_settings(DESK, f'journal = "{address}"').journal == address


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('process = "generic"\nteam = [\n', 2, "not TOML"),
        ('process = "generic"\njournal = "a\n', 2, "not TOML"),
        ('# a word\n\nprocess = "generic"\ncolour = "red"\n', 4, "there is no key 'colour' here"),
        ('process = "x"\nteam = 3\n', 2, "team has to be a text"),
        ('process = "x"\n\n[forge]\ndatabase = 1\n', 4, "database has to be a text"),
        ('process = "x"\n\n[forge]\nspeed = 1\n', 4, "there is no key 'speed' here"),
        ('[repositories]\n"vendor/app" = "app"\n"vendor/site" = 7\n', 3, "vendor/site has to be a text"),
        ('process = "x"\nforge = "local"\n', 2, "forge has to be a table"),
        ('process = "x"\n[forge]\nkind = "far"\n', 3, "kind has to be one of local, gitlab"),
        ('process = "x"\n[forge]\ndatabase = "a.db"\nkind = "far"\n', 4, "kind has to be one of local"),
        ("process = \"x\"\n'team' = ''\n", 2, "team has to be a text that is not empty"),
        ('team = " "\n', 1, "team has to be a text that is not empty"),
        ('journal = "one.db"\n[forge]\ndatabase = "one.db"\n', 1, "one file"),
        ('[forge]\n\nkind = ["local"]\n', 3, "kind has to be one of local"),
        ('[forge]\nkind = "local"\nspeed = 1\n', 3, "there is no key 'speed' here"),
        ('forge.kind = "far"\n', 1, "kind has to be one of local"),
        ('[forge]\nkind = "gitlab"\ndatabase = "a.db"\n', 3, "there is no key 'database' here"),
        ('[forge]\nkind = "gitlab"\n[forge.token]\nfile = "a"\nenvironment = "B"\n', 4, "in 2 places"),
        ('[forge]\nkind = "gitlab"\n[forge.token]\nhost = "a"\n', 4, "no file is named"),
        ('[forge]\nkind = "gitlab"\n[forge.token]\ncommand = "glab auth token"\n', 4, "command has to be a list"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_what_to_do(text: str, line: int, what: str) -> None:
    with pytest.raises(Misused) as told:
        read_settings(DESK, text)
    assert what in told.value.what
    assert told.value.where == f"{DESK / FILE}:{line}"
    assert told.value.remedy


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(Malformed) as told:
        read_settings(DESK, 'teem = "x"\n[forge]\nkind = "loca"\n[repositories]\na = 1\n')
    assert [(fault.place[-2:], fault.remedy) for fault in told.value.faults][:2] == [
        (":1", "did you mean team?"), (":3", "did you mean local?"),
    ]  # fmt: skip
    assert len(told.value.faults) == 3


def test_a_folder_without_settings_is_no_desk(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="no desk here") as told:
        load_settings(tmp_path)
    assert "secrel init" in told.value.remedy


def test_settings_that_cannot_be_read_are_told_as_such(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"process = '\xff\xfe'")
    with pytest.raises(Misused, match="this is not UTF-8") as told:
        load_settings(tmp_path)
    assert told.value.where.endswith(f"{FILE}:1")
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(Misused, match="cannot read"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("", TokenSettings("GITLAB_TOKEN")),
        ('environment = "CI_JOB_TOKEN"', TokenSettings("CI_JOB_TOKEN")),
        ('file = "token"', TokenSettings(file=DESK / "token")),
        ('file = "/etc/glab.yml"\nhost = "gitlab.com"', TokenSettings(file=Path("/etc/glab.yml"), host="gitlab.com")),
        ('command = ["pass", "gitlab"]', TokenSettings(command=("pass", "gitlab"))),
    ],
)
def test_a_gitlab_is_named_with_the_place_of_its_token(text: str, token: TokenSettings) -> None:
    settings = read_settings(DESK, f'[forge]\nkind = "gitlab"\nurl = "https://git.example"\n[forge.token]\n{text}\n')
    assert settings.forge == GitLabSettings("https://git.example", "gitlab", token)

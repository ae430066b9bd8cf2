"""Tokens: found where the settings say, refused when they can be none, and shown nowhere."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from secrel.adapters.gitlab.profile import read_profile, shipped_text
from secrel.adapters.gitlab.tokens import ByCommand, InEnvironment, InFile, TokenSource, read_token
from secrel.words.errors import Misused
from tests.adapters.gitlab.clients import SECRET

GLAB = f"""git_protocol: ssh
hosts:
    gitlab.example.com:
        # what glab wrote
        token: other-0123456789
    gitlab.com:
        api_host: gitlab.com
        token: !!null {SECRET}
        user: amara
last: 1
"""


def printing(text: str, code: int = 0) -> ByCommand:
    return ByCommand((sys.executable, "-c", f"print({text!r}); raise SystemExit({code})"))


def test_a_token_is_found_where_it_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"  {SECRET}\n", "utf-8")
    (tmp_path / "glab.yml").write_text(GLAB, "utf-8")
    sources: list[TokenSource] = [
        InEnvironment("MINE"),
        InFile(tmp_path / "token"),
        InFile(tmp_path / "glab.yml", "gitlab.com"),
        printing(SECRET),
    ]
    places = ["into $MINE", f"into {tmp_path}/token", f"into {tmp_path}/glab.yml, below gitlab.com"]
    for source, place in zip(sources, [*places, f"where {sys.executable} reads it"], strict=True):
        token = read_token(source, {"MINE": SECRET})
        assert token.place == place, "where another one is put"
        assert token.header == ("Authorization", f"Bearer {SECRET}")
        assert SECRET not in repr(token)
    assert read_token(InEnvironment("CI_JOB_TOKEN"), {"CI_JOB_TOKEN": SECRET}).header == ("JOB-TOKEN", SECRET)
    assert read_token(InFile(tmp_path / "glab.yml", "gitlab.example.com"), {}).value == "other-0123456789"


def test_what_is_no_token_is_misused_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "glab.yml").write_text(GLAB, "utf-8")
    sources: list[TokenSource] = [
        InEnvironment("NOT_SET"),
        InEnvironment("MINE"),
        InFile(tmp_path / "none"),
        InFile(tmp_path / "glab.yml", "elsewhere"),
        InFile(tmp_path / "glab.yml"),
        printing(f"{SECRET} {SECRET}"),
        printing(SECRET, 3),
        ByCommand(("no-such-command-at-all",)),
        ByCommand(("a\0b",)),
    ]
    for source in sources:
        with pytest.raises(Misused) as told:
            read_token(source, {"MINE": f"{SECRET}\n{SECRET}"})
        assert SECRET not in str(told.value)
        assert told.value.remedy


def test_the_profile_that_ships_is_read() -> None:
    profile = read_profile(shipped_text(), "gitlab.toml", ["gitlab-org/cves"])
    assert profile.is_paid
    assert (profile.teams["appsec"], profile.teams["maintainer"]) == ("appsec", "maintainer")
    assert profile.projects == ("gitlab-org/cves",)
    assert "gitlab-org/release/tasks" in profile.further


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('tier = "gold"', "tier"),
        ("colour = 1", "colour"),
        ('accounts = [""]', "line of text"),
        ('[approvals]\na = ["X"]\nb = ["x"]', "two teams"),
    ],
)
def test_a_profile_that_is_wrong_is_told_with_its_line(text: str, what: str) -> None:
    with pytest.raises(Misused, match=what) as told:
        read_profile(text, "mine.toml")
    assert told.value.where.startswith("mine.toml:")

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cyclopts import App

from secrel.adapters.git.repository import GitHistory
from secrel.cli.affected import affected_command
from secrel.cli.affected_file import plans_of, read_cases, read_published
from secrel.words.errors import Exit, Misused
from tests.adapters_git.repositories import git, made

CLAIM = {"claims": "affected", "versions": "all versions", "reason": "", "by": "amara", "series": "1.2"}
ROOT = Path(__file__).resolve().parents[2]


def opened(path: Path, mirrors: Sequence[Path], cache: Path | None) -> GitHistory:
    return GitHistory(path, tuple(mirrors), cache)


def run(*words: object) -> Exit:
    app = App(name="secrel", result_action="return_value")
    app.command(affected_command(opened))
    told: Exit = app(["affected", *map(str, words)], exit_on_error=False, print_error=False)
    return told


@pytest.fixture
def story(tmp_path: Path) -> tuple[Path, list[str]]:
    """Main: 0, origin 1, 2, fix 3, 4; 1-2-stable off 2: 5, the pick 6 (no trailer), 7."""
    path = tmp_path / "app.git"
    author = "Dewi <dewi@example.org> 1700000500 +0000"
    ids = made(
        path,
        [[], [0], [1], [2], [3], [2], [5], [6]],
        tags={"v1.1.0-ee": 0, "v1.2.0-ee": 2, "v1.3.0-ee": 4, "v1.2.1-ee": 5, "v1.2.2-ee": 7, "nightly": 4},
        branches={"main": 4, "1-2-stable-ee": 7},
        messages={3: "Check the length first", 6: "Check the length first"},
        authors={3: author, 6: author},
        files={0: {"a.c": "x\n"}, 3: {"a.c": "y\n"}, 6: {"a.c": "y\n"}},
    )
    return path, ids


def test_the_range_is_told_to_people(story: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    path, ids = story
    assert run(path, "--fix", ids[3], "--origin", ids[1][:10], "--tags", "v-ee") is Exit.DONE
    text = capsys.readouterr().out
    assert "all versions from 1.2.0 before 1.2.2" in text
    assert "1 tags name no version: nightly" in text
    assert "author, date and subject" in text


def test_the_machine_form_is_what_its_schema_says(
    story: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    path, ids = story
    words = ("--fix", ids[3], "--origin", ids[1], "--tags", "v-ee", "--format", "json", "--self-check")
    assert run(path, *words, "--against", "all versions before 1.2.2", "--holds", "1.2.1") is Exit.BLOCKED
    told = json.loads(capsys.readouterr().out)
    schema = json.loads((ROOT / "docs" / "affected.schema.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(told)
    result = told["results"][0]
    assert [one["says"] for one in result["differences"]] == [
        "fixed or never affected, and the given range names 1.1.0",
        "vulnerability: 1.2.1 does not have the fix",
    ]
    assert told["self_check"] == {"vulnerability": []}
    assert result["cve"]["versions"][0] == {
        "version": "1.2.0",
        "lessThan": "1.2.2",
        "status": "affected",
        "versionType": "semver",
    }


def test_a_file_of_cases_says_all_that_flags_cannot(
    story: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, ids = story
    file = tmp_path / "cases.toml"
    file.write_text(
        f"""
        series = [{{ name = "1.2", branch = "1-2-stable-ee", supported = true, planned = "1.2.3" }}]
        published = [
          {{ version = "1.1.0", tag = "none" }}, {{ version = "1.2.0", date = "2026-01-01" }}, {{ version = "1.2.2" }},
          {{ version = "1.3.0" }},
        ]
        [tags]
        naming = ["v-ee", "v"]
        [[vulnerability]]
        name = "CVE-2026-0001"
        fixes = [{{ commits = ["{ids[3]}"] }}, {{ commits = ["{ids[4]}"], role = "follow-up", series = "1.3" }}]
        origins = [{{ commits = ["{ids[1]}"] }}]
        given = "all versions from 1.2.0 before 1.2.2"
        [[vulnerability.claims]]
        claims = "not affected"
        versions = "all versions before 1.2.0"
        reason = "off by default"
        by = "amara"
        [[vulnerability]]
        name = "CVE-2026-0002"
        fixes = [{{ commits = ["{ids[3]}"] }}]
        first = ["1.2.0"]
        """
    )
    assert run(path, "--cases", file, "--format", "markdown", "--no-diffs", "--self-check") is Exit.DONE
    text = capsys.readouterr().out
    assert "## CVE-2026-0001" in text
    assert "all versions from 1.2.0 before 1.2.2" in text
    assert "disagrees on 0" in text


def test_what_is_not_proved_ends_in_unseen(story: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    path, _ = story
    assert run(path, "--fix", "ab" * 20, "--no-links") is Exit.UNSEEN
    assert "is not in this repository" in capsys.readouterr().out


def test_what_git_itself_finds_otherwise_is_printed(
    story: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, ids = story
    tree = git(path, "rev-parse", f"{ids[2]}^{{tree}}").strip()
    who = ["-c", "user.name=E", "-c", "user.email=e@example.org"]
    revert = git(path, *who, "commit-tree", tree, "-p", ids[4], "-m", f"Back\n\nThis reverts commit {ids[3]}.").strip()
    git(path, "tag", "v1.4.0-ee", revert)
    words = ("--fix", ids[3], "--origin", ids[1], "--tags", "v-ee", "--self-check")
    assert run(path, *words) is Exit.DONE
    assert "git knows no reverts, and reverts explain 1.4.0" in capsys.readouterr().out
    assert run(path, *words, "--follow-up", ids[4], "--first", "1.2.0", "--cache", tmp_path / "c") is Exit.UNSEEN
    assert "git itself was asked about 0 of them" in capsys.readouterr().out


def test_commits_of_a_private_mirror_are_found_in_the_public_repository(
    story: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = story
    private = tmp_path / "private.git"
    author = "Dewi <dewi@example.org> 1700000500 +0000"
    files = {0: {"a.c": "x\n"}, 1: {"a.c": "y\n"}}
    said = {1: "Check the length first"}
    secret = made(private, [[], [0]], branches={"main": 1}, messages=said, authors={1: author}, files=files)
    assert run(path, "--mirror", private, "--fix", secret[1], "--tags", "v-ee") is Exit.DONE
    assert "all versions before 1.2.2" in capsys.readouterr().out


def test_a_partial_copy_says_what_it_could_not_compare(
    story: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = story
    same = made(
        tmp_path / "other.git",
        [[], [0], [0]],
        tags={"v1.0.0": 1},
        branches={"x": 2, "main": 1},
        messages={1: "Check the length first", 2: "Check the length first"},
        authors={1: "Dewi <d@example.org> 1 +0000", 2: "Elif <e@example.org> 2 +0000"},
        files={1: {"a": "b\n"}, 2: {"a": "c\n"}},
    )
    git(tmp_path / "other.git", "config", "uploadpack.allowFilter", "true")
    copy = tmp_path / "treeless.git"
    git(tmp_path, "clone", "-q", "--bare", "--filter=tree:0", f"file://{tmp_path / 'other.git'}", str(copy))
    assert run(copy, "--fix", same[1]) is Exit.DONE
    text = capsys.readouterr().out
    assert "the contents of 2 commits are not in this copy" in text
    assert "subject (contents not seen)" in text
    assert f"what it changed was not compared: {same[1][:12]}" in text
    alone = "Proved from commits and messages alone:\n  whether versions still have what it changed was not compared"
    assert alone in text
    assert run(copy, "--fix", same[1], "--no-diffs") is Exit.DONE
    assert alone in capsys.readouterr().out
    assert run(tmp_path / "other.git", "--fix", same[1]) is Exit.DONE
    assert "messages alone" not in capsys.readouterr().out
    assert path.exists()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((), "no fix is given"),
        (("--fix", "abcd", "--cases", "x.toml"), "in a file and by flags"),
        (("--cases", "nowhere.toml"), "cannot read the file"),
        (("--fix", "abcd", "--tags", "(a"), "cannot be read at character"),
        (("--fix", "abcd", "--published", "nowhere"), "cannot read the file"),
        (("--fix", "abcd", "--against", "up to 3"), "does not say whether"),
        (("--fix", "abcd", "--planned", "1.2.3"), "is in no series"),
        (("--fix", "abcd", "--first", "next"), "is not a version"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_remedy(
    story: tuple[Path, list[str]], words: tuple[str, ...], what: str
) -> None:
    with pytest.raises(Misused, match=what):
        run(story[0], *words)


@pytest.mark.parametrize(
    ("name", "text", "line", "what"),
    [
        ("x.json", "{", 1, "this is not JSON"),
        ("x.json", '{\n"a": 1,\n"a": 2}', 3, "a key stands here for the second time"),
        ("x.json", '{"vulnerability":\n[{"name": "\\ud800"}]}', 2, "half a sign"),
        ("x.json", '{"vulnerability":\n' + "9" * 5000 + "}", 2, "a number is too long"),
        ("x.json", '{"vulnerability": [],\n"tags": {"depth": NaN}}', 2, "depth has to be a whole number"),
        ("x.toml", "= 1", 1, "this is not TOML"),
        ("x.json", "[" * 200_000, 1, "nested deeper than 50 levels"),
        ("x.json", "{}", 1, "the file has no vulnerability"),
        ("x.json", "[]", 1, "the file has to be a table"),
        ("x.json", '{"vulnerability": [{"name": "a",\n"fixes": [{"commit": "b"}]}]}', 2, "no key 'commit' here"),
        ("x.json", '{"vulnerability": [{"name": "a", "fixes": [],\n"first": ["x"]}]}', 2, "'x' is not a version"),
        ("x.json", '{"vulnerability": [],\n\n"series": [{"name": "x"}]}', 3, "'x' is not a series"),
        ("x.json", '{"vulnerability": [{"name": "a", "fixes": [], "given": "up to 3"}]}', 1, "does not say whether"),
        (
            "x.json",
            json.dumps({"vulnerability": [{"name": "a", "fixes": [], "claims": [CLAIM]}]}),
            1,
            "needs a written reason",
        ),
        pytest.param(
            "x.json",
            json.dumps({"vulnerability": [{"name": "a", "fixes": []}] * 20_001}),
            1,
            "at most 20000 cases",
            marks=pytest.mark.long,
        ),
        (
            "x.toml",
            '[[vulnerability]]\nname = "a"\nfixes = []\n[[vulnerability.claims]]\nclaims = "safe"\n',
            5,
            "not affected",
        ),
        (
            "x.toml",
            'vulnerability = []\npublished = [\n{version = "1.2"},\n{version = "soon"}]\n',
            4,
            "is not a version",
        ),
    ],
)
def test_a_file_of_cases_that_is_wrong_says_where(tmp_path: Path, name: str, text: str, line: int, what: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(Misused, match=what) as fault:
        read_cases(file)
    assert f"{file}:{line}: " in f"\n{fault.value}"
    assert fault.value.remedy


def test_a_list_of_published_versions_has_dates_and_remarks(tmp_path: Path) -> None:
    file = tmp_path / "published"
    file.write_text("# all of them\n1.2.0 2026-01-01\n\n1.2.1, 2026-02-01 # late\n1.3\n")
    assert [(str(one.version), one.date) for one in read_published(file)] == [
        ("1.2.0", "2026-01-01"),
        ("1.2.1", "2026-02-01"),
        ("1.3", ""),
    ]
    file.write_text("1.2\nsoon\n")
    with pytest.raises(Misused, match="is not a version") as fault:
        read_published(file)
    assert fault.value.where.endswith("published:2")
    with file.open("wb") as grown:
        grown.truncate((64 << 20) + 1)
    with pytest.raises(Misused, match="is larger than"):
        read_published(file)


def test_series_are_read_from_flags() -> None:
    plans = plans_of(["16=x", "16.2=16-2-stable"], ["16.2", "15.9"], ["16.2.3"])
    told: list[tuple[Any, ...]] = [(str(p.series), p.branch, p.supported, str(p.planned)) for p in plans]
    assert told == [
        ("16", "x", None, "None"),
        ("16.2", "16-2-stable", False, "16.2.3"),
        ("15.9", "", False, "None"),
    ]


def test_a_change_that_says_nothing_of_its_origin_is_found_by_its_contents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.git"
    before = "".join(f"line {number}\n" for number in range(9))
    after = before.replace("3", "99").replace("6", "98")
    ids = made(
        path,
        [[], [0], [0], [2]],
        tags={"v2.0.0": 1, "v1.0.0": 2, "v1.0.1": 3},
        branches={"main": 1, "old": 3},
        files={0: {":a b.c": before}, 1: {":a b.c": after}, 2: {"d": "e\n"}, 3: {":a b.c": after}},
    )
    assert run(path, "--fix", ids[1], "--search") is Exit.DONE
    assert f"{ids[3][:12]} like {ids[1][:12]}: patch id (by its contents)" in capsys.readouterr().out
    git(path, "config", "uploadpack.allowFilter", "true")
    copy = tmp_path / "treeless.git"
    git(tmp_path, "clone", "-q", "--bare", "--filter=tree:0", f"file://{path}", str(copy))
    assert run(copy, "--fix", ids[1], "--search") is Exit.UNSEEN
    text = capsys.readouterr().out
    assert "not searched by contents" in text
    assert "1.0.1 came after the fix of a later series" in text

"""Small histories on which answers were once wrong and called proved, and further ones of each kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cyclopts import App

from secrel.cli.affected import ReadingFlags, affected_command
from secrel.words.errors import Exit, Misused
from tests.adapters_git.stories import DAY, START, Runs, Story
from tests.adapters_git.test_affected_command import ROOT, opened

SCHEMA = jsonschema_rs.validator_for(json.loads((ROOT / "docs" / "affected.schema.json").read_text("utf-8")))
TYPES = {"semver", "python", "maven", "rpm", "git"}  # of the CVE schema's list, `custom` aside


@dataclass
class Told:
    """What the command said: its exit word, its text, and the one result of its machine form."""

    word: Exit
    text: str
    result: dict[str, Any]
    whole: dict[str, Any]

    @property
    def sentence(self) -> str:
        return str(self.result["sentence"])

    def state(self, version: str) -> str:
        """Say how one version stands in the lists, and see that no output is surer than they are."""
        doubtful = {one for part in self.result["unseen"] for one in part["versions"]}
        if version in doubtful:
            assert self.cve(version) == "unknown"
            return "unseen"
        return "affected" if version in self.result["affected"] else "not affected"

    def cve(self, version: str) -> str:
        """Read a version's status from the CVE form, where it is written by itself or nothing is."""
        for entry in self.result["cve"]["versions"]:
            if entry["version"] == version:
                return str(entry["status"])
        return str(self.result["cve"]["defaultStatus"])

    @property
    def why(self) -> str:
        return "\n".join(f"{part['what']}: {part['reason']}; {part['remedy']}" for part in self.result["unseen"])


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Any:
    """What the command says in both of its forms: it reads its words once, and the history too."""

    def asked(story: Story, *words: object) -> Told:
        app = App(name="secrel")
        app.command(affected_command(cache(opened)))
        command, given, _ = app.parse_args(
            ["affected", *map(str, (story.path, *words))], exit_on_error=False, print_error=False
        )
        command(*given.args, **given.kwargs)
        text = capsys.readouterr().out
        reading = replace(given.arguments.get("reading", ReadingFlags()), format="json")
        word = command(*given.args, **{**given.kwargs, "reading": reading})
        whole = json.loads(capsys.readouterr().out)
        SCHEMA.validate(whole)
        told = Told(word, text, whole["results"][0], whole)
        agree(told)
        return told

    return asked


def agree(told: Told) -> None:
    """Whatever is said, no output is surer than another."""
    result = told.result
    if not result["proved"]:
        assert told.word is not Exit.DONE
        assert result["unseen"]
        assert "no version is affected" not in told.text
        assert result["cve"]["defaultStatus"] == "unknown"
        assert result["osv"] == {"ranges": [], "versions": []}
        assert "not proved" in told.text.lower()
    else:
        assert not result["unseen"]
        assert result["cve"]["defaultStatus"] == "unaffected"
        assert result["osv"]["versions"] == result["affected"]
    for entry in result["cve"]["versions"]:
        assert entry.get("versionType", "semver") in TYPES
    for found in result["osv"]["ranges"]:
        assert found.get("repo", "some")


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path / "app.git")


def line(story: Story, *tags: str) -> tuple[str, str]:
    """One tag, the origin and a tag, the fix and a tag."""
    story.release(tags[0])
    origin = story.release(tags[1])
    return origin, story.release(tags[2])


def test_01_auto_prefers_the_family_that_holds_what_was_named(story: Story, ask: Any) -> None:
    for number in range(4):
        story.release(f"cvs/app-0_{number}")
    origin, fix = line(story, "app-1.0", "app-1.1", "app-1.2")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions from 1.1 before 1.2")


def test_02_where_nothing_was_judged_nothing_agrees(story: Story, ask: Any, tmp_path: Path) -> None:
    origin, fix = line(story, "v1.0.0", "v1.1.0", "v1.2.0")
    given = ("--fix", fix, "--origin", origin, "--against", "all versions from 1.0.0 before 9.9.0")
    empty = tmp_path / "published"
    empty.write_text("# nothing\n")
    for more in (("--tags", "release-{version}"), ("--published", empty)):
        told = ask(story, *given, *more)
        assert told.word is Exit.UNSEEN
        assert "no version was judged" in told.why
        assert "agree" not in told.text
        assert told.sentence == "not proved"


def test_03_a_first_version_that_is_none_is_misused_and_the_near_ones_are_named(story: Story, ask: Any) -> None:
    _, fix = line(story, "v1.0.0", "v1.1.0", "v1.2.0")
    with pytest.raises(Misused, match=r"11\.0 is no version of this repository") as fault:
        ask(story, "--fix", fix, "--first", "11.0")
    assert "near: 1.1.0" in str(fault.value.remedy)


def two_series(story: Story) -> str:
    """Version 1.0.0 and its series s; 1.1.0 and 1.2.0 on main; the fix on s, 1.0.1."""
    story.release("v1.0.0")
    story.branch("s")
    story.go("main")
    story.release("v1.1.0")
    story.release("v1.2.0")
    story.go("s")
    return story.release("v1.0.1", message="Check the length of the name before it is copied")


def test_04_a_newer_series_without_the_fix_of_an_older_one_is_not_proved(story: Story, ask: Any) -> None:
    fix = two_series(story)
    told = ask(story, "--fix", fix)
    assert (told.word, told.sentence) == (Exit.UNSEEN, "all versions before 1.0.1, 1.1.0 and later")
    assert "series 1.0 is older and has the fix" in told.why
    assert told.state("1.2.0") == "unseen"
    assert told.state("1.0.1") == "not affected"
    ended = ask(story, "--fix", fix, "--ended", "1.1", "--ended", "1.2")
    assert (ended.word, ended.sentence) == (Exit.DONE, told.sentence)


def test_05_an_open_proposal_that_would_change_the_answer_is_not_proved(story: Story, ask: Any) -> None:
    message = "Check the length of the name before it is copied"
    story.commit(edits={"a.c": "one\ntwo\nthree\n"})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    story.release("v1.1.0")
    story.commit(message, edits={"a.c": "one\nif (n > MAX)\n  return -1;\nthree\nfour\n"})
    story.tag("v1.2.0")
    story.go("s")
    fix = story.commit(message, edits={"a.c": "one\nif (len > 9)\n  fail();\nthree\n"})
    story.tag("v1.0.1")
    told = ask(story, "--fix", fix, "--ended", "1.1", "--ended", "1.2")
    assert told.word is Exit.UNSEEN
    assert "it may be the same change" in told.why
    assert told.state("1.2.0") == "unseen"
    assert told.state("1.1.0") == "affected"


def test_06_a_message_that_says_the_same_of_other_files_is_no_link(story: Story, ask: Any) -> None:
    message = (
        "Security fix\n\nThis resolves a reported problem. Please see the advisory of the project for its details."
    )
    story.release("v1.0.0")
    story.branch("s")
    story.go("main")
    story.release("v1.1.0")
    fix = story.commit(message, edits={"parser.c": "int parse;\n"})
    story.tag("v1.1.1")
    story.go("s")
    story.commit(message, edits={"colour.c": "int colour;\n"}, at=START + 27 * DAY)
    story.tag("v1.0.1")
    told = ask(story, "--fix", fix)
    assert told.result["links"] == told.result["proposals"] == []
    assert "subject and opening" not in told.text
    assert "fixed 1.0.1" not in told.text


def test_07_a_version_whose_tags_disagree_is_unseen_in_every_output(story: Story, ask: Any) -> None:
    story.release("v1.0.0")
    story.branch("s")
    story.release("release-1.0.5")
    story.go("main")
    origin = story.release("v1.1.0", "v1.0.5")
    fix = story.release("v1.1.1")
    told = ask(story, "--fix", fix, "--origin", origin, "--tags", "v", "--tags", "release")
    assert told.word is Exit.UNSEEN
    assert told.state("1.0.5") == "unseen"
    assert "1.0.5 is not affected" not in told.text


def test_08_a_published_version_without_a_tag_is_unseen_in_every_output(story: Story, ask: Any, tmp_path: Path) -> None:
    origin, fix = line(story, "v1.0.0", "v1.1.0", "v1.2.0")
    published = tmp_path / "published"
    published.write_text("1.0.0\n1.0.9\n1.1.0\n1.2.0\n")
    told = ask(story, "--fix", fix, "--origin", origin, "--published", published)
    assert told.word is Exit.UNSEEN
    assert told.state("1.0.9") == "unseen"
    assert "1.0.9 is not affected" not in told.text
    published.write_text("0.8\n0.9\n1.0.0\n1.1.0\n1.2.0\n")
    older = ask(story, "--fix", fix, "--origin", origin, "--published", published)
    assert (older.word, older.sentence) == (Exit.DONE, "all versions from 1.1.0 before 1.2.0")
    assert older.result["inferred"] == ["0.8", "0.9"]
    unknown = ask(story, "--fix", fix, "--published", published)
    assert unknown.word is Exit.UNSEEN
    assert unknown.why.count("history begins at 1.0.0") == 1
    assert unknown.state("0.8") == "unseen"


def test_09_a_branch_that_got_the_origin_and_no_fix_is_affected_and_said(story: Story, ask: Any) -> None:
    story.release("v1.0.0")
    story.branch("s")
    story.go("main")
    origin = story.release("v1.1.0", message="Copy names without looking")
    fix = story.release("v1.1.1")
    story.go("s")
    story.commit(f"Copy names without looking\n\n(cherry picked from commit {origin})")
    words = ("--fix", fix, "--origin", origin, "--series", "1.0=s")
    told = ask(story, *words, "--planned", "1.0.1")
    assert told.word is Exit.UNSEEN
    assert told.sentence == "all versions from 1.0.1 before 1.1.1"
    assert "1.0.1 is not affected" not in told.text
    assert "its branch s has the origin" in told.why
    assert ask(story, *words).word is Exit.UNSEEN


BEFORE = "int name;\nint other;\nint more;\n"
ADDED = "if (!name)\n  return -1;\nif (len > MAX)\n  return -2;\ncount++;\nlog(name);\n"


def two_alike(story: Story, subjects: tuple[str, str], apart: int, tail: str = "") -> str:
    """The same added lines on two series, under these subjects, and so many seconds apart."""
    story.commit(edits={"name.c": BEFORE})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    story.release("v1.1.0")
    fix = story.commit(subjects[0], edits={"name.c": ADDED + BEFORE}, at=START + 9 * DAY)
    story.tag("v1.1.1")
    story.go("s")
    story.commit(subjects[1], edits={"name.c": ADDED + tail + BEFORE}, at=START + 9 * DAY + apart)
    story.tag("v1.0.1")
    return fix


def test_10_author_date_and_lines_are_a_link_whatever_the_subject_says(story: Story, ask: Any) -> None:
    fix = two_alike(story, ("Check the pointer in new_name()", "Check the pointer in old_name()"), 0)
    told = ask(story, "--fix", fix)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions before 1.0.1, 1.1.0 before 1.1.1")
    assert [one["signal"] for one in told.result["links"]] == ["author, date and changed lines"]


@pytest.mark.parametrize("apart", [0, 3600])
def test_10b_the_same_lines_in_a_file_of_another_name_are_proposed(story: Story, ask: Any, apart: int) -> None:
    """One author made them at the same second, or on the same day."""
    body = "".join(f"line {number};\n" for number in range(6))
    story.commit(edits={"a.c": body})
    story.tag("v1.0.0")
    story.branch("s")
    story.remove("Give it another name", "a.c", edits={"old.c": body})
    story.tag("v1.0.1")
    story.go("main")
    story.release("v1.1.0")
    when = START + 40 * DAY
    fix = story.commit("Check the length", edits={"a.c": body + "check(n);\nstop(n);\n"}, at=when)
    story.tag("v1.1.1")
    story.go("s")
    pick = story.commit("Guard names", edits={"old.c": body + "check(n);\nstop(n);\n"}, at=when - apart)
    story.tag("v1.0.2")
    told = ask(story, "--fix", fix)
    assert (told.word, told.state("1.0.2")) == (Exit.UNSEEN, "unseen")
    assert f"commit {pick[:12]}: it may be the same change" in told.why
    both = ask(story, "--fix", f"{fix},{pick}")
    assert (both.word, both.sentence) == (Exit.DONE, "all versions before 1.0.2, 1.1.0 before 1.1.1")


def test_11_one_subject_one_author_and_nearly_one_patch_are_a_link(story: Story, ask: Any) -> None:
    subject = "Check that the pointer to the name is not empty before its length is looked at"
    fix = two_alike(story, (subject, subject), 120, "int context;\n")
    told = ask(story, "--fix", fix)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions before 1.0.1, 1.1.0 before 1.1.1")


def test_12_two_fixes_that_no_version_has_together_may_be_one(story: Story, ask: Any) -> None:
    story.release("v1.0.0")
    story.branch("s")
    story.go("main")
    story.release("v1.1.0")
    one = story.release("v1.1.1", message="Refuse names that are too long")
    story.go("s")
    other = story.release("v1.0.1", message="Old parser: cut names")
    told = ask(story, "--fix", one, "--fix", other)
    assert told.word is Exit.UNSEEN
    assert f"--fix {one[:12]},{other[:12]}" in told.why.replace(f"{other[:12]},{one[:12]}", f"{one[:12]},{other[:12]}")
    assert ask(story, "--fix", f"{one},{other}").word is Exit.DONE


def test_13_a_series_branch_that_is_not_there_is_misused(story: Story, ask: Any) -> None:
    _, fix = line(story, "v1.0.0", "v1.1.0", "v1.2.0")
    with pytest.raises(Misused, match="'nope' of series 1\\.1 is not in this repository"):
        ask(story, "--fix", fix, "--series", "1.1=nope")


@pytest.mark.parametrize("form", ["(cherry picked from commit {})", "[ Upstream commit {} ]"])
def test_14_a_revert_that_was_backported_undoes_the_backport(story: Story, ask: Any, form: str) -> None:
    story.commit()
    origin = story.release("v5.4.0")
    story.branch("5.4.y")
    story.go("main")
    fix = story.release("v5.5.0", message="Check names")
    story.go("5.4.y")
    story.release("v5.4.1", message=f"Check names\n\n{form.format(fix)}")
    story.go("main")
    revert = story.release("v5.6.0", message=f'Revert "Check names"\n\nThis reverts commit {fix}.')
    story.go("5.4.y")
    picked = f'Revert "Check names"\n\n{form.format(revert)}\n\nThis reverts commit {fix}.'
    story.release("v5.4.2", message=picked)
    told = ask(story, "--fix", fix, "--origin", origin, "--self-check")
    assert (told.word, told.sentence) == (
        Exit.DONE,
        "all versions before 5.4.1, 5.4.2 before 5.5.0, 5.6.0 and later",
    )


@pytest.mark.parametrize("named", ["commit", "merge", "request"])
@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("says", ["merge", "request"])
def test_15_the_revert_of_a_merge_takes_back_what_it_brought(
    story: Story, ask: Any, named: str, *, several: bool, says: str
) -> None:
    story.commit()
    origin = story.release("v1.0.0")
    story.branch("topic")
    if several:
        story.commit("Look at the length of names")
    fix = story.commit("Check names")
    story.go("main")
    story.commit(edits={"other.c": "int other;\n"})
    merge = story.merge("topic", "Merge branch 'topic' into 'main'\n\nCheck names\n\nSee merge request group/app!7")
    story.tag("v1.1.0")
    reverts = {
        "merge": f"This reverts commit {merge}, reversing\nchanges made to {origin}.",
        "request": "This reverts merge request !7",
    }
    story.release("v1.2.0", message=f"Revert \"Merge branch 'topic' into 'main'\"\n\n{reverts[says]}")
    words = {"commit": fix, "merge": merge, "request": "!7"}
    told = ask(story, "--fix", words[named], "--origin", origin)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions before 1.1.0, 1.2.0 and later")


def test_16_qualified_versions_are_read_and_printed_as_they_are_written(story: Story, ask: Any) -> None:
    story.release("2.2.17.Final")
    origin = story.release("2.2.18.Final")
    fix = story.release("2.2.19.Final")
    story.release("2.3.0.Alpha2")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions from 2.2.18.Final before 2.2.19.Final")
    early = ask(story, "--fix", fix, "--origin", origin, "--prereleases")
    assert early.result["fixed"] == ["2.2.19.Final", "2.3.0.Alpha2"]


def test_16b_tags_that_hold_the_origin_and_name_no_version_are_named(story: Story, ask: Any) -> None:
    origin, fix = line(story, "first", "second", "third")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert "3 tags name no version: first, second, third" in told.text


def test_17_a_rejected_tag_that_holds_the_fix_is_offered(story: Story, ask: Any) -> None:
    for tag in ("v28.2.0", "v28.3.0", "v28.4.0"):
        story.release(tag)
    fix = story.release("docker-v29.0.0")
    told = ask(story, "--fix", fix)
    assert told.word is Exit.UNSEEN
    named = ask(story, "--fix", fix, "--tags", "v")
    assert named.word is Exit.UNSEEN
    assert "--tags v --tags 'docker-v{version}'" in named.why
    both = ask(story, "--fix", fix, "--tags", "v", "--tags", "docker-v{version}")
    assert (both.word, both.sentence) == (Exit.DONE, "all versions before 29.0.0")


def test_18_releases_made_by_squash_are_unseen(story: Story, ask: Any) -> None:
    story.release("v1.0.0")
    story.branch("develop")
    origin = story.commit()
    story.go("main")
    story.release("v1.1.0", message="Version 1.1.0")
    story.go("develop")
    fix = story.commit()
    story.go("main")
    story.release("v1.2.0", message="Version 1.2.0")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert told.state("1.1.0") == "unseen"
    assert "in no version" in told.why


def test_19_packages_of_one_repository_are_told_apart(story: Story, ask: Any) -> None:
    story.release("@react-router/node@7.0.0")
    for number in range(3):
        story.release(f"react-router@6.{number}.0", f"@react-router/node@7.{number + 1}.0")
    origin = story.release("react-router@6.3.0", "@react-router/node@7.4.0")
    fix = story.release("react-router@6.4.0", "@react-router/node@7.5.0")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert "--tags 'react-router@{version}'" in told.why
    assert "--tags '@react-router/node@{version}'" in told.why
    one = ask(story, "--fix", fix, "--origin", origin, "--tags", "react-router@{version}")
    one_alone = ask(
        *(story, "--fix", fix, "--origin", origin, "--tags", "react-router@{version}"),
        *("--not-versions", "@react-router/node@{version}"),
    )
    assert one.sentence == one_alone.sentence == "all versions from 6.3.0 before 6.4.0"
    assert one.word is one_alone.word is Exit.DONE


def test_20_an_origin_that_was_never_merged_is_unseen(story: Story, ask: Any) -> None:
    story.release("v1.0.0")
    story.branch("side")
    origin = story.commit()
    story.go("main")
    fix = story.release("v1.1.0")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert f"origin {origin[:12]}: it is in no version" in told.why


def test_21_a_candidate_is_before_its_version_however_it_is_written(story: Story, ask: Any) -> None:
    story.release("2.0.0")
    story.release("3.0.0rc")
    fix = story.release("3.0.0")
    told = ask(story, "--fix", fix)
    assert told.whole["tags"]["prereleases"] == ["3.0.0rc"]
    early = ask(story, "--fix", fix, "--prereleases")
    assert early.result["affected"] == ["2.0.0", "3.0.0rc"]
    assert early.sentence == "all versions before 3.0.0"


@pytest.mark.parametrize(
    "tags", [("v5.2", "v5.3", "v5.4"), ("v1.0.0", "v1.0.1", "v1.0.2"), ("1.0.1a", "1.0.1b", "1.0.1c")]
)
def test_22_records_have_a_type_of_the_list_and_no_range_without_a_repository(
    story: Story, ask: Any, tags: tuple[str, ...]
) -> None:
    _, fix = line(story, *tags)
    told = ask(story, "--fix", fix)
    assert told.word is Exit.DONE
    assert {entry["type"] for entry in told.result["osv"]["ranges"]} <= {"SEMVER", "ECOSYSTEM"}
    told = ask(story, "--fix", fix, "--repository", "https://example.org/app.git")
    assert "GIT" in {entry["type"] for entry in told.result["osv"]["ranges"]}
    story.branch("later")
    unfixed = ask(story, "--fix", story.commit(), "--series", "9=later", "--planned", "9.0.0")
    assert unfixed.sentence.startswith("all versions")


def test_23_the_self_check_says_that_reverts_explain_the_difference(story: Story, ask: Any) -> None:
    story.commit()
    origin = story.release("v1.0.0")
    fix = story.release("v1.1.0", message="Check names")
    story.release("v1.2.0", message=f'Revert "Check names"\n\nThis reverts commit {fix}.')
    told = ask(story, "--fix", fix, "--origin", origin, "--self-check")
    assert told.word is Exit.DONE
    assert told.whole["self_check"] == {"vulnerability": []}
    assert "reverts explain" in told.text


def test_24_up_to_and_with_is_read(story: Story, ask: Any) -> None:
    story.release("v1.2.1")
    origin = story.release("v1.2.2")
    fix = story.release("v1.2.3")
    assert ask(story, "--fix", fix, "--origin", origin, "--against", "<= 1.2.2").word is Exit.BLOCKED
    assert ask(story, "--fix", fix, "--origin", origin, "--against", ">= 1.2.2, <= 1.2.2").word is Exit.DONE
    assert ask(story, "--fix", fix, "--against", "<= 1.2.2").word is Exit.DONE
    assert ask(story, "--fix", fix, "--against", "<= 1.2.3").word is Exit.BLOCKED


def test_a_rejected_tag_of_a_known_series_that_holds_the_origin_is_asked_about(story: Story, ask: Any) -> None:
    story.release("v1.0.0")
    origin = story.release("v1.1.0", "other-1.0.5")
    fix = story.release("v1.2.0")
    told = ask(story, "--fix", fix, "--origin", origin, "--tags", "v")
    assert told.word is Exit.UNSEEN
    assert "other-1.0.5 has the origin" in told.why
    said = ask(story, "--fix", fix, "--origin", origin, "--tags", "v", "--not-versions", "other-{version}")
    assert said.word is Exit.DONE


def test_a_prefix_that_changed_is_asked_about(story: Story, ask: Any) -> None:
    story.release("release-1.0")
    origin = story.release("release-1.1")
    story.release("v2.0")
    fix = story.release("v2.1")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert "--tags v --tags 'release-{version}'" in told.why
    both = ask(story, "--fix", fix, "--origin", origin, "--tags", "v", "--tags", "release-{version}")
    assert (both.word, both.sentence) == (Exit.DONE, "all versions from 1.1 before 2.1")


CHECKED = {"a.c": "int a;\ncheck(n);\ncopy(n);\n"}
UNCHECKED = {"a.c": "int a;\ncopy(n);\n"}


def merged_fix(story: Story, message: str) -> tuple[str, str, str]:
    """The origin, 1.0.0; the fix merged, 1.1.0; more: give the origin, the fix and the merge."""
    story.commit(edits={"a.c": "int a;\n"})
    origin = story.commit("Copy names", edits=UNCHECKED)
    story.tag("v1.0.0")
    story.branch("topic")
    fix = story.commit("Look at names in the parser", edits=CHECKED)
    story.go("main")
    story.commit(edits={"other.c": "int other;\n"})
    merge = story.merge("topic", message)
    story.tag("v1.1.0")
    return origin, fix, merge


@pytest.mark.parametrize(
    ("merges", "reverts", "named"),
    [
        ("Merged in topic (pull request #7)\n\nCheck names", 'Revert "Merged in topic (pull request #7)"', "commit"),
        ("Merge pull request #7 from elif/topic\n\nCheck names", 'Revert "Check names"', "merge"),
        ("Merge pull request #7 from elif/topic", "Merge pull request #8 from app/revert-7-topic", "commit"),
        (
            "Merged PR 7: Check names",
            'Merged PR 8: Revert "Merged PR 7: Check names"\n\nRevert merge commit `{}`',
            "merge",
        ),
        (
            'Merge "Check names" into main',
            "Revert \"Merge 'Check names' into main\"\n\nThis reverts change Ide1ad.",
            "commit",
        ),
        ("Merge topic (r7)", "Roll back of what topic did", "merge"),
    ],
)
def test_a_revert_that_names_nothing_is_known_by_what_it_undoes(
    story: Story, ask: Any, merges: str, reverts: str, named: str
) -> None:
    origin, fix, merge = merged_fix(story, merges)
    story.commit(reverts.format(merge), edits=UNCHECKED)
    story.tag("v1.2.0")
    told = ask(story, "--fix", {"commit": fix, "merge": merge}[named], "--origin", origin)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions before 1.1.0, 1.2.0 and later")


def test_the_kernels_way_to_revert_a_backport_names_the_backport_and_what_it_was_of(story: Story, ask: Any) -> None:
    origin, fix, _ = merged_fix(story, "Merge branch 'topic'")
    story.branch("stable", origin)
    pick = story.commit(f"Look at names in the parser\n\ncommit {fix} upstream.", edits=CHECKED)
    story.tag("v1.0.1")
    story.commit(f'Revert "Look"\n\nThis reverts commit {pick} which is\ncommit {fix} upstream.', edits=UNCHECKED)
    story.tag("v1.0.2")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions before 1.0.1, 1.0.2 before 1.1.0")


def test_a_change_that_was_taken_back_without_a_word_is_not_proved(story: Story, ask: Any) -> None:
    origin, fix, _ = merged_fix(story, "Merge branch 'topic'")
    by = story.commit("Make the parser simpler", edits={**UNCHECKED, "other.c": "int more;\n"})
    story.tag("v1.2.0")
    for more in ((), ("--search",)):
        told = ask(story, "--fix", fix, "--origin", origin, *more)
        assert told.word is Exit.UNSEEN
        assert f"commit {by[:12]}: without a word it took out what {fix[:12]} had changed" in told.why
        assert (told.state("1.1.0"), told.state("1.2.0")) == ("not affected", "unseen")
    gone = ask(story, "--fix", fix, "--origin", origin, "--origin", by)
    assert (gone.word, gone.sentence) == (Exit.DONE, "all versions before 1.1.0, 1.2.0 and later")
    kept = ask(story, "--fix", f"{fix},{by}", "--origin", origin)
    assert (kept.word, kept.sentence) == (Exit.DONE, "all versions before 1.1.0")
    assert "claim in a file of cases" in ask(story, "--fix", fix).why


@pytest.mark.parametrize(
    "form",
    [
        "append",
        "new file",
        "in two steps",
        "line by line",
        "one a version",
        "on its series",
        "with other lines",
        "large",
    ],
)
def test_every_way_to_take_a_change_out_is_seen(story: Story, ask: Any, form: str) -> None:
    """Wherever the lines are gone and nothing is in their place, whoever asks is told."""
    story.commit()
    story.commit(edits={"a.c": "int a;\nint b;\n"})
    story.tag("v1.0.0")
    before = dict(story.files[story.head() or ""])
    lines = {"a.c": "int a;\nif (!a)\n  stop();\nint b;\nif (!b)\n  leave();\n"}
    match form:
        case "append":
            fix = story.commit("Look at names")
        case "new file":
            fix = story.commit("Look at names", edits={"check.c": "int check;\n"})
        case _:
            fix = story.commit("Look at names", edits=lines)
    story.tag("v1.1.0")
    if form == "on its series":
        story.branch("s", fix)
    story.commit()
    match form:
        case "append":
            story.commit(
                "Make it simpler",
                edits={"file.c": story.files[story.head() or ""]["file.c"].replace("line 3: Look at names\n", "")},
            )
        case "new file":
            story.remove("Make it simpler", "check.c")
        case "in two steps":
            story.commit("Make it simpler", edits={"a.c": lines["a.c"].replace("if (!a)\n  stop();\n", "")})
            story.commit("And more so", edits={"a.c": before["a.c"]})
        case "with other lines":
            story.commit("Make it simpler", edits={"a.c": "int first;\nint second;\n" + before["a.c"]})
        case _:
            story.commit("Make it simpler", edits={"a.c": before["a.c"]})
    story.tag("v1.1.1" if form == "on its series" else "v1.2.0")
    told = ask(story, "--fix", fix)
    assert told.word is Exit.UNSEEN
    assert "without a word it took out" in told.why
    assert told.state("1.1.0") == "not affected"


LINES = "int a;\nif (!a)\n  stop();\nint b;\nif (!b)\n  leave();\n"


@pytest.mark.parametrize("tagged", [True, False])
def test_what_is_undone_line_by_line_is_told_of_the_commit_that_makes_it_most(
    story: Story, ask: Any, *, tagged: bool
) -> None:
    story.commit(edits={"a.c": "int a;\nint b;\n"})
    story.tag("v1.0.0")
    fix = story.commit("Look at names", edits={"a.c": LINES})
    story.tag("v1.1.0")
    for number, line in enumerate(["if (!a)\n", "  stop();\n", "if (!b)\n", "  leave();\n"]):
        text = story.files[story.head() or ""]["a.c"].replace(line, "")
        story.commit(f"Make it simpler, step {number}", edits={"a.c": text})
        if tagged:
            story.tag(f"v1.1.{number + 1}")
    story.tag("v1.2.0")
    told = ask(story, "--fix", fix)
    assert told.word is Exit.UNSEEN
    assert "without a word it took out" in told.why
    assert (told.state("1.1.0"), told.state("1.2.0")) == ("not affected", "unseen")


def test_a_change_of_many_places_is_looked_for_too(story: Story, ask: Any) -> None:
    before = "".join(f"int a{n};\nint b{n};\n" for n in range(70))
    story.commit(edits={"a.c": before})
    story.tag("v1.0.0")
    fix = story.commit("Look at names", edits={"a.c": before.replace(";\nint b", ";\ncheck();\nint b")})
    story.tag("v1.1.0")
    story.commit("Make it simpler", edits={"a.c": before + "int more;\n"})
    story.tag("v1.2.0")
    told = ask(story, "--fix", fix)
    assert (told.word, told.state("1.2.0")) == (Exit.UNSEEN, "unseen")


WEAK, STRONG, NEWER = "\0weak\n", "\0strong\n", "\0stronger\n"


@pytest.mark.parametrize(
    ("files", "gone", "seen"),
    [
        (({"a.bin": WEAK}, {"a.bin": STRONG}, {"a.bin": WEAK}), (), True),
        (({"a.bin": WEAK}, {"a.bin": STRONG}, {"a.bin": NEWER}), (), False),
        (({"a.bin": WEAK}, {"a.bin": STRONG}, {}), ("a.bin",), False),
        (({}, {"a.bin": STRONG}, {}), ("a.bin",), True),
        (({}, {"a.bin": STRONG}, {"b/a.bin": STRONG}), ("a.bin",), False),
        (({"a.sh": Runs("run\n")}, {"a.sh": "run\n"}, {"a.sh": Runs("run\n")}), (), True),
        (({"a.sh": Runs("run\n")}, {"a.sh": "run\n"}, {"a.sh": "run more\n"}), (), False),
        (({"a.sh": Runs("run\n")}, {"a.sh": "run\n"}, {}), ("a.sh",), False),
    ],
)
def test_what_is_no_text_is_seen_where_it_is_put_back(
    story: Story, ask: Any, files: Sequence[dict[str, str]], gone: tuple[str, ...], *, seen: bool
) -> None:
    """The contents of a binary file, its mode, and whether it is there."""
    before, mended, after = files
    story.commit(edits={**before, "other.c": "int other;\n"})
    story.tag("v1.0.0")
    fix = story.commit("Look at names", edits=mended)
    story.tag("v1.1.0")
    story.remove("Make it simpler", *gone, edits=after)
    story.tag("v1.2.0")
    told = ask(story, "--fix", fix)
    assert told.word is (Exit.UNSEEN if seen else Exit.DONE)
    assert ("without a word it took out" in told.why) is seen


ROWS = "".join(f"line {number};\n" for number in range(9))
SEEN = ROWS.replace("line 5;\n", "check(n);\ncheck(m);\n")
INDENTED = ("if (bad(x))\n  log(x);\nserve(x);\n", "if (bad(x))\n  log(x);\n  serve(x);\n")


@pytest.mark.parametrize(
    ("name", "before", "mended"),
    [
        ("blanks.py", *INDENTED),
        ("ends.txt", "a b\r\nc d\r\n", "a b\nc d\n"),
        ("order.c", "a();\nuse(x);\ncheck(x);\nb();\n", "a();\ncheck(x);\nuse(x);\nb();\n"),
        ("signs.c", "if (a)\n\n{\n}\n", "if (a)\n;\n{\n}\n"),
        ('"quoted".c', ROWS, SEEN),
        ("a\ttab\\.c", ROWS, SEEN),
        ("\N{SNOWMAN}.c", ROWS, SEEN),
        ("\udce9.c", ROWS, SEEN),
    ],
)
def test_a_change_that_is_put_back_is_seen_whatever_its_lines_and_its_file_are_called(
    story: Story, ask: Any, name: str, before: str, mended: str
) -> None:
    """Lines that differ in blanks, in their order or in no letter; names that git quotes, or that are no UTF-8."""
    story.commit(edits={name: before, "other.c": "int other;\n"})
    story.tag("v1.0.0")
    fix = story.commit("Look at names", edits={name: mended})
    story.tag("v1.1.0")
    story.commit("Make it simpler", edits={name: before})
    story.tag("v1.2.0")
    told = ask(story, "--fix", fix)
    assert told.word is Exit.UNSEEN
    assert "without a word it took out" in told.why


def test_a_file_without_a_line_that_is_taken_away_is_seen(story: Story, ask: Any) -> None:
    story.commit(edits={"other.c": "int other;\n"})
    story.tag("v1.0.0")
    fix = story.commit("Refuse all", edits={".refuse": ""})
    story.tag("v1.1.0")
    story.remove("Make it simpler", ".refuse")
    story.tag("v1.2.0")
    told = ask(story, "--fix", fix)
    assert told.word is Exit.UNSEEN
    assert "without a word it took out" in told.why


@pytest.mark.parametrize("more", [0, 2])
@pytest.mark.parametrize("named", ["commit", "merge"])
def test_what_a_merge_left_out_is_not_proved(story: Story, ask: Any, more: int, named: str) -> None:
    """`git merge -s ours`, or a conflict resolved in favour of the other side: git contains what is not there."""
    story.commit(edits={"a.c": "int a;\n"})
    origin = story.commit("Copy names", edits=UNCHECKED)
    story.tag("v1.0.0")
    story.branch("topic")
    fix = story.commit("Look at names in the parser", edits=CHECKED)
    for _ in range(more):
        story.commit()
    story.go("main")
    story.commit(edits={"other.c": "int other;\n"})
    merge = story.merge_ours("topic", "Merge branch 'topic'")
    story.tag("v1.1.0")
    told = ask(story, "--fix", {"commit": fix, "merge": merge}[named], "--origin", origin)
    assert told.word is Exit.UNSEEN
    if named == "merge":
        assert f"commit {merge[:12]}: it is a merge, and took nothing of what it merged" in told.why
    else:
        assert f"commit {merge[:12]}: it is a merge, and left out what {fix[:12]} had changed" in told.why
        gone = ask(story, "--fix", fix, "--origin", origin, "--origin", merge)
        assert (gone.word, gone.sentence) == (Exit.DONE, "all versions")


@pytest.mark.parametrize("named", ["alone", "beside the fix", "as another form of it"])
def test_a_commit_that_changes_nothing_proves_nothing(story: Story, ask: Any, named: str) -> None:
    origin, fix, _ = merged_fix(story, "Merge branch 'topic'")
    empty = story.commit("Look at names, says the ticket", edits={})
    story.tag("v1.2.0")
    words = {
        "alone": ("--fix", empty),
        "beside the fix": ("--fix", fix, "--fix", empty),
        "as another form of it": ("--fix", f"{fix},{empty}"),
    }
    told = ask(story, *words[named], "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert f"commit {empty[:12]}: it changes nothing" in told.why
    assert ask(story, "--fix", fix, "--origin", origin).word is Exit.DONE


@pytest.mark.parametrize(
    ("after", "more"),
    [
        ("int a;\nif (check_names(n, MAX))\n  return;\ncopy(n);\n", {}),
        ("int a;\n", {"b.c": "check(n);\ncopy(n);\n"}),
        ("int a;\n  check(n);\n  copy(n);\n", {}),
        ("int everything;\nint anew;\n", {}),
    ],
)
def test_code_that_was_written_anew_or_moved_is_not_taken_out(
    story: Story, ask: Any, after: str, more: dict[str, str]
) -> None:
    origin, fix, _ = merged_fix(story, "Merge branch 'topic'")
    story.commit("Make the parser better", edits={"a.c": after, **more})
    story.tag("v1.2.0")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions before 1.1.0")


def test_an_origin_that_was_taken_out_without_a_word_is_not_proved(story: Story, ask: Any) -> None:
    story.commit(edits={"a.c": "int a;\n"})
    story.tag("v1.0.0")
    origin = story.commit("Copy names", edits=UNCHECKED)
    story.tag("v1.1.0")
    by = story.commit("Tidy", edits={"a.c": "int a;\n"})
    story.tag("v1.2.0")
    again = story.commit("Copy them all the same", edits={"a.c": UNCHECKED["a.c"] + "int more;\n"})
    fix = story.commit("Look at names in the parser", edits=CHECKED)
    story.tag("v1.3.0")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert f"without a word it took out what {origin[:12]} had changed" in told.why
    assert f"--fix {fix[:12]},{by[:12]}" in told.why
    assert (told.state("1.1.0"), told.state("1.2.0")) == ("affected", "unseen")
    known = ask(story, "--fix", f"{fix},{by}", "--origin", origin, "--origin", again)
    assert known.sentence == "all versions from 1.1.0 before 1.2.0"


@pytest.mark.parametrize("form", ["by hand", "of the merge"])
def test_a_change_that_was_taken_back_and_is_there_again_is_not_proved(story: Story, ask: Any, form: str) -> None:
    """A revert in so many words, and then the same lines in other words."""
    origin, fix, merge = merged_fix(story, "Merge branch 'topic'")
    undone = {"of the merge": merge}.get(form, fix)
    story.commit(f"Take it back\n\nThis reverts commit {undone}.", edits=UNCHECKED)
    story.tag("v1.2.0")
    again = story.commit("Make the parser safe", edits=CHECKED)
    story.tag("v1.3.0")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert "it was taken back, and all that it changed is in" in told.why
    assert told.state("1.3.0") == "unseen"
    assert told.state("1.2.0") == "affected"
    if form == "by hand":
        named = ask(story, "--fix", f"{fix},{again}", "--origin", origin)
        assert named.sentence == "all versions before 1.1.0, 1.2.0 before 1.3.0"


PROGRAM = "".join(f"line {number} of the program\n" for number in range(1, 6))
FLAW = {"a.c": f"{PROGRAM}unsafe_call(input)\nsecond_unsafe(input)\nthird_unsafe(x)\n"}
SAFE = {"a.c": f"{PROGRAM}check_the(input)\nsafe_call(input)\nsecond_safe(input)\nthird_safe(x)\n"}
LESS = {"a.c": f"{PROGRAM}unsafe_call(input)\nsecond_unsafe(input)\n"}
A_PART = {"a.c": f"{PROGRAM}safe_call(input)\nsecond_unsafe(input)\nthird_unsafe(x)\n"}
NOTE = {"CHANGES": "a note\n"}
FIXES = "Check the input of the feature"


def flawed(story: Story) -> str:
    """Version 1.0.0 without the origin, 1.1.0 with it."""
    story.commit("Begin", edits={"a.c": PROGRAM})
    story.tag("v1.0.0")
    origin = story.commit("Add the feature", edits=FLAW)
    story.tag("v1.1.0")
    return origin


@pytest.mark.parametrize(
    ("says", "edits"),
    [
        ("Plan\n\nIf this fails: git revert {0}; it reverts commit {0} then", NOTE),
        ("Note\n\nUse later: This reverts commit {}.", NOTE),
        ("Note\n\n> This reverts commit {}.", NOTE),
        ("Note\n\nThis reverts commit {}.", NOTE),
        ("Note\n\nThis reverts commit {}.", {}),
        ("Plan\n\nReverts: {}", NOTE),
        ("Plan\n\nRevert commit {}", NOTE),
        ('Revert "Add the feature"\n\nThis reverts commit {}, only the third call.', LESS),
        ('Revert "Add the feature"\n\nThis reverts commit {}.\n\nThe rest follows.', LESS),
    ],
)
def test_a_revert_of_an_origin_that_left_its_lines_is_not_proved(
    story: Story, ask: Any, says: str, edits: dict[str, str]
) -> None:
    origin = flawed(story)
    by = story.commit(says.format(origin), edits=edits)
    story.tag("v1.2.0")
    fix = story.commit(FIXES, edits=SAFE)
    story.tag("v1.3.0")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert (told.word, told.sentence) == (Exit.UNSEEN, "all versions from 1.1.0 before 1.3.0")
    assert (told.state("1.1.0"), told.state("1.2.0")) == ("affected", "unseen")
    assert f"commit {by[:12]}: it looks like a revert of {origin[:12]}" in told.why
    assert f"if it is there all the same, --origin {by[:12]} as well" in told.why
    kept = ask(story, "--fix", fix, "--origin", origin, "--origin", by)
    assert (kept.word, kept.sentence) == (Exit.DONE, "all versions from 1.1.0 before 1.3.0")


@pytest.mark.parametrize(
    "says", ['Revert "Add the feature"\n\nThis reverts commit {}.', "x\n\n> This reverts commit {}."]
)
def test_a_revert_of_an_origin_that_took_its_lines_out_is_its_fix(story: Story, ask: Any, says: str) -> None:
    origin = flawed(story)
    story.commit(says.format(origin), edits={"a.c": PROGRAM})
    story.tag("v1.2.0")
    again = story.commit("Add the feature, safely", edits=SAFE)
    story.tag("v1.3.0")
    told = ask(story, "--fix", again, "--origin", origin)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions from 1.1.0 before 1.2.0")


@pytest.mark.parametrize(
    ("says", "edits"),
    [
        ("Note\n\nThis reverts commit {} only on staging.", {}),
        ("Note\n\nThis reverts commit {}.", NOTE),
        (
            'Revert "Check"\n\nThis reverts commit {}, but keeps the check.',
            {"a.c": f"{PROGRAM}check_the(input)\nsafe_call(input)\nsecond_unsafe(input)\nthird_unsafe(x)\n"},
        ),
    ],
)
def test_a_revert_of_a_fix_that_kept_it_is_not_proved(story: Story, ask: Any, says: str, edits: dict[str, str]) -> None:
    origin = flawed(story)
    fix = story.commit(FIXES, edits=SAFE)
    story.tag("v1.2.0")
    by = story.commit(says.format(fix), edits=edits)
    story.tag("v1.3.0")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert (told.state("1.2.0"), told.state("1.3.0")) == ("not affected", "unseen")
    assert f"commit {by[:12]}" in told.why


@pytest.mark.parametrize(("edits", "whole"), [(A_PART, False), ({}, False), (NOTE, False), (SAFE, True)])
@pytest.mark.parametrize("says", ["This reverts commit {revert}.", "This reapplies commit {fix}."])
def test_a_change_that_is_made_again_has_its_lines(
    story: Story, ask: Any, says: str, edits: dict[str, str], *, whole: bool
) -> None:
    origin = flawed(story)
    fix = story.commit(FIXES, edits=SAFE)
    story.tag("v1.2.0")
    revert = story.commit(f'Revert "{FIXES}"\n\nThis reverts commit {fix}.', edits=FLAW)
    story.tag("v1.3.0")
    by = story.commit(f'Reapply "{FIXES}"\n\n{says.format(fix=fix, revert=revert)}', edits=edits)
    story.tag("v1.4.0")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert (told.word is Exit.DONE) is whole
    assert told.state("1.3.0") == "affected"
    assert told.state("1.4.0") == ("not affected" if whole else "unseen")
    assert whole or f"commit {by[:12]}" in told.why


@pytest.mark.parametrize(("edits", "whole"), [(A_PART, False), ({}, False), (NOTE, False), (SAFE, True)])
@pytest.mark.parametrize("says", ["(cherry picked from commit {})", "[ Upstream commit {} ]"])
def test_a_pick_has_what_it_was_picked_from(
    story: Story, ask: Any, says: str, edits: dict[str, str], *, whole: bool
) -> None:
    origin = flawed(story)
    story.branch("1.1")
    story.go("main")
    fix = story.commit(FIXES, edits=SAFE)
    story.tag("v1.2.0")
    story.go("1.1")
    by = story.commit(f"{FIXES}\n\n{says.format(fix)}", edits=edits)
    story.tag("v1.1.1")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert (told.word is Exit.DONE) is whole
    assert told.state("1.1.1") == ("not affected" if whole else "unseen")
    assert whole or f"commit {by[:12]}: it may be the same change as {fix[:12]}" in told.why


def in_order(story: Story, *tags: str) -> tuple[str, str]:
    """Tag a version without the flaw, those with it, and the last one with the fix."""
    story.commit(edits={"a.c": "int a;\n"})
    story.tag(tags[0])
    origin = story.commit("Copy names", edits=UNCHECKED)
    for tag in tags[1:-1]:
        story.tag(tag)
        story.commit()
    fix = story.commit("Look at names in the parser", edits=CHECKED)
    story.tag(tags[-1])
    return origin, fix


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        (("R2023-11", "R2023-12", "R2024-02"), "all versions from 2023.12 before 2024.02"),
        (("r1-2-0", "r1-3-0", "r2-1-0"), "all versions from 1.3.0 before 2.1.0"),
        (("icu4c-71-1", "icu4c-72-1", "icu4c-73-1"), "all versions from 72.1 before 73.1"),
    ],
)
def test_numbers_with_hyphens_are_one_version(story: Story, ask: Any, tags: tuple[str, ...], sentence: str) -> None:
    origin, fix = in_order(story, *tags)
    told = ask(story, "--fix", fix, "--origin", origin)
    assert (told.word, told.sentence) == (Exit.DONE, sentence)


@pytest.mark.parametrize(
    "tags",
    [
        ("1.2.0-gabc1234", "1.2.1-gabd1235", "1.2.2-gabc1236"),
        ("RELEASE.2023-01-01T00-00-01Z", "RELEASE.2023-02-01T00-00-01Z", "RELEASE.2023-03-01T00-00-01Z"),
        ("debian/1.2.0-1_deb10u1", "debian/1.2.0-1_deb10u2", "debian/1.2.0-1_deb10u3"),
    ],
)
def test_the_last_number_of_a_name_is_no_version(story: Story, ask: Any, tags: tuple[str, ...]) -> None:
    """A hash, a time, a distribution's mark: what stands before it is more of a version."""
    origin, fix = in_order(story, *tags)
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert "3 tags name no version" in told.why


@pytest.mark.parametrize(
    ("tags", "remedy"),
    [
        (("foo2-1", "foo2-2", "foo3-1", "foo3-2"), "--tags 'foo{version}'; else"),
        (("8.x-1.0", "8.x-1.1", "9.x-1.0", "9.x-1.1"), "--tags '8.x-{version}'; or --tags '9.x-{version}'"),
    ],
)
def test_names_that_differ_in_more_numbers_than_one_are_asked_about(
    story: Story, ask: Any, tags: tuple[str, ...], remedy: str
) -> None:
    origin, fix = in_order(story, *tags)
    for words in (("--fix", fix, "--origin", origin), ("--fix", fix)):
        told = ask(story, *words)
        assert told.word is Exit.UNSEEN
        assert "tags differ in more numbers than their version" in told.why
        assert remedy in told.why
    if tags[0] == "foo2-1":
        told = ask(story, "--fix", fix, "--origin", origin, "--tags", "foo{version}")
        assert (told.word, told.sentence) == (Exit.DONE, "all versions from 2.2 before 3.2")


@pytest.mark.parametrize("tag", ["v1.1.0-gabc1234", "1.1.0", "V1.1.0x-y", "build-77x"])
@pytest.mark.parametrize("named", ["auto", "v"])
def test_no_version_is_called_affected_beside_a_tag_that_is(story: Story, ask: Any, tag: str, named: str) -> None:
    origin, fix = in_order(story, "v1.0.0", tag, "v1.2.0")
    told = ask(story, "--fix", fix, "--origin", origin, "--tags", named)
    assert told.word is Exit.UNSEEN
    assert tag in told.why
    other = ask(story, "--fix", fix, "--origin", origin, "--tags", named, "--not-versions", tag)
    assert (other.word, other.sentence) == (Exit.DONE, "no version is affected")


def test_a_small_family_that_holds_all_is_not_taken_for_the_versions(story: Story, ask: Any) -> None:
    """Releases made by squash, and one tag of a build on the line where the flaw was and was mended."""
    story.release("v1.0.0")
    story.branch("develop")
    origin = story.commit("Copy names", edits=UNCHECKED)
    story.go("main")
    story.release("v1.1.0", message="Version 1.1.0")
    story.go("develop")
    fix = story.commit("Look at names in the parser", edits=CHECKED)
    story.tag("build-77")
    story.go("main")
    story.release("v1.2.0", message="Version 1.2.0")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert "v1.1.0 has nothing of what was named" in told.why


def test_tags_of_something_else_are_not_chosen(story: Story, ask: Any) -> None:
    for number in range(5):
        story.release(f"lib@7.{number}.0")
    story.release("app@1.0.0")
    origin = story.release("app@1.1.0", "lib@7.6.0")
    fix = story.release("app@1.2.0", "lib@7.7.0")
    words = ("--fix", fix, "--origin", origin)
    assert ask(story, *words).word is Exit.UNSEEN
    for more in ((), ("--tags", r"^(?:app|lib)@(.*)$")):
        told = ask(story, *words, *more, "--not-versions", "lib@{version}")
        assert (told.word, told.sentence) == (Exit.DONE, "all versions from 1.1.0 before 1.2.0")


def test_versions_that_are_all_early_are_named_as_the_reason(story: Story, ask: Any) -> None:
    origin, fix = in_order(story, "v2.0.0-M1", "v2.0.0-M2", "v2.0.0-M3")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.UNSEEN
    assert "3 tags name early versions, which are left out" in told.why
    early = ask(story, "--fix", fix, "--origin", origin, "--prereleases")
    assert (early.word, early.sentence) == (Exit.DONE, "all versions from 2.0.0-M2 before 2.0.0-M3")


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("older", [True, False])
def test_a_history_that_was_begun_anew_shows_nothing_of_the_origin(
    story: Story, ask: Any, *, there: bool, older: bool
) -> None:
    """An import of files, with the flaw or without it: no commit of it is in the history of the origin."""
    story.go("import")
    begun = story.commit("Import", edits=UNCHECKED if there else {"a.c": "int a;\n"})
    story.tag("v0.9.0" if older else "v3.0.0")
    story.go("main")
    origin, fix = in_order(story, "v1.0.0", "v1.1.0", "v1.2.0")
    words = ("--fix", fix, "--origin")
    told = ask(story, *words, origin)
    assert told.word is Exit.UNSEEN
    assert told.state("0.9.0" if older else "3.0.0") == "unseen"
    assert (told.state("1.0.0"), told.state("1.1.0"), told.state("1.2.0")) == (
        "not affected",
        "affected",
        "not affected",
    )
    assert "its history has no commit in common with that of the origin" in told.why
    if there:
        named = ask(story, *words, f"{origin},{begun}", *(() if older else ("--ended", "3.0")))
        assert named.word is Exit.DONE
    story.go("import")
    mended = story.commit("Look at names as well\n\n(cherry picked from commit " + fix + ")", edits=CHECKED)
    story.repo.references["refs/tags/" + ("v0.9.0" if older else "v3.0.0")].set_target(mended)
    assert ask(story, *words, origin).state("0.9.0" if older else "3.0.0") == "not affected"


@pytest.mark.parametrize("how", ["picked", "picked of a branch of it", "tagged", "merged elsewhere", "whole"])
def test_an_origin_that_is_a_merge_is_looked_for_in_pieces(story: Story, ask: Any, how: str) -> None:
    """A version that has a commit of the merged branch, and not the merge, may have the flaw."""
    start = story.commit(edits={"a.c": "int a;\n"})
    story.tag("v1.0.0")
    story.branch("topic")
    piece = story.commit("Copy names in the parser", edits=UNCHECKED)
    if how == "picked of a branch of it":
        story.branch("wider", start)
        story.commit("Begin the topic", edits={"w.c": "int w;\n"})
        story.merge("topic", "Merge branch 'topic' into wider")
        story.repo.references["refs/heads/topic"].set_target(story.head() or "")
        story.on = "topic"
    story.commit("And say so", edits={"t.c": "int t;\n"})
    story.go("main")
    story.commit()
    origin = story.merge("topic", "Merge branch 'topic'")
    story.tag("v1.1.0")
    fix = story.commit("Look at names in the parser", edits=CHECKED)
    story.tag("v1.2.0")
    story.branch("s", start)
    story.commit(edits={"s.c": "int s;\n"})
    match how:
        case "picked" | "picked of a branch of it":
            piece = story.commit(f"Copy names in the parser\n\n(cherry picked from commit {piece})", edits=UNCHECKED)
        case "tagged":
            story.tag("v1.0.1", piece)
        case "merged elsewhere":
            story.merge("topic", "Merge branch 'topic' into s")
        case _:
            pass
    if how != "tagged":
        story.tag("v1.0.1")
    told = ask(story, "--fix", fix, "--origin", origin)
    if how == "whole":
        assert (told.word, told.sentence) == (Exit.DONE, "all versions from 1.1.0 before 1.2.0")
        assert told.result["proposals"] == []
        return
    assert (told.word, told.state("1.0.1")) == (Exit.UNSEEN, "unseen")
    assert f"it may be the same change as {origin[:12]} (part of a merge)" in told.why
    named = ask(story, "--fix", fix, "--origin", f"{origin},{piece}", "--ended", "1.0")
    assert named.state("1.0.1") == "affected"


def test_one_change_is_no_fix_of_itself(story: Story, ask: Any) -> None:
    origin, fix = in_order(story, "v1.0.0", "v1.1.0", "v1.2.0")
    for words in (("--fix", fix, "--origin", fix), ("--fix", fix, "--origin", f"{origin},{fix}")):
        told = ask(story, *words)
        assert told.word is Exit.UNSEEN
        assert "one change is named as a fix and as an origin" in told.why


def test_the_self_check_knows_what_comes_back_and_what_is_unseen(story: Story, ask: Any) -> None:
    story.commit(edits={"a.c": "int a;\n"})
    origin = story.commit("Copy names", edits=UNCHECKED)
    story.tag("v1.0.0")
    story.branch("s")
    fix = story.commit("Look at names in the parser", edits=CHECKED)
    story.tag("v1.0.1")
    story.go("main")
    story.commit()
    merge = story.merge_ours("s", "Merge branch 's'")
    story.tag("v1.1.0")
    again = story.commit(f"Look at names in the parser\n\n(cherry picked from commit {fix})", edits=CHECKED)
    story.tag("v1.2.0")
    words = ("--fix", f"{fix},{again}", "--origin", origin, "--origin", merge, "--self-check")
    told = ask(story, *words)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions before 1.0.1, 1.1.0 before 1.2.0")
    assert told.whole["self_check"] == {"vulnerability": []}
    assert "git takes what comes back after a fix for fixed, and that explains 1.1.0" in told.text
    story.tag("V1.0.0", again)
    doubtful = ask(story, *words, "--tags", "v", "--tags", "V{version}")
    assert doubtful.word is Exit.UNSEEN
    assert doubtful.whole["self_check"] == {"vulnerability": []}


def test_an_answer_agrees_with_its_own_sentence(story: Story, ask: Any) -> None:
    story.release("v1.0.0")
    story.branch("s")
    story.go("main")
    origin = story.release("v1.1.0", message="Copy names without looking")
    fix = story.release("v1.1.1")
    story.go("s")
    story.commit(f"Copy names without looking\n\n(cherry picked from commit {origin})")
    words = ("--fix", fix, "--origin", origin, "--series", "1.0=s", "--planned", "1.0.1")
    assert ask(story, *words, "--against", ask(story, *words).sentence).word is Exit.UNSEEN


@pytest.mark.parametrize("text", ["1.0.0, 1.1.0, 1.2.0", "1.0.0 1.1.0", "1.0.0 soon", "1.0.0 01.02.2024"])
def test_a_second_version_on_a_line_is_not_taken_for_a_date(story: Story, ask: Any, tmp_path: Path, text: str) -> None:
    origin, fix = in_order(story, "v1.0.0", "v1.1.0", "v1.2.0")
    published = tmp_path / "published"
    published.write_text(f"1.0.0 2026-01\n1.2.0,2026-01-14\n{text}\n")
    with pytest.raises(Misused, match="is no date") as fault:
        ask(story, "--fix", fix, "--origin", origin, "--published", published)
    assert fault.value.where == f"{published}:3"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--series", "1.1"), r"series 1\.1 has no branch"),
        (("--series", "1.1=main", "--series", "1.1=s"), r"series 1\.1 has two branches"),
        (("--series", "1=main", "--planned", "1.3.0", "--planned", "1.4.0"), r"two versions are planned for series 1"),
    ],
)
def test_series_that_are_told_twice_or_by_half_are_misused(
    story: Story, ask: Any, words: tuple[str, ...], what: str
) -> None:
    origin, fix = in_order(story, "v1.0.0", "v1.1.0", "v1.2.0")
    with pytest.raises(Misused, match=what):
        ask(story, "--fix", fix, "--origin", origin, *words)


def test_a_series_that_ended_and_is_not_there_is_told(story: Story, ask: Any) -> None:
    origin, fix = in_order(story, "v1.0.0", "v1.1.0", "v1.2.0")
    told = ask(story, "--fix", fix, "--origin", origin, "--ended", "1.11")
    assert "series 1.11 has no version here" in told.result["findings"]


def test_two_cases_of_one_name_are_misused(story: Story, ask: Any, tmp_path: Path) -> None:
    _, fix = in_order(story, "v1.0.0", "v1.1.0", "v1.2.0")
    cases = tmp_path / "cases.toml"
    one = f'[[vulnerability]]\nname = "CVE-2026-0001"\nfixes = [{{ commits = ["{fix}"] }}]\n'
    cases.write_text(one + one)
    with pytest.raises(Misused, match="2 vulnerabilities are called 'CVE-2026-0001'"):
        ask(story, "--cases", cases)
    cases.write_text('[[series]]\nname = "1.2"\n[[series]]\nname = "1.2"\n' + one)
    with pytest.raises(Misused, match=r"2 series are called '1\.2'"):
        ask(story, "--cases", cases)


def test_a_link_to_a_commit_names_it(story: Story, ask: Any) -> None:
    origin, fix = in_order(story, "v1.0.0", "v1.1.0", "v1.2.0")
    told = ask(story, "--fix", f"https://git.example/a/b/-/commit/{fix},{fix}", "--origin", origin)
    assert (told.word, told.sentence) == (Exit.DONE, "all versions from 1.1.0 before 1.2.0")


@pytest.mark.parametrize("tail", ["+build", "-4", "-0ubuntu1", "+deb11u1", ".Final"])
def test_what_is_answered_is_read_as_a_range(story: Story, ask: Any, tail: str) -> None:
    origin, fix = in_order(story, *(f"v1.{number}.0{tail}" for number in range(3)))
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.word is Exit.DONE
    assert ask(story, "--fix", fix, "--origin", origin, "--against", told.sentence).word is Exit.DONE


WORDS = "Look at names first of all\n\nThe length of a name was not looked at before it was copied to its place."


@pytest.mark.parametrize("where", ["the same file", "a list of changes"])
def test_a_message_that_says_the_same_of_other_lines_is_no_link(story: Story, ask: Any, where: str) -> None:
    before = "int a;\nint b;\ncopy(n);\nint c;\n"
    story.commit(edits={"a.c": before, "CHANGES": "first\n"})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    story.commit()
    mended = before.replace("copy", "if (n > MAX)\n  return;\ncopy")
    fix = story.commit(WORDS, edits={"a.c": mended, "CHANGES": "first\nparser\n"})
    story.tag("v1.1.0")
    story.go("s")
    story.commit()
    edits = {"a.c": before + "log(n);\n"} if where == "the same file" else {"q.c": "int q;\n"}
    pick = story.commit(WORDS, edits={**edits, "CHANGES": "first\ncolours\n"})
    story.tag("v1.0.1")
    answer = ask(story, "--fix", fix)
    assert (answer.word, answer.state("1.0.1")) == (Exit.UNSEEN, "unseen")
    assert answer.result["links"] == []
    proposed = next(one for one in answer.result["proposals"] if one["commit"] == pick)
    assert "no line in common" in proposed["remark"]


def test_one_line_of_a_change_in_a_file_of_another_name_is_no_pick_of_it(story: Story, ask: Any) -> None:
    before = "int a;\nint b;\ncopy(n);\nint c;\n"
    story.commit(edits={"a.c": before})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    fix = story.commit("Look at names", edits={"a.c": before.replace("copy", "if (n > MAX)\n  return;\ncopy")})
    story.tag("v1.1.0")
    story.go("s")
    story.commit(f"Look at names\n\n(cherry picked from commit {fix})", edits={"q.c": "  return;\n"})
    story.tag("v1.0.1")
    answer = ask(story, "--fix", fix)
    assert (answer.word, answer.state("1.0.1")) == (Exit.UNSEEN, "unseen")


@pytest.mark.parametrize("how", ["by itself", "squashed", "a part", "mended"])
def test_an_origin_that_came_to_a_series_without_a_word_is_seen_in_its_files(story: Story, ask: Any, how: str) -> None:
    program = "".join(f"int a{number};\n" for number in range(6))
    flaw = f"{program}copy(n);\nstrcpy(x, n);\n"
    story.commit(edits={"a.c": program})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    origin = story.commit("Copy names", edits={"a.c": flaw})
    story.tag("v1.1.0")
    fix = story.commit("Look at names", edits={"a.c": f"{program}check(n);\ncopy(n);\nstrcpy(x, n);\n"})
    story.tag("v1.2.0")
    story.go("s")
    story.commit()
    more = {"k.c": "int k;\n" * 20} if how == "squashed" else {}
    part = f"{program}copy(n);\n" if how == "a part" else flaw
    by = story.commit("Bring features of 1.1", edits={"a.c": part, **more}, at=START + 90 * DAY)
    story.tag("v1.0.1")
    if how == "mended":
        story.commit(f"Look\n\n(cherry picked from commit {fix})", edits={"a.c": f"{program}check(n);\ncopy(n);\n"})
        story.tag("v1.0.2")
    told = ask(story, "--fix", fix, "--origin", origin)
    assert told.state("1.0.0") == "not affected"
    if how == "a part":
        assert (told.word, told.sentence) == (Exit.DONE, "all versions from 1.1.0 before 1.2.0")
        return
    assert (told.word, told.state("1.0.1")) == (Exit.UNSEEN, "unseen")
    assert f"the files of 1.0.1 have all that the origin, {origin[:12]}, brought in" in told.why
    named = ask(story, "--fix", fix, "--origin", f"{origin},{by}", "--ended", "1.0", "--ended", "1.1")
    assert (named.word, named.state("1.0.1")) == (Exit.DONE, "affected")

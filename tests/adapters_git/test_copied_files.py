"""Files that were copied, and that the fix did not mend: no version with one is proved fixed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secrel.adapters.git.repository import GitHistory
from secrel.desk.affected import Asking, prove_affected
from secrel.ranges.cases import Case, Change, Claimed, RangeClaim, SeriesPlan
from secrel.ranges.results import Result
from secrel.words.facts.phrases import read_range
from secrel.words.versions import Series, Version
from tests.adapters_git.stories import Story
from tests.adapters_git.test_part_of_a_fix import CHECKS, SAID, apart, is_affected, proved

FLAW, MENDED = apart(), apart(*CHECKS)
OTHER = FLAW.replace("int head;", "int other;").replace("end();", "end();\nmore();")
LARGE = apart(*("".join(f"check{number}(n, {more});\n" for more in range(6)) for number in range(4)))
FEW = settings(max_examples=max(8, settings().max_examples // 6))


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path / "app.git")


def begun(story: Story, **files: str) -> None:
    story.commit(edits={"a.c": FLAW, "z.c": "int z;\n", **files})
    story.tag("v1.0.0")


def doubts(result: Result) -> list[str]:
    return [part.what for part in result.unseen]


@pytest.mark.parametrize("at", ["vendor/a.c", "old/b.c.in"])
@pytest.mark.parametrize("when", ["before", "after", "from an old version"])
@pytest.mark.parametrize("mended", [False, True])
def test_a_copy_to_the_byte_is_a_doubt_while_it_is_not_mended(
    story: Story, at: str, when: str, *, mended: bool
) -> None:
    """Whatever it is called, and whether it was made of the file that the fix mended or of that of a version before."""
    begun(story)
    if when == "before":
        story.commit("Carry it along", edits={at: FLAW})
    if when == "from an old version":
        story.commit("Work", edits={"a.c": FLAW + "work();\n"})
    story.tag("v1.1.0")
    fix = story.commit(SAID, edits={"a.c": MENDED + ("work();\n" if when == "from an old version" else "")})
    story.tag("v1.2.0")
    if when != "before":
        story.commit("Carry it along", edits={at: FLAW})
    story.release("v1.3.0")
    also = story.commit("Mend that, too", edits={at: MENDED}) if mended else ""
    story.release("v1.4.0")
    result = proved(story, fix)
    flawed = ["1.3.0"] + ["1.2.0"] * (when == "before") + ["1.4.0"] * (not mended)
    assert result.doubtful == {Version.parse(version) for version in flawed}
    assert doubts(result) == [f"file {at}"]
    assert "it is as a.c was before the fix" in result.unseen[0].reason
    if mended:
        case = Case("case", (Change((fix,)), Change((also,))))
        both = prove_affected(GitHistory(story.path), Asking(), [case]).results[0]
        assert both.proved
        assert {str(version) for version in both.affected} == {"1.0.0", "1.1.0", "1.2.0", "1.3.0"}


@pytest.mark.parametrize(
    "edits",
    [
        {"vendor/a.c": OTHER},
        {"b.c": OTHER},
        {"deep/down/b.c": "int first;\n" + OTHER},
        {"a.c": MENDED + "int again;\n" + OTHER},
    ],
)
def test_a_copy_with_work_of_its_own_is_a_doubt_in_the_newest_version(story: Story, edits: dict[str, str]) -> None:
    """All places of the fix are in it as they were, in another file, or beside the mended ones."""
    begun(story)
    fix = story.commit(SAID, edits={"a.c": MENDED})
    story.tag("v1.1.0")
    story.commit("Make one of our own", edits=edits)
    story.tag("v1.2.0")
    result = proved(story, fix)
    assert result.doubtful == {Version.parse("1.2.0")}
    assert doubts(result) == [f"file {next(iter(edits))}"]
    assert "the places of the fix are in it as in a.c before the fix" in result.unseen[0].reason


@pytest.mark.parametrize("at", ["vendor/a.c", "b.c"])
@pytest.mark.parametrize("kept", range(5))
def test_a_copy_of_what_is_mended_is_a_doubt_where_a_place_is_as_it_was(story: Story, at: str, kept: int) -> None:
    begun(story)
    fix = story.commit(SAID, edits={"a.c": MENDED})
    story.tag("v1.1.0")
    story.commit("Carry it along", edits={at: MENDED})
    story.commit("Make it simpler", edits={at: apart(*CHECKS[:kept]) + "more();\n"})
    story.tag("v1.2.0")
    assert doubts(proved(story, fix)) == ([] if kept == len(CHECKS) else [f"file {at}"])


def test_a_copy_with_work_of_its_own_and_the_same_name_is_a_doubt_wherever_it_is(story: Story) -> None:
    begun(story, **{"vendor/a.c": OTHER})
    fix = story.commit(SAID, edits={"a.c": MENDED})
    story.tag("v1.1.0")
    story.remove("Use our own", "vendor/a.c")
    story.tag("v1.2.0")
    assert proved(story, fix).doubtful == {Version.parse("1.1.0")}


def test_a_copy_on_one_series_is_a_doubt_there_alone(story: Story) -> None:
    begun(story)
    story.branch("s")
    story.go("main")
    fix = story.commit(SAID, edits={"a.c": MENDED})
    story.tag("v1.1.0")
    story.go("s")
    story.commit("Carry it along", edits={"vendor/b.c": FLAW})
    story.commit(f"{SAID}\n\n(cherry picked from commit {fix})", edits={"a.c": MENDED})
    story.tag("v1.0.1")
    assert proved(story, fix).doubtful == {Version.parse("1.0.1")}


@pytest.mark.parametrize("edits", [{}, {"a.c": FLAW}, {"vendor/b.c": FLAW}])
def test_what_is_in_doubt_before_the_release_is_the_planned_version(story: Story, edits: dict[str, str]) -> None:
    """No version has the fix yet: a copy, or what took it out without a word, is told of the one that comes next."""
    begun(story)
    fix = story.commit(SAID, edits={"a.c": MENDED})
    story.commit("Go on", edits=edits)
    planned = Version.parse("1.0.1")
    asking = Asking(plans=(SeriesPlan(Series.parse("1.0"), "main", planned=planned),))
    result = prove_affected(GitHistory(story.path), asking, [Case("case", (Change((fix,)),))]).results[0]
    assert result.proved is (not edits)
    assert result.doubtful == ({planned} if edits else set())


def test_the_newest_version_is_the_highest_whenever_it_came_out(story: Story) -> None:
    begun(story)
    story.branch("s")
    story.go("main")
    fix = story.commit(SAID, edits={"a.c": MENDED})
    story.commit("Make one of our own", edits={"b.c": OTHER})
    story.tag("v1.1.0")
    story.go("s")
    story.commit(f"{SAID}\n\n(cherry picked from commit {fix})", edits={"a.c": MENDED})
    story.tag("v1.0.1")
    assert proved(story, fix).doubtful == {Version.parse("1.1.0")}


def test_a_file_that_the_fix_took_away_is_a_doubt_where_it_is_again(story: Story) -> None:
    begun(story)
    fix = story.remove("Drop the parser", "a.c")
    story.tag("v1.1.0")
    story.commit("A new parser", edits={"new.c": FLAW})
    story.tag("v1.2.0")
    result = proved(story, fix)
    assert result.doubtful == {Version.parse("1.2.0")}
    assert {str(version) for version in result.affected} == {"1.0.0"}


@pytest.mark.parametrize(
    ("before", "edits"),
    [
        ({"tests/a.c": FLAW, "docs/a.c": OTHER}, {"a.c": MENDED}),  # tests and notes have old forms on purpose
        ({"vendor/a.c": FLAW}, {"a.c": MENDED, "vendor/a.c": MENDED}),  # the fix mended both
        ({"b.c": OTHER.replace("use1();", "safe1();")}, {"a.c": MENDED}),  # a place is not as it was
        ({"lib/__init__.py": "", "app/__init__.py": ""}, {"a.c": MENDED, "lib/__init__.py": "check()\nlook()\n"}),
        ({"b.h": "int b;\n", "c.h": "int b;\n"}, {"a.c": MENDED, "b.h": "int c;\n"}),  # a line says nothing
        ({"b.h": "int b;\nint c;\nint d;\n", "c.h": "int b;\nint c;\nint d;\n"},
         {"a.c": LARGE, "b.h": "int b;\nint d;\n"}),  # a trifle of the fix
        ({}, {"a.c": MENDED, "b.c": FLAW.replace("use", "look")}),
    ],
)  # fmt: skip
def test_what_is_no_copy_of_the_flaw_is_no_doubt(story: Story, before: dict[str, str], edits: dict[str, str]) -> None:
    begun(story, **before)
    fix = story.commit(SAID, edits=edits)
    story.tag("v1.1.0")
    assert proved(story, fix).proved


def test_a_file_that_the_fix_only_moved_is_no_copy_until_it_is_moved_back(story: Story) -> None:
    begun(story)
    fix = story.remove("Do not run it", "a.c", edits={"a.off": FLAW})
    story.tag("v1.1.0")
    assert proved(story, fix).proved
    story.remove("Run it", "a.off", edits={"a.c": FLAW})
    story.tag("v1.2.0")
    result = proved(story, fix)
    assert result.doubtful == {Version.parse("1.2.0")}
    assert result.unseen[0].reason.startswith("1.2.0 has it as it was before the fix")


def test_a_smaller_file_that_was_put_back_is_a_doubt_until_it_is_mended_again(story: Story) -> None:
    """Nearly all of the fix stays, in another file."""
    begun(story, **{"b.c": apart().replace("use", "look")})
    fix = story.commit(SAID, edits={"a.c": MENDED, "b.c": LARGE.replace("use", "look")})
    story.tag("v1.1.0")
    story.commit("Make it simpler", edits={"a.c": FLAW})
    story.tag("v1.2.0")
    story.commit("Make it better", edits={"a.c": MENDED})
    story.tag("v1.3.0")
    assert proved(story, fix).doubtful == {Version.parse("1.2.0")}


@pytest.mark.parametrize("claims", list(Claimed))
@pytest.mark.parametrize("at", ["vendor/a.c", "a.c"])
def test_whoever_knows_the_copy_claims_what_it_is(story: Story, claims: Claimed, at: str) -> None:
    begun(story, **{"b.c": apart().replace("use", "look")})
    fix = story.commit(SAID, edits={"a.c": MENDED, "b.c": LARGE.replace("use", "look")})
    story.tag("v1.1.0")
    story.commit("Make it simpler", edits={at: FLAW})
    story.tag("v1.2.0")
    story.remove("Make it better", at, edits={"a.c": MENDED})
    story.tag("v1.3.0")
    told = RangeClaim(claims, read_range("all versions from 1.2.0 before 1.3.0"), "looked at", "amara")
    cases = [Case("case", (Change((fix,)),), claims=mine) for mine in ((), (told,))]
    open_, known = prove_affected(GitHistory(story.path), Asking(), cases).results
    assert doubts(open_) == [f"file {at}"]
    assert known.proved
    assert is_affected(known, "1.2.0") is (claims is Claimed.AFFECTED)


def test_copies_are_not_looked_for_where_folders_are_lost(story: Story) -> None:
    begun(story, **{"notes/plan.c": "plan();\n"})
    fix = story.commit(SAID, edits={"a.c": MENDED})
    story.tag("v1.1.0")
    story.commit(edits={"notes/plan.c": "other();\n"})
    story.tag("v1.2.0")
    lost = str(story.repo.revparse_single("v1.1.0:notes").id)
    (story.path / "objects" / lost[:2] / lost[2:]).unlink()
    told = prove_affected(GitHistory(story.path), Asking(), [Case("case", (Change((fix,)),))])
    assert [note for note in told.notes if "copies of what was mended was not looked for: folders" in note]


NAMES = ("a.c", "lib/a.c", "b.c", "src/old.c", "vendor/x/a.c")


def drawn(story: Story, random: Random) -> tuple[str, dict[str, bool]]:
    """Draw a history of files that are copied, moved, dropped and mended; give the named fix, and what has the flaw."""
    story.commit(edits={"a.c": FLAW, "z.c": "int z;\n"})
    truth: dict[str, bool] = {}
    fix = ""
    for number in range(random.randint(4, 7)):
        files = story.files[story.head() or ""]
        here = [name for name in NAMES if name in files]
        free = [name for name in NAMES if name not in files]
        step = random.choice(("copy", "copy", "drop", "mend", "move", "work", "from a version"))
        if number == 2:
            fix = story.commit(SAID, edits={"a.c": MENDED})
        elif step == "copy" and here and free:
            story.commit("Copy it", edits={random.choice(free): files[random.choice(here)]})
        elif step == "from a version" and free and truth:
            old = story.files[str(story.repo.revparse_single(random.choice([f"v{version}" for version in truth])).id)]
            story.commit("Carry it along", edits={random.choice(free): old.get("a.c", FLAW)})
        elif step == "drop" and fix and len(here) > 1:
            story.remove("Drop it", random.choice(here))
        elif step == "mend" and fix and here:
            story.commit("Make it better", edits={random.choice(here): MENDED})
        elif step == "move" and fix and here and free:
            name = random.choice(here)
            story.remove("Move it", name, edits={random.choice(free): files[name]})
        else:
            story.commit(edits={"z.c": f"int z{story.count};\n"})
        story.tag(f"v1.{number}.0")
        files = story.files[story.head() or ""]
        truth[f"1.{number}.0"] = any(files.get(name) == FLAW for name in NAMES)
    return fix, truth


@pytest.mark.hypothesis
@FEW
@given(seed=st.integers(0, 2**32))
def test_whatever_is_proved_of_copied_files_is_so(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder) / "app.git")
        fix, truth = drawn(story, Random(seed))
        result = proved(story, fix)
        for version, flawed in truth.items():
            if Version.parse(version) not in result.doubtful:
                assert (Version.parse(version) in result.affected) is flawed

"""Changes taken back and made again, in the words of git and of forges; and merges, taken back to either side."""

from __future__ import annotations

import pytest

from secrel.adapters.git.repository import GitHistory
from secrel.desk.affected import Asking, prove_affected
from secrel.ranges.cases import Case, Change
from secrel.words.versions import Version
from tests.adapters_git.stories import Story
from tests.adapters_git.test_part_of_a_fix import CHECKS, apart, is_affected, proved, story

__all__ = ["story"]

NAMES = "Check the lengths of names"
FORMS = {
    "git": 'Revert "Revert "{s}""\n\nThis reverts commit {v}.',
    "git, since 2.43": 'Reapply "{s}"\n\nThis reverts commit {v}.',
    "GitHub": 'Revert "Revert "{s}"" (#13)\n\nReverts group/app#12',
    "by its subject": 'Revert "Revert "{s}""',
    "Gerrit": 'Revert^2 "{s}"\n\nThis reverts commit {v}.\n\nReason for revert: mended',
    "Gerrit, without a commit": 'Revert^2 "{s}"\n\nReason for revert: mended',
    "Gerrit, the commit alone": 'Revert^2 "{s}"\n\n{v}',
    "Chromium": 'Reland "{s}"\n\nThis is a reland of commit {f}\n\nOriginal change\'s description:\n> {s}',
    "Chromium, older": 'Reland "{s}"\n\nThis is a reland of {f}',
    "Chromium, in brackets": "[reland] {s}",
    "Chromium, the second": 'Reland^2 "{s}"',
    "Chromium, oldest": "Reland of {s} (patchset #1 id:1 of https://review.example/1)",
    "LLVM": 'Reapply "{s}" (#77)',
    "LLVM, with its id": 'Reapply "{s}" ({f:.12})',
    "LLVM, in brackets": "[Reland] {s}\n\nReland {f:.12} with a mend.",
    "LLVM, older": 'Recommit "{s}"',
    "LLVM, by number": 'Recommit r1234: "{s}"',
    "with a hyphen": "Re-land: {s}",
    "applied": "Re-apply {s}",
    "unrevert": 'Unrevert "{s}"',
    "forward": 'Roll forward "{s}"',
}
SAME, ADAPTED = apart(*CHECKS), apart(*CHECKS[:3], "stop(j, 1);\n")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("again", [SAME, ADAPTED])
@pytest.mark.parametrize("named", ["first", "again"])
def test_what_is_made_again_is_the_fix_again_whichever_is_named(
    story: Story, form: str, again: str, named: str
) -> None:
    story.commit(edits={"a.c": apart()})
    story.tag("v1.0.0")
    fix = story.commit(NAMES, edits={"a.c": apart(*CHECKS)})
    story.tag("v1.1.0")
    revert = story.commit(f'Revert "{NAMES}"\n\nThis reverts commit {fix}.', edits={"a.c": apart()})
    story.tag("v1.2.0")
    by = story.commit(FORMS[form].format(s=NAMES, f=fix, v=revert), edits={"a.c": again})
    story.tag("v1.3.0")
    result = proved(story, fix if named == "first" else by)
    assert result.proved
    assert [is_affected(result, f"1.{number}.0") for number in range(4)] == [True, False, True, False]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "edits", [{"b.c": "int b;\n"}, {"a.c": apart(CHECKS[0])}, {"a.c": apart("other();\n", "lines();\n")}]
)
def test_what_only_says_that_it_makes_it_again_is_not_the_fix(story: Story, form: str, edits: dict[str, str]) -> None:
    story.commit(edits={"a.c": apart()})
    fix = story.commit(NAMES, edits={"a.c": apart(*CHECKS)})
    story.tag("v1.1.0")
    revert = story.commit(f'Revert "{NAMES}"\n\nThis reverts commit {fix}.', edits={"a.c": apart()})
    story.tag("v1.2.0")
    story.commit(FORMS[form].format(s=NAMES, f=fix, v=revert), edits=edits)
    story.tag("v1.3.0")
    result = proved(story, fix)
    assert not result.proved
    assert is_affected(result, "1.3.0")


@pytest.mark.parametrize("form", ["Gerrit, without a commit", "LLVM", "Chromium", "git"])
def test_on_a_series_what_was_made_again_is_known_by_what_was_taken_back_there(story: Story, form: str) -> None:
    story.commit(edits={"a.c": apart()})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    fix = story.commit(NAMES, edits={"a.c": apart(*CHECKS)})
    story.tag("v1.1.0")
    story.go("s")
    pick = story.commit(f"{NAMES}\n\n(cherry picked from commit {fix})", edits={"a.c": apart(*CHECKS)})
    story.tag("v1.0.1")
    revert = story.commit(f'Revert "{NAMES}"\n\nThis reverts commit {pick}.', edits={"a.c": apart()})
    story.tag("v1.0.2")
    story.commit(FORMS[form].format(s=NAMES, f=pick, v=revert), edits={"a.c": apart(*CHECKS)})
    story.tag("v1.0.3")
    result = proved(story, fix)
    assert result.proved
    affected = [is_affected(result, version) for version in ("1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.1.0")]
    assert affected == [True, False, True, False, False]


@pytest.mark.parametrize("mainline", [1, 2])
@pytest.mark.parametrize("fixed_on", ["main", "topic"])
@pytest.mark.parametrize("named", ["commit", "merge"])
def test_the_revert_of_a_merge_takes_back_what_its_mainline_does_not_have(
    story: Story, mainline: int, fixed_on: str, named: str
) -> None:
    """`git revert -m 2` keeps what the branch had, and takes back what was made beside it."""
    story.commit(edits={"a.c": apart(), "t.c": "int t;\n"})
    story.tag("v1.0.0")
    story.branch("topic")
    story.go(fixed_on)
    fix = story.commit(NAMES, edits={"a.c": apart(*CHECKS)})
    story.go("topic" if fixed_on == "main" else "main")
    story.commit("Other work", edits={"t.c": "int t;\nint u;\n"})
    story.go("main")
    sides = [story.head("main") or "", story.head("topic") or ""]
    merge = story.merge("topic", "Merge branch 'topic'", {"a.c": apart(*CHECKS), "t.c": "int t;\nint u;\n"})
    kept = sides[mainline - 1]
    told = f"Revert \"Merge branch 'topic'\"\n\nThis reverts commit {merge}, reversing\nchanges made to {kept}."
    story.tag("v1.1.0")
    story.commit(told, edits=story.files[kept])
    story.tag("v1.2.0")
    if named == "merge" and fixed_on == "main":
        return  # the merge did not bring it
    result = proved(story, fix if named == "commit" else merge)
    assert result.proved
    assert is_affected(result, "1.2.0") is ((mainline == 1) is (fixed_on == "topic"))


@pytest.mark.parametrize("form", ["one", "two", "nested", "octopus"])
@pytest.mark.parametrize("back", ["by id", "by subject", "without a word", "the merge", "another of its commits"])
def test_a_merge_that_is_named_has_nothing_of_what_was_taken_back(story: Story, form: str, back: str) -> None:
    """It is taken apart, and what its commits lost is not made up for by the merge itself."""
    story.commit(edits={"a.c": apart(), "q.c": "int q;\n"})
    story.tag("v1.0.0")
    start = story.head() or ""
    story.branch("sub", start)
    commits = {NAMES: story.commit(NAMES, edits={"a.c": apart(*CHECKS)})}
    if form in ("two", "octopus"):
        if form == "octopus":
            story.branch("other", start)
        commits["Other work"] = story.commit("Other work", edits={"q.c": "int q;\nint r;\n"})
    if form == "nested":
        story.branch("topic", start)
        story.merge("sub", "Merge branch 'sub'")
    story.go("main")
    first = story.commit()
    files = {"a.c": apart(*CHECKS), "q.c": "int q;\nint r;\n" if len(commits) > 1 else "int q;\n"}
    branches = {"nested": ["topic"], "octopus": ["sub", "other"]}.get(form, ["sub"])
    merge = story.merge_all(branches, "Merge", files)
    story.tag("v1.1.0")
    subject, edits = NAMES, {"a.c": apart()}
    if back == "another of its commits":
        if len(commits) == 1:
            return
        subject, edits = "Other work", {"q.c": "int q;\n"}
    told = {
        "by subject": f'Revert "{subject}"',
        "without a word": "Make it simpler",
        "the merge": f'Revert "Merge"\n\nThis reverts commit {merge}, reversing\nchanges made to {first}.',
    }
    if back == "the merge":
        edits = story.files[first]
    story.commit(told.get(back, f'Revert "{subject}"\n\nThis reverts commit {commits[subject]}.'), edits=edits)
    story.tag("v1.2.0")
    result = proved(story, merge)
    if back == "without a word":
        assert not result.proved
        assert Version.parse("1.2.0") in result.doubtful
    else:
        assert result.proved
        assert is_affected(result, "1.2.0")


def test_what_seems_to_take_back_each_of_two_origins_is_weighed_together(story: Story) -> None:
    """While the flaw is left by the other origin, each alone changes nothing."""
    story.commit(edits={"a.c": "int a;\n", "b.c": "int b;\n"})
    story.tag("v1.0.0")
    first = story.commit("Copy names", edits={"a.c": apart(*CHECKS)})
    second = story.commit("Copy titles", edits={"b.c": apart(*CHECKS)})
    story.tag("v1.1.0")
    story.commit(f"Simpler names\n\nPartially reverts commit {first}.", edits={"a.c": apart(*CHECKS[:1])})
    story.commit(f"Simpler titles\n\nPartially reverts commit {second}.", edits={"b.c": apart(*CHECKS[:1])})
    story.tag("v1.2.0")
    fix = story.commit("Look at both", edits={"a.c": apart(*CHECKS, "n();\n"), "b.c": apart(*CHECKS, "t();\n")})
    story.tag("v1.3.0")
    case = Case("case", (Change((fix,)),), (Change((first,)), Change((second,))))
    result = prove_affected(GitHistory(story.path), Asking(), [case]).results[0]
    assert result.doubtful == {Version.parse("1.2.0")}

"""What carries a part of a fix is not the fix: backports that left places as they were, merges of merges, and the like.

Every history is one of a table: how much of the fix came to the series, how the checks stand in the file, and what the
commit there says. What the files are like tells what is so.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from secrel.adapters.git.repository import GitHistory
from secrel.desk.affected import Asking, prove_affected
from secrel.ranges.cases import Case, Change
from secrel.ranges.results import Result
from secrel.words.versions import Version
from tests.adapters_git.stories import DAY, START, Story

CHECKS = ("check(n);\n", "look(m);\n", "leave(k);\n", "stop(j);\n")
SAID = (
    "Check the lengths of names\n\nNames come from the network, and are copied into buffers that are small and fixed."
)
AT = START + 500 * DAY
ABSENT = "ab" * 20


@pytest.fixture
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("story") / "app.git")


def proved(story: Story, *fix: str, origin: str = "") -> Result:
    case = Case("case", (Change(fix),), (Change((origin,)),) if origin else ())
    return prove_affected(GitHistory(story.path), Asking(), [case]).results[0]


def is_affected(result: Result, version: str) -> bool:
    """What is said of a version; where something is in doubt, this version has to be."""
    assert result.proved or Version.parse(version) in result.doubtful
    return Version.parse(version) in result.affected


def apart(*checks: str) -> str:
    """Write the file with each check where it belongs, far from the others."""
    here = [*checks, *[""] * (len(CHECKS) - len(checks))]
    return "int head;\n" + "".join(f"int a{n};\nint b{n};\n{one}use{n}();\n" for n, one in enumerate(here)) + "end();\n"


def together(*checks: str) -> str:
    """Write the file with all checks in one place."""
    return "int head;\nint a;\n" + "".join(checks) + "use();\nend();\n"


def says(how: str, fix: str) -> tuple[str, int]:
    """Give the message of a backport, and its author's date."""
    trailers = {"trailer": f"(cherry picked from commit {fix})", "upstream": f"[ Upstream commit {fix} ]"}
    return f"{SAID}\n\n{trailers[how]}" if how in trailers else SAID, AT if how == "same date" else AT + 3 * DAY


HOW = ("same date", "text", "trailer", "upstream")


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("written", [apart, together])
@pytest.mark.parametrize("count", range(1, 5))
@pytest.mark.parametrize("more", ["", "notes", "tests"])
def test_a_backport_that_left_places_as_they_were_is_not_the_fix(
    story: Story, how: str, written: Callable[..., str], count: int, more: str
) -> None:
    """Whether it has notes of its own, or the original has tests that it leaves out, only the program tells."""
    story.commit(edits={"a.c": written(), "CHANGES": "1.0\n", "z.c": "int z;\n"})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    story.commit(edits={"z.c": "int y;\n"})
    tests = {"tests/a.c": "try(n);\ntry(m);\n" * 9} if more == "tests" else {}
    fix = story.commit(SAID, edits={"a.c": written(*CHECKS), **tests}, at=AT)
    story.tag("v1.1.0")
    story.go("s")
    message, at = says(how, fix)
    notes = {"CHANGES": "1.0\nNames are looked at.\n"} if more == "notes" else {}
    story.commit(message, edits={"a.c": written(*CHECKS[:count]), **notes}, at=at)
    story.tag("v1.0.1")
    result = proved(story, fix)
    if count == len(CHECKS):
        assert result.proved
        assert not is_affected(result, "1.0.1")
    else:
        assert not result.proved
        assert is_affected(result, "1.0.1")


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("own", [1, 2])
@pytest.mark.parametrize("name", ["a.c", "src/a.c"])
def test_a_backport_with_lines_of_its_own_in_their_places_is_the_fix(
    story: Story, how: str, own: int, name: str
) -> None:
    """Whether or not the file has another name by now; then a message that says the same is not enough."""
    story.commit(edits={"a.c": apart()})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    if name != "a.c":
        story.remove("Move the parser", "a.c", edits={name: apart()})
    fix = story.commit(SAID, edits={name: apart(*CHECKS)}, at=AT)
    story.tag("v1.1.0")
    story.go("s")
    message, at = says(how, fix)
    adapted = (*CHECKS[:-own], *(check.replace("(", "(old_") for check in CHECKS[-own:]))
    story.commit(message, edits={"a.c": apart(*adapted)}, at=at)
    story.tag("v1.0.1")
    result = proved(story, fix)
    assert result.proved is (how != "text" or name == "a.c")
    assert is_affected(result, "1.0.1") is not result.proved


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(
    "form", ["of two files", "of two functions", "with other work", "a line of each", "without a file", "moved before"]
)
def test_a_part_is_known_wherever_the_rest_belongs(story: Story, how: str, form: str) -> None:
    """The same lines in another file or function; other work in the same file; some lines of every place."""
    files = {"a.c": apart(), "b.c": apart()}
    twice = apart().replace("int b1;\n", "int b1;\ncheck(n);\n")
    match form:
        case "of two files":
            whole, part = {"a.c": apart(*CHECKS), "b.c": apart(*CHECKS)}, {"a.c": apart(*CHECKS)}
        case "of two functions":
            whole = {"a.c": twice.replace("int b3;\n", "int b3;\ncheck(n);\n")}
            part = {"a.c": twice}
        case "without a file":
            part = {"a.c": apart(*CHECKS)}
            whole = {**part, "guard.c": "int guard;\nint look;\n"}
        case "moved before":
            whole, part = {"src/a.c": apart(*CHECKS)}, {"a.c": apart(*CHECKS[:2])}
        case "with other work":
            whole = {"a.c": apart(*CHECKS)}
            part = {"a.c": apart(*CHECKS[:1]) + "other();\nwork();\n"}
        case _:
            part = {"a.c": apart(*CHECKS)}
            whole = {"a.c": apart(*(f"{check}and_{check}" for check in CHECKS))}
    story.commit(edits=files)
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    if form == "moved before":
        story.remove("Move the parser", "a.c", edits={"src/a.c": apart()})
    fix = story.commit(SAID, edits=whole, at=AT)
    story.tag("v1.1.0")
    story.go("s")
    message, at = says(how, fix)
    story.commit(message, edits=part, at=at)
    story.tag("v1.0.1")
    result = proved(story, fix)
    assert not result.proved
    assert is_affected(result, "1.0.1")


@pytest.mark.parametrize(
    ("edits", "is_fix"),
    [
        ({"a.c": apart(*CHECKS)}, True),
        ({"a.c": apart(*(check.replace("(", "(other_") for check in CHECKS))}, False),
        ({"a.c": apart(CHECKS[0])}, False),
        ({"b.c": apart("x();\n")}, False),
    ],
)
def test_two_that_name_one_absent_original_are_held_to_each_other(
    story: Story, edits: dict[str, str], *, is_fix: bool
) -> None:
    story.commit(edits={"a.c": apart(), "b.c": apart().replace("use", "look")})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    fix = story.commit(f"Check names\n\n(cherry picked from commit {ABSENT})", edits={"a.c": apart(*CHECKS)})
    story.tag("v1.1.0")
    story.go("s")
    story.commit(f"Other words\n\n(cherry picked from commit {ABSENT})", edits=edits)
    story.tag("v1.0.1")
    result = proved(story, fix)
    assert result.proved is is_fix
    assert is_affected(result, "1.0.1") is not is_fix


@pytest.mark.parametrize("form", ["nested", "octopus"])
@pytest.mark.parametrize("picked", [0, 1, 2])
def test_a_merge_that_is_named_is_all_that_it_brought_by_whatever_merges(story: Story, form: str, picked: int) -> None:
    story.commit(edits={"a.c": apart(), "z.c": "int z;\n"})
    story.tag("v1.0.0")
    start = story.head() or ""
    files = [{"a.c": apart(*CHECKS[:2])}, {"a.c": apart(*CHECKS)}]
    story.branch("sub", start)
    parts = [story.commit(f"Look at names, part {number}", edits=mine) for number, mine in enumerate(files)]
    story.branch("topic", start)
    if form == "nested":
        story.merge("sub", "Merge branch 'sub'")
    story.go("main")
    story.commit(edits={"z.c": "int y;\n"})
    if form == "nested":
        fix = story.merge("topic", "Merge branch 'topic'")
    else:
        story.branch("other")
        story.commit("Other work", edits={"o.c": "int o;\n"})
        story.go("main")
        fix = story.merge_all(("sub", "other"), "Merge branches 'sub' and 'other'", files[1])
        parts.append(story.head("other") or "")
        files.append({"o.c": "int o;\n"})
    story.tag("v1.1.0")
    story.branch("s", start)
    for part, mine in [*zip(parts, files, strict=True)][: picked + (form == "octopus" and picked == 2)]:
        story.commit(f"Carry over\n\n(cherry picked from commit {part})", edits=mine)
    story.tag("v1.0.1") if picked else story.release("v1.0.1")
    result = proved(story, fix)
    is_fixed = picked == 2
    assert result.proved is is_fixed
    assert is_affected(result, "1.0.1") is not is_fixed
    if picked == 1:
        [doubt] = [part.reason for part in result.unseen if part.what == "series 1.0"]
        assert f"it has 1 of the {len(parts)} changes of the fix, and lacks " in doubt
        assert parts[1][:12] in doubt


@pytest.mark.parametrize("carried", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("together", [False, True])
def test_two_commits_of_a_fix_are_not_one_where_a_series_has_one_alone(
    story: Story, carried: tuple[int, ...], *, together: bool
) -> None:
    """Named as one change, either would do: then a version with one of them alone is asked about."""
    story.commit(edits={"a.c": apart()})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    files = [{"a.c": apart(*CHECKS[:2])}, {"a.c": apart(*CHECKS)}]
    parts = [story.commit(f"Look at names, part {number}", edits=mine) for number, mine in enumerate(files)]
    story.tag("v1.1.0")
    story.go("s")
    alone = [files[0], {"a.c": apart("", "", *CHECKS[2:])}] if len(carried) == 1 else files
    for number in carried:
        story.commit(f"Carry over\n\n(cherry picked from commit {parts[number]})", edits=alone[number])
    story.tag("v1.0.1")
    changes = (Change(tuple(parts)),) if together else tuple(Change((part,)) for part in parts)
    result = prove_affected(GitHistory(story.path), Asking(), [Case("case", changes)]).results[0]
    assert result.proved is (len(carried) == len(parts))
    if not result.proved and together:
        assert [part.reason for part in result.unseen] == [
            f"the second follows the first on one line, and 1.0.1 has only the {('first', 'second')[carried[0]]}"
        ]
    else:
        assert is_affected(result, "1.0.1") is not result.proved

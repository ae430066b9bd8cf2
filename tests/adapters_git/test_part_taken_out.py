"""One check of several that is put back as it was: by a commit, by several, or by a merge, whatever else they do.

The reference is what the files are like: a place without its check is a flaw, wherever the others stand.
"""

from __future__ import annotations

import pytest

from secrel.words.versions import Version
from tests.adapters_git.stories import START, Story
from tests.adapters_git.test_part_of_a_fix import CHECKS, apart, proved, story

__all__ = ["story"]

HOW = ("commit", "with other work", "with other work in its file", "one by one", "merge", "merge of its series")


def without(*numbers: int) -> str:
    """Write the file with the checks of all places but some."""
    return apart(*("" if number in numbers else check for number, check in enumerate(CHECKS)))


@pytest.mark.parametrize("gone", [(0,), (2,), (0, 3), (1, 2), (0, 1, 2)])
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("named", ["origin", "fix alone"])
def test_a_place_that_is_put_back_is_not_proved(story: Story, how: str, gone: tuple[int, ...], named: str) -> None:
    story.commit(edits={"a.c": "int head;\n", "z.c": "int z;\n"})
    story.tag("v1.0.0")
    origin = story.commit("Copy names", edits={"a.c": apart()})
    story.tag("v1.1.0")
    story.branch("old")
    story.commit("Old work", edits={"o.c": "int o;\n"})
    story.go("main")
    fix = story.commit("Look at names", edits={"a.c": apart(*CHECKS)})
    story.tag("v1.2.0")
    match how:
        case "commit":
            story.commit("Make it simpler", edits={"a.c": without(*gone)})
        case "with other work":
            story.commit("Work", edits={"a.c": without(*gone), "q.c": "int q;\n" * 30})
        case "with other work in its file":
            story.commit("Work", edits={"a.c": without(*gone) + "int more;\nint of;\nint it;\n"})
        case "one by one":
            for count in range(1, len(gone) + 1):
                story.commit(f"Make it simpler, step {count}", edits={"a.c": without(*gone[:count])})
        case "merge":
            story.merge("old", "Merge branch 'old'", {"a.c": without(*gone)})
        case _:
            story.go("old")
            story.merge("main", "Merge branch 'main' into old", {"a.c": without(*gone)})
    story.tag("v1.1.1" if how == "merge of its series" else "v1.3.0")
    result = proved(story, fix, origin=origin if named == "origin" else "")
    assert not result.proved
    assert Version.parse("1.1.1" if how == "merge of its series" else "1.3.0") in result.doubtful


@pytest.mark.parametrize("gone", range(4))
@pytest.mark.parametrize("by", ["commit", "merge"])
@pytest.mark.parametrize("later", [0, 2])
def test_a_place_in_any_file_of_a_fix_that_is_put_back_is_not_proved(
    story: Story, gone: int, by: str, later: int
) -> None:
    flawed = {f"{number}.c": apart() for number in range(4)}
    mended = {f"{number}.c": apart(*(CHECKS[:2] if number == 3 else CHECKS)) for number in range(4)}
    story.commit(edits={**flawed, "z.c": "int z;\n"})
    story.tag("v1.0.0")
    story.branch("old")
    story.commit("Old work", edits={"o.c": "int o;\n"})
    story.go("main")
    fix = story.commit("Look at names", edits=mended)
    story.tag("v1.1.0")
    edits = {f"{gone}.c": apart()}
    story.commit("Work", edits=edits) if by == "commit" else story.merge(
        "old", "Merge branch 'old'", {**mended, **edits}
    )
    for number in range(later + 1):
        story.release(f"v1.2.{number}")
    result = proved(story, fix)
    assert not result.proved
    assert {Version.parse(f"1.2.{number}") for number in range(later + 1)} <= result.doubtful
    assert Version.parse("1.1.0") not in result.doubtful


@pytest.mark.parametrize(
    "after",
    [
        without(0).replace("look(m)", "look_at(m, 1)"),  # another check has other lines
        without(0).replace("int b0;\nuse0();\n", ""),  # and so have its surroundings
        without(0) + "int later(void)\n{\n" + CHECKS[0] + "}\n",  # it stands elsewhere
        apart("check_all(n);\n", *CHECKS[1:]),
    ],
)
def test_what_is_written_anew_is_not_put_back(story: Story, after: str) -> None:
    story.commit(edits={"a.c": apart(), "z.c": "int z;\n"})
    story.tag("v1.0.0")
    fix = story.commit("Look at names", edits={"a.c": apart(*CHECKS)})
    story.tag("v1.1.0")
    story.commit("Make it better", edits={"a.c": after})
    story.tag("v1.2.0")
    assert proved(story, fix).proved


@pytest.mark.parametrize("left", [0, 5, 19])
@pytest.mark.parametrize("trailer", ["", "(cherry picked from commit {})", "[ Upstream commit {} ]"])
@pytest.mark.parametrize("whole", [True, False])
def test_one_place_of_many_that_a_backport_left_as_it_was_is_not_proved(
    story: Story, left: int, trailer: str, *, whole: bool
) -> None:
    def written(*checked: int) -> str:
        places = (
            f"int a{n};\nint b{n};\n" + f"check(n{n});\nstop(n{n});\n" * (n in checked) + f"use{n}();\n"
            for n in range(20)
        )
        return "".join(places)

    story.commit(edits={"a.c": written(), "z.c": "int z;\n"})
    story.tag("v1.0.0")
    story.branch("s")
    story.go("main")
    story.commit(edits={"z.c": "int y;\n"})
    fix = story.commit("Look at all names", edits={"a.c": written(*range(20))}, at=START)
    story.tag("v1.1.0")
    story.go("s")
    carried = [number for number in range(20) if whole or number != left]
    story.commit(f"Look at all names\n\n{trailer.format(fix)}", edits={"a.c": written(*carried)}, at=START)
    story.tag("v1.0.1")
    result = proved(story, fix)
    assert result.proved is whole
    assert whole or Version.parse("1.0.1") in result.affected

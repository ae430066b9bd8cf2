"""Files that are given another name, and what is done to them under it."""

from __future__ import annotations

import pytest

from secrel.adapters.git.repository import GitHistory
from secrel.desk.affected import Asking, prove_affected
from secrel.ranges.cases import Case, Change
from tests.adapters_git.stories import Story
from tests.adapters_git.test_part_of_a_fix import CHECKS, apart, is_affected, proved, story

__all__ = ["story"]

NAMES = {"beside it": ("b.c",), "another folder": ("src/parser/a.c",), "twice": ("b.c", "src/c.c")}


def begun(story: Story, *, with_origin: bool) -> tuple[str, str]:
    """Make the first versions, and give the fix and what it is of."""
    story.commit(edits={"a.c": "int other;\n" if with_origin else apart(), "z.c": "int z;\n"})
    story.tag("v1.0.0")
    origin = story.commit("Copy names", edits={"a.c": apart()}) if with_origin else ""
    story.tag("v1.1.0")
    fix = story.commit("Look at names", edits={"a.c": apart(*CHECKS)})
    story.tag("v1.2.0")
    return fix, origin


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("undone", ["after", "line by line", "by the commit that moves it", "never", "anew"])
@pytest.mark.parametrize("with_origin", [False, True])
def test_what_is_undone_under_another_name_is_seen(
    story: Story, name: str, undone: str, *, edited: bool, with_origin: bool
) -> None:
    fix, origin = begun(story, with_origin=with_origin)
    more = "int more;\n" if edited else ""
    path = "a.c"
    for new in NAMES[name]:
        last = undone == "by the commit that moves it" and new == NAMES[name][-1]
        story.remove("Move the parser", path, edits={new: (apart() if last else apart(*CHECKS)) + more})
        path = new
    story.tag("v1.3.0")
    match undone:
        case "after":
            story.commit("Make it simpler", edits={path: apart() + more})
        case "line by line":
            for count in (3, 2, 1, 0):
                story.commit("Make it simpler", edits={path: apart(*CHECKS[:count]) + more})
        case "anew":
            story.commit("Check everything at once", edits={path: apart("all();\n", "all(m);\n", "k();\n", "j();\n")})
        case _:
            story.commit()
    story.tag("v1.4.0")
    result = proved(story, fix, origin=origin)
    kept = undone in {"never", "anew"}
    assert result.proved is kept
    if kept:
        assert not is_affected(result, "1.4.0")
    else:
        assert [part.reason for part in result.unseen] == [f"without a word it took out what {fix[:12]} had changed"]


def test_a_file_that_is_taken_away_is_not_looked_for_in_others(story: Story) -> None:
    fix, _ = begun(story, with_origin=False)
    story.remove("Leave the parser out", "a.c", edits={"n.c": "int quite;\nint another;\nint file;\n"})
    story.tag("v1.3.0")
    assert proved(story, fix).proved


def test_names_that_came_after_the_first_reading_are_found(story: Story) -> None:
    fix, _ = begun(story, with_origin=False)
    history, case = GitHistory(story.path), Case("case", (Change((fix,)),))
    story.remove("Move the parser", "a.c", edits={"b.c": apart(*CHECKS)})
    story.tag("v1.3.0")
    assert prove_affected(history, Asking(), [case]).results[0].proved
    story.remove("Move the parser again", "b.c", edits={"c.c": apart(*CHECKS)})
    story.commit("Make it simpler", edits={"c.c": apart()})
    story.tag("v1.4.0")
    result = prove_affected(history, Asking(), [case]).results[0]
    assert [part.reason for part in result.unseen] == [f"without a word it took out what {fix[:12]} had changed"]

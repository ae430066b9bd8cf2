"""An origin that came to another series in other words, or in part: what the fix mends is there, and tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from secrel.words.versions import Version
from tests.adapters_git.stories import Story
from tests.adapters_git.test_part_of_a_fix import CHECKS, SAID, apart, proved

FLAW = apart()
SAFE = FLAW.replace("use1();", "safe1();")
FASTER = {"a.c": FLAW, "n.c": "int fast;\nint faster;\n"}


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Main: 1.0.0, the origin in 1.1.0, the fix in 1.2.0; the series 1.0 goes on without them."""
    made = Story(tmp_path / "app.git")
    made.commit(edits={"a.c": SAFE, "z.c": "int z;\n"})
    made.tag("v1.0.0")
    made.branch("s")
    made.go("main")
    made.commit("Go faster", edits=FASTER)
    made.tag("v1.1.0")
    made.commit(SAID, edits={"a.c": apart(*CHECKS)})
    made.tag("v1.2.0")
    made.go("s")
    return made


@pytest.mark.parametrize(
    "text", [FLAW, FLAW.replace("use3();", "use3x();"), "int own;\n" + FLAW, FLAW.replace("\n", "\r\n")]
)
def test_a_series_with_what_the_fix_mends_is_a_doubt_without_the_origin(story: Story, text: str) -> None:
    story.commit("Speed it up", edits={"a.c": text})
    story.tag("v1.0.1")
    story.release("v1.0.2")
    origin, fix = (str(story.repo.revparse_single(name).id) for name in ("v1.1.0", "v1.2.0"))
    result = proved(story, fix, origin=origin)
    assert [part.what for part in result.unseen] == ["series 1.0"]
    assert "have what the fix" in result.unseen[0].reason
    assert result.doubtful == {Version.parse("1.0.1"), Version.parse("1.0.2")}


@pytest.mark.parametrize("text", [SAFE, SAFE + "work();\n", apart(*CHECKS), "int all;\nint anew;\n", ""])
def test_a_series_without_the_flaw_is_proved(story: Story, text: str) -> None:
    story.commit("Go on", edits={"a.c": text})
    story.tag("v1.0.1")
    origin, fix = (str(story.repo.revparse_single(name).id) for name in ("v1.1.0", "v1.2.0"))
    assert proved(story, fix, origin=origin).proved


def test_an_origin_that_did_not_touch_what_is_mended_tells_nothing(story: Story) -> None:
    """What the fix mends was so before the origin: then its place says nothing of the flaw."""
    story.go("main")
    origin = story.commit("Copy names", edits={"n.c": "int names;\n"})
    story.tag("v1.3.0")
    story.branch("t", str(story.repo.revparse_single("v1.2.0").id))
    story.commit("Go on", edits={"z.c": "int y;\n"})
    story.tag("v1.2.1")
    story.go("main")
    fix = story.commit("Look at what is used", edits={"a.c": apart(*CHECKS).replace("end();", "done();\nend();")})
    story.tag("v1.4.0")
    assert proved(story, fix, origin=origin).proved

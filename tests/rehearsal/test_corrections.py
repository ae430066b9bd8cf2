"""Texts that findings change before the announcement, and a vector that changes after it: all that was sent follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from secrel.rehearsal.playing import play
from secrel.rehearsal.results import Phases, write_results
from tests.rehearsal.made import VECTOR, fix, happens, story
from tests.rehearsal.small import few_looks

pytestmark = pytest.mark.long

LOW, CRITICAL = (VECTOR.replace("C:H/I:H", told) for told in ("C:L/I:N", "C:H/I:H"))
CRITICAL = CRITICAL.replace("UI:R", "UI:N")


def test_what_people_have_is_corrected_and_texts_are_mended_as_findings_say(tmp_path: Path) -> None:
    described = "All previous versions ran script in the the browser of whoever looked."
    fixes = [fix(1, description=described, affected={"since": "all"}, vector=LOW), fix(2, vector=LOW)]
    late = happens("3 days after", "facts corrected", fix="fix-1", facts={"vector": CRITICAL})
    ended = play(story(fixes, [late]), tmp_path / "rehearsal", looks=few_looks)
    assert ended.wrongs == ()
    pressed = [press.what for press in ended.presses]
    assert any("--reword 'the the=the'" in what for what in pressed)
    [mail] = (tmp_path / "rehearsal" / "outbox" / "mail").glob("*.eml")
    assert "Subject: Correction: " in mail.read_text("utf-8")
    folder = write_results(ended, Phases(), 1.0).parent
    [post] = (folder / "documents" / "post").iterdir()
    assert CRITICAL in post.read_text("utf-8"), "it is the post as it is in the end"


def test_a_release_of_third_parties_updates_alone_is_announced_as_such(tmp_path: Path) -> None:
    updates = [{"name": "libfoo", "version": "2.4.1", "cves": ["CVE-2026-0007"]}]
    out = happens("3 hours before", "fix taken out", fix="fix-1")
    for number, (fixes, events) in enumerate((([], []), ([fix(1)], [out]))):
        ended = play(story(fixes, events, dependencies=updates), tmp_path / str(number), looks=few_looks)
        assert ended.wrongs == ()
        folder = write_results(ended, Phases(), 1.0).parent
        [post] = (folder / "documents" / "post").iterdir()
        assert "[CVE-2026-0007]" in post.read_text("utf-8")
        [mail] = (folder / "outbox" / "mail").glob("*.eml")
        assert "security fixes of third parties" in mail.read_text("utf-8").replace("\n", " ")


def test_what_changes_after_the_release_was_closed_is_corrected_to_the_end(tmp_path: Path) -> None:
    late = [
        happens("45 days after", "facts corrected", fix="fix-1", facts={"vector": CRITICAL}),
        happens("55 days after", "facts corrected", fix="fix-2", facts={"affected": {"since": "18.0"}}),
    ]
    ended = play(story([fix(1), fix(2)], late), tmp_path / "rehearsal")
    assert ended.wrongs == ()


def test_versions_with_milestones_and_zeros_are_told_as_they_are_published(tmp_path: Path) -> None:
    spans = [{"since": "11.0.0-M1", "fixed": "11.0.0-M21"}, {"since": "10.1.0-M1", "fixed": "10.1.25"}]
    for versions, affected in (
        (["11.0.0-M21", "10.1.25"], spans),
        (["2026.03.1", "2025.12.07"], {"since": "2025.12.0"}),
    ):
        told = story([fix(1, affected=affected)], versions=versions, process="generic", form="generic")
        ended = play(told, tmp_path / versions[0], looks=few_looks)
        assert ended.wrongs == ()

"""Whole releases: at every step, whatever the desk suggests for the first time is tried in a copy of the desk."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from secrel.desk.carrying_out import Carried
from secrel.rehearsal.playing import play
from secrel.rehearsal.stage import Stage
from secrel.rehearsal.story import read_story
from secrel.words.errors import Exit
from tests.desk.suggested import Suggested, only_looks, suggested, tries

pytestmark = pytest.mark.long

PLAYED = ("2023-05-05", "2021-10-28")


def kind_of(one: Suggested) -> str:
    """What a suggestion is, whichever fix, document, day or person it is about."""
    bare = re.sub(r"'[^']*[#!]\d+'|\S+[#!]\d+|\d{4}-\d\d-\d\d\S*|--by \S+", "…", one.command)
    return f"{one.gate}: {bare}"


@pytest.mark.parametrize("name", PLAYED)
def test_every_command_that_is_suggested_works(name: str, tmp_path: Path) -> None:
    seen: set[str] = set()
    wrong: list[str] = []

    def watch(stage: Stage, carried: Carried) -> None:
        for one in suggested(carried.look):
            if kind_of(one) in seen or one.command.endswith(" FIX"):  # nobody here knows which fix is meant
                continue
            seen.add(kind_of(one))
            tried = tries(stage.folder, carried.look, one)
            words = {t.word for t in tried}
            if words & {Exit.BROKEN, Exit.MISUSED, Exit.UNSEEN} or tried[-1].word == Exit.REFUSED:
                wrong.append(f"{stage.clock()} {one}: {tried}")
            elif not only_looks(one.command) and not any(t.changed for t in tried):
                wrong.append(f"{stage.clock()} {one} does nothing: {tried}")

    text = (resources.files("secrel.rehearsal") / "stories" / f"{name}.yaml").read_text("utf-8")
    play(read_story(text, name), tmp_path / "rehearsal", watch=watch)
    assert wrong == []
    assert len(seen) > 5

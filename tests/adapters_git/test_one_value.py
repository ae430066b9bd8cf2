"""Whatever a copy holds, no output is surer than another, and the gate of a release no surer than they are.

A history is copied whole or in part, and asked about by the command and by the gate of a release.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from secrel.adapters.git.repository import GitHistory
from secrel.cli.affected import affected_command  # noqa: F401 - the command that `run` runs
from secrel.desk.proofs import MergedFix
from secrel.desk.proving import prove_fixes
from secrel.evaluate.verdicts import Evidence, Finding, Hidden
from secrel.words.errors import Exit
from secrel.words.facts.phrases import read_range
from tests.adapters_git.repositories import git
from tests.adapters_git.stories import Story
from tests.adapters_git.test_affected_command import run
from tests.adapters_git.test_part_of_a_fix import CHECKS, apart
from tests.builders import a_contents, a_product, a_shipment, a_snapshot, an_advisory
from tests.evaluate.asking import ask

COPIES = {"whole": (), "without files": ("--filter=blob:none",), "without trees": ("--filter=tree:0",)}
FEW = settings(max_examples=max(6, settings().max_examples // 8))


def copied(story: Story, folder: Path, how: str) -> Path:
    git(story.path, "config", "uploadpack.allowFilter", "true")
    git(folder, "clone", "-q", "--bare", *COPIES[how], f"file://{story.path}", str(folder / "copy.git"))
    git(folder / "copy.git", "remote", "remove", "origin")  # whoever asks it for more gets nothing
    return folder / "copy.git"


@st.composite
def stories(draw: st.DrawFn, folder: Path) -> tuple[Story, str, str]:
    """A product with one series: the flaw, its fix, and what became of that; with its fix and its origin."""
    story = Story(folder / "app.git")
    story.commit(edits={"a.c": "int other;\n", "z.c": "int z;\n"})
    story.tag("v1.0.0")
    origin = story.commit("Copy names", edits={"a.c": apart()})
    story.tag("v1.0.1")
    fix = story.commit("Look at names", edits={"a.c": apart(*CHECKS)})
    story.tag("v1.0.2")
    match draw(st.sampled_from(["kept", "kept", "taken back", "taken out", "moved", "moved and taken out"])):
        case "taken back":
            story.commit(f'Revert "Look at names"\n\nThis reverts commit {fix}.', edits={"a.c": apart()})
        case "taken out":
            story.commit("Make it simpler", edits={"a.c": apart()})
        case "moved":
            story.remove("Move it", "a.c", edits={"b.c": apart(*CHECKS)})
        case "moved and taken out":
            story.remove("Move it", "a.c", edits={"b.c": apart(*CHECKS)})
            story.commit("Make it simpler", edits={"b.c": apart()})
        case _:
            story.commit()
    story.tag("v1.0.3")
    return story, fix, origin


def of_the_gate(path: Path, fix: str, origins: tuple[str, ...], given_range: str) -> set[type]:
    """What the gate says of this range: evidence, findings, or that it is hidden."""
    shipment = a_shipment(["1.0.3"], a_product(branch="main"))
    spans = read_range(given_range)
    merged = MergedFix("acme/app#1", spans, (fix,), origins, ())
    proofs = prove_fixes(GitHistory(path), shipment, [merged])
    advisory = an_advisory(1, affected=spans, origins=origins)
    snapshot = a_snapshot(contents=a_contents(advisories=[advisory]), proved=proofs.ranges)
    return {type(said) for said in ask("ranges_proved", snapshot)}


def printed(capsys: Any, words: Callable[[], Exit]) -> tuple[Exit, str]:
    word = words()
    return word, capsys.readouterr().out


@FEW
@given(data=st.data(), how=st.sampled_from([*COPIES]), with_origin=st.booleans())
def test_whatever_a_copy_holds_the_gate_passes_where_every_output_says_proved_and_that_it_was_compared(
    *, data: st.DataObject, how: str, with_origin: bool, capsys: Any
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        story, fix, origin = data.draw(stories(folder))
        path = copied(story, folder, how)
        asked = [path, "--fix", fix, "--tags", "v", "--series", "1.0=main"]
        asked += ["--origin", origin] if with_origin else []
        word, text = printed(capsys, lambda: run(*asked))
        _, told = printed(capsys, lambda: run(*asked, "--format", "json"))
        result = json.loads(told)["results"][0]
        gate = of_the_gate(path, fix, (origin,) if with_origin else (), result["sentence"])
    proved, seen = result["proved"], result["proved"] and not result["uncompared"]
    assert proved or how != "whole" or result["unseen"]
    assert (word is Exit.DONE) is proved
    assert ("Not proved:" in text) is not proved
    assert (result["cve"]["defaultStatus"] == "unaffected") is proved
    assert bool(result["osv"]["ranges"]) is proved
    assert ("Proved from commits and messages alone:" in text) is (proved and not seen)
    assert (gate == {Evidence}) is seen
    assert (gate == {Hidden}) is not seen
    assert Finding not in gate
    if how != "whole":
        assert not seen

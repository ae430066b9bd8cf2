"""The journal holds what was sent: what an earlier attempt left is taken up to the byte, or replaced, or refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pygit2
import pytest
from msgspec.structs import replace

from secrel.apply.applying import Done
from secrel.apply.unfinished import settle_unfinished
from secrel.journal.entries import in_doubt, written
from secrel.words.effects import Action, Effect, OpenMergeRequest, PostMessage, RewriteFiles
from secrel.words.errors import Refused
from secrel.words.outcomes import NotMade
from tests.apply.real_world import AFTER, EFFECTS, SITE, Place, build
from tests.apply.world import Unplugged

OPENS = next(effect for effect in EFFECTS if isinstance(effect.action, OpenMergeRequest))
EDITS = next(effect for effect in EFFECTS if isinstance(effect.action, RewriteFiles))
_OLD, _FIRST, _OTHER = ((("a.md", text),) for text in ("old\n", "new\n", "other\n"))


@dataclass
class LastReading:
    """Tells the time so many times, and fails as a power cut does after that."""

    readings: int

    def __call__(self) -> datetime:
        """Tell the time."""
        self.readings -= 1
        if self.readings < 0:
            raise Unplugged
        return AFTER


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "built"
    folder.mkdir()
    build(folder)
    return folder


@pytest.fixture
def cut_off(built: Path, tmp_path: Path) -> Iterator[Callable[[Effect, str], Place]]:
    """Give a world in which an effect was cut off between its commit, on a branch, and everything after that."""
    opened: list[Place] = []

    def cut(effect: Effect, branch: str) -> Place:
        for readings in range(1, 20):
            folder = tmp_path / f"world-{readings}"
            shutil.copytree(built, folder)
            place = Place(folder, LastReading(readings))
            with pytest.raises(Unplugged):
                place.run(effect)
            place.close()
            if place.commits(branch, effect.key):
                opened.append(Place(folder))
                return opened[-1]
        pytest.fail("it never came to a commit")

    yield cut
    for place in opened:
        place.close()


def changed(effect: Effect, **parts: object) -> Effect:
    action: Action = replace(effect.action, **parts)
    return replace(effect, action=action)


def text_on(place: Place, branch: str, path: str) -> str:
    repository = pygit2.Repository(place.folder / "site.git")
    blob = repository.references[f"refs/heads/{branch}"].peel(pygit2.Commit).tree[path]
    assert isinstance(blob, pygit2.Blob)
    return blob.data.decode()


def build_on(place: Place, branch: str, path: str, text: str) -> None:
    repository = pygit2.Repository(place.folder / "site.git")
    name = f"refs/heads/{branch}"
    parent = repository.references[name].peel(pygit2.Commit)
    builder = repository.TreeBuilder(parent.tree)
    builder.insert(path, repository.create_blob(text.encode()), pygit2.enums.FileMode.BLOB)
    who = pygit2.Signature("farid", "farid@vendor.example", int(AFTER.timestamp()), 0)
    repository.create_commit(name, who, who, "By hand", builder.write(), [parent.id])


def remembered(place: Place) -> str:
    return written(place.journal.entries("r"))["draft"].text


@pytest.mark.parametrize("settled", [True, False], ids=["settled first", "met by its plan"])
@pytest.mark.parametrize("text", ["x\n", "the facts changed\n"], ids=["the same bytes", "other bytes"])
def test_a_branch_of_an_earlier_attempt_holds_what_is_remembered(
    text: str, cut_off: Callable[[Effect, str], Place], *, settled: bool
) -> None:
    place = cut_off(OPENS, "post")
    if settled:
        assert [one.became for one in settle_unfinished("r", place.world)] == [NotMade()]
    [outcome] = place.run(changed(OPENS, files=(("b.md", text),)))
    assert outcome.done is Done.DONE
    assert text_on(place, "post", "b.md") == remembered(place) == text
    assert place.commits("post", OPENS.key) == 1
    assert in_doubt(place.journal.entries("r")) == []


def test_what_a_person_built_on_it_is_kept_when_it_is_what_is_wanted(cut_off: Callable[[Effect, str], Place]) -> None:
    place = cut_off(OPENS, "post")
    build_on(place, "post", "more.md", "by hand\n")
    assert [outcome.done for outcome in place.run(OPENS)] == [Done.DONE]
    assert text_on(place, "post", "more.md") == "by hand\n"
    assert text_on(place, "post", "b.md") == remembered(place) == "x\n"


def test_what_a_person_built_on_other_bytes_is_never_replaced(cut_off: Callable[[Effect, str], Place]) -> None:
    place = cut_off(OPENS, "post")
    build_on(place, "post", "more.md", "by hand\n")
    with pytest.raises(Refused, match="the branch post is there already, and is not what this effect makes") as told:
        place.run(changed(OPENS, files=(("b.md", "other\n"),)))
    assert "git branch -D post" in told.value.remedy
    assert text_on(place, "post", "more.md") == "by hand\n"
    assert in_doubt(place.journal.entries("r")) == []


def test_an_edit_of_an_earlier_attempt_is_taken_up_to_the_byte(cut_off: Callable[[Effect, str], Place]) -> None:
    place = cut_off(EDITS, "first")
    assert [outcome.done for outcome in place.run(EDITS)] == [Done.DONE]
    assert text_on(place, "first", "a.md") == remembered(place) == "new\n"
    assert place.commits("first", EDITS.key) == 1


def test_an_edit_with_other_bytes_comes_on_top_when_it_saw_the_first(cut_off: Callable[[Effect, str], Place]) -> None:
    place = cut_off(EDITS, "first")
    assert place.forge.people.merge_requests([SITE])[SITE].files == _FIRST
    [outcome] = place.run(changed(EDITS, files=_OTHER, expects=_FIRST))
    assert outcome.done is Done.DONE
    assert text_on(place, "first", "a.md") == remembered(place) == "other\n"


def test_an_edit_that_did_not_see_the_first_is_refused_and_made_anew(cut_off: Callable[[Effect, str], Place]) -> None:
    place = cut_off(EDITS, "first")
    with pytest.raises(Refused, match="a file is not what the desk last saw"):
        place.run(changed(EDITS, files=_OTHER, expects=_OLD))
    assert text_on(place, "first", "a.md") == "new\n"
    assert "draft" not in written(place.journal.entries("r")), "nothing is remembered of what was not sent"
    assert in_doubt(place.journal.entries("r")) == []


def test_what_a_writer_finds_while_it_makes_it_was_not_sent_now(built: Path, tmp_path: Path) -> None:
    """Another desk with a journal of its own has made it: nobody here knows those bytes, and none are remembered."""
    shutil.copytree(built, tmp_path / "world")
    place = Place(tmp_path / "world")
    message = Effect("r/handover/9", PostMessage("team", "first"), "s")
    writer = place.world.writers[PostMessage]
    assert writer.do(message, actor=place.world.actor).earlier is False
    assert writer.do(message, actor=place.world.actor).earlier is True
    comment = next(effect for effect in EFFECTS if effect.kind == "Comment")
    assert place.forge.do(comment, actor=place.world.actor).earlier is False
    assert place.forge.do(comment, actor=place.world.actor).earlier is True
    place.close()

"""The release managers of a rehearsal: what they merge, tag, take back and publish, and when; they know no gates."""

from __future__ import annotations

from pathlib import Path

from secrel.words.forge import State
from tests.rehearsal.begun import DUE, before, begun, comes, forge_of, lives, open_post, requests, tags_with, tracking
from tests.rehearsal.made import fix, happens

BOTH = {"18.5.2", "18.4.4"}
READY = before(days=8)


def test_they_merge_a_day_before_and_tag_two_hours_before(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1)])
    lives(world, READY, before(hours=24, minutes=1))
    assert {request.state for request in requests(world, "fix-1").values()} == {State.OPENED}
    lives(world, before(hours=24))
    assert {request.state for request in requests(world, "fix-1").values()} == {State.MERGED}
    lives(world, before(hours=2, minutes=1))
    assert tags_with(world, "fix-1") == set()
    lives(world, before(hours=2))
    assert tags_with(world, "fix-1") == BOTH


def test_they_merge_once_for_a_planned_release(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1), fix(2, ready="20 hours before")])
    lives(world, READY, before(hours=24), before(hours=20), before(hours=2))
    assert set(world.known.merged) == {"fix-1"}
    assert tags_with(world, "fix-2") == set()


def test_they_take_a_late_fix_when_somebody_signed_for_it(tmp_path: Path) -> None:
    signed = happens("21 hours before", "exception signed", gate="no-late-fix", words="it goes in")
    world = begun(tmp_path, [fix(1), fix(2, ready="20 hours before")], signed)
    lives(world, READY, before(hours=24))
    assert comes(world)
    lives(world, before(hours=20), before(hours=2))
    assert tags_with(world, "fix-2") == BOTH


def test_what_they_merge_with_a_red_pipeline_is_remembered(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1), fix(2)], happens("3 days before", "pipeline fails", fix="fix-2"))
    lives(world, READY)
    assert comes(world)
    lives(world, before(hours=24))
    assert world.known.merged_unready == {"fix-2"}


def test_what_is_no_longer_listed_is_taken_back_and_tagged_again(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1), fix(2)], happens("1 hour before", "fix taken out", fix="fix-2"))
    lives(world, READY, before(hours=24), before(hours=2))
    assert tags_with(world, "fix-2") == BOTH
    assert comes(world)
    lives(world, before(minutes=50))
    assert tags_with(world, "fix-2") == set()
    assert tags_with(world, "fix-1") == BOTH
    assert set(world.known.merged) == {"fix-1"}


def test_what_is_taken_back_before_the_tags_is_in_none_and_may_come_back(tmp_path: Path) -> None:
    events = [
        happens("20 hours before", "fix taken out", fix="fix-2"),
        happens("10 hours before", "fix put back", fix="fix-2"),
    ]
    world = begun(tmp_path, [fix(1, labels=["severity::1"]), fix(2)], *events, kind="unplanned")
    lives(world, READY, before(hours=24))
    assert comes(world)
    lives(world, before(hours=19))
    assert world.known.taken_back == {"fix-2"}
    assert comes(world, 1)
    lives(world, before(hours=9))
    assert world.known.taken_back == set()
    lives(world, before(hours=2))
    assert tags_with(world, "fix-2") == BOTH
    assert tags_with(world, "fix-1") == BOTH


def test_an_unplanned_release_is_tagged_when_its_fix_is_there(tmp_path: Path) -> None:
    late = fix(1, labels=["severity::1"], arrives="3 days before", ready="1 hour before")
    world = begun(tmp_path, [late], kind="unplanned")
    lives(world, before(days=3), before(hours=2))
    assert world.known.tagged == {}
    lives(world, before(hours=1))
    assert tags_with(world, "fix-1") == BOTH
    assert set(world.known.tagged) == {(world.story.release.main.product.key, version) for version in BOTH}


def test_a_release_without_fixes_is_tagged_all_the_same(tmp_path: Path) -> None:
    world = begun(tmp_path, [], kind="unplanned")
    lives(world, before(hours=2))
    assert {version for _, version in world.known.tagged} == BOTH


def test_a_tag_that_lacks_a_fix_is_made_again_half_an_hour_after_somebody_says_so(tmp_path: Path) -> None:
    lacks = happens("3 hours before", "fix missing from tag", fix="fix-2", version="18.4.4")
    world = begun(tmp_path, [fix(1), fix(2), fix(3)], lacks)
    lives(world, READY, before(hours=24))
    assert comes(world)
    lives(world, before(hours=2))
    assert tags_with(world, "fix-1") == tags_with(world, "fix-3") == BOTH
    assert tags_with(world, "fix-2") == {"18.5.2"}
    ref, people = tracking(world).ref, forge_of(world.stage).people
    people.add_note(ref, "18.4.4 is tagged without a fix", "a passer-by", before(minutes=100))
    people.add_note(ref, "all is well", "amara", before(minutes=100))
    lives(world, before(minutes=60))
    assert tags_with(world, "fix-2") == {"18.5.2"}
    people.add_note(ref, "the tag of 18.4.4 lacks a fix", "amara", before(minutes=60))
    lives(world, before(minutes=31))
    assert tags_with(world, "fix-2") == {"18.5.2"}
    lives(world, before(minutes=30))
    assert tags_with(world, "fix-2") == BOTH


def test_they_publish_the_post_when_it_is_due_and_somebody_asked(tmp_path: Path) -> None:
    world = begun(tmp_path, [fix(1)])
    lives(world, READY, before(hours=2))
    post, people = open_post(world, "release", "canonical_site"), forge_of(world.stage).people
    lives(world, DUE)
    assert people.merge_requests([post.ref])[post.ref].state is State.OPENED
    people.add_note(tracking(world).ref, f"please merge {post.ref}", "amara", DUE)
    lives(world, DUE)
    found = people.merge_requests([post.ref])[post.ref]
    assert (found.state, found.merged_at) == (State.MERGED, DUE)
    assert world.known.is_live


def test_nothing_is_published_before_it_is_due(tmp_path: Path) -> None:
    world = begun(tmp_path, [])
    post, people = open_post(world, "release", "canonical_site"), forge_of(world.stage).people
    people.add_note(tracking(world).ref, f"please merge {post.ref}", "amara", before(hours=1))
    lives(world, before(minutes=1))
    assert people.merge_requests([post.ref])[post.ref].state is State.OPENED
    assert not world.known.is_live

"""What the world will read: each document as it is, or would be now, or why it cannot be written yet."""

from __future__ import annotations

from msgspec.structs import replace

from secrel.papers.post.current import post_now
from secrel.papers.world import world_of
from tests.builders import a_draft, a_snapshot, seen
from tests.papers.email.samples import critical
from tests.plan.scenes import a_scene


def test_the_world_reads_the_post_the_mail_and_our_own_records() -> None:
    scene = a_scene(draft=seen(a_draft(files=(("post.md", "as somebody wrote it"),))))
    told = world_of(scene)
    assert [*told] == ["Post", "Mail", *(f"CVE record {a.cve_id}" for a in scene.contents.advisories if a.has_own_id)]
    assert told["Post"] == "as somebody wrote it"
    assert all("not written yet" not in text for text in told.values())


def test_without_a_draft_it_is_what_would_be_drafted_and_without_facts_why_not() -> None:
    scene = a_scene(draft=seen(None))
    assert world_of(scene)["Post"] == post_now(scene).text
    told = critical()
    none = replace(told, advisories=(replace(told.advisories[0], affected=None),))
    assert world_of(a_scene(draft=seen(None), contents=none))["Post"].startswith("not written yet: ")
    assert world_of(a_scene(a_snapshot(draft=seen(a_draft(files=())), contents=told)))["Post"].startswith("---")

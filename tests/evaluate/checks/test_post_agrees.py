from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from secrel.evaluate.looking import DOCUMENTS, DocumentName
from secrel.evaluate.verdicts import Finding
from secrel.papers.post.post import post_templates, render_post
from secrel.papers.post.written import Author, Post
from secrel.snapshot.seen import CarriedOver, Snapshot
from secrel.words.advisories import Contents
from secrel.words.documents import LIVE
from secrel.words.forge import MergeRequest, State
from secrel.words.parts import Unseen
from secrel.words.versions import Version
from tests.builders import (
    DUE,
    NAME,
    a_contents,
    a_draft,
    a_post,
    a_release,
    a_snapshot,
    an_advisory,
    seen,
    spans,
    with_parts,
)
from tests.evaluate.asking import ask, evidence, findings, hidden, holds, pending


def written(contents: Contents) -> Post:
    return render_post(contents, Author("Amara", "amara@acme.test", "amara"), templates=post_templates())


def a_release_with(found: Post, now: Contents, document: str = "draft", **changes: Any) -> Snapshot:
    """A release whose post says `found`, and would say `now`."""
    made = (a_draft if document == "draft" else a_post)(files=((found.path, found.text),), **changes)
    wanted = written(now)
    part: dict[str, Any] = {"draft": seen(a_draft(files=made.files)), document: seen(made)}
    texts = {"post": wanted.text, "post/path": wanted.path}
    return a_snapshot(release=now.release, contents=now, wanted=texts, **part)


@pytest.mark.parametrize("document", ["draft", "post"])
def test_a_post_that_says_what_is_so_agrees(document: str) -> None:
    contents = a_contents()
    said = ask("post_agrees", a_release_with(written(contents), contents, document), document=document)
    assert holds(said)
    assert evidence(said)[0][1] == "agrees with the facts: by every rule"


@pytest.mark.parametrize("document", ["draft", "post"])
def test_a_fix_that_came_or_went_is_found(document: str) -> None:
    one, two = a_contents(advisories=[an_advisory(1)]), a_contents()
    for found, now in ((one, two), (two, one)):
        snapshot = a_release_with(written(found), now, document)
        assert findings(ask("post_agrees", snapshot, document=document, rules=["fixes_match"]))
        assert holds(ask("post_agrees", snapshot, document=document, rules=["date_right"]))


def test_a_version_that_was_bumped_is_found_by_its_rule() -> None:
    bumped = ("18.5.3", "18.4.4", "18.3.6")
    now = a_contents(a_release(bumped), [an_advisory(1, bumped), an_advisory(2, bumped)])
    snapshot = a_release_with(written(a_contents()), now)
    found = findings(ask("post_agrees", snapshot, rules=["versions_right"]))
    assert any("18.5.3" in what for _, what in found)
    assert {about for about, _ in found} == {"acme/security/site!900"}
    assert holds(ask("post_agrees", snapshot, rules=["fixes_match", "wording_right"]))


def test_a_finding_says_where_in_the_file_it_is() -> None:
    contents = a_contents()
    found = written(contents)
    typed = replace(found, text=found.text.replace("medium severity", "high severity"))
    [*told] = findings(ask("post_agrees", a_release_with(typed, contents), rules=["severity_right"]))
    assert len(told) == 2
    assert all(f"({found.path}:" in what for _, what in told)


def test_a_file_of_another_name_is_still_the_post() -> None:
    contents = a_contents()
    found = written(contents)
    moved = replace(found, path="posts/2026-11-24-another.html.md")
    assert holds(ask("post_agrees", a_release_with(moved, contents), rules=["fixes_match"]))
    assert findings(ask("post_agrees", a_release_with(moved, contents), rules=["date_right"]))


def test_a_post_without_a_file_is_found() -> None:
    snapshot = a_release_with(written(a_contents()), a_contents())
    for files in ((), (("data/x.yml", "a: 1"),)):
        empty = with_parts(snapshot, draft=seen(a_draft(files=files)))
        said = "it holds no file of a post" if files else "the draft post is empty"
        assert findings(ask("post_agrees", empty)) == [("acme/security/site!900", said)]


def test_a_post_that_is_merged_is_still_compared() -> None:
    one, two = a_contents(advisories=[an_advisory(1)]), a_contents()
    merged = a_release_with(written(one), two, "post", state=State.MERGED)
    assert findings(ask("post_agrees", merged, document="post"))


@pytest.mark.parametrize("state", [State.OPENED, State.MERGED])
def test_what_is_published_is_to_the_byte_what_was_reviewed(state: State) -> None:
    contents = a_contents()
    post = written(contents)
    snapshot = a_release_with(post, contents, "post", state=state)
    carried = CarriedOver(DUE, ((post.path, post.text),))
    other = a_draft(files=((post.path, f"{post.text}\nMore.\n"),))
    assert holds(ask("post_agrees", replace(snapshot, carried=carried), document="post"))
    assert holds(ask("post_agrees", with_parts(snapshot, carried=carried, draft=seen(other)), document="post"))
    more = CarriedOver(DUE, ((post.path, f"{post.text} "),))
    two = CarriedOver(DUE, (*carried.files, ("data/x.yml", "a: 1")))
    for changed in (
        replace(snapshot, carried=more),
        replace(snapshot, carried=two),
        with_parts(snapshot, draft=seen(other)),
        with_parts(snapshot, draft=seen(None)),
    ):
        assert ("acme/site!901", "it is not, to the byte, what was reviewed: it was changed since") in findings(
            ask("post_agrees", changed, document="post")
        )


def test_an_open_discussion_on_the_release_post_is_an_objection_until_it_is_live() -> None:
    contents = a_contents()
    objected = a_release_with(written(contents), contents, "post", open_discussions=1)
    assert findings(ask("post_agrees", objected, document="post")) == [
        ("acme/site!901", f"has 1 open discussion: {a_post().url}")
    ]
    live = a_release_with(written(contents), contents, "post", open_discussions=1, state=State.MERGED)
    assert holds(ask("post_agrees", live, document="post"))


@pytest.mark.parametrize("document", ["draft", "post"])
def test_a_post_that_is_not_there_or_not_seen(document: DocumentName) -> None:
    assert findings(ask("post_agrees", a_snapshot(), document=document)) == [
        (NAME, f"{DOCUMENTS[document]} is not there as a merge request")
    ]
    part: dict[str, Any] = {document: Unseen("no answer")}
    assert hidden(ask("post_agrees", a_snapshot(**part), document=document))


def test_nothing_is_compared_with_a_post_that_could_not_be_written() -> None:
    snapshot = a_release_with(written(a_contents()), a_contents())
    for wanted in ({}, {"post": "text"}, {"post/path": "path"}):
        assert hidden(ask("post_agrees", replace(snapshot, wanted=wanted)))


def test_a_range_that_was_widened_is_found() -> None:
    wider = [an_advisory(n, affected=(replace(spans()[0], since=Version.parse("16.0")), *spans()[1:])) for n in (1, 2)]
    snapshot = a_release_with(written(a_contents()), a_contents(advisories=wider))
    assert len(findings(ask("post_agrees", snapshot, rules=["ranges_right"]))) == 2


BY_HAND = "secrel diff 2026-11 post"


@pytest.mark.parametrize(
    ("correction", "remedy"),
    [
        (None, "secrel plan 2026-11"),
        (a_post(ref="acme/site!702", title="Correct: it", files=(("posts/x.md", "Nothing."),)), "secrel plan 2026-11"),
        (a_post(ref="acme/site!702", files=(), state=State.CLOSED), BY_HAND),
        (
            a_post(ref="acme/site!702", files=(("other.md", "Something else."),), state=State.MERGED),
            "secrel plan 2026-11",
        ),
    ],
)
def test_an_id_that_came_after_the_announcement_is_found_in_the_live_post_and_corrected_in_public(
    correction: MergeRequest | None, remedy: str
) -> None:
    without = a_contents(advisories=[an_advisory(1, cve_id=None, assigned_by="")])
    now = a_contents(advisories=[an_advisory(1)])
    snapshot = a_release_with(written(without), now, "post", state=State.MERGED, merged_at=DUE)
    told = with_parts(snapshot, correction=seen(correction), wanted={**snapshot.wanted, LIVE: written(now).text})
    [found] = [
        one for one in ask("post_agrees", told, document="post", rules=["cves_named"]) if isinstance(one, Finding)
    ]
    assert "CVE-2026-0001: the section names no CVE id, not CVE-2026-0001" in found.what
    assert found.remedy == remedy
    if correction is not None and correction.state is State.OPENED:
        return
    same = replace(told, wanted={**snapshot.wanted, LIVE: written(without).text})
    refused = replace(told, refused=frozenset({"2026-11/post/correction"}))
    for one in (same, replace(told, wanted=snapshot.wanted), *([refused] if correction is None else [])):
        [found] = [s for s in ask("post_agrees", one, document="post", rules=["cves_named"]) if isinstance(s, Finding)]
        assert found.remedy == BY_HAND, "the desk has nothing new to write, or is refused"


def test_a_correction_waits_for_its_merge_and_is_what_counts_then() -> None:
    without = a_contents(advisories=[an_advisory(1, cve_id=None, assigned_by="")])
    now = a_contents(advisories=[an_advisory(1)])
    snapshot = a_release_with(written(without), now, "post", state=State.MERGED, merged_at=DUE)
    right = a_post(ref="acme/site!702", files=((written(now).path, written(now).text),))
    said = ask("post_agrees", with_parts(snapshot, correction=seen(right)), document="post")
    assert [(about, who) for about, _, who in pending(said)] == [("acme/site!702", "the-release-managers")]
    merged = replace(right, state=State.MERGED)
    assert holds(ask("post_agrees", with_parts(snapshot, correction=seen(merged)), document="post"))
    hides = with_parts(snapshot, correction=Unseen("no answer"))
    assert hidden(ask("post_agrees", hides, document="post"))


def test_words_that_no_rule_compares_follow_the_facts_in_what_is_live_and_in_its_correction() -> None:
    contents = a_contents()
    post = written(contents)
    live = a_release_with(post, contents, "post", state=State.MERGED, merged_at=DUE)
    behind = replace(live, wanted={**live.wanted, LIVE: post.text.replace("An attacker could", "Anybody could")})
    assert post.text != behind.wanted[LIVE]
    [(_, what)] = findings(ask("post_agrees", behind, document="post"))
    assert what == "facts changed since it was published, and it still has their old words"
    assert holds(ask("post_agrees", behind, document="post", rules=["cves_named"])), "a row with rules asks for those"
    stale = a_post(ref="acme/site!702", files=((post.path, post.text),))
    assert findings(ask("post_agrees", with_parts(behind, correction=seen(stale)), document="post"))
    right = replace(stale, files=((post.path, behind.wanted[LIVE]),))
    assert pending(ask("post_agrees", with_parts(behind, correction=seen(right)), document="post"))
    assert holds(ask("post_agrees", replace(live, wanted={**live.wanted, LIVE: post.text}), document="post"))


def test_an_exception_counts_for_the_same_finding_in_the_same_bytes() -> None:
    contents = a_contents(advisories=[an_advisory(1, description="It is is told."), an_advisory(2)])
    post = written(contents)
    snapshot = a_release_with(post, contents, "post")
    [(_, what)] = findings(ask("post_agrees", snapshot, document="post"))
    rows = (("post-wording-right", "waived", "amara", f"{DUE.isoformat()} we know"),)
    covered = (*rows, ("post-wording-right", "excepted", "acme/site!900", what))
    for vouched, files, is_found in (
        (covered, ((post.path, post.text),), False),
        (rows, ((post.path, post.text),), True),
        (covered, ((post.path, f"{post.text} "),), True),
    ):
        carried = CarriedOver(DUE, files, vouched)
        said = ask("post_agrees", replace(snapshot, carried=carried), document="post")
        assert (what in [told for _, told in findings(said)]) is is_found
        assert any("an exception was signed" in told for _, told in evidence(said)) is not is_found
